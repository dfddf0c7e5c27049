use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::administration::personal_data_requests::erasure::FREE_TEXT;
use thuocdo::db::{migrate, schema};
use thuocdo::text;
use uuid::Uuid;

use crate::fixtures::classes::{Class, Enrolled, Ground, moved};
use crate::support::client::Client;
use crate::support::database::TestDb;

const PATH: &str = "/v1/personal-data-requests";
const NAME: &str = "Đặng Thị Kim Thoa";
const EMAIL: &str = "thoa.dang@moit.gov.vn";
const PHONE: &str = "+84912345678";
const NUMBER: &str = "001190012345";
const CODE: &str = "NV-THOA";
const CERTIFICATE: &str = "TDT-2026-000001";

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// All columns of the database that can hold words.
const WORDS: &str = "
    SELECT c.table_name::text AS table_name, c.column_name::text AS column_name FROM information_schema.columns c
    JOIN pg_tables t ON t.schemaname = 'public' AND t.tablename = c.table_name
    WHERE c.table_schema = 'public' AND c.data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY')
      AND c.table_name NOT LIKE '\\_\\_%' ORDER BY 1, 2";

/// Where a text is in the database, whatever its case.
async fn places_of(ground: &Ground, needle: &str) -> Vec<String> {
    ground
        .app
        .system(async |tx| {
            let columns: Vec<Column> = diesel::sql_query(WORDS).load(tx.conn()).await?;
            let mut found = Vec::new();
            for Column { table_name, column_name } in columns {
                let query = format!(
                    "SELECT count(*) AS count FROM {table_name} WHERE strpos(lower({column_name}::text), lower($1)) > 0"
                );
                let rows: Count =
                    diesel::sql_query(query).bind::<Text, _>(needle).get_result(tx.conn()).await?;
                if rows.count > 0 {
                    found.push(format!("{table_name}.{column_name}: {}", rows.count));
                }
            }
            Ok(found)
        })
        .await
        .unwrap()
}

fn officer(ground: &Ground) -> Client {
    ground.app.as_role(Role::TrainingOfficer)
}

/// Someone of a class whose name is wherever a name can be.
async fn known_everywhere(ground: &Ground, class: &Class, who: Enrolled) {
    let app = &ground.app;
    let person = who.employee;
    app.system(async |tx| {
        diesel::update(schema::employees::table.find(person))
            .set(schema::employees::code.eq(CODE))
            .execute(tx.conn())
            .await?;
        Ok(())
    })
    .await
    .unwrap();
    let known = json!({"full_name": NAME, "email": EMAIL, "phone": PHONE, "personal_number": NUMBER,
        "birth_date": "1990-05-19"});
    let portal = app.as_role(Role::HrPortal);
    portal.patch(&format!("/v1/employees/{person}"), "*", known).await.expect_status(200);
    // Usernames are not names of people: what the log of the service remembers of them is never changed.
    let account = json!({"username": "tai.khoan.7", "display_name": NAME, "password": "một mật khẩu đủ dài",
        "employee_id": person, "roles": [{"role": "employee"}]});
    app.as_role(Role::SystemAdmin).post_once("open", "/v1/accounts", account).await.expect_status(201);
    let absence = json!({"employee_id": person, "kind": "sick_leave", "starts_on": "2026-12-01",
        "starts_half": "morning", "ends_on": "2026-12-02", "ends_half": "afternoon",
        "note": format!("{NAME} nằm viện")});
    officer(ground).post_once("away", "/v1/absences", absence).await.expect_status(201);
    let planned = json!({"employee_id": person, "job_position_id": ground.position, "decision_number": "15/QĐ-BCT",
        "valid_from": "2026-01-01", "valid_to": "2031-01-01"});
    officer(ground).post("/v1/succession-lists", planned).await.expect_status(201);
    let finding = json!({"course_id": class.course, "finding": format!("Học viên {NAME} ({EMAIL}) phản ánh."),
        "reply_due_on": "2026-12-20"});
    officer(ground).post("/v1/corrective-actions", finding).await.expect_status(201);
    let correction = json!({"kind": "correction", "details": format!("Tôi là {NAME}"),
        "corrections": {"phone": PHONE}});
    app.as_employee(person).post_once("ask", PATH, correction).await.expect_status(201);
    written_behind(ground, class, who).await;
}

/// What other stories write: a nomination's words, a supervisor's, an anonymous learner's, a certificate.
async fn written_behind(ground: &Ground, class: &Class, who: Enrolled) {
    use schema::{anonymous_responses as a, certificates as c, evaluation_responses as r, nominations as n};
    ground
        .app
        .system(async |tx| {
            let words = format!("Cử {NAME} đi học, điện thoại 0912345678.");
            diesel::update(n::table.filter(n::employee_id.eq(who.employee)))
                .set((n::note.eq(&words), n::expected_effect.eq(&words), n::decision_reason.eq(&words)))
                .execute(tx.conn())
                .await?;
            let items = json!([{"code": "b1", "kind": "scale"}, {"code": "c1", "kind": "choice"}, {"code": "t1", "kind": "text"}]);
            diesel::update(schema::questionnaires::table)
                .set(schema::questionnaires::items.eq(items))
                .execute(tx.conn())
                .await?;
            let answers = json!([{"item": "b1", "value": 4}, {"item": "c1", "value": "yes"},
                {"item": "t1", "value": "Chị Thoa làm việc tốt hơn."}]);
            let about = schema::evaluations::table
                .filter(schema::evaluations::subject_id.eq(who.employee))
                .select(schema::evaluations::id);
            diesel::update(r::table.filter(r::evaluation_id.eq_any(about)))
                .set(r::answers.eq(answers))
                .execute(tx.conn())
                .await?;
            let questionnaire: Uuid =
                schema::questionnaires::table.filter(schema::questionnaires::level.eq(1))
                    .select(schema::questionnaires::id).first(tx.conn()).await?;
            diesel::insert_into(a::table)
                .values((
                    a::id.eq(thuocdo::clock::random_id()),
                    a::offering_id.eq(class.offering),
                    a::questionnaire_id.eq(questionnaire),
                    a::answers.eq(json!([{"item": "t1", "value": format!("Cảm ơn chị {NAME}!")}])),
                ))
                .execute(tx.conn())
                .await?;
            let (id, now, today) = (tx.new_id(), tx.now, tx.today());
            diesel::insert_into(c::table)
                .values((
                    (c::id.eq(id), c::number.eq(CERTIFICATE), c::participant_id.eq(who.participant)),
                    (c::offering_id.eq(class.offering), c::institute_id.eq(class.institute)),
                    (c::employee_id.eq(who.employee), c::holder_name.eq(NAME), c::course_title.eq("Khóa")),
                    (c::periods.eq(16), c::issued_on.eq(today), c::status.eq("issued")),
                    (c::created_at.eq(now), c::updated_at.eq(now)),
                ))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await
        .unwrap();
}

async fn reports(ground: &Ground) -> Vec<Value> {
    let mut reports = Vec::new();
    for by in ["course", "offering", "lecturer", "institute", "unit"] {
        let path = format!("/v1/reports/effectiveness?by={by}");
        reports.push(officer(ground).get(&path).await.expect_status(200));
    }
    reports
}

#[tokio::test]
async fn an_erased_person_is_found_nowhere_and_every_figure_stays() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let sent = ground.send(&class, &moved(12, 0.6, 0.2)).await;
    ground.compare(&class, &sent, &[(3.0, 3.1), (3.2, 3.2), (3.1, 3.0), (2.9, 3.0), (3.0, 3.2)]).await;
    ground.score(sent[0].employee, "2026-10-05", &[(2026, 1, 70.0), (2026, 3, 80.0)]).await;
    let who = sent[0];
    known_everywhere(&ground, &class, who).await;
    let (app, person) = (&ground.app, who.employee);
    let words = format!("Tôi, {NAME}, đề nghị xóa.");
    let asked = app.as_employee(person).post(PATH, json!({"kind": "erasure", "details": words})).await;
    assert_eq!(asked.status, 201);
    let fulfil = format!("{}/fulfil", asked.header("location"));

    let early = officer(&ground).act(&fulfil).await;
    assert_eq!(early.problem(), "409 personal_data_request.erasure_not_possible");
    assert_eq!(early.body["employee_status"], "active");
    let portal = app.as_role(Role::HrPortal);
    let employee = format!("/v1/employees/{person}");
    portal.patch(&employee, "*", json!({"status": "left"})).await.expect_status(200);
    let folded = text::fold(NAME);
    let needles = [NAME, EMAIL, PHONE, "0912345678", NUMBER, CODE, "Chị Thoa", folded.as_str()];
    for needle in needles {
        assert!(!places_of(&ground, needle).await.is_empty(), "{needle} is somewhere before");
    }
    let before = reports(&ground).await;

    let done = officer(&ground).act(&fulfil).await.expect_status(200);
    assert_eq!((&done["status"], &done["details"]), (&json!("fulfilled"), &json!(null)));
    for needle in needles {
        assert_eq!(places_of(&ground, needle).await, Vec::<String>::new(), "{needle}");
    }
    assert_eq!(reports(&ground).await, before);
    certificates_stand(&ground).await;
    records_stand_without_a_name(&ground, who).await;

    assert_eq!(officer(&ground).act(&fulfil).await.problem(), "409 state.wrong");
    let back = portal.patch(&employee, "*", json!({"full_name": NAME})).await;
    assert_eq!(back.problem(), "409 employee.erased");
    let again = officer(&ground).post(PATH, json!({"kind": "view", "employee_id": person})).await;
    assert_eq!(again.problem(), "409 employee.erased");
    let form = [("grant_type", "password"), ("username", "tai.khoan.7"), ("password", "một mật khẩu đủ dài")];
    assert_eq!(app.public().form("/oauth/token", &form).await.status, 400);
}

async fn certificates_stand(ground: &Ground) {
    let issued = officer(ground).all("/v1/certificates").await;
    let code =
        issued.iter().find(|c| c["number"] == CERTIFICATE).expect("it is still there")["check_code"].clone();
    let code = code.as_str().expect("a code");
    let path = format!("/v1/certificates/{CERTIFICATE}/verification?code={code}");
    let seen = ground.app.public().get(&path).await.expect_status(200);
    assert_eq!(
        (&seen["valid"], &seen["holder_name"], &seen["holder_erased"]),
        (&json!(true), &json!("(đã xóa)"), &json!(true))
    );
}

async fn records_stand_without_a_name(ground: &Ground, who: Enrolled) {
    let portal = ground.app.as_role(Role::HrPortal);
    let seen = portal.get(&format!("/v1/employees/{}", who.employee)).await.expect_status(200);
    assert_eq!(seen["full_name"], "(đã xóa)");
    for member in ["phone", "personal_number", "birth_date"] {
        assert!(seen[member].is_null(), "{member}");
    }
    assert!(seen["erased_at"].is_string());
    assert_eq!(portal.all("/v1/performance-ratings").await.len(), 2);
    let of_person = format!("employee_id={}", who.employee);
    assert!(officer(ground).all(&format!("/v1/absences?{of_person}")).await.is_empty());
    assert!(officer(ground).all(&format!("/v1/succession-lists?{of_person}")).await.is_empty());
    use schema::{evaluation_responses as r, evaluations as e};
    let answers: Value = ground
        .app
        .system(async |tx| {
            Ok(r::table
                .inner_join(e::table)
                .filter(e::subject_id.eq(who.employee))
                .select(r::answers)
                .first(tx.conn())
                .await?)
        })
        .await
        .unwrap();
    assert_eq!(
        answers,
        json!([{"item": "b1", "value": 4}, {"item": "c1", "value": "yes"}, {"item": "t1", "value": null}]),
        "figures and options stay, words go"
    );
}

#[tokio::test]
async fn two_of_the_same_name_are_two_people() {
    let ground = Ground::new().await;
    let class = ground.class("BVBM-01").await;
    let sent = ground.send(&class, &moved(2, 0.6, 0.2)).await;
    let portal = ground.app.as_role(Role::HrPortal);
    for who in &sent {
        let change = json!({"full_name": NAME, "status": "left"});
        portal.patch(&format!("/v1/employees/{}", who.employee), "*", change).await.expect_status(200);
    }
    let asked = json!({"kind": "erasure", "employee_id": sent[0].employee});
    let asked = officer(&ground).post(PATH, asked).await;
    let second = ground.app.as_another(Role::TrainingOfficer);
    second.act(&format!("{}/fulfil", asked.header("location"))).await.expect_status(200);
    let other = portal.get(&format!("/v1/employees/{}", sent[1].employee)).await.expect_status(200);
    assert_eq!(other["full_name"], NAME);
}

/// Tables without a person of the ministry in them, or whose records the erasure empties as a whole.
const WHOLE_TABLES: &[&str] = &[
    "accounts",
    "audit_log",
    "login_sessions",
    "competencies",
    "coverage_rules",
    "employees",
    "evaluation_registrations",
    "form_quarters",
    "form_rollups",
    "holidays",
    "idempotency_keys",
    "institutes",
    "job_positions",
    "lecturers",
    "offering_rollup_rows",
    "offering_rollups",
    "offerings",
    "position_requirements",
    "questionnaires",
    "score_panels",
    "security_events",
    "service_secrets",
    "sessions",
    "signing_keys",
    "training_plans",
    "unit_quarters",
    "unit_rollups",
    "units",
];

/// Columns of one word out of a list, of a number or a code, and texts about a course.
const NO_WORDS: &[&str] = &[
    "assessment",
    "basis",
    "behaviours",
    "cause",
    "check_code",
    "class",
    "code",
    "content_area",
    "course_title",
    "decision_number",
    "ended",
    "holder_name",
    "kind",
    "legal_basis",
    "motive",
    "number",
    "objectives",
    "obligation",
    "outcome",
    "period_kind",
    "phase",
    "rater",
    "regime",
    "relation",
    "respondent_group",
    "role",
    "rule_set",
    "search_words",
    "seed",
    "seed_digest",
    "source",
    "status",
    "subject_group",
    "title",
];

/// A new column with words about people is looked at by the erasure, or a review says why not.
#[tokio::test(flavor = "multi_thread")]
async fn every_column_with_words_is_known_to_the_erasure() {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    let columns: Vec<Column> = diesel::sql_query(WORDS).load(&mut connection).await.expect("columns");
    let searched = |c: &Column| FREE_TEXT.iter().any(|(t, n, _)| *t == c.table_name && *n == c.column_name);
    for (table, column, _) in FREE_TEXT {
        let there = columns.iter().any(|c| c.table_name == *table && c.column_name == *column);
        assert!(there, "{table}.{column} does not exist");
    }
    let unknown: Vec<String> = columns
        .iter()
        .filter(|c| !searched(c))
        .filter(|c| {
            !WHOLE_TABLES.contains(&c.table_name.as_str()) && !NO_WORDS.contains(&c.column_name.as_str())
        })
        .map(|c| format!("{}.{}", c.table_name, c.column_name))
        .collect();
    assert!(unknown.is_empty(), "may these name a person? {unknown:#?}");
}

/// Words that the erasure goes through never enter the audit log, which nothing is taken out of.
#[tokio::test(flavor = "multi_thread")]
async fn no_words_about_people_enter_the_audit_log() {
    let db = TestDb::new().await;
    let mut connection = migrate::open(&db.url).await.expect("a connection");
    let shown = "
        SELECT DISTINCT c.relname::text AS table_name, a.attname::text AS column_name FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE t.tgfoid = 'audit_row_changes'::regproc
          AND a.attname <> ALL (split_part(encode(t.tgargs, 'escape'), '\\000', 3)::text[])
          AND a.attname <> ALL (split_part(encode(t.tgargs, 'escape'), '\\000', 4)::text[])";
    let shown: Vec<Column> = diesel::sql_query(shown).load(&mut connection).await.expect("columns");
    assert!(
        shown.iter().any(|c| c.table_name == "nominations" && c.column_name == "motive"),
        "found nothing"
    );
    let told: Vec<String> = shown
        .iter()
        .filter(|c| FREE_TEXT.iter().any(|(t, n, _)| *t == c.table_name && *n == c.column_name))
        .map(|c| format!("{}.{}", c.table_name, c.column_name))
        .collect();
    assert_eq!(told, Vec::<String>::new(), "name them in audit_table()");
}
