use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{FormAsked, ItemAsked, Registration};
use crate::db::Tx;
use crate::db::schema::{courses, evaluation_registrations, evaluations, offerings, questionnaires};
use crate::error::Result;
use crate::evaluation::evaluations::{EVALUATED, Rater, Status, SubjectGroup};
use crate::evaluation::questionnaires::{Audience, BEHAVIOUR_LEVEL, Items};
use crate::half_day::{Half, HalfDay};

/// Offerings, with their first day, that have begun by a day and whose supervisors are asked about behaviour, without a registration; so many.
/// `ended_after`: only those whose last session is on this day or later.
pub async fn due(
    tx: &mut Tx<'_>,
    today: NaiveDate,
    ended_after: Option<NaiveDate>,
    limit: i64,
) -> Result<Vec<(Uuid, NaiveDate)>> {
    let registered =
        evaluation_registrations::table.filter(evaluation_registrations::offering_id.eq(offerings::id));
    let asked = evaluations::table
        .inner_join(questionnaires::table)
        .filter(evaluations::offering_id.eq(offerings::id))
        .filter(evaluations::subject_group.eq(SubjectGroup::Trained))
        .filter(evaluations::status.ne(Status::Excused))
        .filter(evaluations::rater.eq(Rater::First))
        .filter(questionnaires::audience.eq(Audience::Supervisor))
        .filter(questionnaires::level.eq(BEHAVIOUR_LEVEL));
    let mut begun = offerings::table
        .filter(offerings::status.eq_any(EVALUATED))
        .filter(offerings::first_half_day.le(HalfDay::new(today, Half::Afternoon).0))
        .filter(not(exists(registered)))
        .filter(exists(asked))
        .into_boxed();
    if let Some(day) = ended_after {
        begun = begun.filter(offerings::last_half_day.ge(HalfDay::new(day, Half::Morning).0));
    }
    let rows: Vec<(Uuid, i32)> = begun
        .order((offerings::first_half_day, offerings::id))
        .limit(limit)
        .select((offerings::id, offerings::first_half_day))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(id, first)| (id, HalfDay(first).date())).collect())
}

/// The forms about behaviour that supervisors of the people of some offerings are asked to fill in: offering and form.
async fn asked(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(evaluations::table
        .inner_join(questionnaires::table)
        .filter(evaluations::offering_id.eq_any(offering_ids))
        .filter(evaluations::status.ne(Status::Excused))
        .filter(evaluations::rater.eq(Rater::First))
        .filter(questionnaires::audience.eq(Audience::Supervisor))
        .filter(questionnaires::level.eq(BEHAVIOUR_LEVEL))
        .select((evaluations::offering_id, evaluations::questionnaire_id))
        .distinct()
        .load(tx.conn())
        .await?)
}

/// Code and revision of these forms, by offering.
pub async fn forms(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<(String, i32)>>> {
    let of = with_forms(tx, offering_ids).await?;
    let short = |form: FormAsked| (form.code, form.revision);
    Ok(of.into_iter().map(|(id, forms)| (id, forms.into_iter().map(short).collect())).collect())
}

/// These forms with what they ask, by offering.
pub async fn with_forms(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<FormAsked>>> {
    let asked = asked(tx, offering_ids).await?;
    let ids: BTreeSet<Uuid> = asked.iter().map(|(_, form)| *form).collect();
    let rows: Vec<(Uuid, String, i32, Items)> = questionnaires::table
        .filter(questionnaires::id.eq_any(ids))
        .select((questionnaires::id, questionnaires::code, questionnaires::revision, questionnaires::items))
        .load(tx.conn())
        .await?;
    let form = |(id, code, revision, items): (Uuid, String, i32, Items)| {
        let items =
            items.0.into_iter().map(|item| ItemAsked { code: item.code, text: item.text.vi }).collect();
        (id, FormAsked { code, revision, items })
    };
    let known: HashMap<Uuid, FormAsked> = rows.into_iter().map(form).collect();
    let mut of: HashMap<Uuid, Vec<FormAsked>> = HashMap::new();
    for (offering, form) in asked {
        of.entry(offering).or_default().extend(known.get(&form).cloned());
    }
    of.values_mut().for_each(|forms| forms.sort_unstable());
    Ok(of)
}

/// The smallest change that matters in the courses of some offerings, as it is now.
pub async fn smallest_changes(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<HashMap<Uuid, f64>> {
    let rows: Vec<(Uuid, f64)> = offerings::table
        .inner_join(courses::table)
        .filter(offerings::id.eq_any(offering_ids))
        .select((offerings::id, courses::smallest_change))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Keep a registration, unless there is one. Whether it is new.
pub async fn insert(tx: &mut Tx<'_>, offering_id: Uuid, registration: &Registration) -> Result<bool> {
    use evaluation_registrations as t;
    let inserted = diesel::insert_into(t::table)
        .values((
            t::offering_id.eq(offering_id),
            t::registered_at.eq(registration.registered_at),
            t::document.eq(&registration.document),
            t::digest.eq(&registration.digest),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(inserted > 0)
}

/// The registrations of some offerings.
pub async fn of_offerings(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<HashMap<Uuid, Registration>> {
    use evaluation_registrations as t;
    let rows: Vec<(Uuid, DateTime<Utc>, String, String)> = t::table
        .filter(t::offering_id.eq_any(offering_ids))
        .select((t::offering_id, t::registered_at, t::document, t::digest))
        .load(tx.conn())
        .await?;
    let stored =
        |(id, registered_at, document, digest)| (id, Registration { registered_at, document, digest });
    Ok(rows.into_iter().map(stored).collect())
}
