//! Which forms are counted without whose they are, and how: those of the reaction by scale, all others by item.

use chrono::{DateTime, Days, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::model::{Measure, Phase, Release};
use super::queries;
use super::tally::Tally;
use crate::clock::vietnamese_day;
use crate::db::Tx;
use crate::db::schema::{anonymous_responses, evaluation_responses, evaluations, questionnaires};
use crate::error::{Error, Result};
use crate::evaluation::questionnaires::{Answer, Instrument, Items};

/// The items of a form, its answers and its score.
type Filled = (Items, Value, Option<f64>);

/// The forms that a release counts; none where it adds up people.
pub async fn of(tx: &mut Tx<'_>, release: Release) -> Result<Option<Tally>> {
    Ok(match release.measure {
        Measure::Reaction => Some(queries::reactions(tx, release.offering_id).await?),
        Measure::Environment => Some(environment(tx, release.offering_id).await?),
        Measure::Beneficiary => Some(beneficiary(tx, release).await?),
        Measure::Knowledge
        | Measure::SelfRating
        | Measure::ThreeMonths
        | Measure::SixMonths
        | Measure::WorkScore => None,
    })
}

/// What an offering's learners, three months after, say of their offices.
async fn environment(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Tally> {
    let forms: Vec<Filled> = anonymous_responses::table
        .inner_join(questionnaires::table)
        .filter(anonymous_responses::offering_id.eq(offering_id))
        .filter(anonymous_responses::phase.eq(Phase::ThreeMonths))
        .filter(questionnaires::instrument.eq(Instrument::Environment))
        .select((questionnaires::items, anonymous_responses::answers, anonymous_responses::score))
        .load(tx.conn())
        .await?;
    let invited = invited(tx, offering_id, Instrument::Environment).await?;
    counted(forms, invited)
}

/// What the units that sent people to an offering say of it. Their names are known, so what came too late is as well.
async fn beneficiary(tx: &mut Tx<'_>, release: Release) -> Result<Tally> {
    let forms: Vec<(DateTime<Utc>, Filled)> = evaluation_responses::table
        .inner_join(evaluations::table.inner_join(questionnaires::table))
        .filter(evaluations::offering_id.eq(release.offering_id))
        .filter(evaluations::phase.eq(Phase::ThreeMonths))
        .filter(evaluations::status.ne("excused"))
        .filter(questionnaires::instrument.eq(Instrument::Beneficiary))
        .select((
            evaluation_responses::submitted_at,
            (questionnaires::items, evaluation_responses::answers, evaluation_responses::score),
        ))
        .load(tx.conn())
        .await?;
    let latest = release.on - Days::new(1);
    let in_time = forms.into_iter().filter(|(at, _)| vietnamese_day(*at) <= latest);
    let invited = invited(tx, release.offering_id, Instrument::Beneficiary).await?;
    counted(in_time.map(|(_, form)| form).collect(), invited)
}

/// Forms of three months after that were asked for.
async fn invited(tx: &mut Tx<'_>, offering_id: Uuid, instrument: Instrument) -> Result<usize> {
    let asked: i64 = evaluations::table
        .inner_join(questionnaires::table)
        .filter(evaluations::offering_id.eq(offering_id))
        .filter(evaluations::phase.eq(Phase::ThreeMonths))
        .filter(evaluations::status.ne("excused"))
        .filter(questionnaires::instrument.eq(instrument))
        .count()
        .get_result(tx.conn())
        .await?;
    Ok(usize::try_from(asked).unwrap_or_default())
}

fn counted(forms: Vec<Filled>, invited: usize) -> Result<Tally> {
    let mut tally = Tally { invited, ..Tally::default() };
    for (items, answers, score) in forms {
        let answers: Vec<Answer> = serde_json::from_value(answers).map_err(Error::internal)?;
        tally.add_by_item(&items.0, &answers, score);
    }
    Ok(tally)
}
