//! What must hold for all data: the metamorphic rules.

mod measures;

use proptest::{collection::vec, prelude::*};

use super::*;

/// Scale means of five items, which are whole fifths, or exact multiples for rules about offsets.
fn ratings(parts: u32) -> impl Strategy<Value = Vec<(f64, f64)>> {
    let rating = move || (parts..=5 * parts).prop_map(move |steps| f64::from(steps) / f64::from(parts));
    vec((rating(), rating()), 2..40)
}

fn near(left: f64, right: f64) -> bool {
    within(left, right, 1e-9)
}

fn within(left: f64, right: f64, tolerance: f64) -> bool {
    (left - right).abs() <= tolerance * left.abs().max(right.abs()).max(1.0)
}

fn both(pairs: &[(f64, f64)], others: &[(f64, f64)]) -> Option<(PairedInference, PairedInference)> {
    paired(pairs).inference.ok().zip(paired(others).inference.ok())
}

proptest! {
    // An unoptimised build takes a millisecond per interval.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn swapping_before_and_after_negates(pairs in ratings(5)) {
        let swapped: Vec<_> = pairs.iter().map(|&(before, after)| (after, before)).collect();
        prop_assert!(near(paired(&pairs).change.unwrap(), -paired(&swapped).change.unwrap()));
        prop_assert_eq!(paired(&pairs).inference.is_ok(), paired(&swapped).inference.is_ok());
        if let Some((one, other)) = both(&pairs, &swapped) {
            prop_assert!(near(one.g_av, -other.g_av) && near(one.t, -other.t));
            prop_assert!(near(one.g_av_ci95[0], -other.g_av_ci95[1]), "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_constant_added_to_all_leaves_the_effect(pairs in ratings(8), steps in -80i32..80) {
        let offset = f64::from(steps) / 8.0;
        let moved: Vec<_> = pairs.iter().map(|&(before, after)| (before + offset, after + offset)).collect();
        prop_assert_eq!(paired(&pairs).change, paired(&moved).change);
        prop_assert_eq!(paired(&pairs).inference.err(), paired(&moved).inference.err());
        if let Some((one, other)) = both(&pairs, &moved) {
            prop_assert_eq!(one.d_z, other.d_z);
            prop_assert!(near(one.d_av, other.d_av));
        }
    }

    #[test]
    fn scaling_leaves_the_standardised_effect(pairs in ratings(5), factor in 0.01f64..100.0) {
        let scaled: Vec<_> = pairs.iter().map(|&(before, after)| (before * factor, after * factor)).collect();
        prop_assert!(near(paired(&pairs).change.unwrap() * factor, paired(&scaled).change.unwrap()));
        if let Some((one, other)) = both(&pairs, &scaled) {
            prop_assert!(near(one.d_z, other.d_z) && near(one.g_av, other.g_av));
        }
    }

    #[test]
    fn duplicates_shrink_the_interval(pairs in ratings(5)) {
        let doubled = [pairs.clone(), pairs.clone()].concat();
        prop_assert!(near(paired(&pairs).change.unwrap(), paired(&doubled).change.unwrap()));
        if let Some((one, other)) = both(&pairs, &doubled) {
            prop_assert!(other.ci95[1] - other.ci95[0] < one.ci95[1] - one.ci95[0]);
            prop_assert!(other.d_z_ci95[1] - other.d_z_ci95[0] < one.d_z_ci95[1] - one.d_z_ci95[0]);
        }
    }

    #[test]
    fn the_order_of_rows_leaves_every_bit(pairs in ratings(5), seed in any::<usize>()) {
        let mut shuffled = pairs.clone();
        shuffled.rotate_left(seed % pairs.len());
        shuffled.reverse();
        prop_assert_eq!(paired(&pairs), paired(&shuffled));
        prop_assert_eq!(
            difference_in_differences(&pairs, &shuffled),
            difference_in_differences(&shuffled, &pairs)
        );
        let (one, other): (Vec<f64>, Vec<f64>) = (columns(&pairs), columns(&shuffled));
        prop_assert_eq!(anonymous_mean(&one, 50, Unit::PointsOf5), anonymous_mean(&other, 50, Unit::PointsOf5));
    }

    #[test]
    fn a_person_without_ratings_changes_only_the_rates(pairs in ratings(5)) {
        let mut more = pairs.clone();
        more.extend([(f64::NAN, f64::NAN), (3.0, f64::NAN)]);
        prop_assert_eq!(paired(&pairs), paired(&more));
        let rates = (response_rate(pairs.len(), 50, Respondents::Named), response_rate(pairs.len(), 51, Respondents::Named));
        prop_assert!(rates.0.value() > rates.1.value());
    }

    #[test]
    fn the_groups_swapped_negate_the_difference(trained in ratings(5), others in ratings(5)) {
        let one = difference_in_differences(&trained, &others);
        let other = difference_in_differences(&others, &trained);
        prop_assert!(near(one.difference.unwrap(), -other.difference.unwrap()));
        if let (Ok(one), Ok(other)) = (one.inference, other.inference) {
            prop_assert!(near(one.ci95[0], -other.ci95[1]) && near(one.df, other.df));
        }
    }

    #[test]
    fn intervals_hold_their_estimate(pairs in ratings(5)) {
        if let Ok(found) = paired(&pairs).inference {
            prop_assert!(found.d_z_ci95[0] <= found.d_z && found.d_z <= found.d_z_ci95[1], "{found:?}");
            prop_assert!(found.g_av_ci95[0] <= found.g_av && found.g_av <= found.g_av_ci95[1]);
        }
    }

    #[test]
    fn no_figure_ever_holds_nan(pairs in vec((any::<f64>(), any::<f64>()), 0..30)) {
        let figures = paired_figures(&paired(&pairs), Unit::PointsOf5, Respondents::Named);
        for figure in [figures.before, figures.after, figures.change, figures.effect_size] {
            prop_assert!(figure.value().is_none_or(f64::is_finite));
            prop_assert!(figure.ci95().is_none_or(|ends| ends.iter().all(|end| end.is_finite())));
            prop_assert_eq!(figure.reason().map_or(Status::Ok, Reason::status), figure.status());
        }
    }

    #[test]
    fn exact_sums_say_what_the_rows_say(trained in ratings(5), others in ratings(5), lost in ratings(5)) {
        let sums = |pairs: &[(f64, f64)]| PairMoments::from(&PairSums::of(pairs));
        let (rows, exact) = (paired(&trained), paired_from(&sums(&trained)));
        prop_assert_eq!((rows.n, rows.inference.err()), (exact.n, exact.inference.err()));
        for (one, other) in [
            (rows.mean_before, exact.mean_before),
            (rows.mean_after, exact.mean_after),
            (rows.change, exact.change),
            (rows.r, exact.r),
        ] {
            prop_assert_eq!(one.is_some(), other.is_some());
            prop_assert!(one.zip(other).is_none_or(|(one, other)| within(one, other, 1e-12)));
        }
        if let (Ok(one), Ok(other)) = (rows.inference, exact.inference) {
            let numbers = |found: PairedInference| {
                [found.ci95[0], found.ci95[1], found.t, found.d_z, found.d_av, found.g_av]
            };
            for (one, other) in numbers(one).into_iter().zip(numbers(other)) {
                prop_assert!(within(one, other, 1e-12), "{} {}", one, other);
            }
            // These are solved for, to twelve digits.
            prop_assert!(within(one.d_z_ci95[0], other.d_z_ci95[0], 1e-11));
        }
        let one = difference_in_differences(&trained, &others);
        let other = difference_from(&sums(&trained), &sums(&others));
        prop_assert!(one.d_ppc2.zip(other.d_ppc2).is_none_or(|(a, b)| within(a, b, 1e-12)));
        if let (Ok(one), Ok(other)) = (one.inference, other.inference) {
            prop_assert!(within(one.ci95[0], other.ci95[0], 1e-12) && within(one.df, other.df, 1e-12));
        }
        let baselines = columns(&lost);
        prop_assert_eq!(
            PairSums::of(&trained).with_lost_unchanged(&ScoreSums::of(&baselines)),
            PairSums::of(&with_lost_unchanged(&trained, &baselines))
        );
        let answered = columns(&trained);
        let one = attrition_from(&Moments::of(&answered), &Moments::of(&baselines));
        let other = attrition_from(&(&ScoreSums::of(&answered)).into(), &(&ScoreSums::of(&baselines)).into());
        prop_assert_eq!(one.smd.is_some(), other.smd.is_some());
        prop_assert!(one.smd.zip(other.smd).is_none_or(|(a, b)| within(a, b, 1e-12)));
    }

    #[test]
    fn groups_put_together_in_any_way_give_the_same_bits(pairs in ratings(5), cuts in vec(any::<usize>(), 3)) {
        let whole = PairSums::of(&pairs);
        let mut parts = [PairSums::default(); 3];
        for (pair, cut) in pairs.iter().zip(cuts.iter().cycle()) {
            parts[(cut ^ pair.0.to_bits() as usize) % 3] += PairSums::of(&[*pair]);
        }
        let forward: PairSums = parts.iter().copied().sum();
        let backward: PairSums = parts.iter().rev().copied().sum();
        prop_assert_eq!((whole, whole), (forward, backward));
        prop_assert_eq!(paired_from(&(&whole).into()), paired_from(&(&backward).into()));
    }

    #[test]
    fn raters_put_together_in_any_way_give_the_same_bits(trained in ratings(5), others in ratings(5)) {
        let rated = |pairs: &[(f64, f64)]| -> Vec<(usize, f64)> {
            pairs.iter().enumerate().map(|(i, pair)| (i % 7, pair.1 - pair.0)).collect()
        };
        let (trained, others) = (rated(&trained), rated(&others));
        let whole = Raters::of(&[trained.as_slice(), &others].concat());
        let mut forward = Raters::of(&trained);
        forward.merge(&Raters::of(&others));
        let mut backward = Raters::of(&others);
        backward.merge(&Raters::of(&trained.iter().rev().copied().collect::<Vec<_>>()));
        prop_assert_eq!((&whole, &whole), (&forward, &backward));
        // Of one person each, the raters are the people: the interval is that of a mean.
        let single: Vec<(usize, f64)> = trained.iter().enumerate().map(|(i, person)| (i, person.1)).collect();
        let pairs: Vec<(f64, f64)> = trained.iter().map(|person| (0.0, person.1)).collect();
        let robust = cluster_robust_change(&[&Raters::of(&single)]);
        if let (Ok(one), Ok(other)) = (robust.inference, paired(&pairs).inference) {
            prop_assert!(within(one.ci95[0], other.ci95[0], 1e-11) && within(one.t, other.t, 1e-11));
        }
    }

    /// What offerings weigh, and that none is compared with another's colleagues: computed from the rows.
    #[test]
    fn offerings_put_together_are_their_differences_weighted(
        offerings in vec((ratings(6), ratings(6)), 1..5),
    ) {
        let moments: Vec<_> =
            offerings.iter().map(|(one, other)| [PairMoments::of(one), PairMoments::of(other)]).collect();
        let mean = |pairs: &[(f64, f64)]| pairs.iter().map(|pair| pair.1 - pair.0).sum::<f64>() / pairs.len() as f64;
        let all: usize = offerings.iter().map(|(trained, _)| trained.len()).sum();
        let expected: f64 = offerings
            .iter()
            .map(|(trained, others)| trained.len() as f64 / all as f64 * (mean(trained) - mean(others)))
            .sum();
        let found = difference_within(&moments);
        prop_assert_eq!(found.n_trained, all);
        prop_assert!(found.difference.is_some_and(|found| within(found, expected, 1e-9)));
        let [gain, others] = changes_within(&moments).map(|group| group.change.unwrap());
        prop_assert!(within(gain - others, expected, 1e-9));
        // Twice the same offerings say the same, more surely.
        let twice = difference_within(&[moments.as_slice(), &moments].concat());
        prop_assert!(twice.difference.is_some_and(|found| within(found, expected, 1e-9)));
        if let (Ok(one), Ok(other)) = (found.inference, twice.inference) {
            prop_assert!(other.standard_error < one.standard_error);
        }
    }

    #[test]
    fn better_intervals_never_read_worse(low in -1.0f64..1.0, width in 0.0f64..1.0, lift in 0.0f64..1.0) {
        if verdict([low, low + width], 0.25) == Verdict::ClearImprovement {
            prop_assert_eq!(verdict([low + lift, low + width + lift], 0.25), Verdict::ClearImprovement);
        }
    }
}

fn columns(pairs: &[(f64, f64)]) -> Vec<f64> {
    pairs.iter().map(|pair| pair.1).collect()
}
