//! What a check says: its name, its verdict and the facts it rests on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::half_day::{Half, HalfDay};
use crate::participation::nominations::facts::{BusyCause, CompetencyGap};

/// Name of a check; never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckCode {
    /// The offering takes nominations.
    OfferingOpen,
    /// The person is at work.
    EmployeeActive,
    /// The course is for the person's position (or for the planned post).
    Audience,
    /// Basis `position_need`: a gap that the course closes, or a line of an approved plan.
    Need,
    /// Basis `succession`: a valid place on a list, and a course that prepares for the post.
    Succession,
    /// The person's half-days are free.
    Clash,
    /// The unit keeps its minimum at work in every half-day.
    Coverage,
    /// The position may be left alone that long.
    AbsenceLimit,
    /// There is a seat.
    Seats,
    /// The stand-in can stand in.
    StandIn,
}

impl CheckCode {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OfferingOpen => "offering_open",
            Self::EmployeeActive => "employee_active",
            Self::Audience => "audience",
            Self::Need => "need",
            Self::Succession => "succession",
            Self::Clash => "clash",
            Self::Coverage => "coverage",
            Self::AbsenceLimit => "absence_limit",
            Self::Seats => "seats",
            Self::StandIn => "stand_in",
        }
    }
}

/// What a check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckVerdict {
    /// Nothing to look at.
    NotApplicable,
    /// Good.
    Pass,
    /// Allowed; whoever decides should know.
    Warning,
    /// Refused.
    Fail,
}

impl CheckVerdict {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not_applicable",
            Self::Pass => "pass",
            Self::Warning => "warning",
            Self::Fail => "fail",
        }
    }
}

/// A half-day that a check speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HalfDayFact {
    /// The day.
    pub date: NaiveDate,
    /// Its half.
    pub half: Half,
    /// `clash`: what takes it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<BusyCause>,
    /// `coverage`: the position group that is counted; absent where the whole unit is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(example = "van-thu")]
    pub position_group: Option<String>,
    /// `coverage`: how many would be at work without the person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 0, example = 1)]
    pub present: Option<i32>,
    /// `coverage`: how many must be.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 1, example = 2)]
    pub minimum: Option<i32>,
}

impl HalfDayFact {
    pub(super) fn new(half_day: HalfDay) -> Self {
        Self {
            date: half_day.date(),
            half: half_day.half(),
            cause: None,
            position_group: None,
            present: None,
            minimum: None,
        }
    }

    /// Whether the unit would fall below its minimum.
    pub fn is_short(&self) -> bool {
        matches!((self.present, self.minimum), (Some(p), Some(m)) if p < m)
    }
}

/// What a verdict rests on. A check fills in the members it knows; the others are absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct CheckFacts {
    /// `offering_open`, `employee_active`: state of the offering or the employee.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(example = "open")]
    pub status: Option<String>,
    /// `offering_open`: last day for nominations.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub closes_on: Option<NaiveDate>,
    /// `offering_open`: first day of the offering.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub starts_on: Option<NaiveDate>,
    /// `need`: gaps that the course closes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gaps: Option<Vec<CompetencyGap>>,
    /// `need`: the line of an approved plan that it counts against.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub plan_line_id: Option<Uuid>,
    /// `need`: places left on that line, this one included.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 0, example = 3)]
    pub quota_left: Option<i32>,
    /// `succession`: content area of the course.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(example = "political_theory")]
    pub content_area: Option<String>,
    /// `succession`: day from which the place on the list is no longer valid.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub valid_to: Option<NaiveDate>,
    /// `clash`: half-days that are taken; `coverage`: every half-day with its numbers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub half_days: Option<Vec<HalfDayFact>>,
    /// `absence_limit`: longest run of full working days away, adjoining absences included.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 0, example = 5)]
    pub days: Option<i32>,
    /// `absence_limit`: longest run that the position allows, working days.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 1, example = 3)]
    pub limit_days: Option<i32>,
    /// `seats`: seats of the offering.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 1, example = 40)]
    pub seats: Option<i32>,
    /// `seats`: seats without a participant.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 0, example = 12)]
    pub seats_left: Option<i32>,
    /// `stand_in`: whether it is another person, at work, of the same unit or position group.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suitable: Option<bool>,
    /// `stand_in`: half-days of the offering in which the stand-in is away too.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 0, example = 0)]
    pub half_days_away: Option<i32>,
}

/// One check with its verdict, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub code: CheckCode,
    pub verdict: CheckVerdict,
    pub facts: CheckFacts,
}

/// The worst of some verdicts.
pub fn worst(checks: &[Check]) -> CheckVerdict {
    checks.iter().map(|c| c.verdict).max().unwrap_or(CheckVerdict::NotApplicable)
}
