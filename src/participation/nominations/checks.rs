//! The named checks of a nomination: pure functions over [`Case`], each with a verdict and the facts it rests on.
//! A `fail` refuses; a `warning` is for the person who decides.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::facts::{BusyCause, CompetencyGap, Offering, Person, PlanLine};
use super::model::{Draft, NominationBasis};
use crate::half_day::{Half, HalfDay, longest_run_of_days};

/// Content areas that prepare for a planned post (need 6 of the founding interview).
const SUCCESSION_AREAS: [&str; 3] = ["political_theory", "state_management", "defence_security"];

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

    /// The rule or the record that its verdict rests on.
    pub const fn source(self) -> &'static str {
        match self {
            Self::OfferingOpen | Self::Seats => "offering",
            Self::EmployeeActive => "employee",
            Self::Audience => "course audience",
            Self::Need => "Decree 171/2025/NĐ-CP, Art. 2",
            Self::Succession => "Decree 171/2025/NĐ-CP, Ch. III; Regulation 57-QĐ/TW",
            Self::Clash => "absences and nominations of the employee",
            Self::Coverage => "coverage rules of the unit",
            Self::AbsenceLimit => "job position: max_consecutive_absence_days",
            Self::StandIn => "absences and nominations of the stand-in",
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
    fn new(half_day: HalfDay) -> Self {
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

/// When the checks are made: the last day for nominations binds those who nominate, not those who decide later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Nominate,
    Decide,
}

/// A person, an offering, a draft and a day: everything the checks look at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub today: NaiveDate,
    pub stage: Stage,
    pub draft: &'a Draft,
    pub person: &'a Person,
    pub offering: &'a Offering,
}

/// The worst of some verdicts.
pub fn worst(checks: &[Check]) -> CheckVerdict {
    checks.iter().map(|c| c.verdict).max().unwrap_or(CheckVerdict::NotApplicable)
}

impl<'a> Case<'a> {
    /// Every check, always in the same order.
    pub fn checks(self) -> Vec<Check> {
        vec![
            self.offering_open(),
            self.employee_active(),
            self.audience(),
            self.need(),
            self.succession(),
            self.clash(),
            self.coverage(),
            self.absence_limit(),
            self.seats(),
            self.stand_in(),
        ]
    }

    /// The plan line that the nomination counts against: the cited one, or the first with room unless a reason is
    /// given for going outside the plan.
    pub fn plan_line(self) -> Option<&'a PlanLine> {
        let with_room = |line: &&PlanLine| line.used < line.quota;
        let mut lines = self.offering.plan_lines.iter();
        match (self.draft.plan_line_id, &self.draft.outside_plan_reason) {
            (Some(cited), _) => lines.find(|l| l.id == cited).filter(with_room),
            (None, None) => lines.find(with_room),
            (None, Some(_)) => None,
        }
    }

    fn offering_open(self) -> Check {
        let o = self.offering;
        let good = matches!(o.status.as_str(), "open" | "confirmed")
            && (self.stage == Stage::Decide || self.today <= o.nominations_close_on)
            && !o.half_days.is_empty()
            && self.today < o.first_day();
        let facts = CheckFacts {
            status: Some(o.status.clone()),
            closes_on: Some(o.nominations_close_on),
            starts_on: Some(o.first_day()),
            ..CheckFacts::default()
        };
        check(CheckCode::OfferingOpen, pass_if(good), facts)
    }

    fn employee_active(self) -> Check {
        let status = &self.person.employee.status;
        let facts = CheckFacts { status: Some(status.clone()), ..CheckFacts::default() };
        check(CheckCode::EmployeeActive, pass_if(status == "active"), facts)
    }

    fn audience(self) -> Check {
        let audience = &self.offering.audience;
        let planned = self.person.succession.as_ref().filter(|s| {
            self.draft.basis == NominationBasis::Succession && s.employee_id == self.person.employee.id
        });
        let fits = audience.is_empty()
            || audience.contains(&self.person.employee.job_position_id)
            || planned.is_some_and(|s| audience.contains(&s.job_position_id));
        check(CheckCode::Audience, pass_if(fits), CheckFacts::default())
    }

    fn need(self) -> Check {
        if self.draft.basis != NominationBasis::PositionNeed {
            return not_applicable(CheckCode::Need);
        }
        let gaps: Vec<CompetencyGap> = self.offering.closes(&self.person.gaps).cloned().collect();
        let line = self.plan_line();
        let verdict = match (line, gaps.is_empty()) {
            (Some(_), _) => CheckVerdict::Pass,
            (None, false) => CheckVerdict::Warning,
            (None, true) => CheckVerdict::Fail,
        };
        let facts = CheckFacts {
            gaps: Some(gaps),
            plan_line_id: line.map(|l| l.id),
            quota_left: line.map(|l| l.quota - l.used),
            ..CheckFacts::default()
        };
        check(CheckCode::Need, verdict, facts)
    }

    fn succession(self) -> Check {
        if self.draft.basis != NominationBasis::Succession {
            return not_applicable(CheckCode::Succession);
        }
        let (o, own) = (self.offering, self.person.employee.id);
        // A foreign entry is as good as none: nothing of it is told.
        let entry = self.person.succession.as_ref().filter(|s| s.employee_id == own);
        let good = entry.is_some_and(|s| {
            let valid = s.valid_from <= self.today && self.today < s.valid_to;
            let prepares = SUCCESSION_AREAS.contains(&o.content_area.as_str())
                || o.builds.iter().any(|(id, _)| s.required.contains(id));
            valid && prepares
        });
        let facts = CheckFacts {
            content_area: Some(o.content_area.clone()),
            valid_to: entry.map(|s| s.valid_to),
            ..CheckFacts::default()
        };
        check(CheckCode::Succession, pass_if(good), facts)
    }

    fn clash(self) -> Check {
        let taken: Vec<HalfDayFact> = self
            .offering
            .half_days
            .iter()
            .filter_map(|h| {
                let cause = *self.person.busy.get(h)?;
                Some(HalfDayFact { cause: Some(cause), ..HalfDayFact::new(*h) })
            })
            .collect();
        let verdict = pass_if(taken.is_empty());
        let facts = CheckFacts { half_days: Some(taken), ..CheckFacts::default() };
        check(CheckCode::Clash, verdict, facts)
    }

    /// Counts the people of the unit itself, not of units below: those have rules of their own.
    fn coverage(self) -> Check {
        let presence = &self.person.presence;
        if presence.rules.is_empty() {
            return not_applicable(CheckCode::Coverage);
        }
        let numbers = |half_day: HalfDay| {
            presence.rules.iter().map(move |rule| HalfDayFact {
                position_group: rule.position_group.clone(),
                present: Some(presence.present(rule, half_day)),
                minimum: Some(rule.minimum),
                ..HalfDayFact::new(half_day)
            })
        };
        let half_days: Vec<HalfDayFact> = self.offering.half_days.iter().copied().flat_map(numbers).collect();
        let verdict = pass_if(!half_days.iter().any(HalfDayFact::is_short));
        let facts = CheckFacts { half_days: Some(half_days), ..CheckFacts::default() };
        check(CheckCode::Coverage, verdict, facts)
    }

    /// A day counts when the person is away in both halves: a half-day at work keeps the post staffed.
    fn absence_limit(self) -> Check {
        let Some(limit) = self.person.employee.max_absence_days else {
            return not_applicable(CheckCode::AbsenceLimit);
        };
        let own: BTreeSet<HalfDay> = self.offering.half_days.iter().copied().collect();
        let away: BTreeSet<HalfDay> =
            own.union(&self.person.busy.keys().copied().collect()).copied().collect();
        let days = i32::try_from(longest_absence(&away, &own)).unwrap_or(i32::MAX);
        let facts = CheckFacts { days: Some(days), limit_days: Some(limit), ..CheckFacts::default() };
        check(CheckCode::AbsenceLimit, pass_if(days <= limit), facts)
    }

    fn seats(self) -> Check {
        let left = self.offering.seats_left();
        let facts =
            CheckFacts { seats: Some(self.offering.seats), seats_left: Some(left), ..CheckFacts::default() };
        let verdict = if left > 0 { CheckVerdict::Pass } else { CheckVerdict::Warning };
        check(CheckCode::Seats, verdict, facts)
    }

    fn stand_in(self) -> Check {
        let Some(stand_in) = &self.person.stand_in else {
            return not_applicable(CheckCode::StandIn);
        };
        let (other, own) = (&stand_in.employee, &self.person.employee);
        let suitable = other.id != own.id
            && other.status == "active"
            && (other.unit_id == own.unit_id || other.position_group == own.position_group);
        let away = self.offering.half_days.iter().filter(|h| stand_in.away.contains(h)).count();
        let facts = CheckFacts {
            suitable: Some(suitable),
            half_days_away: Some(i32::try_from(away).unwrap_or(i32::MAX)),
            ..CheckFacts::default()
        };
        check(CheckCode::StandIn, pass_if(suitable && away == 0), facts)
    }
}

fn check(code: CheckCode, verdict: CheckVerdict, facts: CheckFacts) -> Check {
    Check { code, verdict, facts }
}

fn not_applicable(code: CheckCode) -> Check {
    check(code, CheckVerdict::NotApplicable, CheckFacts::default())
}

fn pass_if(good: bool) -> CheckVerdict {
    if good { CheckVerdict::Pass } else { CheckVerdict::Fail }
}

/// Longest run of full working days away that touches one of the offering's own half-days.
fn longest_absence(away: &BTreeSet<HalfDay>, own: &BTreeSet<HalfDay>) -> usize {
    let full: Vec<HalfDay> = away
        .iter()
        .copied()
        .filter(|h| h.half() == Half::Morning && !h.is_weekend() && away.contains(&HalfDay(h.0 + 1)))
        .collect();
    let (mut longest, mut run) = (0, Vec::new());
    let mut close = |run: &mut Vec<HalfDay>| {
        let is_own = |h: &HalfDay| own.contains(h) || own.contains(&HalfDay(h.0 + 1));
        if run.iter().any(is_own) {
            longest = longest.max(run.len());
        }
        run.clear();
    };
    for day in full {
        let follows = run.last().is_none_or(|last| longest_run_of_days(&[*last, day]) == 2);
        if !follows {
            close(&mut run);
        }
        run.push(day);
    }
    close(&mut run);
    longest
}

#[cfg(test)]
mod tests;
