use std::collections::HashMap;

use uuid::Uuid;

use super::instrument::Instrument;
use super::items::Item;
use super::model::{Draft, Questionnaire};
use super::queries::{self, Filter};
use super::shipped;
use crate::catalogue::courses;
use crate::db::Tx;
use crate::error::{Error, FieldError, ReferenceExt, Result};
use crate::page::{Page, PageRequest};

/// One page of questionnaires.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Questionnaire>> {
    queries::list(tx, filter, page).await
}

/// One questionnaire.
///
/// # Errors
/// Not found.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Questionnaire> {
    queries::get(tx, id).await
}

/// The form that an evaluation asks for; the evaluation's own reach decides who may see it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(tx: &mut Tx<'_>, id: Uuid) -> Result<Questionnaire> {
    queries::find(tx, id).await
}

/// Publish a version. It never changes afterwards.
///
/// # Errors
/// [`crate::error::Rule::QuestionnaireExists`] for a code and revision published before; items that do not fit their
/// kind; an unknown course; codes of shipped forms used for something else, or of another course.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Questionnaire> {
    draft.faults().check()?;
    if let Some(course) = draft.course_id {
        let course = courses::find_visible(tx, course).await.referenced_at("/course_id")?;
        named_after(&draft, &course.code)?;
    }
    lock_code(tx, &draft.code).await?;
    publish(tx, draft).await
}

/// The two parallel tests of a course bear its code.
fn named_after(draft: &Draft, course: &str) -> Result<()> {
    let codes = shipped::knowledge_codes(course);
    if !draft.instrument().is_test() || codes.contains(&draft.code) {
        return Ok(());
    }
    Err(FieldError::new("/code", "not_allowed").with("allowed", codes.join(", ")).into())
}

/// Publishers of one code take turns: the newest revision is only the newest while nobody adds another.
///
/// # Errors
/// [`Error::Unavailable`] when the turn does not come in time.
pub async fn lock_code(tx: &mut Tx<'_>, code: &str) -> Result<()> {
    tx.lock(&format!("questionnaire {code}")).await
}

/// The form that new evaluations ask for. Of a shipped form the newest revision; of one made of a course the one that
/// asks for its behaviours as they are now: a changed text makes a new revision.
///
/// # Errors
/// Not found for an unknown course, and for what nobody ships: tests and officers' own forms.
pub async fn ensure(tx: &mut Tx<'_>, instrument: Instrument, course_id: Uuid) -> Result<Uuid> {
    let draft = match instrument {
        Instrument::Reaction => shipped::reaction(),
        Instrument::Environment => shipped::environment(),
        Instrument::Beneficiary => shipped::beneficiary(),
        Instrument::Behaviour | Instrument::SelfBehaviour | Instrument::ThenTest => {
            let draft = shipped::made_of_course(instrument, &queries::taught(tx, course_id).await?);
            let items = draft.items.clone();
            return newest_or(tx, draft, |newest| newest == items).await;
        }
        Instrument::Knowledge | Instrument::Quality | Instrument::Other => {
            return Err(Error::NotFound("questionnaire"));
        }
    };
    newest_or(tx, draft, |_| true).await
}

/// The newest revision of a statutory form, by its code; that of a circular the service knows is shipped.
///
/// # Errors
/// Not found for a code that is no statutory form's.
pub async fn ensure_statutory(tx: &mut Tx<'_>, code: &str) -> Result<Uuid> {
    let shipped = [shipped::quality_03_2023(), shipped::quality_10_2017()];
    if let Some(draft) = shipped.into_iter().find(|draft| draft.code == code) {
        return newest_or(tx, draft, |_| true).await;
    }
    let newest = queries::newest(tx, code, Instrument::Quality).await?;
    newest.map(|(id, _)| id).ok_or(Error::NotFound("questionnaire"))
}

/// The tests of courses that have any: what is asked before, and after. A course with one test asks it twice.
///
/// # Errors
/// When the database cannot be reached.
pub async fn tests(tx: &mut Tx<'_>, course_ids: &[Uuid]) -> Result<HashMap<Uuid, [Uuid; 2]>> {
    let mut pairs: HashMap<Uuid, [Uuid; 2]> = HashMap::new();
    // `-a` comes before `-b`.
    for (course, code, id) in queries::tests(tx, course_ids).await? {
        let [_, after] = pairs.entry(course).or_insert([id, id]);
        if code.ends_with(shipped::SECOND_TEST) {
            *after = id;
        }
    }
    Ok(pairs)
}

/// The newest revision of a shipped form, if it still fits; otherwise the draft becomes the next one.
async fn newest_or(tx: &mut Tx<'_>, mut draft: Draft, fits: impl Fn(&[Item]) -> bool) -> Result<Uuid> {
    lock_code(tx, &draft.code).await?;
    if let Some((id, items)) = queries::newest(tx, &draft.code, draft.instrument()).await?
        && fits(&items.0)
    {
        return Ok(id);
    }
    draft.revision = queries::highest_revision(tx, &draft.code).await?.unwrap_or(0) + 1;
    Ok(publish(tx, draft).await?.id)
}

async fn publish(tx: &mut Tx<'_>, draft: Draft) -> Result<Questionnaire> {
    let form = queries::insert(tx, draft).await?;
    tx.emit(
        "questionnaire.published",
        form.id,
        &serde_json::json!({"code": form.code, "revision": form.revision}),
    );
    Ok(form)
}
