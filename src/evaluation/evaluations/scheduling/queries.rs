use std::collections::HashSet;

use chrono::{Duration, NaiveDate};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::model::{Phase, Status, SubjectGroup};
use super::model::{Colleague, LONGEST_DAYS, Pool, Run, SETTLING_DAYS, Units, Unmatched, Window, excuse};
use crate::db::Tx;
use crate::db::schema::{
    employees, evaluations, job_positions, nominations, offerings, participants, unit_ancestors, units,
};
use crate::error::Result;
use crate::half_day::{Half, HalfDay};

/// States of an offering whose participants are evaluated.
const EVALUATED: [&str; 3] = ["open", "confirmed", "closed"];
/// States of a nomination that may still lead to the course.
const NOMINATED: [&str; 4] = ["submitted", "endorsed", "approved", "returned"];
/// Rows of one insert; Postgres takes at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 1000;

/// A participant who lacks evaluations.
#[derive(Debug)]
pub struct Trainee {
    pub participant_id: Uuid,
    pub offering_id: Uuid,
    pub course_id: Uuid,
    pub employee_id: Uuid,
    /// The unit when nominated.
    pub unit_id: Uuid,
    /// The unit now: where the supervisor is.
    pub present_unit_id: Uuid,
    pub run: Run,
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
fn oldest(today: NaiveDate) -> i32 {
    HalfDay::new(today - Duration::days(LONGEST_DAYS), Half::Morning).0
}

/// Participants who lack the reaction or the last rating.
pub async fn lacking(tx: &mut Tx<'_>) -> Result<Vec<Trainee>> {
    let task = |phase: Phase| {
        evaluations::table
            .filter(evaluations::participant_id.eq(participants::id))
            .filter(evaluations::subject_group.eq(SubjectGroup::Trained))
            .filter(evaluations::phase.eq(phase))
    };
    type Row = (Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, i32, i32);
    let rows: Vec<Row> = participants::table
        .inner_join(offerings::table)
        .inner_join(employees::table)
        .filter(participants::status.ne("withdrawn"))
        .filter(employees::status.ne("left"))
        .filter(offerings::status.eq_any(EVALUATED))
        .filter(offerings::last_half_day.ge(oldest(tx.today())))
        .filter(not(exists(task(Phase::Close))).or(not(exists(task(Phase::SixMonths)))))
        .order(participants::id)
        .select((
            participants::id,
            participants::offering_id,
            offerings::course_id,
            participants::employee_id,
            participants::unit_id,
            employees::unit_id,
            offerings::first_half_day,
            offerings::last_half_day,
        ))
        .load(tx.conn())
        .await?;
    let trainee =
        |(participant_id, offering_id, course_id, employee_id, unit_id, now, first, last): Row| Trainee {
            participant_id,
            offering_id,
            course_id,
            employee_id,
            unit_id,
            present_unit_id: now,
            run: Run { first_half_day: first, last_half_day: last },
        };
    Ok(rows.into_iter().map(trainee).collect())
}

/// Phases that participants have a task for.
pub async fn phases(tx: &mut Tx<'_>, participant_ids: &[Uuid]) -> Result<HashSet<(Uuid, Phase)>> {
    let rows: Vec<(Uuid, Phase)> = evaluations::table
        .filter(evaluations::participant_id.eq_any(participant_ids))
        .filter(evaluations::subject_group.eq(SubjectGroup::Trained))
        .select((evaluations::participant_id, evaluations::phase))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Units with those above them and their active heads.
pub async fn units_above(tx: &mut Tx<'_>, mut unit_ids: Vec<Uuid>) -> Result<Units> {
    unit_ids.sort_unstable();
    unit_ids.dedup();
    let heads = employees::table
        .on(units::head_employee_id.eq(employees::id.nullable()).and(employees::status.eq("active")));
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
            .on_conflict((
                evaluations::offering_id,
                evaluations::subject_id,
                evaluations::phase,
                evaluations::questionnaire_id,
            ))
            .do_nothing()
            .execute(tx.conn())
            .await?;
    }
    Ok(inserted)
}

/// Participants of courses that have not begun, who are to be rated and have nobody to be compared with.
pub async fn unmatched(tx: &mut Tx<'_>) -> Result<Vec<Unmatched>> {
    let (mine, theirs) = diesel::alias!(evaluations as mine, evaluations as theirs);
    let today = HalfDay::new(tx.today(), Half::Morning).0;
    let matched = theirs
        .filter(theirs.field(evaluations::participant_id).eq(participants::id))
        .filter(theirs.field(evaluations::subject_group).eq(SubjectGroup::Comparison))
        .filter(theirs.field(evaluations::phase).eq(Phase::ThreeMonths))
        .filter(theirs.field(evaluations::status).ne(Status::Excused));
    type Row = (Uuid, Uuid, Uuid, Uuid, i32, i32, Uuid, Uuid, String);
    let rows: Vec<Row> = participants::table
        .inner_join(offerings::table)
        .inner_join(employees::table.inner_join(job_positions::table))
        .inner_join(
            mine.on(mine
                .field(evaluations::participant_id)
                .eq(participants::id)
                .and(mine.field(evaluations::subject_group).eq(SubjectGroup::Trained))
                .and(mine.field(evaluations::phase).eq(Phase::ThreeMonths))
                .and(mine.field(evaluations::status).eq(Status::Pending))),
        )
        .filter(participants::status.ne("withdrawn"))
        .filter(offerings::status.eq_any(EVALUATED))
        .filter(offerings::first_half_day.ge(today))
        .filter(not(exists(matched)))
        .select((
            participants::id,
            offerings::id,
            offerings::course_id,
            mine.field(evaluations::questionnaire_id),
            offerings::first_half_day,
            offerings::last_half_day,
            employees::id,
            employees::unit_id,
            job_positions::position_group,
        ))
        .load(tx.conn())
        .await?;
    let unmatched = |row: Row| Unmatched {
        participant_id: row.0,
        offering_id: row.1,
        course_id: row.2,
        questionnaire_id: row.3,
        run: Run { first_half_day: row.4, last_half_day: row.5 },
        trainee: Colleague { employee_id: row.6, unit_id: row.7, position_group: row.8 },
    };
    Ok(rows.into_iter().map(unmatched).collect())
}

/// Who can stand for comparison with some participants, and who cannot.
pub async fn pool(tx: &mut Tx<'_>, unmatched: &[Unmatched]) -> Result<Pool> {
    let distinct = |key: fn(&Unmatched) -> Uuid| unmatched.iter().map(key).collect::<HashSet<Uuid>>();
    let courses: Vec<Uuid> = distinct(|u| u.course_id).into_iter().collect();
    let offering_ids: Vec<Uuid> = distinct(|u| u.offering_id).into_iter().collect();
    let groups: HashSet<&str> = unmatched.iter().map(|u| u.trainee.position_group.as_str()).collect();

    let by_status = |statuses: Vec<&'static str>| {
        nominations::table
            .filter(nominations::course_id.eq_any(courses.clone()))
            .filter(nominations::status.eq_any(statuses))
            .select((nominations::course_id, nominations::employee_id))
    };
    let waiting: Vec<(Uuid, Uuid)> = by_status(vec!["waitlisted"]).load(tx.conn()).await?;
    let mut trained: HashSet<(Uuid, Uuid)> =
        by_status(NOMINATED.to_vec()).load(tx.conn()).await?.into_iter().collect();
    trained.extend(
        participants::table
            .inner_join(offerings::table)
            .filter(offerings::course_id.eq_any(&courses))
            .filter(participants::status.ne("withdrawn"))
            .select((offerings::course_id, participants::employee_id))
            .load::<(Uuid, Uuid)>(tx.conn())
            .await?,
    );
    let used = evaluations::table
        .filter(evaluations::offering_id.eq_any(offering_ids))
        .select((evaluations::offering_id, evaluations::subject_id))
        .distinct()
        .load::<(Uuid, Uuid)>(tx.conn())
        .await?;
    let waiting_ids: Vec<Uuid> = waiting.iter().map(|(_, employee)| *employee).collect();
    let colleagues = employees::table
        .inner_join(job_positions::table)
        .filter(employees::status.eq("active"))
        // Who restricted the processing of the own data is nobody's comparison (Law 91/2025/QH15, Art. 4).
        .filter(employees::restricted.eq(false))
        .filter(job_positions::position_group.eq_any(groups).or(employees::id.eq_any(waiting_ids)))
        .select((employees::id, employees::unit_id, job_positions::position_group))
        .load::<(Uuid, Uuid, String)>(tx.conn())
        .await?
        .into_iter()
        .map(|(employee_id, unit_id, position_group)| Colleague { employee_id, unit_id, position_group })
        .collect();
    Ok(Pool { colleagues, waiting: waiting.into_iter().collect(), trained, used: used.into_iter().collect() })
}

/// A window that differs from its offering's: offering, phase, day on which it opens, sessions.
pub type Shifted = (Uuid, Phase, NaiveDate, Run);

/// Windows of pending tasks, one for each offering, phase and day.
pub async fn windows(tx: &mut Tx<'_>) -> Result<Vec<Shifted>> {
    let rows: Vec<(Uuid, Phase, NaiveDate, i32, i32)> = evaluations::table
        .inner_join(offerings::table)
        .filter(evaluations::status.eq(Status::Pending))
        .filter(offerings::last_half_day.ge(oldest(tx.today())))
        .select((
            evaluations::offering_id,
            evaluations::phase,
            evaluations::opens_on,
            offerings::first_half_day,
            offerings::last_half_day,
        ))
        .distinct()
        .load(tx.conn())
        .await?;
    let shifted = |(offering, phase, opens_on, first, last)| {
        let run = Run { first_half_day: first, last_half_day: last };
        (offering, phase, opens_on, run)
    };
    Ok(rows.into_iter().map(shifted).collect())
}

/// Move the window of an offering's pending tasks of a phase that open on a day.
pub async fn shift(
    tx: &mut Tx<'_>,
    offering: Uuid,
    phase: Phase,
    opens_on: NaiveDate,
    to: Window,
) -> Result<()> {
    let now = tx.now;
    diesel::update(
        evaluations::table
            .filter(evaluations::offering_id.eq(offering))
            .filter(evaluations::phase.eq(phase))
            .filter(evaluations::opens_on.eq(opens_on))
            .filter(evaluations::status.eq(Status::Pending)),
    )
    .set((
        evaluations::opens_on.eq(to.opens_on),
        evaluations::due_on.eq(to.due_on),
        evaluations::version.eq(evaluations::version + 1),
        evaluations::updated_at.eq(now),
    ))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A rating whose respondent may have to change: task, subject, the subject's unit, respondent.
pub type Rating = (Uuid, Uuid, Uuid, Uuid);

/// Pending ratings that open within two weeks, and open ones whose respondent has left.
pub async fn unsettled(tx: &mut Tx<'_>) -> Result<Vec<Rating>> {
    let (subjects, respondents) = diesel::alias!(employees as subjects, employees as respondents);
    let today = tx.today();
    Ok(evaluations::table
        .inner_join(subjects.on(subjects.field(employees::id).eq(evaluations::subject_id)))
        .inner_join(respondents.on(respondents.field(employees::id).eq(evaluations::respondent_id)))
        .filter(evaluations::status.eq(Status::Pending))
        .filter(evaluations::phase.ne(Phase::Close))
        .filter(evaluations::due_on.ge(today))
        .filter(
            evaluations::opens_on
                .gt(today)
                .and(evaluations::opens_on.le(today + Duration::days(SETTLING_DAYS)))
                .or(respondents.field(employees::status).eq("left")),
        )
        .select((
            evaluations::id,
            evaluations::subject_id,
            subjects.field(employees::unit_id),
            evaluations::respondent_id,
        ))
        .load(tx.conn())
        .await?)
}

/// Give pending ratings to somebody else.
pub async fn reassign(tx: &mut Tx<'_>, ids: &[Uuid], respondent: Uuid) -> Result<()> {
    let now = tx.now;
    diesel::update(evaluations::table.filter(evaluations::id.eq_any(ids)))
        .set((
            evaluations::respondent_id.eq(respondent),
            evaluations::version.eq(evaluations::version + 1),
            evaluations::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A task about somebody who takes part in the offering now, but was made for another reason: as a comparison, or
/// before he or she withdrew and came back. Task, participant, unit, and whether the service had excused it.
pub type Adopted = (Uuid, Uuid, Uuid, bool);

/// Tasks about people who are participants of the same offering under another id than the task's.
pub async fn to_adopt(tx: &mut Tx<'_>) -> Result<Vec<Adopted>> {
    let rows: Vec<(Uuid, Uuid, Uuid, Option<String>)> = evaluations::table
        .inner_join(
            participants::table.on(participants::offering_id
                .eq(evaluations::offering_id)
                .and(participants::employee_id.eq(evaluations::subject_id))
                .and(participants::id.ne(evaluations::participant_id))),
        )
        .inner_join(offerings::table.on(offerings::id.eq(evaluations::offering_id)))
        .filter(participants::status.ne("withdrawn"))
        .filter(offerings::last_half_day.ge(oldest(tx.today())))
        .select((evaluations::id, participants::id, participants::unit_id, evaluations::excuse))
        .load(tx.conn())
        .await?;
    let by_service =
        |reason: &str| [excuse::PARTICIPANT_WITHDRAWN, excuse::COMPARISON_TRAINED].contains(&reason);
    Ok(rows
        .into_iter()
        .map(|(id, participant, unit, reason)| {
            (id, participant, unit, reason.as_deref().is_some_and(by_service))
        })
        .collect())
}

/// Make tasks those of a participant.
pub async fn adopt(tx: &mut Tx<'_>, ids: &[Uuid], participant: Uuid, unit: Uuid) -> Result<()> {
    let now = tx.now;
    diesel::update(evaluations::table.filter(evaluations::id.eq_any(ids)))
        .set((
            evaluations::participant_id.eq(participant),
            evaluations::unit_id.eq(unit),
            evaluations::subject_group.eq(SubjectGroup::Trained),
            evaluations::version.eq(evaluations::version + 1),
            evaluations::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Ask again for what the service had excused.
pub async fn revive(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<()> {
    diesel::update(evaluations::table.filter(evaluations::id.eq_any(ids)))
        .set((evaluations::status.eq(Status::Pending), evaluations::excuse.eq(None::<String>)))
        .execute(tx.conn())
        .await?;
    Ok(())
}

macro_rules! excuse_where {
    ($tx:ident, $reason:expr, $condition:expr) => {{
        let now = $tx.now;
        diesel::update(evaluations::table.filter(evaluations::status.eq(Status::Pending)).filter($condition))
            .set((
                evaluations::status.eq(Status::Excused),
                evaluations::excuse.eq($reason),
                evaluations::version.eq(evaluations::version + 1),
                evaluations::updated_at.eq(now),
            ))
            .execute($tx.conn())
            .await?
    }};
}

/// Take back what is not owed any more: of those who withdrew or left, of offerings that do not take place, and about
/// colleagues who came to be trained in the course they were to be compared in.
pub async fn excuse_obsolete(tx: &mut Tx<'_>) -> Result<usize> {
    let withdrawn = participants::table.filter(participants::status.eq("withdrawn")).select(participants::id);
    let cancelled = offerings::table.filter(offerings::status.eq("cancelled")).select(offerings::id);
    let left = employees::table.filter(employees::status.eq("left")).select(employees::id);
    let trained = participants::table
        .inner_join(offerings::table)
        .filter(participants::employee_id.eq(evaluations::subject_id))
        .filter(participants::status.ne("withdrawn"))
        .filter(offerings::course_id.eq(evaluations::course_id));
    Ok(excuse_where!(tx, excuse::PARTICIPANT_WITHDRAWN, evaluations::participant_id.eq_any(withdrawn))
        + excuse_where!(tx, excuse::OFFERING_CANCELLED, evaluations::offering_id.eq_any(cancelled))
        + excuse_where!(tx, excuse::SUBJECT_LEFT, evaluations::subject_id.eq_any(left))
        + excuse_where!(
            tx,
            excuse::COMPARISON_TRAINED,
            evaluations::subject_group.eq(SubjectGroup::Comparison).and(exists(trained))
        ))
}
