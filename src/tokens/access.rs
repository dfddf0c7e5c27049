//! What a good access token says.

use std::sync::Arc;

use crate::access::Actor;

/// What a good access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who asks.
    pub actor: Arc<Actor>,
    /// Everything it allows, as OAuth scopes.
    pub scope: String,
    /// When it was made, seconds since 1970.
    pub issued_at: i64,
    /// When it ends, seconds since 1970.
    pub expires_at: i64,
}
