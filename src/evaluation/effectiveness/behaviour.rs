//! Level 3, the headline: behaviour at work, rated by the supervisor.

use serde::Serialize;
use utoipa::ToSchema;

use super::sums::{Flow, Sums, count};
use crate::evaluation::statistics::thresholds::{LECTURER_OFFERINGS, LECTURER_PAIRS, PAIRS_SHOWN};
use crate::evaluation::statistics::{
    AncovaFigures, ClusterSums, Evidence, EvidenceInput, EvidenceReason, Figure, Moments, PairMoments,
    PairSums, PairedFigures, Reason, Respondents, Status, Unit, Verdict, ancova_figures, ancova_from,
    attrition_from, cluster_robust_change, cluster_robust_difference, depends_on_method, difference_figures,
    difference_from, evidence_grade, evidence_reasons, headline_verdict, paired_figures, paired_from,
    settled, settled_by_both, with_raters,
};

/// Which figure the verdict, the effect size and the sentence rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "difference")]
pub enum Headline {
    /// The change of the trained minus that of the comparison group.
    Difference,
    /// The change of the trained alone, as there is no comparison group of ten.
    Change,
}

/// How many pairs a subject's figures need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// Ten pairs.
    Standard,
    /// Thirty pairs from three offerings: a lecturer is one of many causes.
    Lecturer,
}

impl Floor {
    /// How many pairs it takes.
    pub(super) fn pairs(self) -> usize {
        match self {
            Floor::Standard => PAIRS_SHOWN,
            Floor::Lecturer => LECTURER_PAIRS,
        }
    }

    /// Whether they come from too few offerings.
    pub(super) fn refuses(self, offerings: usize) -> bool {
        self == Floor::Lecturer && offerings < LECTURER_OFFERINGS
    }
}

/// Before, after, and against the comparison group, in some unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    pub before: Figure,
    pub after: Figure,
    pub change: Figure,
    pub comparison_change: Figure,
    pub difference: Figure,
    pub effect_size: Figure,
    pub headline: Headline,
}

/// Level 3 of one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Behaviour {
    pub figures: Comparison,
    /// The headline without the pairs whose rater changed.
    pub same_rater: Figure,
    /// Both groups compared at equal baselines: the annex.
    pub at_equal_baselines: AncovaFigures,
    /// Whether the annex contradicts the difference.
    pub depends_on_method: bool,
    /// The headline if the course did nothing for those who were not rated again: what is said of it must survive this.
    pub bounded: Figure,
    pub verdict: Option<Verdict>,
    pub evidence: Evidence,
    pub reasons: Vec<EvidenceReason>,
}

impl Comparison {
    /// Compare the trained with the comparison group, or say why not.
    pub fn of(sums: &Sums, trained: &PairSums, unit: Unit, floor: Floor) -> Self {
        let n = count(trained.n);
        if let Some((reason, n)) = closed(&sums.flow, n, floor) {
            let needed = floor.pairs();
            return Self::closed(
                Figure::closed(reason, unit, n).needing(needed),
                Figure::closed(reason, Unit::Standardised, n).needing(needed),
            );
        }
        let (trained, comparison) = (PairMoments::from(trained), PairMoments::from(&sums.comparison));
        let PairedFigures { before, after, change, effect_size } =
            paired_figures(&paired_from(&trained), unit, Respondents::Named);
        let between = difference_figures(&difference_from(&trained, &comparison), unit, Respondents::Named);
        let compared = n >= PAIRS_SHOWN && count(sums.comparison.n) >= PAIRS_SHOWN;
        Self {
            before,
            after,
            change,
            comparison_change: comparison_change(&sums.comparison, unit),
            difference: between.difference,
            effect_size: if compared { between.effect_size } else { effect_size },
            headline: if compared { Headline::Difference } else { Headline::Change },
        }
    }

    fn closed(figure: Figure, effect_size: Figure) -> Self {
        Self {
            before: figure,
            after: figure,
            change: figure,
            comparison_change: figure,
            difference: figure,
            effect_size,
            headline: Headline::Change,
        }
    }

    /// Only what changed. The rating before is the same at each follow-up, but some are missing at one of them: two
    /// means (or spreads) of it, of nearly the same people, would tell the rating of those who differ.
    fn without_levels(self) -> Self {
        let [before, after, effect_size] = [self.before, self.after, self.effect_size].map(hidden);
        Self { before, after, effect_size, ..self }
    }

    /// The figure that decides.
    pub fn decisive(&self) -> Figure {
        match self.headline {
            Headline::Difference => self.difference,
            Headline::Change => self.change,
        }
    }
}

/// Why there is nothing to show of `n` pairs, and how many there are with those that may not be counted (yet).
pub(super) fn closed(flow: &Flow, n: usize, floor: Floor) -> Option<(Reason, usize)> {
    let known = n + flow.withheld + flow.awaiting;
    if n >= floor.pairs() && !floor.refuses(flow.offerings) {
        None
    } else if known == 0 && flow.instrument_changed > 0 {
        Some((Reason::InstrumentChanged, flow.instrument_changed))
    } else if known == 0 {
        Some((Reason::NoCompletePairs, 0))
    } else if known < floor.pairs() || floor.refuses(flow.offerings) {
        Some((Reason::FewerThanNeeded, known))
    } else if flow.awaiting > 0 {
        Some((Reason::WindowOpen, known))
    } else {
        Some((Reason::SmallGroups, known))
    }
}

fn comparison_change(comparison: &PairSums, unit: Unit) -> Figure {
    if comparison.n == 0 {
        Figure::closed(Reason::NoComparisonGroup, unit, 0).needing(PAIRS_SHOWN)
    } else {
        paired_figures(&paired_from(&PairMoments::from(comparison)), unit, Respondents::Named).change
    }
}

impl Behaviour {
    /// What a later follow-up may tell beside the first.
    #[must_use]
    pub fn later(self) -> Self {
        let AncovaFigures { effect, slope } = self.at_equal_baselines;
        // The annex is made of levels.
        let at_equal_baselines = AncovaFigures { effect: hidden(effect), slope: hidden(slope) };
        Self { figures: self.figures.without_levels(), at_equal_baselines, ..self }
    }

    /// Measure a subject's people; `smallest_change` in points of 5.
    pub fn of(sums: &Sums, smallest_change: f64, floor: Floor) -> Self {
        let input = evidence(sums);
        let evidence = evidence_grade(&input);
        let mut figures = compare(sums, &sums.trained, Some(&sums.raters), floor);
        (figures.change, figures.difference) =
            (asked(figures.change, sums, evidence), asked(figures.difference, sums, evidence));
        let bounded = compare(sums, &sums.trained.with_lost_unchanged(&sums.lost), None, floor).decisive();
        let word = |figure: &Figure| headline_verdict(figure, smallest_change, &evidence);
        let verdict = word(&figures.decisive())
            .map(|observed| settled(observed, word(&bounded).unwrap_or(Verdict::CannotTellYet)));
        // Both by people: that people share raters is not what the two methods differ in.
        let by_people = compare(sums, &sums.trained, None, floor).difference;
        let at_equal_baselines = at_equal_baselines(sums, floor);
        let (compared, adjusted) = (figures.headline == Headline::Difference, &at_equal_baselines.effect);
        let verdict =
            verdict.map(|word| if compared { settled_by_both(word, &by_people, adjusted) } else { word });
        Self {
            same_rater: asked(same_rater(sums, floor), sums, evidence),
            depends_on_method: compared && depends_on_method(&by_people, adjusted),
            at_equal_baselines,
            bounded,
            figures,
            verdict,
            reasons: evidence_reasons(&input),
            evidence,
        }
    }
}

fn evidence(sums: &Sums) -> EvidenceInput {
    let flow = &sums.flow;
    EvidenceInput {
        supervisor_pairs: count(sums.trained.n),
        rater_changed_pairs: flow.rater_changed,
        comparison_pairs: count(sums.comparison.n),
        self_pairs: flow.self_pairs,
        follow_ups_due: flow.follow_up_due,
        follow_ups_answered: flow.follow_up_answered,
        attrition_flagged: attrition_from(
            &Moments::from(&sums.trained.baselines()),
            &Moments::from(&sums.lost),
        )
        .flagged,
        nominated: flow.participants,
        nominated_for_weakness: flow.for_weakness,
    }
}

/// The headline without the pairs whose rater changed; hidden where those could be told by subtraction.
fn same_rater(sums: &Sums, floor: Floor) -> Figure {
    let figures = compare(sums, &sums.same_rater, None, floor);
    if sums.same_rater.n == 0 && sums.trained.n > 0 {
        Figure::closed(Reason::SmallGroups, Unit::PointsOf5, 0).needing(floor.pairs())
    } else {
        figures.decisive()
    }
}

/// The annex: both groups compared at equal baselines, where the difference itself may be shown.
fn at_equal_baselines(sums: &Sums, floor: Floor) -> AncovaFigures {
    let (trained, comparison) = (PairMoments::from(&sums.trained), PairMoments::from(&sums.comparison));
    let found = ancova_figures(&ancova_from(&trained, &comparison), Unit::PointsOf5, Respondents::Named);
    match closed(&sums.flow, count(sums.trained.n), floor) {
        None => found,
        Some((reason, n)) => {
            let shut = |unit| Figure::closed(reason, unit, n).needing(floor.pairs());
            AncovaFigures { effect: shut(Unit::PointsOf5), slope: shut(Unit::Coefficient) }
        }
    }
}

fn hidden(figure: Figure) -> Figure {
    match figure.status() {
        Status::Ok => Figure::closed(Reason::SmallGroups, figure.unit(), 0)
            .needing(figure.n_needed().unwrap_or(PAIRS_SHOWN)),
        _ => figure,
    }
}

/// The headline alone.
pub fn headline(sums: &Sums, floor: Floor) -> Figure {
    let figure = compare(sums, &sums.trained, Some(&sums.raters), floor).decisive();
    asked(figure, sums, evidence_grade(&evidence(sums)))
}

/// Behaviour of the trained, given as `trained`; with ten raters or more people under one rater are not taken for
/// independent of each other.
fn compare(sums: &Sums, trained: &PairSums, raters: Option<&ClusterSums>, floor: Floor) -> Comparison {
    let mut figures = Comparison::of(sums, trained, Unit::PointsOf5, floor);
    if let Some(raters) = raters {
        figures.change = with_raters(figures.change, &cluster_robust_change(raters)).figure;
        figures.difference = with_raters(figures.difference, &cluster_robust_difference(raters)).figure;
    }
    figures
}

fn asked(figure: Figure, sums: &Sums, evidence: Evidence) -> Figure {
    figure.invited(sums.flow.follow_up_due).graded(evidence.grade)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::statistics::{self, Grade};

    fn sample(trained: &[(f64, f64)], comparison: &[(f64, f64)], lost: &[f64]) -> Sums {
        let mut sums = Sums {
            trained: PairSums::of(trained),
            same_rater: PairSums::of(trained),
            comparison: PairSums::of(comparison),
            lost: statistics::Sums::of(lost),
            ..Sums::default()
        };
        sums.flow.offerings = 3;
        sums.flow.follow_up_due = trained.len() + lost.len();
        sums.flow.follow_up_answered = trained.len();
        sums
    }

    fn rising(n: usize, by: f64) -> Vec<(f64, f64)> {
        (0..n).map(|i| (3.0, 3.0 + by + if i % 2 == 0 { 0.1 } else { -0.1 })).collect()
    }

    #[test]
    fn a_comparison_group_of_ten_takes_over_the_headline() {
        let found = |others: &[(f64, f64)]| {
            Behaviour::of(&sample(&rising(12, 0.6), others, &[]), 0.25, Floor::Standard)
        };
        let alone = found(&rising(9, 0.6));
        assert_eq!((alone.figures.headline, alone.evidence.grade), (Headline::Change, Grade::B));
        assert_eq!(alone.verdict, Some(Verdict::ClearImprovement));
        let compared = found(&rising(10, 0.6));
        assert_eq!((compared.figures.headline, compared.evidence.grade), (Headline::Difference, Grade::A));
        assert_eq!(compared.verdict, Some(Verdict::PracticallyNoChange));
    }

    #[test]
    fn a_later_follow_up_tells_what_changed_and_no_levels() {
        let mut trained = rising(12, 0.6);
        trained.iter_mut().zip(0..).for_each(|(pair, i)| pair.0 -= f64::from(i % 3) / 10.0);
        let of = |trained: &[(f64, f64)]| Behaviour::of(&sample(trained, &[], &[]), 0.25, Floor::Standard);
        let (first, later) = (of(&trained), of(&trained).later());
        let levels =
            |found: &Behaviour| [found.figures.before, found.figures.after, found.figures.effect_size];
        assert!(levels(&first).iter().all(|figure| figure.status() == Status::Ok));
        for figure in levels(&later) {
            assert_eq!((figure.status(), figure.value(), figure.n()), (Status::Suppressed, None, None));
        }
        assert_eq!(
            (later.figures.change, later.figures.difference, later.verdict),
            (first.figures.change, first.figures.difference, first.verdict)
        );
        // What is closed anyway says so.
        assert_eq!(levels(&of(&trained[..4]).later()), levels(&of(&trained[..4])));
    }

    #[test]
    fn the_lost_can_unsettle_a_verdict() {
        let trained = rising(12, 0.4);
        let verdict =
            |lost: &[f64]| Behaviour::of(&sample(&trained, &[], lost), 0.25, Floor::Standard).verdict;
        assert_eq!(verdict(&[]), Some(Verdict::ClearImprovement));
        assert_eq!(verdict(&[3.0; 6]), Some(Verdict::CannotTellYet));
        assert_eq!(verdict(&[3.0; 20]), None, "under 40 % came back");
    }

    /// The weaker were trained: they gain more, but no more than others from such baselines.
    #[test]
    fn a_verdict_that_depends_on_the_method_cannot_be_told() {
        let rising = |from: f64| {
            let person = |i: usize| {
                let before = from + (i % 4) as f64 / 5.0;
                (before, 0.5 * before + 2.0 + if (i / 4).is_multiple_of(2) { 0.1 } else { -0.1 })
            };
            (0..20).map(person).collect::<Vec<_>>()
        };
        let found = Behaviour::of(&sample(&rising(2.0), &rising(3.2), &[]), 0.25, Floor::Standard);
        assert!(found.figures.difference.ci95().is_some_and(|[low, _]| low > 0.25));
        assert!(found.at_equal_baselines.effect.ci95().is_some_and(|[low, high]| low < 0.0 && high > 0.0));
        assert_eq!((found.verdict, found.depends_on_method), (Some(Verdict::CannotTellYet), true));
    }

    #[test]
    fn a_lecturer_needs_thirty_pairs_from_three_offerings() {
        let closed = |pairs, offerings| {
            let mut sample = sample(&rising(pairs, 0.4), &[], &[]);
            sample.flow.offerings = offerings;
            let change = Behaviour::of(&sample, 0.25, Floor::Lecturer).figures.change;
            (change.status(), change.n_needed())
        };
        assert_eq!(closed(30, 3), (Status::Ok, Some(10)));
        assert_eq!(closed(29, 3), (Status::InsufficientData, Some(30)));
        assert_eq!(closed(30, 2), (Status::InsufficientData, Some(30)));
    }

    #[test]
    fn people_rated_on_other_forms_only_are_undefined() {
        let mut sample = sample(&[], &[], &[]);
        sample.flow.instrument_changed = 4;
        let figure = Behaviour::of(&sample, 0.25, Floor::Standard).figures.change;
        assert_eq!(figure.reason(), Some(Reason::InstrumentChanged));
    }
}
