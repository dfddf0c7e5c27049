use chrono::{DateTime, Datelike, Duration, Months, NaiveDate, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use crate::clock::vietnamese_day;
use crate::db::text_enum;
use crate::error::{Error, Result};
use crate::evaluation::evaluations::{self, Phase};
use crate::evaluation::questionnaires::{Audience, Instrument};

/// Version of the method: raised when a rule of the computation changes, so that old figures can be distinguished.
pub const METHOD_VERSION: &str = "4";

/// What is measured again, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Measure {
    /// Behaviour at work three months after.
    ThreeMonths,
    /// Behaviour at work six months after.
    SixMonths,
    /// The official work score.
    WorkScore,
    /// What the learners, anonymously, thought of the course at its end.
    Reaction,
    /// What the learners knew before and after, by tests.
    Knowledge,
    /// How the learners rate themselves, three months after and in looking back.
    SelfRating,
    /// Whether the learners' offices, three months after, let them use what they learned; anonymous.
    Environment,
    /// What the units that sent people say three months after.
    Beneficiary,
}

text_enum!(Measure);

impl Measure {
    /// All of them.
    pub const ALL: [Measure; 8] = [
        Measure::Knowledge,
        Measure::Reaction,
        Measure::ThreeMonths,
        Measure::SelfRating,
        Measure::Environment,
        Measure::Beneficiary,
        Measure::SixMonths,
        Measure::WorkScore,
    ];

    /// Those that are shown by unit too. Anonymous forms do not know their unit; of tests and self-ratings see
    /// `levels`.
    pub const OF_PEOPLE: [Measure; 3] = [Measure::ThreeMonths, Measure::SixMonths, Measure::WorkScore];

    /// Days after the last session on which the windows of its forms close; official scores
    /// have none.
    pub fn closes_after(self) -> Option<i64> {
        // The forms of six months are those of three months once more.
        let instrument = self.instruments().first().copied().unwrap_or(Instrument::Behaviour);
        evaluations::closes_after(instrument, self.phase()?)
    }

    /// What its forms are for, whose quality is measured with it; those of six months are the same once more.
    pub fn instruments(self) -> &'static [Instrument] {
        match self {
            Measure::Knowledge => &[Instrument::Knowledge],
            Measure::Reaction => &[Instrument::Reaction],
            Measure::ThreeMonths => &[Instrument::Behaviour],
            Measure::SelfRating => &[Instrument::SelfBehaviour, Instrument::ThenTest],
            Measure::Environment => &[Instrument::Environment],
            Measure::Beneficiary => &[Instrument::Beneficiary],
            Measure::SixMonths | Measure::WorkScore => &[],
        }
    }

    /// The phase its forms belong to; official scores have none.
    pub fn phase(self) -> Option<Phase> {
        match self {
            Measure::Reaction | Measure::Knowledge => Some(Phase::Close),
            Measure::ThreeMonths | Measure::SelfRating | Measure::Environment | Measure::Beneficiary => {
                Some(Phase::ThreeMonths)
            }
            Measure::SixMonths => Some(Phase::SixMonths),
            Measure::WorkScore => None,
        }
    }
}

/// The first day of the calendar quarter of a day.
pub fn quarter_start(day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    first - Months::new(first.month0() % 3)
}

/// The last day of the calendar quarter of a day.
pub fn quarter_end(day: NaiveDate) -> NaiveDate {
    quarter_start(day) + Months::new(3) - Duration::days(1)
}

/// The first day of the quarter so many quarters before another.
pub fn quarters_before(quarter: NaiveDate, quarters: u32) -> NaiveDate {
    quarter - Months::new(3 * quarters)
}

/// Quarters from one to another, by their first days.
pub fn quarters_between(from: NaiveDate, to: NaiveDate) -> i32 {
    let number = |day: NaiveDate| day.year() * 4 + i32::try_from(day.month0() / 3).unwrap_or_default();
    number(to) - number(from)
}

/// Someone who took part in an offering.
#[derive(Debug, Clone, Default)]
pub struct Participation {
    pub id: Uuid,
    pub offering_id: Uuid,
    pub course_id: Uuid,
    pub employee_id: Uuid,
    pub unit_id: Uuid,
    /// Nominated because of a weakness: regression to the mean alone would look like an improvement.
    pub for_weakness: bool,
    /// Whether only a lot decided who of the offering was trained and who is in the comparison group.
    pub by_lot: bool,
    /// When it was decided to send the person: what happens from here on is no baseline of the official score.
    pub index_date: NaiveDate,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
}

/// A form about somebody's work that was delivered, with its answer as far as it was known.
#[derive(Debug, Clone)]
pub struct Form {
    /// Whose work it is about.
    pub subject_id: Uuid,
    /// An untrained colleague, matched to the participant.
    pub is_comparison: bool,
    /// Asked of who was named to rate beside the supervisor.
    pub is_second: bool,
    pub audience: Audience,
    pub phase: Phase,
    pub questionnaire_id: Uuid,
    /// Written for one course, and not for all.
    pub is_of_course: bool,
    pub respondent_id: Uuid,
    pub due_on: NaiveDate,
    pub is_excused: bool,
    pub answer: Option<Answer>,
}

/// An answered form.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    pub on: NaiveDate,
    /// Points; none when too few items were answered.
    pub score: Option<f64>,
}

/// An answer, if it was given by the end of a day.
pub fn answer_by(
    as_of: NaiveDate,
    submitted_at: Option<DateTime<Utc>>,
    score: Option<f64>,
) -> Option<Answer> {
    let on = vietnamese_day(submitted_at?);
    (on <= as_of).then_some(Answer { on, score })
}

/// A number of people.
pub fn count(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}

/// As it is stored.
///
/// # Errors
/// Never for sums and counts; the writer's type says otherwise.
pub fn to_stored(figures: &impl Serialize) -> Result<Value> {
    serde_json::to_value(figures).map_err(Error::internal)
}

/// From what is stored.
///
/// # Errors
/// When another version of the service stored something else.
pub fn from_stored<T: DeserializeOwned>(stored: Value) -> Result<T> {
    serde_json::from_value(stored).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_answer_of_the_evening_belongs_to_the_vietnamese_day() {
        let late = "2026-11-23T17:00:00Z".parse().unwrap();
        assert!(answer_by(day("2026-11-23"), Some(late), Some(3.0)).is_none());
        assert_eq!(answer_by(day("2026-11-24"), Some(late), None).unwrap().on, day("2026-11-24"));
    }
}
