use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::login_sessions;
use crate::db::text_enum;

/// However often it is refreshed, a login ends after this time.
pub const LIFETIME: Duration = Duration::days(30);
/// A refresh token that nobody uses for this long is no longer good.
pub const IDLE: Duration = Duration::days(14);
/// Characters of the user agent that are kept.
pub const USER_AGENT_CHARACTERS: usize = 200;
/// How long an ended login is still shown to its owner.
pub const SHOWN_AFTER_END: Duration = Duration::days(90);

/// Reason for which a login was ended: signed out by its owner, a refresh token used twice, password changed
/// or reset, account closed, or logins ended by an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum EndReason {
    /// The owner ended it.
    SignedOut,
    /// A refresh token was used twice.
    TokenReused,
    /// The password was changed or reset.
    PasswordChanged,
    /// The account was closed, or an administrator ended its logins.
    AccountChanged,
}

text_enum!(EndReason);

/// A login as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = login_sessions, check_for_backend(diesel::pg::Pg))]
pub struct LoginSession {
    pub id: Uuid,
    pub account_id: Uuid,
    pub user_agent: String,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub end_reason: Option<EndReason>,
    pub scope: Option<String>,
}

impl LoginSession {
    /// Whether it can still be refreshed.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.expires_at && now < self.last_used_at + IDLE
    }
}

/// What became of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refreshed {
    /// It was good and is spent now.
    Good {
        /// The login.
        session_id: Uuid,
        /// Whose it is.
        account_id: Uuid,
        /// The next refresh token.
        next: String,
    },
    /// It was spent before: the login has ended. Whose it was.
    Reused(Uuid),
    /// None of ours, or of a login that is over; then whose it was.
    Bad(Option<Uuid>),
}
