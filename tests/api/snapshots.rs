//! A snapshot is one that a test compares: with the test goes its snapshot.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::documents::files;

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The names that a source gives to its snapshots, in `assert_snapshot!("name", …)` and its like.
fn names(source: &str) -> Vec<&str> {
    let arguments = source.split("snapshot!(").skip(1).map(str::trim_start);
    arguments.filter_map(|rest| rest.strip_prefix('"')?.split('"').next()).collect()
}

/// Where the snapshots of a source are: beside it, under the path of its module.
fn places(source: &Path, text: &str) -> Vec<PathBuf> {
    let relative = source.strip_prefix(tests()).expect("below tests").with_extension("");
    let parts = relative.iter().map(|part| part.to_string_lossy().into_owned());
    let module: Vec<String> = parts.filter(|part| part != "mod" && part != "main").collect();
    let folder = source.parent().expect("a folder").join("snapshots");
    let place = |name: &str| folder.join(format!("{}__{name}.snap", module.join("__")));
    names(text).into_iter().map(place).collect()
}

#[test]
fn every_snapshot_is_compared_by_a_test() {
    let mut compared = BTreeSet::new();
    for source in files(&tests(), "rs") {
        let text = std::fs::read_to_string(&source).expect("a source");
        compared.extend(places(&source, &text));
    }
    // Those of `contract/answers.rs` are named after operations, and looked through by a test of that file.
    let of_operations = Path::new("answers");
    let kept = files(&tests(), "snap").into_iter();
    let kept: Vec<PathBuf> = kept
        .filter(|snapshot| !snapshot.parent().is_some_and(|folder| folder.ends_with(of_operations)))
        .collect();
    assert!(!kept.is_empty(), "the matrix is one");
    let left: Vec<&PathBuf> = kept.iter().filter(|snapshot| !compared.contains(*snapshot)).collect();
    assert!(left.is_empty(), "no assert_snapshot!(\"name\", …) compares these: {left:#?}");
}

#[test]
fn a_snapshot_is_looked_for_beside_its_test() {
    let text = "insta::assert_json_snapshot!(\n    \"a\", value); assert_snapshot!(\"b\", x); assert_snapshot!(value);";
    let below = |path: &str| tests().join(path);
    let expected = ["x__y__a.snap", "x__y__b.snap"].map(|name| below("x/y/snapshots").join(name));
    assert_eq!(places(&below("x/y/mod.rs"), text), expected);
    assert_eq!(places(&below("x/main.rs"), "snapshot!(\"c\""), [below("x/snapshots/x__c.snap")]);
}
