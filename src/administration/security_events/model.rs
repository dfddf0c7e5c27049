use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::access::SecurityKind;
use crate::db::schema::security_events;

/// A kind of refusal within a minute.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = security_events, check_for_backend(diesel::pg::Pg))]
pub struct SecurityEvent {
    pub id: Uuid,
    pub minute: DateTime<Utc>,
    pub kind: SecurityKind,
    pub reason: String,
    pub account_id: Option<Uuid>,
    pub name_hash: Option<Vec<u8>>,
    pub address_hash: Option<Vec<u8>>,
    pub route: String,
    pub count: i64,
}

/// Which are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub kind: Option<SecurityKind>,
    pub account_id: Option<Uuid>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub to: Option<DateTime<Utc>>,
}
