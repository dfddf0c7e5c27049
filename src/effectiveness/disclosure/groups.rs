//! Whether a group of people may be shown by itself, or be left by subtraction.

use statistics::thresholds::{self, PRIVACY_FLOOR};

/// The smallest number of people who may be shown together.
pub const FLOOR: usize = PRIVACY_FLOOR;

/// Whether people are too few to be shown, or to be left by subtraction: one to four.
pub fn is_few<N: TryInto<usize>>(people: N) -> bool {
    people.try_into().is_ok_and(thresholds::is_few)
}

/// Whether people are enough to be shown: five or more. Of nobody there is nothing to show.
pub fn is_enough<N: TryInto<usize>>(people: N) -> bool {
    people.try_into().is_ok_and(|people| people >= FLOOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_four_are_few_and_five_are_enough() {
        let found: Vec<(bool, bool)> = (0..7_i64).map(|people| (is_few(people), is_enough(people))).collect();
        let (nobody, few, enough) = ((false, false), (true, false), (false, true));
        assert_eq!(found, [nobody, few, few, few, few, enough, enough]);
        assert_eq!((is_few(-1_i64), is_enough(-1_i64)), nobody);
    }
}
