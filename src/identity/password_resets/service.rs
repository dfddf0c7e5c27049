use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

use super::queries;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::identity::accounts::{self, Kind};
use crate::identity::{login_attempts, secrets};
use crate::tokens::Keys;

/// How long a token is good.
const LIFETIME: Duration = Duration::hours(24);

/// Make a one-time token for a person's account.
///
/// # Errors
/// Not found for a machine or a closed account.
pub async fn create(tx: &mut Tx<'_>, account_id: Uuid) -> Result<(String, DateTime<Utc>)> {
    let login = accounts::login(tx, account_id)
        .await?
        .filter(|login| login.kind == Kind::Person)
        .ok_or(Error::NotFound("account of a person"))?;
    let (token, expires_at) = (secrets::new()?, tx.now + LIFETIME);
    queries::insert(tx, login.id, &secrets::hash(&token), expires_at).await?;
    tx.emit("account.password_reset_offered", login.id, &json!({"expires_at": expires_at}));
    Ok((token, expires_at))
}

/// Set a new password with a one-time token; all logins end. Who has the token is at home at the address.
///
/// # Errors
/// [`Error::Invalid`] for a token that is not good, or a password that is easy to guess (then the token stays good).
pub async fn redeem(
    tx: &mut Tx<'_>,
    keys: &Keys,
    address: &str,
    token: &str,
    password: String,
) -> Result<()> {
    let bad = || Error::field("/reset_token", "reset_token_bad");
    let account_id = queries::take(tx, &secrets::hash(token)).await?.ok_or_else(bad)?;
    let login = accounts::login(tx, account_id).await?.ok_or_else(bad)?;
    accounts::set_password(tx, &login, password, "/new_password", None).await?;
    login_attempts::recognise(tx, &login_attempts::attempt(keys, &login.username, address)).await
}
