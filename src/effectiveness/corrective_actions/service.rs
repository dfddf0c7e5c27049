use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::follow_up::{self, Detailed};
use super::model::{ActionStatus, Answer, Cause, CorrectiveAction, Decision, Draft, Standing};
use super::queries::{self, Change, Filter};
use crate::catalogue::{courses, offerings};
use crate::db::Tx;
use crate::effectiveness::release;
use crate::error::{Error, ReferenceExt, Result};
use crate::i18n::{self, Locale};
use crate::page::{Page, PageRequest};
use crate::tokens::Keys;

/// Days an institute has to reply to an action that the service opens.
const DAYS_TO_REPLY: u64 = 30;

/// One page of corrective actions.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Detailed>> {
    let Page { items, next } = queries::list(tx, filter, page).await?;
    Ok(Page { items: follow_up::detailed(tx, items).await?, next })
}

/// One corrective action, with what was measured and what the next run came to.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Detailed> {
    let action = queries::get(tx, id).await?;
    follow_up::one(tx, action).await
}

/// Release what is due, and ask the institutes to answer for what is bad; in one unit of work, so that there is never one
/// without the other. How many figures are new, or were looked at again; call again until there are none.
///
/// # Errors
/// [`Error::Unavailable`] when another replica takes too long.
pub async fn release_due(tx: &mut Tx<'_>, keys: &Keys) -> Result<usize> {
    let round = release::roll_up(tx, keys).await?;
    for (offering_id, measure) in round.bad {
        if let Some(cause) = Cause::of(measure) {
            open(tx, offering_id, cause).await?;
        }
    }
    Ok(round.new)
}

/// Open an action for what was released of an offering, in the unit of work of the release; once for each cause.
async fn open(tx: &mut Tx<'_>, offering_id: Uuid, cause: Cause) -> Result<()> {
    let offering = offerings::find_visible(tx, offering_id).await?;
    let key = format!("corrective-action-{}", cause.name().replace('_', "-"));
    let draft = Draft {
        course_id: Some(offering.course_id),
        offering_id: Some(offering_id),
        // Without the figure: it travels as a figure, with its interval, and through its gates.
        finding: i18n::text(Locale::Vi, &key, &[]),
        reply_due_on: tx.today() + Days::new(DAYS_TO_REPLY),
    };
    let opened = queries::insert(tx, draft, offering.course_id, offering.institute_id, cause).await?;
    if let Some(action) = opened {
        tell(tx, "corrective_action.created", &action);
    }
    Ok(())
}

/// The actions of every institute at the end of a day: for callers who see all institutes and may read actions.
///
/// # Errors
/// When the database cannot be reached.
pub async fn standings(tx: &mut Tx<'_>, on: NaiveDate) -> Result<HashMap<Uuid, Standing>> {
    let mut standings: HashMap<Uuid, Standing> = HashMap::new();
    for action in queries::opened_by(tx, on).await? {
        standings.entry(action.institute_id).or_default().add(&action, on);
    }
    Ok(standings)
}

/// Ask the institute of a course (or of one offering) to reply to a finding.
///
/// # Errors
/// Neither course nor offering, or one that does not exist or belongs to another; a reply due in the past.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Detailed> {
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
    let action = queries::insert(tx, draft, course, institute, Cause::Finding).await?;
    // What is opened by hand clashes with nothing.
    let action = action.ok_or(Error::NotFound("corrective action"))?;
    tell(tx, "corrective_action.created", &action);
    follow_up::one(tx, action).await
}

/// Reply for the institute, once.
///
/// # Errors
/// [`crate::error::Rule::WrongState`] unless it is open or upheld; an action due in the past.
pub async fn reply(tx: &mut Tx<'_>, id: Uuid, answer: Answer) -> Result<Detailed> {
    let now = tx.now;
    if answer.action_due_on < tx.today() {
        return Err(Error::field("/action_due_on", "deadline_past"));
    }
    let change = Change {
        reply: Some(answer.reply),
        action: Some(answer.action),
        action_owner: Some(answer.action_owner),
        action_due_on: Some(answer.action_due_on),
        replied_at: Some(now),
        ..Change::default()
    };
    step(tx, id, ActionStatus::Replied, change, "corrective_action.replied").await
}

/// Dispute the finding for the institute, once: after a decision there is no second dispute.
///
/// # Errors
/// [`crate::error::Rule::WrongState`] unless it is open.
pub async fn dispute(tx: &mut Tx<'_>, id: Uuid, reason: String) -> Result<Detailed> {
    let change = Change { dispute: Some(reason), disputed_at: Some(tx.now), ..Change::default() };
    step(tx, id, ActionStatus::Disputed, change, "corrective_action.disputed").await
}

/// Decide about a dispute: the finding is upheld, or taken back.
///
/// # Errors
/// [`crate::error::Rule::WrongState`] unless it is disputed; a reply due in the past.
pub async fn decide(tx: &mut Tx<'_>, id: Uuid, decision: Decision) -> Result<Detailed> {
    let (reason, reply_due_on, event) = match decision {
        Decision::Uphold { reason, reply_due_on } => (reason, Some(reply_due_on), "corrective_action.upheld"),
        Decision::Withdraw { reason } => (reason, None, "corrective_action.withdrawn"),
    };
    if reply_due_on.is_some_and(|due| due < tx.today()) {
        return Err(Error::field("/reply_due_on", "deadline_past"));
    }
    let to = if reply_due_on.is_some() { ActionStatus::Upheld } else { ActionStatus::Withdrawn };
    let change =
        Change { decision_reason: Some(reason), decided_at: Some(tx.now), reply_due_on, ..Change::default() };
    step(tx, id, to, change, event).await
}

/// Accept the reply.
///
/// # Errors
/// [`crate::error::Rule::WrongState`] unless it is replied to.
pub async fn close(tx: &mut Tx<'_>, id: Uuid) -> Result<Detailed> {
    step(tx, id, ActionStatus::Closed, Change::default(), "corrective_action.closed").await
}

async fn step(
    tx: &mut Tx<'_>,
    id: Uuid,
    to: ActionStatus,
    change: Change,
    event: &'static str,
) -> Result<Detailed> {
    queries::lock(tx, id).await?;
    let action = queries::get(tx, id).await?;
    tx.matches(action.version)?;
    let to = action.status.step(to)?;
    let action = queries::update(tx, &action, to, change).await?;
    tell(tx, event, &action);
    follow_up::one(tx, action).await
}

fn tell(tx: &mut Tx<'_>, kind: &'static str, action: &CorrectiveAction) {
    tx.emit(
        kind,
        action.id,
        &serde_json::json!({
            "institute_id": action.institute_id, "course_id": action.course_id, "status": action.status,
            "reason": action.cause
        }),
    );
}
