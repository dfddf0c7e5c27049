//! Many people behind one address, and somebody among them who sends junk or guesses.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};
use thuocdo::access::Role;

use crate::support::TestApp;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;

async fn attempt(app: &TestApp, name: &str, password: &str) -> Answer {
    let form = [("grant_type", "password"), ("username", name), ("password", password)];
    app.public().form("/oauth/token", &form).await
}

async fn refresh(app: &TestApp, token: &Value) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token.as_str().unwrap())];
    app.public().form("/oauth/token", &form).await
}

/// A machine client's secret.
async fn portal(app: &TestApp) -> String {
    let client = json!({"client_id": "portal", "display_name": "Portal", "roles": [{"role": "hr_portal"}]});
    let made = app.as_role(Role::SystemAdmin).post("/v1/clients", client).await.expect_status(201);
    made["client_secret"].as_str().unwrap().to_owned()
}

async fn as_client(app: &TestApp, name: &str, secret: &str, path: &str, form: &[(&str, &str)]) -> Answer {
    let public = app.public();
    public.send(public.request(Method::POST, path).basic_auth(name, Some(secret)).form(form)).await
}

const GRANT: [(&str, &str); 1] = [("grant_type", "client_credentials")];

#[tokio::test]
async fn junk_from_one_workstation_stops_nobody_else_at_the_address() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    app.account("newcomer", Role::Auditor).await;
    let secret = portal(&app).await;
    let login = attempt(&app, "officer", PASSWORD).await.expect_status(200);
    let junk: [&[(&str, &str)]; 5] = [
        &[("grant_type", "x")],
        &[("nothing", "x")],
        &[("grant_type", "refresh_token"), ("refresh_token", "junk")],
        &[("grant_type", "client_credentials")],
        &[("grant_type", "password"), ("username", "x")],
    ];
    let mut statuses = Vec::new();
    for n in 0..300 {
        statuses.push(app.public().form("/oauth/token", junk[n % junk.len()]).await.status);
        statuses.push(as_client(&app, "portal", "junk", "/oauth/introspect", &[("token", "x")]).await.status);
        app.public().form("/oauth/revoke", &[("token", "junk")]).await;
    }
    assert!(statuses.contains(&429), "the junk itself is limited");
    assert_eq!(attempt(&app, "newcomer", PASSWORD).await.status, 200, "a first sign-in");
    assert_eq!(attempt(&app, "officer", PASSWORD).await.status, 200);
    let next = refresh(&app, &login["refresh_token"]).await.expect_status(200);
    let token = as_client(&app, "portal", &secret, "/oauth/token", &GRANT).await.expect_status(200);
    let asked = [("token", token["access_token"].as_str().unwrap())];
    let told = as_client(&app, "portal", &secret, "/oauth/introspect", &asked).await.expect_status(200);
    assert_eq!(told["active"], true);
    let ended = [("token", next["refresh_token"].as_str().unwrap())];
    assert_eq!(app.public().form("/oauth/revoke", &ended).await.status, 200);
    assert_eq!(refresh(&app, &next["refresh_token"]).await.status, 429, "a login that is over is junk, too");
}

/// Accounts of so many people; their names.
async fn people(app: &TestApp, number: usize) -> Vec<String> {
    let hash = thuocdo::identity::passwords::hash(PASSWORD.to_owned()).await.unwrap();
    let names: Vec<String> = (0..number).map(|n| format!("person{n}")).collect();
    for name in &names {
        let (id, hash) = (app.clock.new_id(), hash.clone());
        app.system(async |tx| {
            use diesel::ExpressionMethods;
            use diesel_async::RunQueryDsl;
            use thuocdo::db::schema::accounts::dsl as t;
            diesel::insert_into(t::accounts)
                .values((
                    t::id.eq(id),
                    t::username.eq(name),
                    t::display_name.eq(name),
                    t::kind.eq("person"),
                    t::secret_hash.eq(&hash),
                    t::is_active.eq(true),
                    t::created_at.eq(tx.now),
                    t::updated_at.eq(tx.now),
                ))
                .execute(tx.conn())
                .await?;
            Ok(())
        })
        .await
        .unwrap();
    }
    names
}

#[tokio::test]
async fn many_first_sign_ins_at_once_are_no_attack() {
    let app = TestApp::spawn().await;
    let names = people(&app, 70).await;
    let all = futures::future::join_all(names.iter().map(|name| attempt(&app, name, PASSWORD))).await;
    let statuses: Vec<u16> = all.iter().map(|a| a.status).collect();
    assert!(!statuses.contains(&429), "{statuses:?}");
    // On a slow machine some are sent away with 503: too many passwords at once.
    assert!(statuses.iter().filter(|s| **s == 200).count() > 20, "{statuses:?}");
}

#[tokio::test]
async fn an_address_of_many_people_may_mistype_more_often_than_one_of_few() {
    let app = TestApp::spawn().await;
    app.account("newcomer", Role::Auditor).await;
    for name in people(&app, 20).await {
        attempt(&app, &name, PASSWORD).await.expect_status(200);
    }
    for n in 0..70 {
        assert_eq!(attempt(&app, &format!("mistyped{n}"), "wrong").await.status, 400, "{n}");
    }
    assert_eq!(attempt(&app, "newcomer", PASSWORD).await.status, 200, "a first sign-in");
    for name in ["one", "two"] {
        attempt(&app, name, "wrong").await;
    }
    assert_eq!(
        attempt(&app, "guessed", "wrong").await.problem(),
        "429 login.slowed",
        "and no more than that"
    );
}

#[tokio::test]
async fn the_right_password_from_a_known_place_passes_while_others_guess() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    let login = attempt(&app, "officer", PASSWORD).await.expect_status(200);
    for _ in 0..10 {
        assert_eq!(attempt(&app, "officer", "wrong").await.status, 400);
    }
    assert_eq!(attempt(&app, "officer", PASSWORD).await.status, 200, "ten wrong ones cost nothing here");
    for _ in 0..60 {
        attempt(&app, "officer", "wrong").await;
    }
    let slowed = attempt(&app, "officer", PASSWORD).await;
    assert_eq!(slowed.problem(), "429 login.slowed");
    let seconds: i64 = slowed.header("retry-after").parse().unwrap();
    assert!(seconds < 30, "{seconds}");
    // A refresh token of before, spent or not, shows that the device is known: no waiting at all.
    refresh(&app, &login["refresh_token"]).await.expect_status(200);
    let form = [
        ("grant_type", "password"),
        ("username", "officer"),
        ("password", PASSWORD),
        ("refresh_token", login["refresh_token"].as_str().unwrap()),
    ];
    assert_eq!(app.public().form("/oauth/token", &form).await.status, 200);
    app.clock.set(app.clock.now() + Duration::seconds(seconds));
    assert_eq!(attempt(&app, "officer", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_day_of_guessing_at_a_known_place_admits_no_more_guesses_than_it_did() {
    let app = TestApp::spawn().await;
    app.account("officer", Role::TrainingOfficer).await;
    attempt(&app, "officer", PASSWORD).await.expect_status(200);
    let end = app.clock.now() + Duration::days(1);
    let mut admitted = 0;
    while app.clock.now() < end {
        let answer = attempt(&app, "officer", "wrong").await;
        if answer.status == 429 {
            let seconds: i64 = answer.header("retry-after").parse().unwrap();
            assert!(admitted >= 40 || seconds < 30, "{admitted}: {seconds}");
            app.clock.set(app.clock.now() + Duration::seconds(seconds));
        } else {
            admitted += 1;
        }
    }
    assert!((40..=109).contains(&admitted), "{admitted}; it was 109");
}

#[tokio::test]
async fn a_refusal_does_not_show_whether_a_client_exists() {
    let app = TestApp::spawn().await;
    portal(&app).await;
    let known = as_client(&app, "portal", "wrong", "/oauth/token", &GRANT).await;
    let unknown = as_client(&app, "nobody", "wrong", "/oauth/token", &GRANT).await;
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    assert_eq!(known.header("www-authenticate"), unknown.header("www-authenticate"));
}

#[tokio::test]
async fn a_password_is_the_same_however_its_letters_are_typed_and_spaces_belong_to_it() {
    let app = TestApp::spawn().await;
    let admin = app.as_role(Role::SystemAdmin);
    let composed = " bốn con ngựa ăn cỏ xanh ";
    let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(composed).collect();
    assert_ne!(composed, decomposed);
    for (name, set, given) in
        [("thu.le", composed, &decomposed), ("le.thu", &*decomposed, &composed.to_owned())]
    {
        let body =
            json!({"username": name, "display_name": "Lê", "password": set, "roles": [{"role": "leader"}]});
        admin.post("/v1/accounts", body).await.expect_status(201);
        assert_eq!(attempt(&app, name, set).await.status, 200);
        let login = attempt(&app, name, given).await.expect_status(200);
        assert_eq!(attempt(&app, name, given.trim()).await.status, 400, "the spaces are part of it");
        let person = app.with_token(login["access_token"].as_str().unwrap());
        let change = json!({"current_password": given, "new_password": "năm con trâu lội qua sông "});
        person.post("/v1/me/change-password", change).await.expect_status(204);
        assert_eq!(attempt(&app, name, "năm con trâu lội qua sông ").await.status, 200);
        assert_eq!(attempt(&app, name, "năm con trâu lội qua sông").await.status, 400);
    }
    let short = json!({"username": "short", "display_name": "Lê", "password": "ế\u{302}".repeat(5),
        "roles": [{"role": "leader"}]});
    assert_eq!(admin.post("/v1/accounts", short).await.faults(), ["/password too_short"]);
}

#[tokio::test]
async fn names_that_look_the_same_are_refused() {
    let app = TestApp::spawn().await;
    let admin = app.as_role(Role::SystemAdmin);
    let open = async |name: &str| {
        let body = json!({"username": name, "display_name": "Lê", "password": PASSWORD, "roles": [{"role": "leader"}]});
        admin.post("/v1/accounts", body).await
    };
    for reserved in ["public", "SYSTEM", "ｐｕｂｌｉｃ", "database:postgres", "Database：x", "sýstem"]
    {
        assert_eq!(open(reserved).await.faults(), ["/username name_reserved"], "{reserved}");
    }
    for invisible in ["thu\u{200b}le", "thu\u{202e}le", "thu le", "thu\u{ad}le", "thu\u{3164}le"] {
        assert_eq!(open(invisible).await.faults(), ["/username invisible_character"], "{invisible:?}");
    }
    portal(&app).await;
    assert_eq!(open("PORTAL").await.problem(), "409 account.username_taken");
    let client = json!({"client_id": "system", "display_name": "S", "roles": [{"role": "hr_portal"}]});
    assert_eq!(admin.post("/v1/clients", client).await.faults(), ["/client_id name_reserved"]);
    open("lê.thu").await.expect_status(201);
    assert_eq!(open("LE\u{302}.thu").await.problem(), "409 account.username_taken");
    assert_eq!(attempt(&app, "le\u{302}.THU ", PASSWORD).await.status, 200);
}
