use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A one-time token for a new password: hand it to the person, and to nobody else.
#[derive(Serialize, ToSchema)]
pub struct PasswordResetDto {
    /// The token, shown this once.
    #[schema(max_length = 200, example = "p0Zc…")]
    pub reset_token: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Set a new password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemPasswordReset {
    /// The one-time token.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "p0Zc…")]
    pub reset_token: String,
    /// The new password, 12 characters or more, not easy to guess.
    #[validate(length(min = 12, max = 200))]
    #[schema(min_length = 12, max_length = 200, format = "password", example = "năm con trâu lội qua sông")]
    pub new_password: String,
}
