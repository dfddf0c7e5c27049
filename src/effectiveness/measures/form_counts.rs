//! Forms of an offering, counted without whose they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::evaluation::questionnaires::{Answer, Item, ItemKind, counted};
use statistics::{SCALE, units};

/// How many forms had which score, in ten-thousandths of a point: an exact picture of the answers without any order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scores(BTreeMap<i64, usize>);

impl Scores {
    fn add(&mut self, score: f64) {
        if let Some(score) = units(score) {
            *self.0.entry(score).or_default() += 1;
        }
    }

    fn merge(&mut self, other: &Self) {
        for (score, forms) in &other.0 {
            *self.0.entry(*score).or_default() += forms;
        }
    }

    /// Every score as often as there are forms with it, in rising order, points.
    pub fn values(&self) -> Vec<f64> {
        let points = |score: i64| score as f64 / SCALE as f64;
        self.0.iter().flat_map(|(score, forms)| std::iter::repeat_n(points(*score), *forms)).collect()
    }

    /// Whether their mean lies under a limit, points: by whole numbers, without rounding.
    pub fn mean_is_under(&self, limit: f64) -> bool {
        let sum: i128 = self.0.iter().map(|(score, forms)| i128::from(*score) * *forms as i128).sum();
        units(limit).is_some_and(|limit| sum < i128::from(limit) * self.forms() as i128)
    }

    /// How many forms had a score.
    pub fn forms(&self) -> usize {
        self.0.values().sum()
    }
}

/// The forms of an offering, without whose they are; adding two of them is putting their forms together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Forms asked for.
    pub invited: usize,
    /// Forms handed in.
    pub answered: usize,
    /// Scores of whole forms.
    pub whole: Scores,
    /// Scores of each scale: `relevance`, `engagement`, ...; of forms counted by item, of each item.
    pub scales: BTreeMap<String, Scores>,
}

impl Tally {
    /// Count one form: its score, and for each scale the mean of its answered items.
    pub fn add(&mut self, items: &[Item], answers: &[Answer], score: Option<f64>) {
        self.add_by(scale_of, items, answers, score);
    }

    /// Count one form of which every item is a scale of its own.
    pub fn add_by_item(&mut self, items: &[Item], answers: &[Answer], score: Option<f64>) {
        self.add_by(|code| code, items, answers, score);
    }

    fn add_by(
        &mut self,
        scale_of: impl Fn(&str) -> &str,
        items: &[Item],
        answers: &[Answer],
        score: Option<f64>,
    ) {
        self.answered += 1;
        if let Some(score) = score {
            self.whole.add(score);
        }
        let mut scales: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for item in items.iter().filter(|item| item.kind == ItemKind::Scale) {
            let answer = answers.iter().find(|answer| answer.item == item.code);
            if let Some(step) = answer.and_then(|answer| counted(item, answer)) {
                scales.entry(scale_of(&item.code)).or_default().push(f64::from(step));
            }
        }
        for (scale, steps) in scales {
            let mean = steps.iter().sum::<f64>() / steps.len() as f64;
            self.scales.entry(scale.to_owned()).or_default().add(mean);
        }
    }

    /// Put other forms to these.
    pub fn merge(&mut self, other: &Self) {
        self.invited += other.invited;
        self.answered += other.answered;
        self.whole.merge(&other.whole);
        for (scale, scores) in &other.scales {
            self.scales.entry(scale.clone()).or_default().merge(scores);
        }
    }
}

/// `relevance` of `relevance_2`.
fn scale_of(code: &str) -> &str {
    code.rsplit_once('_').map_or(code, |(scale, _)| scale)
}
