use super::super::compared::Compared;
use super::*;
use statistics::{Grade, PairSums, Raters};

fn sample(trained: &[(f64, f64)], comparison: &[(f64, f64)], lost: &[f64]) -> OfferingSums {
    let [all, others] = [trained, comparison].map(PairSums::of);
    let each = |group: &PairSums| Raters::by_people(group.changes());
    let of = Compared {
        trained: all,
        comparison: others,
        raters: [each(&all), each(&others)],
        ..Compared::default()
    };
    let mut sums = OfferingSums {
        trained: all,
        same_rater: all,
        lost: statistics::ScoreSums::of(lost),
        raters: vec![each(&all)],
        compared: if comparison.is_empty() { Vec::new() } else { vec![of] },
        ..OfferingSums::default()
    }
    .alone();
    sums.flow.offerings = 3;
    sums.flow.follow_up_due = trained.len() + lost.len();
    sums.flow.follow_up_answered = trained.len();
    sums
}

fn rising(n: usize, by: f64) -> Vec<(f64, f64)> {
    (0..n).map(|i| (3.0, 3.0 + by + if i % 2 == 0 { 0.1 } else { -0.1 })).collect()
}

#[test]
fn a_comparison_group_of_ten_takes_over_the_headline() {
    let found =
        |others: &[(f64, f64)]| Behaviour::of(&sample(&rising(12, 0.6), others, &[]), 0.25, Floor::Standard);
    let alone = found(&rising(9, 0.6));
    assert_eq!((alone.figures.headline, alone.evidence.grade), (Headline::Change, Grade::B));
    assert_eq!(alone.verdict, Some(Verdict::ClearImprovement));
    let compared = found(&rising(10, 0.6));
    assert_eq!((compared.figures.headline, compared.evidence.grade), (Headline::Difference, Grade::A));
    assert_eq!(compared.verdict, Some(Verdict::PracticallyNoChange));
}

#[test]
fn a_later_follow_up_shows_what_changed_and_no_levels() {
    let mut trained = rising(12, 0.6);
    trained.iter_mut().zip(0..).for_each(|(pair, i)| pair.0 -= f64::from(i % 3) / 10.0);
    let of = |trained: &[(f64, f64)]| Behaviour::of(&sample(trained, &[], &[]), 0.25, Floor::Standard);
    let (first, later) = (of(&trained), of(&trained).later());
    let levels = |found: &Behaviour| [found.figures.before, found.figures.after, found.figures.effect_size];
    assert!(levels(&first).iter().all(|figure| figure.status() == Status::Ok));
    for figure in levels(&later) {
        assert_eq!((figure.status(), figure.value(), figure.n()), (Status::Suppressed, None, None));
    }
    assert_eq!(
        (later.figures.change, later.figures.difference, later.verdict),
        (first.figures.change, first.figures.difference, first.verdict)
    );
    // What is closed anyway says so.
    assert_eq!(levels(&of(&trained[..4]).later()), levels(&of(&trained[..4])));
}

#[test]
fn the_lost_can_unsettle_a_verdict() {
    let trained = rising(12, 0.4);
    let verdict = |lost: &[f64]| Behaviour::of(&sample(&trained, &[], lost), 0.25, Floor::Standard).verdict;
    assert_eq!(verdict(&[]), Some(Verdict::ClearImprovement));
    assert_eq!(verdict(&[3.0; 6]), Some(Verdict::ImprovementSizeUncertain));
    assert_eq!(verdict(&[3.0; 20]), None, "under 40 % came back");
}

/// Had the lost not changed, less favour would explain the improvement away.
#[test]
fn the_tipping_point_is_the_lower_of_the_interval_and_its_bound() {
    let found = |lost: &[f64]| Behaviour::of(&sample(&rising(12, 0.4), &[], lost), 0.25, Floor::Standard);
    let low = |figure: Figure| figure.ci95().map(|[low, _]| low);
    let (all, some) = (found(&[]), found(&[3.0; 6]));
    assert_eq!(all.tipping_point, low(all.figures.change));
    assert_eq!(some.tipping_point, low(some.bounded));
    assert!(some.tipping_point < low(some.figures.change));
}

/// What was concluded stays, however many forms of another offering are still to come.
#[test]
fn an_open_window_changes_no_verdict() {
    let of = |sums: &OfferingSums| Behaviour::of(sums, 0.25, Floor::Standard);
    let released = sample(&rising(12, 0.6), &rising(12, 0.0), &[]);
    let mut whole = released.clone();
    whole.merge(&sample(&[], &[], &[3.0; 31]).counted());
    assert_eq!(of(&whole).verdict, of(&released).verdict);
    assert_eq!(of(&whole).evidence, of(&released).evidence);
    assert_eq!(whole.whole_flow().follow_up_due, 12 + 31, "but they are counted");
}

/// Where nobody of a group differs from another, a gap is measured in no standard deviation, and is all the surer.
#[test]
fn groups_that_are_each_alike_and_far_apart_are_not_comparable() {
    let others: Vec<(f64, f64)> = (0..12).map(|i| (4.0, 4.0 + f64::from(i % 2) / 5.0)).collect();
    let found = Behaviour::of(&sample(&rising(12, 0.6), &others, &[]), 0.25, Floor::Standard);
    assert_eq!(found.baselines.standardised.value(), None);
    assert_eq!((found.verdict, found.maryland_level), (Some(Verdict::CannotTellYet), 2));
    assert!(found.limits.contains(&Limit::BaselinesDiffer), "{:?}", found.limits);
}

/// The weaker were trained: they gain more, but no more than others from such baselines.
#[test]
fn a_verdict_that_depends_on_the_method_is_not_given() {
    let rising = |from: f64| {
        let person = |i: usize| {
            let before = from + (i % 4) as f64 / 5.0;
            (before, 0.5 * before + 2.0 + if (i / 4).is_multiple_of(2) { 0.1 } else { -0.1 })
        };
        (0..20).map(person).collect::<Vec<_>>()
    };
    let found = Behaviour::of(&sample(&rising(2.0), &rising(3.2), &[]), 0.25, Floor::Standard);
    assert!(found.figures.difference.ci95().is_some_and(|[low, _]| low > 0.25));
    assert!(found.at_equal_baselines.effect.ci95().is_some_and(|[low, high]| low < 0.0 && high > 0.0));
    assert_eq!((found.verdict, found.depends_on_method), (Some(Verdict::CannotTellYet), true));
}

#[test]
fn a_lecturer_needs_thirty_pairs_from_three_offerings() {
    let closed = |pairs, offerings| {
        let mut sample = sample(&rising(pairs, 0.4), &[], &[]);
        sample.flow.offerings = offerings;
        let change = Behaviour::of(&sample, 0.25, Floor::Lecturer).figures.change;
        (change.status(), change.n_needed())
    };
    assert_eq!(closed(30, 3), (Status::Ok, Some(10)));
    assert_eq!(closed(29, 3), (Status::InsufficientData, Some(30)));
    assert_eq!(closed(30, 2), (Status::InsufficientData, Some(30)));
}

#[test]
fn people_rated_on_other_forms_only_are_undefined() {
    let mut sample = sample(&[], &[], &[]);
    sample.flow.instrument_changed = 4;
    let figure = Behaviour::of(&sample, 0.25, Floor::Standard).figures.change;
    assert_eq!(figure.reason(), Some(Reason::InstrumentChanged));
}
