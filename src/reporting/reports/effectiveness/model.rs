use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::vietnamese_day;
use crate::db::text_enum;

/// Version of the method: raised when a rule of the computation changes, so that old reports can be told apart.
pub const METHOD_VERSION: &str = "1";

/// What the people of a report are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// All offerings of a course.
    Course,
    /// One offering.
    Offering,
    /// The offerings of which a lecturer taught at least half.
    Lecturer,
    /// All offerings of an institute.
    Institute,
    /// The people of a unit and of everything below it.
    Unit,
}

impl By {
    /// What an institute may ask for: units are none of its business.
    pub const OF_AN_INSTITUTE: &str = "course, offering, lecturer, institute";

    /// Word for "not found".
    pub fn name(self) -> &'static str {
        match self {
            By::Course => "course",
            By::Offering => "offering",
            By::Lecturer => "lecturer",
            By::Institute => "institute",
            By::Unit => "unit",
        }
    }
}

/// When work was looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "three_months")]
pub enum FollowUp {
    /// The main measurement.
    #[default]
    ThreeMonths,
    /// Whether it lasted.
    SixMonths,
}

impl FollowUp {
    /// Months after the course.
    pub fn months(self) -> u8 {
        match self {
            FollowUp::ThreeMonths => 3,
            FollowUp::SixMonths => 6,
        }
    }

    /// The phase its forms belong to.
    pub fn phase(self) -> Phase {
        match self {
            FollowUp::ThreeMonths => Phase::ThreeMonths,
            FollowUp::SixMonths => Phase::SixMonths,
        }
    }
}

/// When a form is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Baseline,
    Close,
    ThreeMonths,
    SixMonths,
}

text_enum!(Phase {
    Baseline = "baseline",
    Close = "close",
    ThreeMonths = "three_months",
    SixMonths = "six_months",
});

/// Who answers a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Learner,
    Supervisor,
    BeneficiaryUnit,
}

text_enum!(Audience {
    Learner = "learner",
    Supervisor = "supervisor",
    BeneficiaryUnit = "beneficiary_unit",
});

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// What the rows are.
    pub by: By,
    /// Only what was known at the end of this day.
    pub as_of: NaiveDate,
    /// Only offerings that ended on this day or later.
    pub from: Option<NaiveDate>,
    /// Only offerings that ended on this day or earlier.
    pub to: Option<NaiveDate>,
    /// Only this subject.
    pub id: Option<Uuid>,
    /// The follow-up that the headline rests on.
    pub follow_up: FollowUp,
}

/// What a row is about.
#[derive(Debug, Clone)]
pub struct Subject {
    pub id: Uuid,
    /// Lecturers have none.
    pub code: Option<String>,
    pub name: String,
    /// Smallest change that matters, points of 5.
    pub smallest_change: f64,
}

impl Subject {
    /// What the list is sorted by, before the id.
    pub fn key(&self) -> &str {
        self.code.as_deref().unwrap_or(&self.name)
    }
}

/// Someone who took part in an offering.
#[derive(Debug, Clone)]
pub struct Participation {
    pub id: Uuid,
    pub offering_id: Uuid,
    pub course_id: Uuid,
    pub institute_id: Uuid,
    pub employee_id: Uuid,
    pub unit_id: Uuid,
    /// Nominated because of a weakness: regression to the mean alone would look like an improvement.
    pub for_weakness: bool,
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
    /// Points of 5; none when too few items were answered.
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

/// Whether a lecturer who taught some of an offering's periods answers for it: half or more.
pub fn answers_for(taught: i64, periods: i64) -> bool {
    taught > 0 && taught * 2 >= periods
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_periods_make_a_lecturer_answerable() {
        assert!(answers_for(4, 8) && answers_for(8, 8));
        assert!(!answers_for(3, 8) && !answers_for(0, 0));
    }

    #[test]
    fn an_answer_of_the_evening_belongs_to_the_vietnamese_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let late = "2026-11-23T17:00:00Z".parse().unwrap();
        assert!(answer_by(day("2026-11-23"), Some(late), Some(3.0)).is_none());
        assert_eq!(answer_by(day("2026-11-24"), Some(late), None).unwrap().on, day("2026-11-24"));
    }
}
