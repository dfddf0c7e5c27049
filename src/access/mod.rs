//! Who may do what. Read [`policy`] first: it is the table. [`guard`] is the only door to the database.

mod actor;
pub mod guard;
pub mod jws;
pub mod keys;
mod permission;
pub mod policy;
pub mod provider;
pub mod revocations;
pub mod token;

pub use actor::{Actor, Delegation, Principal, Reach, Role};
pub use guard::{Allow, Gate, Public};
pub use jws::TokenFault;
pub use keys::Keys;
pub use permission::{Permission, Permit, perm};
