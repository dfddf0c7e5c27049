use std::collections::HashMap;

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::model::{Phase, Rater, Status, SubjectGroup};
use super::model::{Run, Units};
use super::plan::{LONGEST_DAYS, Owed, Window};
use crate::catalogue::offerings::OfferingStatus;
use crate::db::Tx;
use crate::db::schema::{employees, evaluations, participants, questionnaires, unit_ancestors, units};
use crate::error::Result;
use crate::evaluation::questionnaires::Instrument;
use crate::half_day::{Half, HalfDay};
use crate::organisation::employees::EmployeeStatus;
use crate::participation::participants::{row_took_part, took_part};

mod comparison;
mod follow;
mod named;
mod obsolete;
mod reminders;
mod second;

pub use comparison::{draws, pool, unmatched};
pub use follow::{follow_ups, long_absences, moved, put_off, reassign, shift, unsettled};
pub use named::{carry_on, end_choice, facts_of_named, facts_of_rater};
pub use obsolete::{adopt, excuse_obsolete, revive, revive_units, to_adopt};
pub use reminders::{mark_escalated, overdue, remind};
pub use second::{excuse_unasked, hand_over, insert_second, revive_second};

/// States of an offering whose participants are evaluated.
pub const EVALUATED: [OfferingStatus; 3] = OfferingStatus::TAKING_PLACE;
/// Rows of one insert; Postgres takes at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 1000;

/// A form of the plan that a participant has no task for.
#[derive(Debug, QueryableByName)]
pub struct Lack {
    #[diesel(sql_type = SqlUuid)]
    pub participant_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub offering_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub course_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub employee_id: Uuid,
    /// The unit when nominated.
    #[diesel(sql_type = SqlUuid)]
    pub unit_id: Uuid,
    /// The unit now: where the supervisor is.
    #[diesel(sql_type = SqlUuid)]
    pub present_unit_id: Uuid,
    #[diesel(sql_type = Integer)]
    first_half_day: i32,
    #[diesel(sql_type = Integer)]
    last_half_day: i32,
    #[diesel(sql_type = Text)]
    pub instrument: Instrument,
    #[diesel(sql_type = Text)]
    pub phase: Phase,
}

impl Lack {
    /// First and last session.
    pub fn run(&self) -> Run {
        Run { first_half_day: self.first_half_day, last_half_day: self.last_half_day }
    }
}

/// A task to hand out.
#[derive(Debug, Clone, Copy)]
pub struct NewTask {
    pub offering_id: Uuid,
    pub course_id: Uuid,
    pub questionnaire_id: Uuid,
    pub phase: Phase,
    pub subject_id: Uuid,
    pub subject_group: SubjectGroup,
    pub participant_id: Uuid,
    pub unit_id: Uuid,
    pub respondent_id: Uuid,
    pub window: Window,
}

/// Half-day before which an offering has nothing left to hand out.
pub fn oldest(today: NaiveDate) -> i32 {
    HalfDay::new(today - Duration::days(LONGEST_DAYS), Half::Morning).0
}

/// What participants lack of a plan, as far as it can still be answered: one row for each form, none for who has them
/// all. Of tests only those that exist.
pub async fn lacking(tx: &mut Tx<'_>, plan: &[Owed]) -> Result<Vec<Lack>> {
    let today = tx.today();
    let earliest = |owed: &Owed| HalfDay::new(owed.frame().earliest(today), Half::Morning).0;
    let took_part = row_took_part("p");
    Ok(diesel::sql_query(format!(
        "SELECT p.id AS participant_id, o.id AS offering_id, o.course_id, p.employee_id, p.unit_id,
            e.unit_id AS present_unit_id, o.first_half_day, o.last_half_day, plan.instrument, plan.phase
        FROM offerings o
            JOIN participants p ON p.offering_id = o.id AND {took_part}
            JOIN employees e ON e.id = p.employee_id AND e.status <> 'left'
            CROSS JOIN unnest($1, $2, $3, $4) AS plan (instrument, phase, by_first, earliest)
        WHERE o.status = ANY ($5) AND o.last_half_day >= $6
            AND CASE WHEN plan.by_first THEN o.first_half_day ELSE o.last_half_day END >= plan.earliest
            AND (plan.instrument <> 'knowledge' OR EXISTS (SELECT FROM questionnaires q
                WHERE q.instrument = 'knowledge' AND q.course_id = o.course_id))
            AND NOT EXISTS (SELECT FROM evaluations v JOIN questionnaires q ON q.id = v.questionnaire_id
                WHERE v.participant_id = p.id AND v.phase = plan.phase AND v.subject_group = 'trained'
                    AND v.rater = 'first' AND q.instrument = plan.instrument)
        ORDER BY p.id"
    ))
    .bind::<Array<Text>, _>(plan.iter().map(|owed| owed.instrument.name()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(plan.iter().map(|owed| owed.phase.name()).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(plan.iter().map(|owed| owed.frame().by_first).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(plan.iter().map(earliest).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(&EVALUATED[..])
    .bind::<Integer, _>(oldest(today))
    .load(tx.conn())
    .await?)
}

/// A unit that nominated people for an offering and is not asked what it got from it.
#[derive(Debug, QueryableByName)]
pub struct UnitLack {
    #[diesel(sql_type = SqlUuid)]
    pub offering_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub course_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub unit_id: Uuid,
    /// The first of its participants, and who that is.
    #[diesel(sql_type = SqlUuid)]
    pub participant_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub employee_id: Uuid,
    #[diesel(sql_type = Integer)]
    first_half_day: i32,
    #[diesel(sql_type = Integer)]
    last_half_day: i32,
}

impl UnitLack {
    /// First and last session.
    pub fn run(&self) -> Run {
        Run { first_half_day: self.first_half_day, last_half_day: self.last_half_day }
    }
}

/// Units whose people take part and that lack the form for them.
pub async fn units_lacking(tx: &mut Tx<'_>, owed: Owed) -> Result<Vec<UnitLack>> {
    let earliest = HalfDay::new(owed.frame().earliest(tx.today()), Half::Morning).0;
    let took_part = row_took_part("p");
    Ok(diesel::sql_query(format!(
        "SELECT DISTINCT ON (o.id, p.unit_id) o.id AS offering_id, o.course_id, p.unit_id, p.id AS participant_id,
            p.employee_id, o.first_half_day, o.last_half_day
        FROM offerings o JOIN participants p ON p.offering_id = o.id AND {took_part}
        WHERE o.status = ANY ($1) AND o.last_half_day >= $2
            AND NOT EXISTS (SELECT FROM evaluations v JOIN questionnaires q ON q.id = v.questionnaire_id
                WHERE v.offering_id = o.id AND v.unit_id = p.unit_id AND v.phase = $3 AND q.instrument = $4)
        ORDER BY o.id, p.unit_id, p.number"
    ))
    .bind::<Array<Text>, _>(&EVALUATED[..])
    .bind::<Integer, _>(earliest)
    .bind::<Text, _>(owed.phase.name())
    .bind::<Text, _>(owed.instrument.name())
    .load(tx.conn())
    .await?)
}

/// The forms that participants were asked first, by instrument: what was asked before is what is asked after.
pub async fn forms_in_use(
    tx: &mut Tx<'_>,
    participant_ids: &[Uuid],
) -> Result<HashMap<(Uuid, Instrument), Uuid>> {
    let rows: Vec<(Uuid, Instrument, Uuid)> = evaluations::table
        .inner_join(questionnaires::table)
        .filter(evaluations::participant_id.eq_any(participant_ids))
        .filter(evaluations::subject_group.eq(SubjectGroup::Trained))
        .filter(evaluations::rater.eq(Rater::First))
        // The last one put into the map stays there.
        .order(evaluations::id.desc())
        .select((evaluations::participant_id, questionnaires::instrument, questionnaires::id))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(participant, instrument, form)| ((participant, instrument), form)).collect())
}

/// Who takes part in an offering.
#[derive(Debug, Queryable)]
pub struct Learner {
    pub participant_id: Uuid,
    pub employee_id: Uuid,
    /// The unit when nominated.
    pub unit_id: Uuid,
}

/// Who takes part in an offering and has not left.
pub async fn learners(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Vec<Learner>> {
    Ok(participants::table
        .inner_join(employees::table)
        .filter(participants::offering_id.eq(offering_id))
        .filter(took_part())
        .filter(employees::status.ne(EmployeeStatus::Left))
        .order(participants::id)
        .select((participants::id, participants::employee_id, participants::unit_id))
        .load(tx.conn())
        .await?)
}

/// Units with those above them and their active heads.
pub async fn units_above(tx: &mut Tx<'_>, mut unit_ids: Vec<Uuid>) -> Result<Units> {
    unit_ids.sort_unstable();
    unit_ids.dedup();
    let heads = employees::table.on(units::head_employee_id
        .eq(employees::id.nullable())
        .and(employees::status.eq(EmployeeStatus::Active)));
    let rows = unit_ancestors::table
        .inner_join(units::table.on(units::id.eq(unit_ancestors::ancestor_id)))
        .left_join(heads)
        .filter(unit_ancestors::unit_id.eq_any(unit_ids))
        .order((unit_ancestors::unit_id, unit_ancestors::depth))
        .select((unit_ancestors::unit_id, unit_ancestors::ancestor_id, employees::id.nullable()))
        .load(tx.conn())
        .await?;
    Ok(Units::new(rows))
}

/// Hand tasks out; those that exist stay as they are. How many are new.
pub async fn insert(tx: &mut Tx<'_>, tasks: &[NewTask]) -> Result<usize> {
    let now = tx.now;
    let mut inserted = 0;
    for chunk in tasks.chunks(ROWS_PER_INSERT) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|task| {
                (
                    evaluations::id.eq(tx.new_id()),
                    evaluations::offering_id.eq(task.offering_id),
                    evaluations::course_id.eq(task.course_id),
                    evaluations::questionnaire_id.eq(task.questionnaire_id),
                    evaluations::phase.eq(task.phase),
                    evaluations::subject_id.eq(task.subject_id),
                    evaluations::subject_group.eq(task.subject_group),
                    evaluations::participant_id.eq(task.participant_id),
                    evaluations::unit_id.eq(task.unit_id),
                    evaluations::respondent_id.eq(task.respondent_id),
                    evaluations::opens_on.eq(task.window.opens_on),
                    evaluations::due_on.eq(task.window.due_on),
                    evaluations::status.eq(Status::Pending),
                    evaluations::created_at.eq(now),
                    evaluations::updated_at.eq(now),
                )
            })
            .collect();
        inserted += diesel::insert_into(evaluations::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(tx.conn())
            .await?;
    }
    Ok(inserted)
}
