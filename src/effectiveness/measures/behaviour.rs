//! Level 3, the headline: behaviour at work, rated by the supervisor.

mod baselines;
mod comparison;
mod conclusion;
mod robust;
#[cfg(test)]
mod tests;

use super::model::count;
use super::sums::OfferingSums;
use baselines::{at_equal_baselines, baselines, by_baselines, differ};
pub(super) use comparison::closed;
use comparison::hidden;
pub use comparison::{Comparison, Floor, Headline};
pub use conclusion::Limit;
use conclusion::{Conclusion, Method, tipping_point, unless_improved, words};
pub use robust::Robust;
use statistics::{
    self, AncovaFigures, BaselineFigures, Evidence, EvidenceInput, EvidenceReason, Figure, Moments, Reason,
    Status, Unit, Verdict, attrition_from, by_few_raters, evidence_grade, evidence_reasons, is_randomised,
    maryland_level, weaker,
};

/// Level 3 of one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Behaviour {
    /// Before, after, and against the comparison group.
    pub figures: Comparison,
    /// The headline without the pairs whose rater changed.
    pub same_rater: Figure,
    /// How alike both groups were before the course.
    pub baselines: BaselineFigures,
    /// Both groups compared at equal baselines: the annex.
    pub at_equal_baselines: AncovaFigures,
    /// Whether the annex contradicts the difference.
    pub depends_on_method: bool,
    /// The headline if the course did nothing for those who were not rated again: what is said of it must survive this.
    pub bounded: Figure,
    /// The headline in a word; none while a gate is closed or too few follow-ups came in.
    pub verdict: Option<Verdict>,
    /// Why the verdict says less than the interval of the headline does; none where it says the same.
    pub limits: Vec<Limit>,
    /// By how many points of 5 supervisors would have to favour the trained for an improvement to vanish; none where none
    /// is said.
    pub tipping_point: Option<f64>,
    /// How far the study design carries a conclusion.
    pub evidence: Evidence,
    /// Where the grade starts, and each step down.
    pub reasons: Vec<EvidenceReason>,
    /// Level on the Maryland Scientific Methods Scale: 0 to 3, or 5.
    pub maryland_level: u8,
    /// Supervisors of the trained and of the comparison group in the headline.
    pub raters: [usize; 2],
}

impl Behaviour {
    /// What a later follow-up may show beside the first.
    #[must_use]
    pub fn later(self) -> Self {
        let AncovaFigures { effect, slope } = self.at_equal_baselines;
        // The annex is made of levels, and so are the baselines.
        let at_equal_baselines = AncovaFigures { effect: hidden(effect), slope: hidden(slope) };
        let BaselineFigures { trained, comparison, standardised } = self.baselines;
        let [trained, comparison, standardised] = [trained, comparison, standardised].map(hidden);
        let baselines = BaselineFigures { trained, comparison, standardised };
        Self { figures: self.figures.without_levels(), at_equal_baselines, baselines, ..self }
    }

    /// Measure a subject's people; `smallest_change` in points of 5.
    pub fn of(sums: &OfferingSums, smallest_change: f64, floor: Floor) -> Self {
        let robust = Robust::of(sums);
        // That people share raters is not what the two methods differ in: for these everybody counts for oneself.
        let by_people = Comparison::of(sums, Unit::PointsOf5, floor);
        let mut figures = robust.on(by_people);
        let baselines = baselines(sums, &figures);
        let input = evidence(sums, &figures, &baselines);
        let (evidence, reasons) = (evidence_grade(&input), evidence_reasons(&input));
        for figure in [&mut figures.change, &mut figures.difference] {
            *figure = asked(*figure, sums, evidence);
        }
        let bounded = bounded(sums, &figures, &by_people, floor);
        let at_equal_baselines = at_equal_baselines(sums, &figures);
        let method =
            Method { difference: by_people.difference, adjusted: at_equal_baselines.effect, smallest_change };
        let compared = figures.headline == Headline::Difference;
        let concluded = Conclusion::of(&figures.decisive(), smallest_change, &evidence).map(|mut found| {
            found.limit(Limit::LostUnchanged, |word| {
                weaker(word, words(&bounded, smallest_change).unwrap_or(Verdict::CannotTellYet))
            });
            if compared {
                found.limit(Limit::DependsOnMethod, |word| method.leaves(word));
                // Of groups that a lot has parted, a distance before the course is chance, which the interval knows of.
                if !is_randomised(&input) {
                    found.limit(Limit::BaselinesDiffer, |word| by_baselines(word, &baselines));
                }
            }
            if compared && figures.difference.probably_too_narrow() && !robust.cancels() {
                found.limit(Limit::FewRaters, |word| by_few_raters(word, robust.difference.fewest));
            }
            if reasons.contains(&EvidenceReason::WeaknessMajority) {
                found.limit(Limit::ChosenForWeakness, unless_improved);
            }
            found
        });
        let verdict = concluded.as_ref().map(|found| found.word);
        Self {
            tipping_point: tipping_point(&figures.decisive(), &bounded, verdict),
            same_rater: asked(same_rater(sums, floor), sums, evidence),
            depends_on_method: compared && method.matters(),
            maryland_level: maryland_level(&input),
            raters: robust.of_headline(&figures),
            baselines,
            at_equal_baselines,
            bounded,
            figures,
            verdict,
            limits: concluded.map(|found| found.limits).unwrap_or_default(),
            reasons,
            evidence,
        }
    }
}

fn evidence(sums: &OfferingSums, figures: &Comparison, baselines: &BaselineFigures) -> EvidenceInput {
    let flow = &sums.flow;
    let lost = |pairs: statistics::ScoreSums, lost: statistics::ScoreSums| {
        attrition_from(&Moments::from(&pairs), &Moments::from(&lost)).flagged
    };
    let mut comparison_lost = statistics::ScoreSums::default();
    sums.compared.iter().for_each(|of| comparison_lost.merge(&of.comparison_lost));
    EvidenceInput {
        supervisor_pairs: count(sums.trained.n),
        rater_changed_pairs: flow.rater_changed,
        compared_pairs: count(sums.matched().n),
        comparison_pairs: match figures.headline {
            Headline::Difference => count(sums.comparison().n),
            Headline::Change => 0,
        },
        self_pairs: flow.self_pairs,
        follow_ups_due: flow.follow_up_due,
        follow_ups_answered: flow.follow_up_answered,
        attrition_flagged: lost(sums.trained.baselines(), sums.lost)
            || lost(sums.comparison().baselines(), comparison_lost),
        comparison_due: sums.compared.iter().map(|of| of.comparison_due).sum(),
        comparison_answered: count(sums.comparison().n),
        baselines_differ: differ(baselines),
        by_lot: sums.is_by_lot(),
        few_raters: figures.decisive().probably_too_narrow(),
        nominated: flow.participants,
        nominated_for_weakness: flow.for_weakness,
    }
}

/// The headline if nobody who was lost had changed, with an interval as the headline has one: as much wider than that of
/// people as the headline's is, because people share raters. Otherwise the bound could say less, or more, for the method
/// alone. Where nobody was lost it is the headline.
fn bounded(sums: &OfferingSums, figures: &Comparison, by_people: &Comparison, floor: Floor) -> Figure {
    if sums.lost.n == 0 {
        return figures.decisive();
    }
    let half =
        |figure: &Figure| figure.ci95().map(|[low, high]| (high - low) / 2.0).filter(|half| *half > 0.0);
    // With the lost, more may be compared than without: the bound is of what the headline is of.
    let like_headline = |of: &Comparison| match figures.headline {
        Headline::Difference => of.difference,
        Headline::Change => of.change,
    };
    let bound = like_headline(&Comparison::of(&sums.with_lost_unchanged(), Unit::PointsOf5, floor));
    let by_people = like_headline(by_people);
    let widths = half(&figures.decisive()).zip(half(&by_people)).zip(half(&bound)).zip(bound.value());
    match (widths, bound.status()) {
        (Some((((headline, people), bounded), value)), Status::Ok) => {
            let half = bounded * headline / people;
            Figure::ok(value, Some([value - half, value + half]), bound.unit(), bound.n().unwrap_or_default())
        }
        _ => bound,
    }
}

/// The headline without the pairs whose rater changed; hidden where those would follow by subtraction.
fn same_rater(sums: &OfferingSums, floor: Floor) -> Figure {
    if sums.same_rater.n == 0 && sums.trained.n > 0 {
        Figure::closed(Reason::SmallGroups, Unit::PointsOf5, 0).needing(floor.pairs())
    } else {
        Comparison::of(&sums.by_same_rater(), Unit::PointsOf5, floor).decisive()
    }
}

/// The headline alone.
pub fn headline(sums: &OfferingSums, floor: Floor) -> Figure {
    let figures = Robust::of(sums).on(Comparison::of(sums, Unit::PointsOf5, floor));
    let input = evidence(sums, &figures, &baselines(sums, &figures));
    asked(figures.decisive(), sums, evidence_grade(&input))
}

fn asked(figure: Figure, sums: &OfferingSums, evidence: Evidence) -> Figure {
    figure.invited(sums.whole_flow().follow_up_due).graded(evidence.grade)
}
