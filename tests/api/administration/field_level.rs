use std::collections::BTreeSet;

use serde_json::Value;
use thuocdo::access::{Permission, Role, policy};

use crate::support::app::DOCUMENT;

/// What an institute never sees of a person. Levels of a course's own competencies, results in its own classes and its
/// own figures in reports are its business; how somebody works, what somebody lacks or is planned for is not.
const NEVER: &[&str] = &[
    "phone",
    "personal_number",
    "birth_date",
    "joined_on",
    "category",
    "restricted",
    "held_level",
    "required_level",
    "gaps",
    "class",
    "regime",
    "succession_entry_id",
    "expected_effect",
    "motive",
    "answers",
    "subject_name",
    "respondent_name",
    "corrections",
];

/// Names of all members of a schema and of what it refers to.
fn members(schema: &Value, seen: &mut BTreeSet<String>, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(parts) => {
            if let Some(name) = parts.get("$ref").and_then(Value::as_str) {
                let name = name.trim_start_matches('#');
                if seen.insert(name.to_owned()) {
                    members(DOCUMENT.pointer(name).expect("a schema"), seen, names);
                }
            }
            if let Some(properties) = parts.get("properties").and_then(Value::as_object) {
                names.extend(properties.keys().cloned());
            }
            for (_, part) in parts.iter().filter(|(key, _)| !matches!(key.as_str(), "example" | "examples")) {
                members(part, seen, names);
            }
        }
        Value::Array(parts) => parts.iter().for_each(|part| members(part, seen, names)),
        _ => {}
    }
}

/// Operation ids and members of the answers that a role can get.
fn answers_of(role: Role) -> Vec<(String, BTreeSet<String>)> {
    let mut answers = Vec::new();
    for item in DOCUMENT["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let scope = operation["security"][0]["oauth2"][0].as_str();
            let permission = Permission::ALL.iter().find(|p| Some(p.name()) == scope);
            let allowed = permission.is_none_or(|p| policy::grant(role, *p).is_some());
            if !allowed {
                continue;
            }
            let mut names = BTreeSet::new();
            let good = operation["responses"].as_object().unwrap().iter().filter(|(s, _)| s.starts_with('2'));
            for (_, response) in good {
                for content in response["content"].as_object().into_iter().flat_map(|c| c.values()) {
                    members(&content["schema"], &mut BTreeSet::new(), &mut names);
                }
            }
            answers.push((operation["operationId"].as_str().unwrap().to_owned(), names));
        }
    }
    answers
}

#[test]
fn no_answer_to_an_institute_has_a_place_for_what_is_none_of_its_business() {
    let mut found = Vec::new();
    for (operation, names) in answers_of(Role::Institute) {
        found.extend(NEVER.iter().filter(|n| names.contains(**n)).map(|n| format!("{operation}: {n}")));
    }
    assert!(found.is_empty(), "{found:#?}");
    // The same walk finds them where they are meant to be.
    let all: BTreeSet<String> = answers_of(Role::HrPortal).into_iter().flat_map(|(_, names)| names).collect();
    assert!(all.contains("phone") && all.contains("personal_number") && all.contains("class"));
}

#[test]
fn a_roster_shows_an_institute_six_things_and_the_name_of_a_unit() {
    let roster = answers_of(Role::Institute).into_iter().find(|(id, _)| id == "participants_list");
    let (_, names) = roster.expect("the roster");
    let expected = [
        "attendance_percent",
        "certificate_number",
        "email",
        "full_name",
        "id",
        "items",
        "next_cursor",
        "number",
        "status",
        "unit_name",
    ];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
}
