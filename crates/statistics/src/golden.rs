//! Comparison with the figures of scipy and statsmodels (see `tests/golden/make_vectors.py`).

mod agreement;
mod distributions;
mod effects;
mod event_study;
mod items;
mod lists;

use serde_json::Value;

use super::*;

const VECTORS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/vectors.json"));

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

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}
