//! From what was released about a subject to its report.

use chrono::NaiveDate;

use super::expected::ExpectedAgainstFound;
use super::model::{By, FollowUp, Request, Subject};
use super::service::OfSubject;
use crate::evaluation::effectiveness::behaviour::{
    Behaviour, Comparison, Floor, Warning, headline, warnings,
};
use crate::evaluation::effectiveness::reaction::{Reaction, reaction};
use crate::evaluation::effectiveness::{Measure, Sums};
use crate::evaluation::statistics::thresholds::CEILING_SHARE;
use crate::evaluation::statistics::{Figure, Status, Unit, ceiling_share_of};

/// What is known about the effect of one subject.
pub struct Report {
    pub subject: Subject,
    pub as_of: NaiveDate,
    pub follow_up: FollowUp,
    pub floor: Floor,
    pub sums: Sums,
    pub behaviour: Behaviour,
    /// The headline six months after.
    pub six_months: Figure,
    pub work_score: WorkScore,
    /// None by unit: anonymous forms do not know their unit.
    pub reaction: Option<Reaction>,
    /// Offerings that have ended and whose figures are not released yet.
    pub awaiting: usize,
    pub warnings: Vec<Warning>,
    /// What was declared of an offering, against what was found.
    pub expected: Vec<ExpectedAgainstFound>,
}

/// Level 4 of one subject.
pub struct WorkScore {
    pub figures: Comparison,
    /// Share of baselines that could hardly rise.
    pub at_ceiling: Figure,
    /// People rated on both sides under different regimes; left out.
    pub instrument_changed: usize,
}

/// Report on a subject by what was released of it.
pub fn report(subject: Subject, request: &Request, of: &OfSubject) -> Report {
    let floor = if request.by == By::Lecturer { Floor::Lecturer } else { Floor::Standard };
    let sums = |measure| of.sums.get(&measure).cloned().unwrap_or_default();
    let main = sums(request.follow_up.measure());
    let measured = Behaviour::of(&main, subject.smallest_change, floor);
    let behaviour = match request.follow_up {
        FollowUp::ThreeMonths => measured,
        FollowUp::SixMonths => measured.later(),
    };
    let work_score = work_score(&sums(Measure::WorkScore), floor);
    let mut warnings = warnings(&main, &behaviour, floor);
    if at_ceiling(&work_score.at_ceiling) {
        warnings.push(Warning::Ceiling);
    }
    Report {
        as_of: request.as_of,
        follow_up: request.follow_up,
        floor,
        six_months: headline(&sums(Measure::SixMonths), floor),
        subject,
        behaviour,
        work_score,
        reaction: (request.by != By::Unit).then(|| reaction(&of.reactions)),
        awaiting: of.awaiting,
        expected: of
            .expected
            .iter()
            .map(|declared| ExpectedAgainstFound::of(declared, &sums(declared.measure.measure())))
            .collect(),
        warnings,
        sums: main,
    }
}

fn work_score(sums: &Sums, floor: Floor) -> WorkScore {
    let baselines = usize::try_from(sums.trained.n).unwrap_or_default();
    WorkScore {
        figures: Comparison::of(sums, &sums.trained, Unit::PointsOf100, floor),
        at_ceiling: ceiling_share_of(sums.flow.at_ceiling, baselines),
        instrument_changed: sums.flow.instrument_changed,
    }
}

/// Whether most had no room to rise.
fn at_ceiling(share: &Figure) -> bool {
    share.status() == Status::Ok && share.value().is_some_and(|percent| percent > 100.0 * CEILING_SHARE)
}
