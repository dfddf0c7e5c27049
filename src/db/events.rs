//! What a unit of work remembers until it commits: what happened, and which sensitive data were read.

use serde_json::Value;
use uuid::Uuid;

/// Something that happened in a unit of work: written to the outbox and the audit log when it commits.
#[derive(Debug, Clone)]
pub struct Event {
    /// `nomination.created`, ...
    pub kind: &'static str,
    /// The object it happened to.
    pub subject_id: Uuid,
    /// The object as it is now.
    pub data: Value,
}

/// A look at sensitive data.
#[derive(Debug)]
pub(super) struct Read {
    pub kind: &'static str,
    pub subject_id: Uuid,
    pub purpose: String,
}
