use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Account, Change, Draft, Kind, Login, Proof, RoleAssignment, RoleDraft};
use crate::access::Role;
use crate::db::schema::{accounts, role_assignments};
use crate::db::{Search, Searched, Tx, search_finds, search_prefixes};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};
use crate::text;
use crate::tokens::standing;

type Boxed = accounts::BoxedQuery<'static, diesel::pg::Pg>;

/// Accounts are seen whole or not at all.
fn visible(tx: &Tx<'_>) -> Boxed {
    let all = accounts::table.into_boxed();
    if tx.reach.all { all } else { all.filter(accounts::id.eq(tx.actor.id)) }
}

pub struct Filter {
    pub q: Option<String>,
    pub kind: Option<Kind>,
    pub username: Option<String>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Account>> {
    let mut query = visible(tx);
    if let Some(asked) = &filter.q {
        let search = Search::weighed(tx, asked, Searched::by_id("accounts")).await?;
        query = query.filter(search_finds(accounts::search_words, search.patterns));
        if let Some(prefixes) = search.prefixes {
            query = query.filter(search_prefixes(accounts::search_words).contains(prefixes));
        }
    }
    if let Some(username) = &filter.username {
        query = query.filter(accounts::username.eq(username.to_lowercase()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(accounts::kind.eq(kind));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(accounts::id.lt(after));
    }
    let rows = query
        .order(accounts::id.desc())
        .limit(page.rows_to_read())
        .select(Account::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |a| Position::id(a.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Account> {
    visible(tx)
        .filter(accounts::id.eq(id))
        .select(Account::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("account"))
}

pub async fn roles(tx: &mut Tx<'_>, account_ids: &[Uuid]) -> Result<Vec<RoleAssignment>> {
    Ok(role_assignments::table
        .filter(role_assignments::account_id.eq_any(account_ids))
        .order(role_assignments::id)
        .select(RoleAssignment::as_select())
        .load(tx.conn())
        .await?)
}

pub async fn find_login(tx: &mut Tx<'_>, kind: Kind, username: &str) -> Result<Option<Login>> {
    // No account has such a name, and the database takes no text with a null byte.
    if text::has_control_characters(username) {
        return Ok(None);
    }
    Ok(accounts::table
        .filter(accounts::username.eq(text::account_name(username)))
        .filter(accounts::kind.eq(kind))
        .filter(standing::stands())
        .select(Login::as_select())
        .first(tx.conn())
        .await
        .optional()?)
}

pub async fn login(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Login>> {
    Ok(accounts::table
        .find(id)
        .filter(standing::stands())
        .select(Login::as_select())
        .first(tx.conn())
        .await
        .optional()?)
}

/// The account of a person of the ministry, if it is in standing.
pub async fn by_employee(tx: &mut Tx<'_>, employee_id: Uuid) -> Result<Option<Login>> {
    Ok(accounts::table
        .filter(accounts::employee_id.eq(employee_id))
        .filter(standing::stands())
        .select(Login::as_select())
        .first(tx.conn())
        .await
        .optional()?)
}

/// People who administer: their accounts are in standing and have the role.
pub async fn administrators(tx: &mut Tx<'_>) -> Result<Vec<Uuid>> {
    Ok(accounts::table
        .inner_join(role_assignments::table)
        .filter(accounts::kind.eq(Kind::Person))
        .filter(role_assignments::role.eq(Role::SystemAdmin))
        .filter(standing::stands())
        .select(accounts::id)
        .load(tx.conn())
        .await?)
}

/// The account that is bound to somebody of the OpenID provider, whether it is in standing or not.
pub async fn bound_to(tx: &mut Tx<'_>, subject_hash: &[u8]) -> Result<Option<Uuid>> {
    Ok(accounts::table
        .filter(accounts::provider_subject_hash.eq(subject_hash))
        .select(accounts::id)
        .first(tx.conn())
        .await
        .optional()?)
}

/// Bind an account to somebody of the OpenID provider; false when it is bound already.
pub async fn bind(tx: &mut Tx<'_>, id: Uuid, subject_hash: &[u8]) -> Result<bool> {
    let now = tx.now;
    let free = accounts::table.find(id).filter(accounts::provider_subject_hash.is_null());
    let bound = diesel::update(free)
        .set((
            accounts::provider_subject_hash.eq(subject_hash),
            accounts::version.eq(accounts::version + 1),
            accounts::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(bound == 1)
}

pub async fn unbind(tx: &mut Tx<'_>, id: Uuid) -> Result<()> {
    let now = tx.now;
    diesel::update(accounts::table.find(id))
        .set((
            accounts::provider_subject_hash.eq(None::<Vec<u8>>),
            accounts::version.eq(accounts::version + 1),
            accounts::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Raise epochs, which makes every token of before too old; gives the new ones.
pub async fn raise_epochs(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, i32)>> {
    Ok(diesel::update(accounts::table.filter(accounts::id.eq_any(ids)))
        .set(accounts::epoch.eq(accounts::epoch + 1))
        .returning((accounts::id, accounts::epoch))
        .get_results(tx.conn())
        .await?)
}

pub async fn set_secret(tx: &mut Tx<'_>, id: Uuid, secret_hash: &str) -> Result<()> {
    let now = tx.now;
    diesel::update(accounts::table.find(id))
        .set((
            accounts::secret_hash.eq(secret_hash),
            accounts::version.eq(accounts::version + 1),
            accounts::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Store the same secret in another form: nothing else of the account changes.
pub async fn rehash_secret(tx: &mut Tx<'_>, id: Uuid, before: &str, secret_hash: &str) -> Result<()> {
    diesel::update(accounts::table.find(id).filter(accounts::secret_hash.eq(before)))
        .set(accounts::secret_hash.eq(secret_hash))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Change an account that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, before: &Account, change: &Change) -> Result<Account> {
    let now = tx.now;
    let account =
        diesel::update(accounts::table.find(before.id).filter(accounts::version.eq(before.version)))
            .set((
                accounts::display_name.eq(change.display_name.as_ref().unwrap_or(&before.display_name)),
                accounts::is_active.eq(change.is_active.unwrap_or(before.is_active)),
                accounts::jwks.eq(change.jwks.as_ref().or(before.jwks.as_ref())),
                accounts::version.eq(accounts::version + 1),
                accounts::updated_at.eq(now),
            ))
            .returning(Account::as_returning())
            .get_result(tx.conn())
            .await
            .optional()?
            .ok_or(Error::Stale)?;
    if let Some(roles) = &change.roles {
        diesel::delete(role_assignments::table.filter(role_assignments::account_id.eq(before.id)))
            .execute(tx.conn())
            .await?;
        insert_roles(tx, before.id, roles).await?;
    }
    Ok(account)
}

pub async fn insert(tx: &mut Tx<'_>, draft: &Draft, secret_hash: &str) -> Result<Account> {
    let (id, now) = (tx.new_id(), tx.now);
    let account = diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(id),
            accounts::username.eq(text::account_name(&draft.username)),
            accounts::display_name.eq(&draft.display_name),
            accounts::kind.eq(draft.kind),
            accounts::secret_hash.eq(secret_hash),
            accounts::jwks.eq(match &draft.proof {
                Proof::Keys(jwks) => Some(jwks),
                Proof::Secret(_) => None,
            }),
            accounts::employee_id.eq(draft.employee_id),
            accounts::institute_id.eq(draft.institute_id),
            accounts::is_active.eq(true),
            accounts::created_at.eq(now),
            accounts::updated_at.eq(now),
        ))
        .returning(Account::as_returning())
        .get_result(tx.conn())
        .await?;
    insert_roles(tx, id, &draft.roles).await?;
    Ok(account)
}

async fn insert_roles(tx: &mut Tx<'_>, account_id: Uuid, roles: &[RoleDraft]) -> Result<()> {
    let now = tx.now;
    let rows: Vec<_> = roles
        .iter()
        .map(|r| {
            (
                role_assignments::id.eq(tx.new_id()),
                role_assignments::account_id.eq(account_id),
                role_assignments::role.eq(r.role),
                role_assignments::unit_id.eq(r.unit_id),
                role_assignments::created_at.eq(now),
            )
        })
        .collect();
    diesel::insert_into(role_assignments::table).values(rows).execute(tx.conn()).await?;
    Ok(())
}
