//! Making the data, starting a server on it, and recognising one that runs already.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

use super::account::Account;
use super::error::EmbeddedError;
use super::files::{Files, try_exclusive};
use super::programs::{Programs, run};

/// The superuser, who made the data.
pub(super) const USER: &str = "thuocdo";
const INITDB_LIMIT: Duration = Duration::from_secs(120);
const START_LIMIT: Duration = Duration::from_secs(60);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How often another port is tried when one was taken between the choice and the start.
const PORT_TRIES: usize = 5;

const EVERY_SERVER: [&str; 15] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "ssl=off",
    "shared_buffers=128MB",
    "jit=off",
    "timezone=UTC",
    "log_checkpoints=off",
    // Nothing of what is stored enters the log: no statement, no parameter, no DETAIL with the values of a key, and no
    // refused statement's message either, which may quote a value. The service logs its own faults.
    "log_error_verbosity=terse",
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_statement=none",
    "log_min_duration_statement=-1",
    "log_duration=off",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
];
const DURABLE: [&str; 3] = ["max_connections=100", "random_page_cost=1.1", "effective_cache_size=512MB"];
const THROWAWAY: [&str; 6] = [
    "max_connections=300",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
];

/// How a private server is tuned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// For data that must survive a power cut; small enough for two cores.
    Durable,
    /// For tests: fast, many connections, lost when the machine stops.
    Throwaway,
}

/// What is at hand while the start lock is held.
pub(super) struct Starter<'a> {
    pub(super) files: &'a Files,
    pub(super) programs: &'a Programs,
    pub(super) account: Option<&'a Account>,
}

impl Starter<'_> {
    /// The port of the server that runs on our data, if one does; what a dead one left behind is removed.
    pub(super) async fn running(&self, users: &File) -> Result<Option<u16>, EmbeddedError> {
        if self.files.made_by().is_some() {
            // Without it no wait helps.
            self.files.password()?;
        }
        let end = Instant::now() + START_LIMIT;
        while let Some(found) = self.files.postmaster() {
            let mut hopeless = false;
            let refused = match found.port {
                Some(port) => match self.reach(port).await {
                    Ok(true) => {
                        tracing::debug!(port, "joined the running private Postgres");
                        return Ok(Some(port));
                    }
                    Ok(false) => "another server answers on its port".to_owned(),
                    Err(e) => {
                        hopeless = wrong_password(&e);
                        e.to_string()
                    }
                },
                None => "it has no port yet".to_owned(),
            };
            let unusable = || EmbeddedError::Unusable {
                data: self.files.data.clone(),
                reason: refused,
                log: self.files.log_tail(),
            };
            if self.files.is_ours(found.pid) {
                // It may be starting, recovering or stopping.
                if hopeless || Instant::now() > end {
                    return Err(unusable());
                }
            } else if try_exclusive(users)? {
                let left = users
                    .unlock()
                    .map_err(|e| EmbeddedError::io("unlock the private Postgres".to_owned(), e));
                return left.and_then(|()| self.files.remove_postmaster()).map(|()| None);
            } else {
                // Its users live: it may run where we cannot see it, in another container.
                return Err(unusable());
            }
            sleep(Duration::from_millis(100)).await;
        }
        Ok(None)
    }

    /// Whether the server on this port is ours, by its password and its data.
    async fn reach(&self, port: u16) -> Result<bool, EmbeddedError> {
        let client = connect(port, &self.files.password()?, "postgres").await?;
        let row = client.query_one("SELECT current_setting('data_directory')", &[]).await?;
        let data: String = row.try_get(0)?;
        Ok(Path::new(&data) == self.files.data)
    }

    /// Start a server, on new data if there is none, and give its port.
    pub(super) async fn launch(&self, durability: Durability) -> Result<u16, EmbeddedError> {
        if self.files.made_by().is_none() {
            self.make_data(durability).await?;
        }
        self.files.prepare_log(self.account)?;
        let mut tries = 0;
        loop {
            tries += 1;
            let port = self.files.choose_port()?;
            let seconds = START_LIMIT.as_secs().to_string();
            let mut start = self.programs.command("pg_ctl");
            start.args(["start", "-s", "-w", "-t", &seconds, "-D"]).arg(&self.files.data);
            start.arg("-l").arg(&self.files.log).args(["-o", &server_options(port, durability)]);
            match run(start, START_LIMIT + CONNECT_LIMIT).await {
                Ok(_) if self.reach(port).await? => return Ok(port),
                Err(EmbeddedError::Program { .. }) if tries < PORT_TRIES && self.port_was_taken() => {}
                Ok(_) => return Err(no_answer()),
                Err(e) => return Err(self.files.with_log(e)),
            }
        }
    }

    async fn make_data(&self, durability: Durability) -> Result<(), EmbeddedError> {
        tracing::info!("making a private Postgres {} in {}", self.programs.major, self.files.data.display());
        let password = self.files.make_password(self.account)?;
        // Text is ordered by its bytes; but case and letters are Unicode's, or `lower('Đ')` would stay `Đ`.
        let mut made = Ok(String::new());
        for classes in [Some("--lc-ctype=C.UTF-8"), None] {
            let fresh = self.files.new_data(self.account)?;
            let mut initdb = self.programs.command("initdb");
            initdb
                .args(["--username", USER, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"])
                .args(classes);
            initdb.args(["--no-instructions", "--data-checksums"]);
            if durability == Durability::Throwaway {
                initdb.arg("--no-sync");
            }
            initdb.arg("--pwfile").arg(&password).arg("-D").arg(&fresh);
            made = run(initdb, INITDB_LIMIT).await;
            if made.is_ok() {
                let named = std::fs::rename(&fresh, &self.files.data);
                named.map_err(|e| EmbeddedError::io(format!("make {}", self.files.data.display()), e))?;
            }
            if !no_such_locale(&made) {
                break;
            }
        }
        let removed = std::fs::remove_file(&password);
        made?;
        removed.map_err(|e| EmbeddedError::io(format!("remove {}", password.display()), e))
    }

    fn port_was_taken(&self) -> bool {
        self.files.log_tail().contains("could not bind IPv4")
    }
}

fn no_such_locale(made: &Result<String, EmbeddedError>) -> bool {
    matches!(made, Err(EmbeddedError::Program { output, .. }) if output.contains("invalid locale"))
}

fn server_options(port: u16, durability: Durability) -> String {
    let own: &[&str] = match durability {
        Durability::Durable => &DURABLE,
        Durability::Throwaway => &THROWAWAY,
    };
    let settings = EVERY_SERVER.iter().chain(own).map(|setting| format!("-c {setting}"));
    settings.chain([format!("-p {port}")]).collect::<Vec<_>>().join(" ")
}

/// A connection of the superuser.
pub(super) async fn connect(port: u16, password: &str, database: &str) -> Result<Client, EmbeddedError> {
    let mut config = tokio_postgres::Config::new();
    config.host("127.0.0.1").port(port).user(USER).password(password).dbname(database);
    let Ok(connected) = timeout(CONNECT_LIMIT, config.connect(NoTls)).await else {
        return Err(no_answer());
    };
    let (client, connection) = connected?;
    tokio::spawn(connection);
    Ok(client)
}

fn no_answer() -> EmbeddedError {
    EmbeddedError::NoAnswer { seconds: CONNECT_LIMIT.as_secs() }
}

fn wrong_password(error: &EmbeddedError) -> bool {
    matches!(error, EmbeddedError::Sql(e) if e.code() == Some(&SqlState::INVALID_PASSWORD))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_is_private() {
        for durability in [Durability::Durable, Durability::Throwaway] {
            let options = server_options(40123, durability);
            assert!(
                options.contains("-c listen_addresses=127.0.0.1 -c unix_socket_directories= "),
                "{options}"
            );
            assert!(options.ends_with("-p 40123"), "{options}");
        }
        assert!(!server_options(1, Durability::Durable).contains("fsync"));
    }
}
