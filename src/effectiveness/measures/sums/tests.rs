use proptest::{array::uniform3, collection::vec, prelude::*};

use super::super::second::Second;
use super::*;
use crate::effectiveness::disclosure::oracle::Attack;
use statistics::thresholds::PAIRS_SHOWN;

fn person(before: f64, after: Option<f64>, rater: u128, rater_changed: bool) -> Observed {
    let rater = Uuid::from_u128(rater);
    let pair = after.map(|after| Pair { before, after, rater, rater_changed, ..Pair::default() });
    let state = if pair.is_some() { State::Answered } else { State::Unanswered };
    Observed { baseline: Some(before), state, pair, ..Observed::default() }
}

fn sums(people: &[Observed]) -> OfferingSums {
    let people: Vec<&Observed> = people.iter().collect();
    OfferingSums::of_behaviour(&people, &Rows::of_behaviour(&people))
}

#[test]
fn people_are_counted_where_they_belong() {
    let found = sums(&[
        person(3.0, Some(3.5), 1, false),
        person(3.2, Some(3.4), 1, true),
        person(2.8, None, 1, false),
    ]);
    assert_eq!((found.trained.n, found.same_rater.n, found.lost.n), (2, 1, 1));
    assert_eq!(
        (found.flow.rater_changed, found.flow.follow_up_due, found.flow.follow_up_answered),
        (1, 3, 2)
    );
}

#[test]
fn putting_offerings_together_is_putting_people_together() {
    let people: Vec<Observed> =
        (0..9).map(|i| person(2.0 + f64::from(i) / 5.0, Some(3.0), 1 + i as u128, i == 4)).collect();
    let (left, right) = people.split_at(4);
    let mut merged = sums(left);
    merged.merge(&sums(right));
    let mut whole = sums(&people);
    whole.flow.offerings = 2;
    // Raters stay with their offerings, so that one who rated in two of them is known to.
    let raters = merged.raters.iter().fold(Raters::default(), |mut all, raters| {
        all.merge(raters);
        all
    });
    assert_eq!((merged.raters.len(), &raters), (2, &whole.raters[0]));
    merged.raters = vec![raters];
    assert_eq!(merged, whole);
}

#[test]
fn a_small_offering_stands_in_no_total() {
    let of = |n: usize| sums(&vec![person(3.0, Some(3.5), 1, false); n]);
    for (n, kept, withheld) in [(0, 0, 0), (1, 0, 1), (4, 0, 4), (5, 5, 0)] {
        let found = of(n).for_totals();
        assert_eq!((found.trained.n, found.flow.withheld), (kept, withheld), "{n}");
        assert_eq!(found.flow.participants, n, "that there are people is no secret");
    }
}

#[test]
fn one_changed_rater_does_not_follow_by_subtraction() {
    let with_changed = |changed: usize| {
        let mut people = vec![person(3.0, Some(3.5), 1, false); 8];
        people.extend(vec![person(3.0, Some(5.0), 2, true); changed]);
        sums(&people).for_totals()
    };
    assert_eq!(with_changed(0).same_rater.n, 8);
    assert_eq!((with_changed(1).same_rater.n, with_changed(1).trained.n), (0, 9));
    assert_eq!(with_changed(5).same_rater.n, 8);
}

#[test]
fn few_who_share_a_rater_are_not_set_apart_from_the_others() {
    let with = |others: usize| {
        let mut people: Vec<Observed> = (1..=10).map(|rater| person(3.0, Some(3.5), rater, false)).collect();
        people.extend(vec![person(3.0, Some(4.0), 1, false); others]);
        sums(&people).for_totals().raters[0].by.len()
    };
    assert_eq!([0, 1, 3, 4].map(with), [10, 0, 0, 10], "from five on they are a group");
}

#[test]
fn what_is_stored_is_what_comes_back() {
    let found = sums(&[person(3.0, Some(3.5), 1, false), person(2.8, None, 1, false)]);
    let stored = serde_json::to_value(&found).unwrap();
    assert_eq!(serde_json::from_value::<OfferingSums>(stored).unwrap(), found);
}

/// Somebody who has a match, is rated by the same person twice, or has a second rater.
fn attending([has_match, same_rater, has_second]: [bool; 3]) -> Observed {
    let person = person(3.0, Some(3.5), 1, !same_rater);
    let seen = Second { supervisor: 3.5, second: 3.4, supervisor_before: 3.0, second_before: Some(3.2) };
    Observed {
        comparison: if has_match { vec![Pair::default()] } else { Vec::new() },
        second: has_second.then_some(seen),
        ..person
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whichever of its people have a match, the same rater or a second rater: the supervisors' ratings that an offering shows by
    /// itself, of all and of parts, give no few people away.
    #[test]
    fn an_offering_gives_no_few_away(dice in vec(uniform3(0..10_u8), 5..40), often in uniform3(0..=10_u8)) {
        let people: Vec<[bool; 3]> =
            dice.iter().map(|dice| [0, 1, 2].map(|place| dice[place] < often[place])).collect();
        let found = sums(&people.iter().copied().map(attending).collect::<Vec<_>>()).alone();

        let cell = |cell: usize| [4, 2, 1].map(|bit| cell & bit > 0);
        let mut attack = Attack::on((0..8).map(|of| people.iter().filter(|who| **who == cell(of)).count() as u64));
        attack.publish(|_| true);
        let all = people.len() as i64;
        let parts = [found.matched().n, found.same_rater.n, found.second.supervisors.n];
        for (part, n) in parts.into_iter().enumerate() {
            let is_shown = n > 0 && (part < 2 || n >= PAIRS_SHOWN as i64);
            if is_shown {
                attack.publish(|of| n == all || cell(of)[part]);
            }
        }
        let sets = attack.by_elimination(5);
        prop_assert!(sets.is_empty(), "{parts:?} of {people:?}: {sets:?}");
    }
}
