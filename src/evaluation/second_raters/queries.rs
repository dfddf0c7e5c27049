use chrono::{Duration, NaiveDate};
use diesel::dsl::max;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Choice, Ended, Facts, Participant, Relation};
use crate::catalogue::offerings::OfferingStatus;
use crate::db::Tx;
use crate::db::schema::{employees, evaluations, offerings, participants, second_raters};
use crate::error::{Error, Result};
use crate::evaluation::evaluations::{EVALUATED, LONGEST_DAYS, Phase, Rater, Status};
use crate::half_day::HalfDay;
use crate::organisation::units::below;
use crate::participation::participants::{ParticipantStatus, row_took_part};

/// Participants of everybody's, or those who work now in the caller's units. Never those of an institute.
fn visible(tx: &Tx<'_>) -> participants::BoxedQuery<'static, Pg> {
    let all = participants::table.into_boxed();
    if tx.reach.all {
        return all;
    }
    let people = employees::table
        .filter(employees::unit_id.eq_any(below(tx.reach.unit_ids.clone())))
        .select(employees::id);
    all.filter(participants::employee_id.eq_any(people))
}

/// A participant within the caller's reach.
///
/// # Errors
/// Not found outside it.
pub async fn participant(tx: &mut Tx<'_>, id: Uuid) -> Result<Participant> {
    let found: Uuid = visible(tx)
        .filter(participants::id.eq(id))
        .select(participants::id)
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("participant"))?;
    type Row = ((Uuid, Uuid), (bool, bool, i32));
    let ((employee_id, unit_id), (is_withdrawn, is_cancelled, last_half_day)): Row = participants::table
        .inner_join(offerings::table)
        .inner_join(employees::table)
        .filter(participants::id.eq(found))
        .select((
            (participants::employee_id, employees::unit_id),
            (
                participants::status.eq(ParticipantStatus::Withdrawn),
                offerings::status.eq(OfferingStatus::Cancelled),
                offerings::last_half_day,
            ),
        ))
        .first(tx.conn())
        .await?;
    // A leave moves the windows of forms that were handed out.
    let moved: Option<NaiveDate> = evaluations::table
        .filter(evaluations::participant_id.eq(id))
        .filter(evaluations::subject_id.eq(employee_id))
        .filter(evaluations::phase.eq(Phase::SixMonths))
        .filter(evaluations::status.ne(Status::Excused))
        .select(max(evaluations::due_on))
        .first(tx.conn())
        .await?;
    let planned = HalfDay(last_half_day).date() + Duration::days(LONGEST_DAYS);
    let last_day = moved.map_or(planned, |moved| moved.max(planned));
    Ok(Participant { id, employee_id, unit_id, is_withdrawn, is_cancelled, last_day })
}

/// Hold a participant against others who name somebody, until the unit of work ends.
pub async fn lock(tx: &mut Tx<'_>, participant_id: Uuid) -> Result<()> {
    participants::table
        .find(participant_id)
        .select(participants::id)
        .for_no_key_update()
        .first::<Uuid>(tx.conn())
        .await
        .optional()?;
    Ok(())
}

/// The choice for a participant, if there ever was one.
pub async fn choice(tx: &mut Tx<'_>, participant_id: Uuid) -> Result<Option<Choice>> {
    Ok(second_raters::table
        .find(participant_id)
        .select(Choice::as_select())
        .first(tx.conn())
        .await
        .optional()?)
}

/// A rater's name, where the caller may see the person.
pub async fn name_within_reach(tx: &mut Tx<'_>, employee_id: Uuid) -> Result<Option<String>> {
    let mut person = employees::table.find(employee_id).into_boxed();
    if !tx.reach.all {
        person = person.filter(employees::unit_id.eq_any(below(tx.reach.unit_ids.clone())));
    }
    Ok(person.select(employees::full_name).first(tx.conn()).await.optional()?)
}

/// Phases in which a rater is asked, or has answered, in the order of time.
pub async fn phases(tx: &mut Tx<'_>, participant_id: Uuid, employee_id: Uuid) -> Result<Vec<Phase>> {
    let mut phases: Vec<Phase> = evaluations::table
        .filter(evaluations::participant_id.eq(participant_id))
        .filter(evaluations::respondent_id.eq(employee_id))
        .filter(evaluations::rater.eq(Rater::Second))
        .filter(evaluations::status.ne(Status::Excused))
        .select(evaluations::phase)
        .load(tx.conn())
        .await?;
    phases.sort_unstable();
    Ok(phases)
}

/// Keep who rates, or (without) that nobody does. The caller holds the participant and has compared the version.
pub async fn keep(tx: &mut Tx<'_>, participant: &Participant, rater: Option<(Uuid, Relation)>) -> Result<()> {
    let now = tx.now;
    let named = (
        second_raters::employee_id.eq(rater.map(|(id, _)| id)),
        second_raters::relation.eq(rater.map(|(_, relation)| relation)),
        second_raters::unit_id.eq(participant.unit_id),
        second_raters::ended.eq(None::<Ended>),
        second_raters::updated_at.eq(now),
    );
    diesel::insert_into(second_raters::table)
        .values((
            second_raters::participant_id.eq(participant.id),
            second_raters::version.eq(1),
            second_raters::created_at.eq(now),
            named,
        ))
        .on_conflict(second_raters::participant_id)
        .do_update()
        .set((second_raters::version.eq(second_raters::version + 1), named))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// SQL: whether a second rater of a participant of an offering `o` can still be asked: the last window after the offering is
/// not over, or it is not over for a form that an absence moved. What runs every minute looks at no other choices: those
/// of all years would be ever more. `since` and `today` are places of parameters.
pub fn row_can_be_asked(participant: &str, since: &str, today: &str) -> String {
    let (second, pending) = (Rater::Second.name(), Status::Pending.name());
    format!(
        "(o.last_half_day >= {since} OR EXISTS (SELECT FROM evaluations moved WHERE moved.participant_id = {participant}.id
            AND moved.rater = '{second}' AND moved.status = '{pending}' AND moved.due_on >= {today}))"
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

/// What decides whether somebody can be named; none where there is nobody of that id.
pub async fn facts_of(tx: &mut Tx<'_>, participant: &Participant, rater: Uuid) -> Result<Option<Facts>> {
    let (today, facts) = (tx.today(), facts());
    Ok(diesel::sql_query(format!(
        "WITH chosen AS (SELECT $2 AS participant_id, $3 AS employee_id, $4 AS unit_id, 0 AS version) {facts}"
    ))
    .bind::<Date, _>(today)
    .bind::<SqlUuid, _>(participant.id)
    .bind::<SqlUuid, _>(rater)
    .bind::<SqlUuid, _>(participant.unit_id)
    .get_result(tx.conn())
    .await
    .optional()?)
}

/// The raters who are named and still asked, of one participant, or of all for whom they can be asked. `since`: the half-day
/// from which on offerings have something left to ask.
pub async fn facts_of_named(tx: &mut Tx<'_>, of: Option<Uuid>, since: i32) -> Result<Vec<Facts>> {
    let (today, facts) = (tx.today(), facts());
    let (took_part, can_be_asked) = (row_took_part("p"), row_can_be_asked("p", "$3", "$1"));
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
pub async fn end(tx: &mut Tx<'_>, of: &Facts, ended: Ended) -> Result<bool> {
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
    let (took_part, can_be_asked) = (row_took_part("again"), row_can_be_asked("again", "$1", "$2"));
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
