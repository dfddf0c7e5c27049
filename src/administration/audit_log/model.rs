use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::Cast;
use diesel::expression_methods::ExpressionMethods;
use diesel::prelude::{Insertable, Queryable, Selectable};
use diesel::sql_types::{Nullable, Text};
use uuid::Uuid;

use super::digest::Digest;
use crate::db::schema::{audit_log, audit_seal_entries, audit_seals};

/// How long a transaction may last and still find its entries sealed. Sealing looks for unsealed entries this far back;
/// what turns up below was put there by other means, and [`super::verify`] says so.
pub const LATEST: TimeDelta = TimeDelta::days(1);

/// Something that happened. JSON is kept as the text the database gives: that is what is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = audit_log, check_for_backend(diesel::pg::Pg))]
pub struct Entry {
    /// Its number; later entries have greater ones, nearly in the order of commits.
    pub number: i64,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// Who.
    pub actor_id: Uuid,
    /// Its name then.
    pub actor_name: String,
    /// For whom.
    pub on_behalf_of_id: Option<Uuid>,
    /// Its name then.
    pub on_behalf_of_name: Option<String>,
    /// By which permission.
    pub permission: String,
    /// In which request.
    pub request_id: String,
    /// What.
    pub kind: String,
    /// On which object.
    pub subject_id: Uuid,
    /// For what purpose data was read.
    pub purpose: Option<String>,
    /// The changed members before, as JSON.
    #[diesel(select_expression = audit_log::before.cast::<Nullable<Text>>())]
    #[diesel(select_expression_type = Cast<audit_log::before, Nullable<Text>>)]
    pub before: Option<String>,
    /// The changed members after, as JSON.
    #[diesel(select_expression = audit_log::after.cast::<Nullable<Text>>())]
    #[diesel(select_expression_type = Cast<audit_log::after, Nullable<Text>>)]
    pub after: Option<String>,
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// On this object.
    pub subject_id: Option<Uuid>,
    /// By this account.
    pub actor_id: Option<Uuid>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Of this request.
    pub request_id: Option<String>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub before: Option<DateTime<Utc>>,
}

impl Filter {
    /// Whether only the time says which entries: nothing else leads to few of them.
    pub fn is_of_a_period(&self) -> bool {
        let (subject, actor) = (self.subject_id.is_some(), self.actor_id.is_some());
        let named = subject || actor || self.kind.is_some() || self.request_id.is_some();
        !named && (self.from.is_some() || self.before.is_some())
    }
}

/// A batch of entries tied to all batches before.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_seals, check_for_backend(diesel::pg::Pg))]
pub struct Seal {
    /// Counted from 1 without a hole.
    pub number: i64,
    /// Smallest number of its entries.
    pub first_entry: i64,
    /// Greatest number of its entries.
    pub last_entry: i64,
    /// How many there are; others with numbers between may be in other seals.
    pub entries: i32,
    /// Over all of it.
    pub digest: Vec<u8>,
    /// That of the seal before.
    pub previous: Vec<u8>,
    /// When it was made.
    pub sealed_at: DateTime<Utc>,
}

/// An entry's place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_seal_entries, check_for_backend(diesel::pg::Pg))]
pub struct Place {
    /// Number of the entry.
    pub entry: i64,
    /// Number of the seal.
    pub seal: i64,
    /// Digest of the entry.
    pub digest: Vec<u8>,
}

/// An unbroken chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many seals it has.
    pub seals: i64,
    /// How many entries they hold.
    pub entries: i64,
    /// Digest of the newest: note it elsewhere.
    pub head: Digest,
    /// Entries that wait for the worker.
    pub unsealed: i64,
    /// Seal whose digest was noted earlier, if one was asked for and is there.
    pub noted: Option<i64>,
}
