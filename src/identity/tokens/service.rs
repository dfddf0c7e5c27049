use crate::access::{Actor, Public, policy, token};
use crate::error::{Error, Result};
use crate::identity::accounts::{self, Kind};
use crate::identity::passwords;

/// A token and what it allows.
pub struct Granted {
    pub access_token: String,
    pub scope: String,
}

/// Check a name and its secret, and make a token. `None` when they do not fit or the account is closed.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`] only: a wrong secret is no error here.
pub async fn grant(public: &Public, kind: Kind, name: &str, secret: String) -> Result<Option<Granted>> {
    // The account is read, then the connection given back: hashing takes longer than any query.
    let found = public.read(async |tx| accounts::find_login(tx, kind, name).await).await?;
    let stored = found.as_ref().map(|login| login.secret_hash.clone());
    if !passwords::matches(secret, stored).await? {
        return Ok(None);
    }
    let Some(login) = found else {
        return Ok(None);
    };
    public
        .read(async |tx| {
            let actor: Actor = accounts::actor(tx, login).await?;
            let access_token = public.keys().sign(&actor, tx.now, tx.new_id())?;
            Ok::<_, Error>(Some(Granted { access_token, scope: policy::scopes(&actor).join(" ") }))
        })
        .await
}

/// Life of the tokens, in seconds.
pub const LIFETIME_SECONDS: i64 = token::LIFETIME_SECONDS;
