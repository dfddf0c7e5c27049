//! The same comparison with the baseline adjusted for: the annex of the difference in differences.
//!
//! Right where the measured baseline, or chance, decided who was trained; for groups that differed before, change
//! scores are safer (Van Breukelen 2006, 2013; section 10 of the model). So it is shown beside the difference, and
//! where the two disagree the answer is «cannot tell yet».

use super::{
    DifferenceInference, Figure, Reason, Status, Verdict, comparison,
    moments::{Moments, PairMoments, complete_pairs},
    tails::two_sided_t,
    thresholds::ZERO_SPREAD,
};

/// The groups compared at equal baselines, as far as it can be computed; not yet fit to be shown, see
/// [`ancova_figures`](super::ancova_figures).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ancova {
    /// Complete pairs of the trained.
    pub n_trained: usize,
    /// Complete pairs of the comparison group.
    pub n_comparison: usize,
    /// The effect and how sure it is, or why there is none: then the difference in differences stands alone.
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
    /// The standard error of the effect that lets the residuals spread unevenly (HC3); none from sums, which no
    /// longer hold the residuals, and where one person alone determines the fit.
    pub hc3_standard_error: Option<f64>,
    /// The probability of slopes so different by chance; none where a group has no spread before or too few people.
    /// If it is small, the effect depends on the baseline and one number does not describe it.
    pub homogeneity_p: Option<f64>,
}

/// Compares two groups of people rated before and after, at equal baselines; incomplete pairs are left out.
pub fn ancova(trained: &[(f64, f64)], comparison: &[(f64, f64)]) -> Ancova {
    let groups = [trained, comparison].map(|pairs| (complete_pairs(pairs), PairMoments::of(pairs)));
    let [(_, of_trained), (_, of_comparison)] = &groups;
    let mut found = ancova_from(of_trained, of_comparison);
    if let Ok(inference) = &mut found.inference {
        inference.hc3_standard_error = hc3(&groups, inference.slope);
    }
    found
}

/// The same from the moments of both groups, which may come from sums put together.
pub fn ancova_from(trained: &PairMoments, comparison: &PairMoments) -> Ancova {
    Ancova { n_trained: trained.n(), n_comparison: comparison.n(), inference: infer(trained, comparison) }
}

/// Sums of squares and products within a group, of baselines and changes.
///
/// Changes instead of scores after: where everybody changed alike, nothing is left, instead of rounding.
#[derive(Clone, Copy)]
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

fn infer(trained: &PairMoments, comparison: &PairMoments) -> Result<AncovaInference, Reason> {
    comparison::too_few(trained.n(), comparison.n())?;
    let (of_trained, of_comparison) = (Within::of(trained), Within::of(comparison));
    let pooled = of_trained.plus(of_comparison);
    if pooled.baselines == 0.0 {
        return Err(Reason::ConstantBaselines);
    }
    let residual = pooled.residual();
    if residual == 0.0 {
        return Err(Reason::ZeroVarianceOfResidual);
    }
    let people = (trained.n() + comparison.n()) as f64;
    let apart = trained.before.mean - comparison.before.mean;
    let on_change = pooled.product / pooled.baselines;
    let effect = trained.change.mean - comparison.change.mean - on_change * apart;
    let sizes = 1.0 / trained.n() as f64 + 1.0 / comparison.n() as f64;
    let df = people - 3.0;
    let variance = residual / df * (sizes + apart * apart / pooled.baselines);
    let inference = AncovaInference {
        effect,
        difference: DifferenceInference::new(effect, variance.sqrt(), df)?,
        slope: 1.0 + on_change,
        hc3_standard_error: None,
        homogeneity_p: homogeneity(of_trained, of_comparison, people),
    };
    inference.slope.is_finite().then_some(inference).ok_or(Reason::NotFinite)
}

/// Whether both groups have one slope: the F test of the interaction, as a t test.
fn homogeneity(trained: Within, comparison: Within, people: f64) -> Option<f64> {
    let apart = trained.residual() + comparison.residual();
    let df = people - 4.0;
    let usable = trained.baselines > 0.0 && comparison.baselines > 0.0 && apart > 0.0 && df > 0.0;
    let gain = (trained.plus(comparison).residual() - apart).max(0.0);
    usable.then(|| two_sided_t((gain / (apart / df)).sqrt(), df)).filter(|p| p.is_finite())
}

/// The standard error of the effect after MacKinnon and White (1985): each residual over one minus its leverage.
fn hc3(groups: &[(Vec<(f64, f64)>, PairMoments); 2], slope: f64) -> Option<f64> {
    let [(_, trained), (_, comparison)] = groups;
    let baselines = trained.before.ss + comparison.before.ss;
    let apart = trained.before.mean - comparison.before.mean;
    let part = |group: &PairMoments, sign: f64, pair: &(f64, f64)| {
        let from_mean = |value: f64, moments: &Moments| value - moments.mean;
        let before = from_mean(pair.0, &group.before);
        let residual = from_mean(pair.1, &group.after) - slope * before;
        let free = 1.0 - 1.0 / group.n() as f64 - before * before / baselines;
        let weight = sign / group.n() as f64 - apart * before / baselines;
        (free > ZERO_SPREAD).then(|| (weight * residual / free).powi(2))
    };
    groups
        .iter()
        .zip([1.0, -1.0])
        .flat_map(|((pairs, group), sign)| pairs.iter().map(move |pair| part(group, sign, pair)))
        .sum::<Option<f64>>()
        .map(f64::sqrt)
}

/// Whether the answer depends on the method: the two effects have opposite signs, or one interval excludes 0 and the
/// other does not. Figures that are closed decide nothing.
pub fn depends_on_method(difference: &Figure, adjusted: &Figure) -> bool {
    let open = |figure: &Figure| {
        let ends = figure.ci95().filter(|_| figure.status() == Status::Ok)?;
        figure
            .value()
            .map(|value| (value, ends.iter().all(|end| *end > 0.0) || ends.iter().all(|end| *end < 0.0)))
    };
    open(difference).zip(open(adjusted)).is_some_and(|((value, excludes), (other, other_excludes))| {
        value * other < 0.0 || excludes != other_excludes
    })
}

/// The verdict on the difference that survives the annex: where the answer depends on the method, nothing is known.
pub fn settled_by_both(verdict: Verdict, difference: &Figure, adjusted: &Figure) -> Verdict {
    if depends_on_method(difference, adjusted) { Verdict::CannotTellYet } else { verdict }
}

#[cfg(test)]
mod tests {
    use super::super::Unit;
    use super::*;

    const RISING: [(f64, f64); 4] = [(3.0, 3.5), (2.0, 3.0), (4.0, 4.25), (3.5, 3.5)];

    fn reason(trained: &[(f64, f64)], comparison: &[(f64, f64)]) -> Option<Reason> {
        ancova(trained, comparison).inference.err()
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
    fn one_flat_group_leaves_the_effect_but_not_the_slopes() {
        let flat = [(3.0, 3.5), (3.0, 4.0), (3.0, 3.25)];
        let found = ancova(&RISING, &flat).inference.unwrap();
        assert_eq!(found.homogeneity_p, None);
        assert!(found.hc3_standard_error.is_some());
    }

    #[test]
    fn one_person_who_determines_the_fit_leaves_no_hc3() {
        let alone = [(3.0, 3.5), (3.0, 4.0), (3.0, 3.25)];
        let one_apart = [(2.0, 2.5), (2.0, 3.0), (2.0, 2.25)];
        let mut trained = alone.to_vec();
        trained.push((4.0, 4.0));
        // In the group of four the leverage of the last is 1/4 + 3/4.
        let found = ancova(&trained, &one_apart).inference.unwrap();
        assert_eq!(found.hc3_standard_error, None);
    }

    #[test]
    fn methods_that_disagree() {
        let figure = |value: f64, ends: [f64; 2]| Figure::ok(value, Some(ends), Unit::PointsOf5, 40);
        let table = [
            ([0.1, 0.6], [0.1, 0.5], false),
            ([0.1, 0.6], [-0.1, 0.5], true),
            ([0.1, 0.6], [0.0, 0.5], true),
            ([-0.1, 0.6], [-0.2, 0.5], false),
            ([-0.1, 0.6], [-0.6, 0.5], true),
            ([0.1, 0.6], [-0.6, -0.1], true),
            ([-0.1, 0.1], [-0.2, 0.4], false),
        ];
        for (one, other, depends) in table {
            let centre = |ends: [f64; 2]| figure(f64::midpoint(ends[0], ends[1]), ends);
            assert_eq!(depends_on_method(&centre(one), &centre(other)), depends, "{one:?} {other:?}");
            let verdict = settled_by_both(Verdict::ClearImprovement, &centre(one), &centre(other));
            assert_eq!(verdict == Verdict::CannotTellYet, depends);
        }
        let closed = Figure::closed(Reason::FewerThanNeeded, Unit::PointsOf5, 9);
        assert!(!depends_on_method(&figure(0.3, [0.1, 0.6]), &closed));
    }
}
