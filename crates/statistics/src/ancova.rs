//! The same comparison with the baseline adjusted for: the annex of the difference in differences.
//!
//! Right where the measured baseline, or chance, decided who was trained; for groups that differed before, change
//! scores are safer (Van Breukelen 2006, 2013). So it is shown beside the difference, and
//! where the two disagree the weaker of both verdicts is given.

use super::{
    DifferenceInference, Figure, Reason, Status, Verdict, comparison,
    moments::{PairMoments, total},
    thresholds::ZERO_SPREAD,
    verdict::{verdict, weaker},
};

/// The groups compared at equal baselines, as far as it can be computed; not yet fit to be shown, see
/// [`ancova_figures`](super::ancova_figures).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ancova {
    /// Complete pairs of the trained.
    pub n_trained: usize,
    /// Complete pairs of the comparison group.
    pub n_comparison: usize,
    /// The effect and how sure it is, or why there is none: then only the difference in differences is given.
    pub inference: Result<AncovaInference, Reason>,
}

/// The regression of the score after on the score before and the group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AncovaInference {
    /// By how much more the trained reached than others with the same baseline, in points.
    pub effect: f64,
    /// Its interval, standard error, t and degrees of freedom (people minus three).
    pub difference: DifferenceInference,
    /// Points after for each point before, within the groups.
    pub slope: f64,
}

/// Compares the trained and the comparison group within each of some offerings at equal baselines, with one slope for all
/// and the offerings weighted as in [`difference_within`](super::difference_within).
pub fn ancova_within(offerings: &[[PairMoments; 2]]) -> Ancova {
    let people = |group: usize| offerings.iter().filter_map(|pair| pair.get(group)).map(PairMoments::n).sum();
    Ancova { n_trained: people(0), n_comparison: people(1), inference: infer(offerings) }
}

/// Sums of squares and products within a group, of baselines and changes.
///
/// Changes instead of scores after: where everybody changed alike, nothing is left, instead of rounding.
#[derive(Clone, Copy, Default)]
struct Within {
    baselines: f64,
    product: f64,
    changes: f64,
}

impl Within {
    fn of(group: &PairMoments) -> Self {
        let baselines = group.before.ss;
        Self { baselines, product: group.cross - baselines, changes: group.change.ss }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            baselines: self.baselines + other.baselines,
            product: self.product + other.product,
            changes: self.changes + other.changes,
        }
    }

    /// What the baseline leaves unexplained; rounding counts as 0.
    fn residual(self) -> f64 {
        let left = self.changes - self.product * self.product / self.baselines;
        if left <= ZERO_SPREAD * self.changes { 0.0 } else { left }
    }
}

fn infer(offerings: &[[PairMoments; 2]]) -> Result<AncovaInference, Reason> {
    let sum = |group: usize| {
        let groups = offerings.iter().filter_map(move |pair| pair.get(group));
        let within = groups.clone().map(Within::of).fold(Within::default(), Within::plus);
        (groups.map(PairMoments::n).sum::<usize>(), within)
    };
    let ((n, of_trained), (m, of_comparison)) = (sum(0), sum(1));
    comparison::too_few(n, m)?;
    let pooled = of_trained.plus(of_comparison);
    if pooled.baselines == 0.0 {
        return Err(Reason::ConstantBaselines);
    }
    let residual = pooled.residual();
    if residual == 0.0 {
        return Err(Reason::ZeroVarianceOfResidual);
    }
    let weight = |trained: &PairMoments| trained.n() as f64 / n as f64;
    let mean = |of: fn(&PairMoments) -> f64| {
        total(offerings.iter().map(|[one, other]| weight(one) * (of(one) - of(other))))
    };
    let (apart, gained) = (mean(|group| group.before.mean), mean(|group| group.change.mean));
    let on_change = pooled.product / pooled.baselines;
    let effect = gained - on_change * apart;
    let sizes = total(
        offerings
            .iter()
            .map(|[one, other]| weight(one).powi(2) * (1.0 / one.n() as f64 + 1.0 / other.n() as f64)),
    );
    let people = (n + m) as f64;
    let df = people - 2.0 * offerings.len() as f64 - 1.0;
    let variance = residual / df * (sizes + apart * apart / pooled.baselines);
    let inference = AncovaInference {
        effect,
        difference: DifferenceInference::new(effect, variance.sqrt(), df)?,
        slope: 1.0 + on_change,
    };
    inference.slope.is_finite().then_some(inference).ok_or(Reason::NotFinite)
}

/// Whether the answer depends on the method: the two effects are not put into the same words. Signs alone say nothing,
/// since +0.01 and -0.01 are both practically no change. Figures that are closed decide nothing.
pub fn depends_on_method(difference: &Figure, adjusted: &Figure, smallest_change: f64) -> bool {
    words(difference, smallest_change)
        .zip(words(adjusted, smallest_change))
        .is_some_and(|(one, other)| one != other)
}

/// The verdict on the difference that survives the annex: where the answer depends on the method, the weaker one.
pub fn settled_by_both(
    said: Verdict,
    difference: &Figure,
    adjusted: &Figure,
    smallest_change: f64,
) -> Verdict {
    match words(adjusted, smallest_change) {
        Some(other) if depends_on_method(difference, adjusted, smallest_change) => weaker(said, other),
        _ => said,
    }
}

fn words(figure: &Figure, smallest_change: f64) -> Option<Verdict> {
    let ci95 = figure.ci95().filter(|_| figure.status() == Status::Ok)?;
    Some(verdict(ci95, smallest_change))
}

/// Of one offering, from the people's ratings before and after.
#[cfg(test)]
pub(super) fn of_rows(trained: &[(f64, f64)], comparison: &[(f64, f64)]) -> Ancova {
    ancova_within(&[[PairMoments::of(trained), PairMoments::of(comparison)]])
}

#[cfg(test)]
mod tests {
    use super::super::Unit;
    use super::*;

    const RISING: [(f64, f64); 4] = [(3.0, 3.5), (2.0, 3.0), (4.0, 4.25), (3.5, 3.5)];

    fn reason(trained: &[(f64, f64)], comparison: &[(f64, f64)]) -> Option<Reason> {
        of_rows(trained, comparison).inference.err()
    }

    #[test]
    fn where_it_has_no_answer() {
        assert_eq!(reason(&[], &RISING), Some(Reason::NoCompletePairs));
        assert_eq!(reason(&RISING, &RISING[..1]), Some(Reason::ComparisonTooSmall));
        let flat = [(3.0, 3.5), (3.0, 4.0), (3.0, 3.0)];
        assert_eq!(reason(&flat, &flat), Some(Reason::ConstantBaselines));
        let apart = [(4.0, 3.5), (4.0, 4.0), (4.0, 3.0)];
        assert_eq!(reason(&flat, &apart), Some(Reason::ConstantBaselines), "the group tells the baseline");
        let alike = [(3.1, 3.2), (2.8, 2.9), (4.1, 4.2)];
        assert_eq!(reason(&alike, &alike), Some(Reason::ZeroVarianceOfResidual));
        let line = [(1.0, 2.0), (2.0, 2.5), (4.0, 3.5)];
        assert_eq!(reason(&line, &[(2.0, 2.0), (3.0, 2.5)]), Some(Reason::ZeroVarianceOfResidual));
    }

    #[test]
    fn methods_that_disagree() {
        let figure = |value: f64, ends: [f64; 2]| Figure::ok(value, Some(ends), Unit::PointsOf5, 40);
        use Verdict::{CannotTellYet, ClearImprovement, ImprovementSizeUncertain, PracticallyNoChange};
        let table = [
            ([0.1, 0.6], [0.1, 0.5], ImprovementSizeUncertain, ImprovementSizeUncertain),
            ([0.3, 0.6], [0.1, 0.5], ClearImprovement, ImprovementSizeUncertain),
            ([0.1, 0.6], [-0.1, 0.5], ImprovementSizeUncertain, CannotTellYet),
            ([0.3, 0.6], [-0.6, -0.1], ClearImprovement, CannotTellYet),
            // Opposite signs of what is practically nothing are no disagreement.
            ([-0.1, 0.12], [-0.12, 0.1], PracticallyNoChange, PracticallyNoChange),
            ([-0.1, 0.1], [-0.2, 0.4], PracticallyNoChange, CannotTellYet),
        ];
        for (one, other, said, stands) in table {
            let centre = |ends: [f64; 2]| figure(f64::midpoint(ends[0], ends[1]), ends);
            assert_eq!(verdict(one, 0.25), said);
            assert_eq!(
                settled_by_both(said, &centre(one), &centre(other), 0.25),
                stands,
                "{one:?} {other:?}"
            );
            let differ = verdict(one, 0.25) != verdict(other, 0.25);
            assert_eq!(depends_on_method(&centre(one), &centre(other), 0.25), differ, "{one:?} {other:?}");
        }
        let closed = Figure::closed(Reason::FewerThanNeeded, Unit::PointsOf5, 9);
        assert!(!depends_on_method(&figure(0.3, [0.1, 0.6]), &closed, 0.25));
    }
}
