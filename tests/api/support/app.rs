use std::net::TcpListener;
use std::sync::{Arc, LazyLock};

use actix_web::dev::ServerHandle;
use chrono::NaiveDate;
use serde_json::Value;
use thuocdo::access::{Actor, Role};
use thuocdo::clock::Clock;
use thuocdo::db::{Db, Tx};
use thuocdo::error::Result;
use thuocdo::http::{Defences, Gate};
use thuocdo::i18n::Locale;
use thuocdo::identity::accounts;
use thuocdo::tokens::Keys;
use uuid::Uuid;

use super::client::Client;
use super::database::TestDb;

/// Issuer of the tests' tokens.
pub const ISSUER: &str = "http://thuocdo.test";
/// A Monday morning in Hanoi: when every test starts.
const START: &str = "2026-03-02T01:00:00Z";

/// The committed shape of the API, as the code has it.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(thuocdo::app::document);
/// The private key of the tests' tokens.
pub static KEY: LazyLock<Vec<u8>> = LazyLock::new(|| Keys::generate_pkcs8().expect("a key"));

/// Password of the accounts that tests make.
pub const PASSWORD: &str = "bốn con ngựa ăn cỏ xanh";

/// Limits that a walk over all operations does not reach.
pub fn patient() -> Defences {
    Defences { rate_factor: 1000.0, ..Defences::default() }
}

/// A service of a test's own: database, clock, socket.
pub struct TestApp {
    pub clock: Clock,
    pub gate: Gate,
    pub url: String,
    pub database_url: String,
    keys: Keys,
    handle: ServerHandle,
    // Last: dropped after everything that uses it.
    db: Arc<TestDb>,
}

impl TestApp {
    pub async fn spawn() -> Self {
        Self::spawn_with(Defences::default()).await
    }

    pub async fn spawn_with(defences: Defences) -> Self {
        let db = TestDb::new().await;
        let url = db.url.clone();
        Self::start(Arc::new(db), &url, Clock::fixed(START.parse().expect("a moment")), defences)
    }

    /// A service that reaches a database by another address: as another role.
    pub fn on(db: TestDb, url: &str) -> Self {
        let clock = Clock::fixed(START.parse().expect("a moment"));
        Self::start(Arc::new(db), url, clock, Defences::default())
    }

    /// Another replica of the same service: same database, same clock, memory of its own.
    pub fn replica(&self, defences: Defences) -> Self {
        Self::start(self.db.clone(), &self.database_url, self.clock.clone(), defences)
    }

    /// Another replica that reaches the database by another way.
    pub fn replica_by(&self, url: &str, defences: Defences) -> Self {
        Self::start(self.db.clone(), url, self.clock.clone(), defences)
    }

    fn start(db: Arc<TestDb>, url: &str, clock: Clock, defences: Defences) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let keys = Keys::new(&KEY, ISSUER).expect("keys");
        let pool = Db::new(url, 8).expect("a pool");
        let gate = Gate::new(pool, keys.clone(), clock.clone(), Locale::En).with_defences(defences);
        let database_url = url.to_owned();
        let (url, handle) = serve(&gate, &clock);
        Self { clock, gate, url, database_url, keys, handle, db }
    }

    /// Someone without a token.
    pub fn public(&self) -> Client {
        Client::new(&self.url, None)
    }

    /// Someone with a token of one's own making.
    pub fn with_token(&self, token: &str) -> Client {
        Client::new(&self.url, Some(token.to_owned()))
    }

    /// A caller with a role that reaches everything or nothing in particular. It has no account, so its
    /// token cannot be revoked; tests about accounts sign in properly.
    pub fn as_role(&self, role: Role) -> Client {
        self.as_actor(|actor| actor.roles = vec![role])
    }

    /// Another account with that role than [`TestApp::as_role`]'s.
    pub fn as_another(&self, role: Role) -> Client {
        let id = self.clock.new_id();
        self.as_actor(|actor| (actor.id, actor.roles) = (id, vec![role]))
    }

    /// The head of a unit (who is also an employee, if one is given).
    pub fn as_head(&self, unit: Uuid, employee: Option<Uuid>) -> Client {
        self.as_actor(|actor| {
            actor.roles = vec![Role::UnitHead, Role::Employee];
            actor.unit_ids = vec![unit];
            actor.employee_id = employee;
        })
    }

    /// An employee.
    pub fn as_employee(&self, employee: Uuid) -> Client {
        self.as_actor(|actor| {
            actor.roles = vec![Role::Employee];
            actor.employee_id = Some(employee);
        })
    }

    /// The staff of an institute.
    pub fn as_institute(&self, institute: Uuid) -> Client {
        self.as_actor(|actor| {
            actor.roles = vec![Role::Institute];
            actor.institute_id = Some(institute);
        })
    }

    /// Someone with a good token and no role.
    pub fn as_nobody(&self) -> Client {
        self.as_actor(|_| {})
    }

    /// Someone with a token of this shape, without an account.
    pub fn as_actor(&self, shape: impl FnOnce(&mut Actor)) -> Client {
        let mut actor = Actor::system();
        actor.name = "test".to_owned();
        actor.token_id = self.clock.new_id();
        shape(&mut actor);
        // Without an account there is no epoch to check: a nil account is the service's own.
        let token = self.keys.sign(&actor, self.clock.now()).expect("a token");
        self.with_token(&token)
    }

    /// Sign in with a name and password through the token endpoint.
    pub async fn sign_in(&self, username: &str, password: &str) -> Client {
        let answer = self
            .public()
            .form(
                "/oauth/token",
                &[("grant_type", "password"), ("username", username), ("password", password)],
            )
            .await;
        assert_eq!(answer.status, 200, "{username} signs in: {}", answer.body);
        self.with_token(answer.body["access_token"].as_str().expect("a token"))
    }

    /// An account made by the service itself, as the command line does.
    pub async fn account(&self, username: &str, role: Role) -> Uuid {
        let draft = accounts::Draft {
            username: username.to_owned(),
            display_name: username.to_owned(),
            kind: accounts::Kind::Person,
            proof: accounts::Proof::Secret(PASSWORD.to_owned()),
            employee_id: None,
            employee_code: None,
            institute_id: None,
            roles: vec![accounts::RoleDraft { role, unit_id: None }],
        };
        self.system(async |tx| accounts::create(tx, draft).await).await.expect("an account").0.id
    }

    /// A unit of work of the service itself: for what a test must look at behind the API.
    pub async fn system<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.gate.system("test", work).await
    }

    /// Move the clock to nine o'clock of a day in Hanoi. Tokens made before may have ended.
    pub fn travel_to(&self, day: NaiveDate) {
        let nine = day.and_hms_opt(2, 0, 0).expect("a time").and_utc();
        self.clock.set(nine);
    }

    /// Kinds of the events written so far, in order.
    pub async fn outbox(&self) -> Vec<String> {
        use diesel::prelude::*;
        use diesel_async::RunQueryDsl;
        use thuocdo::db::schema::outbox::dsl;
        self.system(async |tx| Ok(dsl::outbox.order(dsl::id).select(dsl::kind).load(tx.conn()).await?))
            .await
            .expect("events")
    }
}

/// A server on a port of its own.
pub fn serve(gate: &Gate, clock: &Clock) -> (String, ServerHandle) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = thuocdo::app::server(gate.clone(), clock.clone(), listener, 1, None).expect("a server");
    let handle = server.handle();
    tokio::spawn(server);
    (url, handle)
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}
