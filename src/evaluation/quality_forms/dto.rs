use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{GroupResult, Opening, QualityForm, QualityResult, Shown, Stage, Token};
use crate::evaluation::evaluations::{AnswerDto, RespondentGroup};
use crate::evaluation::questionnaires::quality::Band;
use crate::evaluation::questionnaires::{Questionnaire, Words};
use crate::evaluation::statistics::Figure;
use crate::http::check;

/// Open a statutory form for an offering.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"questionnaire_code": "quality-03-2023", "opens_on": "2026-12-09", "due_on": "2026-12-19"}))]
pub struct OpenQualityForm {
    /// Code of a statutory form: `quality-03-2023` (Circular 03/2023/TT-BNV, in force), `quality-10-2017`, or one that
    /// was published. Its newest revision is asked.
    #[validate(length(min = 1, max = 60), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[A-Za-z0-9._-]+$")]
    pub questionnaire_code: String,
    /// First day on which it can be answered: the last session's or later.
    pub opens_on: NaiveDate,
    /// Last day, at most 30 days later.
    pub due_on: NaiveDate,
}

/// A form that was opened, with what lecturers answer it by.
#[derive(Serialize, ToSchema)]
pub struct OpenedQualityFormDto {
    /// Its id.
    pub id: Uuid,
    /// The run of the course.
    pub offering_id: Uuid,
    /// The form.
    pub questionnaire_id: Uuid,
    /// First day on which it can be answered.
    pub opens_on: NaiveDate,
    /// Last day.
    pub due_on: NaiveDate,
    /// How many learners find it among their evaluations.
    #[schema(minimum = 0, example = 24)]
    pub learners: usize,
    /// How many lecturers teach in the offering.
    #[schema(minimum = 0, example = 6)]
    pub lecturers: i32,
    /// One for each lecturer of the offering, shown in this answer only, and to a training officer only: who has a token
    /// can answer for the lecturer. An institute gets none.
    #[schema(max_items = 1000)]
    pub lecturer_tokens: Vec<LecturerTokenDto>,
}

/// New tokens of the lecturers of an offering.
#[derive(Serialize, ToSchema)]
pub struct IssuedTokensDto {
    /// One for each statutory form that was opened for the offering and is not over, the newest first.
    #[schema(max_items = 100)]
    pub forms: Vec<FormTokensDto>,
}

/// New tokens of the lecturers who have not answered a form.
#[derive(Serialize, ToSchema)]
pub struct FormTokensDto {
    /// The form that was opened.
    pub quality_form_id: Uuid,
    /// Last day on which it can be answered.
    pub due_on: NaiveDate,
    /// One for each lecturer who has not answered, shown in this answer only.
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

/// A lecturer's one-time token.
#[derive(Serialize, ToSchema)]
pub struct LecturerTokenDto {
    /// Number of the form. It is not kept with the answer.
    #[schema(minimum = 1, example = 1)]
    pub number: i32,
    /// Whom to hand it to. This tie is deleted with the answer.
    pub lecturer_id: Uuid,
    /// That person's name.
    #[schema(max_length = 200, example = "Phạm Hữu Dũng")]
    pub lecturer_name: String,
    /// What the answer is sent with, once.
    #[schema(max_length = 100, example = "7d0f4c1e2b3a49588c6d7e8f9a0b1c2d")]
    pub token: String,
}

/// Answer a statutory form by a one-time token.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "answer_count", skip_on_field_errors = false))]
#[schema(example = json!({"token": "7d0f4c1e2b3a49588c6d7e8f9a0b1c2d", "answers": [{"item": "programme_1", "value": 8},
    {"item": "programme_2", "value": 9}]}))]
pub struct AnswerQualityForm {
    /// The token.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub token: String,
    /// One answer for each item.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 200)]
    pub answers: Vec<AnswerDto>,
}

fn answer_count(dto: &AnswerQualityForm) -> Result<(), ValidationError> {
    check::count("/answers", &dto.answers, 1, 200)
}

/// What the statutory forms of an offering say.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityDto {
    /// The run of the course.
    pub offering_id: Uuid,
    /// One for each form that was opened, the newest first.
    pub forms: Vec<QualityFormDto>,
}

/// One statutory form of an offering.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityFormDto {
    /// Its id.
    pub id: Uuid,
    /// The form.
    pub questionnaire_id: Uuid,
    /// Its code.
    #[schema(max_length = 60, example = "quality-03-2023")]
    pub questionnaire_code: String,
    /// Circular and article.
    #[schema(required, example = "Thông tư 03/2023/TT-BNV, Điều 24")]
    pub legal_basis: Option<String>,
    /// First day on which it can be answered.
    pub opens_on: NaiveDate,
    /// Last day.
    pub due_on: NaiveDate,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// Where it stands.
    pub stage: Stage,
    /// What it says: null until it is closed and its answers are put together (within minutes), and the same ever after.
    #[schema(required)]
    pub result: Option<QualityResultDto>,
}

/// What a form says that is over.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityResultDto {
    /// The general index, 1 to 10: the unweighted mean of the means of those groups that are shown.
    pub index: Figure,
    /// Its band, without rounding it first: `[0, 2)` poor, `[2, 4)` weak, `[4, 6)` average, `[6, 8)` good, `[8, 10]`
    /// excellent (Circular 10/2017/TT-BNV).
    #[schema(required)]
    pub band: Option<Band>,
    /// By criterion, over the groups that are shown.
    pub criteria: Vec<QualityMeanDto>,
    /// By group of respondents.
    pub groups: Vec<QualityGroupDto>,
}

/// What one group of respondents says.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityGroupDto {
    /// Which.
    pub group: RespondentGroup,
    /// Mean of its indicators, of its valid forms.
    pub mean: Figure,
    /// By criterion; empty of a group that is hidden.
    pub criteria: Vec<QualityMeanDto>,
    /// By indicator; empty of a group that is hidden.
    pub indicators: Vec<QualityMeanDto>,
}

/// The mean of a criterion or an indicator.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"code": "programme",
    "text": {"vi": "Chương trình và tài liệu", "en": "Programme and materials"},
    "mean": {"status": "ok", "reason": null, "value": 8.25, "unit": "points_of_10", "ci95": null, "probably_too_narrow": false, "n": 18,
        "n_needed": 5, "n_invited": null, "evidence_grade": null}}))]
pub struct QualityMeanDto {
    /// Its code.
    #[schema(example = "programme")]
    pub code: String,
    /// What people read.
    pub text: Words,
    /// Its mean; what fewer than five answered is hidden, and in no other mean.
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
