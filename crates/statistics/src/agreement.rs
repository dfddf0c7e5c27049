//! Whether several raters of the same people agree: intraclass correlations.
//!
//! Formulas and intervals of McGraw and Wong (1996), two-way, without replication.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Reason,
    moments::{PairMoments, mean},
    tails::f_quantile,
    thresholds::{AGREEMENT_BANDS, TAIL, ZERO_SPREAD},
};

/// The mean squares of a table of people by raters.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RatingTable {
    /// People rated by all raters.
    pub n: usize,
    /// Raters.
    pub raters: usize,
    /// Mean square between people.
    pub between_people: f64,
    /// Mean square between raters.
    pub between_raters: f64,
    /// Mean square of what neither explains.
    pub residual: f64,
}

/// A coefficient and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// The coefficient, at most 1; below 0 where people agree less than by chance.
    pub value: f64,
    /// Its 95 % interval; none where the data leave nothing to judge it by, such as perfect agreement.
    pub ci95: Option<[f64; 2]>,
}

/// Agreement of raters, as far as it can be computed; not yet fit to be shown, see
/// [`agreement_figures`](super::agreement_figures).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// People rated by all raters.
    pub n: usize,
    /// Raters.
    pub raters: usize,
    /// ICC(A,1): would one rater's mark be another's?
    pub absolute: Result<Coefficient, Reason>,
    /// ICC(C,1): would one rater's order of the people be another's? Lenience does not lower it.
    pub consistency: Result<Coefficient, Reason>,
    /// ICC(A,k): the same as `absolute` for the mean of all raters.
    pub absolute_of_mean: Result<Coefficient, Reason>,
}

/// How good an agreement is (Koo and Li 2016).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "moderate")]
pub enum AgreementBand {
    /// Below 0.5.
    Poor,
    /// From 0.5.
    Moderate,
    /// From 0.75.
    Good,
    /// Above 0.9.
    Excellent,
}

impl AgreementBand {
    /// The band of one end of an interval; the point estimate alone has none.
    pub fn of(end: f64) -> Self {
        let [moderate, good, excellent] = AGREEMENT_BANDS;
        match end {
            end if end > excellent => Self::Excellent,
            end if end >= good => Self::Good,
            end if end >= moderate => Self::Moderate,
            _ => Self::Poor,
        }
    }
}

impl RatingTable {
    /// From one row of ratings per person; rows that are shorter or hold a value that is not finite are left out.
    pub fn of(rows: &[Vec<f64>]) -> Self {
        let raters = rows.iter().map(Vec::len).max().unwrap_or(0);
        let complete = |row: &&Vec<f64>| row.len() == raters && row.iter().all(|rating| rating.is_finite());
        let mut rows: Vec<&Vec<f64>> = rows.iter().filter(complete).collect();
        // Sums then have the same bits in whichever order the people arrived.
        rows.sort_by(|left, right| {
            let pairs = left.iter().zip(right.iter());
            pairs
                .map(|(a, b)| a.total_cmp(b))
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        let table = Self { n: rows.len(), raters, ..Self::default() };
        if table.n < 2 || raters < 2 { table } else { table.filled(&rows) }
    }

    /// From pairs of ratings by two raters, which may come from sums put together.
    pub fn of_pairs(pairs: &PairMoments) -> Self {
        let n = pairs.n();
        if n < 2 {
            return Self { n, raters: 2, ..Self::default() };
        }
        let people = (pairs.before.ss + pairs.after.ss + 2.0 * pairs.cross) / 2.0;
        let all = pairs.before.ss + pairs.after.ss;
        let df = (n - 1) as f64;
        Self {
            n,
            raters: 2,
            between_people: if people <= ZERO_SPREAD * all { 0.0 } else { people / df },
            between_raters: n as f64 * pairs.change.mean * pairs.change.mean / 2.0,
            residual: pairs.change.ss / 2.0 / df,
        }
    }

    fn filled(self, rows: &[&Vec<f64>]) -> Self {
        let of_people: Vec<f64> = rows.iter().filter_map(|row| mean(row)).collect();
        let of_raters: Vec<f64> = (0..self.raters)
            .filter_map(|rater| {
                mean(&rows.iter().filter_map(|row| row.get(rater).copied()).collect::<Vec<_>>())
            })
            .collect();
        let grand = mean(&of_people).unwrap_or(f64::NAN);
        let squares = |means: &[f64]| means.iter().map(|mean| (mean - grand).powi(2)).sum::<f64>();
        let left: f64 = rows
            .iter()
            .zip(&of_people)
            .flat_map(|(row, person)| {
                row.iter().zip(&of_raters).map(move |(rating, rater)| (rating, person, rater))
            })
            .map(|(rating, person, rater)| (rating - person - rater + grand).powi(2))
            .sum();
        let (people, raters) = ((self.n - 1) as f64, (self.raters - 1) as f64);
        let largest =
            rows.iter().flat_map(|row| row.iter()).fold(1.0_f64, |most, rating| most.max(rating.abs()));
        let quiet = |square: f64| if square.sqrt() <= ZERO_SPREAD * largest { 0.0 } else { square };
        Self {
            between_people: quiet(squares(&of_people) * self.raters as f64 / people),
            between_raters: quiet(squares(&of_raters) * self.n as f64 / raters),
            residual: quiet(left / people / raters),
            ..self
        }
    }
}

/// Measures the agreement of raters who all rated the same people.
pub fn agreement(table: &RatingTable) -> Agreement {
    let usable = match (table.n, table.raters) {
        (0, _) | (_, 0) => Err(Reason::NoCompleteRows),
        (1, _) => Err(Reason::NBelow2),
        (_, 1) => Err(Reason::OneRater),
        _ => Ok(Squares::of(table)),
    };
    let coefficient = |of: fn(&Squares) -> Result<Coefficient, Reason>| {
        usable
            .and_then(|squares| of(&squares))
            .and_then(|found| found.value.is_finite().then_some(found).ok_or(Reason::NotFinite))
    };
    Agreement {
        n: table.n,
        raters: table.raters,
        absolute: coefficient(Squares::absolute),
        consistency: coefficient(Squares::consistency),
        absolute_of_mean: coefficient(Squares::absolute_of_mean),
    }
}

/// Mean squares and sizes as the formulas name them.
#[derive(Clone, Copy)]
struct Squares {
    n: f64,
    k: f64,
    people: f64,
    raters: f64,
    residual: f64,
}

impl Squares {
    fn of(table: &RatingTable) -> Self {
        Self {
            n: table.n as f64,
            k: table.raters as f64,
            people: table.between_people,
            raters: table.between_raters,
            residual: table.residual,
        }
    }

    /// The share of `whole` that lies between people; a whole that is nothing, or less, has none.
    fn share(&self, whole: f64) -> Result<f64, Reason> {
        let share = (self.people - self.residual) / whole;
        // Negated, so that what is no number passes on to be refused as such.
        if whole <= 0.0 { Err(Reason::NoSpreadBetweenPeople) } else { Ok(share) }
    }

    fn consistency(&self) -> Result<Coefficient, Reason> {
        let value = self.share(self.people + (self.k - 1.0) * self.residual)?;
        Ok(Coefficient { value, ci95: finite(self.consistency_interval()) })
    }

    fn consistency_interval(&self) -> Option<[f64; 2]> {
        let (df1, df2) = (self.n - 1.0, (self.n - 1.0) * (self.k - 1.0));
        let f = self.people / self.residual;
        let low = f / f_quantile(1.0 - TAIL, df1, df2)?;
        let high = f * f_quantile(1.0 - TAIL, df2, df1)?;
        Some([low, high].map(|f| (f - 1.0) / (f + self.k - 1.0)))
    }

    fn absolute(&self) -> Result<Coefficient, Reason> {
        let lenience = self.k * (self.raters - self.residual) / self.n;
        let value = self.share(self.people + (self.k - 1.0) * self.residual + lenience)?;
        Ok(Coefficient { value, ci95: finite(self.absolute_interval(value)) })
    }

    /// With degrees of freedom after Satterthwaite, multiplied out so that a residual of 0 does no harm.
    fn absolute_interval(&self, value: f64) -> Option<[f64; 2]> {
        let Self { n, k, people, raters, residual } = *self;
        let (of_raters, of_residual) =
            (k * value * raters, (n * (1.0 + (k - 1.0) * value) - k * value) * residual);
        let squares = (n - 1.0) * of_raters.powi(2) + of_residual.powi(2);
        let df = (n - 1.0) * (k - 1.0) * (of_raters + of_residual).powi(2) / squares;
        let low = f_quantile(1.0 - TAIL, n - 1.0, df)?;
        let high = f_quantile(1.0 - TAIL, df, n - 1.0)?;
        let noise = k * raters + (k * n - k - n) * residual;
        Some([
            n * (people - low * residual) / (low * noise + n * people),
            n * (high * people - residual) / (noise + n * high * people),
        ])
    }

    fn absolute_of_mean(&self) -> Result<Coefficient, Reason> {
        let value = self.share(self.people + (self.raters - self.residual) / self.n)?;
        let single = self.absolute().ok().and_then(|single| single.ci95);
        let ci95 = single.map(|ends| ends.map(|end| end * self.k / (1.0 + end * (self.k - 1.0))));
        Ok(Coefficient { value, ci95: finite(ci95) })
    }
}

fn finite(ends: Option<[f64; 2]>) -> Option<[f64; 2]> {
    ends.filter(|ends| ends.iter().all(|end| end.is_finite()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&[f64]]) -> Agreement {
        agreement(&RatingTable::of(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>()))
    }

    #[test]
    fn too_few_people_or_raters() {
        assert_eq!(of(&[]).absolute, Err(Reason::NoCompleteRows));
        assert_eq!(of(&[&[f64::NAN, 1.0], &[2.0]]).consistency, Err(Reason::NoCompleteRows));
        assert_eq!(of(&[&[1.0, 2.0]]).absolute, Err(Reason::NBelow2));
        assert_eq!(of(&[&[1.0], &[2.0]]).absolute_of_mean, Err(Reason::OneRater));
        let one = RatingTable::of_pairs(&PairMoments::of(&[(1.0, 2.0)]));
        assert_eq!(agreement(&one).absolute, Err(Reason::NBelow2));
    }

    #[test]
    fn nobody_differs() {
        let alike = of(&[&[3.0, 3.0], &[3.0, 3.0], &[3.0, 3.0]]);
        assert_eq!(alike.consistency, Err(Reason::NoSpreadBetweenPeople));
        assert_eq!(alike.absolute, Err(Reason::NoSpreadBetweenPeople));
        // Both raters contradict each other exactly: less than nothing lies between the people.
        let reversed = of(&[&[1.0, 2.0], &[2.0, 1.0]]);
        assert_eq!(reversed.absolute_of_mean, Err(Reason::NoSpreadBetweenPeople));
        assert_eq!(reversed.consistency.map(|found| found.value), Ok(-1.0));
    }

    #[test]
    fn perfect_agreement_has_no_interval_and_lenience_has_one() {
        let perfect = of(&[&[1.0, 1.0], &[2.0, 2.0], &[4.0, 4.0]]);
        assert_eq!(perfect.absolute, Ok(Coefficient { value: 1.0, ci95: None }));
        assert_eq!(perfect.consistency, Ok(Coefficient { value: 1.0, ci95: None }));
        let lenient = of(&[&[1.0, 2.0], &[2.0, 3.0], &[4.0, 5.0]]);
        assert_eq!(lenient.consistency, Ok(Coefficient { value: 1.0, ci95: None }));
        assert!(lenient.absolute.is_ok_and(|found| found.value < 1.0 && found.ci95.is_some()));
    }

    #[test]
    fn bands_at_their_borders() {
        use AgreementBand::{Excellent, Good, Moderate, Poor};
        let table = [
            (-0.3, Poor),
            (0.4999, Poor),
            (0.5, Moderate),
            (0.7499, Moderate),
            (0.75, Good),
            (0.9, Good),
            (0.9001, Excellent),
            (f64::NAN, Poor),
        ];
        for (end, expected) in table {
            assert_eq!(AgreementBand::of(end), expected, "{end}");
        }
    }
}
