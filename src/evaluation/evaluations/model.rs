use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::{evaluations, questionnaires};
use crate::db::text_enum;
use crate::error::{Error, Rule};
use crate::evaluation::questionnaires::Instrument;
use crate::transition::Transition;

/// When a form is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Phase {
    /// Before the first session.
    Baseline,
    /// When the course has ended.
    Close,
    /// Three months after it.
    ThreeMonths,
    /// Six months after it.
    SixMonths,
    /// When somebody opened it: a statutory form.
    OnRequest,
}

text_enum!(Phase);

/// Who answered an anonymous form; more of them is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RespondentGroup {
    /// Who attended.
    Learner,
    /// Who taught.
    Lecturer,
}

text_enum!(RespondentGroup);

/// Key of a batch of anonymous answers: those of one group of respondents to one form of an offering in one phase. All rows
/// of a batch are written anew together.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct AnswerBatch {
    /// The offering.
    pub offering_id: Uuid,
    /// The form.
    pub questionnaire_id: Uuid,
    /// When it was asked.
    pub phase: Phase,
    /// Who was asked.
    pub group: RespondentGroup,
}

impl AnswerBatch {
    /// Its name, under which answers are sealed.
    pub fn name(&self) -> String {
        let Self { offering_id, questionnaire_id, phase, group } = self;
        format!("anonymous {offering_id} {questionnaire_id} {} {}", phase.name(), group.name())
    }
}

/// Whether the person whose work is rated attended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SubjectGroup {
    /// A participant.
    Trained,
    /// A comparable colleague who does not attend.
    Comparison,
}

text_enum!(SubjectGroup);

/// Who is asked for a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[schema(example = "first")]
pub enum Rater {
    /// Whom the plan asks: the supervisor about somebody's work, the learner, or the head of a unit.
    First,
    /// Who was named to rate somebody's work beside the supervisor. These answers enter no figure but those on the agreement
    /// of raters.
    Second,
}

text_enum!(Rater);

/// What is stored of a task's fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Status {
    /// Neither answered nor excused.
    Pending,
    /// Answered.
    Answered,
    /// Not owed any more.
    Excused,
}

text_enum!(Status);

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
    /// Whose work (or, in a learner's form, whose course) it is about. A unit's own form is about nobody: it names the
    /// first of the unit's participants.
    pub subject_id: Uuid,
    /// Whether that person attends.
    pub subject_group: SubjectGroup,
    /// The participant; for a comparison, the one it was matched to.
    pub participant_id: Uuid,
    /// The subject's unit when the task was made; of a unit's own form the unit that nominated.
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
    /// When it was answered; never recorded for anonymous forms.
    pub answered_on: Option<NaiveDate>,
    /// Raised with every change.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed; the answer to an anonymous form leaves it.
    pub updated_at: DateTime<Utc>,
    /// By how many days the subject's long absence moved the window.
    pub moved_days: i32,
    /// When the respondent was reminded; forgotten with the answer to an anonymous form.
    pub reminded_at: Option<DateTime<Utc>>,
    /// When the respondent's superior was informed.
    pub escalated_at: Option<DateTime<Utc>>,
    /// Whether the respondent is the one whom the plan asks, or the second rater beside the supervisor.
    pub rater: Rater,
}

/// What a task needs of its form.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = questionnaires, check_for_backend(diesel::pg::Pg))]
pub struct Form {
    /// Its title.
    pub title: String,
    /// Whether answers are stored without the person and the time.
    pub is_anonymous: bool,
    /// What it is for.
    pub instrument: Instrument,
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
    /// Who is asked for the rating before the course that this follow-up is compared with.
    pub rated_before_by: Option<Uuid>,
}

/// What a refusal says of the task's window.
#[derive(Debug, Serialize)]
struct NotOpen {
    state: &'static str,
    opens_on: NaiveDate,
    due_on: NaiveDate,
}

/// [`Rule::EvaluationNotOpen`] with the window.
pub fn not_open(state: State, opens_on: NaiveDate, due_on: NaiveDate) -> Error {
    Error::refused(Rule::EvaluationNotOpen, &NotOpen { state: state.name(), opens_on, due_on })
}

impl Task {
    /// Whether somebody else is asked than for the rating before; none where there is no such pair.
    pub fn rater_changed(&self) -> Option<bool> {
        self.rated_before_by.map(|before| before != self.evaluation.respondent_id)
    }

    /// When the respondent was reminded. Of an anonymous form nothing is shown that could say when it was answered.
    pub fn reminded_at(&self) -> Option<DateTime<Utc>> {
        self.evaluation.reminded_at.filter(|_| !self.form.is_anonymous)
    }
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
            state => Err(not_open(state, self.opens_on, self.due_on)),
        }
    }

    /// Whether it can be excused on a day.
    ///
    /// # Errors
    /// [`Rule::WrongState`] once it is answered or excused.
    pub fn excusable(&self, today: NaiveDate) -> Result<(), Error> {
        let state = self.state(today);
        Transition::stay(&State::EXCUSABLE).step(state, State::name).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            moved_days: 0,
            reminded_at: None,
            escalated_at: None,
            rater: Rater::First,
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
