//! Two published figures of which one is of a part of the other's people.

use super::groups::{FLOOR, is_few};
use super::parts::withheld_parts;

/// How many people of a whole are in a part of it, where figures of both are published: those by the same rater among all,
/// the forms that answer an item among all forms, those who were known a quarter ago among those who are known now. The
/// rest follows by subtraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nested {
    part: u64,
    rest: u64,
}

impl Nested {
    /// A part and the whole that it is of.
    pub fn of<N: TryInto<u64>>(part: N, whole: N) -> Self {
        let people = |n: N| n.try_into().unwrap_or_default();
        let (part, whole) = (people(part), people(whole));
        Self { part, rest: whole.saturating_sub(part) }
    }

    /// Whether the part must be withheld beside the whole, because it or the rest is one to four people.
    pub fn is_withheld(self) -> bool {
        withheld_parts(&[self.part, self.rest], FLOOR as u64).contains(&true)
    }

    /// Whether the rest is one to four people: for parts which a gate of their own withholds where they are too small.
    pub fn leaves_few(self) -> bool {
        is_few(self.rest)
    }

    /// Whether anybody is in the rest. A part that leaves somebody divides the whole, and a whole that is divided in one way
    /// must not be divided in another, unless it is known how many people are in both parts: these could differ by few.
    pub fn leaves_anybody(self) -> bool {
        self.rest > 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::oracle::Attack;
    use super::*;

    #[test]
    fn a_part_is_withheld_exactly_where_it_gives_few_away() {
        for whole in 5..14_usize {
            for part in 0..=whole {
                let mut attack = Attack::on([part as u64, (whole - part) as u64]);
                attack.publish(|_| true);
                attack.publish(|cell| cell == 0);
                let found = Nested::of(part, whole);
                assert_eq!(found.is_withheld(), !attack.by_adding(5).is_empty(), "{part} of {whole}");
                assert_eq!(found.is_withheld(), is_few(part) || found.leaves_few(), "{part} of {whole}");
            }
        }
    }

    #[test]
    fn only_the_whole_leaves_nobody() {
        let leaves = |part, whole| Nested::of(part, whole).leaves_anybody();
        assert!(!leaves(12, 12) && !leaves(0, 0) && leaves(8, 12) && leaves(0, 12));
    }
}
