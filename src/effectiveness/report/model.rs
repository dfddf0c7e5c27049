use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::effectiveness::measures::Measure;
use crate::i18n::Locale;

/// What the people of a report are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(title = "EffectivenessBy")]
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
    /// All offerings of a mode: in person, online, ...
    Mode,
    /// All offerings of the courses of a content area.
    ContentArea,
}

impl By {
    /// What an institute may ask for: units are none of its business.
    pub const OF_AN_INSTITUTE: &str = "course, offering, lecturer, institute, mode, content_area";

    /// Word for "not found".
    pub fn name(self) -> &'static str {
        match self {
            By::Course => "course",
            By::Offering => "offering",
            By::Lecturer => "lecturer",
            By::Institute => "institute",
            By::Unit => "unit",
            By::Mode => "mode",
            By::ContentArea => "content_area",
        }
    }

    /// Whether its subjects are words of the service and not things with an id.
    pub fn is_word(self) -> bool {
        matches!(self, By::Mode | By::ContentArea)
    }
}

/// How much of a report is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(title = "EffectivenessDetail")]
pub enum Detail {
    /// The sentence, the headline figure and what could mislead.
    Summary,
    /// Every level with every figure.
    #[default]
    Full,
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

    /// Whether the levels before and after may be shown, or only the change between them: the rating before is the same
    /// at each follow-up, so that showing it twice for nearly the same people would give the few away who differ.
    pub fn tells_levels(self) -> bool {
        self == FollowUp::ThreeMonths
    }

    /// The measure that was released of it.
    pub fn measure(self) -> Measure {
        match self {
            FollowUp::ThreeMonths => Measure::ThreeMonths,
            FollowUp::SixMonths => Measure::SixMonths,
        }
    }
}

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
    /// The language that names of modes and content areas are written in.
    pub locale: Locale,
}

/// What distinguishes one subject from others of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SubjectKey {
    /// Courses, offerings, lecturers, institutes, units.
    Id(Uuid),
    /// Modes and content areas.
    Word(String),
}

/// What a row is about.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Modes and content areas have none.
    pub id: Option<Uuid>,
    /// Lecturers have none.
    pub code: Option<String>,
    pub name: String,
    /// Smallest change that matters, points of 5.
    pub smallest_change: f64,
}

impl Subject {
    /// What the list is sorted by, before the id.
    pub fn sort_key(&self) -> &str {
        self.code.as_deref().unwrap_or(&self.name)
    }

    /// What distinguishes it from others of its kind.
    pub fn key(&self) -> SubjectKey {
        self.id.map_or_else(|| SubjectKey::Word(self.sort_key().to_owned()), SubjectKey::Id)
    }
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
}
