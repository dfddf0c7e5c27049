//! Institutes and lecturers side by side: each drawn to the mean of all, the more so the less its own people show.
//!
//! In a raw table the small ones lead and trail by luck: of twenty equal institutes the leader is one of the
//! smallest in 73 of 100 tables. So a group's mean is weighted by its reliability, and the
//! order counts only where the groups certainly differ and each is measured well enough.

use super::{
    Reason,
    families::{benjamini_hochberg, discovered},
    moments::{Moments, total},
    noncentral::normal_cdf,
    tails::{f_above, two_sided_normal},
    thresholds::{RELIABILITY_PLACED, Z_975},
};

/// Groups compared with each other, as far as it can be computed; not yet fit to be shown, see
/// [`list_figures`](super::list_figures).
///
/// The intervals treat the overall mean and the variance between the groups as known, which they are not: say
/// «approximate».
#[derive(Debug, Clone, PartialEq)]
pub struct Shrinkage {
    /// The mean of all groups, in points, weighted by how exactly each is known.
    pub overall: f64,
    /// Variance of one person's value within a group, pooled, in squared points.
    pub within: f64,
    /// Variance between the true means of the groups (DerSimonian and Laird), in squared points; 0 where chance
    /// alone explains the differences.
    pub between: f64,
    /// Cochran's Q: how far the means lie apart, in units of chance.
    pub q: f64,
    /// The probability of so large a Q if all groups were equal. From the F distribution of Q/(k-1), which is exact
    /// for pooled variances; χ² would take the variance for known and be too sure.
    pub p: f64,
    /// Each group in the order it came, none where it has fewer than two people and was not used.
    pub groups: Vec<Option<ShrunkenMean>>,
}

/// One group among others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShrunkenMean {
    /// People.
    pub n: usize,
    /// Their mean as it is.
    pub raw: f64,
    /// How much of a difference between such means is real, 0 to 1: the weight of the group's own mean.
    pub reliability: f64,
    /// The mean drawn to the overall one.
    pub shrunken: f64,
    /// Its approximate 95 % interval.
    pub ci95: [f64; 2],
    /// The place expected under this uncertainty, 1 for the highest: one plus the chances of each other to be higher.
    pub expected_rank: f64,
    /// Whether it lies apart from the overall mean, after allowing for how many groups are looked at.
    pub stands_out: bool,
}

impl Shrinkage {
    /// Whether an order of the groups may be shown: they differ (after the correction for the family of tests), and
    /// each of those used is measured with a reliability of at least 0.70 (Adams et al. 2010).
    ///
    /// `q` is the probability [`Shrinkage::p`] after [`benjamini_hochberg`]; of a single list, that is `p` itself.
    pub fn ranking_supported(&self, q: f64) -> bool {
        discovered(Some(q))
            && self.groups.iter().flatten().all(|group| group.reliability >= RELIABILITY_PLACED)
    }

    fn is_finite(&self) -> bool {
        let known = self.groups.iter().flatten().all(|group| group.shrunken.is_finite());
        known
            && [self.overall, self.within, self.between, self.q, self.p]
                .iter()
                .all(|number| number.is_finite())
    }
}

/// Draws the mean of each group to that of all, by its reliability; groups of fewer than two people are not used.
pub fn shrink(groups: &[Moments]) -> Result<Shrinkage, Reason> {
    let used: Vec<Moments> = groups.iter().copied().filter(|group| group.n > 1).collect();
    if used.len() < 2 {
        return Err(Reason::TooFewGroups);
    }
    let size = |group: &Moments| group.n as f64;
    let people = total(used.iter().map(size));
    let (apart, free) = (used.len() as f64 - 1.0, people - used.len() as f64);
    let within = total(used.iter().map(|group| group.ss)) / free;
    if within == 0.0 {
        return Err(Reason::ZeroVarianceWithin);
    }
    let centre = weighted_mean(&used, size);
    let q = total(used.iter().map(|group| size(group) * (group.mean - centre).powi(2))) / within;
    let squares = total(used.iter().map(|group| size(group).powi(2)));
    let between = (within * (q - apart) / (people - squares / people)).max(0.0);
    let overall = weighted_mean(&used, |group| 1.0 / (between + within / size(group)));
    let found = Shrinkage {
        overall,
        within,
        between,
        q,
        p: f_above(q / apart, apart, free),
        groups: place(groups, overall, within, between),
    };
    found.is_finite().then_some(found).ok_or(Reason::NotFinite)
}

/// What is believed of a group's true mean.
struct Belief {
    reliability: f64,
    mean: f64,
    variance: f64,
}

fn place(groups: &[Moments], overall: f64, within: f64, between: f64) -> Vec<Option<ShrunkenMean>> {
    let beliefs: Vec<Option<Belief>> = groups
        .iter()
        .map(|group| (group.n > 1).then(|| Belief::of(group, overall, within / group.n as f64, between)))
        .collect();
    let alike: Vec<Option<f64>> = beliefs.iter().map(|belief| belief.as_ref()?.alike(overall)).collect();
    groups
        .iter()
        .zip(&beliefs)
        .zip(benjamini_hochberg(&alike))
        .map(|((group, belief), q)| {
            let belief = belief.as_ref()?;
            let half = Z_975 * belief.variance.sqrt();
            Some(ShrunkenMean {
                n: group.n,
                raw: group.mean,
                reliability: belief.reliability,
                shrunken: belief.mean,
                ci95: [belief.mean - half, belief.mean + half],
                // Itself among the others it beats with one half, the other half of the place it takes.
                expected_rank: 0.5 + total(beliefs.iter().flatten().map(|other| belief.chance_below(other))),
                stands_out: discovered(q),
            })
        })
        .collect()
}

impl Belief {
    fn of(group: &Moments, overall: f64, error: f64, between: f64) -> Self {
        let reliability = between / (between + error);
        let mean = overall + reliability * (group.mean - overall);
        Self { reliability, mean, variance: reliability * error }
    }

    /// The probability of so much distance from the overall mean if there were none; none where nothing is known.
    fn alike(&self, overall: f64) -> Option<f64> {
        (self.variance > 0.0).then(|| two_sided_normal((self.mean - overall) / self.variance.sqrt()))
    }

    /// The chance that the other's true mean is higher.
    fn chance_below(&self, other: &Self) -> f64 {
        let spread = (self.variance + other.variance).sqrt();
        if spread > 0.0 { normal_cdf((other.mean - self.mean) / spread) } else { 0.5 }
    }
}

fn weighted_mean(groups: &[Moments], weight: impl Fn(&Moments) -> f64) -> f64 {
    total(groups.iter().map(|group| weight(group) * group.mean)) / total(groups.iter().map(&weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(n: usize, mean: f64) -> Moments {
        Moments { n, mean, ss: 0.2 * (n.max(1) - 1) as f64 }
    }

    #[test]
    fn too_few_groups_and_no_spread() {
        assert_eq!(shrink(&[]).unwrap_err(), Reason::TooFewGroups);
        assert_eq!(shrink(&[group(9, 1.0), group(1, 2.0), group(0, 0.0)]).unwrap_err(), Reason::TooFewGroups);
        let flat = |mean| Moments { n: 5, mean, ss: 0.0 };
        assert_eq!(shrink(&[flat(1.0), flat(2.0)]).unwrap_err(), Reason::ZeroVarianceWithin);
        let huge = Moments { n: 5, mean: f64::NAN, ss: f64::NAN };
        assert_eq!(shrink(&[huge, group(9, 1.0)]).unwrap_err(), Reason::NotFinite);
    }

    #[test]
    fn groups_that_chance_explains_are_all_the_same() {
        let found = shrink(&[group(8, 1.0), group(3, 1.1), group(20, 0.95), group(1, 9.0)]).unwrap();
        assert_eq!((found.between, found.groups[3]), (0.0, None));
        for group in found.groups.iter().flatten() {
            assert_eq!((group.shrunken, group.reliability, group.expected_rank), (found.overall, 0.0, 2.0));
            assert_eq!((group.ci95, group.stands_out), ([found.overall; 2], false));
        }
        assert!(!found.ranking_supported(0.001));
    }

    #[test]
    fn an_order_needs_differences_and_reliability() {
        let far = [group(30, 1.0), group(30, 2.0), group(30, 3.0), group(1, 2.0)];
        let found = shrink(&far).unwrap();
        assert!(found.p < 1e-6 && found.ranking_supported(found.p), "the one not used is in nobody's way");
        assert!(!found.ranking_supported(0.051));
        assert!(found.groups[0].is_some_and(|group| group.stands_out));
        assert!(found.groups[1].is_some_and(|group| !group.stands_out));
        let near = [group(30, 1.0), group(2, 1.4), group(30, 1.4)];
        let found = shrink(&near).unwrap();
        assert!(!found.ranking_supported(0.001), "two people place nobody: {found:?}");
    }
}
