//! How data is stored: the pool, and [`Tx`], the unit of work that everything below a handler receives.

pub(crate) mod audit;
mod connect;
mod constraint;
pub mod embedded;
mod events;
pub mod grants;
pub mod migrate;
mod pool;
mod pulse;
mod ranges;
#[expect(missing_docs, reason = "generated; the migrations say what each column is for")]
pub mod schema;
mod search;
mod sql_functions;
mod tx;
mod watch;

pub use connect::connect;
pub use constraint::CONSTRAINTS;
pub use events::Event;
pub use pool::Db;
pub(crate) use pulse::Pulse;
pub(crate) use ranges::{
    Condition, InPage, InTurn, Order, Sql, Units, among_turns, unit_in_turn, units_below, within_reach,
};
pub use ranges::{Part, below};
pub(crate) use search::{Search, Searched};
pub(crate) use sql_functions::{lower, people_stay, search_finds, search_prefixes, search_words};
pub use tx::{Tx, ping};

pub(crate) use crate::text_enum::text_enum;
