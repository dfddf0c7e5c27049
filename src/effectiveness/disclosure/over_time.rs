//! Sums that grow from one publication to the next.
//!
//! All that is ever published of such a sum are its states, and each is a part of the next. Whatever is added and
//! subtracted, those who came at the same time have the same weight: they are the parts of one whole, the newest state. So
//! nobody is given away if each time nobody or enough people come.

use statistics::thresholds::AGREEMENT_SHOWN;

use super::groups::is_few;

/// By how many forms (or people rated by both) a figure about a questionnaire moves at the least: as many as its most
/// demanding figure needs by itself. What two states differ by then passes every gate that the whole passes.
pub const MOVED_BY: usize = AGREEMENT_SHOWN;

/// Whether those who wait are enough to move a figure about a questionnaire.
pub fn may_join<N: TryInto<usize>>(waiting: N) -> bool {
    waiting.try_into().is_ok_and(|waiting| waiting >= MOVED_BY)
}

/// Which of several groups may be added to a sum beside figures of single groups. Groups of one to four people have no
/// figures of their own; they wait until they are five together, or subtracting the others would leave them.
pub fn countable<T>(groups: Vec<T>, people: impl Fn(&T) -> usize) -> Vec<T> {
    let (few, mut enough): (Vec<T>, Vec<T>) = groups.into_iter().partition(|group| is_few(people(group)));
    if !is_few(few.iter().map(&people).sum::<usize>()) {
        enough.extend(few);
    }
    enough
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::super::oracle::Attack;
    use super::*;

    #[test]
    fn few_wait_for_each_other() {
        let counted = |groups: &[usize]| countable(groups.to_vec(), |n| *n);
        assert_eq!(counted(&[4, 12]), [12]);
        assert_eq!(counted(&[4, 12, 1]), [12, 4, 1]);
        assert_eq!(counted(&[0, 7]), [0, 7], "a group of nobody hides nobody");
        assert_eq!([29, 30].map(may_join), [false, true]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        /// Groups come in two portions. Published are both sums, and each group that is large enough.
        #[test]
        fn no_few_are_given_away(portions in vec(vec(0..8_usize, 1..4), 2..3)) {
            let groups: Vec<usize> = portions.concat();
            let mut places = 0..groups.len();
            let mut attack = Attack::on(groups.iter().map(|n| *n as u64));
            let (mut shown, mut waiting) = (Vec::new(), Vec::new());
            for portion in &portions {
                waiting.extend(places.by_ref().take(portion.len()));
                let added = countable(waiting.clone(), |place| groups[*place]);
                waiting.retain(|place| !added.contains(place));
                shown.extend(added);
                attack.publish(|cell| shown.contains(&cell));
            }
            for group in (0..groups.len()).filter(|group| groups[*group] >= 5) {
                attack.publish(|cell| cell == group);
            }
            let sets = attack.by_adding(5);
            prop_assert!(sets.is_empty(), "{groups:?} {sets:?}");
        }
    }
}
