//! Rows 1 to 4 and 17: one employee by id, and pages of lists.

use std::sync::Arc;

use super::compare::{plain_requests, ratio, servers, speeds, target, whole};
use super::stage::{Bare, Stage};
use super::{Bench, Outcome, say};
use crate::load::{Length, Round, median};
use crate::machine::Peer;
use crate::sql::{Recording, limit};

/// Connections of a loop without HTTP for each core: as many as the service has.
const LINES_PER_CORE: usize = 4;

fn by_id(stage: &Stage) -> impl Iterator<Item = String> {
    stage.ids.iter().map(|id| format!("/v1/employees/{id}"))
}

fn plain_by_id(stage: &Stage) -> impl Iterator<Item = String> {
    stage.ids.iter().map(|id| format!("/employees/{id}"))
}

/// Rows 1 and 3.
pub async fn single(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    let (ours, base) = (stage.asked(by_id(stage))?, stage.base.asked(plain_by_id(stage))?);
    let pairs = servers(bench, &ours, &base).await?;
    let values = stage.ids.iter().map(|id| vec![id.clone()]).collect();
    let loop_ = without_http(bench, stage, &stage.recordings.employee, values).await?;
    Ok(vec![
        ratio(&pairs, Round::per_second, format!("{}; without HTTP {loop_:.0} per second", speeds(&pairs))),
        ratio(&pairs, Round::server_ms, "see row 1".to_owned()),
    ])
}

/// Row 4.
pub async fn list(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    let ours = stage.asked(stage.lists.clone())?;
    let base = stage.base.asked((0..stage.lists.len()).map(|place| format!("/lists/{place}")))?;
    let pairs = servers(bench, &ours, &base).await?;
    let mut loops = Vec::new();
    for recording in &stage.recordings.lists {
        loops.push(without_http(bench, stage, recording, Vec::new()).await?);
    }
    let sides = format!("{}; without HTTP {:.0} per second", speeds(&pairs), median(loops));
    Ok(vec![ratio(&pairs, Round::per_second, sides)])
}

/// How often in a second the statements of a recording are answered without HTTP.
async fn without_http(
    bench: &Bench,
    stage: &Stage,
    recording: &Recording,
    values: Vec<Vec<String>>,
) -> anyhow::Result<f64> {
    let (values, lines) = (Arc::new(values), crate::machine::cores() * LINES_PER_CORE);
    let length = Length::For(bench.settings.time);
    let round = limit(&bench.postgres, &stage.database, recording, &values, lines, length).await?;
    Ok(whole(round)?.per_second())
}

/// Row 2, FastAPI.
pub async fn fastapi(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    against(bench, stage, &Peer::fastapi(&stage.url, &bench.settings.folder).await?).await
}

/// Row 2, Django.
pub async fn django(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    against(bench, stage, &Peer::django(&stage.url, &bench.settings.folder).await?).await
}

async fn against(bench: &Bench, stage: &Stage, peer: &Peer) -> anyhow::Result<Vec<Outcome>> {
    let requests = plain_requests(peer.address, plain_by_id(stage));
    let theirs = target(peer.address, peer.process()?, requests);
    let pairs = servers(bench, &stage.asked(by_id(stage))?, &theirs).await?;
    Ok(vec![ratio(&pairs, Round::per_second, speeds(&pairs))])
}

/// Row 17.
pub async fn stripped(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    let off = Bare::start(bench, "thuocdo-stripped", &stage.url).await?;
    let pairs = servers(bench, &stage.asked(by_id(stage))?, &off.asked(plain_by_id(stage))?).await?;
    say("row 17 is measured");
    Ok(vec![ratio(&pairs, Round::per_second, speeds(&pairs))])
}
