//! Units of the ministry, in a tree. The database keeps the closure `unit_ancestors`, so "a unit and everything below"
//! is one index range; a unit never stands below itself.

mod batch;
mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use super::reach::below;
pub use model::{Unit, UnitKind};
pub use queries::ids_by_code;
pub use service::{get as find_visible, lock_presence};
