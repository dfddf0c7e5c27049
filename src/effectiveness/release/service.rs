use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::awaited::AwaitedScores;
use super::model::{Release, RolledUp};
use super::seen::Seen;
use super::{form_counts, own_forms, queries, revising};
use crate::db::Tx;
use crate::effectiveness::form_quality;
use crate::effectiveness::measures::behaviour::{Behaviour, Floor};
use crate::effectiveness::measures::reaction::is_under;
use crate::effectiveness::measures::unit_disclosure;
use crate::effectiveness::measures::{Measure, OfferingSums, to_stored};
use crate::error::Result;
use crate::evaluation::evaluations::waiting::{self, KEY_PATIENCE};
use crate::tokens::Keys;
use statistics::Verdict;
use statistics::thresholds::REACTION_LIMIT;

/// Offerings looked at in one unit of work.
const BATCH: i64 = 50;

/// Add up, for good, what is due: some offerings at a time. Call again until no figure is new. Institutes answer for what is
/// bad: [`crate::effectiveness::corrective_actions::release_due`] does both in one unit of work.
///
/// Every replica may do so at any time: they take turns, an offering's figures of a measure exist once, and a batch is
/// there as a whole or not at all. Anonymous answers that wait are opened by `keys`, written and counted.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] when another replica takes too long.
pub async fn roll_up(tx: &mut Tx<'_>, keys: &Keys) -> Result<RolledUp> {
    tx.lock("effectiveness roll-up").await?;
    let mut round = RolledUp::default();
    for measure in Measure::ALL {
        for release in due(tx, measure).await? {
            publish(tx, keys, release, &mut round).await?;
        }
    }
    form_quality::keep_statutory(tx).await?;
    if round.new == 0 {
        round.new += revising::revise(tx, BATCH).await?;
    }
    // Only when every offering released in it is there can a quarter be put together.
    if round.new == 0 {
        for measure in Measure::OF_PEOPLE {
            for quarter in queries::open_quarters(tx, measure).await? {
                close_quarter(tx, measure, quarter).await?;
            }
        }
        form_quality::count(tx).await?;
    }
    Ok(round)
}

/// Put the people of each unit together, over all offerings released in a quarter that is over.
async fn close_quarter(tx: &mut Tx<'_>, measure: Measure, quarter: NaiveDate) -> Result<()> {
    let parts = queries::of_quarter(tx, measure, quarter).await?;
    queries::insert_quarter(tx, measure, quarter, &unit_disclosure::shown(parts)).await
}

/// Release an offering's figures, and note whether they are new, and whether they are bad.
async fn publish(tx: &mut Tx<'_>, keys: &Keys, release: Release, round: &mut RolledUp) -> Result<()> {
    if !all_written(tx, keys, release).await? {
        return Ok(());
    }
    if publish_figures(tx, release, round).await? {
        round.new += 1;
        form_quality::keep(tx, release.offering_id, release.measure.instruments(), release.on).await?;
    }
    Ok(())
}

async fn publish_figures(tx: &mut Tx<'_>, release: Release, round: &mut RolledUp) -> Result<bool> {
    if let Some(tally) = form_counts::of(tx, release).await? {
        let is_new = queries::insert(tx, release, to_stored(&tally)?).await?;
        if is_new && release.measure == Measure::Reaction && is_under(&tally, REACTION_LIMIT) {
            round.bad.push((release.offering_id, release.measure));
        }
        return Ok(is_new);
    }
    if let Some(figures) = own_forms::added_up(tx, release).await? {
        return queries::insert(tx, release, figures).await;
    }
    let latest = release.on - Days::new(1);
    let seen = Seen::load(tx, &[release.offering_id], release.measure, latest).await?;
    let (whole, rows, by_unit) = seen.add_up(release.measure);
    let is_new = queries::insert(tx, release, to_stored(&whole)?).await?;
    if is_new {
        queries::insert_rows(tx, release, &rows).await?;
        queries::insert_units(tx, release, &by_unit).await?;
        if release.measure == Measure::ThreeMonths && got_worse(tx, release.offering_id, whole).await? {
            round.bad.push((release.offering_id, release.measure));
        }
    }
    Ok(is_new)
}

/// Write the anonymous answers that wait for a release, and say whether it need not wait for any that cannot be opened.
async fn all_written(tx: &mut Tx<'_>, keys: &Keys, release: Release) -> Result<bool> {
    let Some(phase) = release.measure.phase().filter(|_| form_counts::is_anonymous(release.measure)) else {
        return Ok(true);
    };
    let unread = waiting::write_down_of(tx, keys, release.offering_id, phase).await?;
    Ok(unread == 0 || release.on + KEY_PATIENCE <= tx.today())
}

/// Whether the report on the offering says that work got worse: the same verdict, by the same gates.
async fn got_worse(tx: &mut Tx<'_>, offering_id: Uuid, whole: OfferingSums) -> Result<bool> {
    let smallest_change = queries::smallest_change(tx, offering_id).await?;
    let behaviour = Behaviour::of(&whole.alone(), smallest_change, Floor::Standard);
    Ok(behaviour.verdict == Some(Verdict::Worse))
}

async fn due(tx: &mut Tx<'_>, measure: Measure) -> Result<Vec<Release>> {
    let today = tx.today();
    // Those that wait for a moved form, or for scores, come before later ones: look past them.
    let candidates = queries::unreleased(tx, measure, BATCH * 20).await?;
    let ids: Vec<Uuid> = candidates.iter().map(|(id, _)| *id).collect();
    let last_due = queries::last_due(tx, measure, &ids).await?;
    let scores =
        if measure == Measure::WorkScore { queries::awaited(tx, &ids).await? } else { HashMap::new() };
    let day = |id: Uuid, last| match scores.get(&id) {
        Some(awaited) => awaited.released_on(today),
        None => Some(Release::day(measure, last, last_due.get(&id).copied())).filter(|day| *day <= today),
    };
    let releases = candidates.into_iter().filter_map(|(offering_id, last)| {
        Some(Release { offering_id, measure, on: day(offering_id, last)?, revision: 1 })
    });
    Ok(releases.take(BATCH as usize).collect())
}

/// What the release of the official scores of some offerings waits for, as it is known at the end of a day. Offerings
/// without people wait for nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn awaited_scores(
    tx: &mut Tx<'_>,
    offering_ids: &[Uuid],
    as_of: NaiveDate,
) -> Result<HashMap<Uuid, AwaitedScores>> {
    let awaited = queries::awaited(tx, offering_ids).await?;
    Ok(awaited.into_iter().map(|(id, of)| (id, of.waits_for(as_of))).collect())
}

/// What is known at the end of a day of offerings whose window is still open: how many forms there are and came back,
/// and never what they say.
///
/// # Errors
/// When the database cannot be reached.
pub async fn look(
    tx: &mut Tx<'_>,
    offering_ids: &[Uuid],
    measure: Measure,
    as_of: NaiveDate,
) -> Result<HashMap<Uuid, OfferingSums>> {
    let seen = Seen::load(tx, offering_ids, measure, as_of).await?;
    Ok(offering_ids.iter().map(|id| (*id, seen.of_offering(*id, measure).counted())).collect())
}
