//! Before a course: which difference its evaluation could show, and what would make a smaller one show.
//!
//! An evaluation shows a difference where the 95 % interval of [`difference_within`](super::difference_within) lies above
//! 0. With one standard deviation `s` of the change, `n` trained and `m` comparison people in each of `k` runs, the ratio of
//! the difference to its error is near to noncentral t with `f = k (1/n + 1/m)² / (1/(n² (n - 1)) + 1/(m² (m - 1)))` degrees
//! of freedom, those of the interval of Welch, which does not know that both groups spread alike. The smallest difference that is
//! shown with a chance of [`POWER`] is `δ · s · √((1/n + 1/m) / k)`, where `δ` is the noncentrality for which a value up to
//! `t(0.975, f)` has the chance 1 - [`POWER`] (Cohen 1988).

use super::{
    noncentral::NoncentralT,
    student::t_quantile,
    thresholds::{MOST_COMPARED, MOST_RUNS, PAIRS_SHOWN, POWER, PRIVACY_FLOOR},
};

/// From so many degrees of freedom on the noncentral t is the normal distribution to more digits than are shown, and its
/// integral only costs time.
const LARGE_DF: f64 = 100_000.0;

/// Some runs of one size whose people are to be rated before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Design {
    /// Trained people of each run.
    pub trained: usize,
    /// Comparison people of each run.
    pub comparison: usize,
    /// Standard deviation of a person's change, points.
    pub sd: f64,
    /// How many runs are put together.
    pub runs: usize,
}

impl Design {
    /// One run.
    pub fn new(trained: usize, comparison: usize, sd: f64) -> Self {
        Self { trained, comparison, sd, runs: 1 }
    }

    /// The smallest true difference, in points, that is seen with a chance of [`POWER`]; none where a group has fewer than
    /// two people or the standard deviation is not above 0.
    pub fn detectable(self) -> Option<f64> {
        if self.trained < 2 || self.comparison < 2 || self.runs < 1 || !(self.sd > 0.0 && self.sd.is_finite())
        {
            return None;
        }
        let [n, m, runs] = [self.trained, self.comparison, self.runs].map(|count| count as f64);
        let share = |people: f64| 1.0 / (people * people * (people - 1.0));
        self.at(runs * (1.0 / n + 1.0 / m).powi(2) / (share(n) + share(m)))
    }

    /// The same with so many degrees of freedom.
    pub(super) fn at(self, df: f64) -> Option<f64> {
        let df = df.min(LARGE_DF);
        let noncentrality = NoncentralT::of(df).noncentrality(t_quantile(df), 1.0 - POWER)?;
        let people = 1.0 / self.trained as f64 + 1.0 / self.comparison as f64;
        Some(noncentrality * self.sd * (people / self.runs as f64).sqrt()).filter(|found| found.is_finite())
    }

    /// Whether a report would show the difference at all, if everybody is rated twice: ten people in each group, and five of
    /// each in every run, as fewer are no part of a total.
    pub fn is_shown(self) -> bool {
        [self.trained, self.comparison]
            .iter()
            .all(|people| *people >= PRIVACY_FLOOR && people.saturating_mul(self.runs) >= PAIRS_SHOWN)
    }

    /// The smallest true difference that is seen with a chance of [`POWER`] in a report that shows the difference.
    pub fn shown(self) -> Option<f64> {
        self.detectable().filter(|_| self.is_shown())
    }

    /// The least number of such runs that, put together, see a wanted difference: two or more; none where even
    /// [`MOST_RUNS`] do not.
    pub fn pooled(self, wanted: f64) -> Option<Self> {
        (2..=MOST_RUNS).map(|runs| Self { runs, ..self }).find(|design| design.sees(wanted))
    }

    /// The same run with the least comparison group, larger than it is, that sees a wanted difference; none where even
    /// [`MOST_COMPARED`] comparison people for each trained person do not.
    pub fn enlarged(self, wanted: f64) -> Option<Self> {
        let with = |comparison: usize| Self { comparison, ..self };
        let (mut low, mut high) = (self.comparison.checked_add(1)?, self.trained.checked_mul(MOST_COMPARED)?);
        if low > high || !with(high).sees(wanted) {
            return None;
        }
        // What is detectable falls with each comparison person, but for a trifle where the degrees of freedom fall as well.
        while low < high {
            let middle = low + (high - low) / 2;
            if with(middle).sees(wanted) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Some(with(high))
    }

    /// Whether a difference of so many points is seen with a chance of [`POWER`].
    pub fn sees(self, wanted: f64) -> bool {
        self.shown().is_some_and(|found| found <= wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::super::simulated::Dice;
    use super::super::{PairMoments, difference_within};
    use super::*;

    #[test]
    fn twelve_each_see_seven_tenths_and_pooled_runs_see_half_a_point() {
        let twelve = Design::new(12, 12, 0.6);
        let rounded = |design: Design| (design.detectable().unwrap() * 100.0).round() / 100.0;
        assert_eq!(rounded(twelve), 0.72);
        let pooled = twelve.pooled(0.5).unwrap();
        assert_eq!((pooled.runs, rounded(pooled)), (2, 0.5));
        assert_eq!(twelve.pooled(0.49).map(|design| design.runs), Some(3));
        let enlarged = twelve.enlarged(0.6).unwrap();
        assert!(enlarged.sees(0.6) && !Design { comparison: enlarged.comparison - 1, ..twelve }.sees(0.6));
    }

    #[test]
    fn what_cannot_be_reached_is_not_proposed() {
        let twelve = Design::new(12, 12, 0.6);
        assert_eq!(twelve.enlarged(0.4), None, "twelve trained people alone are too few");
        assert_eq!(twelve.pooled(0.01), None);
        assert_eq!((twelve.pooled(0.0), twelve.enlarged(f64::NAN)), (None, None));
        // Of four people in a run nothing is shown, however many runs there are.
        assert_eq!(Design::new(4, 12, 0.6).pooled(4.0), None);
        let five = Design::new(5, 5, 0.6);
        assert_eq!((five.shown(), five.pooled(4.0).map(|design| design.runs)), (None, Some(2)));
        assert_eq!(Design::new(0, 0, 0.6).enlarged(4.0), None);
        assert_eq!(Design::new(12, 400, 0.6).enlarged(4.0), None, "it is that large already");
    }

    #[test]
    fn nonsense_has_no_answer() {
        for (n, m, sd) in [(1, 12, 0.6), (12, 1, 0.6), (0, 0, 0.6), (12, 12, 0.0), (12, 12, -1.0)] {
            assert_eq!(Design::new(n, m, sd).detectable(), None);
        }
        assert_eq!(Design::new(12, 12, f64::NAN).detectable(), None);
        assert_eq!(Design::new(12, 12, f64::INFINITY).detectable(), None);
        assert_eq!(Design { runs: 0, ..Design::new(12, 12, 0.6) }.detectable(), None);
        assert!(Design::new(usize::MAX, usize::MAX, 0.6).detectable().is_none_or(|found| found < 1e-6));
        assert!(Design::new(5_000_000, 5_000_000, 0.6).detectable().is_some_and(|found| found < 0.002));
    }

    /// The interval that the service computes of such people lies above 0 in four of five courses.
    #[test]
    fn the_interval_of_the_report_excludes_zero_as_often_as_promised() {
        let mut dice = Dice::new(20_261_130);
        for (trained, comparison, runs) in
            [(12, 12, 1), (15, 30, 1), (10, 10, 3), (12, 48, 1), (60, 10, 1), (12, 36, 2)]
        {
            let design = Design { runs, ..Design::new(trained, comparison, 0.6) };
            let lift = design.detectable().unwrap();
            let courses = 2000;
            let seen = (0..courses).filter(|_| {
                let mut group = |people: usize, lift: f64| {
                    let pairs: Vec<(f64, f64)> =
                        (0..people).map(|_| (3.0, 3.0 + lift + 0.6 * dice.normal())).collect();
                    PairMoments::of(&pairs)
                };
                let offerings: Vec<[PairMoments; 2]> =
                    (0..runs).map(|_| [group(trained, lift), group(comparison, 0.0)]).collect();
                difference_within(&offerings).inference.is_ok_and(|found| found.ci95[0] > 0.0)
            });
            let share = seen.count() as f64 / f64::from(courses);
            assert!((0.77..0.83).contains(&share), "{trained} and {comparison} in {runs}: {share}");
        }
    }
}
