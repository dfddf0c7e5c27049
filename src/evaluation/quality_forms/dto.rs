use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{GroupResult, Opening, QualityForm, QualityResult, Shown, Stage, Token};
use crate::evaluation::evaluations::{AnswerDto, RespondentGroup};
use crate::evaluation::questionnaires::quality::Band;
use crate::evaluation::questionnaires::{Questionnaire, Words};
use crate::http::check;
use statistics::Figure;

/// A statutory form to open for an offering.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"questionnaire_code": "quality-03-2023", "opens_on": "2026-12-09", "due_on": "2026-12-19"}))]
pub struct OpenQualityForm {
    /// Code of a statutory form, 1 to 60 characters: `quality-03-2023` (Circular 03/2023/TT-BNV, in force),
    /// `quality-10-2017`, or another one that was published. Its newest revision is asked.
    #[validate(length(min = 1, max = 60), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[A-Za-z0-9._-]+$")]
    pub questionnaire_code: String,
    /// First day on which the form can be answered (ISO 8601 date): the day of the last session or later.
    pub opens_on: NaiveDate,
    /// Last day on which the form can be answered (ISO 8601 date): today or later, and at most 30 days after
    /// `opens_on`.
    pub due_on: NaiveDate,
}

/// A statutory form that was opened, with the one-time tokens for the lecturers.
#[derive(Serialize, ToSchema)]
pub struct OpenedQualityFormDto {
    /// Identifier of the opened form (UUID), assigned by the service.
    pub id: Uuid,
    /// Identifier of the offering (UUID).
    pub offering_id: Uuid,
    /// Identifier of the questionnaire that is asked (UUID).
    pub questionnaire_id: Uuid,
    /// First day on which the form can be answered (ISO 8601 date).
    pub opens_on: NaiveDate,
    /// Last day on which the form can be answered (ISO 8601 date).
    pub due_on: NaiveDate,
    /// Number of learners who have the form among their evaluations.
    #[schema(minimum = 0, example = 24)]
    pub learners: usize,
    /// Number of lecturers of the offering.
    #[schema(minimum = 0, example = 6)]
    pub lecturers: i32,
    /// One-time token of each lecturer of the offering, shown in this answer only and to training officers
    /// only, as the holder of a token can answer for the lecturer; empty for an institute.
    #[schema(max_items = 1000)]
    pub lecturer_tokens: Vec<LecturerTokenDto>,
}

/// New one-time tokens for the lecturers of an offering.
#[derive(Serialize, ToSchema)]
pub struct IssuedTokensDto {
    /// New tokens by form, one entry for each statutory form of the offering whose last day has not passed,
    /// newest first.
    #[schema(max_items = 100)]
    pub forms: Vec<FormTokensDto>,
}

/// New one-time tokens for the lecturers who have not answered a form.
#[derive(Serialize, ToSchema)]
pub struct FormTokensDto {
    /// Identifier of the opened form (UUID).
    pub quality_form_id: Uuid,
    /// Last day on which the form can be answered (ISO 8601 date).
    pub due_on: NaiveDate,
    /// One-time token of each lecturer who has not answered, shown in this answer only.
    #[schema(max_items = 1000)]
    pub lecturer_tokens: Vec<LecturerTokenDto>,
}

impl IssuedTokensDto {
    /// The answer to the training officer.
    pub fn new(issued: Vec<(QualityForm, Vec<Token>)>) -> Self {
        let of_form = |(form, tokens): (QualityForm, Vec<Token>)| FormTokensDto {
            quality_form_id: form.id,
            due_on: form.due_on,
            lecturer_tokens: tokens.into_iter().map(Into::into).collect(),
        };
        Self { forms: issued.into_iter().map(of_form).collect() }
    }
}

/// One-time token of a lecturer for a statutory form.
#[derive(Serialize, ToSchema)]
pub struct LecturerTokenDto {
    /// Running number of the token, from 1, in random order; it is not stored with the answer.
    #[schema(minimum = 1, example = 1)]
    pub number: i32,
    /// Identifier of the lecturer to whom the token is to be handed (UUID). The connection is deleted when
    /// the form is answered.
    pub lecturer_id: Uuid,
    /// Full name of the lecturer.
    #[schema(max_length = 200, example = "Phạm Hữu Dũng")]
    pub lecturer_name: String,
    /// One-time token with which the lecturer sends the answer.
    #[schema(max_length = 100, example = "7d0f4c1e2b3a49588c6d7e8f9a0b1c2d")]
    pub token: String,
}

/// Answer of a lecturer to a statutory form.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "answer_count", skip_on_field_errors = false))]
#[schema(example = json!({"token": "7d0f4c1e2b3a49588c6d7e8f9a0b1c2d", "answers": [{"item": "programme_1", "value": 8},
    {"item": "programme_2", "value": 9}]}))]
pub struct AnswerQualityForm {
    /// One-time token that the lecturer was given, 1 to 100 characters.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub token: String,
    /// Answers to the form, 1 to 200; one for each item.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 200)]
    pub answers: Vec<AnswerDto>,
}

fn answer_count(dto: &AnswerQualityForm) -> Result<(), ValidationError> {
    check::count("/answers", &dto.answers, 1, 200)
}

/// Results of the statutory forms of an offering.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityDto {
    /// Identifier of the offering (UUID).
    pub offering_id: Uuid,
    /// Results of each statutory form that was opened for the offering, newest first.
    pub forms: Vec<QualityFormDto>,
}

/// A statutory form of an offering with its results.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityFormDto {
    /// Identifier of the opened form (UUID), assigned by the service.
    pub id: Uuid,
    /// Identifier of the questionnaire that is asked (UUID).
    pub questionnaire_id: Uuid,
    /// Code of the questionnaire, the same for all its revisions.
    #[schema(max_length = 60, example = "quality-03-2023")]
    pub questionnaire_code: String,
    /// Circular and article that prescribe the form; null when none is named.
    #[schema(required, example = "Thông tư 03/2023/TT-BNV, Điều 24")]
    pub legal_basis: Option<String>,
    /// First day on which the form can be answered (ISO 8601 date).
    pub opens_on: NaiveDate,
    /// Last day on which the form can be answered (ISO 8601 date).
    pub due_on: NaiveDate,
    /// Moment the form was opened (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Stage of the form: `scheduled`, `open` or `closed`.
    pub stage: Stage,
    /// Results of the form, which do not change any more; null until it is closed and its answers are put
    /// together (within minutes).
    #[schema(required)]
    pub result: Option<QualityResultDto>,
}

/// Results of a closed statutory form.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityResultDto {
    /// General index, 1 to 10: the unweighted mean of the means of the groups of respondents that are shown.
    pub index: Figure,
    /// Band of the general index, taken before rounding: `[0, 2)` poor, `[2, 4)` weak, `[4, 6)` average,
    /// `[6, 8)` good, `[8, 10]` excellent (Circular 10/2017/TT-BNV); null without an index.
    #[schema(required)]
    pub band: Option<Band>,
    /// Mean of each criterion, over the groups of respondents that are shown.
    pub criteria: Vec<QualityMeanDto>,
    /// Results of each group of respondents.
    pub groups: Vec<QualityGroupDto>,
}

/// Results of one group of respondents.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityGroupDto {
    /// Group of respondents: `learner` or `lecturer`.
    pub group: RespondentGroup,
    /// Mean of the indicators over the valid forms of the group, points of 10.
    pub mean: Figure,
    /// Mean of each criterion; empty when the group is hidden.
    pub criteria: Vec<QualityMeanDto>,
    /// Mean of each indicator; empty when the group is hidden.
    pub indicators: Vec<QualityMeanDto>,
}

/// Mean of a criterion or of an indicator.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"code": "programme",
    "text": {"vi": "Chương trình và tài liệu", "en": "Programme and materials"},
    "mean": {"status": "ok", "reason": null, "value": 8.25, "unit": "points_of_10", "ci95": null, "probably_too_narrow": false, "n": 18,
        "n_needed": 5, "n_invited": null, "evidence_grade": null}}))]
pub struct QualityMeanDto {
    /// Code of the criterion or of the indicator.
    #[schema(example = "programme")]
    pub code: String,
    /// Wording of the criterion or of the indicator.
    pub text: Words,
    /// Mean in points of 10. An indicator that fewer than five people answered is hidden and enters no other
    /// mean.
    pub mean: Figure,
}

impl From<OpenQualityForm> for Opening {
    fn from(dto: OpenQualityForm) -> Self {
        Self { questionnaire_code: dto.questionnaire_code, opens_on: dto.opens_on, due_on: dto.due_on }
    }
}

impl OpenedQualityFormDto {
    /// A form with what was handed out.
    pub fn new(form: &QualityForm, learners: usize, tokens: Vec<Token>) -> Self {
        Self {
            id: form.id,
            offering_id: form.offering_id,
            questionnaire_id: form.questionnaire_id,
            opens_on: form.opens_on,
            due_on: form.due_on,
            learners,
            lecturers: form.lecturers,
            lecturer_tokens: tokens.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Token> for LecturerTokenDto {
    fn from(token: Token) -> Self {
        Self {
            number: token.number,
            lecturer_id: token.lecturer_id,
            lecturer_name: token.lecturer_name,
            token: token.token,
        }
    }
}

impl QualityFormDto {
    /// A form as it is on a day.
    pub fn on(
        today: NaiveDate,
        form: &QualityForm,
        asked: Questionnaire,
        result: Option<QualityResult>,
    ) -> Self {
        Self {
            id: form.id,
            questionnaire_id: form.questionnaire_id,
            questionnaire_code: asked.code,
            legal_basis: asked.legal_basis,
            opens_on: form.opens_on,
            due_on: form.due_on,
            created_at: form.created_at,
            stage: form.stage(today),
            result: result.map(Into::into),
        }
    }
}

fn means(shown: Vec<Shown>) -> Vec<QualityMeanDto> {
    shown.into_iter().map(|s| QualityMeanDto { code: s.code, text: s.text, mean: s.mean }).collect()
}

impl From<QualityResult> for QualityResultDto {
    fn from(result: QualityResult) -> Self {
        let group = |group: GroupResult| QualityGroupDto {
            group: group.group,
            mean: group.mean,
            criteria: means(group.criteria),
            indicators: means(group.indicators),
        };
        Self {
            index: result.index,
            band: result.band,
            criteria: means(result.criteria),
            groups: result.groups.into_iter().map(group).collect(),
        }
    }
}
