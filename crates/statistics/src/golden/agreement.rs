//! Whether raters agree, and whether the questions measure one thing.

use super::*;

fn close_coefficient(found: Result<Coefficient, Reason>, expected: &Value, what: &str) {
    same_reason(found.err(), &expected["reason"], what);
    let Ok(found) = found else { return };
    close(found.value, &expected["value"], what);
    assert_eq!(found.ci95.is_none(), expected["ci95"].is_null(), "{what}: {found:?}");
    if let Some(ends) = found.ci95 {
        close_ends(ends, &expected["ci95"], what);
    }
}

#[test]
fn agreements_of_raters() {
    for_each("agreement", |case, name| {
        let rows = rows(&case["rows"]);
        let table = RatingTable::of(&rows);
        let mut found = vec![(agreement(&table), "rows")];
        if table.raters == 2 {
            let pairs: Vec<(f64, f64)> = rows.iter().map(|row| (row[0], row[1])).collect();
            found.push((agreement(&RatingTable::of_pairs(&PairMoments::of(&pairs))), "pairs"));
            let sums = PairMoments::from(&PairSums::of(&pairs));
            found.push((agreement(&RatingTable::of_pairs(&sums)), "sums"));
        }
        for (found, from) in found {
            for (key, coefficient) in [
                ("absolute", found.absolute),
                ("consistency", found.consistency),
                ("absolute_of_mean", found.absolute_of_mean),
            ] {
                close_coefficient(coefficient, &case[key], &format!("{name}, from {from}: {key}"));
            }
        }
    });
}

#[test]
fn reliabilities_of_scales() {
    for_each("reliability", |case, name| {
        let forms = case["forms"].as_array().unwrap().iter();
        let forms: Vec<Vec<Option<i64>>> =
            forms.map(|form| form.as_array().unwrap().iter().map(Value::as_i64).collect()).collect();
        let found = reliability(&ItemSums::of(count(&case["items"]), &forms));
        assert_eq!(found.n, count(&case["n"]), "{name}");
        close_coefficient(found.alpha, &case["alpha"], name);
        close_option(found.standard_error, &case["standard_error"], &format!("{name}: standard error"));
        close_option(found.omega, &case["omega"], &format!("{name}: omega"));
        for (place, item) in found.each.iter().enumerate() {
            let expected = &case["each"][place];
            let what = format!("{name}: item {place}");
            close_option(item.rest_correlation, &expected["rest_correlation"], &what);
            close_option(item.alpha_without, &expected["alpha_without"], &what);
        }
    });
}
