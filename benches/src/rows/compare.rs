//! Two sides in turn.

use std::sync::Arc;

use super::table::Outcome;
use super::{Bench, say};
use crate::load::{Length, Round, Target, closed, median};

/// Rounds of two sides that alternate, without the first pair, which only warms both up.
pub async fn pairs(
    bench: &Bench,
    mut ours: impl AsyncFnMut() -> anyhow::Result<Round>,
    mut theirs: impl AsyncFnMut() -> anyhow::Result<Round>,
) -> anyhow::Result<Vec<(Round, Round)>> {
    let mut found = Vec::new();
    for _ in 0..=bench.settings.rounds {
        found.push((whole(ours().await?)?, whole(theirs().await?)?));
    }
    found.remove(0);
    Ok(found)
}

/// A round in which everything was answered.
pub fn whole(round: Round) -> anyhow::Result<Round> {
    let Round { answered, refused, failed, fault, .. } = round;
    let all = answered + refused + failed;
    let first = fault.map_or_else(String::new, |status| format!(" (the first with status {status})"));
    anyhow::ensure!(failed == 0, "{failed} of {all} requests failed{first}");
    anyhow::ensure!(refused == 0, "{refused} of {all} requests were refused with 429 or 503");
    anyhow::ensure!(answered > 0, "nothing was answered");
    Ok(round)
}

/// The median of the ratios of some figure, with the smallest and the largest.
pub fn ratio(pairs: &[(Round, Round)], figure: impl Fn(&Round) -> f64, sides: String) -> Outcome {
    let ratios: Vec<f64> = pairs.iter().map(|(ours, theirs)| figure(ours) / figure(theirs)).collect();
    Outcome::ratios(&ratios, sides)
}

/// The medians of a figure on both sides.
pub fn medians(pairs: &[(Round, Round)], figure: impl Fn(&Round) -> f64) -> (f64, f64) {
    (
        median(pairs.iter().map(|(ours, _)| figure(ours))),
        median(pairs.iter().map(|(_, theirs)| figure(theirs))),
    )
}

/// Requests per second and processor time of both sides, in words.
pub fn speeds(pairs: &[(Round, Round)]) -> String {
    let (ours, theirs) = medians(pairs, Round::per_second);
    let (server, other) = medians(pairs, Round::server_ms);
    let (postgres, postgres_other) = medians(pairs, Round::postgres_ms);
    let (core, core_other) = medians(pairs, Round::per_core_second);
    format!(
        "{ours:.0} against {theirs:.0} per second; CPU of the server {server:.3} against {other:.3} ms, of Postgres \
         {postgres:.3} against {postgres_other:.3} ms; per second of CPU of both {:.2} times",
        core / core_other
    )
}

/// A server that is asked by GET.
pub fn target(address: std::net::SocketAddr, process: u32, requests: Vec<Vec<u8>>) -> Target {
    Target { address, process, requests: Arc::new(requests) }
}

/// GET requests without a token, for all servers but the service.
pub fn plain_requests(
    address: std::net::SocketAddr,
    paths: impl IntoIterator<Item = String>,
) -> Vec<Vec<u8>> {
    let request =
        |path: String| format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: */*\r\n\r\n").into_bytes();
    paths.into_iter().map(request).collect()
}

/// Two servers in turn, each asked by as many clients for as long as the settings say.
pub async fn servers(bench: &Bench, ours: &Target, theirs: &Target) -> anyhow::Result<Vec<(Round, Round)>> {
    let postgres = bench.postgres.process()?;
    let (connections, length) = (bench.settings.connections, Length::For(bench.settings.time));
    let found = pairs(
        bench,
        async || closed(ours, postgres, connections, length).await,
        async || closed(theirs, postgres, connections, length).await,
    )
    .await?;
    say(&speeds(&found));
    Ok(found)
}
