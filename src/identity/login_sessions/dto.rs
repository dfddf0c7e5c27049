use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{EndReason, LoginSession};
use crate::http::list_query;

list_query! {
    /// The list of one's own logins has no filters.
    LoginSessionsQuery {}
}

/// A login of the caller: one sign-in and all tokens that come from it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoginSessionDto {
    /// Identifier of the login (UUID), assigned by the service.
    pub id: Uuid,
    /// Program that signed in, as its `User-Agent` header named it, cut to 200 characters.
    #[schema(max_length = 200, example = "Mozilla/5.0 (X11; Linux x86_64)")]
    pub user_agent: String,
    /// Whether this request was made with a token of this login.
    pub is_current: bool,
    /// Whether the login is still open: not ended, not expired, and used in the last 14 days.
    pub is_open: bool,
    /// Moment of the sign-in (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment of the sign-in or of the last refresh (RFC 3339, UTC).
    pub last_used_at: DateTime<Utc>,
    /// Moment at which the login expires at the latest, 30 days after the sign-in (RFC 3339, UTC).
    pub expires_at: DateTime<Utc>,
    /// Moment the login was ended (RFC 3339, UTC); `null` if it was not.
    pub ended_at: Option<DateTime<Utc>>,
    /// Reason for which the login was ended; `null` if it was not.
    pub end_reason: Option<EndReason>,
}

impl LoginSessionDto {
    /// A login as its owner sees it.
    pub fn new(session: LoginSession, current: Option<Uuid>, now: DateTime<Utc>) -> Self {
        Self {
            is_current: current == Some(session.id),
            is_open: session.is_open(now),
            id: session.id,
            user_agent: session.user_agent,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
            ended_at: session.ended_at,
            end_reason: session.end_reason,
        }
    }
}
