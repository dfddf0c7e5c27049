use chrono::{Duration, NaiveDate};
use diesel::dsl::max;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Choice, Participant, Relation};
use crate::catalogue::offerings::OfferingStatus;
use crate::db::Tx;
use crate::db::schema::{employees, evaluations, offerings, participants, second_raters};
use crate::error::{Error, Result};
use crate::evaluation::evaluations::{Ended, LONGEST_DAYS, Phase, Rater, Status};
use crate::half_day::HalfDay;
use crate::organisation::units::below;
use crate::participation::participants::ParticipantStatus;

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
