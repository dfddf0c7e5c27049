//! Answers to a form, and whether they fit it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::items::{Item, ItemKind};
use crate::error::{Error, Faults, FieldError};

/// Longest free text, characters.
const TEXT_CHARACTERS: usize = 4000;

/// Value of an answer: a number for a scale or a number item, a text for a choice or a free-text item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AnswerValue {
    /// Step of a scale, from 1, or a number.
    #[schema(value_type = f64)]
    Number(serde_json::Number),
    /// Code of an option, or a free text.
    #[schema(value_type = AnswerText)]
    Text(String),
}

/// Code of an option, or a free text of at most 4,000 characters.
#[derive(ToSchema)]
#[schema(max_length = 4000)]
#[expect(dead_code, reason = "for the document: a variant has no bounds otherwise")]
struct AnswerText(String);

/// The answer to one item, as stored: `{"item": "b1", "value": 4}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Code of the item.
    pub item: String,
    /// Its value; none for "not observed", which is an answer, neither a middle step nor a zero, or for a blank where
    /// the item knows no "not observed".
    pub value: Option<AnswerValue>,
}

impl AnswerValue {
    /// A whole step of a scale, from 1 to the highest.
    pub(super) fn step(&self, highest: u8) -> Option<u8> {
        let Self::Number(number) = self else {
            return None;
        };
        let number = number.as_f64()?;
        (1..=highest).find(|step| f64::from(*step) == number)
    }
}

/// Answers that fit a form, in the order of its items: the order in which they came in shows nothing.
///
/// # Errors
/// [`Error::Invalid`] with every answer that is unknown, missing, given twice or of the wrong kind.
pub fn fitting(items: &[Item], answers: &[Answer]) -> Result<Vec<Answer>, Error> {
    let mut faults = Faults::default();
    for (i, answer) in answers.iter().enumerate() {
        let Some(item) = items.iter().find(|item| item.code == answer.item) else {
            faults.push(FieldError::new(format!("/answers/{i}/item"), "unknown_item"));
            continue;
        };
        if answers.iter().take(i).any(|before| before.item == answer.item) {
            faults.push(FieldError::new(format!("/answers/{i}/item"), "duplicate"));
        }
        let fault = answer.value.as_ref().and_then(|v| misfit(item, v));
        faults.extend(fault.map(|fault| fault.below(format_args!("/answers/{i}/value"))));
    }
    let mut ordered = Vec::with_capacity(items.len());
    for item in items {
        match answers.iter().find(|answer| answer.item == item.code) {
            Some(answer) => ordered.push(answer.clone()),
            None => faults.push(FieldError::new("/answers", "missing_item").with("item", &item.code)),
        }
    }
    faults.check().map(|()| ordered)
}

/// What is wrong with a value; the place is the caller's to name.
fn misfit(item: &Item, value: &AnswerValue) -> Option<FieldError> {
    let fault = |code| FieldError::new("", code);
    let limit = |code, limit: usize| Some(fault(code).with("limit", limit));
    match (item.kind, value) {
        (ItemKind::Scale, AnswerValue::Number(n)) => match n.as_f64() {
            Some(n) if n < 1.0 => limit("too_small", 1),
            Some(n) if n > f64::from(item.highest()) => limit("too_large", item.highest().into()),
            _ => {
                let whole = value.step(item.highest()).is_some();
                (!whole).then(|| fault("wrong_format").with("format", "integer"))
            }
        },
        (ItemKind::Number, AnswerValue::Number(_)) => None,
        (ItemKind::Text, AnswerValue::Text(text)) if text.chars().count() > TEXT_CHARACTERS => {
            limit("too_long", TEXT_CHARACTERS)
        }
        (ItemKind::Text, AnswerValue::Text(_)) => None,
        (ItemKind::Choice, AnswerValue::Text(chosen)) => {
            let options: Vec<_> = item.options.iter().flatten().map(|o| o.code.as_str()).collect();
            (!options.contains(&chosen.as_str()))
                .then(|| fault("not_allowed").with("allowed", options.join(", ")))
        }
        _ => Some(fault("wrong_type")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::items::{Choice, Words};
    use super::*;
    use serde_json::{Value, json};

    fn words(vi: &str) -> Words {
        Words { vi: vi.to_owned(), en: None }
    }

    fn form() -> Vec<Item> {
        let item = |code: &str, kind, reverse| Item {
            code: code.to_owned(),
            kind,
            text: words("?"),
            section: None,
            steps: (kind == ItemKind::Scale).then_some(5),
            reverse,
            not_observed: true,
            anchors: None,
            options: None,
            correct: None,
        };
        let option = |code: &str| Choice { code: code.to_owned(), text: words(code) };
        let mut choice = item("c", ItemKind::Choice, false);
        choice.options = Some(vec![option("yes"), option("no")]);
        vec![
            item("s1", ItemKind::Scale, false),
            item("s2", ItemKind::Scale, true),
            item("n", ItemKind::Number, false),
            choice,
            item("t", ItemKind::Text, false),
        ]
    }

    fn answers(pairs: &[(&str, Value)]) -> Vec<Answer> {
        pairs
            .iter()
            .map(|(item, value)| Answer {
                item: (*item).to_owned(),
                value: serde_json::from_value(value.clone()).unwrap(),
            })
            .collect()
    }

    #[test]
    fn answers_come_in_the_order_of_the_form() {
        let given = answers(&[
            ("t", Value::Null),
            ("c", json!("no")),
            ("n", json!(-2.5)),
            ("s2", json!(1)),
            ("s1", json!(4)),
        ]);
        let fitting = fitting(&form(), &given).unwrap();
        let order: Vec<_> = fitting.iter().map(|a| a.item.as_str()).collect();
        assert_eq!(order, ["s1", "s2", "n", "c", "t"]);
        assert_eq!(serde_json::to_value(&fitting[0]).unwrap(), json!({"item": "s1", "value": 4}));
    }

    #[test]
    fn every_answer_that_does_not_fit_is_named() {
        let given = answers(&[
            ("s1", json!(4.5)),
            ("s1", json!(0)),
            ("s2", json!("4")),
            ("n", json!("many")),
            ("c", json!("maybe")),
            ("x", json!(1)),
        ]);
        let Err(Error::Invalid(faults)) = fitting(&form(), &given) else {
            panic!("refused");
        };
        let faults: Vec<_> = faults.iter().map(|f| format!("{} {}", f.pointer, f.code)).collect();
        assert_eq!(
            faults,
            [
                "/answers/0/value wrong_format",
                "/answers/1/item duplicate",
                "/answers/1/value too_small",
                "/answers/2/value wrong_type",
                "/answers/3/value wrong_type",
                "/answers/4/value not_allowed",
                "/answers/5/item unknown_item",
                "/answers missing_item"
            ]
        );
    }

    #[test]
    fn a_scale_says_how_many_steps_it_has() {
        let mut form = form();
        form.truncate(1);
        let fits = |form: &[Item], step: u8| fitting(form, &answers(&[("s1", json!(step))])).is_ok();
        assert!(fits(&form, 5) && !fits(&form, 6));
        form[0].steps = Some(10);
        assert!(fits(&form, 10) && !fits(&form, 11));
    }
}
