//! Whether two raters put the same people into the same classes: Cohen's kappa.
//!
//! Section 7 of the model. All four classes are always in the table, also those nobody used: what chance would do
//! does not depend on which classes happened to occur.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Reason,
    agreement::Coefficient,
    classes::{CLASSES, ClassTable},
    thresholds::{Z_975, ZERO_SPREAD},
};

/// How much a disagreement counts, by how many classes lie between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "linear")]
pub enum KappaWeights {
    /// Every disagreement counts the same.
    Unweighted,
    /// By the distance: the headline.
    Linear,
    /// By the square of the distance.
    Quadratic,
}

/// Agreement on classes, as far as it can be computed; not yet fit to be shown, see
/// [`kappa_figures`](super::kappa_figures).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassAgreement {
    /// People classed by both.
    pub n: u64,
    /// Of these, those classed alike.
    pub agreed: u64,
    /// Kappa with its asymptotic interval (Fleiss, Cohen and Everitt 1969), or why there is none. It says little
    /// where nearly all are in one class (18 of 20 alike can have a kappa below 0): never show it without the
    /// agreement.
    pub kappa: Result<Coefficient, Reason>,
}

impl KappaWeights {
    /// How much of an agreement two classes are, 0 to 1.
    fn agreement(self, row: usize, column: usize) -> f64 {
        let distance = row.abs_diff(column) as f64 / (CLASSES - 1) as f64;
        match self {
            Self::Unweighted => f64::from(row == column),
            Self::Linear => 1.0 - distance,
            Self::Quadratic => 1.0 - distance * distance,
        }
    }
}

/// Measures the agreement of two raters (rows and columns of the table) on classes.
pub fn class_agreement(table: &ClassTable, weights: KappaWeights) -> ClassAgreement {
    let n = table.n();
    let kappa = match n {
        0 => Err(Reason::NoCompleteRows),
        1 => Err(Reason::NBelow2),
        _ => kappa(table, n, weights),
    };
    ClassAgreement { n, agreed: table.count(|row, column| row == column), kappa }
}

fn kappa(table: &ClassTable, n: u64, weights: KappaWeights) -> Result<Coefficient, Reason> {
    let all = n as f64;
    let share = |meant: &dyn Fn(usize, usize) -> bool| table.count(meant) as f64 / all;
    let rows: [f64; CLASSES] = std::array::from_fn(|class| share(&|row, _| row == class));
    let columns: [f64; CLASSES] = std::array::from_fn(|class| share(&|_, column| column == class));
    if rows.contains(&1.0) && rows == columns {
        return Err(Reason::OnlyOneClassUsed);
    }
    let against = |shares: &[f64; CLASSES], class: usize| -> f64 {
        shares.iter().enumerate().map(|(other, share)| share * weights.agreement(class, other)).sum()
    };
    let expected: f64 = rows.iter().enumerate().map(|(class, share)| share * against(&columns, class)).sum();
    let observed: f64 =
        table.cells().map(|(row, column, people)| people as f64 / all * weights.agreement(row, column)).sum();
    // What chance leaves to disagree about.
    let room = 1.0 - expected;
    let value = (observed - expected) / room;
    let spread: f64 = table
        .cells()
        .map(|(row, column, people)| {
            let by_chance = against(&columns, row) + against(&rows, column);
            people as f64 / all * (weights.agreement(row, column) - by_chance * (1.0 - value)).powi(2)
        })
        .sum();
    let varies = spread - (value - expected * (1.0 - value)).powi(2);
    let half = Z_975 * (varies.max(0.0) / all).sqrt() / room;
    let ci95 = (varies > ZERO_SPREAD).then_some([value - half, value + half]);
    value.is_finite().then_some(Coefficient { value, ci95 }).ok_or(Reason::NotFinite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_one_person_and_one_class() {
        let kappa = |people: &[(u8, u8)]| class_agreement(&ClassTable::of(people), KappaWeights::Linear);
        assert_eq!(kappa(&[]).kappa, Err(Reason::NoCompleteRows));
        assert_eq!(kappa(&[(1, 2)]).kappa, Err(Reason::NBelow2));
        let one_class = kappa(&[(2, 2); 9]);
        assert_eq!((one_class.kappa, one_class.agreed), (Err(Reason::OnlyOneClassUsed), 9));
        // Each rater used one class, but not the same: they never agree, as chance would have it.
        let apart = kappa(&[(2, 3); 9]);
        assert_eq!((apart.kappa.map(|found| found.value), apart.agreed), (Ok(0.0), 0));
    }

    #[test]
    fn perfect_agreement_claims_no_certainty() {
        let people = [(0, 0), (1, 1), (2, 2), (2, 2)];
        for weights in [KappaWeights::Unweighted, KappaWeights::Linear, KappaWeights::Quadratic] {
            let found = class_agreement(&ClassTable::of(&people), weights).kappa;
            assert_eq!(found, Ok(Coefficient { value: 1.0, ci95: None }));
        }
    }
}
