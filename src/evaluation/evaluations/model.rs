use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::{evaluations, questionnaires};
use crate::db::text_enum;
use crate::error::{Error, FieldError, Rule};
use crate::evaluation::questionnaires::{Item, ItemKind};
use crate::evaluation::statistics::scale_score;
use crate::transition;

/// Longest free text, characters.
const TEXT_CHARACTERS: usize = 4000;

/// When a form is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before the first session.
    Baseline,
    /// When the course has ended.
    Close,
    /// Three months after it.
    ThreeMonths,
    /// Six months after it.
    SixMonths,
}

text_enum!(Phase {
    Baseline = "baseline",
    Close = "close",
    ThreeMonths = "three_months",
    SixMonths = "six_months",
});

/// Whether the person whose work is rated attended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectGroup {
    /// A participant.
    Trained,
    /// A comparable colleague who does not attend.
    Comparison,
}

text_enum!(SubjectGroup {
    Trained = "trained",
    Comparison = "comparison",
});

/// What is stored of a task's fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Neither answered nor excused.
    Pending,
    /// Answered.
    Answered,
    /// Not owed any more.
    Excused,
}

text_enum!(Status {
    Pending = "pending",
    Answered = "answered",
    Excused = "excused",
});

/// A task as people see it: its fate and the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Opens later.
    Scheduled,
    /// May be answered.
    Open,
    /// Answered.
    Answered,
    /// Not answered in time.
    Lapsed,
    /// Not owed any more.
    Excused,
}

impl State {
    /// The word of the API.
    pub const fn name(self) -> &'static str {
        match self {
            State::Scheduled => "scheduled",
            State::Open => "open",
            State::Answered => "answered",
            State::Lapsed => "lapsed",
            State::Excused => "excused",
        }
    }

    /// States in which a task can be excused: as long as it is not answered.
    const EXCUSABLE: [State; 3] = [State::Scheduled, State::Open, State::Lapsed];
}

/// A task as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = evaluations, check_for_backend(diesel::pg::Pg))]
pub struct Evaluation {
    /// Its id.
    pub id: Uuid,
    /// The run of the course.
    pub offering_id: Uuid,
    /// The course.
    pub course_id: Uuid,
    /// The form to be answered.
    pub questionnaire_id: Uuid,
    /// When it is due.
    pub phase: Phase,
    /// Whose work (or, in a learner's form, whose course) it is about.
    pub subject_id: Uuid,
    /// Whether that person attends.
    pub subject_group: SubjectGroup,
    /// The participant; for a comparison, the one it was matched to.
    pub participant_id: Uuid,
    /// The subject's unit when the task was made.
    pub unit_id: Uuid,
    /// Who owes the answer.
    pub respondent_id: Uuid,
    /// First day on which it can be answered.
    pub opens_on: NaiveDate,
    /// Last day on which it can be answered.
    pub due_on: NaiveDate,
    /// Its fate.
    pub status: Status,
    /// Why it is not owed any more: a code of the service, or an officer's words.
    pub excuse: Option<String>,
    /// When it was answered; never told for anonymous forms.
    pub answered_on: Option<NaiveDate>,
    /// Raised with every change.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed; the answer to an anonymous form leaves it.
    pub updated_at: DateTime<Utc>,
}

/// What a task needs of its form.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = questionnaires, check_for_backend(diesel::pg::Pg))]
pub struct Form {
    /// Its title.
    pub title: String,
    /// Whether answers are stored without the person and the time.
    pub is_anonymous: bool,
}

/// A task with what people call the things it refers to.
#[derive(Debug, Clone)]
pub struct Task {
    pub evaluation: Evaluation,
    pub form: Form,
    pub course_title: String,
    pub offering_code: String,
    pub subject_name: String,
    pub respondent_name: String,
}

/// What a refusal tells of the task's window.
#[derive(Debug, Serialize)]
struct NotOpen {
    state: &'static str,
    opens_on: NaiveDate,
    due_on: NaiveDate,
}

impl Evaluation {
    /// Its state on a day.
    pub fn state(&self, today: NaiveDate) -> State {
        match self.status {
            Status::Answered => State::Answered,
            Status::Excused => State::Excused,
            Status::Pending if today < self.opens_on => State::Scheduled,
            Status::Pending if today > self.due_on => State::Lapsed,
            Status::Pending => State::Open,
        }
    }

    /// Whether it can be answered on a day.
    ///
    /// # Errors
    /// [`Rule::EvaluationNotOpen`] with the window.
    pub fn answerable(&self, today: NaiveDate) -> Result<(), Error> {
        match self.state(today) {
            State::Open => Ok(()),
            state => Err(Error::refused(
                Rule::EvaluationNotOpen,
                &NotOpen { state: state.name(), opens_on: self.opens_on, due_on: self.due_on },
            )),
        }
    }

    /// Whether it can be excused on a day.
    ///
    /// # Errors
    /// [`Rule::WrongState`] once it is answered or excused.
    pub fn excusable(&self, today: NaiveDate) -> Result<(), Error> {
        let state = self.state(today);
        transition::step(state, &State::EXCUSABLE, state, State::name).map(|_| ())
    }
}

/// A value of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AnswerValue {
    /// A step of a scale, 1 to 5, or a number.
    #[schema(value_type = f64)]
    Number(serde_json::Number),
    /// The code of an option, or free text.
    Text(String),
}

/// The answer to one item, as stored: `{"item": "b1", "value": 4}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Code of the item.
    pub item: String,
    /// Its value; none for "not observed", which is an answer, neither a 3 nor a 0.
    pub value: Option<AnswerValue>,
}

/// Answers that fit a form, in the order of its items: the order in which they came in tells nothing.
///
/// # Errors
/// [`Error::Invalid`] with every answer that is unknown, missing, given twice or of the wrong kind.
pub fn fitting(items: &[Item], answers: &[Answer]) -> Result<Vec<Answer>, Error> {
    let mut faults = Vec::new();
    for (i, answer) in answers.iter().enumerate() {
        let Some(item) = items.iter().find(|item| item.code == answer.item) else {
            faults.push(FieldError::new(format!("/answers/{i}/item"), "unknown_item"));
            continue;
        };
        if answers.iter().take(i).any(|before| before.item == answer.item) {
            faults.push(FieldError::new(format!("/answers/{i}/item"), "duplicate"));
        }
        let fault = answer.value.as_ref().and_then(|v| misfit(item, v));
        faults.extend(fault.map(|(code, params)| FieldError {
            pointer: format!("/answers/{i}/value"),
            code,
            params,
        }));
    }
    let mut ordered = Vec::with_capacity(items.len());
    for item in items {
        match answers.iter().find(|answer| answer.item == item.code) {
            Some(answer) => ordered.push(answer.clone()),
            None => faults.push(FieldError::new("/answers", "missing_item").with("item", &item.code)),
        }
    }
    if faults.is_empty() { Ok(ordered) } else { Err(Error::Invalid(faults)) }
}

type Misfit = (&'static str, Vec<(&'static str, String)>);

fn misfit(item: &Item, value: &AnswerValue) -> Option<Misfit> {
    let limit = |code, limit: usize| Some((code, vec![("limit", limit.to_string())]));
    match (item.kind, value) {
        (ItemKind::Scale, AnswerValue::Number(n)) => match n.as_f64() {
            Some(n) if n < 1.0 => limit("too_small", 1),
            Some(n) if n > 5.0 => limit("too_large", 5),
            _ => step(value).is_none().then(|| ("wrong_format", vec![("format", "integer".to_owned())])),
        },
        (ItemKind::Number, AnswerValue::Number(_)) => None,
        (ItemKind::Text, AnswerValue::Text(text)) if text.chars().count() > TEXT_CHARACTERS => {
            limit("too_long", TEXT_CHARACTERS)
        }
        (ItemKind::Text, AnswerValue::Text(_)) => None,
        (ItemKind::Choice, AnswerValue::Text(chosen)) => {
            let options: Vec<_> = item.options.iter().flatten().map(|o| o.code.as_str()).collect();
            (!options.contains(&chosen.as_str()))
                .then(|| ("not_allowed", vec![("allowed", options.join(", "))]))
        }
        _ => Some(("wrong_type", Vec::new())),
    }
}

/// A whole step of a scale, 1 to 5.
fn step(value: &AnswerValue) -> Option<u8> {
    let AnswerValue::Number(number) = value else {
        return None;
    };
    let number = number.as_f64()?;
    (1..=5_u8).find(|step| f64::from(*step) == number)
}

impl Answer {
    /// The points of a scale's answer, reverse-worded items turned round; none for other kinds and "not observed".
    pub fn points(&self, item: &Item) -> Option<f64> {
        let step = self.value.as_ref().and_then(step).filter(|_| item.kind == ItemKind::Scale)?;
        Some(f64::from(if item.reverse { 6 - step } else { step }))
    }
}

/// Mean of the scale items of answers that [`fitting`] gave, 1 to 5; none where fewer than 80 % were answered.
pub fn score(items: &[Item], answers: &[Answer]) -> Option<f64> {
    let scales: Vec<(Option<u8>, bool)> = items
        .iter()
        .zip(answers)
        .filter(|(item, _)| item.kind == ItemKind::Scale)
        .map(|(item, answer)| (answer.value.as_ref().and_then(step), item.reverse))
        .collect();
    let (steps, reverse): (Vec<_>, Vec<_>) = scales.into_iter().unzip();
    scale_score(&steps, &reverse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::questionnaires::{Choice, Words};
    use serde_json::{Value, json};

    fn words(vi: &str) -> Words {
        Words { vi: vi.to_owned(), en: None }
    }

    fn form() -> Vec<Item> {
        let item = |code: &str, kind, reverse| Item {
            code: code.to_owned(),
            kind,
            text: words("?"),
            reverse,
            anchors: None,
            options: None,
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
    fn answers_come_in_the_order_of_the_form_and_are_scored_with_reversed_items() {
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
        assert_eq!(score(&form(), &fitting), Some(4.5));
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
    fn the_state_follows_the_calendar() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        let mut task = Evaluation {
            id: Uuid::nil(),
            offering_id: Uuid::nil(),
            course_id: Uuid::nil(),
            questionnaire_id: Uuid::nil(),
            phase: Phase::Close,
            subject_id: Uuid::nil(),
            subject_group: SubjectGroup::Trained,
            participant_id: Uuid::nil(),
            unit_id: Uuid::nil(),
            respondent_id: Uuid::nil(),
            opens_on: day(10),
            due_on: day(17),
            status: Status::Pending,
            excuse: None,
            answered_on: None,
            version: 1,
            created_at: DateTime::default(),
            updated_at: DateTime::default(),
        };
        let on = |task: &Evaluation, days: [u32; 4]| days.map(|d| task.state(day(d)));
        let days = [9, 10, 17, 18];
        assert_eq!(on(&task, days), [State::Scheduled, State::Open, State::Open, State::Lapsed]);
        assert!(task.excusable(day(18)).is_ok());
        task.status = Status::Answered;
        assert_eq!(on(&task, days), [State::Answered; 4]);
        assert!(task.answerable(day(12)).is_err());
        assert!(task.excusable(day(12)).is_err());
    }
}
