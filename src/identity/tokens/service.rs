use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::model::{Granted, Refusal};
use super::queries;
use crate::access::{Actor, AskedScope, Role, SecurityKind, TokenFault, policy};
use crate::error::{Error, Result, Rule};
use crate::http::Public;
use crate::identity::accounts::{self, Kind, Login};
use crate::identity::login_attempts::{self, Attempt, Known};
use crate::identity::login_sessions::{self, Refreshed};
use crate::identity::passwords::{self, Lane, Match};
use crate::identity::secrets;
use crate::tokens::token::{self, Access};
use crate::tokens::{Keys, revocations};

/// Life of the tokens, in seconds.
pub const LIFETIME_SECONDS: i64 = token::LIFETIME_SECONDS;

/// An answer of the OAuth endpoints; the outer [`Result`] fails only when the service itself cannot answer.
pub type Answer<T> = Result<std::result::Result<T, Refusal>>;

/// Longest that an attempt waits for those of others that are being looked at.
const TURN_WAIT: Duration = Duration::from_secs(5);
/// How often it looks meanwhile.
const TURN_PERIOD: Duration = Duration::from_millis(50);

/// What a person signs in with.
pub struct Credentials {
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
    /// A refresh token of an earlier login on the same device, good or not.
    pub device: Option<String>,
}

/// Sign a person in.
///
/// # Errors
/// [`crate::error::Rule::LoginSlowed`] after too many wrong passwords for the name from the place.
pub async fn by_password(
    public: &Public,
    given: Credentials,
    user_agent: &str,
    asked: AskedScope,
) -> Answer<Granted> {
    let keys = public.gate().keys();
    let Credentials { username, password, device } = given;
    let from_address = login_attempts::attempt(keys, &username, &public.address());
    let device = device.map(|token| secrets::hash(&token));
    let (found, login_id) = public
        .read(async |tx| {
            let found = accounts::find_login(tx, Kind::Person, &username).await?;
            let login_id = match (&found, &device) {
                (Some(login), Some(device)) => login_sessions::on_device(tx, login.id, device).await?,
                _ => None,
            };
            Ok((found, login_id))
        })
        .await?;
    let attempt =
        login_id.map_or(from_address.clone(), |id| login_attempts::from_device(keys, &from_address, id));
    let account_id = found.as_ref().map(|login| login.id);
    let known = match admit(public, &attempt).await {
        Err(error @ Error::Refused(Rule::LoginSlowed, _)) => {
            public.witness(SecurityKind::SignInSlowed, "password", account_id, Some(&username));
            return Err(error);
        }
        other => other?,
    };
    // No connection is held meanwhile: hashing takes longer than any query.
    let stored = found.as_ref().map(|login| login.secret_hash.clone());
    let lane = if known.0 { Lane::Known } else { Lane::Stranger };
    let fits = passwords::matches(password.clone(), stored, lane).await?;
    let Some(login) = found.filter(|_| fits != Match::No) else {
        public.write(async |tx| login_attempts::failed(tx, &attempt).await).await?;
        public.witness(SecurityKind::SignInFailed, "password", account_id, Some(&username));
        return Ok(Err(Refusal::InvalidGrant));
    };
    public.count_as(login.id, &login.username)?;
    let rehashed = match fits {
        Match::AsTyped => Some(passwords::hash(password).await?),
        Match::Yes | Match::No => None,
    };
    public
        .write(async |tx| {
            login_attempts::succeeded(tx, &attempt).await?;
            login_attempts::recognise(tx, &from_address).await?;
            if let Some(secret_hash) = rehashed {
                accounts::rehash(tx, &login, &secret_hash).await?;
            }
            let actor = accounts::actor(tx, login, None).await?;
            let Some(mut actor) = narrowed(actor, asked) else {
                return Ok(Err(Refusal::InvalidScope));
            };
            let (session_id, refresh_token) =
                login_sessions::start(tx, actor.id, user_agent, &actor.asked).await?;
            actor.session_id = Some(session_id);
            grant(keys, &actor, tx.now, Some(refresh_token)).map(Ok)
        })
        .await
}

/// Wait for one's turn to be looked at, without holding a connection; what is refused writes nothing.
async fn admit(public: &Public, attempt: &Attempt) -> Result<Known> {
    let turn = async {
        loop {
            if public.read(async |tx| login_attempts::look(tx, attempt).await).await?.is_some()
                && let Some(known) = public.write(async |tx| login_attempts::admit(tx, attempt).await).await?
            {
                return Ok(known);
            }
            tokio::time::sleep(TURN_PERIOD).await;
        }
    };
    let in_time = tokio::time::timeout(TURN_WAIT, turn).await;
    in_time.map_err(|_| Error::Unavailable("too many passwords at once".to_owned()))?
}

/// Go on with a login. The request is counted for the login, before its token is used up.
///
/// # Errors
/// When the database cannot be reached, or the login is refreshed too often.
pub async fn by_refresh_token(public: &Public, refresh_token: &str, asked: AskedScope) -> Answer<Granted> {
    let keys = public.gate().keys();
    // What is none of ours costs a short read, and no unit of work.
    let Some(earlier) = public.read(async |tx| login_sessions::scope_of(tx, refresh_token).await).await?
    else {
        public.witness(SecurityKind::RefreshTokenRefused, "unknown", None, None);
        return Ok(Err(Refusal::InvalidGrant));
    };
    let Some(asked) = asked.of_earlier(earlier) else {
        return Ok(Err(Refusal::InvalidScope));
    };
    let refreshed = public
        .write(async |tx| {
            let counted = |session_id| public.count_as(session_id, "login");
            let refreshed = login_sessions::refresh(tx, refresh_token, counted).await?;
            let Refreshed::Good { session_id, account_id, next } = refreshed else {
                return Ok(Err(refreshed));
            };
            match accounts::login(tx, account_id).await? {
                Some(login) => {
                    let here = login_attempts::attempt(keys, &login.username, &public.address());
                    login_attempts::recognise(tx, &here).await?;
                    let actor = accounts::actor(tx, login, Some(session_id)).await?;
                    grant(keys, &Actor { asked, ..actor }, tx.now, Some(next)).map(Ok)
                }
                None => Ok(Err(Refreshed::Bad(Some(account_id)))),
            }
        })
        .await?;
    let (kind, reason, account_id) = match refreshed {
        Ok(granted) => return Ok(Ok(granted)),
        Err(Refreshed::Reused(account_id)) => {
            (SecurityKind::RefreshTokenReused, "used_before", Some(account_id))
        }
        Err(Refreshed::Bad(account_id)) => (SecurityKind::RefreshTokenRefused, "over", account_id),
        Err(Refreshed::Good { account_id, .. }) => {
            (SecurityKind::RefreshTokenRefused, "over", Some(account_id))
        }
    };
    public.witness(kind, reason, account_id, None);
    Ok(Err(Refusal::InvalidGrant))
}

/// Sign a person in on the word of the ministry's OpenID provider (RFC 7523, section 2.1: its ID token is the
/// assertion, and good once). There is no refresh token: a person no longer known there must not go on here.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] when the provider does not answer and its keys are not known.
pub async fn by_id_token(
    public: &Public,
    id_token: &str,
    user_agent: &str,
    asked: AskedScope,
) -> Answer<Granted> {
    let Some(provider) = public.gate().provider() else {
        return Ok(Err(Refusal::UnsupportedGrantType));
    };
    let refused = |reason, account_id, name: Option<&str>| {
        public.witness(SecurityKind::ProviderTokenRefused, reason, account_id, name);
    };
    let identity = match provider.identify(id_token, public.gate().now()).await? {
        Ok(identity) => identity,
        Err(fault) => {
            refused(fault.code(), None, None);
            return Ok(Err(Refusal::BadAssertion(fault)));
        }
    };
    let keys = public.gate().keys();
    public
        .write(async |tx| {
            let subject = secrets::hash(&format!("{}\n{}", identity.issuer, identity.subject));
            let Some(login) = accounts::of_provider(tx, &identity.username, &subject).await? else {
                refused("unknown_name", None, Some(&identity.username));
                return Ok(Err(Refusal::InvalidGrant));
            };
            public.count_as(login.id, &login.username)?;
            let until = tx.now + chrono::Duration::days(1);
            if !queries::use_assertion(tx, login.id, &secrets::hash(id_token), until).await? {
                refused(TokenFault::Replayed.code(), Some(login.id), Some(&login.username));
                return Ok(Err(Refusal::BadAssertion(TokenFault::Replayed)));
            }
            let mut actor = accounts::actor(tx, login, None).await?;
            if let Some(roles) = identity.roles {
                let (fit, unfit): (Vec<Role>, Vec<Role>) = roles.into_iter().partition(|role| {
                    accounts::misfit(*role, actor.employee_id, actor.institute_id).is_none()
                });
                if !unfit.is_empty() {
                    tracing::warn!(account = %actor.id, roles = ?unfit, "roles of the OpenID provider refused");
                }
                actor.take_roles(&fit);
            }
            let Some(mut actor) = narrowed(actor, asked) else {
                return Ok(Err(Refusal::InvalidScope));
            };
            let (session_id, _) = login_sessions::start(tx, actor.id, user_agent, &actor.asked).await?;
            actor.session_id = Some(session_id);
            grant(keys, &actor, tx.now, None).map(Ok)
        })
        .await
}

/// A token for a machine client that has proven who it is.
///
/// # Errors
/// When the database cannot be reached.
pub async fn for_client(public: &Public, client: Login, asked: AskedScope) -> Answer<Granted> {
    let keys = public.gate().keys();
    let granting = public.read(async |tx| {
        let actor = accounts::actor(tx, client, None).await?;
        match narrowed(actor, asked) {
            Some(actor) => grant(keys, &actor, tx.now, None).map(Ok),
            None => Ok(Err(Refusal::InvalidScope)),
        }
    });
    granting.await
}

/// The account with what was asked for of its permissions; `None` where it has none of them.
fn narrowed(actor: Actor, asked: AskedScope) -> Option<Actor> {
    let is_narrower = asked != AskedScope::default();
    let actor = Actor { asked, ..actor };
    (!is_narrower || !policy::scopes(&actor).is_empty()).then_some(actor)
}

fn grant(keys: &Keys, actor: &Actor, now: DateTime<Utc>, refresh_token: Option<String>) -> Result<Granted> {
    Ok(Granted {
        access_token: keys.sign(actor, now)?,
        scope: policy::scopes(actor).join(" "),
        refresh_token,
    })
}

/// End a token (RFC 7009): a refresh token with its whole login, an access token of a login likewise, one of a client
/// alone (and only for that client). What is none of ours needs no ending.
///
/// # Errors
/// When the database cannot be reached.
pub async fn revoke(public: &Public, client: Option<&Login>, given: &str) -> Answer<()> {
    let access = public.gate().access(given).ok();
    let known = match (&access, client) {
        (Some(access), _) => Some((access.actor.id, access.actor.name.clone())),
        (None, Some(client)) => Some((client.id, client.username.clone())),
        (None, None) => {
            let login = public.read(async |tx| login_sessions::of_token(tx, given).await).await?;
            login.map(|id| (id, "login".to_owned()))
        }
    };
    match &known {
        Some((id, name)) => public.count_as(*id, name)?,
        // No refusal: a token that is none of ours needs no ending. But the number of such attempts is limited.
        None => return public.count_refused().map(Ok),
    }
    public
        .write(async |tx| {
            let Some(access) = access else {
                login_sessions::end_by_token(tx, given).await?;
                return Ok(Ok(()));
            };
            let actor = &access.actor;
            match actor.session_id {
                Some(session_id) => login_sessions::end_one(tx, actor.id, session_id).await?,
                None if client.is_some_and(|c| c.id == actor.id) => {
                    revocations::add(tx, &[(actor.token_id, None)]).await?;
                    tx.emit("token.revoked", actor.id, &serde_json::json!({}));
                }
                None => return Ok(Err(Refusal::InvalidClient(None))),
            }
            Ok(Ok(()))
        })
        .await
}

/// What a token of a client says, if it is good at this moment (RFC 7662). Those of others are nothing to the client: it
/// is shown no more of them than of a token that is not good. The database is asked too, not only what this replica
/// knows.
///
/// # Errors
/// When the database cannot be reached.
pub async fn introspect(public: &Public, client: &Login, given: &str) -> Result<Option<Arc<Access>>> {
    let Some(access) = public.gate().access(given).ok().filter(|access| access.actor.id == client.id) else {
        return Ok(None);
    };
    let good = public.is_still_good(&access.actor).await?;
    Ok(good.then_some(access))
}
