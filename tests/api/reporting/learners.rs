//! What learners say in forms of their own: tests before and after, and how they rate themselves.

use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;
use thuocdo::db::Tx;
use thuocdo::db::schema;
use thuocdo::error::Result;
use uuid::Uuid;

use super::given::{Class, Enrolled, Ground};

/// The learners' forms of one course.
#[derive(Clone, Copy)]
pub struct Learners {
    /// Asked before and after.
    tests: [Uuid; 2],
    own: Uuid,
    then: Uuid,
}

/// A form to be given to somebody.
struct Given {
    questionnaire: Uuid,
    phase: &'static str,
    opens: NaiveDate,
    due: NaiveDate,
    /// Its score and the day of the answer.
    answer: Option<(f64, NaiveDate)>,
}

impl Learners {
    /// Publish the forms of a course: two parallel tests, the rating of oneself, and the look back at the same.
    pub async fn of(ground: &Ground, course: Uuid, code: &str) -> Self {
        let form = async |name: &str, level, instrument: &'static str, asks: &str| {
            publish(ground, course, &format!("{name}{code}"), level, instrument, asks).await
        };
        Self {
            tests: [
                form("knowledge-a-", 2, "knowledge", "a").await,
                form("knowledge-b-", 2, "knowledge", "b").await,
            ],
            own: form("self-behaviour-", 3, "self_behaviour", "behaviours").await,
            then: form("then-", 2, "then_test", "behaviours").await,
        }
    }

    /// The same test before and after.
    pub fn with_one_test(self) -> Self {
        Self { tests: [self.tests[0]; 2], ..self }
    }

    /// Test people a week before the class and on its last day: right answers, percent; none where somebody stayed away.
    pub async fn test(
        &self,
        ground: &Ground,
        class: &Class,
        who: &[Enrolled],
        scores: &[(Option<f64>, Option<f64>)],
    ) {
        for (who, (before, after)) in who.iter().zip(scores) {
            let [first, second] = self.tests;
            let forms = [baseline(class, first, *before), close(class, second, 3, *after)];
            give(ground, class, who, &forms).await;
        }
    }

    /// A test that is handed in on some later day.
    pub async fn late_test(
        &self,
        ground: &Ground,
        class: &Class,
        who: &Enrolled,
        before: f64,
        (after, on): (f64, NaiveDate),
    ) {
        let [first, second] = self.tests;
        let late = Given { answer: Some((after, on)), ..close(class, second, 3, None) };
        give(ground, class, who, &[baseline(class, first, Some(before)), late]).await;
    }

    /// Have people rate themselves before, in looking back, and three months after; points of 5.
    pub async fn judge(&self, ground: &Ground, class: &Class, who: &[Enrolled], ratings: &[[f64; 3]]) {
        for (who, [before, then, after]) in who.iter().zip(ratings) {
            let later = class.last + Days::new(90);
            let after = Given {
                questionnaire: self.own,
                phase: "three_months",
                opens: later,
                due: later + Days::new(21),
                answer: Some((*after, later)),
            };
            let forms =
                [baseline(class, self.own, Some(*before)), close(class, self.then, 7, Some(*then)), after];
            give(ground, class, who, &forms).await;
        }
    }
}

/// From two weeks before the class to its eve.
fn baseline(class: &Class, questionnaire: Uuid, score: Option<f64>) -> Given {
    Given {
        questionnaire,
        phase: "baseline",
        opens: class.first - Days::new(14),
        due: class.first - Days::new(1),
        answer: score.map(|score| (score, class.first - Days::new(7))),
    }
}

/// From the last day, for so many days.
fn close(class: &Class, questionnaire: Uuid, days: u64, score: Option<f64>) -> Given {
    Given {
        questionnaire,
        phase: "close",
        opens: class.last,
        due: class.last + Days::new(days),
        answer: score.map(|score| (score, class.last)),
    }
}

async fn publish(
    ground: &Ground,
    course: Uuid,
    code: &str,
    level: i16,
    instrument: &'static str,
    asks: &str,
) -> Uuid {
    use schema::questionnaires as t;
    let insert = async |tx: &mut Tx<'_>| -> Result<Uuid> {
        let (id, now) = (tx.new_id(), tx.now);
        diesel::insert_into(t::table)
            .values((
                t::id.eq(id),
                t::code.eq(code),
                t::revision.eq(1),
                t::title.eq(format!("Phiếu {code}")),
                t::level.eq(level),
                t::audience.eq("learner"),
                t::course_id.eq(course),
                t::is_anonymous.eq(false),
                t::instrument.eq(instrument),
                t::items.eq(json!([{"code": asks, "kind": "scale", "text": {"vi": "?"}}])),
                t::created_at.eq(now),
            ))
            .execute(tx.conn())
            .await?;
        Ok(id)
    };
    ground.app.system(insert).await.expect("the database takes a form")
}

async fn give(ground: &Ground, class: &Class, who: &Enrolled, forms: &[Given]) {
    let insert = async |tx: &mut Tx<'_>| -> Result<()> {
        for form in forms {
            give_one(tx, class, who, ground.unit, form).await?;
        }
        Ok(())
    };
    ground.app.system(insert).await.expect("the database takes the answers");
}

async fn give_one(tx: &mut Tx<'_>, class: &Class, who: &Enrolled, unit: Uuid, form: &Given) -> Result<()> {
    use schema::{evaluation_responses as r, evaluations as t};
    let (id, now) = (tx.new_id(), tx.now);
    diesel::insert_into(t::table)
        .values((
            t::id.eq(id),
            t::offering_id.eq(class.offering),
            t::course_id.eq(class.course),
            t::questionnaire_id.eq(form.questionnaire),
            t::phase.eq(form.phase),
            t::subject_id.eq(who.employee),
            t::subject_group.eq("trained"),
            t::participant_id.eq(who.participant),
            t::unit_id.eq(unit),
            t::respondent_id.eq(who.employee),
            t::opens_on.eq(form.opens),
            t::due_on.eq(form.due),
            t::status.eq(if form.answer.is_some() { "answered" } else { "pending" }),
            t::answered_on.eq(form.answer.map(|(_, on)| on)),
            t::created_at.eq(now),
            t::updated_at.eq(morning(form.opens)),
        ))
        .execute(tx.conn())
        .await?;
    if let Some((score, on)) = form.answer {
        diesel::insert_into(r::table)
            .values((
                r::evaluation_id.eq(id),
                r::answers.eq(json!([])),
                r::score.eq(score),
                r::submitted_at.eq(morning(on)),
            ))
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

fn morning(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(2, 0, 0).expect("a time").and_utc()
}
