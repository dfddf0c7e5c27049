//! Who is named to rate beside the supervisor, and whether that person can be asked.

use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::super::model::{Rater, Status};
use super::super::super::second_rating::{Ended, Facts};
use super::EVALUATED;
use crate::db::Tx;
use crate::db::schema::second_raters;
use crate::error::Result;
use crate::participation::participants::{ParticipantStatus, row_took_part};

/// SQL: whether second raters in an offering `o` can still be asked: the last window after the offering is not over, or it is
/// not over for a form that an absence moved. It is put as a set of offerings, since two conditions on two tables would
/// make what runs every minute look at the choices of all years. `since` and `today` are places of parameters.
pub fn row_can_be_asked(since: &str, today: &str) -> String {
    let (second, pending) = (Rater::Second.name(), Status::Pending.name());
    format!(
        "o.id IN (SELECT recent.id FROM offerings recent WHERE recent.last_half_day >= {since}
            UNION SELECT moved.offering_id FROM evaluations moved WHERE moved.rater = '{second}'
                AND moved.status = '{pending}' AND moved.due_on >= {today})"
    )
}

/// SQL: what decides of a rater, by rows `s` of participant, rater, unit at naming and version.
fn facts() -> String {
    let took_part = row_took_part("x");
    format!(
        "SELECT s.participant_id, p.employee_id AS subject_id, e.unit_id, s.unit_id AS named_in, r.id AS rater_id,
            r.status = 'left' AS has_left, r.restricted AS is_restricted, s.version,
            EXISTS (SELECT FROM participants x WHERE x.offering_id = p.offering_id AND x.employee_id = r.id
                    AND {took_part})
                OR EXISTS (SELECT FROM evaluations v WHERE v.offering_id = p.offering_id AND v.subject_id = r.id
                    AND v.subject_group = 'comparison' AND v.status <> 'excused') AS takes_part,
            EXISTS (SELECT FROM evaluations v JOIN questionnaires q ON q.id = v.questionnaire_id
                WHERE v.participant_id = p.id AND v.subject_group = 'trained' AND v.rater = 'first'
                    AND v.respondent_id = r.id AND v.status = 'pending' AND $1 BETWEEN v.opens_on AND v.due_on
                    AND q.instrument = 'behaviour') AS is_asked_first
        FROM chosen s
            JOIN participants p ON p.id = s.participant_id
            JOIN employees e ON e.id = p.employee_id
            JOIN employees r ON r.id = s.employee_id"
    )
}

/// What decides whether somebody can be named for a participant, who works in a unit; none where there is nobody of
/// that id.
pub async fn facts_of_rater(
    tx: &mut Tx<'_>,
    (participant, unit): (Uuid, Uuid),
    rater: Uuid,
) -> Result<Option<Facts>> {
    let (today, facts) = (tx.today(), facts());
    Ok(diesel::sql_query(format!(
        "WITH chosen AS (SELECT $2 AS participant_id, $3 AS employee_id, $4 AS unit_id, 0 AS version) {facts}"
    ))
    .bind::<Date, _>(today)
    .bind::<SqlUuid, _>(participant)
    .bind::<SqlUuid, _>(rater)
    .bind::<SqlUuid, _>(unit)
    .get_result(tx.conn())
    .await
    .optional()?)
}

/// The raters who are named and still asked, of one participant, or of all for whom they can be asked. `since`: the half-day
/// from which on offerings have something left to ask.
pub async fn facts_of_named(tx: &mut Tx<'_>, of: Option<Uuid>, since: i32) -> Result<Vec<Facts>> {
    let (today, facts) = (tx.today(), facts());
    let (took_part, can_be_asked) = (row_took_part("p"), row_can_be_asked("$3", "$1"));
    Ok(diesel::sql_query(format!(
        "WITH chosen AS (SELECT s.* FROM second_raters s
            JOIN participants p ON p.id = s.participant_id JOIN offerings o ON o.id = p.offering_id
            WHERE s.employee_id IS NOT NULL AND s.ended IS NULL AND {took_part} AND o.status = ANY ($2)
                AND (s.participant_id = $4 OR $4 IS NULL AND {can_be_asked})) {facts}
        ORDER BY s.participant_id"
    ))
    .bind::<Date, _>(today)
    .bind::<Array<Text>, _>(&EVALUATED[..])
    .bind::<Integer, _>(since)
    .bind::<Nullable<SqlUuid>, _>(of)
    .load(tx.conn())
    .await?)
}

/// Ask a rater no more, unless somebody chose anew meanwhile. Whether it was so.
pub async fn end_choice(tx: &mut Tx<'_>, of: &Facts, ended: Ended) -> Result<bool> {
    let now = tx.now;
    let choice = second_raters::table
        .find(of.participant_id)
        .filter(second_raters::version.eq(of.version))
        .filter(second_raters::ended.is_null());
    let changed = diesel::update(choice)
        .set((
            second_raters::ended.eq(ended),
            second_raters::version.eq(second_raters::version + 1),
            second_raters::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(changed > 0)
}

/// A person who withdrew from an offering and takes part in it again keeps the second rater: the one chosen for the newest
/// of the times before. Choices of earlier times stay where they are.
pub async fn carry_on(tx: &mut Tx<'_>, since: i32) -> Result<()> {
    let today = tx.today();
    let (took_part, can_be_asked) = (row_took_part("again"), row_can_be_asked("$1", "$2"));
    let withdrawn = ParticipantStatus::Withdrawn.name();
    diesel::sql_query(format!(
        "UPDATE second_raters s SET participant_id = newest.again_id
        FROM (SELECT DISTINCT ON (again.id) again.id AS again_id, before.id AS before_id
            FROM second_raters chosen
                JOIN participants before ON before.id = chosen.participant_id AND before.status = '{withdrawn}'
                JOIN offerings o ON o.id = before.offering_id
                JOIN participants again ON again.offering_id = before.offering_id
                    AND again.employee_id = before.employee_id AND {took_part}
            WHERE {can_be_asked}
                AND NOT EXISTS (SELECT FROM second_raters other WHERE other.participant_id = again.id)
            ORDER BY again.id, before.id DESC) newest
        WHERE s.participant_id = newest.before_id"
    ))
    .bind::<Integer, _>(since)
    .bind::<Date, _>(today)
    .execute(tx.conn())
    .await?;
    Ok(())
}
