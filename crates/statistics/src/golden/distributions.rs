//! Distributions: tails, quantiles, and the factors and intervals that follow from them alone.

use super::{
    super::{
        noncentral::{NoncentralT, noncentrality_interval},
        student, tails,
    },
    *,
};

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
fn tails_and_quantiles() {
    for_each("tail", |case, name| {
        let parameter = |key: &str| number(&case[key]);
        let found = match case["kind"].as_str().unwrap() {
            "t" => tails::two_sided_t(parameter("x"), parameter("df")),
            "f" => tails::f_above(parameter("x"), parameter("df"), parameter("df2")),
            "f_quantile" => tails::f_quantile(parameter("x"), parameter("df"), parameter("df2")).unwrap(),
            "normal" => tails::two_sided_normal(parameter("x")),
            other => panic!("{other}"),
        };
        close(found, &case["expected"], name);
    });
}

#[test]
fn detectable_differences() {
    for_each("detectable", |case, name| {
        let design = Design::new(count(&case["trained"]), count(&case["comparison"]), number(&case["sd"]));
        // statsmodels knows that both groups spread alike, and has more degrees of freedom for it where they are unequal.
        let pooled = design.trained + design.comparison;
        let found = design.detectable().and_then(|_| design.at(pooled as f64 - 2.0));
        close_option(found, &case["detectable"], name);
    });
}
