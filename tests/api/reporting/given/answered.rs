//! Forms of a course's behaviours with every answer, about the same people by their supervisor and by themselves.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::db::Tx;
use thuocdo::db::schema;
use thuocdo::error::Result;
use uuid::Uuid;

use super::{Class, Enrolled, Ground, Owed, morning, on, owe};

/// Steps of the five items; none is "not observed".
pub type Steps = [Option<u8>; 5];

/// The two forms of one course.
#[derive(Clone, Copy)]
pub struct BehaviourForms {
    pub supervisors: Uuid,
    pub own: Uuid,
}

impl Ground {
    /// Publish both forms of the ground's course.
    pub async fn behaviour_forms(&self) -> BehaviourForms {
        BehaviourForms {
            supervisors: self.publish("behaviour", "supervisor").await,
            own: self.publish("self_behaviour", "learner").await,
        }
    }

    async fn publish(&self, instrument: &str, audience: &str) -> Uuid {
        let item =
            |n: u8| json!({"code": format!("b{n}"), "kind": "scale", "text": {"vi": format!("Việc {n}")}});
        self.system(async |tx| {
            use schema::questionnaires as t;
            let (id, now) = (tx.new_id(), tx.now);
            diesel::insert_into(t::table)
                .values((
                    t::id.eq(id),
                    t::code.eq(format!("{}-BVBM", instrument.replace('_', "-"))),
                    t::instrument.eq(instrument),
                    t::revision.eq(1),
                    t::title.eq("Phiếu hành vi"),
                    t::level.eq(3),
                    t::audience.eq(audience),
                    t::course_id.eq(self.course),
                    t::is_anonymous.eq(false),
                    t::items.eq(json!((1..=5).map(item).collect::<Vec<_>>())),
                    t::created_at.eq(now),
                ))
                .execute(tx.conn())
                .await?;
            Ok(id)
        })
        .await
    }

    /// Have each person rated three months after, by the supervisor and by themselves.
    pub async fn describe(
        &self,
        class: &Class,
        forms: BehaviourForms,
        people: &[Enrolled],
        ratings: &[(Steps, Steps)],
    ) {
        self.system(async |tx| {
            for (who, (supervisor, own)) in people.iter().zip(ratings) {
                let of = [(forms.supervisors, self.supervisor, supervisor), (forms.own, who.employee, own)];
                for (questionnaire, respondent, steps) in of {
                    self.fill(tx, class, who, (questionnaire, respondent), steps).await?;
                }
            }
            Ok(())
        })
        .await;
    }

    async fn fill(
        &self,
        tx: &mut Tx<'_>,
        class: &Class,
        who: &Enrolled,
        (questionnaire, respondent): (Uuid, Uuid),
        steps: &Steps,
    ) -> Result<()> {
        let day = on(class, "three_months");
        let owed = Owed {
            questionnaire,
            phase: "three_months",
            subject: who.employee,
            group: "trained",
            respondent,
            opens: day,
            excused: false,
            answer: None,
            rater: "first",
        };
        let evaluation = owe(tx, class, who.participant, self.unit, owed).await?;
        let answers: Vec<Value> =
            (1..=5).zip(steps).map(|(n, step)| json!({"item": format!("b{n}"), "value": step})).collect();
        let given: Vec<f64> = steps.iter().flatten().map(|step| f64::from(*step)).collect();
        let score = (given.len() > 3).then(|| given.iter().sum::<f64>() / given.len() as f64);
        use schema::evaluation_responses as t;
        diesel::insert_into(t::table)
            .values((
                t::evaluation_id.eq(evaluation),
                t::answers.eq(Value::from(answers)),
                t::score.eq(score),
                t::submitted_at.eq(morning(day)),
            ))
            .execute(tx.conn())
            .await?;
        Ok(())
    }
}
