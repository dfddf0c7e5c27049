//! Rows 11 and 12: many rows in, and many out.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;
use futures::StreamExt;
use serde_json::json;
use thuocdo::clock::{Clock, first_moment};
use tokio_postgres::Client;
use uuid::Uuid;

use super::compare::{target, whole};
use super::stage::{LOG, Stage, texts};
use super::{Bench, Outcome, say};
use crate::data::copy::Copy;
use crate::data::{
    Chance, EMPLOYEE_COLUMNS, EmployeeRow, Kind, POSITIONS, SEED, Size, UNITS, employee, position_code,
    provide, unit_code,
};
use crate::load::{Connection, Length, closed, median};
use crate::machine::{Account, Memory, Service};

/// Employees of one request.
const BATCH: usize = 1_000;
/// Requests at once.
const AT_ONCE: usize = 2;
/// Database in which a round imports.
const ROUND: &str = "bench_import";
/// How often memory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Row 11.
pub async fn import(bench: &Bench) -> anyhow::Result<Vec<Outcome>> {
    let empty = Size::people_only(0);
    provide(&bench.postgres, empty, &mut |line| say(&line)).await?;
    let chance = Chance::new(SEED);
    let rows = (0..bench.settings.employees).map(|place| employee(chance, Kind::Import, "IM", place));
    let rows: Vec<EmployeeRow> = rows.collect();
    let bodies: Vec<String> =
        rows.chunks(BATCH).zip(0..).map(|(some, batch)| body(some, batch * BATCH)).collect();
    let (mut ratios, mut sides) = (Vec::new(), Vec::new());
    // The first pair warms up.
    for round in 0..=bench.settings.rounds.min(3) {
        fresh(bench, &empty.database()).await?;
        let over_http = by_http(bench, &bodies).await?;
        fresh(bench, &empty.database()).await?;
        let by_copy = by_copy(bench, &rows, chance).await?;
        say(&format!("import: {over_http:?} over HTTP, {by_copy:?} by COPY"));
        if round > 0 {
            ratios.push(over_http.as_secs_f64() / by_copy.as_secs_f64());
            sides.push((over_http.as_secs_f64(), by_copy.as_secs_f64()));
        }
    }
    bench.postgres.drop_database(ROUND).await?;
    let words = format!(
        "{:.1} s over HTTP ({BATCH} rows a request, {AT_ONCE} at once) against {:.1} s by COPY; {} rows",
        median(sides.iter().map(|(http, _)| *http)),
        median(sides.iter().map(|(_, copy)| *copy)),
        rows.len()
    );
    Ok(vec![Outcome::ratios(&ratios, words)])
}

/// The place of the unit and of the position of an imported employee.
fn places(place: usize) -> (u64, u64) {
    (place as u64 % UNITS, 1 + place as u64 % (POSITIONS - 1))
}

fn body(rows: &[EmployeeRow], first: usize) -> String {
    let item = |(place, row): (usize, &EmployeeRow)| {
        let (unit, position) = places(place);
        json!({
            "code": row.code, "full_name": row.full_name, "email": row.email, "phone": row.phone,
            "unit_code": unit_code(unit), "job_position_code": position_code(position), "category": row.category,
            "status": row.status, "birth_date": row.birth_date, "joined_on": row.joined_on,
            "personal_number": row.personal_number,
        })
    };
    let items: Vec<_> = (first..).zip(rows).map(item).collect();
    json!({ "items": items }).to_string()
}

/// A database with units and positions and nobody in them.
async fn fresh(bench: &Bench, template: &str) -> anyhow::Result<()> {
    bench.postgres.drop_database(ROUND).await?;
    let client = bench.postgres.superuser("postgres").await?;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
    client.execute(end, &[&template]).await?;
    client.batch_execute(&format!("CREATE DATABASE {ROUND} TEMPLATE {template}")).await?;
    // The role of the service owns it, as it owns any other.
    bench.postgres.url(ROUND).await?;
    let client = bench.postgres.superuser(ROUND).await?;
    client.batch_execute("VACUUM (ANALYZE)").await?;
    Ok(client.batch_execute("CHECKPOINT").await?)
}

async fn by_http(bench: &Bench, bodies: &[String]) -> anyhow::Result<Duration> {
    let url = bench.postgres.url(ROUND).await?;
    let client = bench.postgres.superuser(ROUND).await?;
    let portal = Account::named(&client, "bench_portal").await?;
    let service = Service::start(&bench.built, &url, LOG, &bench.settings.folder).await?;
    let requests =
        bodies.iter().map(|body| service.request(&portal, "POST", "/v1/employees/batch", "", body));
    let requests = requests.collect::<anyhow::Result<Vec<_>>>()?;
    let asked = target(service.address, service.process()?, requests);
    let length = Length::Count(bodies.len() as u64);
    let round = whole(closed(&asked, bench.postgres.process()?, AT_ONCE, length).await?)?;
    service.stop().await?;
    check(bench, &client).await?;
    Ok(round.wall)
}

async fn by_copy(bench: &Bench, rows: &[EmployeeRow], chance: Chance) -> anyhow::Result<Duration> {
    let client = bench.postgres.superuser(ROUND).await?;
    let ids = async |table: &str| -> anyhow::Result<Vec<Uuid>> {
        let found = texts(&client, &format!("SELECT id::text FROM {table} ORDER BY code")).await?;
        Ok(found.iter().map(|id| id.parse()).collect::<Result<_, _>>()?)
    };
    let (units, positions) = (ids("units").await?, ids("job_positions").await?);
    let of = |ids: &[Uuid], place: u64| {
        usize::try_from(place).ok().and_then(|place| ids.get(place).copied()).unwrap_or_default()
    };
    let clock = Clock::system();
    let (at, started) = (first_moment(clock.today()), Instant::now());
    let mut copy = Copy::begin(&client, "employees", &EMPLOYEE_COLUMNS).await?;
    for (place, row) in rows.iter().enumerate() {
        let (unit, position) = places(place);
        let id = chance.id(Kind::Import, place as u64, at);
        copy.row(&row.values([id, of(&units, unit), of(&positions, position)], at)).await?;
    }
    copy.finish().await?;
    let took = started.elapsed();
    check(bench, &client).await?;
    Ok(took)
}

async fn check(bench: &Bench, client: &Client) -> anyhow::Result<()> {
    let stored: i64 = client.query_one("SELECT count(*) FROM employees", &[]).await?.try_get(0)?;
    ensure!(u64::try_from(stored)? == bench.settings.employees, "{stored} employees are stored");
    Ok(())
}

/// Row 12. The audit log is the one list that is exported as NDJSON; it has an entry for each employee of the data set.
pub async fn export(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    let client = bench.postgres.superuser(&stage.database).await?;
    let auditor = Account::named(&client, "bench_auditor").await?;
    let (mut ratios, mut sides, mut more) = (Vec::new(), Vec::new(), Vec::new());
    let mut lines = 0;
    for round in 0..=bench.settings.rounds.min(3) {
        // A service that has done nothing else yet: what it keeps of earlier requests is not the export's.
        let service = Service::start(&bench.built, &stage.url, LOG, &bench.settings.folder).await?;
        let idle = Memory::of(service.process()?).anonymous_mib();
        let watch = Watch::start(service.process()?);
        let request = service.request(&auditor, "GET", "/v1/audit-log/export", "", "")?;
        let started = Instant::now();
        let mut connection = Connection::open(service.address).await?;
        let answer = connection.ask(&request).await?;
        let took = started.elapsed();
        ensure!(answer.status == 200, "the export is answered with {}", answer.status);
        lines = answer.text().lines().count();
        let peak = watch.stop().await?;
        service.stop().await?;
        let copied = copy_out(&client).await?;
        say(&format!("export of {lines} lines: {took:?}, by COPY {copied:?}; {:.1} MiB more", peak - idle));
        if round > 0 {
            ratios.push(took.as_secs_f64() / copied.as_secs_f64());
            sides.push((took.as_secs_f64(), copied.as_secs_f64()));
            more.push(peak - idle);
        }
    }
    let words = format!(
        "{:.2} s against {:.2} s by COPY; {lines} lines",
        median(sides.iter().map(|(export, _)| *export)),
        median(sides.iter().map(|(_, copy)| *copy))
    );
    Ok(vec![
        Outcome::ratios(&ratios, words),
        Outcome::of(median(more), "anonymous memory at its highest, every 10 ms"),
    ])
}

async fn copy_out(client: &Client) -> anyhow::Result<Duration> {
    let statement =
        "COPY (SELECT row_to_json(entry) FROM (SELECT * FROM audit_log ORDER BY number) entry) TO STDOUT";
    let started = Instant::now();
    let mut pieces = pin!(client.copy_out(statement).await?);
    let mut bytes = 0;
    while let Some(piece) = pieces.next().await {
        bytes += piece?.len();
    }
    ensure!(bytes > 0, "the audit log is empty");
    Ok(started.elapsed())
}

/// Looks at the memory of a process until it is stopped.
struct Watch {
    over: Arc<AtomicBool>,
    looking: tokio::task::JoinHandle<f64>,
}

impl Watch {
    fn start(process: u32) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let is_over = over.clone();
        let looking = tokio::spawn(async move {
            let mut peak = 0.0_f64;
            while !is_over.load(Ordering::Relaxed) {
                peak = peak.max(Memory::of(process).anonymous_mib());
                tokio::time::sleep(LOOK_EVERY).await;
            }
            peak
        });
        Self { over, looking }
    }

    /// The highest anonymous memory that was seen, MiB.
    async fn stop(self) -> anyhow::Result<f64> {
        self.over.store(true, Ordering::Relaxed);
        Ok(self.looking.await?)
    }
}
