use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::instrument::{Audience, Instrument};
use super::items::{Choice, Item, ItemKind, STATUTORY_STEPS, Section, USUAL_STEPS, Words};
use super::model::{Draft, Questionnaire};
use super::scoring::ScoreUnit;
use super::shipped;
use crate::access::{Actor, Permission, policy};
use crate::http::{check, list_query};

list_query! {
    /// Filters of the questionnaire list.
    QuestionnairesQuery {
        /// Only questionnaires with exactly this code; at most 50 characters.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words of the code or the title, at most 200 characters: each must be the beginning of a word
        /// there; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only questionnaires of this level of Kirkpatrick, 1 to 4.
        #[param(minimum = 1, maximum = 4)]
        #[validate(range(min = 1, max = 4))]
        level: i16,
        /// Only questionnaires that this group of people answers.
        audience: Audience,
        /// Only questionnaires that belong to this course (UUID).
        course_id: Uuid,
        /// Only questionnaires with this purpose.
        instrument: Instrument,
    }
}

/// A version of a questionnaire to publish.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "item_count", skip_on_field_errors = false))]
#[schema(example = json!({"code": "confidence", "revision": 1, "title": "Mức độ tự tin sau khóa học", "level": 2,
    "audience": "learner", "is_anonymous": false, "items": [
        {"code": "c1", "kind": "scale", "text": {"vi": "Tôi tự làm được việc này.", "en": "I can do this on my own."}},
        {"code": "c2", "kind": "text", "text": {"vi": "Còn vướng điều gì?"}}]}))]
pub struct CreateQuestionnaire {
    /// Code of the questionnaire, the same for all its revisions, 1 to 60 characters. It decides the purpose:
    /// the service itself sends out `reaction`, `environment`, `beneficiary`, `quality-<circular>`,
    /// `knowledge-<course code>-a` and `knowledge-<course code>-b`. Codes that begin with `behaviour-`,
    /// `self-behaviour-` or `then-` are made from courses and refused here. Any other code makes a
    /// questionnaire whose purpose is `other`.
    #[validate(length(min = 1, max = 60), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[A-Za-z0-9._-]+$")]
    pub code: String,
    /// Number of the revision, 1 to 10,000; a code and revision can be published only once.
    #[validate(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10_000)]
    pub revision: i32,
    /// Title of the questionnaire in Vietnamese, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// Title of the questionnaire in English, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300, example = "Confidence after the course")]
    pub title_en: Option<String>,
    /// Text shown before the first item: the purpose of the form, who can see the answers, and when a form is
    /// invalid.
    #[validate(nested)]
    pub introduction: Option<Words>,
    /// Level of Kirkpatrick: 1 reaction, 2 learning, 3 behaviour, 4 results.
    #[validate(range(min = 1, max = 4))]
    #[schema(minimum = 1, maximum = 4)]
    pub level: i16,
    /// Group of people who answer the questionnaire: `learner`, `supervisor` or `beneficiary_unit`.
    pub audience: Audience,
    /// Identifier of the course that the questionnaire belongs to (UUID); absent when it serves every course.
    pub course_id: Option<Uuid>,
    /// Whether answers are stored without the person and the time. The API shows nobody whose an answer is;
    /// people who can read the database's files or its write-ahead log could connect it with the person who
    /// was asked.
    pub is_anonymous: bool,
    /// Decree or circular, and its article, that prescribes the questionnaire, 1 to 300 characters; absent
    /// when none does.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300, example = "10/2017/TT-BNV")]
    pub legal_basis: Option<String>,
    /// Largest share of blank indicators (scale items), 0 to 100 percent, with which a form is valid. A form
    /// with more is kept and has no score. When absent, every form counts.
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100, example = 5)]
    pub max_blank_percent: Option<i16>,
    /// Items of the questionnaire in the order in which they are asked, 1 to 100.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 100)]
    pub items: Vec<NewItem>,
}

/// An item of a questionnaire to publish.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "list_counts", skip_on_field_errors = false))]
#[schema(example = json!({"code": "c1", "kind": "scale", "text": {"vi": "Tôi tự làm được việc này."}}))]
pub struct NewItem {
    /// Code of the item, to which an answer refers; unique in the questionnaire, 1 to 50 characters.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50, pattern = "^[A-Za-z0-9._-]+$")]
    pub code: String,
    /// Kind of answer that the item asks for: `scale`, `number`, `choice` or `text`.
    pub kind: ItemKind,
    /// Wording of the item.
    #[validate(nested)]
    pub text: Words,
    /// Criterion that the item belongs to. Items with the same code of a criterion have the same text of it;
    /// absent when there is none.
    #[validate(nested)]
    pub section: Option<Section>,
    /// Only for a scale: number of its steps, 5 or 10. Default: 5.
    #[validate(range(min = 5, max = 10))]
    #[schema(minimum = 5, maximum = 10, example = 5)]
    pub steps: Option<u8>,
    /// Only for a scale: whether a high step is unfavourable. The answer x is stored as given and counts as
    /// `steps` + 1 - x. Default: false.
    #[serde(default)]
    #[schema(default = false)]
    pub reverse: bool,
    /// Only for a scale: whether the answer `null` means "not observed"; otherwise it means that the item is
    /// left blank. Default: true, but false in a questionnaire with `max_blank_percent`.
    pub not_observed: Option<bool>,
    /// Only for a scale: names of all its steps, or of the two ends. Default for 5 steps: never, rarely,
    /// sometimes, often, always; for 10 steps the two ends, from not satisfied at all to wholly satisfied.
    #[validate(nested)]
    #[schema(min_items = 2, max_items = 10)]
    pub anchors: Option<Vec<Words>>,
    /// Only for a choice, and required there: its options, 2 to 20.
    #[validate(nested)]
    #[schema(min_items = 2, max_items = 20)]
    pub options: Option<Vec<Choice>>,
    /// Only for a choice in a knowledge test: code of the right option, 1 to 50 characters. Shown only to
    /// callers who may publish questionnaires.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50, example = "yes")]
    pub correct: Option<String>,
}

/// A published version of a questionnaire; it never changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionnaireDto {
    /// Identifier of the version of the questionnaire (UUID), assigned by the service.
    pub id: Uuid,
    /// Code of the questionnaire, the same for all its revisions.
    #[schema(max_length = 60, example = "reaction")]
    pub code: String,
    /// Number of the revision of the questionnaire, from 1.
    #[schema(minimum = 1)]
    pub revision: i32,
    /// Title of the questionnaire in Vietnamese.
    #[schema(max_length = 300, example = "Phiếu lấy ý kiến học viên khi kết thúc khóa học")]
    pub title: String,
    /// Title of the questionnaire in English; null when there is none.
    #[schema(max_length = 300, required, example = "What learners say at the close of the course")]
    pub title_en: Option<String>,
    /// Text shown before the first item; null when there is none.
    #[schema(required)]
    pub introduction: Option<Words>,
    /// Level of Kirkpatrick: 1 reaction, 2 learning, 3 behaviour, 4 results.
    #[schema(minimum = 1, maximum = 4)]
    pub level: i16,
    /// Group of people who answer the questionnaire: `learner`, `supervisor` or `beneficiary_unit`.
    pub audience: Audience,
    /// Identifier of the course that the questionnaire belongs to (UUID); null when it serves every course.
    #[schema(required)]
    pub course_id: Option<Uuid>,
    /// Whether answers are stored without the person and the time. The API shows nobody whose an answer is;
    /// people who can read the database's files or its write-ahead log could connect it with the person who
    /// was asked.
    pub is_anonymous: bool,
    /// Purpose of the questionnaire.
    pub instrument: Instrument,
    /// Decree or circular, and its article, that prescribes the questionnaire; null when none does.
    #[schema(max_length = 300, required, example = "10/2017/TT-BNV")]
    pub legal_basis: Option<String>,
    /// Largest share of blank indicators, 0 to 100 percent, with which a form is valid; null when every form
    /// counts.
    #[schema(required, minimum = 0, maximum = 100, example = 5)]
    pub max_blank_percent: Option<i16>,
    /// Unit of the score of an answered form: `points_of_5`, `points_of_10` or `percent`; null when the form
    /// has no score.
    #[schema(required)]
    pub score_unit: Option<ScoreUnit>,
    /// Items of the questionnaire in the order in which they are asked.
    #[schema(max_items = 100)]
    pub items: Vec<Item>,
    /// Moment the questionnaire was published (RFC 3339, UTC).
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

    /// A form as all those see it who have to answer it.
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
