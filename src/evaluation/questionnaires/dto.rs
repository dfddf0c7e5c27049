use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::instrument::Instrument;
use super::items::{Choice, Item, ItemKind, STATUTORY_STEPS, Section, USUAL_STEPS, Words};
use super::model::{Audience, Draft, Questionnaire};
use super::scoring::ScoreUnit;
use super::shipped;
use crate::access::{Actor, Permission, policy};
use crate::http::{check, list_query};

list_query! {
    /// Filters of the questionnaire list.
    QuestionnairesQuery {
        /// Exactly this code.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words of the code or the title; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only this level of Kirkpatrick's four.
        #[param(minimum = 1, maximum = 4)]
        #[validate(range(min = 1, max = 4))]
        level: i16,
        /// Only forms that these people answer.
        audience: Audience,
        /// Only forms of this course.
        course_id: Uuid,
        /// Only forms that are for this.
        instrument: Instrument,
    }
}

/// Publish a version of a questionnaire.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "item_count", skip_on_field_errors = false))]
#[schema(example = json!({"code": "confidence", "revision": 1, "title": "Mức độ tự tin sau khóa học", "level": 2,
    "audience": "learner", "is_anonymous": false, "items": [
        {"code": "c1", "kind": "scale", "text": {"vi": "Tôi tự làm được việc này.", "en": "I can do this on my own."}},
        {"code": "c2", "kind": "text", "text": {"vi": "Còn vướng điều gì?"}}]}))]
pub struct CreateQuestionnaire {
    /// What its revisions have in common, and what it is for: `reaction`, `environment`, `beneficiary`,
    /// `quality-<circular>` and `knowledge-<course code>-a` and `-b` are what the service hands out from then on.
    /// `behaviour-...`, `self-behaviour-...` and `then-...` are made of the courses and refused here. Any other code
    /// is a form of one's own.
    #[validate(length(min = 1, max = 60), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[A-Za-z0-9._-]+$")]
    pub code: String,
    /// 1, 2, ...; a code and revision are published once.
    #[validate(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10_000)]
    pub revision: i32,
    /// Its title.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// Its title in English.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300, example = "Confidence after the course")]
    pub title_en: Option<String>,
    /// What respondents are told before the first item: what it is for, who learns what, when a form is invalid.
    #[validate(nested)]
    pub introduction: Option<Words>,
    /// Kirkpatrick's level: 1 reaction, 2 learning, 3 behaviour, 4 results.
    #[validate(range(min = 1, max = 4))]
    #[schema(minimum = 1, maximum = 4)]
    pub level: i16,
    /// Who answers it.
    pub audience: Audience,
    /// The course it belongs to; absent where it serves every course.
    pub course_id: Option<Uuid>,
    /// Whether answers are stored without the person and the time. Through the API nobody learns whose an answer is; who can
    /// read the database's files or its write-ahead log can tie it to its task.
    pub is_anonymous: bool,
    /// Decree or circular, and article, that prescribes it.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300, example = "10/2017/TT-BNV")]
    pub legal_basis: Option<String>,
    /// More blank indicators (scales) than this, percent, make a filled-in form invalid: it is kept, and has no score.
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100, example = 5)]
    pub max_blank_percent: Option<i16>,
    /// What it asks, in order.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 100)]
    pub items: Vec<NewItem>,
}

/// One item of a form.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "list_counts", skip_on_field_errors = false))]
#[schema(example = json!({"code": "c1", "kind": "scale", "text": {"vi": "Tôi tự làm được việc này."}}))]
pub struct NewItem {
    /// What an answer refers to; unique in the form.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50, pattern = "^[A-Za-z0-9._-]+$")]
    pub code: String,
    /// What it asks for.
    pub kind: ItemKind,
    /// The item.
    #[validate(nested)]
    pub text: Words,
    /// The criterion it belongs to; the same code has the same text in all items.
    #[validate(nested)]
    pub section: Option<Section>,
    /// For a scale: its number of steps, 5 or 10; 5 unless said otherwise.
    #[validate(range(min = 5, max = 10))]
    #[schema(minimum = 5, maximum = 10, example = 5)]
    pub steps: Option<u8>,
    /// For a scale: whether a high step is a bad one. Stored as answered, counted as `steps` + 1 - x.
    #[serde(default)]
    #[schema(default = false)]
    pub reverse: bool,
    /// For a scale: whether `null` says "not observed", which is an answer; otherwise it leaves the item blank. True
    /// unless said otherwise, and false in a form with `max_blank_percent`.
    pub not_observed: Option<bool>,
    /// For a scale: its steps in words, all of them or the two ends. Without them: never, rarely, sometimes, often,
    /// always; of ten steps the ends, from not satisfied at all to wholly satisfied.
    #[validate(nested)]
    #[schema(min_items = 2, max_items = 10)]
    pub anchors: Option<Vec<Words>>,
    /// For a choice: its options.
    #[validate(nested)]
    #[schema(min_items = 2, max_items = 20)]
    pub options: Option<Vec<Choice>>,
    /// For a choice of a knowledge test: code of the right option. Shown to those only who may publish questionnaires.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50, example = "yes")]
    pub correct: Option<String>,
}

/// A published questionnaire.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionnaireDto {
    /// Its id.
    pub id: Uuid,
    /// What its revisions have in common.
    #[schema(max_length = 60, example = "reaction")]
    pub code: String,
    /// 1, 2, ...
    #[schema(minimum = 1)]
    pub revision: i32,
    /// Its title.
    #[schema(max_length = 300, example = "Phiếu lấy ý kiến học viên khi kết thúc khóa học")]
    pub title: String,
    /// Its title in English.
    #[schema(max_length = 300, required, example = "What learners say at the close of the course")]
    pub title_en: Option<String>,
    /// What respondents are told before the first item.
    #[schema(required)]
    pub introduction: Option<Words>,
    /// Kirkpatrick's level, 1 to 4.
    #[schema(minimum = 1, maximum = 4)]
    pub level: i16,
    /// Who answers it.
    pub audience: Audience,
    /// The course it belongs to; null where it serves every course.
    #[schema(required)]
    pub course_id: Option<Uuid>,
    /// Whether answers are stored without the person and the time. Through the API nobody learns whose an answer is; who can
    /// read the database's files or its write-ahead log can tie it to its task.
    pub is_anonymous: bool,
    /// What it is for.
    pub instrument: Instrument,
    /// Decree or circular, and article, that prescribes it.
    #[schema(max_length = 300, required, example = "10/2017/TT-BNV")]
    pub legal_basis: Option<String>,
    /// More blank indicators than this, percent, make a filled-in form invalid; null where every form counts.
    #[schema(required, minimum = 0, maximum = 100, example = 5)]
    pub max_blank_percent: Option<i16>,
    /// What its scores are counted in; null where it has none.
    #[schema(required)]
    pub score_unit: Option<ScoreUnit>,
    /// What it asks, in order.
    #[schema(max_items = 100)]
    pub items: Vec<Item>,
    /// When it was published.
    pub created_at: DateTime<Utc>,
}

fn item_count(dto: &CreateQuestionnaire) -> Result<(), ValidationError> {
    check::count("/items", &dto.items, 1, 100)
}

fn list_counts(item: &NewItem) -> Result<(), ValidationError> {
    if let Some(anchors) = &item.anchors {
        check::count("/anchors", anchors, 2, STATUTORY_STEPS.into())?;
    }
    item.options.as_deref().map_or(Ok(()), |options| check::count("/options", options, 2, 20))
}

impl NewItem {
    /// The item of a form in which a blank is or is not counted against it.
    fn published(self, blanks_count: bool) -> Item {
        let is_scale = self.kind == ItemKind::Scale;
        let steps = self.steps.or(is_scale.then_some(USUAL_STEPS));
        let words = || is_scale.then(|| shipped::anchors(steps));
        Item {
            anchors: self.anchors.or_else(words),
            not_observed: self.not_observed.unwrap_or(is_scale && !blanks_count),
            steps,
            code: self.code,
            kind: self.kind,
            text: self.text,
            section: self.section,
            reverse: self.reverse,
            options: self.options,
            correct: self.correct,
        }
    }
}

impl From<CreateQuestionnaire> for Draft {
    fn from(dto: CreateQuestionnaire) -> Self {
        let blanks_count = dto.max_blank_percent.is_some();
        Self {
            code: dto.code,
            revision: dto.revision,
            title: dto.title,
            title_en: dto.title_en,
            introduction: dto.introduction,
            level: dto.level,
            audience: dto.audience,
            course_id: dto.course_id,
            is_anonymous: dto.is_anonymous,
            legal_basis: dto.legal_basis,
            max_blank_percent: dto.max_blank_percent,
            items: dto.items.into_iter().map(|item| item.published(blanks_count)).collect(),
        }
    }
}

impl QuestionnaireDto {
    /// A form as somebody sees it: right options are for those who may publish tests.
    pub fn seen_by(actor: &Actor, form: Questionnaire) -> Self {
        let may_publish = policy::reach(actor, Permission::QuestionnaireManage).is_some();
        if may_publish { Self::whole(form) } else { Self::to_answer(form) }
    }

    /// A form as those see it who have to answer it, whoever they are.
    pub fn to_answer(form: Questionnaire) -> Self {
        let mut seen = Self::whole(form);
        for item in &mut seen.items {
            item.correct = None;
        }
        seen
    }

    fn whole(form: Questionnaire) -> Self {
        Self {
            score_unit: form.scoring().unit(),
            id: form.id,
            code: form.code,
            revision: form.revision,
            title: form.title,
            title_en: form.title_en,
            introduction: form.introduction,
            level: form.level,
            audience: form.audience,
            course_id: form.course_id,
            is_anonymous: form.is_anonymous,
            instrument: form.instrument,
            legal_basis: form.legal_basis,
            max_blank_percent: form.max_blank_percent,
            items: form.items.0,
            created_at: form.created_at,
        }
    }
}
