//! A stock OAuth client library of another language, against the program as it is shipped (`tests/clients/oauth.py`).

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::support::app::PASSWORD;
use crate::support::database::TestDb;

const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients");

/// Python with the library, in a folder of its own below `target/`; in words, why there is none.
fn python() -> Result<PathBuf, String> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-clients");
    let python = home.join("bin/python");
    let done = home.join("installed");
    let requirements = format!("{CLIENTS}/requirements.txt");
    let wanted = std::fs::read_to_string(&requirements).expect("requirements");
    if std::fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&home), "python3 -m venv")?;
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r", &requirements]), "pip install")?;
    std::fs::write(done, wanted).expect("a mark");
    Ok(python)
}

fn run(command: &mut Command, what: &str) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{what}: {}", String::from_utf8_lossy(&output.stderr))),
        Err(error) => Err(format!("{what}: {error}")),
    }
}

fn thuocdo(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thuocdo"));
    command.env_clear().current_dir("/").env("DATABASE_URL", url);
    command
}

/// The running program, ended with the test.
struct Service(Child, String);

impl Service {
    fn start(database_url: &str) -> Self {
        let free =
            std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let mut child = thuocdo(database_url)
            .args(["serve", "--listen", &free.to_string()])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the service");
        let mut log = BufReader::new(child.stderr.take().expect("its log"));
        let mut line = String::new();
        while !line.contains("answers at") {
            line.clear();
            assert!(log.read_line(&mut line).expect("a line") > 0, "the service ended before it answered");
        }
        // Read on, or a full pipe would stop the service.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self(child, format!("http://{free}"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "only CI must have Python")]
fn a_stock_library_gets_refreshes_and_revokes_tokens_with_every_grant() {
    let python = match python() {
        Ok(python) => python,
        Err(why) => {
            assert!(std::env::var("CI").is_err(), "CI has Python and its registry: {why}");
            eprintln!("NOT TRIED: the stock OAuth client needs Python 3 with venv and its registry ({why})");
            return;
        }
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let db = runtime.block_on(TestDb::new());
    let mut create = thuocdo(&db.url)
        .args(["account", "create", "admin", "--role", "system_admin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("a process");
    create.stdin.take().expect("its input").write_all(PASSWORD.as_bytes()).expect("a password");
    assert!(create.wait().expect("an account").success());
    let service = Service::start(&db.url);
    let output = Command::new(python)
        .arg(format!("{CLIENTS}/oauth.py"))
        .args([&service.1, "admin", PASSWORD])
        .output()
        .expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
