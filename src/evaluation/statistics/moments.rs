//! Means and standard deviations that survive large offsets.

use super::thresholds::ZERO_SPREAD;

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

/// The standard deviation with n - 1, none of fewer than two; float noise counts as exactly 0.
pub(super) fn standard_deviation(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let centre = mean(values)?;
    let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    let spread = (squares / (values.len() - 1) as f64).sqrt();
    let largest = values.iter().fold(1.0_f64, |largest, value| largest.max(value.abs()));
    Some(if spread <= ZERO_SPREAD * largest { 0.0 } else { spread })
}

/// The product-moment correlation; none when either side has no spread.
pub(super) fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let (before, after) = columns(pairs);
    let product = standard_deviation(&before)? * standard_deviation(&after)?;
    let (centre_before, centre_after) = (mean(&before)?, mean(&after)?);
    let cross: f64 =
        pairs.iter().map(|(before, after)| (before - centre_before) * (after - centre_after)).sum();
    let r = cross / (product * (pairs.len() - 1) as f64);
    r.is_finite().then(|| r.clamp(-1.0, 1.0))
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
