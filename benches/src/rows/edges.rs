//! Rows 13 to 15: memory and start, more load than can be borne, and a database that goes away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::json;
use tokio_postgres::Client;

use super::compare::whole;
use super::stage::{LOG, Stage, texts};
use super::{Bench, Outcome};
use crate::load::{Connection, Length, closed, median, open};
use crate::machine::{Account, Memory, Service};

/// Starts of which the median counts.
const STARTS: usize = 5;
/// How long a service is left alone before its idle memory is read.
const IDLE: Duration = Duration::from_secs(5);
/// Clients for memory under load.
const CLIENTS: usize = 256;
/// Clients with which the load that can be borne is found.
const ENOUGH: usize = 64;
/// Connections at most for an overload: more than one address may have by default.
const MANY: usize = 3_000;
/// How many times the load that can be borne an overload is.
const OVERLOAD: f64 = 10.0;

/// Row 13.
pub async fn footprint(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    let (mut starts, mut idle, mut loaded) = (Vec::new(), Vec::new(), Vec::new());
    let mut refused = 0;
    for _ in 0..STARTS {
        let service = Service::start(&bench.built, &stage.url, LOG, &bench.settings.folder).await?;
        starts.push(service.started_in.as_secs_f64() * 1_000.0);
        service.stop().await?;
    }
    for _ in 0..2 {
        let service = Service::start(&bench.built, &stage.url, LOG, &bench.settings.folder).await?;
        tokio::time::sleep(IDLE).await;
        idle.push(Memory::of(service.process()?));
        let asked = stage
            .ids
            .iter()
            .map(|id| service.request(&stage.officer, "GET", &format!("/v1/employees/{id}"), "", ""));
        let requests = asked.collect::<anyhow::Result<Vec<_>>>()?;
        let target = super::compare::target(service.address, service.process()?, requests);
        let length = Length::For(bench.settings.time);
        let round = closed(&target, bench.postgres.process()?, CLIENTS, length).await?;
        ensure!(round.answered > 0, "nothing was answered");
        refused += round.refused + round.failed;
        loaded.push(Memory::of(service.process()?));
        service.stop().await?;
    }
    let of = |all: &[Memory], figure: fn(Memory) -> f64| median(all.iter().map(|memory| figure(*memory)));
    let words = |all: &[Memory]| format!("{:.1} MiB of it anonymous", of(all, Memory::anonymous_mib));
    Ok(vec![
        Outcome::of(of(&idle, Memory::resident_mib), words(&idle)),
        Outcome::of(
            of(&loaded, Memory::resident_mib),
            format!("{}; {refused} requests were not answered", words(&loaded)),
        ),
        Outcome::of(
            median(starts),
            format!("median of {STARTS} starts on a database that is migrated and runs"),
        ),
    ])
}

/// Row 14. Searches: each costs enough for the clients of one machine to ask for ten times what can be answered.
pub async fn overload(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    let (asked, postgres) = (stage.asked(stage.searches.clone())?, bench.postgres.process()?);
    let found = closed(&asked, postgres, ENOUGH, Length::For(bench.settings.time)).await?;
    let bearable = whole(found)?.per_second();
    let calm_for = bench.settings.time * 4;
    let calm = open(&asked, postgres, ENOUGH * 4, 0.8 * bearable, calm_for).await?;
    let asked = stage.asked(stage.searches.clone())?;
    let storm_for = bench.settings.time * 12;
    let storm = open(&asked, postgres, MANY, OVERLOAD * bearable, storm_for).await?;
    ensure!(storm.answered > 0, "nothing was answered under the overload");
    // What is sent in time; answers may come later.
    let in_time = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / storm_for.as_secs_f64();
    let sent = in_time(storm.answered + storm.refused + storm.failed);
    let sides = format!(
        "p99 {:.0} ms against {:.0} ms; {bearable:.0} searches per second can be borne, {:.0} were sent under overload, of \
         which {:.0} were accepted and {} refused; {} more were due while all {MANY} connections waited",
        storm.latency_ms(0.99),
        calm.latency_ms(0.99),
        sent,
        in_time(storm.answered),
        storm.refused,
        storm.unsent
    );
    let answers = format!("of {} answers", storm.answered + storm.refused + storm.failed);
    Ok(vec![
        Outcome::of(storm.latency_ms(0.99) / calm.latency_ms(0.99), sides),
        Outcome::of(f64::from(u32::try_from(storm.failed)?), answers),
    ])
}

/// Clients that create employees while Postgres restarts.
const WRITERS: u64 = 16;
/// Seconds before the restart, and after it at most.
const BEFORE: Duration = Duration::from_secs(5);
const AFTER: Duration = Duration::from_secs(25);
/// The share of successes is looked at in such pieces of time.
const PIECE: Duration = Duration::from_millis(250);

/// What came of one attempt to create an employee.
struct Attempt {
    code: String,
    at: Duration,
    is_created: bool,
}

/// Row 15.
pub async fn restart(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    let client = bench.postgres.superuser(&stage.database).await?;
    clean(&client).await?;
    let portal = Account::named(&client, "bench_portal").await?;
    let one = async |table: &str| -> anyhow::Result<String> {
        let found = texts(&client, &format!("SELECT id::text FROM {table} ORDER BY code LIMIT 1")).await?;
        found.into_iter().next().with_context(|| format!("{table} is empty"))
    };
    let (unit, position) = (one("units").await?, one("job_positions").await?);
    drop(client);
    let number = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let service = &stage.service;
    let writers = (0..WRITERS).map(|_| writer(service, &portal, [&unit, &position], number.clone(), started));
    let restarting = async {
        tokio::time::sleep(BEFORE).await;
        // What is measured is the service, and not how long Postgres writes what earlier rows left.
        bench.postgres.superuser(&stage.database).await?.batch_execute("CHECKPOINT").await?;
        let began = started.elapsed();
        bench.postgres.restart().await?;
        anyhow::Ok((began, started.elapsed() - began))
    };
    let (attempts, began) = tokio::join!(futures::future::join_all(writers), restarting);
    let attempts: Vec<Attempt> =
        attempts.into_iter().collect::<anyhow::Result<Vec<_>>>()?.into_iter().flatten().collect();
    let client = bench.postgres.superuser(&stage.database).await?;
    let acknowledged: Vec<&str> = attempts.iter().filter(|a| a.is_created).map(|a| a.code.as_str()).collect();
    let stored = "SELECT count(*) FROM employees WHERE code = ANY ($1)";
    let stored: i64 = client.query_one(stored, &[&acknowledged]).await?.try_get(0)?;
    let lost = acknowledged.len() - usize::try_from(stored)?.min(acknowledged.len());
    clean(&client).await?;
    let (began, away) = began?;
    let recovered = recovered(&attempts, began).context("99 of 100 requests never succeed again")?;
    let words = format!(
        "{} writes acknowledged by {WRITERS} clients, every connection ended (pg_ctl restart -m fast)",
        acknowledged.len()
    );
    Ok(vec![
        Outcome::of(f64::from(u32::try_from(lost)?), words),
        Outcome::of(
            recovered.as_secs_f64(),
            format!(
                "from the beginning of the restart, looked at every {} ms; Postgres itself was away for {:.2} s",
                PIECE.as_millis(),
                away.as_secs_f64()
            ),
        ),
    ])
}

/// Take out what the writers wrote. Nothing refers to it.
async fn clean(client: &Client) -> anyhow::Result<()> {
    client.execute("DELETE FROM employees WHERE code LIKE 'TL-%'", &[]).await?;
    Ok(())
}

/// Creates one employee after another.
async fn writer(
    service: &Service,
    portal: &Account,
    [unit, position]: [&String; 2],
    number: Arc<AtomicU64>,
    started: Instant,
) -> anyhow::Result<Vec<Attempt>> {
    let mut attempts = Vec::new();
    let mut connection = None;
    while started.elapsed() < BEFORE + AFTER {
        let code = format!("TL-{:07}", number.fetch_add(1, Ordering::Relaxed));
        let body = json!({
            "code": code, "full_name": "Nguyễn Văn An", "email": format!("{}@moit.gov.vn", code.to_lowercase()),
            "unit_id": unit, "job_position_id": position, "category": "civil_servant", "status": "active",
            "joined_on": "2020-01-02",
        });
        let request = service.request(portal, "POST", "/v1/employees", "", &body.to_string())?;
        if connection.is_none() {
            connection = Connection::open(service.address).await.ok();
        }
        let status = match connection.as_mut() {
            Some(open) => open.ask(&request).await.map(|answer| answer.status).ok(),
            None => None,
        };
        if status.is_none() {
            connection = None;
        }
        let is_created = status == Some(201);
        if !is_created {
            // A client that is refused does not hammer.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        attempts.push(Attempt { code, at: started.elapsed(), is_created });
    }
    Ok(attempts)
}

/// How long after the restart the first piece of time begins from which on all pieces have 99 successes of 100.
fn recovered(attempts: &[Attempt], began: Duration) -> Option<Duration> {
    let end = BEFORE + AFTER;
    let mut good_since = None;
    let mut from = began;
    while from + PIECE <= end {
        let within = attempts.iter().filter(|attempt| (from..from + PIECE).contains(&attempt.at));
        let (all, created) = within
            .fold((0, 0), |(all, created), attempt| (all + 1, created + usize::from(attempt.is_created)));
        let is_good = all > 0 && created * 100 >= all * 99;
        good_since = if is_good { good_since.or(Some(from)) } else { None };
        from += PIECE;
    }
    good_since.map(|since| since - began)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_is_when_everything_succeeds_for_good() {
        let attempt = |millis: u64, is_created: bool| Attempt {
            code: String::new(),
            at: Duration::from_millis(millis),
            is_created,
        };
        let began = BEFORE;
        let ends = u64::try_from((BEFORE + AFTER).as_millis()).unwrap();
        let all = |fails: std::ops::Range<u64>| -> Vec<Attempt> {
            (0..ends).step_by(10).map(|at| attempt(at, !fails.contains(&at))).collect()
        };
        assert_eq!(recovered(&all(5_000..5_600), began), Some(Duration::from_millis(750)));
        assert_eq!(recovered(&all(0..0), began), Some(Duration::ZERO));
        assert_eq!(recovered(&all(5_000..ends), began), None);
    }
}
