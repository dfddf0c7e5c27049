//! Forms that are told without whose they are: what offices let learners do, what units say, what learners write.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::clock::random_id;
use thuocdo::db::Tx;
use thuocdo::db::schema;
use thuocdo::error::Result;
use uuid::Uuid;

use super::{Class, Enrolled, Ground, Owed, morning, on, owe};

/// The conditions at work, in the order of the form.
pub const CONDITIONS: [&str; 6] = ["chance", "supervisor", "peers", "time", "resources", "recognition"];
/// One item of each scale of the reaction.
const SCALES: [&str; 4] = ["relevance_1", "engagement_1", "lecturer_1", "organisation_1"];
/// What units are asked, in the order of the form.
const OF_UNITS: [&str; 2] = ["used", "rework"];

/// A form as the service ships it, and what an answer to it is about.
struct Shipped {
    instrument: &'static str,
    level: i16,
    audience: &'static str,
    items: Value,
}

fn item(code: &str, kind: &str) -> Value {
    let text = json!({"vi": format!("Câu hỏi {code}?"), "en": format!("Question {code}?")});
    json!({"code": code, "kind": kind, "text": text, "reverse": code == "rework"})
}

fn scales(codes: &[&str]) -> Value {
    codes.iter().map(|code| item(code, "scale")).collect()
}

fn answers<T: serde::Serialize>(codes: &[&str], values: &[T]) -> Value {
    codes.iter().zip(values).map(|(code, value)| json!({"item": code, "value": value})).collect()
}

impl Ground {
    /// Anonymous forms about the office three months after: all are asked, and so they answer, in the order of
    /// [`CONDITIONS`].
    pub async fn office(&self, class: &Class, asked: &[Enrolled], steps: &[[Option<u8>; 6]]) {
        let form =
            Shipped { instrument: "environment", level: 3, audience: "learner", items: scales(&CONDITIONS) };
        self.system(async |tx| {
            let questionnaire = ensure(tx, &form).await?;
            for who in asked {
                owe(tx, class, who.participant, self.unit, asks(questionnaire, class, who, "three_months"))
                    .await?;
            }
            let answers = steps.iter().map(|steps| (answers(&CONDITIONS, steps), None));
            keep(tx, class, questionnaire, "three_months", answers).await
        })
        .await;
    }

    /// What units say three months after, of how often what was learned was used and work sent back: one answer in the
    /// name of each, on a day.
    pub async fn units_say(&self, class: &Class, of: &[Enrolled], answered_on: NaiveDate, steps: &[[u8; 2]]) {
        let form = Shipped {
            instrument: "beneficiary",
            level: 4,
            audience: "beneficiary_unit",
            items: scales(&OF_UNITS),
        };
        self.system(async |tx| {
            let questionnaire = ensure(tx, &form).await?;
            for (who, steps) in of.iter().zip(steps) {
                let owed =
                    Owed { respondent: self.supervisor, ..asks(questionnaire, class, who, "three_months") };
                let evaluation = owe(tx, class, who.participant, self.unit, owed).await?;
                use schema::evaluation_responses as t;
                diesel::insert_into(t::table)
                    .values((
                        t::evaluation_id.eq(evaluation),
                        t::answers.eq(answers(&OF_UNITS, steps)),
                        t::score.eq(3.0),
                        t::submitted_at.eq(morning(answered_on)),
                    ))
                    .execute(tx.conn())
                    .await?;
            }
            Ok(())
        })
        .await;
    }

    /// Anonymous forms at the end, all of whom are asked: a step on each scale of [`SCALES`] and a comment.
    pub async fn rate(&self, class: &Class, asked: &[Enrolled], forms: &[([Option<u8>; 4], String)]) {
        let mut items: Vec<Value> = SCALES.map(|scale| item(scale, "scale")).into();
        items.push(item("comment_1", "text"));
        let form =
            Shipped { instrument: "reaction", level: 1, audience: "learner", items: Value::from(items) };
        self.system(async |tx| {
            let questionnaire = ensure(tx, &form).await?;
            for who in asked {
                let owed = Owed { opens: class.last, ..asks(questionnaire, class, who, "close") };
                owe(tx, class, who.participant, self.unit, owed).await?;
            }
            for (steps, comment) in forms {
                let mut given = answers(&SCALES, steps);
                given.as_array_mut().expect("answers").push(json!({"item": "comment_1", "value": comment}));
                keep(tx, class, questionnaire, "close", [(given, mean(steps))].into_iter()).await?;
            }
            Ok(())
        })
        .await;
    }

    /// Anonymous forms at the end, each with one comment, if it has any.
    pub async fn write(&self, class: &Class, comments: &[Option<String>]) {
        let form = Shipped {
            instrument: "reaction",
            level: 1,
            audience: "learner",
            items: json!([item("comment_1", "text")]),
        };
        self.system(async |tx| {
            let questionnaire = ensure(tx, &form).await?;
            let answers = comments.iter().map(|comment| (answers(&["comment_1"], &[comment]), None));
            keep(tx, class, questionnaire, "close", answers).await
        })
        .await;
    }
}

fn asks(questionnaire: Uuid, class: &Class, who: &Enrolled, phase: &'static str) -> Owed {
    Owed {
        questionnaire,
        phase,
        subject: who.employee,
        group: "trained",
        respondent: who.employee,
        opens: on(class, phase),
        excused: false,
        answer: None,
        rater: "first",
    }
}

/// The score of a form: the mean of what was answered.
pub fn mean(steps: &[Option<u8>]) -> Option<f64> {
    let given: Vec<f64> = steps.iter().flatten().map(|step| f64::from(*step)).collect();
    (!given.is_empty()).then(|| given.iter().sum::<f64>() / given.len() as f64)
}

/// Anonymous answers with their score, stored as they are.
async fn keep(
    tx: &mut Tx<'_>,
    class: &Class,
    questionnaire: Uuid,
    phase: &str,
    answers: impl Iterator<Item = (Value, Option<f64>)>,
) -> Result<()> {
    use schema::anonymous_responses as t;
    for (answers, score) in answers {
        diesel::insert_into(t::table)
            .values((
                t::id.eq(random_id()),
                t::offering_id.eq(class.offering),
                t::questionnaire_id.eq(questionnaire),
                t::phase.eq(phase),
                t::answers.eq(answers),
                t::score.eq(score),
            ))
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// The form, made when it is first needed.
async fn ensure(tx: &mut Tx<'_>, form: &Shipped) -> Result<Uuid> {
    use schema::questionnaires as t;
    let known: Option<Uuid> =
        t::table.filter(t::code.eq(form.instrument)).select(t::id).first(tx.conn()).await.optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let (id, now) = (tx.new_id(), tx.now);
    diesel::insert_into(t::table)
        .values((
            t::id.eq(id),
            t::code.eq(form.instrument),
            t::instrument.eq(form.instrument),
            t::revision.eq(1),
            t::title.eq("Phiếu"),
            t::level.eq(form.level),
            t::audience.eq(form.audience),
            t::is_anonymous.eq(form.audience == "learner"),
            t::items.eq(&form.items),
            t::created_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(id)
}
