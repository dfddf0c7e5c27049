//! What happened around a course, against csdid (`tests/golden/event_study.py`).

use super::super::event_study::tests::study_over;
use super::*;

const EVENT_STUDIES: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/event_study.json"));

fn study(case: &Value) -> EventStudy {
    let person = |person: &Value| {
        let scores: Vec<i64> =
            numbers(&person["scores"]).into_iter().map(|score| units(score).unwrap()).collect();
        // csdid counts quarters from 1, and calls those never trained 0.
        (count(&person["first"]).checked_sub(1), scores)
    };
    let people: Vec<_> = case["people"].as_array().unwrap().iter().map(person).collect();
    study_over(count(&case["quarters"]), &people, Least { trained: 1, comparison: 1 })
}

fn same(found: &[EventEffect], expected: &Value, name: &str) {
    let expected = expected.as_array().unwrap();
    assert_eq!(found.len(), expected.len(), "{name}: {found:?}");
    for (found, expected) in found.iter().zip(expected) {
        let what = format!("{name}, event time {}", found.event);
        assert_eq!(expected["event"], found.event, "{what}");
        close(found.value, &expected["value"], &what);
        close(found.standard_error, &expected["standard_error"], &format!("{what}: standard error"));
        close_ends(found.ci95.unwrap(), &expected["ci95"], &what);
        assert_eq!(expected["trained"], found.trained, "{what}: trained");
        assert_eq!(expected["comparison"], found.comparison, "{what}: comparison");
        assert_eq!(expected["groups"], found.groups, "{what}: groups");
    }
}

#[test]
fn group_time_effects_by_event_time() {
    let cases: Value = serde_json::from_str(EVENT_STUDIES).unwrap();
    let cases = cases.as_array().unwrap();
    assert!(cases.len() >= 9);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let found = study(case);
        same(&found.effects, &case["effects"], name);
        same(&found.trends_before, &case["trends"], &format!("{name}, trends"));
        let after = found.after.unwrap();
        close(after.value, &case["after"]["value"], &format!("{name}: after"));
        close(after.standard_error, &case["after"]["standard_error"], &format!("{name}: error after"));
        let expected = &case["sensitivity"];
        assert_eq!(found.sensitivity.is_none(), expected.is_null(), "{name}");
        if let Some(found) = found.sensitivity {
            assert_eq!(expected["trends"], found.trends, "{name}");
            close(found.largest_trend, &expected["largest_trend"], &format!("{name}: largest trend"));
            close(found.largest_trend_upper, &expected["largest_trend_upper"], &format!("{name}: upper"));
            close(found.breakdown, &expected["breakdown"], &format!("{name}: breakdown"));
        }
    }
}
