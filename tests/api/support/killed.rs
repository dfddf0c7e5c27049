//! A replica that dies in the middle of its work.

use std::cell::Cell;
use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use thuocdo::db::migrate;

use super::TestApp;

/// Do something whose connection is cut while it waits to write into a table: somebody outside holds it, so that the work
/// stands still in the middle. What came of the work; afterwards the table is free.
pub async fn killed_before_writing<T: Debug>(app: &TestApp, table: &str, work: impl Future<Output = T>) -> T {
    let mut outside = migrate::open(&app.database_url).await.expect("a connection");
    outside.batch_execute(&format!("BEGIN; LOCK TABLE {table} IN SHARE MODE")).await.expect("a lock");
    // Another connection: within a transaction the list of processes stays as it was at the first look.
    let mut observer = migrate::open(&app.database_url).await.expect("a connection");
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE wait_event_type = 'Lock' AND datname = current_database()";
    let is_over = Cell::new(false);
    let killing = async {
        while diesel::sql_query(kill).execute(&mut observer).await.expect("an answer") == 0 {
            if is_over.get() {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        true
    };
    let working = async {
        let result = work.await;
        is_over.set(true);
        result
    };
    let (result, was_killed) = tokio::join!(working, killing);
    assert!(was_killed, "it never wrote into {table}: {result:?}");
    outside.batch_execute("COMMIT").await.expect("the lock is given back");
    result
}
