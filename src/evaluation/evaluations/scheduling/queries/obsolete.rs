//! What is not owed any more, and what is owed again.

use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::super::model::{Status, SubjectGroup};
use super::super::model::excuse;
use super::oldest;
use crate::catalogue::offerings::OfferingStatus;
use crate::db::Tx;
use crate::db::schema::{employees, evaluations, offerings, participants, questionnaires};
use crate::error::Result;
use crate::evaluation::questionnaires::Audience;
use crate::organisation::employees::EmployeeStatus;
use crate::participation::participants::{ParticipantStatus, took_part};
use crate::participation::seat_draws::begins_before_rating;

/// Ids of the forms that heads answer for their units: they are about nobody.
macro_rules! of_units {
    () => {
        questionnaires::table
            .filter(questionnaires::audience.eq(Audience::BeneficiaryUnit))
            .select(questionnaires::id)
    };
}

/// Participants of a task's offering from the unit it is of.
macro_rules! of_its_unit {
    () => {
        participants::table
            .filter(participants::offering_id.eq(evaluations::offering_id))
            .filter(participants::unit_id.eq(evaluations::unit_id))
            .filter(took_part())
    };
}

/// A task about somebody who takes part in the offering now, but was made for another reason: as a comparison, or
/// before he or she withdrew and came back.
#[derive(Debug)]
pub struct Adopted {
    pub id: Uuid,
    pub participant_id: Uuid,
    pub unit_id: Uuid,
    /// Whether the service had excused it.
    pub was_excused: bool,
}

/// Tasks about people who are participants of the same offering under another id than the task's. Only people who have
/// no task of their own can have such.
pub async fn to_adopt(tx: &mut Tx<'_>) -> Result<Vec<Adopted>> {
    let own = diesel::alias!(evaluations as own);
    let own = own
        .filter(own.field(evaluations::participant_id).eq(participants::id))
        .filter(own.field(evaluations::subject_group).eq(SubjectGroup::Trained))
        .filter(own.field(evaluations::questionnaire_id).ne_all(of_units!()));
    let rows: Vec<(Uuid, Uuid, Uuid, Option<String>)> = evaluations::table
        .inner_join(
            participants::table.on(participants::offering_id
                .eq(evaluations::offering_id)
                .and(participants::employee_id.eq(evaluations::subject_id))
                .and(participants::id.ne(evaluations::participant_id))),
        )
        .inner_join(offerings::table.on(offerings::id.eq(evaluations::offering_id)))
        .filter(took_part())
        .filter(offerings::last_half_day.ge(oldest(tx.today())))
        .filter(not(exists(own)))
        .filter(evaluations::questionnaire_id.ne_all(of_units!()))
        .select((evaluations::id, participants::id, participants::unit_id, evaluations::excuse))
        .load(tx.conn())
        .await?;
    let by_service =
        |reason: &str| [excuse::PARTICIPANT_WITHDRAWN, excuse::COMPARISON_TRAINED].contains(&reason);
    Ok(rows
        .into_iter()
        .map(|(id, participant_id, unit_id, reason)| Adopted {
            id,
            participant_id,
            unit_id,
            was_excused: reason.as_deref().is_some_and(by_service),
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

/// Ask units again some of whose people attend after all.
pub async fn revive_units(tx: &mut Tx<'_>) -> Result<()> {
    let today = tx.today();
    diesel::update(
        evaluations::table
            .filter(evaluations::status.eq(Status::Excused))
            .filter(evaluations::excuse.eq(excuse::PARTICIPANT_WITHDRAWN))
            .filter(evaluations::questionnaire_id.eq_any(of_units!()))
            .filter(evaluations::due_on.ge(today))
            .filter(exists(of_its_unit!())),
    )
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

/// Take back what is not owed any more: of those who withdrew or left, of units none of whose people attend, of
/// offerings that do not take place, and about colleagues who sit in the course they were to be compared in before
/// the form, or the three-month ratings, are over.
pub async fn excuse_obsolete(tx: &mut Tx<'_>) -> Result<usize> {
    let withdrawn = participants::table
        .filter(participants::status.eq(ParticipantStatus::Withdrawn))
        .select(participants::id);
    let cancelled =
        offerings::table.filter(offerings::status.eq(OfferingStatus::Cancelled)).select(offerings::id);
    let left = employees::table.filter(employees::status.eq(EmployeeStatus::Left)).select(employees::id);
    let today = tx.today();
    let trained = participants::table
        .inner_join(offerings::table)
        .filter(participants::employee_id.eq(evaluations::subject_id))
        .filter(took_part())
        .filter(offerings::course_id.eq(evaluations::course_id))
        // Who sits in the course only after the main follow-up, or after this one, is untrained when rated.
        .filter(sql::<Bool>(&format!(
            "(date '1970-01-01' + offerings.first_half_day / 2 <= evaluations.due_on
                OR EXISTS (SELECT FROM offerings rated WHERE rated.id = evaluations.offering_id AND {}))",
            begins_before_rating("offerings", "rated")
        )));
    let of_a_unit = evaluations::questionnaire_id.eq_any(of_units!());
    let of_a_person = evaluations::questionnaire_id.ne_all(of_units!());
    Ok(excuse_where!(
        tx,
        excuse::PARTICIPANT_WITHDRAWN,
        evaluations::participant_id.eq_any(withdrawn).and(of_a_person)
    ) + excuse_where!(
        tx,
        excuse::PARTICIPANT_WITHDRAWN,
        of_a_unit.and(evaluations::due_on.ge(today)).and(not(exists(of_its_unit!())))
    ) + excuse_where!(tx, excuse::OFFERING_CANCELLED, evaluations::offering_id.eq_any(cancelled))
        + excuse_where!(tx, excuse::SUBJECT_LEFT, evaluations::subject_id.eq_any(left).and(of_a_person))
        + excuse_where!(
            tx,
            excuse::COMPARISON_TRAINED,
            evaluations::subject_group
                .eq(SubjectGroup::Comparison)
                .and(evaluations::due_on.ge(today))
                .and(exists(trained))
        ))
}
