//! The answers to one question from 1 to 5: ordinal, so a median and a share, not a mean.

use serde::{Deserialize, Serialize};

/// How many gave each answer from 1 to 5; additive over people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AnswerCounts(
    /// People who answered 1, 2, 3, 4 and 5.
    pub [u64; 5],
);

impl AnswerCounts {
    /// Counts answers; «not observed» and what lies outside the scale are left out.
    pub fn of(answers: &[Option<u8>]) -> Self {
        let mut counts = Self::default();
        for answer in answers.iter().flatten() {
            counts.add(*answer);
        }
        counts
    }

    /// Counts one answer; outside 1 to 5 it counts as not given.
    pub fn add(&mut self, answer: u8) {
        if let Some(count) = usize::from(answer).checked_sub(1).and_then(|place| self.0.get_mut(place)) {
            *count = count.saturating_add(1);
        }
    }

    /// Adds the answers of other people.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count = count.saturating_add(more);
        }
    }

    /// Everybody who answered.
    pub fn n(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Who gave one of the two best answers.
    pub fn top_two(&self) -> u64 {
        self.0.iter().skip(3).sum()
    }

    /// Who gave the best answer.
    pub fn best(&self) -> u64 {
        self.0.iter().skip(4).sum()
    }

    /// The middle answer, or the mean of the two middle ones; none of nobody.
    pub fn median(&self) -> Option<f64> {
        let n = self.n();
        let low = self.nth(n.div_ceil(2))?;
        Some(f64::midpoint(low, self.nth(n / 2 + 1)?))
    }

    /// The only answer that was given, where all agree.
    pub(super) fn only_answer(&self) -> Option<f64> {
        let (first, last) = (self.nth(1)?, self.nth(self.n())?);
        (first == last).then_some(first)
    }

    /// The answer of the person at this place, counted from 1 and from the worst answer up.
    fn nth(&self, place: u64) -> Option<f64> {
        let mut counted = 0;
        (1..=5_u8).zip(self.0).find_map(|(answer, count)| {
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
    fn counts_add_up() {
        let mut counts = AnswerCounts::of(&[Some(1), Some(4), None]);
        counts.merge(&AnswerCounts::of(&[Some(5), Some(5)]));
        assert_eq!((counts.n(), counts.top_two(), counts.best()), (4, 3, 2));
        assert_eq!(AnswerCounts([0, 6, 0, 0, 0]).only_answer(), Some(2.0));
        assert_eq!((counts.only_answer(), AnswerCounts::default().only_answer()), (None, None));
    }
}
