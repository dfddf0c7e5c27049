use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::model::{Action, Change, Decision, Draft, Institute, OPEN_FROM_ADDRESS, OPEN_IN_ALL};
use super::queries::{self, Filter};
use crate::access::Permission;
use crate::clock::random_id;
use crate::db::Tx;
use crate::error::{Error, Result, Rule};
use crate::page::{Page, PageRequest};
use crate::patch::unchanged;
use crate::version::Expected;

/// One page of institutes.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Institute>> {
    queries::list(tx, filter, page).await
}

/// One institute.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn find_visible(tx: &mut Tx<'_>, id: Uuid) -> Result<Institute> {
    queries::get(tx, id).await
}

/// The institute that the caller works for.
///
/// # Errors
/// [`Error::Forbidden`] when there is none: the permission means nothing without an institute.
pub async fn own(tx: &mut Tx<'_>, permission: Permission) -> Result<Institute> {
    let id = tx.reach.institute_id.ok_or(Error::Forbidden(permission))?;
    queries::get(tx, id).await
}

/// Register an institute; it organises nothing before it is approved, and occupies no code. Gives the application's
/// secret, too, which is shown once.
///
/// # Errors
/// [`Rule::CodeTaken`] by an approved institute; [`Rule::TooManyApplications`] when too many wait for a decision.
pub async fn apply(tx: &mut Tx<'_>, draft: Draft) -> Result<(Institute, String)> {
    tx.lock("institute applications").await?;
    let (here, in_all) = queries::open_applications(tx, &draft.applicant_hash).await?;
    if here >= OPEN_FROM_ADDRESS || in_all >= OPEN_IN_ALL {
        return Err(Rule::TooManyApplications.into());
    }
    if queries::is_taken(tx, &draft.code).await? {
        return Err(Rule::CodeTaken.into());
    }
    let secret = random_id().simple().to_string();
    let institute = queries::insert(tx, draft, hash(&secret)).await?;
    tx.emit("institute.applied", institute.id, &event_data(&institute));
    Ok((institute, secret))
}

/// What is kept of an application's secret: it is random, so that a fast hash will do.
fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// The institute that somebody applied for, for who holds the application's secret.
///
/// # Errors
/// [`Error::Invalid`] for a secret that is not good: never given, used up, or forgotten.
pub async fn of_applicant(tx: &mut Tx<'_>, id: Uuid, secret: &str) -> Result<Institute> {
    let found = queries::of_applicant(tx, id, &hash(secret)).await?;
    found.ok_or_else(|| Error::field("/application_secret", "application_token_bad"))
}

/// Use an application's secret up, to open the account of the institute that was approved.
///
/// # Errors
/// [`Error::Invalid`] for a secret that is not good; [`Rule::InstituteNotApproved`].
pub async fn use_secret(tx: &mut Tx<'_>, id: Uuid, secret: &str) -> Result<Institute> {
    let institute = of_applicant(tx, id, secret).await?;
    institute.may_organise()?;
    queries::use_secret(tx, institute.id).await?;
    Ok(institute)
}

/// Change an institute's contact.
///
/// # Errors
/// [`Error::Stale`]; not found outside the caller's reach.
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, change: Change) -> Result<Institute> {
    let institute = queries::get_for_change(tx, id).await?;
    expected.check(institute.version)?;
    if unchanged!(&change, institute, Change { contact_email, contact_name } and no { status, decision_number, code })
    {
        return Ok(institute);
    }
    let institute = queries::update(tx, &institute, change).await?;
    tx.emit("institute.updated", institute.id, &event_data(&institute));
    Ok(institute)
}

/// Approve (by a decision, perhaps with another code), refuse, suspend or close an institute.
///
/// # Errors
/// [`Rule::WrongState`] where the transition table has no such step; [`Rule::CodeTaken`].
pub async fn act(tx: &mut Tx<'_>, id: Uuid, action: Action, decision: Option<Decision>) -> Result<Institute> {
    let institute = queries::get_for_change(tx, id).await?;
    tx.matches(institute.version)?;
    let status = Some(institute.status.step(action)?);
    let Decision { number, code } = decision.unwrap_or_default();
    // What refers to an institute knows it by its code: it is given once.
    let code = code.filter(|_| institute.decision_number.is_none());
    let change = Change { status, decision_number: number, code, ..Change::default() };
    let institute = queries::update(tx, &institute, change).await?;
    tx.emit(action.event(), institute.id, &event_data(&institute));
    Ok(institute)
}

fn event_data(institute: &Institute) -> serde_json::Value {
    json!({"code": institute.code, "status": institute.status})
}
