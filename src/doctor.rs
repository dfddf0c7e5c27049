//! `thuocdo doctor`: what is wrong with settings, database, clock and keys, in words, before anybody calls.

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use reqwest::redirect::Policy;

use crate::clock::Clock;
use crate::config::Settings;
use crate::db::{embedded, migrate};
use crate::startup::{self, Database};

/// Oldest Postgres that the SQL is written for.
const MINIMUM_POSTGRES: i32 = 15;
/// Largest difference between this machine's clock and the database's, seconds.
const CLOCK_TOLERANCE: i64 = 5;
/// Longest a health answer may take.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(3);

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub name: &'static str,
    /// What was found: `Err` is something to mend.
    pub outcome: Result<String, String>,
}

#[derive(QueryableByName)]
struct ServerFacts {
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
}

/// Look at everything; later checks are left out where an earlier one failed.
pub async fn examine(settings: &Settings, clock: &Clock, database_name: &str) -> Vec<Finding> {
    let mut findings = vec![signing_key(settings), answer_secrets(settings)];
    let place = match &settings.database_url {
        Some(_) => "DATABASE_URL".to_owned(),
        None => format!("private Postgres below {}", settings.data_dir().display()),
    };
    match Database::open(settings, database_name).await {
        Ok(database) => {
            findings.push(Finding { name: "database", outcome: Ok(place) });
            findings.extend(database_findings(&database.url, clock).await);
            database.close().await;
        }
        Err(error) => {
            findings.push(Finding { name: "database", outcome: Err(format!("{place}: {error:#}")) });
        }
    }
    if settings.database_url.is_none() && embedded::is_root() {
        let detail = "running as root: the private Postgres runs as another account".to_owned();
        findings.push(Finding { name: "account", outcome: Ok(detail) });
    }
    findings
}

fn signing_key(settings: &Settings) -> Finding {
    let outcome = match &settings.signing_key_file {
        None => Ok("kept in the database".to_owned()),
        Some(file) => startup::read_keys(file)
            .map(|keys| format!("{} ({} keys, the first signs)", file.display(), keys.len()))
            .map_err(|e| format!("{e:#}")),
    };
    Finding { name: "signing key", outcome }
}

/// Where the secret is that anonymous answers are sealed by. In the database it protects little: advice, since the service
/// works all the same.
fn answer_secrets(settings: &Settings) -> Finding {
    let outcome = match &settings.answer_secrets_file {
        None => Ok("WARNING: kept in the database, so a copy of all of it opens anonymous answers that wait; better: \
                    THUOCDO_ANSWER_SECRETS_FILE"
            .to_owned()),
        Some(file) => startup::read_secrets(file)
            .map(|secrets| format!("{} ({} secrets, the first seals)", file.display(), secrets.len()))
            .map_err(|e| format!("{e:#}")),
    };
    Finding { name: "answers' secret", outcome }
}

async fn database_findings(url: &str, clock: &Clock) -> Vec<Finding> {
    let mut connection = match migrate::open(url).await {
        Ok(connection) => connection,
        Err(error) => {
            return vec![Finding { name: "connection", outcome: Err(error.to_string()) }];
        }
    };
    let mut findings = server_findings(&mut connection, clock).await;
    findings.extend(log_findings(&mut connection).await);
    let outcome = match migrate::pending(url).await {
        Ok(pending) if pending.is_empty() => Ok("the newest".to_owned()),
        Ok(pending) => Err(format!("{} to run: thuocdo migrate", pending.len())),
        Err(error) => Err(error.to_string()),
    };
    findings.push(Finding { name: "migrations", outcome });
    findings
}

async fn server_findings(connection: &mut AsyncPgConnection, clock: &Clock) -> Vec<Finding> {
    let query =
        "SELECT current_setting('server_version_num')::int / 10000 AS version, clock_timestamp() AS now";
    let facts: ServerFacts = match diesel::sql_query(query).get_result(connection).await {
        Ok(facts) => facts,
        Err(error) => {
            return vec![Finding { name: "server", outcome: Err(error.to_string()) }];
        }
    };
    let version = if facts.version >= MINIMUM_POSTGRES {
        Ok(format!("Postgres {}", facts.version))
    } else {
        Err(format!("Postgres {}; {MINIMUM_POSTGRES} or newer is needed", facts.version))
    };
    let difference = (clock.now() - facts.now).num_seconds().abs();
    let clock = if difference <= CLOCK_TOLERANCE {
        Ok(format!("{difference} s from the database's"))
    } else {
        Err(format!("{difference} s from the database's: tokens of one replica would not be good on another"))
    };
    vec![Finding { name: "server", outcome: version }, Finding { name: "clock", outcome: clock }]
}

/// Settings by which a server's log would hold values of statements, and what they should be.
const DISCREET: &str = "SELECT string_agg(s.name || ' = ' || s.setting || ' (better: ' || d.good || ')', ', ') AS found \
     FROM (VALUES ('log_error_verbosity', 'terse'), ('log_min_error_statement', 'panic'), ('log_statement', 'none'), \
         ('log_min_duration_statement', '-1'), ('log_parameter_max_length', '0'), \
         ('log_parameter_max_length_on_error', '0'), ('lc_messages', 'C')) AS d (name, good) \
     JOIN pg_settings s USING (name) \
     WHERE s.setting <> d.good AND NOT (name = 'lc_messages' AND s.setting ~ '^(en|POSIX|C[.]|$)') \
         AND NOT (name = 'log_parameter_max_length' \
             AND current_setting('log_statement') = 'none' AND current_setting('log_min_duration_statement') = '-1')";

#[derive(QueryableByName)]
struct Indiscreet {
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    found: Option<String>,
}

/// Whether the server's log could come to hold personal data: advice, since the service works all the same.
async fn log_findings(connection: &mut AsyncPgConnection) -> Option<Finding> {
    let found: Indiscreet = diesel::sql_query(DISCREET).get_result(connection).await.ok()?;
    let detail = match found.found {
        None => "holds no values of statements".to_owned(),
        Some(settings) => format!("WARNING: may hold personal data, or speak no English: {settings}"),
    };
    Some(Finding { name: "server's log", outcome: Ok(detail) })
}

/// Whether a running service says it is ready (`http://host:port/health/ready`): the container's health check.
///
/// # Errors
/// In words, what came instead of 200.
pub async fn health(url: &str) -> anyhow::Result<()> {
    anyhow::ensure!(url.starts_with("http://"), "a health address starts with http://");
    // Asked every few seconds, on the same machine: neither a proxy nor the system's certificates have a part in it.
    let http = reqwest::Client::builder()
        .timeout(HEALTH_TIMEOUT)
        .redirect(Policy::none())
        .no_proxy()
        .tls_certs_only([])
        .build()?;
    let answer = http.get(url).send().await.with_context(|| format!("{url} does not answer"))?;
    let status = answer.status().as_u16();
    anyhow::ensure!(status == 200, "{url} answered {status}");
    Ok(())
}
