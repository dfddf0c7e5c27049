use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::{Value, json};

use crate::support::database::TestDb;

const PASSWORD: &str = "mật khẩu rất bí mật";
const NAME: &str = "Huỳnh Thị Ngọc Khuê";
const EMAIL: &str = "khue.huynh@moit.gov.vn";
const NUMBER: &str = "001199012345";

fn thuocdo(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thuocdo"));
    command.env_clear().current_dir("/").env("DATABASE_URL", url);
    command
}

/// A running service, and what its log has said so far.
struct Service {
    child: Child,
    log: BufReader<ChildStderr>,
    said: String,
    url: String,
}

impl Service {
    fn start(database: &str, filter: &str) -> Self {
        let mut child = thuocdo(database)
            .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--log", filter])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let url = loop {
            let start = said.len();
            assert!(log.read_line(&mut said).unwrap() > 0, "the service ended before it answered");
            if let Some(rest) = said[start..].split("answers at ").nth(1) {
                break rest.split_whitespace().next().unwrap().to_owned();
            }
        };
        Self { child, log, said, url }
    }

    /// Everything that it said, to its end.
    fn stop(mut self) -> String {
        let stop = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        // First: with a full pipe it would wait for a reader.
        self.log.read_to_string(&mut self.said).unwrap();
        assert!(stop.success() && self.child.wait().unwrap().success());
        self.said
    }
}

/// A caller who does what people do, and what goes wrong for them.
struct Caller {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Caller {
    async fn sign_in(url: &str, password: &str) -> (u16, Value) {
        let form = [("grant_type", "password"), ("username", "quan.tri.kho"), ("password", password)];
        let answer =
            reqwest::Client::new().post(format!("{url}/oauth/token")).form(&form).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn get(&self, path: &str) -> u16 {
        let request = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.token);
        request.send().await.unwrap().status().as_u16()
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.token).json(body);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

async fn work(url: &str) -> String {
    let wrong = Caller::sign_in(url, &format!("{PASSWORD}!")).await;
    assert_eq!(wrong.0, 400);
    let (status, answer) = Caller::sign_in(url, PASSWORD).await;
    assert_eq!(status, 200);
    let token = answer["access_token"].as_str().unwrap().to_owned();
    let caller = Caller { http: reqwest::Client::new(), url: url.to_owned(), token: token.clone() };
    let id = |answer: (u16, Value)| {
        assert_eq!(answer.0, 201, "{:#}", answer.1);
        answer.1["id"].clone()
    };
    let unit = json!({"code": "VP", "name": "Văn phòng", "kind": "department"});
    let unit = id(caller.post("/v1/units", &unit).await);
    let position =
        json!({"code": "CV", "name": "Chuyên viên", "position_group": "cv", "is_leadership": false});
    let position = id(caller.post("/v1/job-positions", &position).await);
    let person = json!({"code": "NV-KHUE", "full_name": NAME, "email": EMAIL, "phone": "0912 345 678",
        "unit_id": unit, "job_position_id": position, "category": "civil_servant", "status": "active",
        "birth_date": "1999-05-19", "joined_on": "2021-09-01", "personal_number": NUMBER});
    let employee = id(caller.post("/v1/employees", &person).await);
    let employee = employee.as_str().unwrap();
    // The same again, and with values that nobody can read.
    assert_eq!(caller.post("/v1/employees", &person).await.0, 409);
    let mut unreadable = person.clone();
    unreadable["birth_date"] = json!(NAME);
    unreadable["joined_on"] = json!("-5000-01-01");
    assert_eq!(caller.post("/v1/employees", &unreadable).await.0, 422);
    for (path, status) in [
        (format!("/v1/employees?q={NAME}"), 200),
        (format!("/v1/employees?q={EMAIL}&cursor=x"), 400),
        (format!("/v1/employees/{employee}"), 200),
        (format!("/v1/employees/{employee}/identity?purpose=verification"), 200),
        (format!("/v1/employees/{NAME}"), 404),
        (format!("/v1/nothing/{EMAIL}"), 404),
        (format!("/v1/employees?name={NAME}"), 422),
    ] {
        assert_eq!(caller.get(&path).await, status, "{path}");
    }
    token
}

#[test]
fn logs_hold_no_name_address_number_password_or_token() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let db = runtime.block_on(TestDb::new());
    let mut create = thuocdo(&db.url)
        .args(["account", "create", "quan.tri.kho", "--role", "hr_portal"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    create.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
    assert!(create.wait().unwrap().success());

    let service = Service::start(&db.url, "info,thuocdo=trace");
    let token = runtime.block_on(work(&service.url));
    let said = service.stop();

    for route in ["/v1/employees/{id}/identity", "/oauth/token"] {
        assert!(said.contains(route), "requests are logged by their route: {said}");
    }
    let encoded = form_urlencoded::byte_serialize(NAME.as_bytes()).collect::<String>();
    let percent = encoded.replace('+', "%20");
    let signature = token.rsplit('.').next().unwrap();
    for secret in [
        NAME,
        EMAIL,
        NUMBER,
        "0912 345 678",
        "+84912345678",
        "NV-KHUE",
        "1999-05-19",
        PASSWORD,
        "quan.tri.kho",
        signature,
        "Bearer",
        encoded.as_str(),
        percent.as_str(),
        "khue",
    ] {
        assert!(!said.to_lowercase().contains(&secret.to_lowercase()), "{secret} in the log:\n{said}");
    }
}

/// Lines are written by a thread, some milliseconds later: the end of the service waits for it.
#[test]
fn each_answer_has_a_line_and_none_is_lost_when_the_service_stops() {
    const ASKED: usize = 100;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let db = runtime.block_on(TestDb::new());
    let service = Service::start(&db.url, "info");
    runtime.block_on(async {
        let (http, url) = (reqwest::Client::new(), format!("{}/health/live", service.url));
        for n in 0..ASKED {
            let request = http.get(&url).header("X-Request-Id", format!("call-{n}"));
            assert_eq!(request.send().await.unwrap().status(), 200);
        }
    });
    let said = service.stop();
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let answered: Vec<&Value> = lines.iter().filter(|line| line["message"] == "answered").collect();
    assert_eq!(answered.len(), ASKED);
    for (n, line) in answered.iter().enumerate() {
        assert_eq!((&line["route"], &line["status"]), (&json!("/health/live"), &json!(200)));
        assert_eq!(line["span"]["callers_id"], json!(format!("call-{n}")));
        assert!(line["ms"].is_u64() && line["span"]["id"].is_string() && line["span"]["method"] == "GET");
    }
    assert!(said.contains("stopping: running requests may finish"));
}
