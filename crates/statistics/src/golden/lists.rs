//! Lists of institutes or lecturers: many tests at once, and groups drawn together.

use super::*;

fn moments(value: &Value) -> Vec<Moments> {
    let groups = value.as_array().unwrap().iter();
    groups
        .map(|group| Moments { n: count(&group[0]), mean: number(&group[1]), ss: number(&group[2]) })
        .collect()
}

#[test]
fn families_of_tests() {
    for_each("families", |case, name| {
        let options = |value: &Value| -> Vec<Option<f64>> {
            value.as_array().unwrap().iter().map(Value::as_f64).collect()
        };
        let found = benjamini_hochberg(&options(&case["p"]));
        assert_eq!(found.len(), case["q"].as_array().unwrap().len(), "{name}");
        for (found, expected) in found.into_iter().zip(case["q"].as_array().unwrap()) {
            close_option(found, expected, name);
        }
    });
}

#[test]
fn groups_drawn_together() {
    for_each("shrinkage", |case, name| {
        let found = shrink(&moments(&case["groups"]));
        same_reason(found.as_ref().err().copied(), &case["reason"], name);
        let Ok(found) = found else { return };
        for (key, value) in [
            ("overall", found.overall),
            ("within", found.within),
            ("between", found.between),
            ("q", found.q),
            ("p", found.p),
        ] {
            close(value, &case[key], &format!("{name}: {key}"));
        }
        assert_eq!(found.ranking_supported(found.p), case["ranking_supported"], "{name}");
        for (place, group) in found.groups.iter().enumerate() {
            let expected = &case["places"][place];
            let what = format!("{name}: group {place}");
            assert_eq!(group.is_none(), expected.is_null(), "{what}");
            let Some(group) = group else { continue };
            close(group.reliability, &expected["reliability"], &what);
            close(group.shrunken, &expected["shrunken"], &what);
            close_ends(group.ci95, &expected["ci95"], &what);
            close(group.expected_rank, &expected["expected_rank"], &what);
            assert_eq!(group.stands_out, expected["stands_out"], "{what}");
        }
    });
}
