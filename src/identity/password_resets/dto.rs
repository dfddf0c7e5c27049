use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::identity::passwords;

/// A one-time token with which a person sets a new password; give it to that person only.
#[derive(Serialize, ToSchema)]
pub struct PasswordResetDto {
    /// The token, which no later answer shows again.
    #[schema(max_length = 200, example = "p0Zc…")]
    pub reset_token: String,
    /// Moment at which the token expires, 24 hours after it was issued (RFC 3339, UTC).
    pub expires_at: DateTime<Utc>,
}

/// A one-time token and the new password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemPasswordReset {
    /// The one-time token that an administrator issued for the account, 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "p0Zc…")]
    pub reset_token: String,
    /// The new password, 12 to 200 characters; passwords that are easy to guess are refused.
    #[validate(length(min = passwords::MINIMUM_LENGTH, max = passwords::MAXIMUM_LENGTH))]
    #[schema(min_length = 12, max_length = 200, format = "password", example = "năm con trâu lội qua sông")]
    pub new_password: String,
}
