//! Estimates that are linear in people's scores, with what each person adds to them.
//!
//! The influence function of such an estimate is, of everybody in a group, a linear function of the person's scores. So the
//! variance of any of them, and of their sums and differences, follows from the [`PanelSums`] of the groups.

use super::panel::PanelSums;

/// An estimate, and of each group what a person in it adds: the constant plus the sum of the coefficients times the
/// deviations of the person's scores from the means of the group, quarter by quarter. This is the influence function
/// divided by the number of people.
#[derive(Debug, Clone)]
pub(super) struct Linear {
    pub value: f64,
    groups: Vec<Part>,
}

#[derive(Debug, Clone)]
struct Part {
    constant: f64,
    coefficients: Vec<f64>,
}

impl Linear {
    /// Zero, of some groups over some quarters.
    pub fn zero(groups: usize, quarters: usize) -> Self {
        let part = Part { constant: 0.0, coefficients: vec![0.0; quarters] };
        Self { value: 0.0, groups: vec![part; groups] }
    }

    /// Adds to what everybody in a group adds.
    pub fn add_constant(&mut self, group: usize, constant: f64) {
        if let Some(part) = self.groups.get_mut(group) {
            part.constant += constant;
        }
    }

    /// Adds to the weight of a group's scores of a quarter.
    pub fn add_coefficient(&mut self, group: usize, quarter: usize, weight: f64) {
        let part = self.groups.get_mut(group).and_then(|part| part.coefficients.get_mut(quarter));
        if let Some(coefficient) = part {
            *coefficient += weight;
        }
    }

    /// Adds another estimate, with a weight.
    pub fn add(&mut self, weight: f64, other: &Self) {
        self.value += weight * other.value;
        for (part, add) in self.groups.iter_mut().zip(&other.groups) {
            part.constant += weight * add.constant;
            for (coefficient, more) in part.coefficients.iter_mut().zip(&add.coefficients) {
                *coefficient += weight * more;
            }
        }
    }

    /// The standard error: the root of the sum, over all people, of the square of what each adds.
    pub fn standard_error(&self, groups: &[&PanelSums]) -> f64 {
        let of_group = |(part, sums): (&Part, &&PanelSums)| {
            let weights = || part.coefficients.iter().enumerate().filter(|(_, weight)| **weight != 0.0);
            let squares = weights().flat_map(|(one, left)| {
                weights().map(move |(other, right)| left * right * sums.deviations(one, other))
            });
            squares.sum::<f64>() + sums.people() * part.constant * part.constant
        };
        self.groups.iter().zip(groups).map(of_group).sum::<f64>().max(0.0).sqrt()
    }
}
