use serde_json::json;
use uuid::Uuid;

use super::model::{Account, Draft, Kind, Login, RoleAssignment};
use super::queries;
use crate::access::Actor;
use crate::db::Tx;
use crate::error::Result;
use crate::identity::passwords;
use crate::page::{Page, PageRequest};

type WithRoles = (Account, Vec<RoleAssignment>);

/// One page of accounts with their roles.
pub async fn list(tx: &mut Tx<'_>, kind: Option<Kind>, page: &PageRequest) -> Result<Page<WithRoles>> {
    let page = queries::list(tx, kind, page).await?;
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
/// [`crate::error::Rule::UsernameTaken`]; [`crate::error::Error::Invalid`] where roles and account do not fit.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<WithRoles> {
    draft.check()?;
    let secret_hash = passwords::hash(draft.secret.clone()).await?;
    let account = queries::insert(tx, &draft, &secret_hash).await?;
    tx.emit("account.created", account.id, &json!({"username": account.username, "kind": account.kind}));
    let roles = queries::roles(tx, &[account.id]).await?;
    Ok((account, roles))
}

/// The active account of a name, with what signing in needs.
pub async fn find_login(tx: &mut Tx<'_>, kind: Kind, username: &str) -> Result<Option<Login>> {
    queries::find_login(tx, kind, username).await
}

/// The actor that an account's token speaks for.
pub async fn actor(tx: &mut Tx<'_>, login: Login) -> Result<Actor> {
    let roles = queries::roles(tx, &[login.id]).await?;
    let mut distinct = Vec::new();
    for assignment in &roles {
        if !distinct.contains(&assignment.role) {
            distinct.push(assignment.role);
        }
    }
    Ok(Actor {
        id: login.id,
        name: login.username,
        roles: distinct,
        unit_ids: roles.iter().filter_map(|r| r.unit_id).collect(),
        employee_id: login.employee_id,
        institute_id: login.institute_id,
        epoch: Some(login.epoch),
        on_behalf_of: None,
    })
}
