//! A replica that is a process of its own, so that its memory can be measured.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::TestApp;
use super::app::{ISSUER, KEY};
use super::client::Client;

/// A running service; it ends with the test.
pub struct Process {
    child: Child,
    pub url: String,
    key_file: std::path::PathBuf,
}

impl Process {
    /// Another replica of a test's service. Its clock is the machine's, so tokens for it are made now.
    #[expect(clippy::disallowed_methods, reason = "the other process tells the machine's time")]
    pub fn beside(app: &TestApp, settings: &[&str]) -> Self {
        app.clock.set(chrono::Utc::now());
        let key_file = std::env::temp_dir().join(format!("thuocdo-key-{}.pem", app.clock.new_id()));
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(KEY.as_slice())
        );
        std::fs::write(&key_file, pem).expect("a file");
        let mut child = Command::new(env!("CARGO_BIN_EXE_thuocdo"))
            .env_clear()
            .current_dir("/")
            .env("DATABASE_URL", &app.database_url)
            .args(["serve", "--listen", "127.0.0.1:0", "--workers", "1", "--log-format", "json"])
            .args(["--public-url", ISSUER, "--no-worker", "--signing-key-file"])
            .arg(&key_file)
            .args(settings)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the service");
        let mut log = BufReader::new(child.stderr.take().expect("its log"));
        let mut line = String::new();
        let url = loop {
            line.clear();
            assert!(log.read_line(&mut line).expect("a line") > 0, "the service ended before it answered");
            if let Some(rest) = line.split("answers at ").nth(1) {
                break rest.split_whitespace().next().expect("an address").to_owned();
            }
        };
        // Nobody reads on: a full pipe would stop it.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { child, url, key_file }
    }

    /// The same person, asking this process.
    pub fn client(&self, who: &Client) -> Client {
        who.at(&self.url)
    }

    /// Most memory that it held since [`Process::resident_kib`] was asked for, KiB.
    pub fn peak_kib(&self) -> u64 {
        self.memory("VmHWM")
    }

    /// Memory that it holds now, KiB. The peak is measured from here on: what was needed to start is given back.
    pub fn resident_kib(&self) -> u64 {
        // Where the system does not allow it, the peak includes the start and the tests are stricter.
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
        self.memory("VmRSS")
    }

    fn memory(&self, of: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find(|l| l.starts_with(of)).expect("its memory");
        line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a number")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.key_file);
    }
}
