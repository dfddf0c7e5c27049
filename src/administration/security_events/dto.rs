use base16ct::lower::encode_string as hex;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Filter, SecurityEvent};
use crate::access::SecurityKind;
use crate::http::list_query;

list_query! {
    /// Filters of the security events.
    SecurityEventsQuery {
        /// Only refusals of this kind.
        kind: SecurityKind,
        /// Only refusals that concern the account with this identifier (UUID).
        account_id: Uuid,
        /// Only refusals in minutes that begin at or after this moment (RFC 3339).
        from: DateTime<Utc>,
        /// Only refusals in minutes that begin before this moment (RFC 3339).
        to: DateTime<Utc>,
    }
}

/// Refusals of one kind within one minute, with their number. Names and addresses are keyed hashes: the same
/// name or address has the same hash, and a name cannot be read from it, as a mistyped name may be a
/// password.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecurityEventDto {
    /// Identifier of the security event (UUID), assigned by the service.
    pub id: Uuid,
    /// Beginning of the minute in which the refusals are counted (RFC 3339, UTC).
    pub minute: DateTime<Utc>,
    /// Kind of refusal, for example `sign_in_failed`.
    #[schema(example = "sign_in_failed")]
    pub kind: SecurityKind,
    /// Code of the reason, for example the fault of a token or the permission that was missing; up to 100
    /// characters. `others`: refusals of this kind beyond the number that is listed separately in a minute.
    #[schema(example = "password", max_length = 100)]
    pub reason: String,
    /// Account that the refusals concern (UUID); `null` where none is known.
    pub account_id: Option<Uuid>,
    /// Keyed hash of the name that was given, 32 hexadecimal digits; `null` where there was none.
    #[schema(example = "5f0c9d1e7a3b48625f0c9d1e7a3b4862", max_length = 32)]
    pub name_hash: Option<String>,
    /// Keyed hash of the caller's address (for IPv6, of its 64-bit network), 32 hexadecimal digits; `null`
    /// where `reason` is `others`.
    #[schema(example = "00c1d2e3f405162700c1d2e3f4051627", max_length = 32)]
    pub address_hash: Option<String>,
    /// Method and path template of the operation, up to 300 characters; empty where `reason` is `others`.
    #[schema(example = "POST /oauth/token", max_length = 300)]
    pub route: String,
    /// Number of refusals in the minute, 1 or more.
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
