//! Whether figures of official scores that changed after their release may be published beside those that were published before.
//!
//! The other rules of this module are about figures of which only the people differ. Here the numbers of the same people
//! change as well, so that a person can have several unknown numbers; the rule is about everybody any of whose numbers has
//! a weight in a sum of figures.
//!
//! Scores come late, and are corrected after petitions. The figures of an offering then change, and who reads a report
//! of two days could subtract one from the other: of a single correction the difference would be one person's. So what is
//! released stays as it is, and changed figures come as a whole, as a new revision, under this rule:
//!
//! 1. *At most once a calendar quarter*, on its first day, with what was known on the day before. Nothing can be learned
//!    from the moment of a push.
//! 2. *Nobody goes.* Who counted in a revision counts in the next one; as long as somebody would not (a rating was
//!    withdrawn, or is now under another regime), none is opened. Otherwise those who stay and those who go would each
//!    be shown by themselves, and units, which are put together of the first revision, could be subtracted from them.
//! 3. *Who comes, comes with four others at least,* and those whose numbers changed are split by nothing into fewer than
//!    five: all people with the same history, that is who came in the same revision, and whose numbers have been the same
//!    and others in the same revisions, are none or at least five. This holds of the trained and of the colleagues, and of
//!    what they had before, what they had after, and the change, each for itself.
//!    Whether somebody is compared with colleagues belongs to this history, as the change of those who are is published, too.
//! 4. *Of those who changed at least five must count nowhere else in these periods.* A corrected quarter may count in
//!    the figures of two offerings, so that the difference of two differences would be that of the few who are in one
//!    of them.
//!
//! Why this is enough. Let an attacker add and subtract any revisions of an offering. All people with the same history then
//! have the same weight. If any number that changed has a weight, at least five people's have. If none has, then for those
//! of a block (who came together) who changed, the weights of all revisions from their coming on add up to nothing; and
//! these are the weights of those of the block who did not change. So a block is included as a whole, and it is at
//! least five, or not at all. Units are put together of the first revision only: where no changed number has a weight,
//! what is left is the first revision, as a whole, and units, which the rule of units guards; else at least five people
//! are. Totals are sums of offerings, and of each offering's people at least five who changed are in no other (4), so
//! no other offering's figures take them away.
//!
//! What remains: who knows four of five corrections knows the fifth, as everywhere with a floor of five.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::groups::is_enough;

/// A person, and the participation in which the person's scores count.
pub type Key = (Uuid, Uuid);

/// Of each person the means before and after, in ten-thousandths of a point.
pub type Numbers = BTreeMap<Key, (i64, i64)>;

/// What of somebody's numbers is published by itself: before, after, or the change.
type Aspect = fn(&(i64, i64)) -> i64;

/// What an offering's figures are made of, person by person. It is computed when it is needed and never stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Who took part.
    pub trained: Numbers,
    /// The colleagues matched to them.
    pub comparison: Numbers,
    /// Those of the trained who are compared with colleagues: their change is published by itself.
    pub compared: BTreeSet<Key>,
}

/// A group of a revision: numbers, and who of it counts in a second published sum.
type Group<'a> = (&'a Numbers, &'a BTreeSet<Key>);

/// What is to be done with figures as they are now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// They are those that are published already.
    Same,
    /// They differ, and may not be published yet.
    Wait,
    /// They may be published, as a new revision.
    Open,
}

/// Whether figures may be published beside all earlier revisions; `alone` says whether no other offering counts the
/// same periods of a person.
pub fn step(earlier: &[Counted], next: &Counted, alone: impl Fn(&Key) -> bool) -> Step {
    let nobody = BTreeSet::new();
    let trained = earlier.iter().map(|of| (&of.trained, &of.compared));
    let trained: Vec<Group<'_>> = trained.filter(|(of, _)| stands_in_figures(of)).collect();
    // With one to four trained people nothing is published of their colleagues either.
    let comparison = earlier.iter().filter(|of| of.trained.is_empty() || stands_in_figures(&of.trained));
    let comparison = comparison.map(|of| (&of.comparison, &nobody));
    let comparison: Vec<Group<'_>> = comparison.filter(|(of, _)| stands_in_figures(of)).collect();
    let steps = [
        of_group(&trained, (&next.trained, &next.compared), &alone),
        of_group(&comparison, (&next.comparison, &nobody), &alone),
    ];
    if steps.contains(&Step::Wait) {
        Step::Wait
    } else if steps.contains(&Step::Open) {
        Step::Open
    } else {
        Step::Same
    }
}

/// One to four people count in no figure.
fn stands_in_figures(numbers: &Numbers) -> bool {
    is_enough(numbers.len())
}

fn of_group(published: &[Group<'_>], next: Group<'_>, alone: &impl Fn(&Key) -> bool) -> Step {
    let last = published.last().copied();
    if last.map_or(!stands_in_figures(next.0), |last| last == next) {
        return Step::Same;
    }
    if last.is_some_and(|(last, _)| last.keys().any(|who| !next.0.contains_key(who))) {
        return Step::Wait;
    }
    let revisions: Vec<Group<'_>> = published.iter().copied().chain([next]).collect();
    let aspects: [Aspect; 3] = [|of| of.0, |of| of.1, |of| of.1 - of.0];
    let large = aspects.into_iter().all(|aspect| histories_are_large(&revisions, aspect, alone));
    if large { Step::Open } else { Step::Wait }
}

/// Whether people with the same history of a number are none or at least five.
fn histories_are_large(revisions: &[Group<'_>], aspect: Aspect, alone: &impl Fn(&Key) -> bool) -> bool {
    let (mut blocks, mut changed) = (BTreeMap::<usize, usize>::new(), BTreeMap::<Vec<usize>, usize>::new());
    for who in revisions.iter().flat_map(|(of, _)| of.keys()).collect::<BTreeSet<_>>() {
        let number = |(of, compared): &Group<'_>| Some((aspect(of.get(who)?), compared.contains(who)));
        let numbers: Vec<Option<(i64, bool)>> = revisions.iter().map(number).collect();
        // Of each revision the first one with the same number.
        let history: Vec<usize> =
            numbers.iter().filter_map(|number| numbers.iter().position(|other| other == number)).collect();
        let came = numbers.iter().position(Option::is_some).unwrap_or_default();
        *blocks.entry(came).or_default() += 1;
        if history.iter().skip(came).any(|same| *same != came) {
            *changed.entry(history).or_default() += usize::from(alone(who));
        }
    }
    blocks.into_values().chain(changed.into_values()).all(is_enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(who: usize) -> Key {
        (Uuid::from_u128(who as u128), Uuid::nil())
    }

    /// So many people, with the numbers that a rule gives them; none for who does not count.
    fn numbers(n: usize, of: impl Fn(usize) -> Option<(i64, i64)>) -> Numbers {
        (0..n).filter_map(|who| Some((key(who), of(who)?))).collect()
    }

    fn counted(trained: Numbers) -> Counted {
        Counted { trained, ..Counted::default() }
    }

    fn found(revisions: &[&Numbers]) -> Step {
        let (next, earlier) = revisions.split_last().unwrap();
        let earlier: Vec<Counted> = earlier.iter().map(|of| counted((*of).clone())).collect();
        step(&earlier, &counted((*next).clone()), |_| true)
    }

    fn base(who: usize) -> Option<(i64, i64)> {
        Some((700_000 + 1_000 * who as i64, 760_000 + 2_000 * who as i64))
    }

    /// The first so many are corrected, by different amounts, before and after.
    fn corrected(n: usize, first: usize) -> Numbers {
        numbers(n, |who| {
            base(who).map(
                |(before, after)| if who < first { (before + 500, after + 9_000) } else { (before, after) },
            )
        })
    }

    #[test]
    fn one_to_four_corrections_wait_for_a_fifth() {
        let first = numbers(12, base);
        let steps: Vec<Step> = (0..=5).map(|n| found(&[&first, &corrected(12, n)])).collect();
        assert_eq!(steps, [Step::Same, Step::Wait, Step::Wait, Step::Wait, Step::Wait, Step::Open]);
        assert_eq!(found(&[&first, &corrected(12, 12)]), Step::Open);
    }

    /// A participant whose colleague is rated late counts in a second sum from then on.
    #[test]
    fn one_to_four_who_come_to_be_compared_wait_for_a_fifth() {
        let of = |compared: usize| Counted {
            trained: numbers(12, base),
            compared: (0..compared).map(key).collect(),
            ..Counted::default()
        };
        let steps: Vec<Step> = (5..=10).map(|n| step(&[of(5)], &of(n), |_| true)).collect();
        assert_eq!(steps, [Step::Same, Step::Wait, Step::Wait, Step::Wait, Step::Wait, Step::Open]);
    }

    #[test]
    fn five_corrections_of_the_one_and_one_of_the_other_number_wait() {
        let first = numbers(12, base);
        let mixed = numbers(12, |who| {
            base(who).map(|(before, after)| match who {
                0..5 => (before, after + 9_000),
                5 => (before + 500, after),
                _ => (before, after),
            })
        });
        assert_eq!(found(&[&first, &mixed]), Step::Wait, "the mean before would give the one away");
        let shifted = numbers(12, |who| {
            base(who).map(|(before, after)| match who {
                0..5 => (before + 500, after + 500),
                5..10 => (before + 500, after + 900),
                10 => (before + 500, after + 500),
                _ => (before, after),
            })
        });
        assert_eq!(found(&[&first, &shifted]), Step::Open, "six shifted, five changed");
    }

    #[test]
    fn who_comes_late_comes_with_four_others() {
        let first = numbers(12, |who| base(who).filter(|_| who < 8));
        let with = |n: usize| numbers(12, |who| base(who).filter(|_| who < n));
        assert_eq!(found(&[&first, &with(12)]), Step::Wait, "four");
        let first = with(7);
        assert_eq!(found(&[&first, &with(12)]), Step::Open);
        // One who comes is not hidden among four whose numbers hardly change.
        let with_corrections = numbers(12, |who| {
            base(who).map(|(before, after)| if who < 4 { (before + 1, after + 2) } else { (before, after) })
        });
        assert_eq!(found(&[&with(11), &with_corrections]), Step::Wait);
    }

    #[test]
    fn what_was_told_of_nobody_is_no_revision() {
        let few = numbers(12, |who| base(who).filter(|_| who < 4));
        assert_eq!(found(&[&few, &numbers(12, base)]), Step::Open, "four stood in no figure");
        assert_eq!(found(&[&Numbers::new(), &numbers(12, base)]), Step::Open, "nothing was pushed in time");
        assert_eq!(found(&[&Numbers::new(), &few]), Step::Same, "and of four nothing would be published");
    }

    #[test]
    fn nobody_goes() {
        let first = numbers(12, base);
        for left in [11, 7] {
            assert_eq!(found(&[&first, &numbers(left, base)]), Step::Wait);
        }
    }

    /// Of the second revision's six four go back to what they were: the first and the third would give the two away.
    #[test]
    fn a_revision_is_compared_with_every_earlier_one() {
        let (first, second) = (numbers(20, base), corrected(20, 6));
        let third = numbers(20, |who| {
            base(who).map(|(before, after)| match who {
                0..2 => (before + 500, after + 9_000),
                6..12 => (before + 700, after + 100),
                _ => (before, after),
            })
        });
        assert_eq!(found(&[&first, &second]), Step::Open);
        assert_eq!(found(&[&first, &third]), Step::Open, "eight differ");
        assert_eq!(found(&[&first, &second, &third]), Step::Wait);
    }

    #[test]
    fn who_counts_in_two_offerings_hides_nobody() {
        let (first, second) = (numbers(12, base), corrected(12, 6));
        let earlier = [counted(first)];
        let of =
            |alone: usize| step(&earlier, &counted(second.clone()), |who| who.0.as_u128() < alone as u128);
        assert_eq!([4, 5].map(of), [Step::Wait, Step::Open]);
    }

    #[test]
    fn colleagues_are_guarded_as_the_trained_are() {
        let of = |trained: usize, comparison: usize| Counted {
            trained: corrected(12, trained),
            comparison: corrected(12, comparison),
            ..Counted::default()
        };
        let steps = [(0, 0), (12, 0), (0, 1), (12, 1), (12, 5)]
            .map(|(trained, comparison)| step(&[of(0, 0)], &of(trained, comparison), |_| true));
        assert_eq!(steps, [Step::Same, Step::Open, Step::Wait, Step::Wait, Step::Open]);
    }

    /// Whatever small sums of revisions an attacker makes: nobody, or at least five people, are left in them.
    #[test]
    fn no_sum_of_revisions_tells_of_one_to_four() {
        let mut seed = 335_u64;
        let mut dice = |sides: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % sides
        };
        let mut opened = 0;
        for _ in 0..400 {
            let mut revisions = vec![numbers(24, |who| base(who).filter(|_| who < 14))];
            for number in 1..4_i64 {
                let last = revisions.last().unwrap().clone();
                let (from, to, present) = (dice(24) as usize, dice(24) as usize, 14 + dice(11) as usize);
                let back = dice(2) == 0;
                let next = numbers(24, |who| {
                    let old = last.get(&key(who)).copied().or(base(who).filter(|_| who < present))?;
                    let changed =
                        if back { base(who)? } else { (old.0 + 100 * number, old.1 + 300 * number) };
                    Some(if (from..to).contains(&who) { changed } else { old })
                });
                let earlier: Vec<Counted> = revisions.iter().cloned().map(counted).collect();
                if step(&earlier, &counted(next.clone()), |_| true) == Step::Open {
                    revisions.push(next);
                }
            }
            opened += revisions.len() - 1;
            smallest_support(&revisions);
        }
        assert!(opened > 100, "few revisions were opened: {opened}");
    }

    fn smallest_support(revisions: &[Numbers]) {
        let weights = -2_i64..=2;
        let sums = revisions.iter().fold(vec![Vec::new()], |sums: Vec<Vec<i64>>, _| {
            sums.iter().flat_map(|sum| weights.clone().map(|w| [sum.clone(), vec![w]].concat())).collect()
        });
        for sum in sums {
            let mut people = 0;
            for who in 0..24 {
                // Weight of each number that this person ever had.
                let mut of: BTreeMap<(i64, i64), i64> = BTreeMap::new();
                for (revision, weight) in revisions.iter().zip(&sum) {
                    if let Some(number) = revision.get(&key(who)) {
                        *of.entry(*number).or_default() += weight;
                    }
                }
                people += usize::from(of.values().any(|weight| *weight != 0));
            }
            assert!(people == 0 || is_enough(people), "{people} in {sum:?}");
        }
    }
}
