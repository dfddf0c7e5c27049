use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::clock::vietnamese_day;
use crate::db::Tx;
use crate::db::schema::{anonymous_responses, evaluation_responses, evaluations, questionnaires};
use crate::effectiveness::measures::from_stored;
use crate::error::Result;
use crate::evaluation::evaluations::{Phase, Status};
use crate::evaluation::questionnaires::{Answer, Audience, Instrument, Item, Items};

/// A form that was handed in.
#[derive(Debug, Clone)]
pub struct FilledForm {
    /// What it asked.
    pub items: Vec<Item>,
    /// What was answered.
    pub answers: Vec<Answer>,
    /// None where too little was answered, or where the form has none.
    pub score: Option<f64>,
}

/// The items of a form, its answers and its score.
type Row = (Items, Value, Option<f64>);

/// Forms, and how many were asked for.
type Counted = (Vec<FilledForm>, usize);

/// The anonymous forms of an offering's learners, of a level and a phase; those to the newest form first.
pub async fn anonymous(tx: &mut Tx<'_>, offering_id: Uuid, level: i16, phase: Phase) -> Result<Counted> {
    let asks = questionnaires::level.eq(level).and(questionnaires::audience.eq(Audience::Learner));
    let forms: Vec<Row> = anonymous_responses::table
        .inner_join(questionnaires::table)
        .filter(anonymous_responses::offering_id.eq(offering_id))
        .filter(anonymous_responses::phase.eq(phase))
        .filter(asks)
        .order((questionnaires::revision.desc(), anonymous_responses::id))
        .select((questionnaires::items, anonymous_responses::answers, anonymous_responses::score))
        .load(tx.conn())
        .await?;
    let asked: i64 = evaluations::table
        .inner_join(questionnaires::table)
        .filter(evaluations::offering_id.eq(offering_id))
        .filter(evaluations::phase.eq(phase))
        .filter(evaluations::status.ne(Status::Excused))
        .filter(asks)
        .filter(questionnaires::is_anonymous)
        .count()
        .get_result(tx.conn())
        .await?;
    counted(forms, asked)
}

/// What the units that sent people to an offering said of it by the end of a day.
pub async fn of_units(tx: &mut Tx<'_>, offering_id: Uuid, latest: NaiveDate) -> Result<Counted> {
    let asked: Vec<Option<(DateTime<Utc>, Row)>> = evaluations::table
        .inner_join(questionnaires::table)
        .left_join(evaluation_responses::table)
        .filter(evaluations::offering_id.eq(offering_id))
        .filter(evaluations::phase.eq(Phase::ThreeMonths))
        .filter(evaluations::status.ne(Status::Excused))
        .filter(questionnaires::instrument.eq(Instrument::Beneficiary))
        .select(
            (
                evaluation_responses::submitted_at,
                (questionnaires::items, evaluation_responses::answers, evaluation_responses::score),
            )
                .nullable(),
        )
        .load(tx.conn())
        .await?;
    let n = asked.len() as i64;
    let in_time = asked.into_iter().flatten().filter(|(at, _)| vietnamese_day(*at) <= latest);
    counted(in_time.map(|(_, form)| form).collect(), n)
}

fn counted(forms: Vec<Row>, asked: i64) -> Result<Counted> {
    let form =
        |(Items(items), answers, score): Row| Ok(FilledForm { items, answers: from_stored(answers)?, score });
    Ok((forms.into_iter().map(form).collect::<Result<_>>()?, usize::try_from(asked).unwrap_or_default()))
}
