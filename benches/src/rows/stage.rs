//! The data, the service on it, and the bare server with the statements that the service sends.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;
use thuocdo::text;
use tokio::process::Command;
use tokio_postgres::Client;

use super::compare::{plain_requests, target};
use super::{Bench, say};
use crate::data::{Size, UNITS_BELOW_MINISTRY, provide};
use crate::load::{Connection, Target};
use crate::machine::{Account, Program, Service, free_address};
use crate::sql::{Recorder, Recording, Recordings, TIMES};

/// Log of the service in measurements: as delivered.
pub const LOG: &str = "info,actix_server=warn";
/// Employees that are read by id, in turn.
const IDS: i64 = 10_000;
/// Lists and searches that are asked for, in turn.
const PLACES: usize = 8;

/// A bare server that runs.
pub struct Bare {
    program: Program,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Bare {
    /// Its process id.
    pub fn process(&self) -> anyhow::Result<u32> {
        self.program.process()
    }

    /// Start a server of ours that takes an address and one more argument.
    pub async fn start(bench: &Bench, name: &str, argument: &str) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(bench.built.program(name));
        command.env_clear().current_dir(&bench.settings.folder).args([&address.to_string(), argument]);
        let log = bench.settings.folder.join(format!("{name}.log"));
        let mut program = Program::start(command, &log)?;
        program.ready(address, "/empty").await?;
        Ok(Self { program, address })
    }

    /// What it is asked.
    pub fn asked(&self, paths: impl IntoIterator<Item = String>) -> anyhow::Result<Target> {
        Ok(target(self.address, self.process()?, plain_requests(self.address, paths)))
    }
}

/// Everything that most rows need.
pub struct Stage {
    /// Name of the database.
    pub database: String,
    /// Address of the database.
    pub url: String,
    /// The service, complete.
    pub service: Service,
    /// The training officer.
    pub officer: Account,
    /// Ids of employees.
    pub ids: Vec<String>,
    /// Paths of second pages of lists of a unit and everything below it.
    pub lists: Vec<String>,
    /// Paths of searches for a name.
    pub searches: Vec<String>,
    /// The names, without case and accents.
    pub names: Vec<String>,
    /// The statements behind them.
    pub recordings: Recordings,
    /// The bare server.
    pub base: Bare,
}

impl Stage {
    /// Make the data unless it is there, record, and start both servers.
    pub async fn open(bench: &Bench, size: Size) -> anyhow::Result<Self> {
        let url = provide(&bench.postgres, size, &mut |line| say(&line)).await?;
        let client = bench.postgres.superuser(&size.database()).await?;
        let officer = Account::named(&client, "bench_officer").await?;
        let sample = format!("SELECT id::text FROM employees ORDER BY md5(code) LIMIT {IDS}");
        let ids = texts(&client, &sample).await?;
        let recorder = Recorder::start(&url).await?;
        let recorded = Service::start(&bench.built, recorder.url(), LOG, &bench.settings.folder).await?;
        let through = Recorded { service: &recorded, recorder: &recorder, account: &officer };
        let lists = through.second_pages(&units_below_ministry(&client).await?).await?;
        let names = names(&client).await?;
        let searches: Vec<String> =
            names.iter().map(|name| format!("/v1/employees?q={}&limit=50", name.replace(' ', "+"))).collect();
        let first = ids.first().context("there are no employees")?;
        let employee = through.request(&format!("/v1/employees/{first}")).await?;
        let mut recordings = Recordings {
            url: url.clone(),
            employee: employee.reading().about(std::slice::from_ref(first)),
            ..Recordings::default()
        };
        for path in &lists {
            recordings.lists.push(through.request(path).await?.reading());
        }
        for path in &searches {
            recordings.searches.push(through.request(path).await?.reading());
        }
        recorded.stop().await?;
        let file = bench.settings.folder.join("recordings.json");
        std::fs::write(&file, serde_json::to_vec(&recordings)?)?;
        let base = Bare::start(bench, "thuocdo-base", &file.to_string_lossy()).await?;
        let service = Service::start(&bench.built, &url, LOG, &bench.settings.folder).await?;
        say(&format!("both servers are ready; the service took {:?}", service.started_in));
        let stage = Self {
            database: size.database(),
            url,
            service,
            officer,
            ids,
            lists,
            searches,
            names,
            recordings,
            base,
        };
        stage.answers_alike().await?;
        Ok(stage)
    }

    /// What the service is asked by the officer.
    pub fn asked(&self, paths: impl IntoIterator<Item = String>) -> anyhow::Result<Target> {
        let requests = paths
            .into_iter()
            .map(|path| self.service.request(&self.officer, "GET", &path, "", ""))
            .collect::<anyhow::Result<Vec<_>>>()?;
        Ok(target(self.service.address, self.service.process()?, requests))
    }

    /// One answer of the service to the officer.
    pub async fn answer(&self, path: &str) -> anyhow::Result<Value> {
        answer(&self.service, &self.officer, path).await
    }

    /// Both servers answer with the same rows.
    async fn answers_alike(&self) -> anyhow::Result<()> {
        for (kind, path) in [("lists", &self.lists), ("searches", &self.searches)] {
            for (place, path) in path.iter().enumerate() {
                let ours = self.answer(path).await?;
                let theirs = plain(self.base.address, &format!("/{kind}/{place}")).await?;
                ensure!(codes(&ours).len() > 1, "{path} finds nothing to compare");
                let theirs = codes(&theirs);
                ensure!(theirs.starts_with(&codes(&ours)), "{path}: the bare server answers something else");
            }
        }
        Ok(())
    }
}

/// The codes of the rows of a page.
fn codes(page: &Value) -> Vec<String> {
    let items = page.get("items").and_then(Value::as_array);
    items.into_iter().flatten().filter_map(|item| Some(item.get("code")?.as_str()?.to_owned())).collect()
}

/// The first column of some rows.
pub async fn texts(client: &Client, statement: &str) -> anyhow::Result<Vec<String>> {
    let rows = client.query(statement, &[]).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

/// Ids of units directly below the ministry: each with a twentieth of all employees.
pub async fn units_below_ministry(client: &Client) -> anyhow::Result<Vec<String>> {
    let below = format!(
        "SELECT id::text FROM units WHERE kind = 'agency' ORDER BY code LIMIT {UNITS_BELOW_MINISTRY}"
    );
    Ok(texts(client, &below).await?.into_iter().take(PLACES).collect())
}

/// Names of three words, without case and accents; spread over the alphabet.
async fn names(client: &Client) -> anyhow::Result<Vec<String>> {
    let some = "SELECT full_name FROM employees GROUP BY full_name HAVING count(*) > 1 ORDER BY md5(full_name) LIMIT 8";
    let names = texts(client, some).await?;
    Ok(names.iter().map(|name| text::fold(name)).collect())
}

/// One answer of a service as JSON.
pub async fn answer(service: &Service, account: &Account, path: &str) -> anyhow::Result<Value> {
    let request = service.request(account, "GET", path, "", "")?;
    read(service.address, &request, path).await
}

/// One answer of another server as JSON.
async fn plain(address: SocketAddr, path: &str) -> anyhow::Result<Value> {
    let requests = plain_requests(address, [path.to_owned()]);
    read(address, requests.first().context("a request")?, path).await
}

async fn read(address: SocketAddr, request: &[u8], path: &str) -> anyhow::Result<Value> {
    let mut connection = Connection::open(address).await?;
    let answer = connection.ask(request).await?;
    ensure!(answer.status == 200, "{path} is answered with {}: {}", answer.status, answer.text());
    Ok(serde_json::from_str(&answer.text())?)
}

/// The path of the next page of a list.
pub fn next_page(path: &str, page: &Value) -> anyhow::Result<String> {
    let cursor = page.get("next_cursor").and_then(Value::as_str).context("there is no further page")?;
    Ok(format!("{path}&cursor={cursor}"))
}

/// A service behind a recorder.
pub struct Recorded<'a> {
    /// The service.
    pub service: &'a Service,
    /// The recorder.
    pub recorder: &'a Recorder,
    /// Who asks.
    pub account: &'a Account,
}

impl Recorded<'_> {
    /// The statements of a read.
    pub async fn request(&self, path: &str) -> anyhow::Result<Recording> {
        let request = self.service.request(self.account, "GET", path, "", "")?;
        let mut found = Vec::new();
        for _ in 0..TIMES {
            found.push(self.once(&request).await?);
        }
        shortest(found).with_context(|| format!("{path} sends no statement"))
    }

    /// The statements of one request, and of whatever else the service did meanwhile.
    pub async fn once(&self, request: &[u8]) -> anyhow::Result<Recording> {
        let mut connection = Connection::open(self.service.address).await?;
        self.recorder.take();
        let answer = connection.ask(request).await?;
        ensure!(
            answer.status < 300,
            "the recorded request is answered with {}: {}",
            answer.status,
            answer.text()
        );
        Ok(self.recorder.take())
    }

    /// Paths of the second pages of the lists of some units.
    async fn second_pages(&self, units: &[String]) -> anyhow::Result<Vec<String>> {
        let mut paths = Vec::new();
        for unit in units {
            let path = format!("/v1/employees?unit_id={unit}&status=active&limit=50");
            let page = answer(self.service, self.account, &path).await?;
            // A unit of fewer people has one page.
            paths.push(next_page(&path, &page).unwrap_or(path));
        }
        // What the service prepares on a connection it prepares once.
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok(paths)
    }
}

/// The recording with the fewest statements: the others hold some that the service sends once a second by itself.
pub fn shortest(found: Vec<Recording>) -> Option<Recording> {
    found.into_iter().filter(|r| !r.statements.is_empty()).min_by_key(|r| r.statements.len())
}
