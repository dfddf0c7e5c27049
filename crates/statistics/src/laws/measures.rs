//! The metamorphic rules of agreement, reliability, families and lists.

use proptest::{collection::vec, prelude::*};

use super::super::{ancova::of_rows, *};
use super::{near, ratings, within};

/// Complete forms of four items.
fn forms() -> impl Strategy<Value = Vec<Vec<Option<i64>>>> {
    vec(vec((1..6i64).prop_map(Some), 4), 3..40)
}

/// People, mean and sum of squares of groups.
fn groups() -> impl Strategy<Value = Vec<Moments>> {
    let group = (0..40usize, -2.0f64..2.0, 0.01f64..1.0);
    vec(
        group.prop_map(|(n, mean, spread)| Moments { n, mean, ss: spread * n.saturating_sub(1) as f64 }),
        2..12,
    )
}

fn icc(rows: &[(f64, f64)]) -> Agreement {
    agreement(&RatingTable::of(&rows.iter().map(|pair| vec![pair.0, pair.1]).collect::<Vec<_>>()))
}

fn alpha(forms: &[Vec<Option<i64>>]) -> Reliability {
    reliability(&ItemSums::of(4, forms))
}

fn value(found: Result<Coefficient, Reason>) -> Option<f64> {
    found.ok().map(|found| found.value)
}

fn same(one: Option<f64>, other: Option<f64>) -> bool {
    one.is_some() == other.is_some() && one.zip(other).is_none_or(|(one, other)| near(one, other))
}

fn turned<T: Clone>(rows: &[T], by: usize) -> Vec<T> {
    let (head, tail) = rows.split_at(by % rows.len().max(1));
    tail.iter().chain(head).rev().cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn raters_exchanged_leave_the_agreement(pairs in ratings(5)) {
        let exchanged: Vec<(f64, f64)> = pairs.iter().map(|(one, other)| (*other, *one)).collect();
        prop_assert!(same(value(icc(&pairs).absolute), value(icc(&exchanged).absolute)));
    }

    #[test]
    fn lenience_leaves_consistency_but_not_agreement(pairs in ratings(5), steps in 1..20u32) {
        let lenient: Vec<(f64, f64)> = pairs.iter().map(|pair| (pair.0, pair.1 + f64::from(steps) / 5.0)).collect();
        let (one, other) = (icc(&pairs), icc(&lenient));
        prop_assert!(same(value(one.consistency), value(other.consistency)));
        let both: Vec<(f64, f64)> = pairs.iter().map(|pair| (pair.0 + 1.0, pair.1 + 1.0)).collect();
        prop_assert!(same(value(one.absolute), value(icc(&both).absolute)));
        if let (Ok(absolute), Ok(consistency)) = (other.absolute, other.consistency) {
            // Lenience beyond chance can only lower the agreement.
            if paired(&lenient).change.is_some_and(|change| change.abs() > 3.0) && consistency.value > 0.0 {
                prop_assert!(absolute.value <= consistency.value + 1e-12);
            }
        }
    }

    #[test]
    fn a_constant_added_to_an_item_leaves_alpha(forms in forms(), item in 0..4usize, constant in -3..4i64) {
        let moved: Vec<Vec<Option<i64>>> = forms
            .iter()
            .map(|form| form.iter().enumerate().map(|(i, a)| a.map(|a| a + if i == item { constant } else { 0 })).collect())
            .collect();
        // Covariances are exact, so not a bit may change.
        prop_assert_eq!(alpha(&forms), alpha(&moved));
    }

    #[test]
    fn duplicates_leave_alpha_and_shrink_its_interval(forms in forms()) {
        let width = |found: &Reliability| found.alpha.ok().and_then(|alpha| alpha.ci95).map(|ends| ends[1] - ends[0]);
        let (one, other) = (alpha(&forms), alpha(&[forms.clone(), forms.clone()].concat()));
        prop_assert!(same(value(one.alpha), value(other.alpha)));
        prop_assert!(width(&one).zip(width(&other)).is_none_or(|(one, other)| other < one));
    }

    #[test]
    fn the_order_of_rows_leaves_every_bit(
        pairs in ratings(5), others in ratings(5), forms in forms(), groups in groups(), by in any::<usize>(),
    ) {
        prop_assert_eq!(icc(&pairs), icc(&turned(&pairs, by)));
        prop_assert_eq!(of_rows(&pairs, &others), of_rows(&turned(&pairs, by), &turned(&others, by)));
        prop_assert_eq!(alpha(&forms), alpha(&turned(&forms, by)));
        let (one, other) = (shrink(&groups), shrink(&turned(&groups, by)));
        let sorted = |found: Result<Shrinkage, Reason>| {
            let mut found = found.unwrap_or_else(|reason| panic!("{reason:?}"));
            found.groups.sort_by(|a, b| a.map(|a| a.raw).partial_cmp(&b.map(|b| b.raw)).unwrap());
            found
        };
        prop_assert_eq!(one.as_ref().err(), other.as_ref().err());
        if one.is_ok() {
            prop_assert_eq!(sorted(one), sorted(other));
        }
    }

    #[test]
    fn the_groups_exchanged_negate_the_adjusted_effect(pairs in ratings(5), others in ratings(5)) {
        if let (Ok(one), Ok(other)) = (of_rows(&pairs, &others).inference, of_rows(&others, &pairs).inference) {
            prop_assert!(near(one.effect, -other.effect) && near(one.slope, other.slope));
            prop_assert!(near(one.difference.ci95[0], -other.difference.ci95[1]));
        }
    }

    #[test]
    fn equal_baselines_make_both_methods_agree(pairs in ratings(5)) {
        // The same people before, everybody a point higher after: adjusting has nothing to adjust.
        let lifted: Vec<(f64, f64)> = pairs.iter().map(|(before, after)| (*before, after + 1.0)).collect();
        if let Ok(found) = of_rows(&lifted, &pairs).inference {
            prop_assert!(within(found.effect, 1.0, 1e-9));
        }
    }

    #[test]
    fn a_score_after_that_ignores_the_baseline_has_slope_zero(pairs in ratings(5)) {
        // Each baseline once with each of two scores after.
        let crossed: Vec<(f64, f64)> = pairs.iter().flat_map(|pair| [(pair.0, 2.0), (pair.0, 4.0)]).collect();
        if let Ok(found) = of_rows(&crossed, &crossed).inference {
            prop_assert!(within(found.slope, 0.0, 1e-9));
        }
    }

    #[test]
    fn adjusted_probabilities_keep_their_order(p in vec(prop_oneof![4 => (0.0f64..1.0).prop_map(Some), 1 => Just(None)], 0..40)) {
        let q = benjamini_hochberg(&p);
        for (one, adjusted) in p.iter().zip(&q) {
            prop_assert_eq!(one.is_some(), adjusted.is_some());
            prop_assert!(one.zip(*adjusted).is_none_or(|(p, q)| p <= q && q <= 1.0));
            for (other, second) in p.iter().zip(&q) {
                if one < other {
                    prop_assert!(adjusted <= second);
                }
            }
        }
        // A course more that shows nothing makes nobody more significant.
        let more = benjamini_hochberg(&[p.clone(), vec![Some(1.0)]].concat());
        prop_assert!(q.iter().zip(&more).all(|(before, after)| before.is_none() || before <= after));
    }

    #[test]
    fn drawn_means_lie_between_the_raw_and_the_overall(groups in groups()) {
        if let Ok(found) = shrink(&groups) {
            for group in found.groups.iter().flatten() {
                let (low, high) = (group.raw.min(found.overall), group.raw.max(found.overall));
                prop_assert!(low - 1e-12 <= group.shrunken && group.shrunken <= high + 1e-12);
                prop_assert!((0.0..1.0).contains(&group.reliability));
            }
            let known = found.groups.iter().flatten().count() as f64;
            let ranks: f64 = found.groups.iter().flatten().map(|group| group.expected_rank).sum();
            prop_assert!(near(ranks, known * (known + 1.0) / 2.0), "the places are shared out, none is lost");
        }
    }

    #[test]
    fn more_people_are_believed_more(groups in groups()) {
        if let Ok(found) = shrink(&groups) {
            for one in found.groups.iter().flatten() {
                for other in found.groups.iter().flatten() {
                    prop_assert!(one.n <= other.n || one.reliability >= other.reliability);
                }
            }
        }
    }

    #[test]
    fn a_constant_added_to_all_groups_moves_only_the_means(groups in groups(), constant in -5.0f64..5.0) {
        let moved: Vec<Moments> =
            groups.iter().map(|group| Moments { mean: group.mean + constant, ..*group }).collect();
        if let (Ok(one), Ok(other)) = (shrink(&groups), shrink(&moved)) {
            prop_assert!(near(one.overall + constant, other.overall) && near(one.q, other.q) && near(one.p, other.p));
        }
    }

    #[test]
    fn raters_with_twins_make_the_interval_narrower(changes in vec((0..6u64, -10..11i32), 8..40)) {
        let people: Vec<(u64, f64)> = changes.iter().map(|(rater, fifths)| (*rater, f64::from(*fifths) / 5.0)).collect();
        let twins: Vec<(u64, f64)> =
            people.iter().flat_map(|(rater, change)| [(*rater, *change), (rater + 100, *change)]).collect();
        let robust = |people: &[(u64, f64)]| cluster_robust_change(&[&Raters::of(people)]).inference;
        if let (Ok(one), Ok(other)) = (robust(&people), robust(&twins)) {
            prop_assert!(other.ci95[1] - other.ci95[0] < one.ci95[1] - one.ci95[0]);
        }
    }

    #[test]
    fn no_figure_ever_holds_nan_beside_the_means(
        pairs in vec((any::<f64>(), any::<f64>()), 0..40), others in vec((any::<f64>(), any::<f64>()), 0..40),
    ) {
        let moments = PairMoments::of(&pairs);
        let unit = Unit::PointsOf5;
        let annex = ancova_figures(&of_rows(&pairs, &others), unit, Respondents::Named);
        let agreement = agreement_figures(&icc(&pairs), Some(&paired_from(&moments)), unit, Respondents::Named);
        let list: Vec<ListedGroup> = (0..6)
            .map(|i| ListedGroup { courses: PairMoments::of(pairs.get(i..).unwrap_or_default()).change, people: 30 })
            .collect();
        let found = shrink(&list.iter().map(|group| group.courses).collect::<Vec<_>>());
        let lists = list_figures(&list, &found, Some(0.01), unit, Respondents::Named);
        let figures = [
            annex.effect, annex.slope, agreement.absolute, agreement.consistency,
            agreement.absolute_of_mean, agreement.bias.unwrap(), hake_figure(&moments, Respondents::Named),
            lists.overall, lists.groups[0].mean, lists.groups[5].reliability,
        ];
        for figure in figures {
            prop_assert!(figure.value().is_none_or(f64::is_finite));
            prop_assert!(figure.ci95().is_none_or(|ends| ends.iter().all(|end| end.is_finite())));
            prop_assert_eq!(figure.reason().map_or(Status::Ok, Reason::status), figure.status());
        }
    }
    /// More people in both groups, more runs and less spread never hide what was seen, nor do more people in one group, but
    /// for a trifle: with unequal groups there are fewer degrees of freedom. Points in other units are as many times more.
    #[test]
    fn more_people_see_smaller_differences(
        people in (2..60usize, 2..60usize), sd in 0.05f64..2.0, more in 1..40usize, wanted in 0.05f64..3.0,
    ) {
        let design = Design::new(people.0, people.1, sd);
        let found = design.detectable().unwrap();
        let (trained, comparison) = (design.trained + more, design.comparison + more);
        for larger in [Design { trained, comparison, ..design }, Design { runs: 1 + more, ..design }] {
            prop_assert!(larger.detectable().unwrap() < found, "{larger:?} {design:?}");
        }
        if design.is_shown() {
            for larger in [Design { trained, ..design }, Design { comparison, ..design }] {
                prop_assert!(larger.detectable().unwrap() < found * 1.01, "{larger:?} {design:?}");
            }
        }
        let in_hundredths = Design { sd: sd * 20.0, ..design };
        prop_assert!(near(in_hundredths.detectable().unwrap(), found * 20.0));
        let turned = Design::new(design.comparison, design.trained, sd);
        prop_assert!(near(turned.detectable().unwrap(), found));
        // What is proposed sees it, and nothing smaller would.
        if let Some(pooled) = design.pooled(wanted) {
            let fewer = Design { runs: pooled.runs - 1, ..pooled };
            prop_assert!(pooled.sees(wanted) && (pooled.runs == 2 || !fewer.sees(wanted)));
        }
        if let Some(enlarged) = design.enlarged(wanted) {
            let fewer = Design { comparison: enlarged.comparison - 1, ..enlarged };
            prop_assert!(enlarged.sees(wanted) && enlarged.comparison > design.comparison);
            prop_assert!(fewer.comparison == design.comparison || !fewer.sees(wanted * 0.99));
        }
    }
}
