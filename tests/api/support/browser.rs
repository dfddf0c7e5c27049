//! A real browser, driven over WebDriver: Chromium, where it is installed.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// Set (to anything) to have the test; then Chromium and its driver must be there.
const ASKED_FOR: &str = "THUOCDO_BROWSER_TEST";

/// Without these it would not start as root, or would call home.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,900",
];

/// A browser of a test's own; it is closed when dropped.
pub struct Browser {
    driver: Child,
    session: String,
    http: reqwest::Client,
    _profile: Profile,
}

/// A new folder for the browser's data.
struct Profile(std::path::PathBuf);

impl Drop for Profile {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Browser {
    /// A browser, or `None` (said aloud) where none was asked for: a walk through the page takes minutes.
    pub async fn start() -> Option<Self> {
        if std::env::var_os(ASKED_FOR).is_none() {
            // Not captured by the test harness, as `eprintln` would be.
            let words = format!("\nSKIPPED: the browser test runs where {ASKED_FOR} is set\n");
            let _ = std::io::stderr().write_all(words.as_bytes());
            return None;
        }
        let mut driver = Command::new("chromedriver")
            .args(["--port=0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver: install chromium and chromium-driver");
        let mut lines = BufReader::new(driver.stdout.take().expect("its words")).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse::<u16>().ok()
            })
            .expect("chromedriver names its port");
        std::thread::spawn(move || lines.for_each(drop));
        let profile = Profile(std::env::temp_dir().join(format!("thuocdo-browser-{}", driver.id())));
        let mut flags: Vec<String> = FLAGS.map(str::to_owned).to_vec();
        flags.push(format!("--user-data-dir={}", profile.0.display()));
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": {"args": flags}
        }}});
        let http = reqwest::Client::builder().timeout(Duration::from_secs(120)).build().expect("a client");
        let base = format!("http://127.0.0.1:{port}/session");
        let answer = http.post(&base).json(&wanted).send().await.expect("a browser");
        let answer: Value = answer.json().await.expect("JSON");
        let id = answer["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {answer}"));
        let session = format!("{base}/{id}");
        let browser = Self { driver, session, http, _profile: profile };
        browser.ask("/timeouts", json!({"script": 60_000, "pageLoad": 60_000})).await;
        Some(browser)
    }

    async fn ask(&self, path: &str, body: Value) -> Value {
        let answer = self.http.post(format!("{}{path}", self.session)).json(&body).send().await;
        let answer: Value = answer.expect("the browser answers").json().await.expect("JSON");
        assert!(answer["value"]["error"].is_null(), "{path}: {answer}");
        answer["value"].clone()
    }

    /// Open a page.
    pub async fn open(&self, url: &str) {
        self.ask("/url", json!({"url": url})).await;
    }

    /// Run a function body in the page; `await` works in it.
    pub async fn run(&self, body: &str, arguments: Value) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1]; const given = arguments[0];
             (async () => {{ {body} }})().then(done, (error) => done({{ failed: String(error) }}));"
        );
        let value = self.ask("/execute/async", json!({"script": script, "args": [arguments]})).await;
        assert!(value["failed"].is_null(), "{value}");
        value
    }

    async fn element(&self, css: &str) -> String {
        let found = self.ask("/element", json!({"using": "css selector", "value": css})).await;
        found
            .as_object()
            .and_then(|o| o.values().next())
            .and_then(Value::as_str)
            .expect("an element")
            .to_owned()
    }

    /// Click what a person sees; fails where it is covered or out of reach.
    pub async fn click(&self, css: &str) {
        let element = self.element(css).await;
        self.ask(&format!("/element/{element}/click"), json!({})).await;
    }

    /// Type as a person does; `\u{E007}` is Enter.
    pub async fn type_into(&self, css: &str, text: &str) {
        let element = self.element(css).await;
        self.ask(&format!("/element/{element}/value"), json!({"text": text})).await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends its browser when it is asked to; killed, it would leave it behind.
        let session = self.session.clone();
        let ended = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let _ = reqwest::Client::new().delete(session).timeout(Duration::from_secs(10)).send().await;
            });
        });
        let _ = ended.join();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
