use chrono::Days;
use serde_json::json;
use uuid::Uuid;

use super::erasure;
use super::export::{self, Export};
use super::model::{
    Action, Change, DataRequest, DataRequestKind, DataRequestStatus, Draft, New, acknowledge_by,
};
use super::queries::{self, Filter};
use crate::db::Tx;
use crate::error::{Error, ReferenceExt, Result, Rule};
use crate::organisation::employees::{self, IdentityPurpose};
use crate::organisation::holidays;
use crate::page::{Page, PageRequest};
use crate::tokens::Keys;

/// Days after a request came in which a holiday can move its acknowledgement.
const HOLIDAYS_LOOKED_AT: u64 = 60;

/// One page of requests, newest first.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<DataRequest>> {
    queries::list(tx, filter, page).await
}

/// One request.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<DataRequest> {
    queries::get(tx, id).await
}

/// Record a request; its clocks start on the day it came.
///
/// # Errors
/// Somebody else's data; corrections or a day that do not fit; [`Rule::EmployeeErased`].
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<DataRequest> {
    let today = tx.today();
    draft.check(today, tx.reach.all)?;
    let employee_id = draft.employee_id.or(tx.reach.employee_id);
    let employee_id = employee_id.ok_or_else(|| Error::field("/employee_id", "required"))?;
    let employee = employees::find_visible(tx, employee_id).await.referenced_at("/employee_id")?;
    if employee.erased_at.is_some() {
        return Err(Rule::EmployeeErased.into());
    }
    let received_on = draft.received_on.unwrap_or(today);
    let known = holidays::between(tx, received_on, received_on + Days::new(HOLIDAYS_LOOKED_AT)).await?;
    let new = New {
        employee_id,
        asked_by_person: tx.actor.employee_id == Some(employee_id),
        kind: draft.kind,
        details: draft.details,
        corrections: draft.corrections.map(serde_json::to_value).transpose().map_err(Error::internal)?,
        received_on,
        acknowledge_by: acknowledge_by(received_on, |day| holidays::is_worked(day, &known)),
    };
    let request = queries::insert(tx, new).await?;
    tell(tx, "personal_data_request.created", &request);
    Ok(request)
}

/// Tell the person that the request came and how it goes on.
///
/// # Errors
/// [`Rule::WrongState`].
pub async fn acknowledge(tx: &mut Tx<'_>, id: Uuid) -> Result<DataRequest> {
    let today = tx.today();
    step(tx, id, Action::Acknowledge, Change { acknowledged_on: Some(today), ..Change::default() }).await
}

/// Take more time, once and with a reason.
///
/// # Errors
/// [`Rule::WrongState`]; [`Rule::ExtensionNotPossible`]; more days than the law allows.
pub async fn extend(tx: &mut Tx<'_>, id: Uuid, days: u64, reason: String) -> Result<DataRequest> {
    let today = tx.today();
    let request = queries::get_for_change(tx, id).await?;
    tx.matches(request.version)?;
    let change = Change {
        due_on: Some(request.extended_by(days, today)?),
        extended_on: Some(today),
        extension_reason: Some(reason),
        ..Change::default()
    };
    let request = queries::update(tx, &request, change).await?;
    tell(tx, Action::Extend.event(), &request);
    Ok(request)
}

/// Refuse a request, with a reason.
///
/// # Errors
/// [`Rule::WrongState`].
pub async fn refuse(tx: &mut Tx<'_>, id: Uuid, reason: String) -> Result<DataRequest> {
    let today = tx.today();
    let change = Change { decided_on: Some(today), refusal_reason: Some(reason), ..Change::default() };
    step(tx, id, Action::Refuse, change).await
}

/// Do what a request asks for. Two people look at what one of them recorded for somebody, and nobody decides about the own
/// data.
///
/// # Errors
/// [`Rule::FourEyes`]; [`Rule::WrongState`]; [`Rule::ErasureNotPossible`] while the person works here; what the rules of every change say
/// of a correction.
pub async fn fulfil(tx: &mut Tx<'_>, keys: &Keys, id: Uuid) -> Result<DataRequest> {
    let today = tx.today();
    let asked = queries::get_for_change(tx, id).await?;
    let recorded_alone = !asked.asked_by_person && asked.recorded_by == tx.actor.id;
    if recorded_alone || tx.actor.is_about_oneself(asked.employee_id) {
        return Err(Rule::FourEyes.into());
    }
    let request =
        step(tx, id, Action::Fulfil, Change { decided_on: Some(today), ..Change::default() }).await?;
    let person = request.employee_id;
    match request.kind {
        DataRequestKind::View | DataRequestKind::Copy => {}
        DataRequestKind::Correction => {
            employees::correct(tx, person, request.corrections()?).await?;
        }
        DataRequestKind::Restriction | DataRequestKind::Objection | DataRequestKind::ConsentWithdrawal => {
            employees::restrict(tx, person).await?;
        }
        DataRequestKind::Erasure => erasure::erase(tx, keys, person).await?,
    }
    queries::get(tx, id).await
}

/// Everything held about the person of a fulfilled request to view or to copy. The reading is entered in the audit log:
/// the unit of work must be one that commits.
///
/// # Errors
/// Not found outside the caller's reach; [`Rule::ExportNotAvailable`].
pub async fn export(tx: &mut Tx<'_>, id: Uuid) -> Result<Export> {
    let request = queries::get(tx, id).await?;
    if !request.kind.opens_export() || request.status != DataRequestStatus::Fulfilled {
        let why = json!({"kind": request.kind, "state": request.status});
        return Err(Error::refused(Rule::ExportNotAvailable, &why));
    }
    let person = request.employee_id;
    let own = tx.actor.employee_id == Some(person);
    let purpose = if own { IdentityPurpose::OwnData } else { IdentityPurpose::DataSubjectRequest };
    tx.note_read("personal_data_request.export_read", person, purpose.name());
    let made_at = tx.now;
    Ok(Export { request_id: id, employee_id: person, made_at, data: export::gather(tx, person).await? })
}

async fn step(tx: &mut Tx<'_>, id: Uuid, action: Action, change: Change) -> Result<DataRequest> {
    let request = queries::get_for_change(tx, id).await?;
    tx.matches(request.version)?;
    let change = Change { status: Some(request.status.step(action)?), ..change };
    let request = queries::update(tx, &request, change).await?;
    tell(tx, action.event(), &request);
    Ok(request)
}

/// Who asked is nobody else's business: the event does not say.
fn tell(tx: &mut Tx<'_>, kind: &'static str, request: &DataRequest) {
    let data = json!({"kind": request.kind, "status": request.status, "due_on": request.due_on});
    tx.emit(kind, request.id, &data);
}
