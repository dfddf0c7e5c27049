//! What a check says: its name, its verdict and the facts it rests on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::half_day::{Half, HalfDay};
use crate::organisation::gaps::CompetencyGap;
use crate::participation::nominations::facts::BusyCause;

/// Code of a check; it never changes. The checks are: the offering takes nominations (`offering_open`), the
/// employee is at work (`employee_active`), the course is for the position (`audience`), there is a need
/// (`need`) or a valid succession entry (`succession`), the half-days are free (`clash`), the unit keeps its
/// minimum number of people at work (`coverage`), the position may be left that long (`absence_limit`), there
/// is a seat (`seats`), and the stand-in is suitable (`stand_in`).
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
    /// The position may be left without its holder for that long.
    AbsenceLimit,
    /// A seat of the offering is free.
    Seats,
    /// The stand-in is suitable and at work during the offering.
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

/// Verdict of a check: it does not apply (`not_applicable`), it is met (`pass`), it is met with something to
/// consider (`warning`), or it refuses the nomination (`fail`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckVerdict {
    /// The check does not apply to this nomination.
    NotApplicable,
    /// The condition is met.
    Pass,
    /// The nomination is allowed, with something to consider when deciding.
    Warning,
    /// The nomination is refused.
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

/// A half-day that a check refers to, with the facts about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HalfDayFact {
    /// Day of the half-day (ISO 8601 date).
    pub date: NaiveDate,
    /// Half of the day: `morning` or `afternoon`.
    pub half: Half,
    /// Only for `clash`: what the person is occupied with in this half-day, `absence` or `nomination`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<BusyCause>,
    /// Only for `coverage`: code of the position group whose people are counted; absent when the whole unit
    /// is counted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(example = "van-thu")]
    pub position_group: Option<String>,
    /// Only for `coverage`: number of people who would be at work without the person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 0, example = 1)]
    pub present: Option<i32>,
    /// Only for `coverage`: smallest number of people who must be at work.
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

/// Facts that the verdict of a check follows from. Each check fills in the members that it uses; the others
/// are absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct CheckFacts {
    /// `offering_open`: state of the offering; `employee_active`: state of the employee.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(example = "open")]
    pub status: Option<String>,
    /// `offering_open`: last day on which people can be nominated (ISO 8601 date).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub closes_on: Option<NaiveDate>,
    /// `offering_open`: day of the first session of the offering (ISO 8601 date).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub starts_on: Option<NaiveDate>,
    /// `need`: competency gaps of the person that the course closes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gaps: Option<Vec<CompetencyGap>>,
    /// `need`: identifier of the line of an approved training plan that the nomination counts against (UUID).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub plan_line_id: Option<Uuid>,
    /// `need`: number of places left on that plan line, the one for this nomination included.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 0, example = 3)]
    pub quota_left: Option<i32>,
    /// `succession`: content area of the course, for example `political_theory`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(example = "political_theory")]
    pub content_area: Option<String>,
    /// `succession`: first day on which the entry on the succession list is no longer valid (ISO 8601 date).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub valid_to: Option<NaiveDate>,
    /// `clash`: half-days in which the person is not free; `coverage`: every half-day of the offering with
    /// the numbers of people at work.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub half_days: Option<Vec<HalfDayFact>>,
    /// `absence_limit`: longest run of full working days away from work, including absences directly before
    /// and after.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 0, example = 5)]
    pub days: Option<i32>,
    /// `absence_limit`: longest run of working days away that the position allows.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 1, example = 3)]
    pub limit_days: Option<i32>,
    /// `seats`: number of seats of the offering.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 1, example = 40)]
    pub seats: Option<i32>,
    /// `seats`: number of seats without a participant.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(minimum = 0, example = 12)]
    pub seats_left: Option<i32>,
    /// `stand_in`: whether the stand-in is another person, at work, and of the same unit or position group.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suitable: Option<bool>,
    /// `stand_in`: number of half-days of the offering in which the stand-in is away too.
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
