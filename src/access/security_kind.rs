//! The kinds of refusals that are kept as security events.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

/// Kind of refusal: `sign_in_failed` (wrong password or unknown user name), `sign_in_slowed` (password not
/// checked after too many failures), `client_refused` (machine client with wrong credentials),
/// `refresh_token_refused`, `refresh_token_reused` (used before; the login has ended),
/// `provider_token_refused` (invalid token of the ministry's OpenID provider, or of an unknown person),
/// `one_time_token_refused` (for a new password, a form or an application), `token_refused` (invalid access
/// token), `permission_refused` (permission missing), `reach_refused` (object does not exist or the caller
/// may not see it), `rate_refused` (too many requests).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SecurityKind {
    /// A wrong password, or a user name without an account.
    SignInFailed,
    /// A password that was not checked because too many attempts had failed.
    SignInSlowed,
    /// A machine client with wrong credentials.
    ClientRefused,
    /// An invalid refresh token.
    RefreshTokenRefused,
    /// A refresh token that was used before: the login has ended.
    RefreshTokenReused,
    /// An invalid token of the ministry's OpenID provider, or one of an unknown person.
    ProviderTokenRefused,
    /// An invalid one-time token (for a new password, a form or an application).
    OneTimeTokenRefused,
    /// An invalid access token.
    TokenRefused,
    /// The caller lacks the permission.
    PermissionRefused,
    /// An object that does not exist, or that the caller may not see.
    ReachRefused,
    /// Too many requests.
    RateRefused,
}

crate::text_enum::text_enum!(SecurityKind);
