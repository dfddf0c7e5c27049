use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Comments, Question};
use crate::effectiveness::disclosure::COMMENTS_FLOOR;
use crate::effectiveness::report::SentenceDto;
use crate::evaluation::questionnaires::Words;
use crate::i18n::{Locale, text};
use statistics::{Reason, Status};

/// Comments that learners wrote anonymously at the end of an offering.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentsDto {
    /// Identifier of the offering (UUID).
    pub offering_id: Uuid,
    /// Whether the comments may be read (`ok`), and if not, why.
    #[schema(example = "ok")]
    pub status: Status,
    /// Reason why the comments are hidden; null when they may be read. `window_open`: the forms can still be
    /// answered; `fewer_than_10`: too few forms; `small_groups`: forms came in after the release, and
    /// comparing with earlier would show what is on them.
    #[schema(required, example = json!(null))]
    pub reason: Option<Reason>,
    /// Number of forms that were handed in, with and without comments; null when the comments are hidden.
    #[schema(required, example = 14)]
    pub n: Option<usize>,
    /// Number of forms that must have been handed in before comments are shown.
    #[schema(example = 10)]
    pub n_needed: usize,
    /// Free-text questions under which comments were written; empty when the comments are hidden.
    pub questions: Vec<QuestionDto>,
    /// How to read the comments, or why there are none to read, in words.
    #[schema(example = json!({"vi": "Ý kiến của 14 phiếu, xếp theo thứ tự ngẫu nhiên.", "en": "Comments of 14 forms, in an order that says nothing about their authors."}))]
    pub sentence: SentenceDto,
}

/// A free-text question with the comments written under it.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionDto {
    /// Code of the item in the questionnaire.
    #[schema(example = "comment_1")]
    pub item: String,
    /// Wording of the question.
    pub text: Words,
    /// Comments as they were written, each as often as it was written. Their order depends on the words
    /// alone: it shows neither who wrote first nor which comments are on one form.
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
            n_needed: COMMENTS_FLOOR,
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
        Ok(n) => text(locale, "comments-shown", &[("forms", n.to_string())]),
        Err(Reason::WindowOpen) => text(locale, "comments-open", &[]),
        Err(Reason::SmallGroups) => text(locale, "comments-changed", &[]),
        Err(_) => text(locale, "comments-few", &[]),
    }
}
