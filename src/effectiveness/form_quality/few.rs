//! What few people say: left out of an offering's anonymous forms, or kept back until others join it.

use uuid::Uuid;

use super::model::{FormSums, ItemAnswers};
use crate::effectiveness::disclosure::{self, Nested};
use statistics::{AnswerCounts, ItemSums};

impl FormSums {
    /// Leaves out of an offering's anonymous forms what few of them say: an item that one to four of the valid forms answer
    /// or leave out, and the complete forms where these or the others number one to four. In a total, somebody who knows
    /// the other forms could find theirs by subtraction.
    #[must_use]
    pub fn without_few(mut self) -> Self {
        let valid = self.counts.valid();
        let gives_away = |part: usize| Nested::of(part, valid).is_withheld();
        for item in &mut self.items {
            if gives_away(usize::try_from(item.answers.n()).unwrap_or(usize::MAX)) {
                *item = ItemAnswers { answers: AnswerCounts(vec![0; item.answers.steps()]), left_out: 0 };
            }
        }
        if gives_away(usize::try_from(self.complete.n).unwrap_or_default()) {
            self.complete = ItemSums::new(self.items.len());
        }
        self
    }
}

/// What of the offerings' sums may be added to what is known, and which offerings that is. Those with one to four valid
/// forms wait until they number five together: figures of the other offerings are published.
pub fn countable(released: Vec<(Uuid, FormSums)>) -> (Vec<Uuid>, FormSums) {
    let added = disclosure::countable(released, |(_, of_offering)| of_offering.counts.valid());
    let mut sums = FormSums::default();
    added.iter().for_each(|(_, of_offering)| sums.merge(of_offering));
    (added.into_iter().map(|(offering, _)| offering).collect(), sums)
}

#[cfg(test)]
mod tests {
    use statistics::PairSums;

    use super::super::model::FormCounts;
    use super::*;

    /// Twelve valid forms and an invalid one, of which so many answer the first of two items and all the second.
    fn forms(answered: u64) -> FormSums {
        let item = |n: u64| ItemAnswers { answers: AnswerCounts(vec![0, n, 0, 0, 0]), left_out: 12 - n };
        let n = i64::try_from(answered).unwrap();
        FormSums {
            counts: FormCounts { offerings: 1, invited: 15, handed_in: 13, invalid: 1 },
            complete: ItemSums { n, sums: vec![2 * n, 2 * n], products: vec![4 * n; 3] },
            items: vec![item(answered), item(12)],
            beside: PairSums::default(),
        }
    }

    #[test]
    fn offerings_with_few_forms_wait_for_each_other() {
        let few = |n: usize| {
            let counts = FormCounts { offerings: 1, invited: n, handed_in: n, invalid: 0 };
            (Uuid::from_u128(n as u128), FormSums { counts, ..FormSums::default() })
        };
        let twelve = (Uuid::nil(), forms(12));
        let (offerings, sums) = countable(vec![few(4), twelve.clone()]);
        assert_eq!((offerings, sums.counts.valid()), (vec![Uuid::nil()], 12));
        let (offerings, sums) = countable(vec![few(4), twelve, few(1)]);
        assert_eq!((offerings.len(), sums.counts.valid()), (3, 17));
    }

    #[test]
    fn what_few_anonymous_people_say_or_leave_out_is_not_kept() {
        for answered in 0..=12 {
            let (whole, found) = (forms(answered), forms(answered).without_few());
            assert_eq!(
                (found.counts, &found.items[1]),
                (whole.counts, &whole.items[1]),
                "{answered}: the rest stays"
            );
            if [1, 2, 3, 4, 8, 9, 10, 11].contains(&answered) {
                let first = &found.items[0];
                assert_eq!((&first.answers.0, first.left_out), (&vec![0; 5], 0), "{answered}");
                assert_eq!(found.complete, ItemSums::new(2), "{answered}");
            } else {
                assert_eq!(found, whole, "{answered}");
            }
        }
    }
}
