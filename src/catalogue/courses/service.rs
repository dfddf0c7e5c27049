use std::collections::{HashMap, HashSet};

use serde_json::json;
use uuid::Uuid;

use super::model::{Action, Build, Change, Course, CourseStatus, Detailed, Draft, Edit};
use super::queries::{self, Filter};
use crate::access::Permission;
use crate::catalogue::institutes;
use crate::db::Tx;
use crate::error::{Faults, FieldError, Result};
use crate::page::{Page, PageRequest};
use crate::version::Expected;

/// One page of courses.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Detailed>> {
    let Page { items, next } = queries::list(tx, filter, page).await?;
    Ok(Page { items: detailed(tx, items).await?, next })
}

/// One course, with what it builds and whom it is for.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Detailed> {
    let course = queries::get(tx, id).await?;
    one(tx, course).await
}

/// One course.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn find_visible(tx: &mut Tx<'_>, id: Uuid) -> Result<Course> {
    queries::get(tx, id).await
}

/// What each of some courses builds; a course that builds nothing is absent.
///
/// # Errors
/// When the database cannot be read.
pub async fn builds(tx: &mut Tx<'_>, course_ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Build>>> {
    queries::builds(tx, course_ids).await
}

/// Job positions that each of some courses is for; a course for everybody is absent.
///
/// # Errors
/// When the database cannot be read.
pub async fn audiences(tx: &mut Tx<'_>, course_ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    queries::audiences(tx, course_ids).await
}

/// Create a draft of the caller's institute.
///
/// # Errors
/// [`crate::error::Rule::InstituteNotApproved`]; [`crate::error::Rule::CodeTaken`]; competencies or positions that are
/// unknown or named twice.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Detailed> {
    let institute = institutes::own(tx, Permission::CourseManage).await?;
    institute.may_organise()?;
    check_lists(tx, Some(&draft.builds), Some(&draft.audience)).await?;
    let (builds, audience) = (draft.builds.clone(), draft.audience.clone());
    let course = queries::insert(tx, institute.id, draft).await?;
    queries::replace_builds(tx, course.id, &builds).await?;
    queries::replace_audience(tx, course.id, &audience).await?;
    tx.emit("course.created", course.id, &event_data(&course));
    one(tx, course).await
}

/// Change a course that the ministry has not agreed to yet.
///
/// # Errors
/// [`crate::error::Error::Stale`]; [`crate::error::Rule::WrongState`]; as [`create`].
pub async fn update(tx: &mut Tx<'_>, id: Uuid, expected: &Expected, edit: Edit) -> Result<Detailed> {
    let course = queries::get_for_change(tx, id).await?;
    expected.check(course.version)?;
    course.status.step(Action::Edit)?;
    check_lists(tx, edit.builds.as_deref(), edit.audience.as_deref()).await?;
    let stored = one(tx, course).await?;
    if edit.is_so(&stored) {
        return Ok(stored);
    }
    let course = queries::update(tx, &stored.course, edit.row).await?;
    if let Some(builds) = &edit.builds {
        queries::replace_builds(tx, id, builds).await?;
    }
    if let Some(audience) = &edit.audience {
        queries::replace_audience(tx, id, audience).await?;
    }
    tx.emit(Action::Edit.event(), id, &event_data(&course));
    one(tx, course).await
}

/// Submit, approve, ask for changes (with what must change), publish or retire a course.
///
/// # Errors
/// [`crate::error::Rule::WrongState`] where the transition table has no such step;
/// [`crate::error::Rule::InstituteNotApproved`] for what brings the course towards a class.
pub async fn act(tx: &mut Tx<'_>, id: Uuid, action: Action, reason: Option<String>) -> Result<Detailed> {
    let course = queries::get_for_change(tx, id).await?;
    tx.matches(course.version)?;
    let status = course.status.step(action)?;
    if action.organises() {
        institutes::find_visible(tx, course.institute_id).await?.may_organise()?;
    }
    let requested_changes = match status {
        CourseStatus::ChangesRequested => Some(reason),
        CourseStatus::Approved => Some(None),
        _ => None,
    };
    let change = Change { status: Some(status), requested_changes, ..Change::default() };
    let course = queries::update(tx, &course, change).await?;
    tx.emit(action.event(), id, &event_data(&course));
    one(tx, course).await
}

async fn one(tx: &mut Tx<'_>, course: Course) -> Result<Detailed> {
    let builds = queries::builds(tx, &[course.id]).await?;
    let audience = queries::audiences(tx, &[course.id]).await?;
    Ok(Detailed {
        builds: builds.into_values().flatten().collect(),
        audience: audience.into_values().flatten().collect(),
        course,
    })
}

async fn detailed(tx: &mut Tx<'_>, courses: Vec<Course>) -> Result<Vec<Detailed>> {
    let ids: Vec<Uuid> = courses.iter().map(|c| c.id).collect();
    let mut builds = queries::builds(tx, &ids).await?;
    let mut audiences = queries::audiences(tx, &ids).await?;
    let whole = |course: Course| Detailed {
        builds: builds.remove(&course.id).unwrap_or_default(),
        audience: audiences.remove(&course.id).unwrap_or_default(),
        course,
    };
    Ok(courses.into_iter().map(whole).collect())
}

/// Every competency and position once, and none that does not exist.
async fn check_lists(tx: &mut Tx<'_>, builds: Option<&[Build]>, audience: Option<&[Uuid]>) -> Result<()> {
    let mut faults = Faults::default();
    if let Some(builds) = builds {
        let ids: Vec<Uuid> = builds.iter().map(|b| b.competency_id).collect();
        let known = queries::known_competencies(tx, &ids).await?;
        faults.append(id_faults(&ids, &known, |i| format!("/builds/{i}/competency_id")));
    }
    if let Some(positions) = audience {
        let known = queries::known_positions(tx, positions).await?;
        faults.append(id_faults(positions, &known, |i| format!("/audience/{i}")));
    }
    faults.check()
}

fn id_faults(ids: &[Uuid], known: &HashSet<Uuid>, pointer: impl Fn(usize) -> String) -> Faults {
    let mut seen = HashSet::new();
    let mut faults = Faults::default();
    for (i, id) in ids.iter().enumerate() {
        if !known.contains(id) {
            faults.push(FieldError::new(pointer(i), "unknown_reference"));
        } else if !seen.insert(id) {
            faults.push(FieldError::new(pointer(i), "duplicate"));
        }
    }
    faults
}

fn event_data(course: &Course) -> serde_json::Value {
    json!({"code": course.code, "institute_id": course.institute_id, "status": course.status})
}
