//! Who may do what, as plain data: no HTTP, no database. Read [`policy`] first: it is the table.

mod actor;
mod asked;
mod delegation;
mod permission;
pub mod policy;
mod security_kind;
mod token_fault;

pub use actor::{Actor, MinimumEpoch, Reach, Role};
pub use asked::AskedScope;
pub use delegation::{Delegation, Principal};
pub use permission::{Permission, Permit, perm};
pub use security_kind::SecurityKind;
pub use token_fault::TokenFault;
