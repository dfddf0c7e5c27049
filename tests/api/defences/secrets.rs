//! Secrets never reach the log, whatever its filter, and no type that holds one can be printed.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::db::{migrate, schema};

use crate::support::database::TestDb;

const PASSWORD: &str = "một mật khẩu rất bí mật";
const WRONG: &str = "sai-mat-khau-4711";

fn thuocdo(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thuocdo"));
    command.env_clear().current_dir("/").env("DATABASE_URL", url);
    command.env("THUOCDO_LOG", "trace,tokio_postgres::query=trace,diesel_async=trace");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A running service and everything it says.
struct Service {
    process: Child,
    lines: mpsc::Receiver<String>,
    said: String,
}

impl Service {
    fn start(url: &str) -> (Self, String) {
        let mut process = thuocdo(url).args(["serve", "--listen", "127.0.0.1:0"]).spawn().unwrap();
        let (send, lines) = mpsc::channel();
        let log = BufReader::new(process.stderr.take().unwrap());
        std::thread::spawn(move || log.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let mut service = Self { process, lines, said: String::new() };
        loop {
            let line = service.lines.recv().expect("the service answers");
            service.said.push_str(&line);
            if let Some(rest) = line.split("answers at ").nth(1) {
                let address = rest.split_whitespace().next().unwrap().to_owned();
                return (service, address);
            }
        }
    }

    /// Stop it; all it ever said.
    fn stop(mut self) -> String {
        let stopped = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(stopped.unwrap().success() && self.process.wait().unwrap().success());
        self.lines.iter().for_each(|line| self.said.push_str(&format!("\n{line}")));
        self.said
    }
}

/// Sign in well and badly, as a person and as a machine, and call. Returns the tokens and secrets that came out.
async fn sign_in_and_call(url: &str) -> Vec<String> {
    let http = reqwest::Client::new();
    let form = async |path: &str, pairs: &[(&str, &str)]| {
        let answer = http.post(format!("{url}{path}")).form(pairs).send().await.unwrap();
        answer.json::<Value>().await.unwrap_or_default()
    };
    let text = |answer: &Value, name: &str| answer[name].as_str().map(str::to_owned);
    let login = async |password: &str| {
        let pairs = [("grant_type", "password"), ("username", "an.nguyen"), ("password", password)];
        form("/oauth/token", &pairs).await
    };
    assert_eq!(text(&login(WRONG).await, "access_token"), None);
    let first = login(PASSWORD).await;
    let person = text(&first, "access_token").expect("a token");
    let refresh = text(&first, "refresh_token").expect("a refresh token");
    // Well, again (which ends the login), and as an object to ask about and to revoke.
    let pairs = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let second = form("/oauth/token", &pairs).await;
    assert!(second["access_token"].is_string() && form("/oauth/token", &pairs).await["error"].is_string());
    let next = text(&second, "refresh_token").expect("the next refresh token");
    form("/oauth/introspect", &[("token", next.as_str())]).await;
    form("/oauth/revoke", &[("token", next.as_str())]).await;
    let person = text(&login(PASSWORD).await, "access_token").unwrap_or(person);
    let forged = format!("{person}x");
    for (bearer, status) in [(&person, 200), (&forged, 401)] {
        let answer = http.get(format!("{url}/v1/me")).bearer_auth(bearer).send().await.unwrap();
        assert_eq!(answer.status(), status);
    }
    let client = json!({"client_id": "portal", "display_name": "Portal", "roles": [{"role": "hr_portal"}]});
    let made =
        http.post(format!("{url}/v1/clients")).bearer_auth(&person).json(&client).send().await.unwrap();
    let secret = made.json::<Value>().await.unwrap()["client_secret"].as_str().expect("a secret").to_owned();
    let account =
        json!({"username": "b", "display_name": "B", "password": PASSWORD, "roles": [], "unknown": WRONG});
    let refused = http.post(format!("{url}/v1/accounts")).bearer_auth(&person).json(&account).send().await;
    assert_eq!(refused.unwrap().status(), 422);
    let mut out =
        vec![person, forged, refresh, next, secret.clone(), STANDARD.encode(format!("portal:{secret}"))];
    for (password, good) in [(secret.as_str(), true), (WRONG, false)] {
        let request = http.post(format!("{url}/oauth/token")).basic_auth("portal", Some(password));
        let answer = request.form(&[("grant_type", "client_credentials")]).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["access_token"].is_string(), good);
        out.extend(answer["access_token"].as_str().map(str::to_owned));
    }
    // Where nothing reads it: a query, a path.
    for path in [format!("/v1/units?q={WRONG}"), format!("/v1/units/{WRONG}"), format!("/{WRONG}")] {
        http.get(format!("{url}{path}")).bearer_auth(&out[0]).send().await.unwrap();
    }
    out
}

/// What the database keeps and nobody may read: hashes, and the signing key in every form a log could have.
async fn kept(url: &str) -> Vec<String> {
    let mut connection = migrate::open(url).await.unwrap();
    let hashes: Vec<String> =
        schema::accounts::table.select(schema::accounts::secret_hash).load(&mut connection).await.unwrap();
    let key: Vec<u8> = schema::signing_keys::table
        .select(schema::signing_keys::private_pkcs8)
        .first(&mut connection)
        .await
        .unwrap();
    // The private half: the last bytes of a PKCS#8 seed stand after its fixed head.
    let seed = &key[16..32];
    let hex = base16ct::lower::encode_string(seed);
    let numbers = format!("{seed:?}").trim_matches(['[', ']']).to_owned();
    let encoded = [STANDARD.encode(&key), URL_SAFE_NO_PAD.encode(&key)].map(|t| t[24..40].to_owned());
    hashes.into_iter().chain([hex.clone(), hex.to_uppercase(), numbers]).chain(encoded).collect()
}

#[test]
fn no_secret_reaches_the_log() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let db = runtime.block_on(TestDb::new());
    let mut create = thuocdo(&db.url)
        .args(["account", "create", "An.Nguyen", "--role", "system_admin"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    create.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    let created = create.wait_with_output().unwrap();
    assert!(created.status.success());
    let client = thuocdo(&db.url).args(["client", "create", "cli", "--role", "hr_portal"]).output().unwrap();
    let shown = String::from_utf8(client.stdout).unwrap();
    let shown = shown.split("client_secret: ").nth(1).expect("shown once").trim().to_owned();

    let (service, url) = Service::start(&db.url);
    let mut secrets = runtime.block_on(sign_in_and_call(&url));
    let log = [created.stdout, created.stderr, client.stderr].concat();
    let log = format!("{}\n{}", String::from_utf8_lossy(&log), service.stop());
    secrets.extend([PASSWORD, WRONG].map(str::to_owned));
    secrets.push(shown);
    secrets.extend(runtime.block_on(kept(&db.url)));
    let (_, signature) = secrets[0].rsplit_once('.').unwrap();
    secrets.push(signature.to_owned());
    if let Some((_, password)) = db.url.split_once('@').and_then(|(user, _)| user.rsplit_once(':')) {
        secrets.push(password.to_owned());
    }
    assert!(log.contains("\"answered\"") && log.contains("/oauth/token"), "it does log: {log}");
    for secret in secrets {
        assert!(secret.len() >= 8, "{secret} is too short to be looked for");
        let place = log.find(&secret).map(|at| log[..at].rsplit('\n').next().unwrap_or_default().to_owned());
        assert_eq!(place, None, "{secret} is in the log");
    }
}

/// Members that hold secrets: a type with one of them must not derive `Debug`.
const SECRET: [&str; 15] = [
    "password",
    "current_password",
    "new_password",
    "secret",
    "client_secret",
    "secret_hash",
    "token",
    "access_token",
    "refresh_token",
    "reset_token",
    "assertion",
    "client_assertion",
    "pkcs8",
    "private_pkcs8",
    "database_url",
];

fn printable_secrets(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut derives = String::new();
    let mut owner = String::new();
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[derive(") {
            derives = line.to_owned();
        } else if line.contains("enum ") && !line.starts_with("//") {
            derives.clear();
        } else if let Some(rest) = line.split("struct ").nth(1).filter(|_| !line.starts_with("//")) {
            owner = rest.split([' ', '<', '(', '{', ';']).next().unwrap_or_default().to_owned();
            if !derives.contains("Debug") {
                owner.clear();
            }
            derives.clear();
        } else if line == "}" {
            owner.clear();
        } else if let Some((name, _)) =
            line.trim_start_matches("pub ").split_once(": ").filter(|_| !owner.is_empty())
            && SECRET.contains(&name.trim_start_matches("r#"))
        {
            found.push(format!("{owner}.{name}"));
        }
    }
    found
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|e| e.path());
    entries
        .flat_map(|p| if p.is_dir() { sources(&p) } else { vec![p] })
        .filter(|p| p.extension().is_some_and(|e| e == "rs"))
        .collect()
}

#[test]
fn no_type_that_holds_a_secret_can_be_printed() {
    let bad = "#[derive(Debug, Clone)]\npub struct A {\n    /// Words.\n    pub password: String,\n}";
    assert_eq!(printable_secrets(bad), ["A.password"]);
    assert_eq!(printable_secrets(&bad.replace("Debug, ", "")), [""; 0]);
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let found: Vec<String> =
        sources(&src).iter().flat_map(|p| printable_secrets(&std::fs::read_to_string(p).unwrap())).collect();
    assert!(found.is_empty(), "{found:#?}");
}
