use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::reports::effectiveness::SentenceDto;
use super::model::{Comments, Question};
use crate::evaluation::questionnaires::Words;
use crate::evaluation::statistics::thresholds::COMMENT_FLOOR;
use crate::evaluation::statistics::{Reason, Status};
use crate::i18n::{Locale, text};

/// What learners anonymously wrote of an offering.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentsDto {
    /// The offering.
    pub offering_id: Uuid,
    /// Whether comments may be read, and if not, which gate closed.
    #[schema(example = "ok")]
    pub status: Status,
    /// Why not: `window_open`, `fewer_than_10`, or `small_groups` when forms came in after the release, which what is new
    /// would tell.
    #[schema(required, example = json!(null))]
    pub reason: Option<Reason>,
    /// Forms that were handed in, with and without words; null where comments are hidden.
    #[schema(required, example = 14)]
    pub n: Option<usize>,
    /// Forms it takes.
    #[schema(example = 10)]
    pub n_needed: usize,
    /// The free-text questions under which something was written.
    pub questions: Vec<QuestionDto>,
    /// How to read it, or why there is nothing to read.
    #[schema(example = json!({"vi": "Ý kiến của 14 phiếu, xếp theo thứ tự ngẫu nhiên.", "en": "Comments of 14 forms, in an order that says nothing about their authors."}))]
    pub sentence: SentenceDto,
}

/// A question, and what was written under it.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionDto {
    /// Code of the item.
    #[schema(example = "comment_1")]
    pub item: String,
    /// The item.
    pub text: Words,
    /// What was written, each as often as it was, in an order that says nothing about their authors.
    #[schema(example = json!(["Ví dụ sát với việc của phòng tôi.", "Phần thực hành phân loại tài liệu mật."]))]
    pub comments: Vec<String>,
}

impl From<Comments> for CommentsDto {
    fn from(comments: Comments) -> Self {
        let reason = comments.forms.err();
        Self {
            offering_id: comments.offering_id,
            status: reason.map_or(Status::Ok, Reason::status),
            reason,
            n: comments.forms.ok(),
            n_needed: COMMENT_FLOOR,
            questions: comments.questions.into_iter().map(QuestionDto::from).collect(),
            sentence: SentenceDto::of(|locale| say(locale, comments.forms)),
        }
    }
}

impl From<Question> for QuestionDto {
    fn from(question: Question) -> Self {
        Self { item: question.item, text: question.text, comments: question.comments }
    }
}

fn say(locale: Locale, forms: Result<usize, Reason>) -> String {
    match forms {
        Ok(n) => text(locale, "comments-told", &[("forms", n.to_string())]),
        Err(Reason::WindowOpen) => text(locale, "comments-open", &[]),
        Err(Reason::SmallGroups) => text(locale, "comments-changed", &[]),
        Err(_) => text(locale, "comments-few", &[]),
    }
}
