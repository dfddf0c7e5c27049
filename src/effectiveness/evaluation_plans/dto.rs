use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Plan, PlannedPeople, Proposal, SpreadOfChange, WantedChange};
use super::registration::{Registered, Registration};
use super::sentence::of_plan;
use crate::error::Result;
use crate::i18n::Locale;
use statistics::thresholds::POWER;

/// What the evaluation of an offering can be expected to show.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvaluationPlanDto {
    /// Identifier of the offering (UUID).
    pub offering_id: Uuid,
    /// Numbers of people whose work is to be rated before and after the offering.
    pub people: PlannedPeople,
    /// Spread of the changes of single people, on which the detectable change depends.
    pub sd_of_change: SpreadOfChange,
    /// Smallest difference between the change of the trained and that of the comparison people, points of 5,
    /// that is detected with the probability `power`: its 95 % interval would lie above 0. Null when the
    /// report could show no difference, as it needs ten people in each group.
    #[schema(required, example = 0.72)]
    pub detectable_change: Option<f64>,
    /// Probability with which a difference of `detectable_change` is detected, 0 to 1.
    #[schema(example = 0.8)]
    pub power: f64,
    /// Change that the evaluation should be able to detect.
    pub wanted_change: WantedChange,
    /// Ways to make the wanted change detectable, at most 2; empty when none is needed, and when neither
    /// twelve offerings nor four comparison people for each trained person would suffice.
    #[schema(max_items = 2)]
    pub proposals: Vec<Proposal>,
    /// The plan in one or two sentences.
    pub sentence: PlanSentenceDto,
    /// What was fixed about the evaluation when the offering began; null before, and for offerings that ended
    /// before registration was introduced.
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
    /// The plan in Vietnamese.
    pub vi: String,
    /// The plan in English.
    pub en: String,
}

/// What was fixed about an evaluation when its offering began; it never changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "registered_on": "2026-12-07",
    "before_first_session": true,
    "digest": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
    "document": "{ ... }\n"
}))]
pub struct RegistrationDto {
    /// Day on which the registration was written (ISO 8601 date, Vietnamese time).
    #[schema(example = "2026-12-07")]
    pub registered_on: NaiveDate,
    /// Whether the registration was written before the first session: by seven in the morning of its day, or
    /// by noon when the offering begins in the afternoon.
    #[schema(example = true)]
    pub before_first_session: bool,
    /// SHA-256 of the UTF-8 bytes of `document`, 64 hexadecimal digits, as `sha256sum` computes it for a file
    /// that holds them. The audit log contains it too.
    #[schema(example = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945")]
    pub digest: String,
    /// Registration as a JSON text, character by character as it was written: the offering and its course,
    /// the smallest change that matters, the forms about behaviour with their items, the main figure, the
    /// rule of the comparison, the limits and the version of the method, the numbers of people, the standard
    /// deviation, the detectable change, and the measure and change of each expected effect, without its
    /// words.
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
