//! The kinds of refusals that are kept as security events.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecurityKind {
    /// A wrong password, or a name that has no account.
    SignInFailed,
    /// An attempt to sign in that was not looked at, because too many had failed.
    SignInSlowed,
    /// A machine client that is not who it says.
    ClientRefused,
    /// A refresh token that is not good.
    RefreshTokenRefused,
    /// A refresh token that was used before: the login has ended.
    RefreshTokenReused,
    /// A token of the ministry's OpenID provider that is not good, or that names nobody.
    ProviderTokenRefused,
    /// A one-time token (for a new password, for a form, for an application) that is not good.
    OneTimeTokenRefused,
    /// An access token that is not good.
    TokenRefused,
    /// The caller lacks the permission.
    PermissionRefused,
    /// What was asked for does not exist, or lies outside the caller's reach.
    ReachRefused,
    /// Too many requests.
    RateRefused,
}

crate::text_enum::text_enum!(SecurityKind {
    SignInFailed = "sign_in_failed",
    SignInSlowed = "sign_in_slowed",
    ClientRefused = "client_refused",
    RefreshTokenRefused = "refresh_token_refused",
    RefreshTokenReused = "refresh_token_reused",
    ProviderTokenRefused = "provider_token_refused",
    OneTimeTokenRefused = "one_time_token_refused",
    TokenRefused = "token_refused",
    PermissionRefused = "permission_refused",
    ReachRefused = "reach_refused",
    RateRefused = "rate_refused",
});
