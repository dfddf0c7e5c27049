//! Changes of which only the order is trusted: single questions, classes, scores with outliers.

use std::collections::BTreeMap;

use super::{
    Reason,
    sums::{SCALE, units},
    tails::{fair_coins, two_sided_normal},
    thresholds::EXACT_SIGN_FLIPS,
};

/// The signed-rank test of Wilcoxon and what goes with it, as far as it can be computed; not yet fit to be shown, see
/// [`signed_rank_figures`](super::signed_rank_figures).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedRanks {
    /// Complete pairs.
    pub n: usize,
    /// Pairs that rose.
    pub up: usize,
    /// Pairs that fell.
    pub down: usize,
    /// The Hodges-Lehmann estimate of the change, in points: the median of the means of all pairs of changes, those
    /// of 0 included.
    pub location: Option<f64>,
    /// The test, or why there is none.
    pub test: Result<SignedRankTest, Reason>,
}

/// Whether rises and falls balance, by their ranks and by their number alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedRankTest {
    /// Sum of the ranks of those that rose; ties share their mean rank.
    pub w_plus: f64,
    /// Sum of the ranks of those that fell.
    pub w_minus: f64,
    /// Two-sided: exact over all sign flips up to sixteen changes, also under ties; beyond, the normal
    /// approximation with corrections for continuity and ties.
    pub p: f64,
    /// Whether `p` is exact.
    pub exact: bool,
    /// Difference of both sums over their total, -1 to 1: 1 where all rose.
    pub rank_biserial: f64,
    /// The sign test: two-sided and exact, by the number of rises and falls alone.
    pub sign_p: f64,
}

impl SignedRanks {
    /// Pairs that did not change.
    pub fn unchanged(&self) -> usize {
        self.n - self.up - self.down
    }
}

/// Ranks the changes of people measured twice; incomplete pairs are left out.
///
/// Section 5 of the model. Changes are compared in ten-thousandths of a point, so that 3.3 - 3.2 and 2.9 - 2.8 tie.
pub fn signed_ranks(pairs: &[(f64, f64)]) -> SignedRanks {
    let changes = count(pairs);
    let people = |keep: fn(i64) -> bool| {
        changes.iter().filter(|(change, _)| keep(**change)).map(|(_, people)| *people).sum::<usize>()
    };
    SignedRanks {
        n: people(|_| true),
        up: people(|change| change > 0),
        down: people(|change| change < 0),
        location: hodges_lehmann(&changes),
        test: test(&changes),
    }
}

/// How many people changed by how many ten-thousandths.
fn count(pairs: &[(f64, f64)]) -> BTreeMap<i64, usize> {
    let mut changes = BTreeMap::new();
    for (before, after) in pairs.iter().filter_map(|pair| units(pair.0).zip(units(pair.1))) {
        *changes.entry(after - before).or_default() += 1;
    }
    changes
}

/// Changes of one size: how many rose, how many fell, and twice the rank they share.
struct Tie {
    up: usize,
    down: usize,
    twice_rank: usize,
}

fn ties(changes: &BTreeMap<i64, usize>) -> Vec<Tie> {
    let mut sizes = BTreeMap::<u64, (usize, usize)>::new();
    for (change, people) in changes.iter().filter(|(change, _)| **change != 0) {
        let (up, down) = sizes.entry(change.unsigned_abs()).or_default();
        *if *change > 0 { up } else { down } += people;
    }
    let mut smaller = 0;
    sizes
        .into_values()
        .map(|(up, down)| {
            let tie = Tie { up, down, twice_rank: 2 * smaller + up + down + 1 };
            smaller += up + down;
            tie
        })
        .collect()
}

fn test(changes: &BTreeMap<i64, usize>) -> Result<SignedRankTest, Reason> {
    let ties = ties(changes);
    let sum = |people: fn(&Tie) -> usize| ties.iter().map(|tie| people(tie) * tie.twice_rank).sum::<usize>();
    let (up, down) =
        (ties.iter().map(|tie| tie.up).sum::<usize>(), ties.iter().map(|tie| tie.down).sum::<usize>());
    if up + down == 0 {
        return Err(if changes.is_empty() { Reason::NoCompletePairs } else { Reason::NoNonzeroChange });
    }
    let (twice_plus, twice_minus) = (sum(|tie| tie.up), sum(|tie| tie.down));
    let exact = up + down <= EXACT_SIGN_FLIPS;
    Ok(SignedRankTest {
        w_plus: twice_plus as f64 / 2.0,
        w_minus: twice_minus as f64 / 2.0,
        p: if exact { sign_flips(&ties, twice_plus) } else { approximate(&ties, twice_plus, twice_minus) },
        exact,
        rank_biserial: (twice_plus as f64 - twice_minus as f64) / (twice_plus + twice_minus) as f64,
        sign_p: fair_coins(up as u64, (up + down) as u64).unwrap_or(f64::NAN),
    })
}

/// The exact two-sided probability: over all 2^n ways to sign the ranks, those at least as far to one side.
fn sign_flips(ties: &[Tie], twice_plus: usize) -> f64 {
    let mut ways = BTreeMap::from([(0_usize, 1_u64)]);
    for rank in ties.iter().flat_map(|tie| std::iter::repeat_n(tie.twice_rank, tie.up + tie.down)) {
        for (sum, count) in ways.clone() {
            *ways.entry(sum + rank).or_default() += count;
        }
    }
    let all: u64 = ways.values().sum();
    let low: u64 = ways.range(..=twice_plus).map(|(_, count)| count).sum();
    let high: u64 = ways.range(twice_plus..).map(|(_, count)| count).sum();
    (2.0 * low.min(high) as f64 / all as f64).min(1.0)
}

fn approximate(ties: &[Tie], twice_plus: usize, twice_minus: usize) -> f64 {
    let n = ties.iter().map(|tie| tie.up + tie.down).sum::<usize>() as f64;
    let tied: f64 = ties.iter().map(|tie| (tie.up + tie.down) as f64).map(|t| t * t * t - t).sum();
    let variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - tied / 48.0;
    // Half the difference of both sums is how far either is from its mean; the steps of W are at least one half.
    let distance = twice_plus.abs_diff(twice_minus) as f64 / 4.0;
    two_sided_normal((distance - 0.5).max(0.0) / variance.sqrt())
}

/// The median of all (a + b) / 2 with a not after b, found by bisection: there may be too many to list.
fn hodges_lehmann(changes: &BTreeMap<i64, usize>) -> Option<f64> {
    let mut people = 0_u64;
    let below: Vec<(i64, u64)> = changes
        .iter()
        .map(|(change, count)| {
            people += *count as u64;
            (*change, people)
        })
        .collect();
    let at_most = |limit: i64| {
        let place = below.partition_point(|(change, _)| *change <= limit);
        place.checked_sub(1).and_then(|last| below.get(last)).map_or(0, |(_, people)| *people)
    };
    // Each pair counts twice among the ordered ones, each change with itself once.
    let averages_at_most = |twice: i64| {
        let ordered: u64 =
            changes.iter().map(|(change, count)| *count as u64 * at_most(twice - change)).sum();
        (ordered + at_most(twice.div_euclid(2))) / 2
    };
    let (first, last) = (2 * changes.keys().next()?, 2 * changes.keys().next_back()?);
    let nth = |rank: u64| {
        let (mut low, mut high) = (first, last);
        while low < high {
            let middle = low + (high - low) / 2;
            if averages_at_most(middle) >= rank {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    };
    let averages = people * (people + 1) / 2;
    let twice = nth(averages.div_ceil(2)) + nth(averages / 2 + 1);
    Some(twice as f64 / (4 * SCALE) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_zero(changes: &[f64]) -> Vec<(f64, f64)> {
        changes.iter().map(|change| (3.0, 3.0 + change)).collect()
    }

    #[test]
    fn nobody_and_nobody_changed() {
        let nobody = signed_ranks(&[(f64::NAN, 1.0), (1.0, f64::INFINITY)]);
        assert_eq!((nobody.n, nobody.location, nobody.test), (0, None, Err(Reason::NoCompletePairs)));
        let still = signed_ranks(&from_zero(&[0.0; 12]));
        assert_eq!((still.n, still.unchanged(), still.location), (12, 12, Some(0.0)));
        assert_eq!(still.test, Err(Reason::NoNonzeroChange));
    }

    #[test]
    fn float_noise_ties() {
        let noisy = signed_ranks(&[(3.2, 3.3), (2.8, 2.9), (4.2, 4.1), (1.7, 1.7)]);
        let test = noisy.test.unwrap();
        assert_eq!((test.w_plus, test.w_minus, noisy.unchanged()), (4.0, 2.0, 1));
    }

    #[test]
    fn exact_up_to_sixteen() {
        let rising = |n: i32| (1..=n).map(|i| f64::from(i) / 10.0).collect::<Vec<_>>();
        let found = |n| signed_ranks(&from_zero(&rising(n))).test.unwrap();
        assert_eq!((found(16).exact, found(16).p), (true, 2.0 / 65_536.0));
        assert!(!found(17).exact && found(17).p < 1e-3);
        // With five, even the most extreme outcome has p = 0.0625: the reason for the show limit of six.
        assert_eq!((found(5).p, found(6).p), (0.0625, 0.03125));
    }

    #[test]
    fn the_median_of_all_averages_is_found_without_listing_them() {
        let changes = [0.4, -0.2, 1.1, 0.0, 0.0, 0.7, -1.3, 0.4, 2.0];
        for n in 1..=changes.len() {
            let mut averages: Vec<f64> = (0..n)
                .flat_map(|i| (i..n).map(move |j| (i, j)))
                .map(|(i, j)| f64::midpoint(changes[i], changes[j]))
                .collect();
            averages.sort_by(f64::total_cmp);
            let expected = f64::midpoint(averages[(averages.len() - 1) / 2], averages[averages.len() / 2]);
            let found = signed_ranks(&from_zero(&changes[..n])).location.unwrap();
            assert!((found - expected).abs() < 1e-12, "{n}: {found} is not {expected}");
        }
    }
}
