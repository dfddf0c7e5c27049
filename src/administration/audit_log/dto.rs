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
        /// The object it happened to.
        subject_id: Uuid,
        /// The account that did it.
        actor_id: Uuid,
        /// What happened: an event (`nomination.approved`) or what became of a row (`nominations.updated`).
        #[param(max_length = 100)]
        #[validate(length(max = 100))]
        kind: String,
        /// The request in which it happened.
        #[param(max_length = 100)]
        #[validate(length(max = 100))]
        request_id: String,
        /// Not before this moment, or this day in Vietnam.
        from: When,
        /// Before this moment, or until the end of this day in Vietnam.
        to: When,
    }
}

/// Which entries are exported.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditExportQuery {
    /// The object it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<Uuid>,
    /// The account that did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<Uuid>,
    /// What happened: an event (`nomination.approved`) or what became of a row (`nominations.updated`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 100)]
    #[validate(length(max = 100))]
    pub kind: Option<String>,
    /// The request in which it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 100)]
    #[validate(length(max = 100))]
    pub request_id: Option<String>,
    /// Not before this moment, or this day in Vietnam.
    #[param(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<When>,
    /// Before this moment, or until the end of this day in Vietnam.
    #[param(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<When>,
}

/// An account, by the name it had then.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditActorDto {
    /// The account; nil for the public, the service itself, and somebody at the database.
    pub id: Uuid,
    /// User name or client id; `database:` and a role for somebody at the database.
    #[schema(example = "thu.le")]
    pub name: String,
}

/// A line of an export: an entry, or the end.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AuditExportLineDto {
    /// An entry.
    Entry(Box<AuditEntryDto>),
    /// The last line of a whole export.
    End(AuditExportEndDto),
}

/// The last line of an export: a file without it is not whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditExportEndDto {
    /// Always true: this is the last line.
    #[schema(example = true)]
    pub end: bool,
    /// How many lines came before.
    #[schema(minimum = 0, example = 2502)]
    pub entries: u64,
    /// Digest of the newest seal of the whole log when the export started, as `thuocdo audit verify` prints it.
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
    /// Its number: later entries have greater ones, nearly in the order in which they came.
    #[schema(example = 4711)]
    pub number: i64,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Who did it.
    pub actor: AuditActorDto,
    /// For whom it was done, under a delegation.
    #[schema(example = json!(null))]
    pub on_behalf_of: Option<AuditActorDto>,
    /// The permission that allowed it.
    #[schema(example = "employees:manage")]
    pub permission: String,
    /// An event (`nomination.approved`), what became of a row (`employees.updated`), or a noted read.
    #[schema(example = "employees.updated")]
    pub kind: String,
    /// The object it happened to; nil where it has no id of its own.
    pub subject_id: Uuid,
    /// The request in which it happened (the service's own id, answered as `X-Request-Id`), or the task of the service.
    #[schema(example = "0199f0c4-5a7e-7000-8000-000000000002")]
    pub request_id: String,
    /// Why sensitive data was read.
    #[schema(example = json!(null))]
    pub purpose: Option<String>,
    /// The row's changed members before. Secrets, and what tells who a person is, read `•••`.
    #[schema(value_type = Option<Object>, example = json!({"phone": "•••", "status": "active"}))]
    pub before: Option<Value>,
    /// The row's changed members after.
    #[schema(value_type = Option<Object>, example = json!({"phone": null, "status": "on_leave"}))]
    pub after: Option<Value>,
    /// Whether it is tied into the chain already: within a minute or two.
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
