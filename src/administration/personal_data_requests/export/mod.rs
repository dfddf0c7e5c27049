//! Everything that is held about a person (Law 91/2025/QH15, Art. 4: to view, to be given). `queries.rs` is the list of
//! places; what is anonymous cannot be found again and is not there, and who rated the person is not told.

mod queries;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

pub use queries::gather;

/// What is held about a person, at a moment.
#[derive(Debug)]
pub struct Export {
    /// The request that it answers.
    pub request_id: Uuid,
    /// Whose data.
    pub employee_id: Uuid,
    /// When it was put together.
    pub made_at: DateTime<Utc>,
    /// The records, by their kind.
    pub data: BTreeMap<&'static str, Vec<Value>>,
}
