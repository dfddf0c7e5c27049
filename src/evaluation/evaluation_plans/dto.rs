use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Plan, PlannedPeople, Proposal, SpreadOfChange, WantedChange};
use super::registration::{Registered, Registration};
use super::sentence::of_plan;
use crate::error::Result;
use crate::evaluation::statistics::thresholds::POWER;
use crate::i18n::Locale;

/// What the evaluation of an offering could show.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvaluationPlanDto {
    /// The run of the course.
    pub offering_id: Uuid,
    /// Whose work is to be rated before and after.
    pub people: PlannedPeople,
    /// How far the changes of single people lie apart.
    pub sd_of_change: SpreadOfChange,
    /// The smallest difference that would be seen with a chance of `power`, points of 5, between the change of the trained
    /// and that of the comparison people: its 95 % interval would lie above 0. Null where the report could show no
    /// difference, as it needs ten people in each group.
    #[schema(required, example = 0.72)]
    pub detectable_change: Option<f64>,
    /// The chance with which a difference of `detectable_change` is seen.
    #[schema(example = 0.8)]
    pub power: f64,
    /// The change that the evaluation should be able to show.
    pub wanted_change: WantedChange,
    /// What would make the wanted change visible; empty where nothing is needed, and where neither twelve runs nor four
    /// comparison people for each trained person would.
    #[schema(max_items = 2)]
    pub proposals: Vec<Proposal>,
    /// The same in a sentence or two.
    pub sentence: PlanSentenceDto,
    /// What was fixed when the offering began; null before, and for offerings that ended before registration was introduced.
    #[schema(required)]
    pub registration: Option<RegistrationDto>,
}

/// The plan in words, in both languages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "vi": "Với 12 người học và 12 người trong nhóm so sánh, nếu tất cả đều được đánh giá trước và sau khóa học, mức chênh lệch từ 0,72 điểm (thang 5) trở lên nhiều khả năng sẽ được nhận ra (xác suất 80%); mức nhỏ hơn có thể không nhận ra được. Để nhận ra mức 0,50 điểm, cần gộp 2 lớp của khóa học.",
    "en": "With 12 trained and 12 comparison people, all rated before and after the course, a difference of 0.72 points (of 5) or more would probably be seen (chance of 80 %); a smaller one may stay hidden. To see 0.50 points, judge 2 runs of the course together."
}))]
pub struct PlanSentenceDto {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// What was fixed of an evaluation when its offering began. It never changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "registered_on": "2026-12-07",
    "before_first_session": true,
    "digest": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
    "document": "{ ... }\n"
}))]
pub struct RegistrationDto {
    /// The day on which it was written down (Vietnamese time).
    #[schema(example = "2026-12-07")]
    pub registered_on: NaiveDate,
    /// Whether that was before the first session: by seven in the morning of its day, or by noon where it begins in the
    /// afternoon.
    #[schema(example = true)]
    pub before_first_session: bool,
    /// SHA-256 of the UTF-8 bytes of `document`, in hexadecimal: what `sha256sum` says of a file that holds it. The audit
    /// log has it too.
    #[schema(example = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945")]
    pub digest: String,
    /// JSON, character by character as it was registered: the offering and its course, the smallest change that matters,
    /// the forms about behaviour with their items, the headline, the rule of the comparison, the limits of the method and its
    /// version, the people, the standard deviation, the detectable change, and of each expected effect the measure and the change,
    /// without its words.
    #[schema(example = "{ ... }\n")]
    pub document: String,
}

impl RegistrationDto {
    fn of(registration: Registration) -> Result<Self> {
        let Registered { registered_on, before_first_session, digest, .. } = registration.read()?;
        Ok(Self { registered_on, before_first_session, digest, document: registration.document })
    }
}

impl EvaluationPlanDto {
    /// A plan and what was registered as an answer.
    ///
    /// # Errors
    /// When another version of the service registered something else.
    pub fn of(plan: Plan, registration: Option<Registration>) -> Result<Self> {
        let [vi, en] = [Locale::Vi, Locale::En].map(|locale| of_plan(locale, &plan));
        Ok(Self {
            offering_id: plan.offering_id,
            people: plan.people,
            sd_of_change: plan.spread,
            detectable_change: plan.detectable,
            power: POWER,
            wanted_change: plan.wanted,
            proposals: plan.proposals,
            sentence: PlanSentenceDto { vi, en },
            registration: registration.map(RegistrationDto::of).transpose()?,
        })
    }
}
