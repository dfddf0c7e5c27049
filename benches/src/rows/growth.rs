//! Rows 5 and 9: what does not grow with the ministry.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use serde_json::Value;
use tokio_postgres::Client;

use super::compare::{medians, pairs, ratio, target};
use super::stage::{LOG, Stage, answer, next_page, units_below_ministry};
use super::{Bench, Outcome, say};
use crate::data::{Size, provide};
use crate::load::{Length, Round, Target, closed};
use crate::machine::{Account, Service};

/// Clients at once: few, so that none waits for another.
const CLIENTS: usize = 2;
/// The page that is far down a list.
const FAR: usize = 1_000;
/// Reports of a round.
const REPORTS: u64 = 20;
/// The report.
const REPORT: &str = "/v1/reports/effectiveness?by=institute&limit=50";

/// A service on a data set of its own.
struct Grown {
    service: Service,
    officer: Account,
    client: Client,
}

impl Grown {
    async fn start(bench: &Bench, size: Size) -> anyhow::Result<Self> {
        let url = provide(&bench.postgres, size, &mut |line| say(&line)).await?;
        let client = bench.postgres.superuser(&size.database()).await?;
        let officer = Account::named(&client, "bench_officer").await?;
        let service = Service::start(&bench.built, &url, LOG, &bench.settings.folder).await?;
        Ok(Self { service, officer, client })
    }

    fn asked(&self, paths: &[String]) -> anyhow::Result<Target> {
        let requests = paths.iter().map(|path| self.service.request(&self.officer, "GET", path, "", ""));
        let requests = requests.collect::<anyhow::Result<_>>()?;
        Ok(target(self.service.address, self.service.process()?, requests))
    }

    async fn page(&self, path: &str) -> anyhow::Result<Value> {
        answer(&self.service, &self.officer, path).await
    }

    /// Lists of a unit below the ministry with everybody below it: a twentieth of all employees.
    async fn lists(&self) -> anyhow::Result<Vec<String>> {
        let units = units_below_ministry(&self.client).await?;
        Ok(units.iter().map(|unit| format!("/v1/employees?unit_id={unit}&status=active&limit=50")).collect())
    }

    /// The first page of the list of everybody, and one far down.
    async fn near_and_far(&self) -> anyhow::Result<(String, String, usize)> {
        let first = "/v1/employees?limit=50".to_owned();
        let (mut path, mut number) = (first.clone(), 1);
        while number < FAR {
            let page = self.page(&path).await?;
            let Ok(next) = next_page(&first, &page) else { break };
            (path, number) = (next, number + 1);
        }
        Ok((first, path, number))
    }
}

/// Row 5.
pub async fn lists(bench: &Bench) -> anyhow::Result<Vec<Outcome>> {
    let employees = bench.settings.employees;
    let small = Grown::start(bench, Size::people_only(employees / 10)).await?;
    let large = Grown::start(bench, Size::people_only(employees * 10)).await?;
    let of_large = large.asked(&large.lists().await?)?;
    let of_small = small.asked(&small.lists().await?)?;
    let found = in_turn(bench, &of_large, &of_small).await?;
    let p50 = |round: &Round| round.latency_ms(0.5);
    let (slow, fast) = medians(&found, p50);
    let sizes =
        format!("{slow:.2} ms at {} employees against {fast:.2} ms at {}", employees * 10, employees / 10);
    let (near, far, number) = large.near_and_far().await?;
    let pages = in_turn(bench, &large.asked(&[far])?, &large.asked(&[near])?).await?;
    let (last, first) = medians(&pages, p50);
    let depth = format!(
        "{last:.2} ms on page {number} against {first:.2} ms on page 1, at {} employees",
        employees * 10
    );
    Ok(vec![ratio(&found, p50, sizes), ratio(&pages, p50, depth)])
}

async fn in_turn(bench: &Bench, ours: &Target, theirs: &Target) -> anyhow::Result<Vec<(Round, Round)>> {
    let (postgres, length) = (bench.postgres.process()?, Length::For(bench.settings.time));
    pairs(
        bench,
        async || closed(ours, postgres, CLIENTS, length).await,
        async || closed(theirs, postgres, CLIENTS, length).await,
    )
    .await
}

/// Row 9.
pub async fn report(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    let size = bench.size().with_ten_times_the_answers();
    let large = Grown::start(bench, size).await?;
    let (postgres, length) = (bench.postgres.process()?, Length::Count(REPORTS));
    let (of_small, of_large) = (stage.asked([REPORT.to_owned()])?, large.asked(&[REPORT.to_owned()])?);
    let found = pairs(
        bench,
        async || closed(&of_large, postgres, 1, length).await,
        async || closed(&of_small, postgres, 1, length).await,
    )
    .await?;
    let p50 = |round: &Round| round.latency_ms(0.5);
    let (slow, fast) = medians(&found, p50);
    let (forms, fewer) = (size.answers(), bench.size().answers());
    let sides = format!("{slow:.1} ms with {forms} forms against {fast:.1} ms with {fewer}");
    let (difference, compared) = against_raw_rows(&large).await?;
    let exact = format!("{compared} institutes; added up anew from the answers to {forms} forms");
    Ok(vec![ratio(&found, p50, sides), Outcome::of(difference, exact)])
}

/// For each institute how many pairs of ratings there are in what is released, and the sum of all changes in
/// ten-thousandths of a point: from the answers themselves.
const RAW_ROWS: &str = "SELECT o.institute_id::text, count(*), sum(round(10000 * after.score) - round(10000 * before.score))::bigint
    FROM offering_rollups released
    JOIN offerings o ON o.id = released.offering_id
    JOIN evaluations was ON was.offering_id = o.id AND was.phase = 'baseline'
    JOIN evaluations is_now ON is_now.offering_id = o.id AND is_now.phase = 'three_months'
        AND is_now.subject_id = was.subject_id AND is_now.questionnaire_id = was.questionnaire_id
    JOIN evaluation_responses before ON before.evaluation_id = was.id
    JOIN evaluation_responses after ON after.evaluation_id = is_now.id
    WHERE released.measure = 'three_months' AND released.revision = 1
    GROUP BY o.institute_id";

/// The largest difference between a mean change of the report and that of the raw rows, points, and the number of
/// institutes that were compared. A difference that is only the rounding of one division is none.
async fn against_raw_rows(grown: &Grown) -> anyhow::Result<(f64, usize)> {
    let page = grown.page(REPORT).await?;
    let items = page.get("items").and_then(Value::as_array).context("the report has no rows")?;
    let reported = items.iter().filter_map(|item| {
        let institute = item.pointer("/subject/id")?.as_str()?.to_owned();
        let change = item.pointer("/behaviour/change")?;
        Some((institute, (change.get("n")?.as_i64()?, change.get("value")?.as_f64()?)))
    });
    let reported: BTreeMap<String, (i64, f64)> = reported.collect();
    let (mut largest, mut compared) = (0.0_f64, 0);
    for row in grown.client.query(RAW_ROWS, &[]).await? {
        let (institute, n, sum): (String, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let Some((reported_n, value)) = reported.get(&institute) else { continue };
        ensure!(
            n == *reported_n,
            "the report counts {reported_n} pairs, and there are {n} of institute {institute}"
        );
        #[expect(clippy::cast_precision_loss, reason = "sums of ratings are far below 2^53")]
        let mean = sum as f64 / 10_000.0 / n as f64;
        largest = largest.max((mean - value).abs());
        compared += 1;
    }
    ensure!(compared > 0, "the report shows the change of no institute");
    Ok((if largest < 1e-12 { 0.0 } else { largest }, compared))
}
