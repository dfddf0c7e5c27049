use std::process::{Command, Output};

use diesel_async::SimpleAsyncConnection;
use futures::future::{join, join_all};
use thuocdo::administration::audit_log::{Broken, Fault, seal};

use crate::support::TestApp;

/// Six entries: three units, each a row and an event.
async fn three_units() -> TestApp {
    let app = TestApp::spawn().await;
    for code in ["A", "B", "C"] {
        app.unit(code, None).await;
    }
    app
}

#[tokio::test]
async fn entries_are_sealed_once_and_the_log_says_so() {
    let app = three_units().await;
    let before = app.verify().await.unwrap();
    assert_eq!((before.seals, before.entries, before.unsealed), (0, 0, 6));
    let worker = app.gate.clone();
    thuocdo::worker::tick(&worker).await.unwrap();
    let after = app.verify().await.unwrap();
    assert_eq!((after.seals, after.entries, after.unsealed), (1, 6, 0));
    assert!(app.audit("").await.iter().all(|e| e["sealed"] == true));
    app.seal().await;
    assert_eq!(app.verify().await.unwrap(), after, "nothing new, no new seal");
    app.unit("D", None).await;
    app.seal().await;
    let more = app.verify().await.unwrap();
    assert_eq!((more.seals, more.entries), (2, 8));
    assert_ne!(more.head, after.head);
}

#[tokio::test]
async fn replicas_that_seal_at_once_seal_once() {
    let app = three_units().await;
    let sealed = join_all((0..4).map(|_| app.system(async |tx| seal(tx).await))).await;
    assert!(sealed.into_iter().all(|s| s.is_ok()));
    let report = app.verify().await.unwrap();
    assert_eq!((report.seals, report.entries, report.unsealed), (1, 6, 0));
}

#[tokio::test]
async fn writers_and_sealing_do_not_wait_for_each_other_and_nothing_is_left_out() {
    let app = three_units().await;
    // Takes its number now, commits later.
    let mut late = app.psql().await;
    late.batch_execute("BEGIN; INSERT INTO holidays VALUES ('2026-09-02', 'Quốc khánh', false)")
        .await
        .unwrap();
    let writers = async {
        join_all((0..40).map(|n| {
            let app = &app;
            async move { app.unit(&format!("U{n}"), None).await }
        }))
        .await
    };
    let sealing = async {
        for _ in 0..10 {
            app.seal().await;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    join(writers, sealing).await;
    app.seal().await;
    let before = app.verify().await.unwrap();
    assert_eq!((before.entries, before.unsealed), (86, 0));
    late.batch_execute("COMMIT").await.unwrap();
    assert_eq!(app.verify().await.unwrap().unsealed, 1);
    app.seal().await;
    let after = app.verify().await.unwrap();
    assert_eq!((after.seals, after.entries, after.unsealed), (before.seals + 1, 87, 0));
}

#[tokio::test]
async fn many_entries_become_several_seals() {
    let app = TestApp::spawn().await;
    app.at_the_database(
        "INSERT INTO holidays SELECT '2030-01-01'::date + n, 'x', false FROM generate_series(1, 7500) n",
    )
    .await;
    app.seal().await;
    let report = app.verify().await.unwrap();
    assert_eq!((report.seals, report.entries, report.unsealed), (8, 7500, 0));
}

/// What verify says of a sealed log after somebody with every right at the database did something to it.
async fn after(script: &str) -> Broken {
    let app = three_units().await;
    app.seal().await;
    app.unit("D", None).await;
    app.seal().await;
    app.clock.set(app.clock.now() + chrono::Duration::days(2));
    app.at_the_database(&format!(
        "ALTER TABLE audit_log DISABLE TRIGGER USER; ALTER TABLE audit_seals DISABLE TRIGGER USER;
         ALTER TABLE audit_seal_entries DISABLE TRIGGER USER;
         {script};
         ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_only_grows"
    ))
    .await;
    app.verify().await.expect_err("broken")
}

fn broken(seal: impl Into<Option<i64>>, entry: impl Into<Option<i64>>, fault: Fault) -> Broken {
    Broken { seal: seal.into(), entry: entry.into(), fault }
}

/// A copy of an entry under another number.
fn copied(from: i64, to: i64) -> String {
    format!(
        "CREATE TEMP TABLE copy AS SELECT * FROM audit_log WHERE number = {from}; UPDATE copy SET number = {to};
         INSERT INTO audit_log OVERRIDING SYSTEM VALUE SELECT * FROM copy"
    )
}

#[tokio::test]
async fn a_changed_entry_is_found() {
    let script = "UPDATE audit_log SET actor_name = 'ai.do' WHERE number = 3";
    assert_eq!(after(script).await, broken(1, 3, Fault::Changed));
    let script = r#"UPDATE audit_log SET after = after || '{"code": "Z"}' WHERE number = 7"#;
    assert_eq!(after(script).await, broken(2, 7, Fault::Changed));
}

#[tokio::test]
async fn a_deleted_entry_is_found() {
    assert_eq!(after("DELETE FROM audit_log WHERE number = 2").await, broken(1, 2, Fault::Missing));
    let with_its_place =
        "DELETE FROM audit_log WHERE number = 2; DELETE FROM audit_seal_entries WHERE entry = 2";
    assert_eq!(after(with_its_place).await, broken(1, None, Fault::Missing));
    let whole_seal =
        "DELETE FROM audit_seal_entries WHERE seal = 1; DELETE FROM audit_seals WHERE number = 1";
    assert_eq!(after(whole_seal).await, broken(1, None, Fault::Missing));
}

#[tokio::test]
async fn an_entry_put_into_the_past_is_found() {
    assert_eq!(after(&copied(4, 0)).await, broken(None, 0, Fault::Inserted));
    let with_a_place = format!(
        "{}; INSERT INTO audit_seal_entries SELECT 0, 1, digest FROM audit_seal_entries WHERE entry = 4",
        copied(4, 0)
    );
    assert_eq!(after(&with_a_place).await, broken(1, 0, Fault::Inserted));
}

#[tokio::test]
async fn entries_that_changed_places_are_found() {
    let script = "CREATE TEMP TABLE two AS SELECT * FROM audit_log WHERE number IN (2, 5);
        UPDATE two SET number = 7 - number; DELETE FROM audit_log WHERE number IN (2, 5);
        INSERT INTO audit_log OVERRIDING SYSTEM VALUE SELECT * FROM two";
    assert_eq!(after(script).await, broken(1, 2, Fault::Reordered));
}

#[tokio::test]
async fn a_seal_that_was_tampered_with_is_found() {
    let script = "UPDATE audit_seals SET sealed_at = sealed_at - interval '1 hour' WHERE number = 2";
    assert_eq!(after(script).await, broken(2, None, Fault::Changed));
    let unchained = "UPDATE audit_seals SET previous = sha256('x') WHERE number = 2";
    assert_eq!(after(unchained).await, broken(2, None, Fault::Changed));
}

fn run_verify(app: &TestApp, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_thuocdo"))
        .env_clear()
        .current_dir("/")
        .env("DATABASE_URL", &app.database_url)
        .args(["audit", "verify"])
        .args(more)
        .output()
        .expect("it runs")
}

#[tokio::test]
async fn the_command_prints_the_head_and_knows_an_earlier_one() {
    let app = three_units().await;
    app.seal().await;
    let noted = app.verify().await.unwrap().head.to_string();
    app.unit("D", None).await;
    app.seal().await;
    app.unit("E", None).await;
    let good = run_verify(&app, &["--head", &noted]);
    let words = String::from_utf8(good.stdout).unwrap();
    assert!(good.status.success(), "{words}");
    let head = app.verify().await.unwrap().head;
    for line in
        ["8 entries in 2 seals, none broken", "2 entries not sealed yet", "the noted head is that of seal 1"]
    {
        assert!(words.contains(line), "{words}");
    }
    assert!(words.contains(&format!("head: {head}")), "{words}");

    // Someone cuts the end off: the chain that is left is unbroken, but not the one whose head was noted.
    app.at_the_database(
        "ALTER TABLE audit_seals DISABLE TRIGGER USER; ALTER TABLE audit_seal_entries DISABLE TRIGGER USER;
         DELETE FROM audit_seal_entries WHERE seal = 2; DELETE FROM audit_seals WHERE number = 2",
    )
    .await;
    assert!(run_verify(&app, &[]).status.success());
    let cut = run_verify(&app, &["--head", &head.to_string()]);
    assert!(!cut.status.success());
    assert!(String::from_utf8(cut.stderr).unwrap().contains("is not in the chain"));

    app.at_the_database(
        "ALTER TABLE audit_log DISABLE TRIGGER USER; UPDATE audit_log SET permission = 'x' WHERE number = 1",
    )
    .await;
    let broken = run_verify(&app, &[]);
    assert!(!broken.status.success());
    let words = String::from_utf8(broken.stderr).unwrap();
    assert!(words.contains("the audit log is broken: entry 1 (seal 1) was changed"), "{words}");
}
