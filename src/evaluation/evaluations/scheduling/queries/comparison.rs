//! Who is in the comparison group.

use std::collections::{HashMap, HashSet};

use chrono::{Duration, NaiveDate};
use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Double, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::super::model::{Phase, Rater, Status, SubjectGroup};
use super::super::matching::lot::Draws;
use super::super::matching::{
    CAP_MONTHS, Colleague, EARLIER_PERIODS, EarlierScore, EarlierWork, Engaged, Pool, Run, Unmatched,
};
use super::EVALUATED;
use crate::catalogue::offerings::not_cancelled;
use crate::db::Tx;
use crate::db::schema::{
    employees, evaluations, job_positions, nominations, offerings, participants, questionnaires,
    seat_draw_entries, seat_draws, second_raters,
};
use crate::error::Result;
use crate::evaluation::questionnaires::Instrument;
use crate::half_day::{Half, HalfDay};
use crate::organisation::employees::EmployeeStatus;
use crate::organisation::ratings::{PeriodKind, RatingClass, RatingRegime};
use crate::participation::nominations::NominationStatus;
use crate::participation::participants::took_part;
use crate::participation::seat_draws::{DrawOutcome, DrawStatus, begins_before_rating};
use statistics::thresholds::PAIRS_SHOWN;

/// States of a nomination that may still lead to the course.
const NOMINATED: [NominationStatus; 4] = [
    NominationStatus::Submitted,
    NominationStatus::Endorsed,
    NominationStatus::Approved,
    NominationStatus::Returned,
];

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
                .and(mine.field(evaluations::rater).eq(Rater::First))
                .and(mine.field(evaluations::status).eq(Status::Pending))),
        )
        .inner_join(
            questionnaires::table.on(questionnaires::id
                .eq(mine.field(evaluations::questionnaire_id))
                .and(questionnaires::instrument.eq(Instrument::Behaviour))),
        )
        .filter(took_part())
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

/// The draws of the seats of some participants' offerings that left enough people waiting to compare with. These are in
/// the comparison group as long as they work, have not restricted the processing of their data, are not rated in the
/// offering yet, and do not sit in the course before the three-month ratings are over; whether they still want to be
/// sent does not matter.
pub async fn draws(tx: &mut Tx<'_>, unmatched: &[Unmatched]) -> Result<Draws> {
    let offerings = distinct(unmatched, |participant| participant.offering_id);
    type Row = (Uuid, Uuid, i32, DrawOutcome, bool, Uuid, String);
    let is_free = employees::status
        .eq(EmployeeStatus::Active)
        .and(employees::restricted.eq(false))
        .and(not(exists(
            participants::table
                .inner_join(offerings::table)
                .filter(participants::employee_id.eq(seat_draw_entries::employee_id))
                .filter(took_part())
                .filter(not_cancelled())
                .filter(offerings::course_id.eq(nominations::course_id))
                // Who only later sits in the course is untrained when rated.
                .filter(sql::<Bool>(&format!(
                    "EXISTS (SELECT FROM offerings drawn WHERE drawn.id = seat_draw_entries.offering_id AND {})",
                    begins_before_rating("offerings", "drawn")
                ))),
        )))
        .and(not(exists(
            evaluations::table
                .filter(evaluations::offering_id.eq(seat_draw_entries::offering_id))
                .filter(evaluations::subject_id.eq(seat_draw_entries::employee_id)),
        )));
    let rows: Vec<Row> = seat_draw_entries::table
        .inner_join(nominations::table)
        .inner_join(seat_draws::table)
        .inner_join(employees::table.inner_join(job_positions::table))
        .filter(seat_draw_entries::offering_id.eq_any(offerings))
        .filter(seat_draws::status.eq(DrawStatus::Held))
        .filter(seat_draw_entries::outcome.ne(DrawOutcome::PassedOver))
        .order((seat_draw_entries::offering_id, seat_draw_entries::place))
        .select((
            seat_draw_entries::offering_id,
            seat_draw_entries::employee_id,
            seat_draw_entries::place,
            seat_draw_entries::outcome,
            is_free,
            employees::unit_id,
            job_positions::position_group,
        ))
        .load(tx.conn())
        .await?;
    let mut draws = Draws::new();
    for (offering, employee_id, place, outcome, is_free, unit_id, position_group) in rows {
        let draw = draws.entry(offering).or_default();
        draw.left_waiting += usize::from(outcome == DrawOutcome::Waiting);
        draw.places.insert(employee_id, place);
        if is_free && outcome == DrawOutcome::Waiting {
            draw.waiting.push(Colleague { employee_id, unit_id, position_group });
        }
    }
    // With fewer, nothing could be shown: those who were drawn are matched like anybody else.
    draws.retain(|_, draw| draw.left_waiting >= PAIRS_SHOWN);
    Ok(draws)
}

/// Whom some participants can be compared with, and whom they cannot.
pub async fn pool(tx: &mut Tx<'_>, unmatched: &[Unmatched]) -> Result<Pool> {
    let courses = distinct(unmatched, |participant| participant.course_id);
    let waiting: HashSet<_> =
        nominated(tx, &courses, &[NominationStatus::Waitlisted]).await?.into_iter().collect();
    let engaged = engaged(tx, unmatched, &courses).await?;
    let colleagues = colleagues(tx, unmatched, &waiting).await?;
    let mut pool = Pool { colleagues, waiting, engaged, ..Pool::default() };
    let mut people = pool.in_question(unmatched);
    people.extend(unmatched.iter().map(|participant| participant.trainee.employee_id));
    pool.earlier_work = earlier_work(tx, &people).await?;
    Ok(pool)
}

fn distinct(unmatched: &[Unmatched], key: fn(&Unmatched) -> Uuid) -> Vec<Uuid> {
    unmatched.iter().map(key).collect::<HashSet<Uuid>>().into_iter().collect()
}

/// Course and employee of nominations in some states.
async fn nominated(
    tx: &mut Tx<'_>,
    courses: &[Uuid],
    statuses: &[NominationStatus],
) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(nominations::table
        .filter(nominations::course_id.eq_any(courses))
        .filter(nominations::status.eq_any(statuses.to_vec()))
        .select((nominations::course_id, nominations::employee_id))
        .load(tx.conn())
        .await?)
}

/// Active people of the participants' position groups, and those who wait.
async fn colleagues(
    tx: &mut Tx<'_>,
    unmatched: &[Unmatched],
    waiting: &HashSet<(Uuid, Uuid)>,
) -> Result<Vec<Colleague>> {
    let groups: HashSet<&str> = unmatched.iter().map(|u| u.trainee.position_group.as_str()).collect();
    let waiting_ids: Vec<Uuid> = waiting.iter().map(|(_, employee)| *employee).collect();
    let rows: Vec<(Uuid, Uuid, String)> = employees::table
        .inner_join(job_positions::table)
        .filter(employees::status.eq(EmployeeStatus::Active))
        // Who restricted the processing of their data is nobody's comparison (Law 91/2025/QH15, Art. 4).
        .filter(employees::restricted.eq(false))
        .filter(job_positions::position_group.eq_any(groups).or(employees::id.eq_any(waiting_ids)))
        .select((employees::id, employees::unit_id, job_positions::position_group))
        .load(tx.conn())
        .await?;
    let colleague =
        |(employee_id, unit_id, position_group)| Colleague { employee_id, unit_id, position_group };
    Ok(rows.into_iter().map(colleague).collect())
}

/// What keeps people from standing for comparison with the participants.
async fn engaged(tx: &mut Tx<'_>, unmatched: &[Unmatched], courses: &[Uuid]) -> Result<Engaged> {
    let mut trained: HashSet<(Uuid, Uuid)> = nominated(tx, courses, &NOMINATED).await?.into_iter().collect();
    trained.extend(
        participants::table
            .inner_join(offerings::table)
            .filter(offerings::course_id.eq_any(courses))
            .filter(took_part())
            .select((offerings::course_id, participants::employee_id))
            .load::<(Uuid, Uuid)>(tx.conn())
            .await?,
    );
    let offerings = distinct(unmatched, |participant| participant.offering_id);
    let mut used: HashSet<(Uuid, Uuid)> = evaluations::table
        .filter(evaluations::offering_id.eq_any(&offerings))
        .select((evaluations::offering_id, evaluations::subject_id))
        .distinct()
        .load::<(Uuid, Uuid)>(tx.conn())
        .await?
        .into_iter()
        .collect();
    used.extend(second_raters_of(tx, &offerings).await?);
    Ok(Engaged { trained, used, stood: stood(tx, unmatched).await? })
}

/// Who rates beside a supervisor in some offerings: standing for comparison there would end it.
async fn second_raters_of(tx: &mut Tx<'_>, offerings: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(second_raters::table
        .inner_join(participants::table)
        .filter(participants::offering_id.eq_any(offerings))
        .filter(took_part())
        .filter(second_raters::ended.is_null())
        .filter(second_raters::employee_id.is_not_null())
        .select((participants::offering_id, second_raters::employee_id.assume_not_null()))
        .load(tx.conn())
        .await?)
}

/// First sessions of the offerings in whose comparison groups people are, as far as they may lie near to a
/// participant's.
async fn stood(tx: &mut Tx<'_>, unmatched: &[Unmatched]) -> Result<HashMap<Uuid, Vec<NaiveDate>>> {
    let firsts = unmatched.iter().map(|participant| participant.run.first());
    let Some((earliest, latest)) = firsts.clone().min().zip(firsts.max()) else {
        return Ok(HashMap::new());
    };
    let around = Duration::days(31 * i64::from(CAP_MONTHS));
    let from = HalfDay::new(earliest - around, Half::Morning).0;
    let to = HalfDay::new(latest + around, Half::Afternoon).0;
    let rows: Vec<(Uuid, Uuid, i32)> = evaluations::table
        .inner_join(offerings::table)
        .filter(offerings::first_half_day.between(from, to))
        .filter(evaluations::subject_group.eq(SubjectGroup::Comparison))
        .filter(evaluations::phase.eq(Phase::ThreeMonths))
        .filter(evaluations::status.ne(Status::Excused))
        .select((evaluations::subject_id, offerings::id, offerings::first_half_day))
        .distinct()
        .load(tx.conn())
        .await?;
    let mut stood: HashMap<Uuid, Vec<NaiveDate>> = HashMap::new();
    for (employee, _, first) in rows {
        stood.entry(employee).or_default().push(HalfDay(first).date());
    }
    Ok(stood)
}

/// What is known of somebody's earlier work.
#[derive(Debug, QueryableByName)]
struct KnownWork {
    #[diesel(sql_type = SqlUuid)]
    employee_id: Uuid,
    #[diesel(sql_type = Text)]
    class: RatingClass,
    #[diesel(sql_type = Text)]
    regime: RatingRegime,
    #[diesel(sql_type = Text)]
    kind: PeriodKind,
    #[diesel(sql_type = Nullable<Double>)]
    mean: Option<f64>,
}

/// What the current ratings of periods that have ended say of people's work; nothing of those who have none. Of several
/// periods that ended on the same day the longest counts: its class says most.
///
/// Each person's few ratings are found by the index of current ratings, so that of a large ministry neither the whole
/// table is read nor every rating fetched.
async fn earlier_work(tx: &mut Tx<'_>, people: &[Uuid]) -> Result<HashMap<Uuid, EarlierWork>> {
    let rows: Vec<KnownWork> = diesel::sql_query(
        "SELECT person.id AS employee_id, newest.class, newest.regime, newest.period_kind AS kind, earlier.mean
        FROM unnest($1) AS person (id)
            CROSS JOIN LATERAL (SELECT r.class, r.regime, r.period_kind FROM performance_ratings r
                WHERE r.employee_id = person.id AND r.is_current AND r.period_end < $2
                ORDER BY r.period_end DESC, r.period_start LIMIT 1) newest
            CROSS JOIN LATERAL (SELECT avg(recent.score) AS mean FROM (SELECT r.score FROM performance_ratings r
                WHERE r.employee_id = person.id AND r.is_current AND r.period_end < $2
                    AND r.regime = newest.regime AND r.period_kind = newest.period_kind
                ORDER BY r.period_start DESC LIMIT $3) recent) earlier",
    )
    .bind::<Array<SqlUuid>, _>(people)
    .bind::<Date, _>(tx.today())
    .bind::<Integer, _>(EARLIER_PERIODS)
    .load(tx.conn())
    .await?;
    let work = |KnownWork { employee_id, class, regime, kind, mean }| {
        let score = mean.map(|mean| EarlierScore { regime, kind, mean });
        (employee_id, EarlierWork { class: Some(class), score })
    };
    Ok(rows.into_iter().map(work).collect())
}
