//! Exact sums that can be put together: the statistics of a ministry without reading its rows again.
//!
//! Floating-point sums depend on the order and the grouping of their terms. These are whole numbers, so adding
//! people one by one, course by course or department by department gives the same bits. Scores are counted in
//! ten-thousandths of a point ([`SCALE`]): means of four, five, eight or ten items and official scores with two
//! decimals lie exactly on that grid; others are rounded to it, by at most half a ten-thousandth.

use serde::{Deserialize, Serialize};

use super::thresholds::LARGEST_SCORE;

/// Units of the grid in one point.
pub const SCALE: i64 = 10_000;

/// A score in ten-thousandths of a point; none for what is no score: not finite, or beyond a million points.
pub fn units(points: f64) -> Option<i64> {
    (points.abs() <= LARGEST_SCORE).then(|| (points * SCALE as f64).round() as i64)
}

/// The count, sum and sum of squares of one variable, in ten-thousandths of a point.
///
/// Four million people with scores up to 100 points fit twice over. Beyond that the sums stop at the largest
/// number there is and every figure made from them is [`NotFinite`](super::Reason::NotFinite): no wrong figure
/// comes out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScoreSums {
    /// People.
    pub n: i64,
    /// Sum of their scores.
    pub sum: i64,
    /// Sum of the squares.
    pub squared: i64,
}

impl ScoreSums {
    /// Sums scores in points, leaving out those that are none.
    pub fn of(values: &[f64]) -> Self {
        let mut sums = Self::default();
        for value in values.iter().copied().filter_map(units) {
            sums.add(value);
        }
        sums
    }

    /// Adds one score in ten-thousandths of a point.
    pub fn add(&mut self, value: i64) {
        self.n = self.n.saturating_add(1);
        self.sum = self.sum.saturating_add(value);
        self.squared = self.squared.saturating_add(value.saturating_mul(value));
    }

    /// Whether everybody has the same score, so that the mean is everybody's.
    pub fn is_unanimous(&self) -> bool {
        let [n, sum, squared] = [self.n, self.sum, self.squared].map(i128::from);
        n > 0 && n * squared == sum * sum
    }

    /// Adds the people of another group, who must be others than those already counted.
    pub fn merge(&mut self, other: &Self) {
        self.n = self.n.saturating_add(other.n);
        self.sum = self.sum.saturating_add(other.sum);
        self.squared = self.squared.saturating_add(other.squared);
    }
}

/// The count, sums, squares and products of scores before and after, in ten-thousandths of a point.
///
/// From these come all figures of changes and of their differences, exactly (see [`PairMoments`](super::PairMoments)).
/// How many people fit, and what happens beyond, is said at [`ScoreSums`]: where a product would not fit, by the
/// inequality of Cauchy and Schwarz, neither does one of the two sums of squares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PairSums {
    /// People with both scores.
    pub n: i64,
    /// Sum of the scores before.
    pub before: i64,
    /// Sum of the scores after.
    pub after: i64,
    /// Sum of the squares before.
    pub before_squared: i64,
    /// Sum of the squares after.
    pub after_squared: i64,
    /// Sum of before times after.
    pub product: i64,
}

impl PairSums {
    /// Sums pairs of scores in points, leaving out incomplete ones.
    pub fn of(pairs: &[(f64, f64)]) -> Self {
        let mut sums = Self::default();
        for (before, after) in pairs.iter().filter_map(|pair| units(pair.0).zip(units(pair.1))) {
            sums.add(before, after);
        }
        sums
    }

    /// Adds one person's scores before and after, in ten-thousandths of a point.
    pub fn add(&mut self, before: i64, after: i64) {
        self.merge(&Self {
            n: 1,
            before,
            after,
            before_squared: before.saturating_mul(before),
            after_squared: after.saturating_mul(after),
            product: before.saturating_mul(after),
        });
    }

    /// Adds the people of another group, who must be others than those already counted.
    pub fn merge(&mut self, other: &Self) {
        self.n = self.n.saturating_add(other.n);
        self.before = self.before.saturating_add(other.before);
        self.after = self.after.saturating_add(other.after);
        self.before_squared = self.before_squared.saturating_add(other.before_squared);
        self.after_squared = self.after_squared.saturating_add(other.after_squared);
        self.product = self.product.saturating_add(other.product);
    }

    /// The scores before, alone.
    pub fn baselines(&self) -> ScoreSums {
        ScoreSums { n: self.n, sum: self.before, squared: self.before_squared }
    }

    /// The scores after, alone.
    pub fn follow_ups(&self) -> ScoreSums {
        ScoreSums { n: self.n, sum: self.after, squared: self.after_squared }
    }

    /// The changes, alone.
    pub fn changes(&self) -> ScoreSums {
        let squared = self.after_squared.saturating_add(self.before_squared);
        ScoreSums {
            n: self.n,
            sum: self.after.saturating_sub(self.before),
            squared: squared.saturating_sub(self.product.saturating_mul(2)),
        }
    }

    /// Whether all had the same score before, or after, or changed alike.
    pub fn is_unanimous(&self) -> bool {
        [self.baselines(), self.follow_ups(), self.changes()].iter().any(ScoreSums::is_unanimous)
    }

    /// Leaves out some of these people.
    #[must_use]
    pub fn without(&self, some: &Self) -> Self {
        Self {
            n: self.n.saturating_sub(some.n),
            before: self.before.saturating_sub(some.before),
            after: self.after.saturating_sub(some.after),
            before_squared: self.before_squared.saturating_sub(some.before_squared),
            after_squared: self.after_squared.saturating_sub(some.after_squared),
            product: self.product.saturating_sub(some.product),
        }
    }

    /// Adds every lost person, known by the baseline only, as one who did not change: the cautious bound a verdict
    /// must survive.
    #[must_use]
    pub fn with_lost_unchanged(&self, lost: &ScoreSums) -> Self {
        let unchanged = Self {
            n: lost.n,
            before: lost.sum,
            after: lost.sum,
            before_squared: lost.squared,
            after_squared: lost.squared,
            product: lost.squared,
        };
        *self + unchanged
    }
}

impl std::ops::Add for ScoreSums {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self.merge(&other);
        self
    }
}

impl std::ops::AddAssign for ScoreSums {
    fn add_assign(&mut self, other: Self) {
        self.merge(&other);
    }
}

impl std::iter::Sum for ScoreSums {
    fn sum<I: Iterator<Item = Self>>(groups: I) -> Self {
        groups.fold(Self::default(), std::ops::Add::add)
    }
}

impl std::ops::Add for PairSums {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self.merge(&other);
        self
    }
}

impl std::ops::AddAssign for PairSums {
    fn add_assign(&mut self, other: Self) {
        self.merge(&other);
    }
}

impl std::iter::Sum for PairSums {
    fn sum<I: Iterator<Item = Self>>(groups: I) -> Self {
        groups.fold(Self::default(), std::ops::Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PairMoments, Reason, paired_from};
    use super::*;

    #[test]
    fn scores_on_the_grid_and_off_it() {
        let table = [
            (3.2, Some(32_000)),
            (-0.1, Some(-1_000)),
            (100.0, Some(1_000_000)),
            (1.0 / 3.0, Some(3_333)),
            (1e6, Some(10_000_000_000)),
            (1.1e6, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
        ];
        for (points, expected) in table {
            assert_eq!(units(points), expected, "{points}");
        }
    }

    #[test]
    fn four_million_full_scores_fit() {
        let one = PairSums::of(&[(100.0, 100.0)]);
        let all = (0..22).fold(one, |sums, _| sums + sums);
        assert_eq!(all.n, 4_194_304);
        assert_eq!(all.product, 4_194_304 * 1_000_000 * 1_000_000);
        let moments = PairMoments::from(&all);
        assert_eq!((moments.before.mean, moments.change.ss), (100.0, 0.0));
    }

    #[test]
    fn beyond_the_largest_number_there_is_no_figure() {
        let many = (0..40).fold(PairSums::of(&[(100.0, 90.0), (90.0, 95.0)]), |sums, _| sums + sums);
        let effect = paired_from(&PairMoments::from(&many));
        assert_eq!(effect.inference, Err(Reason::NotFinite));
        assert!(effect.mean_before.is_some_and(f64::is_nan));
        let impossible = PairSums { n: 3, before: 30_000, ..PairSums::default() };
        assert_eq!(paired_from(&PairMoments::from(&impossible)).inference, Err(Reason::NotFinite));
    }

    #[test]
    fn the_lost_are_added_as_unchanged() {
        let sums =
            PairSums::of(&[(3.0, 4.0), (3.0, 3.5)]).with_lost_unchanged(&ScoreSums::of(&[2.0, f64::NAN]));
        assert_eq!(sums, PairSums::of(&[(3.0, 4.0), (3.0, 3.5), (2.0, 2.0)]));
    }

    #[test]
    fn incomplete_pairs_are_left_out() {
        let sums = PairSums::of(&[(f64::NAN, 3.0), (3.0, f64::NAN), (3.0, 3.2)]);
        assert_eq!(
            (sums.n, sums.baselines(), sums.follow_ups()),
            (1, ScoreSums::of(&[3.0]), ScoreSums::of(&[3.2]))
        );
    }

    #[test]
    fn json_keeps_every_digit() {
        let sums = PairSums { n: 4_000_000, product: 4_123_456_789_012_345_678, ..PairSums::default() };
        let value = serde_json::to_value(sums).unwrap();
        assert_eq!(serde_json::from_value::<PairSums>(value).unwrap(), sums);
    }
}
