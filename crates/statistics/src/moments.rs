//! Means and sums of squares that survive large offsets, from rows or from exact sums.

use super::{
    sums::{PairSums, SCALE, ScoreSums},
    thresholds::ZERO_SPREAD,
};

/// Keeps the finite values, sorted: a sum then has the same bits in whichever order the rows arrived.
pub(super) fn finite_sorted(values: &[f64]) -> Vec<f64> {
    let mut kept: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    kept.sort_by(f64::total_cmp);
    kept
}

/// Keeps the pairs with both ratings, sorted for the same reason as in [`finite_sorted`].
pub(super) fn complete_pairs(pairs: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> =
        pairs.iter().copied().filter(|(before, after)| before.is_finite() && after.is_finite()).collect();
    kept.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.total_cmp(&right.1)));
    kept
}

/// A sum with the same bits in whichever order its terms arrive.
pub(super) fn total(terms: impl Iterator<Item = f64>) -> f64 {
    let mut terms: Vec<f64> = terms.collect();
    terms.sort_by(f64::total_cmp);
    terms.iter().sum()
}

/// The mean, none of nothing.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let n = values.len() as f64;
    let first = values.iter().sum::<f64>() / n;
    // The second pass takes back what the first sum lost to a large offset.
    Some(first + values.iter().map(|value| value - first).sum::<f64>() / n)
}

/// The count, mean and sum of squares of one variable: all that the figures need of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    /// People.
    pub n: usize,
    /// Their mean in points; 0 of nobody.
    pub mean: f64,
    /// Sum of the squared deviations from the mean; float noise counts as exactly 0.
    pub ss: f64,
}

/// The moments of scores before, after and of their changes, and how before and after go together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PairMoments {
    /// Of the scores before.
    pub before: Moments,
    /// Of the scores after.
    pub after: Moments,
    /// Of after minus before; kept apart, as it would drown in the rounding of the other two.
    pub change: Moments,
    /// Sum of the products of both deviations from their means.
    pub cross: f64,
}

impl Moments {
    /// The moments of the finite values among these, the same for every order.
    pub fn of(values: &[f64]) -> Self {
        Self::of_sorted(&finite_sorted(values))
    }

    /// The moments of values in this very order, in two passes.
    pub(super) fn of_sorted(values: &[f64]) -> Self {
        let Some(centre) = mean(values) else { return Self::default() };
        let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
        let largest = values.iter().fold(1.0_f64, |largest, value| largest.max(value.abs()));
        let noise = (squares / values.len().saturating_sub(1).max(1) as f64).sqrt() <= ZERO_SPREAD * largest;
        Self { n: values.len(), mean: centre, ss: if noise { 0.0 } else { squares } }
    }

    /// The mean, none of nobody.
    pub(super) fn centre(&self) -> Option<f64> {
        (self.n > 0).then_some(self.mean)
    }

    /// The variance with n - 1, none of fewer than two.
    pub(super) fn variance(&self) -> Option<f64> {
        (self.n > 1).then(|| self.ss / (self.n - 1) as f64)
    }

    /// The root of [`Self::variance`].
    pub(super) fn spread(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// The squared standard error of the mean.
    pub(super) fn squared_error(&self) -> Option<f64> {
        self.variance().map(|variance| variance / self.n as f64)
    }
}

impl PairMoments {
    /// The moments of the complete pairs among these, the same for every order.
    pub fn of(pairs: &[(f64, f64)]) -> Self {
        let pairs = complete_pairs(pairs);
        let (before, after) = columns(&pairs);
        let (before, after) = (Moments::of_sorted(&before), Moments::of_sorted(&after));
        let deviations = pairs.iter().map(|pair| (pair.0 - before.mean) * (pair.1 - after.mean));
        let cross = if before.ss == 0.0 || after.ss == 0.0 { 0.0 } else { deviations.sum() };
        Self { before, after, change: Moments::of_sorted(&changes(&pairs)), cross }
    }

    /// Complete pairs.
    pub fn n(&self) -> usize {
        self.change.n
    }

    /// The product-moment correlation; none when either side has no spread.
    pub(super) fn correlation(&self) -> Option<f64> {
        let product = self.before.spread()? * self.after.spread()?;
        let r = self.cross / (product * (self.n() - 1) as f64);
        r.is_finite().then(|| r.clamp(-1.0, 1.0))
    }
}

impl From<&ScoreSums> for Moments {
    /// Exact: one rounding for the mean and one for the sum of squares.
    fn from(sums: &ScoreSums) -> Self {
        exact(sums.n, sums.sum.into(), sums.squared.into(), sums.squared < i64::MAX)
    }
}

impl From<&PairSums> for PairMoments {
    /// Exact: one rounding for each number.
    fn from(sums: &PairSums) -> Self {
        let fits = sums.before_squared < i64::MAX && sums.after_squared < i64::MAX;
        let [before, after, before_squared, after_squared, product] =
            [sums.before, sums.after, sums.before_squared, sums.after_squared, sums.product].map(i128::from);
        Self {
            before: exact(sums.n, before, before_squared, fits),
            after: exact(sums.n, after, after_squared, fits),
            change: exact(sums.n, after - before, before_squared + after_squared - 2 * product, fits),
            cross: centred(sums.n, i128::from(sums.n) * product - before * after),
        }
    }
}

/// The moments behind a sum and a sum of squares in ten-thousandths of a point; not numbers, so that every gate
/// closes, where the sums did not fit or belong to no set of values.
fn exact(n: i64, sum: i128, squared: i128, fits: bool) -> Moments {
    let spread = i128::from(n)
        .checked_mul(squared)
        .zip(sum.checked_mul(sum))
        .and_then(|(all, of_mean)| all.checked_sub(of_mean));
    let people = usize::try_from(n).unwrap_or(0);
    match spread.filter(|spread| *spread >= 0 && fits) {
        _ if people == 0 => Moments::default(),
        Some(spread) => {
            Moments { n: people, mean: sum as f64 / (n as f64 * SCALE as f64), ss: centred(n, spread) }
        }
        None => Moments { n: people, mean: f64::NAN, ss: f64::NAN },
    }
}

/// From n times a centred sum in squared units to the centred sum in squared points; 0 of nobody.
fn centred(n: i64, times_n: i128) -> f64 {
    if n <= 0 { 0.0 } else { times_n as f64 / (n as f64 * (SCALE * SCALE) as f64) }
}

/// Splits pairs into the column before and the column after.
pub(super) fn columns(pairs: &[(f64, f64)]) -> (Vec<f64>, Vec<f64>) {
    pairs.iter().copied().unzip()
}

/// After minus before, person by person.
pub(super) fn changes(pairs: &[(f64, f64)]) -> Vec<f64> {
    pairs.iter().map(|(before, after)| after - before).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard_deviation(values: &[f64]) -> Option<f64> {
        Moments::of(values).spread()
    }

    #[test]
    fn an_offset_of_a_hundred_million_leaves_the_spread() {
        // Multiples of 1/8 stay exact at that size, so any difference would be the algorithm's.
        let values = [3.125, 3.25, 2.875, 4.5, 1.0, 2.0, 3.75];
        let moved = values.map(|value| value + 1e8);
        let (plain, offset) = (standard_deviation(&values), standard_deviation(&moved));
        assert!(plain.zip(offset).is_some_and(|(a, b)| (a - b).abs() < 1e-12), "{plain:?} {offset:?}");
        let difference = mean(&moved).zip(mean(&values)).map(|(a, b)| a - b - 1e8);
        assert!(difference.is_some_and(|difference| difference.abs() < 1e-7), "{difference:?}");
    }

    #[test]
    fn the_mean_keeps_what_a_long_sum_loses() {
        // Each value is exact, but the sum of so many is not: one pass alone is off by 2e-6.
        let moved: Vec<f64> = (0..3000).map(|i| 1e8 + f64::from(i % 7) / 1_048_576.0).collect();
        let plain: f64 = (0..3000).map(|i| f64::from(i % 7) / 1_048_576.0).sum::<f64>() / 3000.0;
        assert!(mean(&moved).is_some_and(|mean| (mean - 1e8 - plain).abs() < 1.5e-8), "{:?}", mean(&moved));
    }

    #[test]
    fn float_noise_is_no_spread() {
        let noisy = changes(&[(3.2, 3.3), (2.8, 2.9), (4.1, 4.2), (1.7, 1.8)]);
        assert!(noisy.windows(2).any(|two| matches!(two, [a, b] if a != b)), "the example must hold noise");
        assert_eq!(standard_deviation(&noisy), Some(0.0));
    }

    #[test]
    fn nothing_and_one_value() {
        assert_eq!((mean(&[]), standard_deviation(&[])), (None, None));
        assert_eq!((mean(&[2.5]), standard_deviation(&[2.5])), (Some(2.5), None));
    }
}
