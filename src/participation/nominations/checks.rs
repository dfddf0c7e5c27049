//! The named checks of a nomination: pure functions over [`Case`], each with a verdict and the facts it rests on.
//! A `fail` refuses; a `warning` is for the person who decides.

mod finding;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use uuid::Uuid;

pub use finding::{Check, CheckCode, CheckFacts, CheckVerdict, HalfDayFact, worst};

use super::facts::{Offering, Person, PlanLine, Succession};
use super::model::{Draft, NominationBasis};
use crate::half_day::{Half, HalfDay, longest_run_of_days};
use crate::organisation::employees::EmployeeStatus;
use crate::organisation::gaps::CompetencyGap;

/// Content areas that prepare for a planned post (need 6 of the founding interview).
const SUCCESSION_AREAS: [&str; 3] = ["political_theory", "state_management", "defence_security"];

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
        let good = o.status.takes_nominations()
            && (self.stage == Stage::Decide || self.today <= o.nominations_close_on)
            && !o.half_days.is_empty()
            && self.today < o.first_day();
        let facts = CheckFacts {
            status: Some(o.status.name().to_owned()),
            closes_on: Some(o.nominations_close_on),
            starts_on: Some(o.first_day()),
            ..CheckFacts::default()
        };
        check(CheckCode::OfferingOpen, pass_if(good), facts)
    }

    fn employee_active(self) -> Check {
        let status = self.person.employee.status;
        let facts = CheckFacts { status: Some(status.name().to_owned()), ..CheckFacts::default() };
        check(CheckCode::EmployeeActive, pass_if(status == EmployeeStatus::Active), facts)
    }

    fn audience(self) -> Check {
        let audience = &self.offering.audience;
        let fits = audience.is_empty() || audience.contains(&self.person.employee.job_position_id);
        // Who is sent for a planned post is fitting by that post. Where the plan itself does not carry, that alone is
        // the reason: `succession` names it.
        let verdict = match (fits, self.planned_post()) {
            (true, _) => CheckVerdict::Pass,
            (false, Some(post)) => pass_if(audience.contains(&post)),
            (false, None) if self.draft.basis == NominationBasis::Succession => CheckVerdict::NotApplicable,
            (false, None) => CheckVerdict::Fail,
        };
        check(CheckCode::Audience, verdict, CheckFacts::default())
    }

    /// The person's own entry of a succession list, if the nomination rests on it. A foreign entry is as good as none:
    /// nothing of it is shown.
    fn own_entry(self) -> Option<&'a Succession> {
        let own = self.person.employee.id;
        let entry = self.person.succession.as_ref().filter(|s| s.employee_id == own);
        entry.filter(|_| self.draft.basis == NominationBasis::Succession)
    }

    /// The post of that entry, where it is valid and the course prepares for it.
    fn planned_post(self) -> Option<Uuid> {
        let o = self.offering;
        let entry = self.own_entry()?;
        let valid = entry.valid_from <= self.today && self.today < entry.valid_to;
        let prepares = SUCCESSION_AREAS.contains(&o.content_area.as_str())
            || o.builds.iter().any(|(id, _)| entry.required.contains(id));
        (valid && prepares).then_some(entry.job_position_id)
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
        let facts = CheckFacts {
            content_area: Some(self.offering.content_area.clone()),
            valid_to: self.own_entry().map(|s| s.valid_to),
            ..CheckFacts::default()
        };
        check(CheckCode::Succession, pass_if(self.planned_post().is_some()), facts)
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
            && other.status == EmployeeStatus::Active
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
    let is_own = |day: &HalfDay| own.contains(day) || own.contains(&HalfDay(day.0 + 1));
    full.chunk_by(|day, next| longest_run_of_days(&[*day, *next]) == 2)
        .filter(|run| run.iter().any(is_own))
        .map(<[HalfDay]>::len)
        .max()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
