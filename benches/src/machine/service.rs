//! The service as it is delivered: token check, policy, validation, rate counts and request log on.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use thuocdo::access::{Actor, Role};
use thuocdo::clock::Clock;
use thuocdo::tokens::Keys;
use tokio::process::Command;
use tokio_postgres::Client;

use super::{Built, Program, free_address};

/// A running service.
pub struct Service {
    program: Program,
    /// Where it listens.
    pub address: SocketAddr,
    /// How long it took from its start until it was ready.
    pub started_in: Duration,
    keys: Keys,
}

/// An account as a token names it.
#[derive(Debug, Clone)]
pub struct Account(Actor);

impl Account {
    /// The account of a name.
    ///
    /// # Errors
    /// When there is none.
    pub async fn named(client: &Client, name: &str) -> anyhow::Result<Self> {
        let all = Self::matching(client, name).await?;
        all.into_iter().next().with_context(|| format!("there is no account {name}"))
    }

    /// The accounts whose name fits a pattern of `LIKE`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn matching(client: &Client, pattern: &str) -> anyhow::Result<Vec<Self>> {
        let statement =
            "SELECT a.id::text, a.username, a.employee_id::text, a.epoch, string_agg(DISTINCT r.role, ' '),
                (SELECT string_agg(u.id::text, ' ') FROM units u WHERE u.head_employee_id = a.employee_id)
            FROM accounts a JOIN role_assignments r ON r.account_id = a.id
            WHERE a.username LIKE $1 GROUP BY a.id ORDER BY a.username";
        let rows = client.query(statement, &[&pattern]).await?;
        rows.into_iter()
            .map(|row| {
                let (id, roles): (String, String) = (row.try_get(0)?, row.try_get(4)?);
                let (employee, units): (Option<String>, Option<String>) = (row.try_get(2)?, row.try_get(5)?);
                let roles = roles.split(' ').filter_map(|role| role.parse::<Role>().ok()).collect();
                let units = units.unwrap_or_default();
                Ok(Self(Actor {
                    id: id.parse()?,
                    name: row.try_get(1)?,
                    roles,
                    unit_ids: units.split(' ').filter_map(|unit| unit.parse().ok()).collect(),
                    employee_id: employee.map(|id| id.parse()).transpose()?,
                    epoch: Some(row.try_get(3)?),
                    token_id: thuocdo::clock::random_id(),
                    ..Actor::public()
                }))
            })
            .collect()
    }

    /// Who it is for the service.
    pub fn actor(&self) -> &Actor {
        &self.0
    }
}

impl Service {
    /// Start it on a database, and wait until it is ready. The background loop does not run: what it does once a minute
    /// would fall into some rounds and not into others.
    ///
    /// # Errors
    /// When it does not become ready.
    pub async fn start(built: &Built, url: &str, log_level: &str, folder: &Path) -> anyhow::Result<Self> {
        let address = free_address()?;
        let (pkcs8, key_file) = (key()?, folder.join(format!("key-{}.der", address.port())));
        std::fs::write(&key_file, &pkcs8)?;
        let mut command = Command::new(built.program("thuocdo"));
        command.env_clear().current_dir(folder);
        command.args(["serve", "--no-worker", "--listen", &address.to_string(), "--database-url", url]);
        // Callers are counted, and nobody is refused for asking often.
        command.args(["--rate-limit-factor", "10000", "--connections-per-address", "8192"]);
        command.args(["--log-format", "json", "--log", log_level, "--signing-key-file"]).arg(&key_file);
        let mut program = Program::start(command, &folder.join(format!("service-{}.log", address.port())))?;
        let started_in = program.ready(address, "/health/ready").await?;
        let keys = Keys::new(&pkcs8, &format!("http://{address}"))?;
        Ok(Self { program, address, started_in, keys })
    }

    /// Its process id.
    ///
    /// # Errors
    /// When it has ended.
    pub fn process(&self) -> anyhow::Result<u32> {
        self.program.process()
    }

    /// A request as an account, with a token that is good for ten minutes. `more` is further header lines, each with its
    /// end.
    ///
    /// # Errors
    /// When no token can be made.
    pub fn request(
        &self,
        account: &Account,
        method: &str,
        path: &str,
        more: &str,
        body: &str,
    ) -> anyhow::Result<Vec<u8>> {
        let now: DateTime<Utc> = Clock::system().now();
        let token = self.keys.sign(account.actor(), now)?;
        let length = if body.is_empty() && method == "GET" {
            String::new()
        } else {
            format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
        };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nAccept: */*\r\n{more}{length}\r\n",
            self.address
        );
        Ok([head.as_bytes(), body.as_bytes()].concat())
    }

    /// Stop it.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.program.stop().await
    }
}

/// A key in DER. A file of bytes that happen to be UTF-8 would be taken for PEM.
fn key() -> anyhow::Result<Vec<u8>> {
    loop {
        let key = Keys::generate_pkcs8()?;
        if std::str::from_utf8(&key).is_err() {
            return Ok(key);
        }
    }
}
