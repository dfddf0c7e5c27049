use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

use crate::support::database::TestDb;

fn thuocdo(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thuocdo"));
    // Nothing of the developer's own environment or `.env` reaches the test.
    command.env_clear().current_dir("/").env("DATABASE_URL", url);
    command
}

fn words(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn doctor_says_what_is_wrong() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let empty = runtime.block_on(TestDb::empty());
    let before = thuocdo(&empty.url).arg("doctor").output().unwrap();
    assert!(!before.status.success());
    assert!(words(&before).contains("thuocdo migrate"), "{}", words(&before));

    let migrated = thuocdo(&empty.url).arg("migrate").output().unwrap();
    assert!(migrated.status.success(), "{}", words(&migrated));
    let after = thuocdo(&empty.url).arg("doctor").output().unwrap();
    assert!(after.status.success(), "{}", words(&after));

    let file = std::env::temp_dir().join(format!("answers-{}", std::process::id()));
    std::fs::write(&file, "too short\n").unwrap();
    let short = thuocdo(&empty.url).arg("doctor").env("THUOCDO_ANSWER_SECRETS_FILE", &file).output().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(!short.status.success() && words(&short).contains("at least 32 characters"), "{}", words(&short));

    let nowhere = thuocdo("postgres://nobody@127.0.0.1:1/none").arg("doctor").output().unwrap();
    assert!(!nowhere.status.success());
    assert!(words(&nowhere).contains("WRONG connection"), "{}", words(&nowhere));
}

#[test]
fn help_explains_every_setting_with_its_default() {
    let help = words(&thuocdo("").args(["serve", "--help"]).output().unwrap());
    for word in ["THUOCDO_LISTEN", "127.0.0.1:8080", "THUOCDO_DATA_DIR", "DATABASE_URL", "THUOCDO_LOG_FORMAT"]
    {
        assert!(help.contains(word), "{word} is not in {help}");
    }
}

#[test]
fn an_account_made_on_the_command_line_signs_in_and_the_service_stops_on_a_signal() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let db = runtime.block_on(TestDb::new());
    let mut create = thuocdo(&db.url)
        .args(["account", "create", "An.Nguyen", "--role", "training_officer"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    create.stdin.take().unwrap().write_all("một mật khẩu đủ dài\n".as_bytes()).unwrap();
    let created = create.wait_with_output().unwrap();
    assert!(created.status.success(), "{}", words(&created));
    let short =
        thuocdo(&db.url).args(["account", "create", "b", "--role", "leader"]).stdin(Stdio::null()).output();
    assert!(words(&short.unwrap()).contains("12 characters"));

    let mut service = thuocdo(&db.url)
        .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(service.stderr.take().unwrap());
    let mut line = String::new();
    let url = loop {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the service ended before it answered");
        if let Some(rest) = line.split("answers at ").nth(1) {
            break rest.split_whitespace().next().unwrap().to_owned();
        }
    };
    let form = [("grant_type", "password"), ("username", "an.nguyen"), ("password", "một mật khẩu đủ dài")];
    let token = runtime.block_on(async {
        reqwest::Client::new().post(format!("{url}/oauth/token")).form(&form).send().await.unwrap().status()
    });
    assert_eq!(token, 200);
    let health = thuocdo("").args(["doctor", "--health", &format!("{url}/health/ready")]).output().unwrap();
    assert!(health.status.success(), "{}", words(&health));

    let stop = Command::new("kill").args(["-TERM", &service.id().to_string()]).status().unwrap();
    assert!(stop.success());
    assert!(service.wait().unwrap().success(), "a stopped service ends well");
}
