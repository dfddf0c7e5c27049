//! Every read of one object and every list, answered in full: a change of an answer is a difference of a snapshot that
//! people can read.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::panic::{AssertUnwindSafe, catch_unwind};

use thuocdo::access::{Role, policy};

use super::document::{Operation, operations};
use super::steady::Steady;
use super::world::World;

/// Reads without a snapshot.
const WITHOUT: &[(&str, &str)] = &[
    ("audit_log_export", "its lines are the entries of `audit_log_list`"),
    (
        "personal_data_requests_export",
        "the request of the world is not fulfilled; see `administration::exports`",
    ),
    ("work_scores_picture", "a picture; see `effectiveness::work_scores`"),
];

/// Lists of which the world has nothing: their rows are compared by the tests of the resources.
const EMPTY: &[&str] = &[
    "discoveries_list",
    "effectiveness_list",
    "employee_competencies_list",
    "holidays_list",
    "scorecards_list",
    "security_events_list",
    "suggestions_list",
    "work_scores_list",
];

/// Who reads: the first role of these that may. All of them reach everything, but for what is everybody's own.
const READERS: [Role; 3] = [Role::TrainingOfficer, Role::SystemAdmin, Role::Auditor];

/// Rows of a page: few enough to be read, and the cursor of a longer list is seen.
const ROWS: &str = "2";

/// The reads with a snapshot, each with who reads.
fn reads() -> Vec<(Operation, Role)> {
    let all = operations().into_iter().filter(Operation::is_read);
    all.filter(|op| WITHOUT.iter().all(|(id, _)| *id != op.id))
        .filter_map(|op| {
            // What is open to everybody is no resource of the ministry.
            let permission = op.permission?;
            let reader = READERS.into_iter().find(|role| policy::grant(*role, permission).is_some());
            let reader = reader.unwrap_or_else(|| panic!("{}: no role of READERS may read it", op.id));
            Some((op, reader))
        })
        .collect()
}

/// `INSTA_UPDATE=always cargo test --test api contract::answers` writes the snapshots anew.
#[tokio::test]
async fn every_read_answers_as_its_snapshot_shows() {
    let world = World::new().await;
    let steady = Steady::new(world.app.clock.today(), world.names());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/answers");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);

    let mut different = Vec::new();
    // One after the other: what is read may be recorded, and the audit log is read, too.
    for (op, reader) in reads() {
        let mut call = world.call(&op, op.resource().and_then(|list| world.own.get(list)));
        if op.query().any(|(name, _)| name == "limit") {
            call.query.push(("limit".to_owned(), ROWS.to_owned()));
        }
        let answer = op.send(&world.caller(reader), &call).await;
        assert_eq!(answer.status, 200, "{} {reader:?}: {:#}", op.id, answer.body);
        let is_empty = answer.body["items"].as_array().is_some_and(Vec::is_empty);
        assert_eq!(is_empty, EMPTY.contains(&op.id), "{}: {:#}", op.id, answer.body);
        let body = steady.answer(&answer.body);
        // Every difference is shown, not only the first.
        let compared = catch_unwind(AssertUnwindSafe(|| {
            settings.bind(|| insta::assert_json_snapshot!(op.id, body));
        }));
        if compared.is_err() {
            different.push(op.id);
        }
    }
    assert!(different.is_empty(), "the answers of {different:?} are not as their snapshots show");
}

#[test]
fn every_snapshot_is_of_a_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/contract/snapshots/answers");
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let snapshots = files.filter(|path| path.extension() == Some(OsStr::new("snap")));
    let names: BTreeSet<String> = snapshots
        .filter_map(|path| path.file_stem().map(|name| name.to_string_lossy().into_owned()))
        .collect();
    let reads = reads();
    let left: Vec<&String> =
        names.iter().filter(|name| reads.iter().all(|(op, _)| op.id != name.as_str())).collect();
    assert!(left.is_empty(), "snapshots of no read, to be deleted: {left:?}");
}

#[test]
fn every_read_without_a_snapshot_is_one() {
    let operations = operations();
    for (id, _) in WITHOUT {
        assert!(operations.iter().any(|op| op.id == *id && op.is_read()), "{id} is no read");
    }
}
