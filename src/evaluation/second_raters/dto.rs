use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Named, Relation, SecondRater, Sight};
use crate::evaluation::evaluations::{Ended, Phase};

/// Name who rates a participant's work beside the supervisor.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"employee_id": "0199f0c4-5a7e-7000-8000-000000000000", "relation": "internal_customer"}))]
pub struct NameSecondRater {
    /// Somebody of the ministry who sees the person's work: neither the participant, nor the supervisor, nor anybody trained
    /// in the same offering or rated there for comparison. May work in any unit.
    pub employee_id: Uuid,
    /// Who that is to the participant.
    pub relation: Relation,
}

/// Why a second rater is not asked any more. Callers who do not see the whole ministry do not learn that a rater has left or
/// has restricted the processing of personal data, nor that somebody of another unit takes part in a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "rater_not_available")]
pub enum EndedDto {
    /// The rater has left the ministry.
    RaterLeft,
    /// The rater has restricted the processing of personal data about himself or herself.
    RaterRestricted,
    /// The rater is trained in the same offering, or is rated there for comparison.
    RaterTakesPart,
    /// The rater cannot be asked; why, the caller may not know.
    RaterNotAvailable,
    /// The rater has become the supervisor: two ratings by one person are no agreement.
    RaterIsSupervisor,
    /// The participant has moved to another unit.
    SubjectMoved,
}

impl EndedDto {
    /// By what the caller may know of the rater.
    fn of(ended: Ended, sight: Sight) -> Self {
        match (ended, sight) {
            (Ended::RaterIsSupervisor, _) => Self::RaterIsSupervisor,
            (Ended::SubjectMoved, _) => Self::SubjectMoved,
            (Ended::RaterLeft, Sight::Everything) => Self::RaterLeft,
            (Ended::RaterRestricted, Sight::Everything) => Self::RaterRestricted,
            (Ended::RaterTakesPart, Sight::Everything | Sight::OwnPeople) => Self::RaterTakesPart,
            (Ended::RaterLeft | Ended::RaterRestricted | Ended::RaterTakesPart, _) => Self::RaterNotAvailable,
        }
    }
}

/// Who rates a participant's work beside the supervisor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"participant_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "employee_id": "0199f0c4-5a7e-7000-8000-000000000000", "full_name": "Trần Thị Bình",
    "relation": "internal_customer", "ended": null, "phases": ["baseline", "three_months", "six_months"],
    "version": 1}))]
pub struct SecondRaterDto {
    /// Whose work is rated.
    pub participant_id: Uuid,
    /// Who rates it; null where nobody is named.
    #[schema(required)]
    pub employee_id: Option<Uuid>,
    /// That person's name; null where the person works outside the units that the caller may see.
    #[schema(required, max_length = 200, example = "Trần Thị Bình")]
    pub full_name: Option<String>,
    /// Who that is to the participant.
    #[schema(required)]
    pub relation: Option<Relation>,
    /// Why this rater is not asked any more; null as long as the rater is. Somebody else can be named.
    #[schema(required)]
    pub ended: Option<EndedDto>,
    /// Ratings that this rater is asked for, or has given. Without `baseline` the agreement of the raters can be shown, but no
    /// change.
    #[schema(max_items = 3)]
    pub phases: Vec<Phase>,
    /// Version, as in the ETag; 0 before anybody was named.
    #[schema(minimum = 0, example = 1)]
    pub version: i32,
}

/// Why the choice cannot be made now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"type": "/problems/second_rater.not_possible", "title": "Nobody can be named now",
    "status": 409, "detail": "`reason` says what is in the way.",
    "instance": "/v1/participants/0199f0c4-5a7e-7000-8000-000000000001/second-rater",
    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "reason": "too_late"}))]
pub struct SecondRaterProblem {
    /// Kind of problem: a page of this service.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// Status code of the HTTP answer.
    pub status: u16,
    /// This occurrence in words.
    pub detail: String,
    /// Path of the request.
    pub instance: String,
    /// Correlation id: quote it when asking for help.
    pub trace_id: String,
    /// `second_rater.not_possible`: what is in the way. The participant has withdrawn (`withdrawn`); the offering does not
    /// take place (`cancelled`); the last window for a rating after the course is over (`too_late`); the participant is the
    /// caller, or the head for whom the caller acts (`own_work`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "too_late")]
    pub reason: Option<String>,
}

impl From<SecondRater> for SecondRaterDto {
    fn from(of: SecondRater) -> Self {
        let SecondRater { participant_id, named, version } = of;
        let nobody = Self {
            participant_id,
            employee_id: None,
            full_name: None,
            relation: None,
            ended: None,
            phases: Vec::new(),
            version,
        };
        let Some(Named { employee_id, full_name, relation, ended, sight, phases }) = named else {
            return nobody;
        };
        let ended = ended.map(|ended| EndedDto::of(ended, sight));
        Self { employee_id: Some(employee_id), full_name, relation: Some(relation), ended, phases, ..nobody }
    }
}
