use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::NaiveDate;
use diesel::prelude::Queryable;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::catalogue::offerings::OfferingStatus;
use crate::half_day::HalfDay;
use crate::organisation::employees::EmployeeStatus;
use crate::organisation::gaps::CompetencyGap;

/// The first and the last half-day of what is looked at.
pub type Range = (HalfDay, HalfDay);

/// An employee and what the position asks.
#[derive(Debug, Clone, Queryable)]
pub struct Employee {
    pub id: Uuid,
    pub unit_id: Uuid,
    pub job_position_id: Uuid,
    pub status: EmployeeStatus,
    pub restricted: bool,
    pub position_group: String,
    pub max_absence_days: Option<i32>,
}

/// Reason why the person is not free in a half-day: an absence (`absence`: leave, duty, a business trip), or
/// a nomination for another offering (`nomination`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BusyCause {
    /// Leave, duty or a business trip.
    Absence,
    /// A nomination for another offering.
    Nomination,
}

/// A place on a succession list.
#[derive(Debug, Clone)]
pub struct Succession {
    pub employee_id: Uuid,
    pub job_position_id: Uuid,
    pub valid_from: NaiveDate,
    pub valid_to: NaiveDate,
    /// Competencies that the planned post requires.
    pub required: HashSet<Uuid>,
}

/// A minimum of people at work that counts the person.
#[derive(Debug, Clone, Queryable)]
pub struct CoverageRule {
    pub position_group: Option<String>,
    pub minimum: i32,
}

/// Who else works in the person's unit (the unit itself, not those below), and when they are away.
#[derive(Debug, Clone, Default)]
pub struct Presence {
    pub rules: Vec<CoverageRule>,
    /// Active colleagues with their position groups, without the person.
    pub colleagues: Vec<(Uuid, String)>,
    pub away: BTreeMap<HalfDay, HashSet<Uuid>>,
}

impl Presence {
    /// How many a rule still counts at work in a half-day when the person is away.
    pub fn present(&self, rule: &CoverageRule, half_day: HalfDay) -> i32 {
        let away = self.away.get(&half_day);
        let present = self
            .colleagues
            .iter()
            .filter(|(_, group)| rule.position_group.as_ref().is_none_or(|g| g == group))
            .filter(|(id, _)| !away.is_some_and(|a| a.contains(id)))
            .count();
        i32::try_from(present).unwrap_or(i32::MAX)
    }
}

/// The colleague who is to stand in.
#[derive(Debug, Clone)]
pub struct StandIn {
    pub employee: Employee,
    pub away: BTreeSet<HalfDay>,
}

/// The person, as far as the checks go.
#[derive(Debug, Clone)]
pub struct Person {
    pub employee: Employee,
    pub gaps: Vec<CompetencyGap>,
    pub succession: Option<Succession>,
    pub busy: BTreeMap<HalfDay, BusyCause>,
    pub presence: Presence,
    pub stand_in: Option<StandIn>,
    /// Offerings the person is nominated for already (or was returned from).
    pub nominated_for: HashSet<Uuid>,
}

/// A line of an approved plan for the person's unit, or one above it, and the course.
#[derive(Debug, Clone)]
pub struct PlanLine {
    pub id: Uuid,
    pub year: i32,
    pub quota: i32,
    pub used: i32,
}

/// An offering with its course.
#[derive(Debug, Clone)]
pub struct Offering {
    pub id: Uuid,
    pub code: String,
    pub course_id: Uuid,
    pub institute_id: Uuid,
    pub course_code: String,
    pub course_title: String,
    pub content_area: String,
    pub mode: String,
    pub status: OfferingStatus,
    pub nominations_close_on: NaiveDate,
    pub seats: i32,
    pub taken: i32,
    pub half_days: Vec<HalfDay>,
    /// Positions the course is for; empty for everybody.
    pub audience: Vec<Uuid>,
    /// Competencies it builds, with the level reached.
    pub builds: Vec<(Uuid, i16)>,
    pub plan_lines: Vec<PlanLine>,
}

impl Offering {
    /// Its first day.
    pub fn first_day(&self) -> NaiveDate {
        self.half_days.first().map(|h| h.date()).unwrap_or_default()
    }

    /// Its last day.
    pub fn last_day(&self) -> NaiveDate {
        self.half_days.last().map(|h| h.date()).unwrap_or_default()
    }

    /// Seats without a participant; waiting people hold none.
    pub fn seats_left(&self) -> i32 {
        (self.seats - self.taken).max(0)
    }

    /// The gaps that the course closes.
    pub fn closes<'a>(&'a self, gaps: &'a [CompetencyGap]) -> impl Iterator<Item = &'a CompetencyGap> {
        gaps.iter().filter(|gap| {
            self.builds.iter().any(|(id, level)| *id == gap.competency_id && *level >= gap.required_level)
        })
    }
}
