//! Who may do what. Read [`policy`] first: it is the table. [`guard`] is the only door to the database.

mod actor;
mod asked;
mod delegation;
mod gate;
pub mod guard;
pub mod jws;
pub mod keys;
mod permission;
pub mod policy;
pub mod provider;
pub mod pseudonym;
mod rates;
pub mod revocations;
pub mod seals;
pub mod security;
pub mod standing;
pub mod token;

pub use actor::{Actor, Principal, Reach, Role};
pub use asked::AskedScope;
pub use delegation::{Delegation, of_deputy as delegations_to};
pub use gate::Gate;
pub use guard::{Allow, Public};
pub use jws::TokenFault;
pub use keys::Keys;
pub use permission::{Permission, Permit, perm};
pub use rates::Verdict;
pub use security::{SecurityKind, Sighting};
