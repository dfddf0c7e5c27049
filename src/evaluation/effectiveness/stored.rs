//! What was added up, as it is stored.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};

/// As it is stored.
///
/// # Errors
/// Never for sums and counts; the writer's type says otherwise.
pub fn to_stored(figures: &impl Serialize) -> Result<Value> {
    serde_json::to_value(figures).map_err(Error::internal)
}

/// From what is stored.
///
/// # Errors
/// When another version of the service stored something else.
pub fn from_stored<T: DeserializeOwned>(stored: Value) -> Result<T> {
    serde_json::from_value(stored).map_err(Error::internal)
}
