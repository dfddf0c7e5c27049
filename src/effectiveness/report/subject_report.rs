//! From what was released about a subject to its report.

use chrono::NaiveDate;

use super::expected::ExpectedAgainstFound;
use super::input::{Input, input_hash};
use super::model::{By, FollowUp, Request, Subject};
use super::of_subject::{OfSubject, ScoresState};
use super::per_half_day::PerHalfDay;
use super::second::BesideSupervisors;
use super::talk::{Achieved, Conditions};
use crate::effectiveness::evaluation_plans::Registered;
use crate::effectiveness::measures::behaviour::{Behaviour, Comparison, Floor, Headline, headline};
use crate::effectiveness::measures::form_items::FormItems;
use crate::effectiveness::measures::knowledge::KnowledgeFigures;
use crate::effectiveness::measures::reaction::{Reaction, reaction};
use crate::effectiveness::measures::self_rating::SelfRatingFigures;
use crate::effectiveness::measures::warnings::{Warning, warnings};
use crate::effectiveness::measures::{Measure, OfferingSums, Others};
use crate::evaluation::questionnaires::{BENEFICIARY_ITEMS, ENVIRONMENT_ITEMS};
use statistics::thresholds::CEILING_SHARE;
use statistics::{
    EvidenceReason, Figure, RegressionFigures, Status, Unit, ceiling_share_of, regression_figures,
};

/// What is known about the effect of one subject.
pub struct Report {
    pub subject: Subject,
    pub as_of: NaiveDate,
    pub follow_up: FollowUp,
    pub floor: Floor,
    /// Whether it is a unit's, whose people are put together by whole calendar quarters.
    pub is_unit: bool,
    pub sums: OfferingSums,
    pub behaviour: Behaviour,
    /// The change to be expected without any effect; where most were sent for a weakness and are compared with nobody.
    pub expected_without_effect: Option<RegressionFigures>,
    /// The headline six months after.
    pub six_months: Figure,
    pub work_score: WorkScore,
    /// None by unit, of whose quarters the offerings are not known.
    pub per_half_day: Option<PerHalfDay>,
    /// None by unit: anonymous forms do not know their unit.
    pub reaction: Option<Reaction>,
    /// None by unit.
    pub knowledge: Option<KnowledgeFigures>,
    /// None by unit.
    pub self_rating: Option<SelfRatingFigures>,
    /// What it takes to use what was learned; none by unit, as the forms do not know theirs.
    pub environment: Option<FormItems>,
    /// How conditions at work were, and what was achieved; by course and offering.
    pub whom: Option<(Conditions, Achieved)>,
    /// What the units say that sent people; none by unit, of which each has one word.
    pub beneficiary: Option<FormItems>,
    /// What second raters saw beside the supervisors; by course, offering and institute.
    pub second: Option<BesideSupervisors>,
    /// Offerings that have ended and whose figures are not released yet.
    pub awaiting: usize,
    pub warnings: Vec<Warning>,
    /// What was declared of an offering, against what was found.
    pub expected: Vec<ExpectedAgainstFound>,
    /// What was registered of an offering when it began.
    pub registered: Option<Registered>,
    /// What it was computed from, see [`input_hash`].
    pub input_hash: String,
}

/// Level 4 of one subject.
pub struct WorkScore {
    pub figures: Comparison,
    /// Share of baselines that could hardly rise.
    pub at_ceiling: Figure,
    /// People rated on both sides under different regimes; left out.
    pub instrument_changed: usize,
    /// People whose scores count in another offering; left out.
    pub counted_elsewhere: usize,
    /// What is awaited, and which revision is shown.
    pub state: ScoresState,
}

/// Report on a subject by what was released of it, and by how others were rated before.
pub fn report(subject: Subject, request: &Request, of: &OfSubject, others: &Others) -> Report {
    let whole = request.by != By::Unit;
    let floor = if request.by == By::Lecturer { Floor::Lecturer } else { Floor::Standard };
    let sums = |measure| of.sums.get(&measure).cloned().unwrap_or_default();
    let main = sums(request.follow_up.measure());
    let measured = Behaviour::of(&main, subject.smallest_change, floor);
    let behaviour = if request.follow_up.tells_levels() { measured } else { measured.later() };
    let scores = sums(Measure::WorkScore);
    let work_score = work_score(&scores, floor, of.scores);
    let mut warnings = warnings(&main, &behaviour, floor);
    if at_ceiling(&work_score.at_ceiling) {
        warnings.push(Warning::Ceiling);
    }
    if of.registered.as_ref().is_some_and(|(_, departed)| *departed) {
        warnings.push(Warning::NotAsRegistered);
    }
    let figures = &behaviour.figures;
    let expected_without_effect = behaviour
        .reasons
        .contains(&EvidenceReason::WeaknessMajority)
        .then(|| regression_figures(&figures.before, &figures.change, others.mean_before(&main)));
    let half_days = match behaviour.figures.headline {
        Headline::Difference => &of.half_days_compared,
        Headline::Change => &of.half_days,
    };
    let six_months = sums(Measure::SixMonths);
    let environment = whole.then(|| FormItems::of(&of.environments, &ENVIRONMENT_ITEMS));
    let whom =
        environment.as_ref().filter(|_| matches!(request.by, By::Course | By::Offering)).map(|form_items| {
            let achieved = Achieved::of(behaviour.figures.headline, behaviour.verdict);
            (Conditions::of(form_items), achieved)
        });
    let shows_second = matches!(request.by, By::Course | By::Offering | By::Institute);
    let input_hash = input(&main, &[&sums(Measure::ThreeMonths), &six_months, &scores], floor);
    Report {
        as_of: request.as_of,
        follow_up: request.follow_up,
        floor,
        is_unit: !whole,
        input_hash,
        six_months: headline(&six_months, floor),
        per_half_day: whole.then(|| half_days.per(behaviour.figures.decisive())),
        subject,
        behaviour,
        expected_without_effect,
        work_score,
        reaction: whole.then(|| reaction(&of.reactions)),
        knowledge: whole.then(|| of.levels.knowledge.figures(floor)),
        self_rating: whole.then(|| of.levels.self_rating.figures(floor)),
        environment,
        whom,
        beneficiary: whole.then(|| FormItems::of(&of.beneficiaries, &BENEFICIARY_ITEMS)),
        second: shows_second.then(|| BesideSupervisors::of(&main)).flatten(),
        awaiting: of.awaiting,
        registered: of.registered.as_ref().map(|(registered, _)| registered.clone()),
        expected: of
            .expected
            .iter()
            .map(|declared| ExpectedAgainstFound::of(declared, &sums(declared.measure.measure())))
            .collect(),
        warnings,
        sums: main,
    }
}

/// The hash of what is shown of three measures: three months, six months, official score.
fn input(main: &OfferingSums, [three, six, scores]: &[&OfferingSums; 3], floor: Floor) -> String {
    let figures = |sums: &OfferingSums, unit| Comparison::of(sums, unit, floor);
    let input = |measure: Measure, sums, unit, levels| Input {
        name: measure.name(),
        sums,
        figures: figures(sums, unit),
        levels,
    };
    input_hash(
        &main.flow,
        &[
            input(Measure::ThreeMonths, three, Unit::PointsOf5, FollowUp::ThreeMonths.tells_levels()),
            input(Measure::SixMonths, six, Unit::PointsOf5, FollowUp::SixMonths.tells_levels()),
            input(Measure::WorkScore, scores, Unit::PointsOf100, true),
        ],
    )
}

pub(super) fn work_score(sums: &OfferingSums, floor: Floor, state: ScoresState) -> WorkScore {
    let baselines = usize::try_from(sums.trained.n).unwrap_or_default();
    WorkScore {
        figures: Comparison::of(sums, Unit::PointsOf100, floor),
        at_ceiling: ceiling_share_of(sums.flow.at_ceiling, baselines),
        instrument_changed: sums.flow.instrument_changed,
        counted_elsewhere: sums.flow.counted_elsewhere,
        state,
    }
}

/// Whether most had no room to rise.
fn at_ceiling(share: &Figure) -> bool {
    share.status() == Status::Ok && share.value().is_some_and(|percent| percent > 100.0 * CEILING_SHARE)
}
