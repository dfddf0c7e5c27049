use serde::Serialize;
use uuid::Uuid;

use super::model::{Attempt, Known, Trust, Way};
use super::queries;
use crate::db::Tx;
use crate::error::{Error, Result, Rule};
use crate::text;
use crate::tokens::Keys;

/// How long to wait; becomes `Retry-After`.
#[derive(Serialize)]
struct Wait {
    retry_after_seconds: i64,
}

/// An attempt to sign in with a name from an address.
pub fn attempt(keys: &Keys, name: &str, address: &str) -> Attempt {
    let name = keys.pseudonym("login-name", &text::account_name(name)).to_vec();
    Attempt { name, place: keys.pseudonym("login-address", address).to_vec(), trust: Trust::History }
}

/// The same attempt from a device on which the account has signed in before, as one of its logins shows.
pub fn from_device(keys: &Keys, attempt: &Attempt, login_id: Uuid) -> Attempt {
    let place = keys.pseudonym("login-device", &login_id.to_string()).to_vec();
    Attempt { place, trust: Trust::Device, ..attempt.clone() }
}

/// The same attempt by somebody who holds a token already, which may be stolen: no patience.
pub fn strictly(attempt: Attempt) -> Attempt {
    Attempt { trust: Trust::Nothing, ..attempt }
}

/// Whether an attempt would be looked at now. Writes nothing, so that refusing costs a short read.
///
/// # Errors
/// [`Rule::LoginSlowed`] with the seconds to wait.
pub async fn look(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<Option<Known>> {
    let history = queries::history(tx, attempt).await?;
    open(history.way(attempt.trust, tx.now))
}

/// Let an attempt be looked at. It counts as failed until [`succeeded`] says otherwise. `None`: come back in a moment.
///
/// # Errors
/// [`Rule::LoginSlowed`] with the seconds to wait.
pub async fn admit(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<Option<Known>> {
    let Some(known) = look(tx, attempt).await? else {
        return Ok(None);
    };
    queries::take_turns(tx, attempt, known.0).await?;
    let history = queries::history(tx, attempt).await?;
    let known = open(history.way(attempt.trust, tx.now))?;
    if known.is_some() {
        queries::begin(tx, attempt, &history).await?;
    }
    Ok(known)
}

fn open(way: Way) -> Result<Option<Known>> {
    match way {
        Way::Open(known) => Ok(Some(known)),
        Way::Undecided => Ok(None),
        Way::Closed(wait) => {
            // In whole seconds, and never too few.
            let retry_after_seconds = (wait.num_milliseconds() + 999) / 1000;
            Err(Error::refused(Rule::LoginSlowed, &Wait { retry_after_seconds }))
        }
    }
}

/// The attempt was wrong.
///
/// # Errors
/// When the database cannot be reached; then others wait for it a few seconds longer.
pub async fn failed(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<()> {
    queries::decide(tx, attempt).await
}

/// The attempt was right.
///
/// # Errors
/// When the database cannot be reached.
pub async fn succeeded(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<()> {
    queries::succeed(tx, attempt).await
}

/// Who has proven who it is otherwise (by a refresh token, by a one-time token) is at home in a place, too.
///
/// # Errors
/// When the database cannot be reached.
pub async fn recognise(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<()> {
    queries::recognise(tx, attempt).await
}

/// Forget what no longer counts.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_old(tx: &mut Tx<'_>) -> Result<()> {
    queries::delete_old(tx).await
}
