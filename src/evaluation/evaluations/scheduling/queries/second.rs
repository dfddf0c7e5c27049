//! Forms of second raters.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::super::model::{Phase, Rater, Status, SubjectGroup};
use super::super::super::second_rating::Ended;
use super::super::model::excuse;
use super::named::row_can_be_asked;
use super::{EVALUATED, ROWS_PER_INSERT, oldest};
use crate::db::Tx;
use crate::db::schema::evaluations;
use crate::error::Result;
use crate::participation::participants::row_took_part;

/// Why a second rating is not owed: the supervisor's form beside it was excused.
const SUPERVISOR_EXCUSED: &str = "supervisor_excused";

/// SQL: rows `v` of the supervisors' forms about participants for whom somebody else, `s`, is named, that can be answered today
/// or later. Who gave or is giving the supervisor's rating does not give the second one. Parameters: the person, today,
/// states of offerings, the half-day from which on offerings have something left to ask.
fn asked() -> String {
    let (took_part, can_be_asked) = (row_took_part("p"), row_can_be_asked("$4", "$2"));
    format!(
        "second_raters s
            JOIN participants p ON p.id = s.participant_id AND {took_part}
            JOIN employees subject ON subject.id = p.employee_id AND subject.status <> 'left'
            JOIN offerings o ON o.id = p.offering_id AND o.status = ANY ($3) AND ($1 IS NOT NULL OR {can_be_asked})
            JOIN evaluations v ON v.participant_id = p.id AND v.subject_group = 'trained' AND v.rater = 'first'
                AND v.status <> 'excused' AND v.due_on >= $2
                AND (v.respondent_id <> s.employee_id OR v.status = 'pending' AND v.opens_on > $2)
            JOIN questionnaires q ON q.id = v.questionnaire_id AND q.instrument = 'behaviour'"
    )
}

/// SQL: whose choices count here, of all participants or of one.
const CHOSEN: &str =
    "s.employee_id IS NOT NULL AND s.ended IS NULL AND ($1 IS NULL OR s.participant_id = $1)";
/// SQL: pending second ratings `e` whose window is not over, of all participants or of one. There are as many as are asked
/// now, however many there were in other years.
const PENDING: &str = "e.rater = 'second' AND e.status = 'pending' AND e.due_on >= $2
    AND ($1 IS NULL OR e.participant_id = $1)";
/// SQL: the supervisor's form `v` beside a second rating `e`.
const BESIDE: &str =
    "v.participant_id = e.participant_id AND v.subject_id = e.subject_id AND v.phase = e.phase
    AND v.questionnaire_id = e.questionnaire_id AND v.rater = 'first'";

/// Take back the forms of raters who are not asked any more, of those who gave the supervisor's rating themselves, and those
/// beside which the supervisor's was excused.
pub async fn excuse_unasked(tx: &mut Tx<'_>, of: Option<Uuid>) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    diesel::sql_query(format!(
        "UPDATE evaluations e SET status = 'excused', version = e.version + 1, updated_at = $3,
            excuse = CASE WHEN s.employee_id IS NULL THEN $4 ELSE coalesce(s.ended, $5) END
        FROM second_raters s
        WHERE s.participant_id = e.participant_id AND {PENDING}
            AND (s.employee_id IS NULL OR s.ended IS NOT NULL OR EXISTS (SELECT FROM evaluations v
                WHERE {BESIDE} AND v.status = 'answered' AND v.respondent_id = s.employee_id))"
    ))
    .bind::<Nullable<SqlUuid>, _>(of)
    .bind::<Date, _>(today)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(excuse::SECOND_RATER_REMOVED)
    .bind::<Text, _>(Ended::RaterIsSupervisor.name())
    .execute(tx.conn())
    .await?;
    excuse_beside_excused(tx, of).await
}

/// Take back the forms beside which the supervisor's was excused: of one rating there is no agreement.
async fn excuse_beside_excused(tx: &mut Tx<'_>, of: Option<Uuid>) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    diesel::sql_query(format!(
        "UPDATE evaluations e SET status = 'excused', excuse = $4, version = e.version + 1, updated_at = $3
        FROM evaluations v
        WHERE {BESIDE} AND v.status = 'excused' AND {PENDING}"
    ))
    .bind::<Nullable<SqlUuid>, _>(of)
    .bind::<Date, _>(today)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(SUPERVISOR_EXCUSED)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Give the forms of a rater who was replaced to the one named now, who was not reminded yet. Forms that this one cannot
/// answer were taken back before ([`excuse_unasked`]).
pub async fn hand_over(tx: &mut Tx<'_>, of: Option<Uuid>) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    diesel::sql_query(format!(
        "UPDATE evaluations e SET respondent_id = s.employee_id, reminded_at = NULL, escalated_at = NULL,
            version = e.version + 1, updated_at = $3
        FROM second_raters s
        WHERE s.participant_id = e.participant_id AND s.employee_id <> e.respondent_id AND {CHOSEN} AND {PENDING}"
    ))
    .bind::<Nullable<SqlUuid>, _>(of)
    .bind::<Date, _>(today)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Ask again for what the service had excused because of the rater before, in the supervisor's window as it is now.
pub async fn revive_second(tx: &mut Tx<'_>, of: Option<Uuid>) -> Result<()> {
    let (now, today, asked) = (tx.now, tx.today(), asked());
    diesel::sql_query(format!(
        "UPDATE evaluations e SET status = 'pending', excuse = NULL, respondent_id = s.employee_id,
            opens_on = v.opens_on, due_on = v.due_on, moved_days = v.moved_days, reminded_at = NULL,
            escalated_at = NULL, version = e.version + 1, updated_at = $5
        FROM {asked}
        WHERE e.participant_id = p.id AND e.subject_id = v.subject_id AND e.phase = v.phase
            AND e.questionnaire_id = v.questionnaire_id AND e.rater = 'second' AND e.status = 'excused'
            AND e.excuse = ANY ($6) AND {CHOSEN}"
    ))
    .bind::<Nullable<SqlUuid>, _>(of)
    .bind::<Date, _>(today)
    .bind::<Array<Text>, _>(&EVALUATED[..])
    .bind::<Integer, _>(oldest(today))
    .bind::<Timestamptz, _>(now)
    .bind::<Array<Text>, _>(excuse::of_second_raters())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A supervisor's form beside which a second rater is not asked yet.
#[derive(Debug, QueryableByName)]
struct Beside {
    #[diesel(sql_type = SqlUuid)]
    offering_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    course_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    questionnaire_id: Uuid,
    #[diesel(sql_type = Text)]
    phase: Phase,
    #[diesel(sql_type = SqlUuid)]
    subject_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    participant_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    unit_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    rater_id: Uuid,
    #[diesel(sql_type = Date)]
    opens_on: NaiveDate,
    #[diesel(sql_type = Date)]
    due_on: NaiveDate,
    #[diesel(sql_type = Integer)]
    moved_days: i32,
}

/// Hand out the forms that second raters lack. The offering of each that is new.
pub async fn insert_second(tx: &mut Tx<'_>, of: Option<Uuid>) -> Result<Vec<Uuid>> {
    let (now, today, asked) = (tx.now, tx.today(), asked());
    let lacks: Vec<Beside> = diesel::sql_query(format!(
        "SELECT v.offering_id, v.course_id, v.questionnaire_id, v.phase, v.subject_id, v.participant_id, v.unit_id,
            s.employee_id AS rater_id, v.opens_on, v.due_on, v.moved_days
        FROM {asked}
        WHERE {CHOSEN} AND NOT EXISTS (SELECT FROM evaluations e WHERE e.offering_id = v.offering_id
            AND e.subject_id = v.subject_id AND e.phase = v.phase AND e.questionnaire_id = v.questionnaire_id
            AND e.rater = 'second')
        ORDER BY v.id"
    ))
    .bind::<Nullable<SqlUuid>, _>(of)
    .bind::<Date, _>(today)
    .bind::<Array<Text>, _>(&EVALUATED[..])
    .bind::<Integer, _>(oldest(today))
    .load(tx.conn())
    .await?;
    let mut new = Vec::with_capacity(lacks.len());
    for chunk in lacks.chunks(ROWS_PER_INSERT) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|lack| {
                (
                    evaluations::id.eq(tx.new_id()),
                    evaluations::offering_id.eq(lack.offering_id),
                    evaluations::course_id.eq(lack.course_id),
                    evaluations::questionnaire_id.eq(lack.questionnaire_id),
                    evaluations::phase.eq(lack.phase),
                    evaluations::subject_id.eq(lack.subject_id),
                    evaluations::subject_group.eq(SubjectGroup::Trained),
                    evaluations::participant_id.eq(lack.participant_id),
                    evaluations::unit_id.eq(lack.unit_id),
                    evaluations::respondent_id.eq(lack.rater_id),
                    evaluations::opens_on.eq(lack.opens_on),
                    evaluations::due_on.eq(lack.due_on),
                    evaluations::moved_days.eq(lack.moved_days),
                    evaluations::rater.eq(Rater::Second),
                    evaluations::status.eq(Status::Pending),
                    evaluations::created_at.eq(now),
                    evaluations::updated_at.eq(now),
                )
            })
            .collect();
        let inserted: Vec<Uuid> = diesel::insert_into(evaluations::table)
            .values(rows)
            .on_conflict_do_nothing()
            .returning(evaluations::offering_id)
            .get_results(tx.conn())
            .await?;
        new.extend(inserted);
    }
    Ok(new)
}
