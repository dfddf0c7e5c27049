use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Months, NaiveDate, Utc};
use diesel::dsl::{exists, max, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::levels::Levels;
use super::model::{
    Audience, Form, METHOD_VERSION, Measure, Participation, Phase, Release, answer_by, quarter_start,
};
use super::rows::Rows;
use super::sums::Sums;
use super::tally::Tally;
use super::work_score::{PeriodKind, Rating};
use crate::clock::vietnamese_day;
use crate::db::Tx;
use crate::db::schema::{
    anonymous_responses, courses, evaluation_responses, evaluations, nominations, offering_rollup_rows,
    offering_rollups, offerings, participants, performance_ratings, questionnaires, unit_quarters,
    unit_rollups,
};
use crate::error::{Error, Result};
use crate::evaluation::questionnaires::{Answer, Instrument, Items};
use crate::half_day::{Half, HalfDay};

/// Rows of one insert; Postgres takes at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 1000;

/// Offerings whose figures of a measure may be due on a day and are not there yet, with their last session; so many.
pub async fn unreleased(tx: &mut Tx<'_>, measure: Measure, limit: i64) -> Result<Vec<(Uuid, NaiveDate)>> {
    let latest = HalfDay::new(Release::earliest_session(measure, tx.today()), Half::Afternoon).0;
    let released = offering_rollups::table
        .filter(offering_rollups::offering_id.eq(offerings::id))
        .filter(offering_rollups::measure.eq(measure));
    let rows: Vec<(Uuid, i32)> = offerings::table
        .filter(offerings::status.ne_all(["draft", "cancelled"]))
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
        .filter(is_test.or::<bool, Bool>(measure != Measure::Knowledge))
        .filter(evaluations::status.ne("excused"))
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
            t::rows.eq(rows.to_json()?),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// What was released of one offering.
#[derive(Debug, Default)]
pub struct Released {
    /// Of named people, by measure.
    pub sums: HashMap<Measure, Sums>,
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
    /// What of a measure stands in the figures of a subject: of a total only what may be told by subtraction, more where
    /// the offering is the whole subject.
    pub fn counted_in(&self, measure: Measure, is_whole_subject: bool) -> Option<Sums> {
        let sums = self.sums.get(&measure)?;
        Some(if is_whole_subject { sums.clone().alone() } else { sums.for_totals() })
    }
}

/// What was released of some offerings by a day.
///
/// # Errors
/// When the database cannot be reached.
pub async fn released(
    tx: &mut Tx<'_>,
    as_of: NaiveDate,
    offering_ids: &[Uuid],
) -> Result<HashMap<Uuid, Released>> {
    let rows: Vec<(Uuid, Measure, Value)> = offering_rollups::table
        .filter(offering_rollups::offering_id.eq_any(offering_ids))
        .filter(offering_rollups::released_on.le(as_of))
        .select((offering_rollups::offering_id, offering_rollups::measure, offering_rollups::sums))
        .load(tx.conn())
        .await?;
    let mut released: HashMap<Uuid, Released> = HashMap::new();
    for (id, measure, figures) in rows {
        let of = released.entry(id).or_default();
        match measure {
            Measure::Reaction => of.reaction = Some(Tally::from_json(figures)?),
            Measure::Environment => of.environment = Some(Tally::from_json(figures)?),
            Measure::Beneficiary => of.beneficiary = Some(Tally::from_json(figures)?),
            Measure::Knowledge | Measure::SelfRating => of.levels.take(measure, &figures)?,
            Measure::ThreeMonths | Measure::SixMonths | Measure::WorkScore => {
                of.sums.insert(measure, Sums::from_json(figures)?);
            }
        }
    }
    Ok(released)
}

/// Keep what the figures of an offering's units are.
pub async fn insert_units(tx: &mut Tx<'_>, release: Release, by_unit: &BTreeMap<Uuid, Sums>) -> Result<()> {
    let mut rows = Vec::with_capacity(by_unit.len());
    for (unit, sums) in by_unit {
        rows.push((
            unit_rollups::offering_id.eq(release.offering_id),
            unit_rollups::measure.eq(release.measure),
            unit_rollups::unit_id.eq(*unit),
            unit_rollups::sums.eq(sums.to_json()?),
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

/// What was released in a quarter, offering by offering and unit by unit.
pub async fn of_quarter(
    tx: &mut Tx<'_>,
    measure: Measure,
    quarter: NaiveDate,
) -> Result<Vec<(Uuid, Uuid, Sums)>> {
    let same = offering_rollups::offering_id
        .eq(unit_rollups::offering_id)
        .and(offering_rollups::measure.eq(unit_rollups::measure));
    let rows: Vec<(Uuid, Uuid, Value)> = unit_rollups::table
        .inner_join(offering_rollups::table.on(same))
        .filter(offering_rollups::measure.eq(measure))
        .filter(offering_rollups::released_on.ge(quarter))
        .filter(offering_rollups::released_on.lt(quarter + Months::new(3)))
        .order((unit_rollups::offering_id, unit_rollups::unit_id))
        .select((unit_rollups::offering_id, unit_rollups::unit_id, unit_rollups::sums))
        .load(tx.conn())
        .await?;
    rows.into_iter().map(|(offering, unit, sums)| Ok((offering, unit, Sums::from_json(sums)?))).collect()
}

/// Keep what the units' people came to in a quarter, once.
pub async fn insert_quarter(
    tx: &mut Tx<'_>,
    measure: Measure,
    quarter: NaiveDate,
    by_unit: &BTreeMap<Uuid, Sums>,
) -> Result<()> {
    let mut rows = Vec::with_capacity(by_unit.len());
    for (unit, sums) in by_unit {
        rows.push((
            unit_quarters::quarter_start.eq(quarter),
            unit_quarters::measure.eq(measure),
            unit_quarters::unit_id.eq(*unit),
            unit_quarters::sums.eq(sums.to_json()?),
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

/// The anonymous reactions (level 1) of an offering's learners.
pub async fn reactions(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Tally> {
    let mut tally = Tally::default();
    let forms: Vec<(Items, Value, Option<f64>)> = anonymous_responses::table
        .inner_join(questionnaires::table)
        .filter(anonymous_responses::offering_id.eq(offering_id))
        .filter(questionnaires::level.eq(1))
        .filter(questionnaires::audience.eq(Audience::Learner))
        .select((questionnaires::items, anonymous_responses::answers, anonymous_responses::score))
        .load(tx.conn())
        .await?;
    for (items, answers, score) in forms {
        let answers: Vec<Answer> = serde_json::from_value(answers).map_err(Error::internal)?;
        tally.add(&items.0, &answers, score);
    }
    let invited: i64 = evaluations::table
        .inner_join(questionnaires::table)
        .filter(evaluations::offering_id.eq(offering_id))
        .filter(evaluations::phase.eq(Phase::Close))
        .filter(evaluations::status.ne("excused"))
        .filter(questionnaires::level.eq(1))
        .filter(questionnaires::audience.eq(Audience::Learner))
        .filter(questionnaires::is_anonymous)
        .count()
        .get_result(tx.conn())
        .await?;
    tally.invited = usize::try_from(invited).unwrap_or_default();
    Ok(tally)
}

/// A participation, its offering's course and days, and its nomination's motive and moments.
type Attended = ((Uuid, Uuid, Uuid, Uuid), (Uuid, i32, i32), (String, Option<DateTime<Utc>>, DateTime<Utc>));

/// Everyone who took part (and did not withdraw) in some offerings.
pub async fn participations(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<Vec<Participation>> {
    let rows: Vec<Attended> = participants::table
        .inner_join(offerings::table)
        .inner_join(nominations::table)
        .filter(participants::status.ne("withdrawn"))
        .filter(participants::offering_id.eq_any(offering_ids))
        .order(participants::id)
        .select((
            (participants::id, participants::offering_id, participants::employee_id, participants::unit_id),
            (offerings::course_id, offerings::first_half_day, offerings::last_half_day),
            (nominations::motive, nominations::decided_at, nominations::created_at),
        ))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(participation).collect())
}

fn participation(
    ((id, offering_id, employee_id, unit_id), (course_id, first, last), nomination): Attended,
) -> Participation {
    let (motive, decided, created) = nomination;
    Participation {
        id,
        offering_id,
        course_id,
        employee_id,
        unit_id,
        for_weakness: motive == "weakness",
        index_date: vietnamese_day(decided.unwrap_or(created)),
        first_day: HalfDay(first).date(),
        last_day: HalfDay(last).date(),
    }
}

/// The named forms about work behaviour (level 3) that were delivered, by participation. What opens later may not even
/// have been there yet, so it must not show in a report of the past.
pub async fn forms(
    tx: &mut Tx<'_>,
    as_of: NaiveDate,
    participations: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Form>>> {
    type Row = (
        (Uuid, Uuid, Uuid, bool),
        (Audience, Phase, Uuid, Option<Uuid>),
        (NaiveDate, bool, DateTime<Utc>),
        Option<(DateTime<Utc>, Option<f64>)>,
    );
    let rows: Vec<Row> = evaluations::table
        .inner_join(questionnaires::table)
        .left_join(evaluation_responses::table)
        .filter(evaluations::participant_id.eq_any(participations))
        .filter(evaluations::opens_on.le(as_of))
        .filter(evaluations::phase.ne("close"))
        .filter(questionnaires::level.eq(3))
        .filter(questionnaires::is_anonymous.eq(false))
        .order(evaluations::id)
        .select((
            (
                evaluations::participant_id,
                evaluations::subject_id,
                evaluations::respondent_id,
                evaluations::subject_group.eq("comparison"),
            ),
            (questionnaires::audience, evaluations::phase, questionnaires::id, questionnaires::course_id),
            (evaluations::due_on, evaluations::status.eq("excused"), evaluations::updated_at),
            (evaluation_responses::submitted_at, evaluation_responses::score).nullable(),
        ))
        .load(tx.conn())
        .await?;
    let mut forms: HashMap<Uuid, Vec<Form>> = HashMap::new();
    for (who, what, when, response) in rows {
        let (submitted_at, score) = response.map_or((None, None), |(at, score)| (Some(at), score));
        forms.entry(who.0).or_default().push(Form {
            subject_id: who.1,
            respondent_id: who.2,
            is_comparison: who.3,
            audience: what.0,
            phase: what.1,
            questionnaire_id: what.2,
            is_of_course: what.3.is_some(),
            due_on: when.0,
            is_excused: when.1 && vietnamese_day(when.2) <= as_of,
            answer: answer_by(as_of, submitted_at, score),
        });
    }
    Ok(forms)
}

/// When people first sat in a course, for those who might not be untrained after all.
pub async fn trained_from(
    tx: &mut Tx<'_>,
    people: &[Uuid],
    courses: &[Uuid],
) -> Result<HashMap<(Uuid, Uuid), NaiveDate>> {
    let rows: Vec<(Uuid, Uuid, i32)> = participants::table
        .inner_join(offerings::table)
        .filter(participants::employee_id.eq_any(people))
        .filter(offerings::course_id.eq_any(courses))
        .filter(participants::status.ne("withdrawn"))
        .filter(offerings::status.ne("cancelled"))
        .select((participants::employee_id, offerings::course_id, offerings::first_half_day))
        .load(tx.conn())
        .await?;
    let mut first: HashMap<(Uuid, Uuid), NaiveDate> = HashMap::new();
    for (person, course, half_day) in rows {
        let day = HalfDay(half_day).date();
        let known = first.entry((person, course)).or_insert(day);
        *known = (*known).min(day);
    }
    Ok(first)
}

/// Official ratings as they were known on a day: of each period the newest revision then.
pub async fn ratings(
    tx: &mut Tx<'_>,
    as_of: NaiveDate,
    people: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Rating>>> {
    use performance_ratings as t;
    type Row = ((Uuid, PeriodKind, NaiveDate, NaiveDate), (String, Option<f64>, DateTime<Utc>));
    let rows: Vec<Row> = t::table
        .filter(t::employee_id.eq_any(people))
        .order((t::employee_id, t::period_kind, t::period_start, t::revision))
        .select((
            (t::employee_id, t::period_kind, t::period_start, t::period_end),
            (t::regime, t::score, t::created_at),
        ))
        .load(tx.conn())
        .await?;
    let mut newest: BTreeMap<(Uuid, PeriodKind, NaiveDate), Rating> = BTreeMap::new();
    for ((person, kind, start, end), (regime, score, created_at)) in rows {
        if vietnamese_day(created_at) <= as_of {
            let rating = Rating { kind, start, end, regime, score };
            newest.insert((person, kind, start), rating);
        }
    }
    let mut ratings: HashMap<Uuid, Vec<Rating>> = HashMap::new();
    for ((person, ..), rating) in newest {
        ratings.entry(person).or_default().push(rating);
    }
    Ok(ratings)
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
