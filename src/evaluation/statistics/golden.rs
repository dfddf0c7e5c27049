//! Comparison with the figures of scipy and statsmodels (see `tests/golden/statistics/make_vectors.py`).

use serde_json::Value;

use super::{
    noncentral::{NoncentralT, noncentrality_interval},
    student, *,
};

const VECTORS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/statistics/vectors.json"));

fn for_each(kind: &str, check: impl Fn(&Value, &str)) {
    let all: Value = serde_json::from_str(VECTORS).unwrap();
    let cases = all[kind].as_array().unwrap();
    assert!(!cases.is_empty(), "{kind} has no cases");
    for case in cases {
        check(case, case["name"].as_str().unwrap());
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn pairs(value: &Value) -> Vec<(f64, f64)> {
    value.as_array().unwrap().iter().map(|pair| (number(&pair[0]), number(&pair[1]))).collect()
}

fn close(found: f64, expected: &Value, what: &str) {
    let expected = number(expected);
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {found} is not {expected}");
}

fn close_option(found: Option<f64>, expected: &Value, what: &str) {
    assert_eq!(found.is_none(), expected.is_null(), "{what}: {found:?} is not {expected}");
    if let Some(found) = found {
        close(found, expected, what);
    }
}

fn close_ends(found: [f64; 2], expected: &Value, what: &str) {
    close(found[0], &expected[0], &format!("{what}, lower"));
    close(found[1], &expected[1], &format!("{what}, upper"));
}

fn same_reason(reason: Option<Reason>, expected: &Value, name: &str) {
    assert_eq!(&serde_json::to_value(reason).unwrap(), expected, "{name}");
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
fn noncentral_t() {
    for_each("noncentral_t", |case, name| {
        let found = NoncentralT::new(count(&case["df"])).cdf(number(&case["t"]), number(&case["delta"]));
        let expected = number(&case["p"]);
        assert!((found - expected).abs() <= 1e-10, "{name}: {found} is not {expected}");
    });
}

#[test]
fn noncentrality_intervals() {
    for_each("noncentrality", |case, name| {
        let found = noncentrality_interval(number(&case["t"]), count(&case["df"])).unwrap();
        close_ends(found, &case["ci95"], name);
    });
}

#[test]
fn hedges_factors_and_t_quantiles() {
    for_each("hedges", |case, name| {
        close(student::hedges(count(&case["df"])), &case["j"], name);
    });
    for_each("t_quantile", |case, name| {
        close(student::t_quantile(number(&case["df"])), &case["t"], name);
    });
}

#[test]
fn wilson_intervals() {
    for_each("wilson", |case, name| {
        close_ends(wilson(count(&case["hits"]), count(&case["n"])).unwrap(), &case["ci95"], name);
    });
}

#[test]
fn attrition_and_means() {
    for_each("attrition", |case, name| {
        close_option(attrition(&numbers(&case["answered"]), &numbers(&case["lost"])).smd, &case["smd"], name);
    });
    for_each("mean", |case, name| {
        let answers = numbers(&case["answers"]);
        let figure = anonymous_mean(&answers, answers.len(), Unit::PointsOf5);
        close(figure.value().unwrap(), &case["mean"], name);
        close_ends(figure.ci95().unwrap(), &case["ci95"], name);
    });
}
