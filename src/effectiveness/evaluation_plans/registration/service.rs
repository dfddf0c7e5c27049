use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::super::model::{Plan, PlannedPeople, SpreadOfChange, WantedChange};
use super::super::queries as plans;
use super::model::{Begun, Registered, Registration};
use super::queries;
use crate::clock::{first_moment, vietnamese_day};
use crate::db::Tx;
use crate::effectiveness::expected_effects;
use crate::effectiveness::release::{self, LONGEST_WAIT};
use crate::error::Result;
use crate::participation::seat_draws::COMPARED_DAYS;

/// Offerings registered in one unit of work.
const BATCH: i64 = 50;

/// Days after the last session by which the figures of three months are out: then nothing is fixed any more.
const STILL_OPEN_DAYS: i64 = COMPARED_DAYS as i64 + LONGEST_WAIT;

/// Minutes after midnight at which the background loop of the demo has registered.
const SOON: i64 = 5;

/// Register some offerings that have begun, as they are known now. How many are new; call again until there are none. Every
/// replica may do so at any time: they take turns, and an offering is registered once.
///
/// # Errors
/// When the database cannot be reached.
pub async fn register(tx: &mut Tx<'_>) -> Result<usize> {
    tx.lock("evaluation registrations").await?;
    let (now, today) = (tx.now, tx.today());
    let due = queries::due(tx, today, Some(today - Duration::days(STILL_OPEN_DAYS)), BATCH).await?;
    let ids: Vec<Uuid> = due.into_iter().map(|(id, _)| id).collect();
    write_down(tx, &ids, now).await
}

/// Register some offerings that have ever begun, each as of the first minutes of its first day, as if the background loop
/// had run all along. How many are new; call again until there are none. For the demo ministry's history.
///
/// # Errors
/// When the database cannot be reached.
pub async fn register_history(tx: &mut Tx<'_>) -> Result<usize> {
    let today = tx.today();
    let due = queries::due(tx, today, None, BATCH).await?;
    let mut written = 0;
    for of_day in due.chunk_by(|(_, one), (_, other)| one == other) {
        let ids: Vec<Uuid> = of_day.iter().map(|(id, _)| *id).collect();
        let Some((_, first)) = of_day.first() else { continue };
        written += write_down(tx, &ids, first_moment(*first) + Duration::minutes(SOON)).await?;
    }
    Ok(written)
}

async fn write_down(tx: &mut Tx<'_>, offering_ids: &[Uuid], at: DateTime<Utc>) -> Result<usize> {
    if offering_ids.is_empty() {
        return Ok(0);
    }
    let mut written = 0;
    for (id, begun) in begun(tx, offering_ids, vietnamese_day(at)).await? {
        let registration = Registration::of(begun, at)?;
        if queries::insert(tx, id, &registration).await? {
            written += 1;
            tx.emit("evaluation.registered", id, &json!({"offering_id": id, "digest": registration.digest}));
        }
    }
    Ok(written)
}

/// What is fixed of some offerings on a day.
async fn begun(tx: &mut Tx<'_>, offering_ids: &[Uuid], day: NaiveDate) -> Result<Vec<(Uuid, Begun)>> {
    let mut forms = queries::with_forms(tx, offering_ids).await?;
    let mut expected = expected_effects::of_offerings(tx, offering_ids).await?;
    let spread = SpreadOfChange::of(release::spread_of_change(tx, day).await?);
    let mut found = Vec::new();
    for facts in plans::facts(tx, offering_ids).await? {
        let id = facts.offering.id;
        let expected = expected.remove(&id).unwrap_or_default();
        let people = PlannedPeople::of(&facts, day);
        let wanted = WantedChange::of(&expected, facts.smallest_change);
        found.push((
            id,
            Begun {
                offering: facts.offering,
                course: facts.course,
                first: facts.first,
                last: facts.last,
                smallest_change: facts.smallest_change,
                forms: forms.remove(&id).unwrap_or_default(),
                expected,
                by_lot: facts.by_lot,
                people,
                spread,
                detectable: Plan::of(id, people, spread, wanted).detectable,
            },
        ));
    }
    Ok(found)
}

/// The registration of an offering; the caller's reach is looked after before.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_offering(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Option<Registration>> {
    Ok(queries::of_offerings(tx, &[offering_id]).await?.remove(&offering_id))
}

/// What the registrations of some offerings say. For reports, which look after the caller's reach themselves.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_offerings(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<HashMap<Uuid, Registered>> {
    let stored = queries::of_offerings(tx, offering_ids).await?;
    stored.into_iter().map(|(id, registration)| Ok((id, registration.read()?))).collect()
}

/// Those of some offerings whose reports depart from what was registered: by the smallest change of the course as it is now,
/// by a form that is asked, or because it was registered late.
///
/// # Errors
/// When the database cannot be reached.
pub async fn departed(tx: &mut Tx<'_>, registered: &HashMap<Uuid, Registered>) -> Result<HashSet<Uuid>> {
    let ids: Vec<Uuid> = registered.keys().copied().collect();
    let forms = queries::forms(tx, &ids).await?;
    let smallest = queries::smallest_changes(tx, &ids).await?;
    let departs = |(id, of): &(&Uuid, &Registered)| {
        let asked = forms.get(*id).map(Vec::as_slice).unwrap_or_default();
        smallest.get(*id).is_none_or(|smallest| of.is_departed_from(*smallest, asked))
    };
    Ok(registered.iter().filter(departs).map(|(id, _)| *id).collect())
}
