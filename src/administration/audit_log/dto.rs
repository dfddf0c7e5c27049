use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::model::{Entry, Filter};
use crate::clock::first_moment;
use crate::http::list_query;

/// A day in Vietnam, or a moment.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
pub enum When {
    /// A moment.
    Moment(DateTime<Utc>),
    /// A day.
    Day(NaiveDate),
}

/// One text, not one of two types, which generated clients handle badly.
impl utoipa::PartialSchema for When {
    fn schema() -> RefOr<Schema> {
        let day = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
        let time = r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})";
        ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(35))
            .pattern(Some(format!("^{day}({time})?$")))
            .into()
    }
}

impl ToSchema for When {}

list_query! {
    /// Filters of the audit log.
    AuditLogQuery {
        /// Only entries about the object with this identifier (UUID).
        subject_id: Uuid,
        /// Only entries of what the account with this identifier (UUID) did.
        actor_id: Uuid,
        /// Only entries of exactly this kind, for example `nomination.approved` (an event) or
        /// `nominations.updated` (a change of a database row); up to 100 characters.
        #[param(max_length = 100)]
        #[validate(length(max = 100))]
        kind: String,
        /// Only entries of the request with this identifier, the `X-Request-Id` of its answer; up to 100
        /// characters.
        #[param(max_length = 100)]
        #[validate(length(max = 100))]
        request_id: String,
        /// Only entries at or after this moment (RFC 3339), or from the beginning of this day in Vietnam (ISO
        /// 8601 date).
        from: When,
        /// Only entries before this moment (RFC 3339), or up to the end of this day in Vietnam (ISO 8601
        /// date).
        to: When,
    }
}

/// Filters of the export of the audit log.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditExportQuery {
    /// Only entries about the object with this identifier (UUID).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<Uuid>,
    /// Only entries of what the account with this identifier (UUID) did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<Uuid>,
    /// Only entries of exactly this kind, for example `nomination.approved` (an event) or
    /// `nominations.updated` (a change of a database row); up to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 100)]
    #[validate(length(max = 100))]
    pub kind: Option<String>,
    /// Only entries of the request with this identifier, the `X-Request-Id` of its answer; up to 100
    /// characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 100)]
    #[validate(length(max = 100))]
    pub request_id: Option<String>,
    /// Only entries at or after this moment (RFC 3339), or from the beginning of this day in Vietnam (ISO
    /// 8601 date).
    #[param(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<When>,
    /// Only entries before this moment (RFC 3339), or up to the end of this day in Vietnam (ISO 8601 date).
    #[param(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<When>,
}

/// An account, with the name that it had when the entry was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditActorDto {
    /// Identifier of the account (UUID); all zeros for a caller without an account, for the service itself
    /// and for work done directly on the database.
    pub id: Uuid,
    /// User name or client id of the account; `public` for a caller without an account, `system` for the
    /// service itself, `database:` and the database role for work done directly on the database.
    #[schema(example = "thu.le")]
    pub name: String,
}

/// A line of an export: an entry of the audit log or, as the last line, the mark that the export is complete.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AuditExportLineDto {
    /// An entry of the audit log.
    Entry(Box<AuditEntryDto>),
    /// The last line of a complete export.
    End(AuditExportEndDto),
}

/// The last line of an export; a file without it is incomplete.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditExportEndDto {
    /// Always `true`; marks the last line of the export.
    #[schema(example = true)]
    pub end: bool,
    /// Number of entries in the lines before this one, 0 or more.
    #[schema(minimum = 0, example = 2502)]
    pub entries: u64,
    /// SHA-256 digest of the newest seal of the whole log when the export started, 64 hexadecimal digits, as
    /// `thuocdo audit verify` prints it; all zeros while there is no seal.
    #[schema(
        min_length = 64,
        max_length = 64,
        pattern = "^[0-9a-f]{64}$",
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    pub head: String,
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryDto {
    /// Running number of the entry; later entries have greater numbers, nearly in the order in which they
    /// were committed.
    #[schema(example = 4711)]
    pub number: i64,
    /// Moment of the event, change or read (RFC 3339, UTC).
    pub occurred_at: DateTime<Utc>,
    /// Account that caused the entry.
    pub actor: AuditActorDto,
    /// Account of the unit head for whom a deputy acted, under a delegation; `null` otherwise.
    #[schema(example = json!(null))]
    pub on_behalf_of: Option<AuditActorDto>,
    /// Name of the permission that allowed it, for example `employees:manage`; `database` for work done
    /// directly on the database.
    #[schema(example = "employees:manage")]
    pub permission: String,
    /// Kind of entry: an event (`nomination.approved`), a change of a database row (`employees.updated`), or
    /// a recorded read of sensitive data (`personal_data_request.export_read`).
    #[schema(example = "employees.updated")]
    pub kind: String,
    /// Identifier of the object that the entry is about (UUID); all zeros where the object has none.
    pub subject_id: Uuid,
    /// Identifier of the request, the `X-Request-Id` of its answer, or name of the service's own task; empty
    /// for work done directly on the database.
    #[schema(example = "0199f0c4-5a7e-7000-8000-000000000002")]
    pub request_id: String,
    /// Purpose for which sensitive data were read; for an export of this log, its filters or its number of
    /// entries. `null` for events and changes.
    #[schema(example = json!(null))]
    pub purpose: Option<String>,
    /// Members of the row that changed, with their values before the change; all members of a deleted row.
    /// `null` for an event, a read or a new row. Secrets, identity data and free text are shown as `•••`.
    #[schema(value_type = Option<Object>, example = json!({"phone": "•••", "status": "active"}))]
    pub before: Option<Value>,
    /// Members of the row that changed, with their values after the change; all members of a new row. `null`
    /// for an event, a read or a deleted row. Masked like `before`.
    #[schema(value_type = Option<Object>, example = json!({"phone": null, "status": "on_leave"}))]
    pub after: Option<Value>,
    /// Whether the entry is already part of the chain of digests, which takes a minute or two.
    pub sealed: bool,
}

impl When {
    fn begins(self) -> DateTime<Utc> {
        match self {
            When::Moment(moment) => moment,
            When::Day(day) => first_moment(day),
        }
    }

    fn ends(self) -> DateTime<Utc> {
        match self {
            When::Moment(moment) => moment,
            When::Day(day) => first_moment(day) + TimeDelta::days(1),
        }
    }
}

impl From<AuditExportQuery> for Filter {
    fn from(query: AuditExportQuery) -> Self {
        Self {
            subject_id: query.subject_id,
            actor_id: query.actor_id,
            kind: query.kind,
            request_id: query.request_id,
            from: query.from.map(When::begins),
            before: query.to.map(When::ends),
        }
    }
}

impl From<AuditLogQuery> for AuditExportQuery {
    fn from(query: AuditLogQuery) -> Self {
        let AuditLogQuery { subject_id, actor_id, kind, request_id, from, to, .. } = query;
        Self { subject_id, actor_id, kind, request_id, from, to }
    }
}

impl From<(Entry, bool)> for AuditEntryDto {
    fn from((entry, sealed): (Entry, bool)) -> Self {
        let json = |text: Option<String>| text.and_then(|t| serde_json::from_str(&t).ok());
        let principal = entry.on_behalf_of_id.zip(entry.on_behalf_of_name);
        Self {
            number: entry.number,
            occurred_at: entry.occurred_at,
            actor: AuditActorDto { id: entry.actor_id, name: entry.actor_name },
            on_behalf_of: principal.map(|(id, name)| AuditActorDto { id, name }),
            permission: entry.permission,
            kind: entry.kind,
            subject_id: entry.subject_id,
            request_id: entry.request_id,
            purpose: entry.purpose,
            before: json(entry.before),
            after: json(entry.after),
            sealed,
        }
    }
}
