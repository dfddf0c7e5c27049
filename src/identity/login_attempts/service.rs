use serde::Serialize;

use super::queries;
use crate::db::Tx;
use crate::error::{Error, Result, Rule};
use crate::identity::secrets;

/// How long to wait; becomes `Retry-After`.
#[derive(Serialize)]
struct Wait {
    retry_after_seconds: i64,
}

/// Let an attempt to sign in be looked at. It counts as failed until [`succeeded`] says otherwise.
///
/// # Errors
/// [`Rule::LoginSlowed`] with the seconds to wait.
pub async fn admit(tx: &mut Tx<'_>, name: &str, address: &str) -> Result<()> {
    let (name, address) = (secrets::hash(&name.to_lowercase()), secrets::hash(address));
    let history = queries::history(tx, &name, &address).await?;
    let wait = history.wait(tx.now);
    if wait > chrono::Duration::zero() {
        let retry_after_seconds = wait.num_seconds().max(1);
        return Err(Error::refused(Rule::LoginSlowed, &Wait { retry_after_seconds }));
    }
    queries::fail(tx, &name, &address, history.pair).await
}

/// The attempt was right.
///
/// # Errors
/// When the database cannot be reached.
pub async fn succeeded(tx: &mut Tx<'_>, name: &str, address: &str) -> Result<()> {
    queries::succeed(tx, &secrets::hash(&name.to_lowercase()), &secrets::hash(address)).await
}

/// Forget what no longer counts.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_old(tx: &mut Tx<'_>) -> Result<()> {
    queries::delete_old(tx).await
}
