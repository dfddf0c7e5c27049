//! The answers to one question on a scale: ordinal, so a median and a share, not a mean.

use serde::{Deserialize, Serialize};

use super::thresholds::UNANIMOUS_LOW;

/// How many gave each answer, from the first step of a scale on; additive over people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AnswerCounts(
    /// People who answered 1, 2, 3 and so on; empty where nobody has been counted yet.
    pub Vec<u64>,
);

impl AnswerCounts {
    /// Nobody yet, on a scale of so many steps.
    pub fn new(steps: u8) -> Self {
        Self(vec![0; usize::from(steps)])
    }

    /// Counts answers on a scale of five steps; «not observed» and what lies outside the scale are left out.
    pub fn of(answers: &[Option<u8>]) -> Self {
        let mut counts = Self::new(5);
        for answer in answers.iter().flatten() {
            counts.add(*answer);
        }
        counts
    }

    /// Counts one answer; outside the scale it counts as not given.
    pub fn add(&mut self, answer: u8) {
        if let Some(count) = usize::from(answer).checked_sub(1).and_then(|place| self.0.get_mut(place)) {
            *count = count.saturating_add(1);
        }
    }

    /// Adds the answers of other people on the same scale.
    pub fn merge(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (count, more) in self.0.iter_mut().zip(&other.0) {
            *count = count.saturating_add(*more);
        }
    }

    /// Steps of the scale.
    pub fn steps(&self) -> usize {
        self.0.len()
    }

    /// Everybody who answered.
    pub fn n(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Who gave one of the two best answers.
    pub fn top_two(&self) -> u64 {
        self.0.iter().rev().take(2).sum()
    }

    /// Who gave the best answer.
    pub fn best(&self) -> u64 {
        self.0.last().copied().unwrap_or_default()
    }

    /// Who gave the worst answer.
    pub fn worst(&self) -> u64 {
        self.0.first().copied().unwrap_or_default()
    }

    /// The middle answer, or the mean of the two middle ones; none of nobody.
    pub fn median(&self) -> Option<f64> {
        let n = self.n();
        let low = self.nth(n.div_ceil(2))?;
        Some(f64::midpoint(low, self.nth(n / 2 + 1)?))
    }

    /// Whether all gave one answer in the lower two fifths of the scale: then the figures of the group would show what
    /// each of them said.
    pub fn is_unanimous_low(&self) -> bool {
        let low = UNANIMOUS_LOW * self.0.len() as f64 / 5.0;
        self.only_answer().is_some_and(|answer| answer <= low)
    }

    /// The only answer that was given, where all agree.
    fn only_answer(&self) -> Option<f64> {
        let (first, last) = (self.nth(1)?, self.nth(self.n())?);
        (first == last).then_some(first)
    }

    /// The answer of the person at this place, counted from 1 and from the worst answer up.
    fn nth(&self, place: u64) -> Option<f64> {
        let mut counted = 0;
        (1..=u8::MAX).zip(&self.0).find_map(|(answer, count)| {
            counted += count;
            (place > 0 && counted >= place).then_some(f64::from(answer))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        let table: [(&[u8], Option<f64>); 6] = [
            (&[], None),
            (&[0, 6], None),
            (&[4], Some(4.0)),
            (&[3, 4], Some(3.5)),
            (&[1, 5, 5], Some(5.0)),
            (&[1, 2, 2, 4, 5, 5], Some(3.0)),
        ];
        for (answers, expected) in table {
            let answers: Vec<Option<u8>> = answers.iter().copied().map(Some).collect();
            assert_eq!(AnswerCounts::of(&answers).median(), expected, "{answers:?}");
        }
    }

    #[test]
    fn a_scale_of_ten_has_its_own_ends() {
        let mut counts = AnswerCounts::new(10);
        [1, 9, 10, 10, 11, 0].into_iter().for_each(|answer| counts.add(answer));
        assert_eq!((counts.n(), counts.top_two(), counts.best(), counts.worst()), (4, 3, 2, 1));
        assert_eq!(counts.median(), Some(9.5));
        let mut none = AnswerCounts::default();
        none.merge(&counts);
        assert_eq!(none, counts);
    }

    #[test]
    fn counts_add_up() {
        let mut counts = AnswerCounts::of(&[Some(1), Some(4), None]);
        counts.merge(&AnswerCounts::of(&[Some(5), Some(5)]));
        assert_eq!((counts.n(), counts.top_two(), counts.best()), (4, 3, 2));
        assert_eq!((counts.worst(), counts.steps()), (1, 5));
        assert_eq!(AnswerCounts(vec![0, 6, 0, 0, 0]).only_answer(), Some(2.0));
        assert_eq!((counts.only_answer(), AnswerCounts::default().only_answer()), (None, None));
    }
}
