//! Each gate, at its border and in its order.

use super::super::{Figure, Reason, Respondents, Status, Unit, difference_in_differences, paired};
use super::*;

const UNIT: Unit = Unit::PointsOf5;

/// So many people who all rise, by turns a little more or less.
fn rising(n: usize) -> Vec<(f64, f64)> {
    (0..n).map(|i| (2.0 + (i % 5) as f64 / 4.0, 2.5 + (i % 3) as f64 / 2.0)).collect()
}

/// So many people who all rise by the same half point.
fn alike(n: usize) -> Vec<(f64, f64)> {
    (0..n).map(|i| (i as f64 / 4.0, i as f64 / 4.0 + 0.5)).collect()
}

fn change(pairs: &[(f64, f64)], respondents: Respondents) -> Figure {
    paired_figures(&paired(pairs), UNIT, respondents).change
}

fn words(figure: &Figure) -> (Status, Option<Reason>, Option<usize>) {
    (figure.status(), figure.reason(), figure.n())
}

#[test]
fn pairs_of_named_people() {
    let table = [
        (0, Status::InsufficientData, Some(Reason::NoCompletePairs)),
        (1, Status::InsufficientData, Some(Reason::NBelow2)),
        (2, Status::InsufficientData, Some(Reason::FewerThanNeeded)),
        (9, Status::InsufficientData, Some(Reason::FewerThanNeeded)),
        (10, Status::Ok, None),
    ];
    for (n, status, reason) in table {
        let figure = change(&rising(n), Respondents::Named);
        assert_eq!(words(&figure), (status, reason, Some(n)));
        assert_eq!(figure.n_needed(), Some(10));
        assert_eq!(figure.value().is_some(), status == Status::Ok);
    }
}

#[test]
fn privacy_comes_before_enough_data_and_that_before_undefined() {
    for n in 1..5 {
        let figure = change(&alike(n), Respondents::Anonymous);
        assert_eq!(words(&figure), (Status::Suppressed, Some(Reason::FewerThan5), None));
    }
    let few = change(&alike(5), Respondents::Anonymous);
    assert_eq!(words(&few), (Status::InsufficientData, Some(Reason::FewerThanNeeded), Some(5)));
    let enough = change(&alike(10), Respondents::Anonymous);
    assert_eq!(words(&enough), (Status::Undefined, Some(Reason::ZeroVarianceOfChange), Some(10)));
}

#[test]
fn a_common_change_is_told_without_interval_or_effect_size() {
    let figures = paired_figures(&paired(&alike(12)), UNIT, Respondents::Named);
    assert_eq!((figures.change.value(), figures.change.ci95()), (Some(0.5), None));
    assert_eq!((figures.effect_size.value(), figures.effect_size.ci95()), (None, None));
    assert_eq!((figures.before.status(), figures.after.status()), (Status::Ok, Status::Ok));
    let few = paired_figures(&paired(&alike(9)), UNIT, Respondents::Named);
    assert_eq!((few.change.value(), few.before.value()), (None, None), "a closed earlier gate hides it");
}

#[test]
fn open_pairs_show_what_was_computed() {
    let effect = paired(&rising(12));
    let figures = paired_figures(&effect, UNIT, Respondents::Named);
    let found = effect.inference.unwrap();
    assert_eq!((figures.change.value(), figures.change.ci95()), (effect.change, Some(found.ci95)));
    assert_eq!((figures.before.value(), figures.after.value()), (effect.mean_before, effect.mean_after));
    let size = figures.effect_size;
    assert_eq!(
        (size.value(), size.ci95(), size.unit()),
        (Some(found.g_av), Some(found.g_av_ci95), Unit::Standardised)
    );
}

#[test]
fn both_groups_need_ten() {
    let table = [
        (0, 10, Some(Reason::NoCompletePairs), 0),
        (1, 10, Some(Reason::NBelow2), 1),
        (9, 10, Some(Reason::FewerThanNeeded), 9),
        (10, 0, Some(Reason::NoComparisonGroup), 0),
        (10, 1, Some(Reason::ComparisonTooSmall), 1),
        (10, 9, Some(Reason::ComparisonTooSmall), 9),
        (12, 10, None, 12),
    ];
    for (trained, others, reason, n) in table {
        let effect = difference_in_differences(&rising(trained), &rising(others));
        let figures = difference_figures(&effect, UNIT, Respondents::Named);
        assert_eq!((figures.difference.reason(), figures.difference.n()), (reason, Some(n)));
        assert_eq!(figures.effect_size.reason(), reason);
    }
    let effect = difference_in_differences(&rising(10), &rising(4));
    let hidden = difference_figures(&effect, UNIT, Respondents::Anonymous).difference;
    assert_eq!(words(&hidden), (Status::Suppressed, Some(Reason::FewerThan5), None));
}

#[test]
fn constant_groups_leave_the_difference_and_constant_baselines_no_effect_size() {
    let still: Vec<(f64, f64)> = alike(10).iter().map(|(before, _)| (*before, *before)).collect();
    let figures =
        difference_figures(&difference_in_differences(&alike(10), &still), UNIT, Respondents::Named);
    assert_eq!(words(&figures.difference), (Status::Undefined, Some(Reason::ZeroVarianceOfChange), Some(10)));
    assert_eq!((figures.difference.value(), figures.effect_size.value()), (Some(0.5), None));
    let flat: Vec<(f64, f64)> = rising(10).iter().map(|(_, after)| (3.0, *after)).collect();
    let figures = difference_figures(&difference_in_differences(&flat, &flat), UNIT, Respondents::Named);
    assert_eq!(figures.difference.status(), Status::Ok);
    assert_eq!(figures.effect_size.reason(), Some(Reason::ZeroVarianceOfBaseline));
}

#[test]
fn anonymous_means_need_five() {
    assert_eq!(anonymous_mean(&[], 0, UNIT).reason(), Some(Reason::NoInvitations));
    assert_eq!(
        words(&anonymous_mean(&[], 7, UNIT)),
        (Status::InsufficientData, Some(Reason::NoAnswers), Some(0))
    );
    for n in 1..5 {
        let figure = anonymous_mean(&vec![4.0; n], 12, UNIT);
        assert_eq!(words(&figure), (Status::Suppressed, Some(Reason::FewerThan5), None));
    }
    let open = anonymous_mean(&[3.0, 4.0, 5.0, 4.0, 4.0, f64::NAN], 12, UNIT);
    assert_eq!((words(&open), open.value()), ((Status::Ok, None, Some(5)), Some(4.0)));
    assert_eq!((open.n_invited(), open.n_needed()), (Some(12), Some(5)));
}

#[test]
fn a_low_unanimous_answer_is_hidden_a_high_one_is_not() {
    let low = anonymous_mean(&[2.0; 6], 6, UNIT);
    assert_eq!(words(&low), (Status::Suppressed, Some(Reason::UnanimousAnswers), None));
    let high = anonymous_mean(&[2.25; 6], 6, UNIT);
    assert_eq!((high.value(), high.ci95()), (Some(2.25), None));
    assert_eq!(anonymous_mean(&[2.0, 2.0, 2.0, 2.0, 1.0], 6, UNIT).status(), Status::Ok);
}

#[test]
fn shares_of_anonymous_answers() {
    assert_eq!(anonymous_share(0, 0, 0).reason(), Some(Reason::NoInvitations));
    assert_eq!(anonymous_share(0, 0, 9).reason(), Some(Reason::NoAnswers));
    assert_eq!(words(&anonymous_share(1, 4, 9)), (Status::Suppressed, Some(Reason::FewerThan5), None));
    assert_eq!(anonymous_share(4, 5, 9).value(), Some(80.0));
    assert_eq!(anonymous_share(6, 5, 9).reason(), Some(Reason::NotFinite));
}

#[test]
fn response_rates() {
    let none = response_rate(0, 0, Respondents::Named);
    assert_eq!(words(&none), (Status::InsufficientData, Some(Reason::NoInvitations), Some(0)));
    let few = response_rate(3, 4, Respondents::Named);
    assert_eq!(words(&few), (Status::InsufficientData, Some(Reason::FewerThanNeeded), Some(4)));
    let rate = response_rate(18, 24, Respondents::Named);
    assert_eq!((rate.value(), rate.unit(), rate.n_invited()), (Some(75.0), Unit::Percent, Some(24)));
    assert_eq!(response_rate(3, 12, Respondents::Named).value(), Some(25.0));
    let hidden = response_rate(3, 12, Respondents::Anonymous);
    assert_eq!(words(&hidden), (Status::Suppressed, Some(Reason::FewerThan5), None));
    assert_eq!(response_rate(0, 12, Respondents::Anonymous).value(), Some(0.0));
    assert_eq!(response_rate(5, 12, Respondents::Anonymous).status(), Status::Ok);
}

#[test]
fn comments_need_ten_forms() {
    assert_eq!((comment_gate(9), comment_gate(10)), (Some(Reason::FewerThan10), None));
}

#[test]
fn the_share_at_the_ceiling_needs_ten() {
    let share = ceiling_share_of(3, 10);
    assert_eq!((share.status(), share.value(), share.n()), (Status::Ok, Some(30.0), Some(10)));
    let few = ceiling_share_of(3, 9);
    assert_eq!((few.reason(), few.n()), (Some(Reason::FewerThanNeeded), Some(9)));
}
