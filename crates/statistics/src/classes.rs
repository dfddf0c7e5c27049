//! The four rating classes of officials, before and after, or by two raters.

use serde::{Deserialize, Serialize};

use super::{
    Reason,
    moments::Moments,
    student::t_quantile,
    tails::{chi2_above, fair_coins},
};

/// How many classes there are: not completed, completed, good, excellent (Decree 335/2025).
pub const CLASSES: usize = 4;

/// The first class that counts as «good or better».
const GOOD: usize = 2;

/// How many people are in which class at first (rows) and then (columns), classes 0 to 3; additive over people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClassTable(
    /// Rows: before, or the first rater. Columns: after, or the second.
    pub [[u64; CLASSES]; CLASSES],
);

/// How a group moved between the classes, as far as it can be computed; not yet fit to be shown, see
/// [`class_figures`](super::class_figures).
///
/// Section 5 of the model. The top class is rationed (20 % of those rated good), so moves into it say little.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassMovement {
    /// People classed twice.
    pub n: u64,
    /// In a higher class than before.
    pub up: u64,
    /// In a lower class than before.
    pub down: u64,
    /// Net improvement: up minus down, over all, -1 to 1.
    pub net: Option<f64>,
    /// Its 95 % t interval, each person counting 1, 0 or -1; or why there is none.
    pub net_ci95: Result<[f64; 2], Reason>,
    /// The sign test: exact, two-sided.
    pub sign_p: Option<f64>,
    /// Good or better before.
    pub good_before: u64,
    /// Good or better after.
    pub good_after: u64,
    /// Good or better only after.
    pub gained: u64,
    /// Good or better only before.
    pub lost: u64,
    /// The exact test of McNemar on that cut, two-sided; none where nobody crossed it.
    pub mcnemar_p: Option<f64>,
    /// Whether moves and their reverse balance; none where nobody moved.
    pub symmetry: Option<Symmetry>,
}

/// The test of Bowker, over the pairs of classes between which anybody moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Symmetry {
    /// The χ² statistic.
    pub statistic: f64,
    /// Pairs of classes between which anybody moved.
    pub df: usize,
    /// Probability of so much asymmetry by chance; an approximation that small tables do not deserve.
    pub p: f64,
}

impl ClassTable {
    /// Counts people by their two classes, leaving out classes there are not.
    pub fn of(people: &[(u8, u8)]) -> Self {
        let mut table = Self::default();
        for (first, second) in people {
            table.add(*first, *second);
        }
        table
    }

    /// Counts one person; a class above 3 counts as not given.
    pub fn add(&mut self, first: u8, second: u8) {
        let row = self.0.get_mut(usize::from(first));
        if let Some(cell) = row.and_then(|row| row.get_mut(usize::from(second))) {
            *cell = cell.saturating_add(1);
        }
    }

    /// Adds the people of another table.
    pub fn merge(&mut self, other: &Self) {
        for (cell, more) in self.0.iter_mut().flatten().zip(other.0.iter().flatten()) {
            *cell = cell.saturating_add(*more);
        }
    }

    /// Everybody.
    pub fn n(&self) -> u64 {
        self.count(|_, _| true)
    }

    /// Everybody in a cell that is meant.
    pub(super) fn count(&self, meant: impl Fn(usize, usize) -> bool) -> u64 {
        self.cells().filter(|(row, column, _)| meant(*row, *column)).map(|(_, _, people)| people).sum()
    }

    /// Row, column and people of each cell.
    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        self.0.iter().enumerate().flat_map(|(row, cells)| {
            cells.iter().enumerate().map(move |(column, people)| (row, column, *people))
        })
    }
}

/// Measures the movement between classes.
pub fn class_movement(table: &ClassTable) -> ClassMovement {
    let n = table.n();
    let (up, down) =
        (table.count(|before, after| after > before), table.count(|before, after| after < before));
    let gained = table.count(|before, after| before < GOOD && after >= GOOD);
    let lost = table.count(|before, after| before >= GOOD && after < GOOD);
    let signs = signs(n, up, down);
    ClassMovement {
        n,
        up,
        down,
        net: signs.centre(),
        net_ci95: interval(&signs),
        sign_p: fair_coins(up, up + down),
        good_before: table.count(|before, _| before >= GOOD),
        good_after: table.count(|_, after| after >= GOOD),
        gained,
        lost,
        mcnemar_p: fair_coins(gained, gained + lost),
        symmetry: symmetry(table),
    }
}

/// The moments of 1 for each rise and -1 for each fall.
fn signs(n: u64, up: u64, down: u64) -> Moments {
    let net = up as f64 - down as f64;
    let ss = (n as f64 * (up + down) as f64 - net * net) / (n as f64).max(1.0);
    Moments { n: usize::try_from(n).unwrap_or(usize::MAX), mean: net / (n as f64).max(1.0), ss }
}

fn interval(signs: &Moments) -> Result<[f64; 2], Reason> {
    match signs.n {
        0 => Err(Reason::NoCompletePairs),
        1 => Err(Reason::NBelow2),
        _ if signs.ss == 0.0 => Err(Reason::ZeroVarianceOfChange),
        n => {
            let half = t_quantile((n - 1) as f64) * signs.squared_error().ok_or(Reason::NBelow2)?.sqrt();
            Ok([signs.mean - half, signs.mean + half])
        }
    }
}

fn symmetry(table: &ClassTable) -> Option<Symmetry> {
    let pairs = table.cells().filter(|(row, column, _)| row < column).filter_map(|(row, column, up)| {
        let down = table.count(|first, second| (first, second) == (column, row));
        (up + down > 0).then(|| (up as f64 - down as f64).powi(2) / (up + down) as f64)
    });
    let (df, statistic) = pairs.fold((0, 0.0), |(df, sum), part| (df + 1, sum + part));
    (df > 0).then(|| Symmetry { statistic, df, p: chi2_above(statistic, df) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_one_and_all_alike() {
        let nobody = class_movement(&ClassTable::of(&[(4, 0), (0, 9)]));
        assert_eq!((nobody.n, nobody.net, nobody.net_ci95), (0, None, Err(Reason::NoCompletePairs)));
        assert_eq!((nobody.sign_p, nobody.mcnemar_p, nobody.symmetry), (None, None, None));
        let one = class_movement(&ClassTable::of(&[(1, 2)]));
        assert_eq!((one.net, one.net_ci95, one.sign_p), (Some(1.0), Err(Reason::NBelow2), Some(1.0)));
        let alike = class_movement(&ClassTable::of(&[(1, 2), (0, 3)]));
        assert_eq!((alike.net, alike.net_ci95), (Some(1.0), Err(Reason::ZeroVarianceOfChange)));
    }

    #[test]
    fn tables_add_up() {
        let (some, others) = ([(0, 1), (2, 2)], [(3, 2), (0, 1)]);
        let mut sum = ClassTable::of(&some);
        sum.merge(&ClassTable::of(&others));
        assert_eq!(sum, ClassTable::of(&[some, others].concat()));
        assert_eq!((sum.n(), sum.0[0][1]), (4, 2));
    }
}
