//! Windows that follow their offering and wait for who is absent, and respondents that follow the unit's head.

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::super::model::{Phase, Rater, Status};
use super::super::model::Run;
use super::super::plan::{Absence, Frame, SETTLING_DAYS};
use super::oldest;
use crate::db::Tx;
use crate::db::schema::{absences, employees, evaluations, offerings, questionnaires};
use crate::error::Result;
use crate::evaluation::questionnaires::{Audience, Instrument};
use crate::half_day::HalfDay;
use crate::organisation::employees::EmployeeStatus;

/// From the first to the last half-day of the shortest absence of more than thirty days.
const LONG_HALF_DAYS: i32 = 60;

/// An offering whose pending tasks of a phase do not open when they should.
#[derive(Debug, QueryableByName)]
pub struct Moved {
    #[diesel(sql_type = SqlUuid)]
    pub offering_id: Uuid,
    #[diesel(sql_type = Text)]
    pub phase: Phase,
    #[diesel(sql_type = Integer)]
    first_half_day: i32,
    #[diesel(sql_type = Integer)]
    last_half_day: i32,
}

impl Moved {
    /// First and last session, as they are now.
    pub fn run(&self) -> Run {
        Run { first_half_day: self.first_half_day, last_half_day: self.last_half_day }
    }
}

/// Offerings that moved, by phase. A window is recognised by the day it opens: its end may have been put off for
/// somebody who joined on the first day. Two looks into an index for each offering and phase, however many tasks there
/// are.
pub async fn moved(tx: &mut Tx<'_>, phases: &[(Phase, Frame)]) -> Result<Vec<Moved>> {
    let opens = |(_, frame): &(Phase, Frame)| i32::try_from(frame.from).unwrap_or_default();
    Ok(diesel::sql_query(
        "SELECT o.id AS offering_id, p.phase, o.first_half_day, o.last_half_day
        FROM offerings o
            CROSS JOIN unnest($1, $2, $3) AS p (phase, by_first, opens_after)
            CROSS JOIN LATERAL (SELECT date '1970-01-01' + p.opens_after
                + CASE WHEN p.by_first THEN o.first_half_day ELSE o.last_half_day END / 2 AS day) opens
        WHERE o.last_half_day >= $4
            AND (EXISTS (SELECT FROM evaluations v WHERE v.offering_id = o.id AND v.phase = p.phase
                    AND v.status = 'pending' AND v.opens_on - v.moved_days < opens.day)
                OR EXISTS (SELECT FROM evaluations v WHERE v.offering_id = o.id AND v.phase = p.phase
                    AND v.status = 'pending' AND v.opens_on - v.moved_days > opens.day))",
    )
    .bind::<Array<Text>, _>(phases.iter().map(|(phase, _)| phase.name()).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(phases.iter().map(|(_, frame)| frame.by_first).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(phases.iter().map(opens).collect::<Vec<_>>())
    .bind::<Integer, _>(oldest(tx.today()))
    .load(tx.conn())
    .await?)
}

/// Move the windows of an offering's pending tasks of one form and phase that would, but for an absence, open on another
/// day.
pub async fn shift(
    tx: &mut Tx<'_>,
    offering: Uuid,
    (instrument, phase): (Instrument, Phase),
    (opens_on, due_on): (NaiveDate, NaiveDate),
) -> Result<()> {
    let now = tx.now;
    diesel::sql_query(
        "UPDATE evaluations SET opens_on = $1 + moved_days, due_on = $2 + moved_days, reminded_at = NULL,
            escalated_at = NULL, version = version + 1, updated_at = $3
        WHERE offering_id = $4 AND phase = $5 AND status = 'pending' AND opens_on - moved_days <> $1
            AND questionnaire_id IN (SELECT id FROM questionnaires WHERE instrument = $6)",
    )
    .bind::<Date, _>(opens_on)
    .bind::<Date, _>(due_on)
    .bind::<Timestamptz, _>(now)
    .bind::<SqlUuid, _>(offering)
    .bind::<Text, _>(phase.name())
    .bind::<Text, _>(instrument.name())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Absences of more than thirty days that may still matter, by person, the earliest first.
pub async fn long_absences(tx: &mut Tx<'_>) -> Result<HashMap<Uuid, Vec<Absence>>> {
    let rows: Vec<(Uuid, i32, i32)> = absences::table
        .filter((absences::last_half_day - absences::first_half_day).ge(LONG_HALF_DAYS))
        .filter(absences::last_half_day.ge(oldest(tx.today())))
        .order((absences::employee_id, absences::first_half_day))
        .select((absences::employee_id, absences::first_half_day, absences::last_half_day))
        .load(tx.conn())
        .await?;
    let mut by_person: HashMap<Uuid, Vec<Absence>> = HashMap::new();
    for (person, first, last) in rows {
        let absence = Absence { first: HalfDay(first).date(), last: HalfDay(last).date() };
        by_person.entry(person).or_default().push(absence);
    }
    Ok(by_person)
}

/// A pending follow-up about somebody who is or was long absent.
#[derive(Debug, Queryable)]
pub struct FollowUp {
    pub id: Uuid,
    pub subject_id: Uuid,
    /// With the days it was moved by.
    pub opens_on: NaiveDate,
    pub moved_days: i32,
    last_half_day: i32,
}

impl FollowUp {
    /// Day of the last session.
    pub fn ended_on(&self) -> NaiveDate {
        HalfDay(self.last_half_day).date()
    }
}

/// Pending follow-ups about some people, and those that were moved. What lapsed stays so: the figures may have been added
/// up since. What a unit's head answers is about nobody's work.
pub async fn follow_ups(tx: &mut Tx<'_>, away: Vec<Uuid>) -> Result<Vec<FollowUp>> {
    let today = tx.today();
    Ok(evaluations::table
        .inner_join(offerings::table)
        .inner_join(questionnaires::table)
        .filter(evaluations::status.eq(Status::Pending))
        .filter(evaluations::phase.eq_any([Phase::ThreeMonths, Phase::SixMonths]))
        .filter(questionnaires::audience.ne(Audience::BeneficiaryUnit))
        .filter(evaluations::due_on.ge(today))
        .filter(evaluations::subject_id.eq_any(away).or(evaluations::moved_days.gt(0)))
        .select((
            evaluations::id,
            evaluations::subject_id,
            evaluations::opens_on,
            evaluations::moved_days,
            offerings::last_half_day,
        ))
        .load(tx.conn())
        .await?)
}

/// Put follow-ups off by some days more, or fewer.
pub async fn put_off(tx: &mut Tx<'_>, ids: &[Uuid], days: i32) -> Result<()> {
    let now = tx.now;
    diesel::sql_query(
        "UPDATE evaluations SET opens_on = opens_on + $1, due_on = due_on + $1, moved_days = moved_days + $1,
            reminded_at = NULL, escalated_at = NULL, version = version + 1, updated_at = $2
        WHERE id = ANY ($3)",
    )
    .bind::<Integer, _>(days)
    .bind::<Timestamptz, _>(now)
    .bind::<Array<SqlUuid>, _>(ids)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A form whose respondent may have to change: task, whose work it is about (none of a unit's own form), the unit under
/// whose head it is rated, respondent.
pub type Rating = (Uuid, Option<Uuid>, Uuid, Uuid);

/// Pending forms of heads that open within two weeks, and open ones whose respondent has left. Forms that people answer
/// about themselves stay theirs, and so do those of second raters, who are no heads.
pub async fn unsettled(tx: &mut Tx<'_>) -> Result<Vec<Rating>> {
    let today = tx.today();
    let (subjects, respondents) = diesel::alias!(employees as subjects, employees as respondents);
    let of_heads = || {
        evaluations::table
            .inner_join(questionnaires::table)
            .inner_join(subjects.on(subjects.field(employees::id).eq(evaluations::subject_id)))
            .filter(evaluations::status.eq(Status::Pending))
            .filter(evaluations::rater.eq(Rater::First))
            .filter(questionnaires::audience.ne(Audience::Learner))
            .select((
                evaluations::id,
                (evaluations::subject_id, subjects.field(employees::unit_id)),
                evaluations::unit_id,
                questionnaires::audience.eq(Audience::BeneficiaryUnit),
                evaluations::respondent_id,
            ))
    };
    type Row = (Uuid, (Uuid, Uuid), Uuid, bool, Uuid);
    let mut rows: Vec<Row> = of_heads()
        .filter(evaluations::opens_on.gt(today))
        .filter(evaluations::opens_on.le(today + Duration::days(SETTLING_DAYS)))
        .load(tx.conn())
        .await?;
    let left = respondents
        .filter(respondents.field(employees::status).eq(EmployeeStatus::Left))
        .select(respondents.field(employees::id));
    rows.extend(
        of_heads()
            .filter(evaluations::due_on.ge(today))
            .filter(evaluations::respondent_id.eq_any(left))
            .load::<Row>(tx.conn())
            .await?,
    );
    let rating = |(id, (subject, present_unit), unit, of_unit, respondent): Row| {
        if of_unit { (id, None, unit, respondent) } else { (id, Some(subject), present_unit, respondent) }
    };
    Ok(rows.into_iter().map(rating).collect())
}

/// Give pending ratings to somebody else.
pub async fn reassign(tx: &mut Tx<'_>, ids: &[Uuid], respondent: Uuid) -> Result<()> {
    let now = tx.now;
    diesel::update(evaluations::table.filter(evaluations::id.eq_any(ids)))
        .set((
            evaluations::respondent_id.eq(respondent),
            // Somebody else was reminded.
            evaluations::reminded_at.eq(None::<DateTime<Utc>>),
            evaluations::escalated_at.eq(None::<DateTime<Utc>>),
            evaluations::version.eq(evaluations::version + 1),
            evaluations::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}
