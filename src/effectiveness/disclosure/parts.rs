//! Which parts of a whole may be published beside the figure of the whole.

/// Whether each part must be withheld: parts of 1 to `floor` - 1 people, and, where all of these together are still as
/// few, the next smallest part as well. If the whole is that small, every part is withheld, and so must the whole.
///
/// The figures of the whole and of some of its parts give away a set exactly if it is put together of published parts and
/// of all the withheld ones: these are the cells that no figure distinguishes. So it is enough that each of them is nobody
/// or at least `floor` people. No part is withheld without need: published beside the others, it would be too small
/// itself or leave too few.
pub fn withheld_parts(people: &[u64], floor: u64) -> Vec<bool> {
    let mut parts: Vec<(u64, usize)> = people.iter().copied().zip(0..).filter(|(n, _)| *n > 0).collect();
    parts.sort_unstable();
    let mut withheld = vec![false; people.len()];
    let mut together = 0;
    for (n, place) in parts {
        if n >= floor && (together == 0 || together >= floor) {
            break;
        }
        together += n;
        if let Some(part) = withheld.get_mut(place) {
            *part = true;
        }
    }
    withheld
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::super::oracle::Attack;
    use super::*;

    #[test]
    fn small_parts_are_withheld_with_the_next_smallest() {
        assert_eq!(withheld_parts(&[3, 20, 50], 5), [true, true, false]);
        assert_eq!(withheld_parts(&[3, 20, 2, 50], 5), [true, false, true, false], "together they are five");
        assert_eq!(withheld_parts(&[5, 0, 9], 5), [false; 3]);
        assert_eq!(withheld_parts(&[3, 0, 1], 5), [true, false, true], "all of them are too few");
        assert_eq!(withheld_parts(&[], 5), Vec::<bool>::new());
    }

    /// What an attacker finds in the whole and the parts that are not withheld.
    fn found(people: &[u64], withheld: &[bool]) -> bool {
        let mut attack = Attack::on(people.iter().copied());
        attack.publish(|_| true);
        for part in (0..people.len()).filter(|part| !withheld[*part]) {
            attack.publish(|cell| cell == part);
        }
        assert_eq!(attack.by_adding(5).is_empty(), attack.by_elimination(5).is_empty());
        !attack.by_adding(5).is_empty()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn no_few_are_given_away_and_no_part_is_withheld_without_need(people in vec(0..9_u64, 1..6)) {
            let withheld = withheld_parts(&people, 5);
            if (1..5).contains(&people.iter().sum::<u64>()) {
                prop_assert!(people.iter().zip(&withheld).all(|(n, withheld)| *withheld == (*n > 0)));
                return Ok(());
            }
            prop_assert!(!found(&people, &withheld), "{people:?} {withheld:?}");
            for part in (0..people.len()).filter(|part| withheld[*part]) {
                let mut with_it = withheld.clone();
                with_it[part] = false;
                prop_assert!(found(&people, &with_it), "{people:?}: {part} of {withheld:?} is harmless");
            }
        }
    }
}
