//! Who may do what. Read [`policy`] first: it is the table. [`guard`] is the only door to the database.

mod actor;
pub mod guard;
mod permission;
pub mod policy;
mod rates;
pub mod token;

pub use actor::{Actor, Principal, Reach, Role};
pub use guard::{Allow, Gate, Public};
pub use permission::{Permission, Permit, perm};
pub use rates::Verdict;
