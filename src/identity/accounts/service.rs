use serde_json::json;
use uuid::Uuid;

use super::model::{Account, Change, Draft, Kind, Login, Proof, RoleAssignment};
use super::queries::{self, Filter};
use crate::access::{Actor, AskedScope, Delegation, Role};
use crate::db::Tx;
use crate::error::{Error, FieldError, Result, Rule};
use crate::identity::login_attempts::{self, Attempt};
use crate::identity::login_sessions::{self, EndReason};
use crate::identity::passwords::{self, Lane, Match};
use crate::identity::secrets;
use crate::organisation::employees;
use crate::page::{Page, PageRequest};
use crate::tokens::{self, revocations, standing};
use crate::version::Expected;

/// Stored where a client has keys instead of a secret: no password has this hash.
const NO_SECRET: &str = "!";

type WithRoles = (Account, Vec<RoleAssignment>);

/// One page of accounts with their roles.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<WithRoles>> {
    let page = queries::list(tx, filter, page).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|a| a.id).collect();
    let roles = queries::roles(tx, &ids).await?;
    Ok(page.map(|account| {
        let own = roles.iter().filter(|r| r.account_id == account.id).cloned().collect();
        (account, own)
    }))
}

/// One account with its roles.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<WithRoles> {
    let account = queries::get(tx, id).await?;
    let roles = queries::roles(tx, &[id]).await?;
    Ok((account, roles))
}

/// Open an account.
///
/// # Errors
/// [`crate::error::Rule::UsernameTaken`]; [`Error::Invalid`] where roles, keys or the password do not fit.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<WithRoles> {
    let mut draft = draft.normalised();
    find_person(tx, &mut draft).await?;
    draft.check()?;
    let secret_hash = match &draft.proof {
        Proof::Keys(_) => NO_SECRET.to_owned(),
        Proof::Secret(secret) if draft.kind == Kind::Machine => secrets::stored(secret),
        Proof::Secret(password) => {
            passwords::check(password, "/password", &[&draft.username, &draft.display_name]).await?;
            passwords::hash(password.clone()).await?
        }
    };
    let account = queries::insert(tx, &draft, &secret_hash).await?;
    tx.emit("account.created", account.id, &json!({"username": account.username, "kind": account.kind}));
    let roles = queries::roles(tx, &[account.id]).await?;
    Ok((account, roles))
}

/// Whom a code means: nothing but the id is looked up, since who opens accounts may not read employees.
async fn find_person(tx: &mut Tx<'_>, draft: &mut Draft) -> Result<()> {
    const POINTER: &str = "/employee_code";
    let Some(code) = draft.employee_code.take() else {
        return Ok(());
    };
    if draft.employee_id.is_some() {
        return Err(Error::field(POINTER, "not_applicable"));
    }
    let ids = employees::ids_by_code(tx, &[&code]).await?;
    let id = ids.get(&code).copied().ok_or_else(|| Error::field(POINTER, "unknown_reference"))?;
    draft.employee_id = Some(id);
    Ok(())
}

/// Change an account. Other rights end the tokens of before; a closed account's logins end.
///
/// # Errors
/// [`Rule::OwnAccount`] for one's own rights; [`Rule::LastAdministrator`]; [`Error::Stale`]; [`Error::Invalid`] where roles or keys do not fit.
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, change: Change) -> Result<WithRoles> {
    let before = queries::get(tx, id).await?;
    expected.check(before.version)?;
    change.check(&before)?;
    if change.changes_rights() && id == tx.actor.id {
        return Err(Rule::OwnAccount.into());
    }
    let roles = queries::roles(tx, &[id]).await?;
    if change.is_so(&before, &roles) {
        return Ok((before, roles));
    }
    let was_administrator = change.may_end_administration() && {
        // Two administrators who close each other take turns: the second sees what the first did.
        tx.lock("administrators").await?;
        queries::administrators(tx).await?.contains(&id)
    };
    let account = queries::update(tx, &before, &change).await?;
    if was_administrator && queries::administrators(tx).await?.is_empty() {
        return Err(Rule::LastAdministrator.into());
    }
    if change.ends_tokens() {
        end_tokens(tx, id).await?;
    }
    if !account.is_active {
        login_sessions::end_all(tx, id, None, EndReason::AccountChanged).await?;
    }
    tx.emit("account.updated", id, &json!({"username": account.username, "is_active": account.is_active}));
    let roles = queries::roles(tx, &[id]).await?;
    Ok((account, roles))
}

/// Make the tokens of an account too old: they change nothing from now on, and read nothing a second later.
///
/// # Errors
/// When the database cannot be reached.
async fn end_tokens(tx: &mut Tx<'_>, id: Uuid) -> Result<()> {
    let epochs = queries::raise_epochs(tx, &[id]).await?;
    let outdated: Vec<_> = epochs.into_iter().map(|(id, epoch)| (id, Some(epoch))).collect();
    revocations::add(tx, &outdated).await
}

/// A new secret for a client that has one; the old one is no longer good.
///
/// # Errors
/// Not found for a person or a client with keys.
pub async fn rotate_secret(tx: &mut Tx<'_>, id: Uuid) -> Result<(WithRoles, String)> {
    let account = queries::get(tx, id).await?;
    if account.kind != Kind::Machine || account.jwks.is_some() {
        return Err(Error::NotFound("client with a secret"));
    }
    let secret = secrets::new()?;
    queries::set_secret(tx, id, &secrets::stored(&secret)).await?;
    end_tokens(tx, id).await?;
    tx.emit("client.secret_rotated", id, &json!({"username": account.username}));
    Ok((get(tx, id).await?, secret))
}

/// Set a person's password: all other logins end, and so do the access tokens of before.
///
/// # Errors
/// [`Error::Invalid`] at `pointer` for a password that is easy to guess.
pub async fn set_password(
    tx: &mut Tx<'_>,
    login: &Login,
    password: String,
    pointer: &'static str,
    keep: Option<Uuid>,
) -> Result<()> {
    passwords::check(&password, pointer, &[&login.username, &login.display_name]).await?;
    queries::set_secret(tx, login.id, &passwords::hash(password).await?).await?;
    end_tokens(tx, login.id).await?;
    login_sessions::end_all(tx, login.id, keep, EndReason::PasswordChanged).await?;
    tx.emit("account.password_set", login.id, &json!({}));
    Ok(())
}

/// Let somebody who is signed in try the present password: guessing is slowed down as at sign-in.
///
/// # Errors
/// [`crate::error::Rule::LoginSlowed`].
pub async fn admit_to_password(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<()> {
    let known = login_attempts::admit(tx, attempt).await?;
    known.map(|_| ()).ok_or_else(|| Error::Unavailable("others are trying passwords".to_owned()))
}

/// Change one's own password, after [`admit_to_password`].
///
/// # Errors
/// [`Error::Invalid`] for a wrong present password or a new one that is easy to guess.
pub async fn change_own_password(
    tx: &mut Tx<'_>,
    current: String,
    new: String,
    attempt: &Attempt,
) -> Result<()> {
    let login = queries::login(tx, tx.actor.id).await?.ok_or(Error::NotFound("account"))?;
    let stored = Some(login.secret_hash.clone()).filter(|_| login.kind == Kind::Person);
    if passwords::matches(current, stored, Lane::Known).await? == Match::No {
        return Err(FieldError::new("/current_password", "password_wrong").into());
    }
    login_attempts::succeeded(tx, attempt).await?;
    set_password(tx, &login, new, "/new_password", tx.actor.session_id).await
}

/// Store the same secret in another form: its hash is of before.
///
/// # Errors
/// When the database cannot be reached.
pub async fn rehash(tx: &mut Tx<'_>, login: &Login, secret_hash: &str) -> Result<()> {
    queries::rehash_secret(tx, login.id, &login.secret_hash, secret_hash).await
}

/// The account of a name, if it is in standing, with what signing in needs.
pub async fn find_login(tx: &mut Tx<'_>, kind: Kind, username: &str) -> Result<Option<Login>> {
    queries::find_login(tx, kind, username).await
}

/// The person's account that an OpenID provider names, if it is in standing. At the first sign-in the account of that
/// user name is bound to who the person is at the provider; from then on that counts, since user names change hands.
pub async fn of_provider(tx: &mut Tx<'_>, username: &str, subject_hash: &[u8]) -> Result<Option<Login>> {
    let named = queries::find_login(tx, Kind::Person, username).await?;
    if let Some(bound) = queries::bound_to(tx, subject_hash).await? {
        if named.is_some_and(|named| named.id != bound) {
            tracing::warn!(account = %bound, "the OpenID provider gives a person the user name of somebody else");
            return Ok(None);
        }
        return queries::login(tx, bound).await;
    }
    let Some(named) = named else {
        return Ok(None);
    };
    if !queries::bind(tx, named.id, subject_hash).await? {
        tracing::warn!(account = %named.id, "the OpenID provider gives a user name to another person than before");
        return Ok(None);
    }
    tx.emit("account.provider_bound", named.id, &json!({}));
    Ok(Some(named))
}

/// Let another person of the OpenID provider sign in to an account: the person who does so next under its user name.
///
/// # Errors
/// Not found for a machine.
pub async fn unbind_provider(tx: &mut Tx<'_>, id: Uuid) -> Result<WithRoles> {
    let (account, _) = get(tx, id).await?;
    if account.kind != Kind::Person {
        return Err(Error::NotFound("account of a person"));
    }
    tx.matches(account.version)?;
    if account.provider_subject_hash.is_some() {
        queries::unbind(tx, id).await?;
        end_tokens(tx, id).await?;
        tx.emit("account.provider_unbound", id, &json!({}));
    }
    get(tx, id).await
}

/// The account of an id, if it is in standing.
pub async fn login(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Login>> {
    queries::login(tx, id).await
}

/// The account of a person of the ministry, if it is in standing.
pub async fn by_employee(tx: &mut Tx<'_>, employee_id: Uuid) -> Result<Option<Login>> {
    queries::by_employee(tx, employee_id).await
}

/// What others let the caller do for them, today or later.
pub async fn delegations(tx: &mut Tx<'_>) -> Result<Vec<Delegation>> {
    let deputy = tx.actor.id;
    tokens::delegations::of_deputy(tx, deputy).await
}

/// The actor that an account's token speaks for. A unit head's role reaches the units that the person heads now.
pub async fn actor(tx: &mut Tx<'_>, login: Login, session_id: Option<Uuid>) -> Result<Actor> {
    let roles = queries::roles(tx, &[login.id]).await?;
    let mut distinct = Vec::new();
    for assignment in &roles {
        if !distinct.contains(&assignment.role) {
            distinct.push(assignment.role);
        }
    }
    let unit_ids = match login.employee_id.filter(|_| distinct.contains(&Role::UnitHead)) {
        Some(person) => standing::units_headed_by(tx, person).await?,
        None => Vec::new(),
    };
    Ok(Actor {
        id: login.id,
        name: login.username,
        roles: distinct,
        unit_ids,
        employee_id: login.employee_id,
        institute_id: login.institute_id,
        epoch: Some(login.epoch),
        token_id: tx.new_id(),
        session_id,
        asked: AskedScope::default(),
        on_behalf_of: None,
    })
}
