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

/// A login of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoginSessionDto {
    /// Its id.
    pub id: Uuid,
    /// The program that signed in, as it called itself.
    #[schema(max_length = 200, example = "Mozilla/5.0 (X11; Linux x86_64)")]
    pub user_agent: String,
    /// Whether this very request was made with it.
    pub is_current: bool,
    /// Whether it can still be refreshed.
    pub is_open: bool,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last refreshed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was ended.
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
