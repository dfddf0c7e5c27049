use uuid::Uuid;

use super::model::WorkScores;
use crate::catalogue::courses;
use crate::db::Tx;
use crate::effectiveness::score_panels::{self, Course};
use crate::error::Result;
use crate::page::{Page, PageRequest};

/// One page of courses, of the newest sealed quarter.
///
/// # Errors
/// When the database cannot be reached.
pub async fn work_scores(
    tx: &mut Tx<'_>,
    course_id: Option<Uuid>,
    page: &PageRequest,
) -> Result<Page<WorkScores>> {
    let Some(quarter) = score_panels::newest(tx).await? else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    Ok(score_panels::page(tx, quarter, course_id, page).await?.map(WorkScores::of))
}

/// Of one course, or of the whole ministry, with what it is called; without scores where nothing was added up.
///
/// # Errors
/// Not found when there is no such course in the caller's reach.
pub async fn one(tx: &mut Tx<'_>, course_id: Option<Uuid>) -> Result<(Option<Course>, Option<WorkScores>)> {
    let course = match course_id {
        Some(id) => {
            let found = courses::find_visible(tx, id).await?;
            Some(Course { id, code: found.code, title: found.title })
        }
        None => None,
    };
    let first = PageRequest { limit: 1, after: None };
    let page = work_scores(tx, course_id, &first).await?;
    Ok((course, page.items.into_iter().next()))
}
