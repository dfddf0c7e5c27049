use uuid::Uuid;

use super::model::{ActionStatus, Answer, CorrectiveAction, Draft};
use super::queries::{self, Filter};
use crate::catalogue::{courses, offerings};
use crate::db::Tx;
use crate::error::{Error, ReferenceExt, Result};
use crate::page::{Page, PageRequest};

/// One page of corrective actions.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<CorrectiveAction>> {
    queries::list(tx, filter, page).await
}

/// One corrective action.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<CorrectiveAction> {
    queries::get(tx, id).await
}

/// Ask the institute of a course (or of one offering) to reply to a finding.
///
/// # Errors
/// Neither course nor offering, or one that does not exist or belongs to another; a reply due in the past.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<CorrectiveAction> {
    if draft.reply_due_on < tx.today() {
        return Err(Error::field("/reply_due_on", "deadline_past"));
    }
    let (course, institute) = match (draft.course_id, draft.offering_id) {
        (course, Some(offering)) => {
            let found = offerings::find_visible(tx, offering).await.referenced_at("/offering_id")?;
            if course.is_some_and(|c| c != found.course_id) {
                return Err(Error::unknown_reference("/offering_id"));
            }
            (found.course_id, found.institute_id)
        }
        (Some(course), None) => {
            let found = courses::find_visible(tx, course).await.referenced_at("/course_id")?;
            (course, found.institute_id)
        }
        (None, None) => return Err(Error::field("/course_id", "required")),
    };
    let action = queries::insert(tx, draft, course, institute).await?;
    tell(tx, "corrective_action.created", &action);
    Ok(action)
}

/// Reply for the institute, once.
///
/// # Errors
/// [`crate::error::Rule::WrongState`] unless it is open; what [`Answer::check`] finds.
pub async fn reply(tx: &mut Tx<'_>, id: Uuid, answer: Answer) -> Result<CorrectiveAction> {
    queries::lock(tx, id).await?;
    let action = queries::get(tx, id).await?;
    let to = action.status.step(ActionStatus::Replied)?;
    answer.check(tx.today())?;
    let action = queries::reply(tx, &action, answer, to).await?;
    tell(tx, "corrective_action.replied", &action);
    Ok(action)
}

/// Accept the reply.
///
/// # Errors
/// [`crate::error::Rule::WrongState`] unless it is replied to.
pub async fn close(tx: &mut Tx<'_>, id: Uuid) -> Result<CorrectiveAction> {
    queries::lock(tx, id).await?;
    let action = queries::get(tx, id).await?;
    let to = action.status.step(ActionStatus::Closed)?;
    let action = queries::set_status(tx, &action, to).await?;
    tell(tx, "corrective_action.closed", &action);
    Ok(action)
}

fn tell(tx: &mut Tx<'_>, kind: &'static str, action: &CorrectiveAction) {
    tx.emit(
        kind,
        action.id,
        &serde_json::json!({
            "institute_id": action.institute_id, "course_id": action.course_id, "status": action.status
        }),
    );
}
