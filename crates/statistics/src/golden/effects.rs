//! Effects: how much people changed, more than others, under few supervisors, and looking back.

use super::*;

fn rated(value: &Value) -> Vec<(u64, f64)> {
    let people = value.as_array().unwrap().iter();
    people.map(|person| (person[0].as_u64().unwrap(), number(&person[1]))).collect()
}

#[test]
fn paired_effects() {
    for_each("paired", |case, name| {
        let effect = paired(&pairs(&case["pairs"]));
        assert_eq!(effect.n, count(&case["n"]), "{name}");
        for (key, found) in [
            ("mean_before", effect.mean_before),
            ("mean_after", effect.mean_after),
            ("change", effect.change),
            ("r", effect.r),
        ] {
            close_option(found, &case[key], &format!("{name}: {key}"));
        }
        same_reason(effect.inference.err(), &case["reason"], name);
        if let Ok(found) = effect.inference {
            for (key, value) in
                [("t", found.t), ("d_z", found.d_z), ("d_av", found.d_av), ("g_av", found.g_av)]
            {
                close(value, &case[key], &format!("{name}: {key}"));
            }
            for (key, ends) in
                [("ci95", found.ci95), ("d_z_ci95", found.d_z_ci95), ("g_av_ci95", found.g_av_ci95)]
            {
                close_ends(ends, &case[key], &format!("{name}: {key}"));
            }
        }
    });
}

#[test]
fn differences_in_differences() {
    for_each("difference", |case, name| {
        let effect = difference_in_differences(&pairs(&case["trained"]), &pairs(&case["comparison"]));
        close_option(effect.difference, &case["difference"], name);
        close_option(effect.d_ppc2, &case["d_ppc2"], &format!("{name}: d_ppc2"));
        same_reason(effect.inference.err(), &case["reason"], name);
        if let Ok(found) = effect.inference {
            for (key, value) in [("standard_error", found.standard_error), ("t", found.t), ("df", found.df)] {
                close(value, &case[key], &format!("{name}: {key}"));
            }
            close_ends(found.ci95, &case["ci95"], name);
        }
    });
}

#[test]
fn worked_course_reads_as_in_the_design() {
    for_each("difference", |case, name| {
        if name == "worked course against comparison" {
            let effect = difference_in_differences(&pairs(&case["trained"]), &pairs(&case["comparison"]));
            let figure = difference_figures(&effect, Unit::PointsOf5, Respondents::Named).difference;
            let evidence = Evidence { grade: Grade::A, firm: false, verdict_allowed: true };
            let words = headline_verdict(&figure, thresholds::SMALLEST_CHANGE, &evidence);
            assert_eq!((figure.n(), words), (Some(12), Some(Verdict::ImprovementSizeUncertain)));
        }
    });
}

#[test]
fn intervals_by_raters() {
    for_each("clusters", |case, name| {
        let (trained, comparison) = (rated(&case["trained"]), rated(&case["comparison"]));
        let found = if comparison.is_empty() {
            cluster_robust_change(&[&Raters::of(&trained)])
        } else {
            cluster_robust(&trained, &comparison)
        };
        assert_eq!(found.clusters, count(&case["clusters"]), "{name}");
        close_option(found.value, &case["value"], name);
        same_reason(found.inference.err(), &case["reason"], name);
        if let Ok(found) = found.inference {
            close(found.standard_error, &case["standard_error"], name);
            close(found.df, &case["df"], name);
            close_ends(found.ci95, &case["ci95"], name);
            close(found.p(), &case["p"], &format!("{name}: p"));
        }
    });
}

#[test]
fn comparisons_at_equal_baselines() {
    for_each("ancova", |case, name| {
        let found = ancova::of_rows(&pairs(&case["trained"]), &pairs(&case["comparison"])).inference;
        same_reason(found.err(), &case["reason"], name);
        if let Ok(found) = found {
            for (key, value) in [
                ("effect", found.effect),
                ("slope", found.slope),
                ("standard_error", found.difference.standard_error),
                ("t", found.difference.t),
                ("df", found.difference.df),
                ("p", found.difference.p()),
            ] {
                close(value, &case[key], &format!("{name}: {key}"));
            }
            close_ends(found.difference.ci95, &case["ci95"], name);
        }
    });
}

#[test]
fn attrition_and_means() {
    for_each("attrition", |case, name| {
        let [answered, lost] = ["answered", "lost"].map(|of| Moments::of(&numbers(&case[of])));
        close_option(attrition_from(&answered, &lost).smd, &case["smd"], name);
    });
    for_each("mean", |case, name| {
        let answers = numbers(&case["answers"]);
        let figure = anonymous_mean(&answers, answers.len(), Unit::PointsOf5);
        close(figure.value().unwrap(), &case["mean"], name);
        close_ends(figure.ci95().unwrap(), &case["ci95"], name);
    });
}

#[test]
fn looks_back() {
    for_each("then_test", |case, name| {
        let people: Vec<[f64; 3]> =
            rows(&case["people"]).iter().map(|marks| [marks[0], marks[1], marks[2]]).collect();
        let found = shift::of_rows(&people);
        for (key, effect) in [
            ("prospective", found.prospective),
            ("retrospective", found.retrospective),
            ("shift", found.shift),
        ] {
            let (expected, what) = (&case[key], format!("{name}: {key}"));
            close_option(effect.change, &expected["change"], &what);
            assert_eq!(effect.inference.is_err(), expected["ci95"].is_null(), "{what}");
            if let Ok(found) = effect.inference {
                close_ends(found.ci95, &expected["ci95"], &what);
                close(found.p(), &expected["p"], &what);
            }
        }
    });
}

#[test]
fn regression_to_the_mean_and_gains() {
    for_each("regression", |case, name| {
        let found =
            expected_regression(number(&case["group"]), number(&case["population"]), case["rho"].as_f64())
                .unwrap();
        close(found.expected, &case["expected"], name);
        assert_eq!(found.assumed, case["rho"].is_null(), "{name}");
    });
    for_each("hake", |case, name| {
        let found = hake_gain(&PairMoments::of(&pairs(&case["pairs"])));
        same_reason(found.err(), &case["reason"], name);
        close_option(found.ok(), &case["gain"], name);
    });
}
