use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Months, NaiveDate};
use diesel::dsl::{exists, max, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::super::model::Release;
use crate::catalogue::offerings::{not_cancelled, takes_place};
use crate::db::Tx;
use crate::db::schema::{
    courses, evaluations, offering_rollup_rows, offering_rollups, offerings, questionnaires, unit_quarters,
    unit_rollups,
};
use crate::effectiveness::measures::levels::Levels;
use crate::effectiveness::measures::{
    METHOD_VERSION, Measure, OfferingSums, Rows, Tally, from_stored, quarter_start, to_stored,
};
use crate::error::Result;
use crate::evaluation::evaluations::{Rater, Status};
use crate::evaluation::questionnaires::Instrument;
use crate::half_day::{Half, HalfDay};

/// The revision that units are put together of, and the only one of all measures but official scores.
const FIRST: i32 = 1;
/// Months after an offering's last session in which later scores open revisions: until then those of two follow-up quarters
/// are a year old, and no report looks at them any more.
const REVISED_FOR: Months = Months::new(30);
/// Rows of one insert; Postgres takes at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 1000;

/// Offerings whose figures of a measure may be due on a day and are not there yet, with their last session; so many.
pub async fn unreleased(tx: &mut Tx<'_>, measure: Measure, limit: i64) -> Result<Vec<(Uuid, NaiveDate)>> {
    let latest = HalfDay::new(Release::earliest_session(measure, tx.today()), Half::Afternoon).0;
    let released = offering_rollups::table
        .filter(offering_rollups::offering_id.eq(offerings::id))
        .filter(offering_rollups::measure.eq(measure));
    let rows: Vec<(Uuid, i32)> = offerings::table
        .filter(takes_place())
        .filter(offerings::last_half_day.le(latest))
        .filter(not(exists(released)))
        .order((offerings::last_half_day, offerings::id))
        .limit(limit)
        .select((offerings::id, offerings::last_half_day))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(id, last)| (id, HalfDay(last).date())).collect())
}

/// The last day on which one of an offering's forms of a measure's phase may be answered; tests close before the others.
pub async fn last_due(
    tx: &mut Tx<'_>,
    measure: Measure,
    offering_ids: &[Uuid],
) -> Result<HashMap<Uuid, NaiveDate>> {
    let Some(phase) = measure.phase() else { return Ok(HashMap::new()) };
    let is_test = questionnaires::instrument.eq(Instrument::Knowledge);
    let rows: Vec<(Uuid, Option<NaiveDate>)> = evaluations::table
        .inner_join(questionnaires::table)
        .filter(evaluations::offering_id.eq_any(offering_ids))
        .filter(evaluations::phase.eq(phase))
        // Figures do not wait for second ratings.
        .filter(evaluations::rater.eq(Rater::First))
        .filter(is_test.or::<bool, Bool>(measure != Measure::Knowledge))
        .filter(evaluations::status.ne(Status::Excused))
        .group_by(evaluations::offering_id)
        .select((evaluations::offering_id, max(evaluations::due_on)))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().filter_map(|(id, due)| Some((id, due?))).collect())
}

/// Keep what an offering's figures are, once. Whether they were new.
pub async fn insert(tx: &mut Tx<'_>, release: Release, figures: Value) -> Result<bool> {
    let now = tx.now;
    let inserted = diesel::insert_into(offering_rollups::table)
        .values((
            offering_rollups::offering_id.eq(release.offering_id),
            offering_rollups::measure.eq(release.measure),
            offering_rollups::released_on.eq(release.on),
            offering_rollups::method_version.eq(METHOD_VERSION),
            offering_rollups::sums.eq(figures),
            offering_rollups::created_at.eq(now),
            offering_rollups::revision.eq(release.revision),
            offering_rollups::looked_through.eq(release.on),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(inserted > 0)
}

/// Keep the pairs behind an offering's figures.
pub async fn insert_rows(tx: &mut Tx<'_>, release: Release, rows: &Rows) -> Result<()> {
    use offering_rollup_rows as t;
    diesel::insert_into(t::table)
        .values((
            t::offering_id.eq(release.offering_id),
            t::measure.eq(release.measure),
            t::rows.eq(to_stored(rows)?),
            t::revision.eq(release.revision),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A revision of the figures of official scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    /// 1, and one more with each.
    pub number: i32,
    /// The day from which on it is in reports.
    pub on: NaiveDate,
}

/// What was released of one offering.
#[derive(Debug, Default)]
pub struct Released {
    /// Of named people, by measure.
    pub sums: HashMap<Measure, OfferingSums>,
    /// Which revision of the official scores it is.
    pub scores: Option<Revision>,
    /// The anonymous forms of its end.
    pub reaction: Option<Tally>,
    /// The learners' own named forms.
    pub levels: Levels,
    /// Of the learners' offices, by item.
    pub environment: Option<Tally>,
    /// Of the units that sent people, by item.
    pub beneficiary: Option<Tally>,
}

impl Released {
    /// What of a measure counts in the figures of a subject: in a total only what subtraction may reveal, more where
    /// the offering is the whole subject.
    pub fn counted_in(&self, measure: Measure, is_whole_subject: bool) -> Option<OfferingSums> {
        let sums = self.sums.get(&measure)?;
        Some(if is_whole_subject { sums.clone().alone() } else { sums.for_totals() })
    }
}

/// What was released of some offerings by a day, of some measures: of each the newest revision of that day.
///
/// # Errors
/// When the database cannot be reached.
pub async fn released(
    tx: &mut Tx<'_>,
    as_of: NaiveDate,
    offering_ids: &[Uuid],
    measures: &[Measure],
) -> Result<HashMap<Uuid, Released>> {
    use offering_rollups as t;
    let rows: Vec<(Uuid, Measure, Value, i32, NaiveDate)> = t::table
        .filter(t::offering_id.eq_any(offering_ids))
        .filter(t::measure.eq_any(measures))
        .filter(t::released_on.le(as_of))
        .order(t::revision)
        .select((t::offering_id, t::measure, t::sums, t::revision, t::released_on))
        .load(tx.conn())
        .await?;
    let mut released: HashMap<Uuid, Released> = HashMap::new();
    for (id, measure, figures, number, on) in rows {
        let of = released.entry(id).or_default();
        match measure {
            Measure::Reaction => of.reaction = Some(from_stored(figures)?),
            Measure::Environment => of.environment = Some(from_stored(figures)?),
            Measure::Beneficiary => of.beneficiary = Some(from_stored(figures)?),
            Measure::Knowledge => of.levels.knowledge = from_stored(figures)?,
            Measure::SelfRating => of.levels.self_rating = from_stored(figures)?,
            Measure::ThreeMonths | Measure::SixMonths => {
                of.sums.insert(measure, from_stored(figures)?);
            }
            Measure::WorkScore => {
                of.sums.insert(measure, from_stored(figures)?);
                of.scores = Some(Revision { number, on });
            }
        }
    }
    Ok(released)
}

/// The newest figures of a measure that were released by a day; so many.
pub async fn newest(
    tx: &mut Tx<'_>,
    measure: Measure,
    as_of: NaiveDate,
    limit: i64,
) -> Result<Vec<OfferingSums>> {
    use offering_rollups as t;
    let rows: Vec<Value> = t::table
        .filter(t::measure.eq(measure))
        .filter(t::released_on.le(as_of))
        .order((t::released_on.desc(), t::offering_id))
        .limit(limit)
        .select(t::sums)
        .load(tx.conn())
        .await?;
    rows.into_iter().map(from_stored).collect()
}

/// Keep what the figures of an offering's units are.
pub async fn insert_units(
    tx: &mut Tx<'_>,
    release: Release,
    by_unit: &BTreeMap<Uuid, OfferingSums>,
) -> Result<()> {
    let mut rows = Vec::with_capacity(by_unit.len());
    for (unit, sums) in by_unit {
        rows.push((
            unit_rollups::offering_id.eq(release.offering_id),
            unit_rollups::measure.eq(release.measure),
            unit_rollups::unit_id.eq(*unit),
            unit_rollups::sums.eq(to_stored(sums)?),
        ));
    }
    diesel::insert_into(unit_rollups::table).values(rows).execute(tx.conn()).await?;
    Ok(())
}

/// Quarters that are over and hold figures of a measure which are not yet put together by unit, the oldest first.
pub async fn open_quarters(tx: &mut Tx<'_>, measure: Measure) -> Result<BTreeSet<NaiveDate>> {
    let this_quarter = quarter_start(tx.today());
    let last: Option<NaiveDate> = unit_quarters::table
        .filter(unit_quarters::measure.eq(measure))
        .select(max(unit_quarters::quarter_start))
        .first(tx.conn())
        .await?;
    let mut released = offering_rollups::table
        .filter(offering_rollups::measure.eq(measure))
        .filter(offering_rollups::revision.eq(FIRST))
        .filter(offering_rollups::released_on.lt(this_quarter))
        .select(offering_rollups::released_on)
        .distinct()
        .into_boxed();
    if let Some(last) = last {
        released = released.filter(offering_rollups::released_on.ge(last + Months::new(3)));
    }
    let days: Vec<NaiveDate> = released.load(tx.conn()).await?;
    Ok(days.into_iter().map(quarter_start).collect())
}

/// What was released in a quarter, offering by offering and unit by unit: of official scores the first revision, so that an
/// offering counts in one quarter only.
pub async fn of_quarter(
    tx: &mut Tx<'_>,
    measure: Measure,
    quarter: NaiveDate,
) -> Result<Vec<(Uuid, Uuid, OfferingSums)>> {
    let same = offering_rollups::offering_id
        .eq(unit_rollups::offering_id)
        .and(offering_rollups::measure.eq(unit_rollups::measure))
        .and(offering_rollups::revision.eq(unit_rollups::revision));
    let rows: Vec<(Uuid, Uuid, Value)> = unit_rollups::table
        .inner_join(offering_rollups::table.on(same))
        .filter(offering_rollups::measure.eq(measure))
        .filter(offering_rollups::released_on.ge(quarter))
        .filter(offering_rollups::released_on.lt(quarter + Months::new(3)))
        .order((unit_rollups::offering_id, unit_rollups::unit_id))
        .select((unit_rollups::offering_id, unit_rollups::unit_id, unit_rollups::sums))
        .load(tx.conn())
        .await?;
    rows.into_iter().map(|(offering, unit, sums)| Ok((offering, unit, from_stored(sums)?))).collect()
}

/// Keep what the units' people came to in a quarter, once.
pub async fn insert_quarter(
    tx: &mut Tx<'_>,
    measure: Measure,
    quarter: NaiveDate,
    by_unit: &BTreeMap<Uuid, OfferingSums>,
) -> Result<()> {
    let mut rows = Vec::with_capacity(by_unit.len());
    for (unit, sums) in by_unit {
        rows.push((
            unit_quarters::quarter_start.eq(quarter),
            unit_quarters::measure.eq(measure),
            unit_quarters::unit_id.eq(*unit),
            unit_quarters::sums.eq(to_stored(sums)?),
        ));
    }
    for chunk in rows.chunks(ROWS_PER_INSERT) {
        diesel::insert_into(unit_quarters::table)
            .values(chunk.to_vec())
            .on_conflict_do_nothing()
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// An offering whose official scores are to be looked at again.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub offering_id: Uuid,
    /// The newest revision.
    pub revision: i32,
    /// Until when they were looked at.
    pub since: NaiveDate,
}

/// Offerings whose released official scores were not yet looked at in this calendar quarter; so many.
pub async fn to_look_at(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Look>> {
    use offering_rollups as t;
    let quarter = quarter_start(tx.today());
    let oldest = HalfDay::new(quarter - REVISED_FOR, Half::Morning).0;
    let rows: Vec<(Uuid, Option<i32>, Option<NaiveDate>)> = t::table
        .inner_join(offerings::table)
        .filter(t::measure.eq(Measure::WorkScore))
        .filter(not_cancelled())
        .filter(offerings::last_half_day.ge(oldest))
        .group_by(t::offering_id)
        .having(max(t::looked_through).lt(quarter))
        .order(t::offering_id)
        .limit(limit)
        .select((t::offering_id, max(t::revision), max(t::looked_through)))
        .load(tx.conn())
        .await?;
    let look = |(offering_id, revision, since): (_, Option<i32>, Option<NaiveDate>)| {
        Some(Look { offering_id, revision: revision?, since: since? })
    };
    Ok(rows.into_iter().filter_map(look).collect())
}

/// Keep that an offering's official scores were looked at on a day.
pub async fn set_looked_through(tx: &mut Tx<'_>, offering_id: Uuid, day: NaiveDate) -> Result<()> {
    let scores = offering_rollups::table
        .filter(offering_rollups::offering_id.eq(offering_id))
        .filter(offering_rollups::measure.eq(Measure::WorkScore));
    diesel::update(scores).set(offering_rollups::looked_through.eq(day)).execute(tx.conn()).await?;
    Ok(())
}

/// All revisions of an offering's official scores, in order: since when they are in reports, and their sums.
pub async fn revisions(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Vec<(NaiveDate, OfferingSums)>> {
    let rows: Vec<(NaiveDate, Value)> = offering_rollups::table
        .filter(offering_rollups::offering_id.eq(offering_id))
        .filter(offering_rollups::measure.eq(Measure::WorkScore))
        .order(offering_rollups::revision)
        .select((offering_rollups::released_on, offering_rollups::sums))
        .load(tx.conn())
        .await?;
    rows.into_iter().map(|(on, sums)| Ok((on, from_stored(sums)?))).collect()
}

/// The smallest change that matters in an offering's course, points of 5.
pub async fn smallest_change(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<f64> {
    Ok(offerings::table
        .inner_join(courses::table)
        .filter(offerings::id.eq(offering_id))
        .select(courses::smallest_change)
        .first(tx.conn())
        .await?)
}
