use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Filter, SecurityEvent};
use crate::access::SecurityKind;
use crate::digest::hex;
use crate::http::list_query;

list_query! {
    /// Filters of the security events.
    SecurityEventsQuery {
        /// What was refused.
        kind: SecurityKind,
        /// The account it concerns.
        account_id: Uuid,
        /// Not before this moment.
        from: DateTime<Utc>,
        /// Before this moment.
        to: DateTime<Utc>,
    }
}

/// Refusals of one kind within one minute. Names and addresses are keyed hashes: the same name or address has the same
/// hash, and a name that was typed wrong, which may be a password, cannot be read.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecurityEventDto {
    /// Its id.
    pub id: Uuid,
    /// Beginning of the minute.
    pub minute: DateTime<Utc>,
    /// What was refused.
    #[schema(example = "sign_in_failed")]
    pub kind: SecurityKind,
    /// Why: a code, for example the fault of a token or the permission that was missing. `others`: refusals of this kind
    /// beyond those that are told apart in a minute.
    #[schema(example = "password", max_length = 100)]
    pub reason: String,
    /// The account it concerns, where one is known.
    pub account_id: Option<Uuid>,
    /// Keyed hash of the name that was given, 32 hexadecimal digits.
    #[schema(example = "5f0c9d1e7a3b48625f0c9d1e7a3b4862", max_length = 32)]
    pub name_hash: Option<String>,
    /// Keyed hash of the address (of IPv6, of the network of 64 bits), 32 hexadecimal digits.
    #[schema(example = "00c1d2e3f405162700c1d2e3f4051627", max_length = 32)]
    pub address_hash: Option<String>,
    /// Method and path template of the route.
    #[schema(example = "POST /oauth/token", max_length = 300)]
    pub route: String,
    /// How often it happened in the minute.
    #[schema(example = 6, minimum = 1)]
    pub count: i64,
}

impl From<&SecurityEventsQuery> for Filter {
    fn from(query: &SecurityEventsQuery) -> Self {
        Self { kind: query.kind, account_id: query.account_id, from: query.from, to: query.to }
    }
}

impl From<SecurityEvent> for SecurityEventDto {
    fn from(event: SecurityEvent) -> Self {
        Self {
            id: event.id,
            minute: event.minute,
            kind: event.kind,
            reason: event.reason,
            account_id: event.account_id,
            name_hash: event.name_hash.map(|hash| hex(&hash)),
            address_hash: event.address_hash.map(|hash| hex(&hash)),
            route: event.route,
            count: event.count,
        }
    }
}
