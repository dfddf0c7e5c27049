//! How far the trends of both groups may be apart until the effect is no longer there.

use super::super::student::t_quantile_of;
use super::super::thresholds::TAIL;
use super::{Design, Estimate};

/// How large a violation of equal trends the mean effect after the course withstands: the restriction by relative
/// magnitudes of Rambachan and Roth (2023), with intervals by Bonferroni.
///
/// Suppose that after the course, in each quarter and group, the trained would have moved away from the others by at
/// most `M` times the largest difference in trend of a quarter before the course. After `k` quarters the two are then at
/// most `k` times as far apart, and the mean over the first `k` quarters is off by at most `(k + 1) / 2` of it. The
/// breakdown is the largest `M` at which the interval of the mean still excludes zero.
///
/// The largest difference before is not known but estimated. So the upper ends of the intervals of all these
/// differences are used. Half of the 5 % goes to the mean, the other half is shared by the differences: with 95 %
/// certainty none of the intervals misses. This is simpler than the conditional inference of Rambachan and Roth,
/// and as a rule more careful: their breakdown values are mostly larger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sensitivity {
    /// The largest difference in trend before the course, as it was estimated: points per quarter, without its sign.
    pub largest_trend: f64,
    /// The largest that the scores are compatible with.
    pub largest_trend_upper: f64,
    /// How many differences before the course there are.
    pub trends: usize,
    /// How many times larger than `largest_trend_upper` a difference in trend after the course may be. 0: the mean is
    /// not distinguishable from zero even if both groups would have moved exactly alike.
    pub breakdown: f64,
}

/// None without any trend before the course, or without an interval of one of them or of the mean.
pub(super) fn breakdown(
    design: &Design<'_>,
    mean: &Estimate,
    quarters: usize,
    trends: &[Estimate],
) -> Option<Sensitivity> {
    if trends.is_empty() {
        return None;
    }
    // Half of the error of 5 % goes to the mean, and half to all the trends together.
    let share = TAIL / trends.len() as f64;
    let (mut largest_trend, mut largest_trend_upper) = (0.0_f64, 0.0_f64);
    for trend in trends {
        let half =
            trend.half_width(trend.standard_error(design), |df| t_quantile_of(1.0 - share / 2.0, df))?;
        let size = trend.effect.value.abs();
        largest_trend = largest_trend.max(size);
        largest_trend_upper = largest_trend_upper.max(size + half);
    }
    let half = mean.half_width(mean.standard_error(design), |df| t_quantile_of(1.0 - TAIL / 2.0, df))?;
    let off = (quarters as f64 + 1.0) / 2.0 * largest_trend_upper;
    let margin = mean.effect.value.abs() - half;
    let breakdown = (margin / off).max(0.0);
    Some(Sensitivity { largest_trend, largest_trend_upper, trends: trends.len(), breakdown })
}
