//! From forms to what may be read of them. No I/O.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::effectiveness::disclosure::hidden_comments;
use crate::effectiveness::release::FilledForm;
use crate::evaluation::questionnaires::{AnswerValue, Item, ItemKind, Words};
use statistics::Reason;

/// What was written of an offering, or why it may not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comments {
    /// Whose learners wrote.
    pub offering_id: Uuid,
    /// How many forms there are.
    pub forms: Result<usize, Reason>,
    /// Free-text questions with what was written; none where it may not be read.
    pub questions: Vec<Question>,
}

/// A question, and what was written under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Code of the item.
    pub item: String,
    /// The item.
    pub text: Words,
    /// In an order that the words themselves decide: it shows neither who came first nor what was on one form.
    pub comments: Vec<String>,
}

/// What may be read of an offering's forms, the newest wording of each question first. `counted` is how many there were
/// when the window had closed; none before.
pub fn comments(offering_id: Uuid, counted: Option<usize>, forms: &[FilledForm]) -> Comments {
    match hidden_comments(counted, forms.len()) {
        Some(reason) => Comments { offering_id, forms: Err(reason), questions: Vec::new() },
        None => Comments { offering_id, forms: Ok(forms.len()), questions: questions(offering_id, forms) },
    }
}

fn questions(offering_id: Uuid, forms: &[FilledForm]) -> Vec<Question> {
    let mut questions: BTreeMap<&str, Question> = BTreeMap::new();
    for (item, comment) in forms.iter().flat_map(written) {
        let new = || Question { item: item.code.clone(), text: item.text.clone(), comments: Vec::new() };
        questions.entry(&item.code).or_insert_with(new).comments.push(comment.to_owned());
    }
    for (item, question) in &mut questions {
        question.comments.sort_by_cached_key(|comment| lot(offering_id, item, comment));
    }
    questions.into_values().collect()
}

/// The free texts of a form that say something.
fn written(form: &FilledForm) -> impl Iterator<Item = (&Item, &str)> {
    form.items.iter().filter(|item| item.kind == ItemKind::Text).filter_map(|item| {
        let answer = form.answers.iter().find(|answer| answer.item == item.code)?;
        match &answer.value {
            Some(AnswerValue::Text(comment)) if !comment.trim().is_empty() => Some((item, comment.trim())),
            _ => None,
        }
    })
}

/// A place that the words decide, and that is another one for each question and offering.
fn lot(offering_id: Uuid, item: &str, comment: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in [offering_id.as_bytes(), item.as_bytes(), comment.as_bytes()] {
        hash.update(part);
        hash.update([0]);
    }
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::questionnaires::reaction;
    use serde_json::json;

    fn forms(n: usize) -> Vec<FilledForm> {
        (0..n)
            .map(|i| {
                let wish = (i % 2 == 0).then(|| format!("Thêm thực hành {i}"));
                let answers = json!([{"item": "relevance_1", "value": 4},
                    {"item": "comment_1", "value": format!("Ví dụ {i}")}, {"item": "comment_2", "value": wish}]);
                FilledForm {
                    items: reaction().items,
                    answers: serde_json::from_value(answers).unwrap(),
                    score: None,
                }
            })
            .collect()
    }

    fn told(counted: Option<usize>, forms: &[FilledForm]) -> Comments {
        comments(Uuid::from_u128(7), counted, forms)
    }

    #[test]
    fn nine_forms_are_hidden_and_ten_are_read() {
        let nine = told(Some(9), &forms(9));
        assert_eq!((nine.forms, nine.questions), (Err(Reason::FewerThan10), vec![]));
        let ten = told(Some(10), &forms(10));
        assert_eq!(ten.forms, Ok(10));
        let counts: Vec<_> = ten.questions.iter().map(|q| (q.item.as_str(), q.comments.len())).collect();
        assert_eq!(counts, [("comment_1", 10), ("comment_2", 5)]);
    }

    #[test]
    fn the_order_of_the_forms_tells_nothing() {
        let forms = forms(12);
        let reversed: Vec<FilledForm> = forms.iter().rev().cloned().collect();
        let found = told(Some(12), &forms);
        assert_eq!(found, told(Some(12), &reversed));
        let by_form = |question: &Question| -> Vec<String> {
            question.comments.iter().map(|c| c.rsplit(' ').next().unwrap().to_owned()).collect()
        };
        let (first, second) = (by_form(&found.questions[0]), by_form(&found.questions[1]));
        let both: Vec<&String> = first.iter().filter(|form| second.contains(form)).collect();
        assert_ne!(both, second.iter().collect::<Vec<_>>(), "what stood on one form does not stand together");
        let elsewhere = comments(Uuid::from_u128(8), Some(12), &forms);
        assert_ne!(found.questions[0].comments, elsewhere.questions[0].comments);
    }

    #[test]
    fn nothing_is_told_before_the_release_or_after_another_form() {
        assert_eq!(told(None, &forms(12)).forms, Err(Reason::WindowOpen));
        let late = told(Some(11), &forms(12));
        assert_eq!((late.forms, late.questions), (Err(Reason::SmallGroups), vec![]));
    }

    #[test]
    fn silence_is_no_comment() {
        let mut all = forms(10);
        let silent = json!([{"item": "comment_1", "value": "  "}, {"item": "comment_2", "value": null}]);
        for form in &mut all {
            form.answers = serde_json::from_value(silent.clone()).unwrap();
        }
        assert!(told(Some(10), &all).questions.is_empty());
    }
}
