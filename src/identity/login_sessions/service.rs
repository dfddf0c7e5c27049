use serde_json::json;
use uuid::Uuid;

use super::model::{EndReason, LoginSession, Refreshed, USER_AGENT_CHARACTERS};
use super::queries;
use crate::access::AskedScope;
use crate::db::Tx;
use crate::error::Result;
use crate::identity::secrets;
use crate::page::{Page, PageRequest};
use crate::tokens::revocations;

/// One page of one's own logins.
pub async fn list(tx: &mut Tx<'_>, page: &PageRequest) -> Result<Page<LoginSession>> {
    queries::list(tx, page).await
}

/// A person signed in: the login and its first refresh token.
///
/// # Errors
/// When the database cannot be reached.
pub async fn start(
    tx: &mut Tx<'_>,
    account_id: Uuid,
    user_agent: &str,
    scope: &AskedScope,
) -> Result<(Uuid, String)> {
    let user_agent: String =
        user_agent.chars().filter(|c| !c.is_control()).take(USER_AGENT_CHARACTERS).collect();
    let session_id = queries::insert(tx, account_id, &user_agent, scope.text()).await?;
    let token = secrets::new()?;
    queries::insert_token(tx, session_id, &secrets::hash(&token)).await?;
    tx.emit("login.started", account_id, &json!({"login_id": session_id}));
    Ok((session_id, token))
}

/// Spend a refresh token for the next one. `counted` hears of the login before anything is used up, and may refuse.
///
/// # Errors
/// When the database cannot be reached, and what `counted` says. A bad token is no error: the end of its login must be
/// committed.
pub async fn refresh(
    tx: &mut Tx<'_>,
    token: &str,
    counted: impl FnOnce(Uuid) -> Result<()>,
) -> Result<Refreshed> {
    let hash = secrets::hash(token);
    let Some((session, spent)) = queries::of_token(tx, &hash).await? else {
        return Ok(Refreshed::Bad(None));
    };
    if !session.is_open(tx.now) {
        return Ok(Refreshed::Bad(Some(session.account_id)));
    }
    if spent.is_some() {
        end(tx, session.account_id, Some(session.id), None, EndReason::TokenReused).await?;
        return Ok(Refreshed::Reused(session.account_id));
    }
    counted(session.id)?;
    queries::spend(tx, &hash, session.id).await?;
    let next = secrets::new()?;
    queries::insert_token(tx, session.id, &secrets::hash(&next)).await?;
    Ok(Refreshed::Good { session_id: session.id, account_id: session.account_id, next })
}

/// What the login of a refresh token was asked for; `None` for a token that is none of ours.
///
/// # Errors
/// When the database cannot be reached.
pub async fn scope_of(tx: &mut Tx<'_>, token: &str) -> Result<Option<AskedScope>> {
    let login = queries::login_of(tx, &secrets::hash(token)).await?;
    Ok(login.map(|login| AskedScope::remembered(login.scope.as_deref())))
}

/// The login that a refresh token belongs to, spent or not, over or not.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_token(tx: &mut Tx<'_>, token: &str) -> Result<Option<Uuid>> {
    Ok(queries::login_of(tx, &secrets::hash(token)).await?.map(|login| login.id))
}

/// The login of an account that a refresh token (by its hash) belongs to: the device is one on which it has signed in.
///
/// # Errors
/// When the database cannot be reached.
pub async fn on_device(tx: &mut Tx<'_>, account_id: Uuid, token_hash: &[u8]) -> Result<Option<Uuid>> {
    let login = queries::login_of(tx, token_hash).await?;
    Ok(login.filter(|login| login.account_id == account_id).map(|login| login.id))
}

/// End one of the caller's own logins.
///
/// # Errors
/// Not found for somebody else's.
pub async fn end_own(tx: &mut Tx<'_>, id: Uuid) -> Result<LoginSession> {
    let session = queries::get(tx, id).await?;
    end_one(tx, session.account_id, id).await?;
    queries::get(tx, id).await
}

/// End a login of an account, as its owner.
///
/// # Errors
/// When the database cannot be reached.
pub async fn end_one(tx: &mut Tx<'_>, account_id: Uuid, id: Uuid) -> Result<()> {
    end(tx, account_id, Some(id), None, EndReason::SignedOut).await
}

/// End the login that a refresh token belongs to, spent or not. Tokens that are none of ours are no error.
///
/// # Errors
/// When the database cannot be reached.
pub async fn end_by_token(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    match queries::of_token(tx, &secrets::hash(token)).await? {
        Some((session, _)) => end_one(tx, session.account_id, session.id).await,
        None => Ok(()),
    }
}

/// End all logins of an account, but perhaps the present one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn end_all(
    tx: &mut Tx<'_>,
    account_id: Uuid,
    except: Option<Uuid>,
    reason: EndReason,
) -> Result<()> {
    end(tx, account_id, None, except, reason).await
}

async fn end(
    tx: &mut Tx<'_>,
    account_id: Uuid,
    only: Option<Uuid>,
    except: Option<Uuid>,
    reason: EndReason,
) -> Result<()> {
    let ended = queries::end(tx, account_id, only, except, reason).await?;
    if ended.is_empty() {
        return Ok(());
    }
    let revoked: Vec<_> = ended.iter().map(|id| (*id, None)).collect();
    revocations::add(tx, &revoked).await?;
    for id in ended {
        tx.emit("login.ended", account_id, &json!({"login_id": id, "reason": reason}));
    }
    Ok(())
}

/// Forget logins that ended long ago.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_old(tx: &mut Tx<'_>) -> Result<()> {
    queries::delete_old(tx).await
}
