use std::collections::HashMap;

use chrono::Datelike;
use uuid::Uuid;

use super::model::{Course, Ended, Family, Request, Tested, family};
use super::queries;
use crate::db::Tx;
use crate::effectiveness::measures::{Measure, OfferingSums};
use crate::effectiveness::release::released;
use crate::error::{FieldError, Result};
use crate::page::{Page, PageRequest};

/// Offerings whose figures are in memory at once: their sums are some kilobytes each.
const CHUNK: usize = 500;

/// One page of the courses of a year, with the list they are part of.
///
/// # Errors
/// A day or year to come.
pub async fn discoveries(
    tx: &mut Tx<'_>,
    request: &Request,
    page: &PageRequest,
) -> Result<(Page<Tested>, Family)> {
    let today = tx.today();
    if request.as_of > today {
        return Err(FieldError::new("?as_of", "too_large").with("limit", today).into());
    }
    if request.year > request.as_of.year() {
        return Err(FieldError::new("?year", "too_large").with("limit", request.as_of.year()).into());
    }
    let (mut courses, awaiting) = tested(tx, request).await?;
    courses
        .sort_by(|one, other| (&one.course.code, one.course.id).cmp(&(&other.course.code, other.course.id)));
    let family = family(*request, &mut courses, awaiting);
    Ok((Page::of_all(courses, page, |tested| tested.course.id), family))
}

/// Every course of the year, and how many offerings are not released yet. What was released is read some hundred offerings at
/// a time, whole courses each, and nothing is kept but each course's figure.
async fn tested(tx: &mut Tx<'_>, request: &Request) -> Result<(Vec<Tested>, usize)> {
    let mut ended = queries::of_year(tx, request.year).await?;
    let all = ended.len();
    ended.retain(|offering| offering.last_day <= request.as_of);
    let mut ids: Vec<Uuid> = ended.iter().map(|offering| offering.course_id).collect();
    ids.dedup();
    let courses = queries::courses(tx, &ids).await?;
    let mut courses: HashMap<Uuid, Course> = courses.into_iter().map(|course| (course.id, course)).collect();
    let (mut tested, mut awaiting) = (Vec::with_capacity(ids.len()), all - ended.len());
    for chunk in chunks(&ended) {
        let offerings: Vec<Uuid> = chunk.iter().map(|offering| offering.offering_id).collect();
        let released = released(tx, request.as_of, &offerings, &[Measure::ThreeMonths]).await?;
        for of_course in chunk.chunk_by(Ended::is_of_same_course) {
            let mut sums = OfferingSums::default();
            for offering in of_course {
                let found = released
                    .get(&offering.offering_id)
                    .and_then(|of| of.counted_in(Measure::ThreeMonths, false));
                match found {
                    Some(found) => sums.merge(&found),
                    None => awaiting += 1,
                }
            }
            let course = of_course.first().and_then(|offering| courses.remove(&offering.course_id));
            tested.extend(course.map(|course| Tested::of(course, &sums)));
        }
    }
    Ok((tested, awaiting))
}

/// Whole courses, so many that there are some hundred offerings in each part (or one course that has more).
fn chunks(ended: &[Ended]) -> Vec<&[Ended]> {
    let (mut parts, mut rest, mut end) = (Vec::new(), ended, 0);
    for of_course in ended.chunk_by(Ended::is_of_same_course) {
        if end > 0 && end + of_course.len() > CHUNK {
            let (part, others) = rest.split_at(end);
            parts.push(part);
            (rest, end) = (others, 0);
        }
        end += of_course.len();
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn parts_hold_whole_courses_and_nothing_is_lost() {
        let ended: Vec<Ended> = [300, 150, 60, 700, 1, 499, 1]
            .into_iter()
            .enumerate()
            .flat_map(|(course, n)| (0..n).map(move |i| (course as u128, i)))
            .map(|(course, offering)| Ended {
                course_id: Uuid::from_u128(course),
                offering_id: Uuid::from_u128(offering),
                last_day: NaiveDate::default(),
            })
            .collect();
        let parts = chunks(&ended);
        let sizes: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        assert_eq!(sizes, [450, 60, 700, 500, 1]);
        assert_eq!(parts.concat(), ended);
        assert!(parts.windows(2).all(|two| two[0].last().unwrap().course_id != two[1][0].course_id));
        assert!(chunks(&[]).is_empty());
    }
}
