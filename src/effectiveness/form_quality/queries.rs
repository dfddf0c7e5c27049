use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{count_star, exists, not, sum};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::model::{FormSums, Standing};
use crate::clock::vietnamese_day;
use crate::db::Tx;
use crate::db::schema::{
    anonymous_responses, evaluation_responses, evaluations, form_quarters, form_rollups, quality_forms,
    questionnaires,
};
use crate::effectiveness::measures::{from_stored, to_stored};
use crate::error::Result;
use crate::evaluation::evaluations::{Phase, Rater, RespondentGroup, Status, SubjectGroup};
use crate::evaluation::questionnaires::{Answer, Instrument};

/// A named form that was asked for.
#[derive(Debug, Clone)]
pub struct Handed {
    pub questionnaire_id: Uuid,
    pub phase: Phase,
    /// Of which participation.
    pub participant_id: Uuid,
    /// Whether the participant is who it is about, and not a colleague.
    pub is_trained: bool,
    /// None where it was not handed in.
    pub answers: Option<Vec<Answer>>,
    pub score: Option<f64>,
}

/// What became of an anonymous form that was asked for.
#[derive(Debug, Clone, Default)]
pub struct Anonymous {
    /// Learners who were asked and not excused.
    pub asked: usize,
    /// The forms handed in.
    pub answers: Vec<Vec<Answer>>,
}

/// The named forms of an instrument that an offering asked for, with the answers given by the end of a day; none of second
/// raters, so that nobody counts twice.
pub async fn named(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    instrument: Instrument,
    phases: &[Phase],
    latest: NaiveDate,
) -> Result<Vec<Handed>> {
    type Row = (Uuid, Phase, Uuid, bool, Option<(DateTime<Utc>, Value, Option<f64>)>);
    let rows: Vec<Row> = evaluations::table
        .inner_join(questionnaires::table)
        .left_join(evaluation_responses::table)
        .filter(evaluations::offering_id.eq(offering_id))
        .filter(evaluations::phase.eq_any(phases))
        .filter(evaluations::status.ne(Status::Excused))
        .filter(evaluations::rater.eq(Rater::First))
        .filter(questionnaires::instrument.eq(instrument))
        .filter(questionnaires::is_anonymous.eq(false))
        .order(evaluations::id)
        .select((
            evaluations::questionnaire_id,
            evaluations::phase,
            evaluations::participant_id,
            evaluations::subject_group.eq(SubjectGroup::Trained),
            (evaluation_responses::submitted_at, evaluation_responses::answers, evaluation_responses::score)
                .nullable(),
        ))
        .load(tx.conn())
        .await?;
    let handed = |(questionnaire_id, phase, participant_id, is_trained, response): Row| {
        let in_time = response.filter(|(at, ..)| vietnamese_day(*at) <= latest);
        let (answers, score) = match in_time {
            Some((_, answers, score)) => (Some(from_stored(answers)?), score),
            None => (None, None),
        };
        Ok(Handed { questionnaire_id, phase, participant_id, is_trained, answers, score })
    };
    rows.into_iter().map(handed).collect()
}

/// The anonymous forms of an instrument that an offering's learners were asked for, by questionnaire.
pub async fn anonymous(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    instrument: Instrument,
    phases: &[Phase],
) -> Result<BTreeMap<Uuid, Anonymous>> {
    let given: Vec<(Uuid, Value)> = anonymous_responses::table
        .inner_join(questionnaires::table)
        .filter(anonymous_responses::offering_id.eq(offering_id))
        .filter(anonymous_responses::phase.eq_any(phases))
        .filter(anonymous_responses::respondent_group.eq(RespondentGroup::Learner))
        .filter(questionnaires::instrument.eq(instrument))
        .order(anonymous_responses::id)
        .select((anonymous_responses::questionnaire_id, anonymous_responses::answers))
        .load(tx.conn())
        .await?;
    let asked: Vec<(Uuid, i64)> = evaluations::table
        .inner_join(questionnaires::table)
        .filter(evaluations::offering_id.eq(offering_id))
        .filter(evaluations::phase.eq_any(phases))
        .filter(evaluations::status.ne(Status::Excused))
        .filter(questionnaires::instrument.eq(instrument))
        .group_by(evaluations::questionnaire_id)
        .select((evaluations::questionnaire_id, count_star()))
        .load(tx.conn())
        .await?;
    let mut forms: BTreeMap<Uuid, Anonymous> = BTreeMap::new();
    for (questionnaire, answers) in given {
        forms.entry(questionnaire).or_default().answers.push(from_stored(answers)?);
    }
    for (questionnaire, people) in asked {
        forms.entry(questionnaire).or_default().asked = usize::try_from(people).unwrap_or_default();
    }
    Ok(forms)
}

/// Statutory forms that were over before a day and of which nothing is kept; so many, those first that ended first.
pub async fn statutory(
    tx: &mut Tx<'_>,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<(Uuid, Uuid, NaiveDate)>> {
    let kept = form_rollups::table
        .filter(form_rollups::offering_id.eq(quality_forms::offering_id))
        .filter(form_rollups::questionnaire_id.eq(quality_forms::questionnaire_id));
    Ok(quality_forms::table
        .filter(quality_forms::due_on.lt(today))
        .filter(not(exists(kept)))
        .order((quality_forms::due_on, quality_forms::id))
        .limit(limit)
        .select((quality_forms::offering_id, quality_forms::questionnaire_id, quality_forms::due_on))
        .load(tx.conn())
        .await?)
}

/// Keep what the forms of an offering came to, once.
pub async fn insert(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    questionnaire_id: Uuid,
    released_on: NaiveDate,
    sums: &FormSums,
) -> Result<()> {
    diesel::insert_into(form_rollups::table)
        .values((
            form_rollups::offering_id.eq(offering_id),
            form_rollups::questionnaire_id.eq(questionnaire_id),
            form_rollups::released_on.eq(released_on),
            form_rollups::forms.eq(i32::try_from(sums.counts.handed_in).unwrap_or(i32::MAX)),
            form_rollups::sums.eq(to_stored(sums)?),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Questionnaires with forms that were released before a quarter, are not counted yet, and were not counted in it.
pub async fn uncounted(tx: &mut Tx<'_>, quarter: NaiveDate) -> Result<Vec<Uuid>> {
    let counted = form_quarters::table
        .filter(form_quarters::questionnaire_id.eq(form_rollups::questionnaire_id))
        .filter(form_quarters::since.ge(quarter));
    Ok(form_rollups::table
        .filter(form_rollups::counted_on.is_null())
        .filter(form_rollups::released_on.lt(quarter))
        .filter(not(exists(counted)))
        .select(form_rollups::questionnaire_id)
        .distinct()
        .order(form_rollups::questionnaire_id)
        .load(tx.conn())
        .await?)
}

/// What was released before a quarter of a questionnaire and is not counted yet, by offering.
pub async fn released_before(
    tx: &mut Tx<'_>,
    questionnaire_id: Uuid,
    quarter: NaiveDate,
) -> Result<Vec<(Uuid, FormSums)>> {
    let rows: Vec<(Uuid, Value)> = form_rollups::table
        .filter(form_rollups::questionnaire_id.eq(questionnaire_id))
        .filter(form_rollups::counted_on.is_null())
        .filter(form_rollups::released_on.lt(quarter))
        .order(form_rollups::offering_id)
        .select((form_rollups::offering_id, form_rollups::sums))
        .load(tx.conn())
        .await?;
    rows.into_iter().map(|(offering, sums)| Ok((offering, from_stored(sums)?))).collect()
}

/// Keep that a questionnaire's forms of some offerings are counted from a quarter on.
pub async fn set_counted(
    tx: &mut Tx<'_>,
    questionnaire_id: Uuid,
    offerings: &[Uuid],
    quarter: NaiveDate,
) -> Result<()> {
    let counted = form_rollups::table
        .filter(form_rollups::questionnaire_id.eq(questionnaire_id))
        .filter(form_rollups::offering_id.eq_any(offerings));
    diesel::update(counted).set(form_rollups::counted_on.eq(quarter)).execute(tx.conn()).await?;
    Ok(())
}

/// Keep what is known of a questionnaire from a quarter on.
pub async fn insert_quarter(
    tx: &mut Tx<'_>,
    questionnaire_id: Uuid,
    since: NaiveDate,
    standing: &Standing,
) -> Result<()> {
    let now = tx.now;
    diesel::insert_into(form_quarters::table)
        .values((
            form_quarters::questionnaire_id.eq(questionnaire_id),
            form_quarters::since.eq(since),
            form_quarters::shown.eq(to_stored(&standing.shown)?),
            form_quarters::waiting.eq(to_stored(&standing.waiting)?),
            form_quarters::created_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// What is known of some questionnaires, and since when.
pub async fn newest(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, (NaiveDate, Standing)>> {
    let rows: Vec<(Uuid, NaiveDate, Value, Value)> = form_quarters::table
        .filter(form_quarters::questionnaire_id.eq_any(ids))
        .distinct_on(form_quarters::questionnaire_id)
        .order((form_quarters::questionnaire_id, form_quarters::since.desc()))
        .select((
            form_quarters::questionnaire_id,
            form_quarters::since,
            form_quarters::shown,
            form_quarters::waiting,
        ))
        .load(tx.conn())
        .await?;
    let standing = |(id, since, shown, waiting)| {
        Ok((id, (since, Standing { shown: from_stored(shown)?, waiting: from_stored(waiting)? })))
    };
    rows.into_iter().map(standing).collect()
}

/// How many forms of some questionnaires are kept and not counted yet.
pub async fn forms_uncounted(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, usize)>> {
    let rows: Vec<(Uuid, Option<i64>)> = form_rollups::table
        .filter(form_rollups::questionnaire_id.eq_any(ids))
        .filter(form_rollups::counted_on.is_null())
        .group_by(form_rollups::questionnaire_id)
        .select((form_rollups::questionnaire_id, sum(form_rollups::forms)))
        .load(tx.conn())
        .await?;
    let forms = |(id, forms): (Uuid, Option<i64>)| {
        (id, usize::try_from(forms.unwrap_or_default()).unwrap_or_default())
    };
    Ok(rows.into_iter().map(forms).collect())
}
