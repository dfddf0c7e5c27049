//! Rows 7 and 8: supervisors submit evaluations.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::{Context, ensure};
use tokio_postgres::Client;

use super::compare::{medians, pairs, ratio, target, whole};
use super::stage::{LOG, Recorded, Stage, shortest};
use super::{Bench, Outcome, say};
use crate::load::{Length, Round, Target, closed};
use crate::machine::{Account, Service, cores};
use crate::sql::{Recorder, Recording, TIMES, limit};

/// Evaluations of a round.
const EACH: usize = 2_000;
/// Fewer of them say nothing.
const FEWEST: usize = 100;
/// Connections of a loop without HTTP for each core: as many as the service has.
const LINES_PER_CORE: usize = 4;
/// What every supervisor answers.
const ANSWERS: &str = r#"{"answers":[{"item":"b1","value":3},{"item":"b2","value":4},{"item":"b3","value":3},{"item":"b4","value":4},{"item":"b5","value":5}]}"#;

/// An evaluation that may be answered today.
#[derive(Debug, Clone)]
struct Open {
    id: String,
    institute: String,
    /// Ids that its statements name: of the evaluation and what it refers to.
    about: Vec<String>,
    /// Whose account answers it.
    username: String,
}

impl Open {
    /// Key of the request.
    fn key(&self) -> String {
        format!("bench-{}", self.id)
    }

    /// The values of the variables of a recording, always in this order.
    fn variables(&self, account: &Account) -> Vec<String> {
        let mut all = self.about.clone();
        all.extend([account.actor().id.to_string(), account.actor().token_id.to_string(), self.key()]);
        all
    }
}

async fn open_today(client: &Client) -> anyhow::Result<Vec<Open>> {
    let statement = "SELECT e.id::text, o.institute_id::text, e.offering_id::text, e.questionnaire_id::text,
            e.course_id::text, e.subject_id::text, e.participant_id::text, e.unit_id::text, e.respondent_id::text,
            a.username
        FROM evaluations e JOIN offerings o ON o.id = e.offering_id JOIN accounts a ON a.employee_id = e.respondent_id
        WHERE e.phase = 'three_months' AND e.status = 'pending' AND e.opens_on <= current_date
            AND e.due_on >= current_date ORDER BY md5(e.id::text)";
    let rows = client.query(statement, &[]).await?;
    rows.iter()
        .map(|row| {
            let text = |place: usize| row.try_get::<_, String>(place);
            let about = [0, 2, 3, 4, 5, 6, 7, 8].into_iter().map(text).collect::<Result<_, _>>()?;
            Ok(Open { id: text(0)?, institute: text(1)?, about, username: text(9)? })
        })
        .collect()
}

/// Make it as if some evaluations had not been answered.
async fn take_back(client: &Client, chosen: &[Open]) -> anyhow::Result<()> {
    let ids: Vec<&str> = chosen.iter().map(|open| open.id.as_str()).collect();
    // Not a change of the ministry's: no trigger writes it down.
    client.batch_execute("SET session_replication_role = replica").await?;
    let pending = "UPDATE evaluations SET status = 'pending', answered_on = NULL, version = 1
        WHERE id = ANY ($1::text[]::uuid[])";
    client.execute(pending, &[&ids]).await?;
    let given = "DELETE FROM evaluation_responses WHERE evaluation_id = ANY ($1::text[]::uuid[])";
    client.execute(given, &[&ids]).await?;
    client.batch_execute("DELETE FROM idempotency_keys; SET session_replication_role = DEFAULT").await?;
    for table in ["evaluations", "evaluation_responses", "idempotency_keys"] {
        client.batch_execute(&format!("VACUUM {table}")).await?;
    }
    Ok(())
}

fn request(service: &Service, account: &Account, open: &Open) -> anyhow::Result<Vec<u8>> {
    let (path, key) = (format!("/v1/evaluations/{}/response", open.id), open.key());
    service.request(account, "POST", &path, &format!("Idempotency-Key: \"{key}\"\r\n"), ANSWERS)
}

/// What one side needs: evaluations with the accounts that answer them.
struct Submitting<'a> {
    bench: &'a Bench,
    stage: &'a Stage,
    client: Client,
    accounts: HashMap<String, Account>,
}

impl Submitting<'_> {
    fn account(&self, open: &Open) -> anyhow::Result<&Account> {
        self.accounts.get(&open.username).with_context(|| format!("there is no account {}", open.username))
    }

    fn asked(&self, chosen: &[Open]) -> anyhow::Result<Target> {
        let service = &self.stage.service;
        let requests = chosen
            .iter()
            .map(|open| request(service, self.account(open)?, open))
            .collect::<anyhow::Result<_>>()?;
        Ok(target(service.address, service.process()?, requests))
    }

    /// Everybody answers once, over HTTP; then it is taken back.
    async fn submit(&self, chosen: &[Open]) -> anyhow::Result<Round> {
        let (postgres, length) = (self.bench.postgres.process()?, Length::Count(chosen.len() as u64));
        let round = closed(&self.asked(chosen)?, postgres, self.bench.settings.connections, length).await?;
        self.check(chosen, whole(round)?).await
    }

    /// The same without HTTP.
    async fn send(&self, recording: &Recording, chosen: &[Open]) -> anyhow::Result<Round> {
        let values = chosen.iter().map(|open| Ok(open.variables(self.account(open)?)));
        let values = Arc::new(values.collect::<anyhow::Result<Vec<_>>>()?);
        let (lines, length) = (cores() * LINES_PER_CORE, Length::Count(chosen.len() as u64));
        let database = &self.stage.database;
        let round = limit(&self.bench.postgres, database, recording, &values, lines, length).await?;
        self.check(chosen, whole(round)?).await
    }

    /// Every answer is stored: a round that did less measured nothing.
    async fn check(&self, chosen: &[Open], round: Round) -> anyhow::Result<Round> {
        let ids: Vec<&str> = chosen.iter().map(|open| open.id.as_str()).collect();
        let stored =
            "SELECT count(*) FROM evaluations e JOIN evaluation_responses r ON r.evaluation_id = e.id
            WHERE e.status = 'answered' AND e.id = ANY ($1::text[]::uuid[])";
        let stored: i64 = self.client.query_one(stored, &[&ids]).await?.try_get(0)?;
        ensure!(usize::try_from(stored)? == chosen.len(), "{stored} of {} answers are stored", chosen.len());
        take_back(&self.client, chosen).await?;
        Ok(round)
    }

    /// The statements of one submission.
    async fn record(&self, chosen: &[Open]) -> anyhow::Result<Recording> {
        let recorder = Recorder::start(&self.stage.url).await?;
        let folder = &self.bench.settings.folder;
        let service = Service::start(&self.bench.built, recorder.url(), LOG, folder).await?;
        let mut found = Vec::new();
        for open in chosen.iter().take(TIMES) {
            let account = self.account(open)?;
            let through = Recorded { service: &service, recorder: &recorder, account };
            let recording = through.once(&request(&service, account, open)?).await?;
            found.push(recording.about(&open.variables(account)));
        }
        service.stop().await?;
        take_back(&self.client, chosen.get(..TIMES).unwrap_or(chosen)).await?;
        shortest(found).context("submitting sends no statement")
    }
}

/// Rows 7 and 8.
pub async fn submit(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    let client = bench.postgres.superuser(&stage.database).await?;
    let all = open_today(&client).await?;
    ensure!(
        all.len() >= FEWEST,
        "only {} evaluations may be answered today: the data set is too small",
        all.len()
    );
    let accounts = Account::matching(&client, "head\\_%").await?;
    let accounts = accounts.into_iter().map(|account| (account.actor().name.clone(), account)).collect();
    let submitting = Submitting { bench, stage, client, accounts };
    let recording = submitting.record(&all).await?;
    say(&format!("a submission sends {} statements", recording.statements.len()));
    let some = all.get(..EACH).unwrap_or(&all);
    let against_sql = pairs(
        bench,
        async || submitting.submit(some).await,
        async || submitting.send(&recording, some).await,
    )
    .await?;
    let (hot, spread) = hot_and_spread(&all);
    ensure!(hot.len() * 4 >= FEWEST, "only {} evaluations of one institute may be answered today", hot.len());
    let on_one =
        pairs(bench, async || submitting.submit(&hot).await, async || submitting.submit(&spread).await)
            .await?;
    let (ours, theirs) = medians(&against_sql, Round::per_second);
    let (server, _) = medians(&against_sql, Round::server_ms);
    let (postgres, other) = medians(&against_sql, Round::postgres_ms);
    let (on_hot, on_spread) = medians(&on_one, Round::per_second);
    let sides = format!(
        "{ours:.0} against {theirs:.0} per second; CPU of Postgres {postgres:.3} against {other:.3} ms; {} statements, {} \
         evaluations a round",
        recording.statements.len(),
        some.len()
    );
    let hot_sides =
        format!("{on_hot:.0} against {on_spread:.0} per second; {} evaluations a round", hot.len());
    Ok(vec![
        ratio(&against_sql, Round::per_second, sides),
        Outcome::of(server, "median of the rounds"),
        ratio(&on_one, Round::per_second, hot_sides),
    ])
}

/// Evaluations of the institute that has most, and as many of all institutes in turn.
fn hot_and_spread(all: &[Open]) -> (Vec<Open>, Vec<Open>) {
    let mut by_institute: BTreeMap<&str, Vec<&Open>> = BTreeMap::new();
    for open in all {
        by_institute.entry(&open.institute).or_default().push(open);
    }
    let hot: Vec<Open> = by_institute
        .values()
        .max_by_key(|of| of.len())
        .into_iter()
        .flatten()
        .take(EACH)
        .map(|o| (*o).clone())
        .collect();
    let mut spread = Vec::new();
    let mut turn = 0;
    while spread.len() < hot.len() {
        spread.extend(by_institute.values().filter_map(|of| of.get(turn)).map(|open| (*open).clone()));
        turn += 1;
    }
    spread.truncate(hot.len());
    (hot, spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_spread_as_are_on_one_institute() {
        let open = |id: usize, institute: usize| Open {
            id: id.to_string(),
            institute: institute.to_string(),
            about: Vec::new(),
            username: String::new(),
        };
        let all: Vec<Open> = (0..12).map(|id| open(id, if id < 6 { 0 } else { id })).collect();
        let (hot, spread) = hot_and_spread(&all);
        assert!(hot.len() == 6 && hot.iter().all(|open| open.institute == "0"));
        assert!(spread.len() == 6 && spread.iter().filter(|open| open.institute == "0").count() == 1);
    }
}
