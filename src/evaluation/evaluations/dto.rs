use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{Phase, Rater, State, SubjectGroup, Task};
use crate::evaluation::questionnaires::{Answer, AnswerValue, Instrument, QuestionnaireDto};
use crate::http::{check, list_query};

list_query! {
    /// Filters of the evaluation list.
    EvaluationsQuery {
        /// With `true`, only those that the caller owes.
        mine: bool,
        /// Only evaluations of this offering (UUID).
        offering_id: Uuid,
        /// Only evaluations of this phase.
        phase: Phase,
        /// Only evaluations in this state today.
        state: State,
        /// Only evaluations whose form serves this purpose.
        instrument: Instrument,
    }
}

/// Answer an evaluation: every item of its form once.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "answer_count", skip_on_field_errors = false))]
#[schema(example = json!({"answers": [{"item": "b1", "value": 4}, {"item": "b2", "value": null},
    {"item": "b3", "value": 5}, {"item": "b4", "value": 3}, {"item": "b5", "value": 4}]}))]
pub struct AnswerEvaluation {
    /// One answer for each item.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 200)]
    pub answers: Vec<AnswerDto>,
}

/// The answer to one item.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"item": "b1", "value": 4}))]
pub struct AnswerDto {
    /// Code of the item.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50, example = "b1")]
    pub item: String,
    /// A whole step of the scale from 1 on, a number, the code of an option or free text, by the item's kind; `null`
    /// for "not observed", or, where the item does not know that, for a blank.
    #[serde(deserialize_with = "present")]
    #[schema(required, example = 4)]
    pub value: Option<AnswerValue>,
}

/// Excuse someone from an evaluation.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Người được đánh giá đi biệt phái dài hạn."}))]
pub struct ExcuseEvaluation {
    /// Reason why the form need not be answered.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Who owes which form about whom, from when to when.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvaluationDto {
    /// Identifier of the evaluation (UUID), assigned by the service.
    pub id: Uuid,
    /// Identifier of the offering (UUID).
    pub offering_id: Uuid,
    /// Code of the offering.
    #[schema(max_length = 50, example = "VTLT-2026-01")]
    pub offering_code: String,
    /// Identifier of the course (UUID).
    pub course_id: Uuid,
    /// Title of the course.
    #[schema(max_length = 300, example = "Nghiệp vụ văn thư, lưu trữ")]
    pub course_title: String,
    /// Identifier of the questionnaire to be answered (UUID).
    pub questionnaire_id: Uuid,
    /// Title of the questionnaire.
    #[schema(max_length = 300, example = "Phiếu lấy ý kiến học viên khi kết thúc khóa học")]
    pub questionnaire_title: String,
    /// Whether the answer is stored without the person and the time. Nobody learns when such a form was answered.
    pub is_anonymous: bool,
    /// Purpose of the questionnaire.
    pub instrument: Instrument,
    /// Phase in which the form is due.
    pub phase: Phase,
    /// Whose work it is about; in a learner's form the learner. The form of a unit (`beneficiary`) is about nobody: it
    /// names the first of the unit's participants.
    pub subject_id: Uuid,
    /// Name of the person whose work is rated.
    #[schema(max_length = 200, example = "Nguyễn Văn An")]
    pub subject_name: String,
    /// Whether that person attends, or is a comparable colleague who does not.
    pub subject_group: SubjectGroup,
    /// The participant; for a comparison, the one it was matched to.
    pub participant_id: Uuid,
    /// The subject's unit when the evaluation was made; of a unit's form (`beneficiary`) the unit that nominated.
    pub unit_id: Uuid,
    /// Whether it is asked of whom the plan asks, or of who was named to rate beside the supervisor.
    pub rater: Rater,
    /// Identifier of the person who has to answer (UUID).
    pub respondent_id: Uuid,
    /// Name of the person who has to answer.
    #[schema(max_length = 200, example = "Trần Thị Bình")]
    pub respondent_name: String,
    /// First day on which the form can be answered (ISO 8601 date).
    pub opens_on: NaiveDate,
    /// Last day on which the form can be answered (ISO 8601 date).
    pub due_on: NaiveDate,
    /// By how many days it was put off because the subject is absent for more than thirty days; the days above include
    /// them.
    #[schema(minimum = 0)]
    pub moved_days: i32,
    /// State of the evaluation today: scheduled, open, answered, lapsed or excused.
    pub state: State,
    /// Of a follow-up of behaviour: whether somebody else is asked than was for the rating before. Null where there is no
    /// rating before to compare with.
    #[schema(required, example = false)]
    pub rater_changed: Option<bool>,
    /// When the respondent was reminded, once half of the window had passed; always null for anonymous forms.
    #[schema(required, example = json!(null))]
    pub reminded_at: Option<DateTime<Utc>>,
    /// Moment at which the respondent's superior was informed, at most three days before the last day; null for
    /// anonymous forms.
    #[schema(required, example = json!(null))]
    pub escalated_at: Option<DateTime<Utc>>,
    /// Why it is not owed any more: `participant_withdrawn`, `offering_cancelled`, `subject_left`,
    /// `comparison_trained`; of a second rating `second_rater_removed`, `supervisor_excused`, `rater_left`, `rater_restricted`,
    /// `rater_takes_part`, `rater_is_supervisor`, `subject_moved`; or an officer's words.
    #[schema(required, example = json!(null))]
    pub excuse: Option<String>,
    /// Day of the answer; always null for anonymous forms.
    #[schema(required)]
    pub answered_on: Option<NaiveDate>,
    /// Version of the evaluation, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the evaluation was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// When it was last changed; the answer to an anonymous form does not count as a change.
    pub updated_at: DateTime<Utc>,
}

/// An evaluation with its form.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvaluationDetailDto {
    /// The evaluation, without its form and answers.
    #[serde(flatten)]
    pub evaluation: EvaluationDto,
    /// Items of the form, in order.
    pub questionnaire: QuestionnaireDto,
    /// What was answered: for who answered it, and never for anonymous forms.
    #[schema(max_items = 200, required)]
    pub answers: Option<Vec<AnswerDto>>,
}

fn answer_count(dto: &AnswerEvaluation) -> Result<(), ValidationError> {
    check::count("/answers", &dto.answers, 1, 200)
}

/// Distinguishes a member that is null from one that is absent, which is a fault.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<AnswerValue>, D::Error> {
    Option::deserialize(deserializer)
}

impl From<AnswerDto> for Answer {
    fn from(dto: AnswerDto) -> Self {
        Self { item: dto.item, value: dto.value }
    }
}

impl From<Answer> for AnswerDto {
    fn from(answer: Answer) -> Self {
        Self { item: answer.item, value: answer.value }
    }
}

impl EvaluationDto {
    /// A task as it is on a day.
    pub fn on(today: NaiveDate, task: Task) -> Self {
        let (rater_changed, reminded_at) = (task.rater_changed(), task.reminded_at());
        let evaluation = task.evaluation;
        Self {
            state: evaluation.state(today),
            id: evaluation.id,
            offering_id: evaluation.offering_id,
            offering_code: task.offering_code,
            course_id: evaluation.course_id,
            course_title: task.course_title,
            questionnaire_id: evaluation.questionnaire_id,
            questionnaire_title: task.form.title,
            is_anonymous: task.form.is_anonymous,
            instrument: task.form.instrument,
            moved_days: evaluation.moved_days,
            rater_changed,
            reminded_at,
            escalated_at: evaluation.escalated_at,
            phase: evaluation.phase,
            subject_id: evaluation.subject_id,
            subject_name: task.subject_name,
            subject_group: evaluation.subject_group,
            participant_id: evaluation.participant_id,
            unit_id: evaluation.unit_id,
            rater: evaluation.rater,
            respondent_id: evaluation.respondent_id,
            respondent_name: task.respondent_name,
            opens_on: evaluation.opens_on,
            due_on: evaluation.due_on,
            excuse: evaluation.excuse,
            answered_on: evaluation.answered_on,
            version: evaluation.version,
            created_at: evaluation.created_at,
            updated_at: evaluation.updated_at,
        }
    }
}
