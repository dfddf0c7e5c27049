//! The forbidden arrows, checked on the sources: what may depend on what.

use std::path::{Path, PathBuf};

/// What a file of a resource may never say.
const NEVER: &[(&str, &[&str])] = &[
    ("model.rs", &["async fn", "actix_web", "http::", "access::Allow", "AsyncPgConnection", "RunQueryDsl"]),
    ("dto.rs", &["diesel::", "actix_web", "service::", "queries::"]),
    ("service.rs", &["actix_web", "http::", "diesel::", "dto::"]),
    ("queries.rs", &["actix_web", "http::", "dto::", "service::"]),
    ("routes.rs", &["diesel::", "db::"]),
];

/// Which areas an area may lean on. `identity` and the areas themselves only through their `mod.rs`.
const ARROWS: &[(&str, &[&str])] = &[
    ("organisation", &[]),
    ("catalogue", &["organisation"]),
    ("identity", &["organisation", "catalogue"]),
    ("planning", &["catalogue", "organisation"]),
    ("participation", &["planning", "catalogue", "organisation"]),
    ("evaluation", &["participation", "planning", "catalogue", "organisation"]),
    (
        "administration",
        &["identity", "reporting", "evaluation", "participation", "planning", "catalogue", "organisation"],
    ),
    ("reporting", &["evaluation", "participation", "planning", "catalogue", "organisation"]),
    (
        "administration",
        &["identity", "organisation", "catalogue", "planning", "participation", "evaluation", "reporting"],
    ),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The code of a file without comments and without its tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a source");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn area_of(path: &Path) -> Option<String> {
    let relative = path.strip_prefix(src()).expect("below src");
    let area = relative.components().next()?.as_os_str().to_str()?.to_owned();
    ARROWS.iter().any(|(a, _)| *a == area).then_some(area)
}

fn violations(path: &Path, code: &str) -> Vec<String> {
    let shown = path.strip_prefix(src()).unwrap_or(path).display().to_string();
    let mut found = Vec::new();
    let file = path.file_name().and_then(|f| f.to_str()).unwrap_or_default();
    let Some(area) = area_of(path) else {
        let kernel = ["access", "http", "db"].iter().any(|k| path.starts_with(src().join(k)));
        for (other, _) in ARROWS.iter().filter(|_| kernel) {
            if code.contains(&format!("{other}::")) {
                found.push(format!("{shown}: the kernel leans on {other}"));
            }
        }
        return found;
    };
    for (_, words) in NEVER.iter().filter(|(name, _)| *name == file) {
        // `use crate::{db::Tx, http::page}` does not contain `crate::http`: search for the word itself. A model's own
        // derives are `diesel::prelude`, which its table says.
        found.extend(words.iter().filter(|w| code.contains(**w)).map(|w| format!("{shown}: says {w}")));
    }
    let allowed = ARROWS.iter().find(|(a, _)| *a == area).map(|(_, to)| *to).unwrap_or_default();
    for (other, _) in ARROWS.iter().filter(|(other, _)| *other != area && !allowed.contains(other)) {
        if code.contains(&format!("crate::{other}")) {
            found.push(format!("{shown}: {area} leans on {other}"));
        }
    }
    found
}

#[test]
fn no_file_leans_where_it_must_not() {
    let found: Vec<String> = sources(&src()).iter().flat_map(|p| violations(p, &code(p))).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_checker_bites() {
    let bad = "use crate::{db::Tx, http::page::Page};\nuse crate::evaluation::x;";
    let found = violations(&src().join("organisation/units/service.rs"), bad);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(violations(&src().join("db/mod.rs"), "use crate::organisation::units;").len(), 1);
}

/// utoipa collects what `.service(` registers, and nothing of `.route(`.
#[test]
fn areas_register_services_only() {
    for path in sources(&src()).iter().filter(|p| area_of(p).is_some()) {
        assert!(!code(path).contains(".route("), "{} registers a route outside the document", path.display());
    }
}

/// A list of faults that grows with the request takes the memory of the service: [`thuocdo::error::Faults`] does not.
#[test]
fn faults_are_collected_in_bounds() {
    for path in sources(&src()).iter().filter(|p| !p.ends_with("faults.rs")) {
        assert!(!code(path).contains("Vec<FieldError>"), "{} collects without bounds", path.display());
    }
}

/// A code that no line of the service uses would be a lie told to clients.
#[test]
fn every_rule_is_used() {
    let all: String = sources(&src()).iter().filter(|p| !p.ends_with("error.rs")).map(|p| code(p)).collect();
    let unused: Vec<String> = thuocdo::error::Rule::ALL
        .iter()
        .map(|r| format!("{r:?}"))
        .filter(|name| !all.contains(&format!("Rule::{name}")))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}
