use std::collections::HashMap;

use chrono::Datelike;
use uuid::Uuid;

use super::model::{Known, Request, Scorecard, Scorecards, compare};
use super::queries;
use crate::access::{Permission, policy};
use crate::db::Tx;
use crate::effectiveness::corrective_actions::standings;
use crate::effectiveness::measures::Measure;
use crate::effectiveness::release::released;
use crate::effectiveness::report::only_institute;
use crate::error::{Error, FieldError, Result};
use crate::page::{Page, PageRequest};

/// One page of scorecards, with the list they are part of (then without items).
///
/// # Errors
/// Not found for an institute outside the caller's reach or without any offering; a day to come.
pub async fn scorecards(
    tx: &mut Tx<'_>,
    request: &Request,
    page: &PageRequest,
) -> Result<(Page<Scorecard>, Scorecards)> {
    let today = tx.today();
    if request.as_of > today {
        return Err(FieldError::new("?as_of", "too_large").with("limit", today).into());
    }
    let mut list = compare_all(tx, request).await?;
    let only = only_institute(tx);
    let wanted = |id: Uuid| request.id.is_none_or(|asked| asked == id) && only.is_none_or(|own| own == id);
    let rows: Vec<Scorecard> =
        std::mem::take(&mut list.items).into_iter().filter(|card| wanted(card.institute.id)).collect();
    if request.id.is_some() && rows.is_empty() {
        return Err(Error::NotFound("institute"));
    }
    Ok((Page::of_all(rows, page, |card| card.institute.id), list))
}

/// The whole ministry's list: for every reader, an institute is compared with all others.
async fn compare_all(tx: &mut Tx<'_>, request: &Request) -> Result<Scorecards> {
    let ended = queries::ended(tx, request.as_of).await?;
    let ids: Vec<Uuid> = ended.iter().map(|offering| offering.id).collect();
    let released = released(tx, request.as_of, &ids, &[Measure::ThreeMonths, Measure::Reaction]).await?;
    let results = queries::results(tx, request.as_of).await?;
    // A caller who may read scorecards need not have the permission to read what was found in courses.
    let mut actions = match policy::reach(tx.actor, Permission::CorrectiveActionRead) {
        Some(_) => Some(standings(tx, request.as_of).await?),
        None => None,
    };
    let mut known: HashMap<Uuid, Known> = HashMap::new();
    for offering in &ended {
        let of = known.entry(offering.institute_id).or_default();
        of.offerings += 1;
        if let Some(released) = released.get(&offering.id) {
            of.add(offering.course_id, offering.last.year(), released);
        }
    }
    for ((institute, _), of_offering) in &results {
        known.entry(*institute).or_default().results.add_offering(of_offering);
    }
    let institutes = queries::institutes(tx, &known.keys().copied().collect::<Vec<_>>()).await?;
    let whole = institutes.into_iter().map(|institute| {
        let mut of = known.remove(&institute.id).unwrap_or_default();
        of.actions = actions.as_mut().map(|all| all.remove(&institute.id).unwrap_or_default());
        (institute, of)
    });
    Ok(compare(whole.collect()))
}
