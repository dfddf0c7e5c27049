//! What must hold for all panels of scores.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};

use super::*;

const QUARTERS: usize = 6;
const ANYBODY: Least = Least { trained: 1, comparison: 1 };

/// People by the quarter of their first training, none for those never trained; scores in ten-thousandths.
type People = Vec<(Option<usize>, Vec<i64>)>;

/// What happened to people over so many quarters.
pub fn study_over(quarters: usize, people: &People, least: Least) -> EventStudy {
    let nobody = PanelSums::of_nobody(quarters);
    let mut sums: BTreeMap<Option<usize>, PanelSums> = BTreeMap::from([(None, nobody.clone())]);
    for (first, scores) in people {
        sums.entry(*first).or_insert_with(|| nobody.clone()).add(scores);
    }
    let trained = sums.iter().filter_map(|(first, scores)| Some(TrainedGroup { first: (*first)?, scores }));
    event_study(&trained.collect::<Vec<_>>(), &sums[&None], least)
}

fn study(people: &People, least: Least) -> EventStudy {
    study_over(QUARTERS, people, least)
}

/// The same people, where the trained gained something from the quarter of the course on.
fn gained(people: &People, gain: i64) -> People {
    let mut gained = people.clone();
    for (first, of) in &mut gained {
        if let Some(first) = first {
            of.iter_mut().skip(*first).for_each(|score| *score += gain);
        }
    }
    gained
}

fn people() -> impl Strategy<Value = People> {
    let first = prop_oneof![2 => Just(None), 3 => (0..QUARTERS).prop_map(Some)];
    vec((first, vec(400_000i64..900_000, QUARTERS)), 8..60)
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-8 * one.abs().max(other.abs()).max(1.0)
}

fn alike(one: &EventStudy, other: &EventStudy) -> bool {
    let same = |(left, right): (&EventEffect, &EventEffect)| {
        left.event == right.event
            && (left.trained, left.comparison, left.groups) == (right.trained, right.comparison, right.groups)
            && near(left.value, right.value)
            && near(left.standard_error, right.standard_error)
    };
    let all = |left: &[EventEffect], right: &[EventEffect]| {
        left.len() == right.len() && left.iter().zip(right).all(same)
    };
    all(&one.effects, &other.effects) && all(&one.trends_before, &other.trends_before)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_everybody_has_more_changes_nothing(people in people(), more in 0i64..90_000, quarter in 0..QUARTERS) {
        let found = study(&people, ANYBODY);
        let of_all: People =
            people.iter().map(|(first, of)| (*first, of.iter().map(|score| score + more).collect())).collect();
        prop_assert!(alike(&found, &study(&of_all, ANYBODY)));
        let mut of_a_quarter = people.clone();
        of_a_quarter.iter_mut().for_each(|(_, of)| of[quarter] += more);
        prop_assert!(alike(&found, &study(&of_a_quarter, ANYBODY)), "a stricter quarter is no effect");
    }

    #[test]
    fn the_order_of_people_changes_nothing(people in people()) {
        let reversed: People = people.iter().rev().cloned().collect();
        prop_assert!(alike(&study(&people, ANYBODY), &study(&reversed, ANYBODY)));
    }

    #[test]
    fn what_the_trained_gain_is_the_effect(people in people(), gain in -90_000i64..90_000) {
        let found = study(&people, ANYBODY);
        let with_gain = study(&gained(&people, gain), ANYBODY);
        prop_assert_eq!(found.effects.len(), with_gain.effects.len());
        for (before, after) in found.effects.iter().zip(&with_gain.effects) {
            let expected = if before.event >= 0 { gain as f64 / 10_000.0 } else { 0.0 };
            prop_assert!(near(after.value, before.value + expected), "{before:?} {after:?}");
            prop_assert!(near(after.standard_error, before.standard_error), "{before:?} {after:?}");
        }
        for (before, after) in found.trends_before.iter().zip(&with_gain.trends_before) {
            prop_assert!(near(after.value, before.value));
        }
    }

    #[test]
    fn people_who_were_taken_away_leave_nothing(people in people()) {
        let mut all = PanelSums::of_nobody(QUARTERS);
        let mut some = PanelSums::of_nobody(QUARTERS);
        let mut others = PanelSums::of_nobody(QUARTERS);
        for (first, scores) in &people {
            all.add(scores);
            if first.is_some() { some.add(scores) } else { others.add(scores) }
        }
        all.subtract(&some);
        prop_assert_eq!(all, others);
    }

    #[test]
    fn who_is_too_few_is_not_shown(people in people(), least in 2i64..20) {
        let found = study(&people, Least { trained: least, comparison: least });
        let points = |of: &EventStudy| of.effects.len() + of.trends_before.len();
        let people_of = |of: &EventEffect| (of.trained, of.comparison);
        let after = found.after.map(|after| (after.trained, after.comparison));
        let points_of = found.effects.iter().chain(&found.trends_before);
        for (trained, comparison) in points_of.map(people_of).chain(after) {
            prop_assert!(trained >= least && comparison >= least, "{found:?}");
        }
        let whole = study(&people, ANYBODY);
        prop_assert_eq!((points(&found) + found.dropped, 0), (points(&whole), whole.dropped));
    }

    #[test]
    fn the_breakdown_has_no_unit_and_grows_with_the_effect(people in people(), gain in 10_000i64..90_000) {
        let doubled: People =
            people.iter().map(|(first, of)| (*first, of.iter().map(|score| score * 2).collect())).collect();
        let [one, two] = [&people, &doubled].map(|of| study(of, ANYBODY));
        prop_assert_eq!(one.sensitivity.is_some(), two.sensitivity.is_some());
        if let (Some(one), Some(two)) = (one.sensitivity, two.sensitivity) {
            prop_assert!(near(one.breakdown, two.breakdown));
            prop_assert!(near(one.largest_trend_upper * 2.0, two.largest_trend_upper));
            prop_assert!(one.largest_trend <= one.largest_trend_upper);
        }
        let more = study(&gained(&people, gain), ANYBODY);
        if let (Some(before), Some(after)) = (one.sensitivity.zip(one.after), more.sensitivity)
            && before.1.value >= 0.0
        {
            prop_assert!(after.breakdown + 1e-9 >= before.0.breakdown);
        }
    }
}

/// Everybody has a level of his or her own and the same ups and downs: nothing happened, and it is seen exactly.
#[test]
fn a_world_in_which_nothing_happens_shows_nothing() {
    let common = [0, 12_000, -8_000, 30_000, 5_000, 1_000];
    let person = |at: i64| common.map(|step| 700_000 + 1_300 * at + step).to_vec();
    let people: People = (0..60).map(|at| ([None, Some(2), Some(4)][at as usize % 3], person(at))).collect();
    let found = study(&people, Least { trained: 10, comparison: 10 });
    let events: Vec<i32> = found.effects.iter().map(|of| of.event).collect();
    assert_eq!(events, [-4, -3, -2, 0, 1, 2, 3]);
    for effect in found.effects.iter().chain(&found.trends_before) {
        assert!(effect.value.abs() < 1e-9 && effect.standard_error < 1e-6, "{effect:?}");
    }
}

/// The first quarter has nothing before it, and a course after the last has nothing to show yet.
#[test]
fn who_was_trained_before_the_quarters_has_no_part() {
    let scores =
        |at: i64| (0..6).map(|step| 700_000 + (at * 7_919 + step * 104_729) % 90_000).collect::<Vec<i64>>();
    let people: People = (0..50).map(|at| ([None, Some(3)][at as usize % 2], scores(at))).collect();
    let mut with_early = people.clone();
    with_early.extend((0..30).map(|at| (Some(0), scores(at + 100))));
    assert!(alike(&study(&people, ANYBODY), &study(&with_early, ANYBODY)));
}
