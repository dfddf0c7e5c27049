use super::model::{Granted, Refusal};
use super::queries;
use crate::access::token::{self, Access};
use crate::access::{Keys, Public, Role, TokenFault, policy, revocations};
use crate::db::Tx;
use crate::error::Result;
use crate::identity::accounts::{self, Kind, Login};
use crate::identity::login_sessions::{self, Refreshed};
use crate::identity::{login_attempts, passwords, secrets};

/// Life of the tokens, in seconds.
pub const LIFETIME_SECONDS: i64 = token::LIFETIME_SECONDS;

/// An answer of the OAuth endpoints; the outer [`Result`] fails only when the service itself cannot answer.
pub type Answer<T> = Result<std::result::Result<T, Refusal>>;

/// Sign a person in.
///
/// # Errors
/// [`crate::error::Rule::LoginSlowed`] after too many wrong passwords for the name from the address.
pub async fn by_password(public: &Public, name: &str, password: String, user_agent: &str) -> Answer<Granted> {
    let address = public.address();
    let found = public
        .write(async |tx| {
            login_attempts::admit(tx, name, address).await?;
            accounts::find_login(tx, Kind::Person, name).await
        })
        .await?;
    // The connection is given back meanwhile: hashing takes longer than any query.
    let stored = found.as_ref().map(|login| login.secret_hash.clone());
    let fits = passwords::matches(password, stored).await?;
    let Some(login) = found.filter(|_| fits) else {
        return Ok(Err(Refusal::InvalidGrant));
    };
    let keys = public.gate().keys();
    public
        .write(async |tx| {
            login_attempts::succeeded(tx, name, address).await?;
            let (session_id, refresh_token) = login_sessions::start(tx, login.id, user_agent).await?;
            grant(tx, keys, login, Some((session_id, refresh_token))).await.map(Ok)
        })
        .await
}

/// Go on with a login.
///
/// # Errors
/// When the database cannot be reached.
pub async fn by_refresh_token(public: &Public, refresh_token: &str) -> Answer<Granted> {
    let keys = public.gate().keys();
    public
        .write(async |tx| {
            let refreshed = login_sessions::refresh(tx, refresh_token).await?;
            let Refreshed::Good { session_id, account_id, next } = refreshed else {
                return Ok(Err(Refusal::InvalidGrant));
            };
            match accounts::login(tx, account_id).await? {
                Some(login) => grant(tx, keys, login, Some((session_id, next))).await.map(Ok),
                None => Ok(Err(Refusal::InvalidGrant)),
            }
        })
        .await
}

/// Sign a person in on the word of the ministry's OpenID provider (RFC 7523, section 2.1: its ID token is the
/// assertion, and good once). There is no refresh token: whoever is no longer known there must not go on here.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] when the provider does not answer and its keys are not known.
pub async fn by_id_token(public: &Public, id_token: &str, user_agent: &str) -> Answer<Granted> {
    let Some(provider) = public.gate().provider() else {
        return Ok(Err(Refusal::UnsupportedGrantType));
    };
    let identity = match provider.identify(id_token, public.gate().now()).await? {
        Ok(identity) => identity,
        Err(fault) => return Ok(Err(Refusal::BadAssertion(fault))),
    };
    let keys = public.gate().keys();
    public
        .write(async |tx| {
            let subject = secrets::hash(&format!("{}\n{}", identity.issuer, identity.subject));
            let Some(login) = accounts::of_provider(tx, &identity.username, &subject).await? else {
                return Ok(Err(Refusal::InvalidGrant));
            };
            let until = tx.now + chrono::Duration::days(1);
            if !queries::use_assertion(tx, login.id, &secrets::hash(id_token), until).await? {
                return Ok(Err(Refusal::BadAssertion(TokenFault::Replayed)));
            }
            let (session_id, _) = login_sessions::start(tx, login.id, user_agent).await?;
            let mut actor = accounts::actor(tx, login, Some(session_id)).await?;
            if let Some(roles) = identity.roles {
                let (fit, unfit): (Vec<Role>, Vec<Role>) = roles.into_iter().partition(|role| {
                    accounts::misfit(*role, actor.employee_id, actor.institute_id).is_none()
                });
                if !unfit.is_empty() {
                    tracing::warn!(account = %actor.id, roles = ?unfit, "roles of the OpenID provider refused");
                }
                actor.take_roles(&fit);
            }
            let access_token = keys.sign(&actor, tx.now)?;
            let scope = policy::scopes(&actor).join(" ");
            Ok(Ok(Granted { access_token, scope, refresh_token: None }))
        })
        .await
}

/// A token for a machine client that has proven who it is.
///
/// # Errors
/// When the database cannot be reached.
pub async fn for_client(public: &Public, client: Login) -> Result<Granted> {
    let keys = public.gate().keys();
    public.read(async |tx| grant(tx, keys, client, None).await).await
}

async fn grant(
    tx: &mut Tx<'_>,
    keys: &Keys,
    login: Login,
    session: Option<(uuid::Uuid, String)>,
) -> Result<Granted> {
    let (session_id, refresh_token) = session.unzip();
    let actor = accounts::actor(tx, login, session_id).await?;
    let access_token = keys.sign(&actor, tx.now)?;
    Ok(Granted { access_token, scope: policy::scopes(&actor).join(" "), refresh_token })
}

/// End a token (RFC 7009): a refresh token with its whole login, an access token of a login likewise, one of a client
/// alone (and only for that client). What is none of ours needs no ending.
///
/// # Errors
/// When the database cannot be reached.
pub async fn revoke(public: &Public, client: Option<&Login>, given: &str) -> Answer<()> {
    let access = public.gate().access(given).ok();
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
/// is told no more of them than of a token that is not good. The database is asked too, not only what this replica knows.
///
/// # Errors
/// When the database cannot be reached.
pub async fn introspect(public: &Public, client: &Login, given: &str) -> Result<Option<Access>> {
    let Some(access) = public.gate().access(given).ok().filter(|access| access.actor.id == client.id) else {
        return Ok(None);
    };
    let good = public.is_still_good(&access.actor).await?;
    Ok(good.then_some(access))
}
