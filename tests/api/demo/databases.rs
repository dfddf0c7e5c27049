use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde_json::json;
use thuocdo::access::Role;
use thuocdo::db::{migrate, schema};
use thuocdo::demo::{self, Outcome, State};

use super::{provide, with_ministry};
use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::database::TestDb;

#[tokio::test]
async fn a_second_start_offers_the_same_ministry_and_fresh_makes_it_anew() {
    let app = with_ministry().await;
    let built_on = app.clock.today();
    assert_eq!(demo::inspect(&app.database_url).await.unwrap(), State::Demo(built_on));
    let officer = app.as_role(Role::TrainingOfficer);
    let unit = json!({"code": "NEW", "name": "Đơn vị mới", "kind": "department"});
    officer.post("/v1/units", unit).await.expect_status(201);

    app.travel_to(built_on + chrono::Duration::days(1));
    assert_eq!(provide(&app, false).await, Outcome::Kept(built_on));
    assert!(codes(&app).await.contains(&"NEW".to_owned()));

    assert!(matches!(provide(&app, true).await, Outcome::Built { .. }));
    assert!(!codes(&app).await.contains(&"NEW".to_owned()));
    assert_eq!(demo::inspect(&app.database_url).await.unwrap(), State::Demo(app.clock.today()));
}

async fn codes(app: &TestApp) -> Vec<String> {
    app.system(async |tx| Ok(schema::units::table.select(schema::units::code).load(tx.conn()).await?))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_database_with_other_data_is_refused_and_stays_as_it_is() {
    let app = TestApp::spawn().await;
    assert_eq!(demo::inspect(&app.database_url).await.unwrap(), State::Empty);
    app.account("officer", Role::TrainingOfficer).await;
    let refusal = demo::inspect(&app.database_url).await.unwrap_err().to_string();
    assert!(refusal.contains("accounts: 1") && refusal.contains("DATABASE_URL"), "{refusal}");
    for fresh in [false, true] {
        let refused = demo::provide(&app.gate, demo::SEED, fresh, &mut |_| {}).await;
        assert!(refused.is_err(), "fresh: {fresh}");
    }
    app.sign_in("officer", PASSWORD).await;
    assert!(codes(&app).await.is_empty());
}

#[tokio::test]
async fn a_database_of_something_else_is_refused_before_it_is_migrated() {
    let db = TestDb::empty().await;
    assert_eq!(demo::inspect(&db.url).await.unwrap(), State::Empty);
    let mut conn = migrate::open(&db.url).await.unwrap();
    conn.batch_execute("CREATE TABLE invoices (id int)").await.unwrap();
    let refusal = demo::inspect(&db.url).await.unwrap_err().to_string();
    assert!(refusal.contains("invoices"), "{refusal}");
    conn.batch_execute("DROP TABLE invoices").await.unwrap();
    assert_eq!(demo::inspect(&db.url).await.unwrap(), State::Empty);
}

#[tokio::test]
async fn a_ministry_of_another_version_is_made_anew() {
    let app = TestApp::spawn().await;
    app.system(async |tx| {
        use schema::demo_ministry::dsl;
        let day = tx.today();
        diesel::insert_into(dsl::demo_ministry)
            .values((dsl::is_only.eq(true), dsl::seed.eq(1_i64), dsl::format.eq(0), dsl::built_on.eq(day)))
            .execute(tx.conn())
            .await?;
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(demo::inspect(&app.database_url).await.unwrap(), State::Outdated);
    assert!(matches!(provide(&app, false).await, Outcome::Built { .. }));
}
