//! Scores of groups of people over the same quarters, as whole numbers that add up exactly.

use serde::{Deserialize, Serialize};

/// The count, the sums and the sums of products of the scores of some people, each with a score in every quarter, in
/// ten-thousandths of a point ([`SCALE`](super::super::SCALE)). Nothing else of them enters an event study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelSums {
    /// People.
    pub n: i64,
    /// Sum of their scores, quarter by quarter.
    pub sums: Vec<i64>,
    /// Sums of the products of the scores of two quarters: of the first with the first, of the second with the first and
    /// the second, and so on.
    pub products: Vec<i64>,
}

impl PanelSums {
    /// Nobody, over some quarters.
    pub fn of_nobody(quarters: usize) -> Self {
        Self { n: 0, sums: vec![0; quarters], products: vec![0; quarters * (quarters + 1) / 2] }
    }

    /// Quarters.
    pub fn quarters(&self) -> usize {
        self.sums.len()
    }

    /// Adds one person's scores, one for each quarter, in ten-thousandths of a point.
    pub fn add(&mut self, scores: &[i64]) {
        self.n = self.n.saturating_add(1);
        for (sum, score) in self.sums.iter_mut().zip(scores) {
            *sum = sum.saturating_add(*score);
        }
        let pairs = scores
            .iter()
            .enumerate()
            .flat_map(|(at, one)| scores.iter().take(at + 1).map(move |other| one.saturating_mul(*other)));
        for (sum, product) in self.products.iter_mut().zip(pairs) {
            *sum = sum.saturating_add(product);
        }
    }

    /// Takes away people who were added before: exact, as these are whole numbers.
    pub fn subtract(&mut self, others: &Self) {
        self.n = self.n.saturating_sub(others.n);
        for (sum, other) in self.sums.iter_mut().zip(&others.sums) {
            *sum = sum.saturating_sub(*other);
        }
        for (sum, other) in self.products.iter_mut().zip(&others.products) {
            *sum = sum.saturating_sub(*other);
        }
    }

    /// People, as a number to calculate with.
    pub(super) fn people(&self) -> f64 {
        self.n as f64
    }

    /// The mean of a quarter in points; 0 of nobody.
    pub(super) fn mean(&self, quarter: usize) -> f64 {
        let sum = self.sums.get(quarter).copied().unwrap_or_default();
        if self.n == 0 { 0.0 } else { sum as f64 / self.people() / SCALE }
    }

    /// The sum of the products of the deviations from the means of two quarters, in points squared.
    pub(super) fn deviations(&self, one: usize, other: usize) -> f64 {
        let (high, low) = (one.max(other), one.min(other));
        let product = self.products.get(high * (high + 1) / 2 + low).copied().unwrap_or_default();
        let sum = |quarter: usize| i128::from(self.sums.get(quarter).copied().unwrap_or_default());
        let n = i128::from(self.n);
        // In whole numbers, so that nothing is lost where the means are large and the spread is small.
        let scaled = n * i128::from(product) - sum(high) * sum(low);
        if n == 0 { 0.0 } else { scaled as f64 / self.people() / (SCALE * SCALE) }
    }
}

/// Units of the grid in one point.
const SCALE: f64 = super::super::SCALE as f64;
