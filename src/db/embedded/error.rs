//! What can go wrong, in words that say what to do.

use std::path::PathBuf;

/// Why there is no private server.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No server programs, and no way to get them.
    #[error(
        "no Postgres {oldest} or newer was found{reason}: install it with its contrib modules, or set \
         DATABASE_URL to a server you have, or set THUOCDO_PG_BIN_DIR to the folder that holds initdb, pg_ctl \
         and postgres"
    )]
    NoPrograms {
        /// The oldest major version that will do.
        oldest: u32,
        /// What else was tried.
        reason: String,
    },
    /// Data of one major version cannot be read by another.
    #[error(
        "the data in {} was made by Postgres {made_by}, but only Postgres {found} is here: install Postgres \
         {made_by} beside it, or move the data with pg_upgrade",
        .data.display()
    )]
    OtherVersion {
        /// The folder with the data.
        data: PathBuf,
        /// Its major version.
        made_by: u32,
        /// The versions that were found.
        found: String,
    },
    /// Root's server runs as another account, which must be able to reach its data.
    #[error(
        "the user {account}, who runs Postgres for root, may not enter {}: choose another THUOCDO_DATA_DIR",
        .folder.display()
    )]
    ClosedFolder {
        /// The account that runs the server.
        account: String,
        /// The folder it cannot pass.
        folder: PathBuf,
    },
    /// There is a server for this data that does not let us in.
    #[error(
        "the private Postgres of {} runs but cannot be used ({reason}); its log ends with:\n{log}",
        .data.display()
    )]
    Unusable {
        /// The folder with the data.
        data: PathBuf,
        /// What it answered.
        reason: String,
        /// The last lines of its log.
        log: String,
    },
    /// A server program said no.
    #[error("{program} failed: {output}")]
    Program {
        /// Which program.
        program: String,
        /// What it printed, and the end of the server's log.
        output: String,
    },
    /// A server program took too long.
    #[error("{program} did not finish within {seconds} s")]
    TimedOut {
        /// Which program.
        program: String,
        /// How long it was given.
        seconds: u64,
    },
    /// A file or process could not be handled.
    #[error("could not {action}: {source}")]
    Io {
        /// What was being done.
        action: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The server refused a statement or a connection.
    #[error("the private Postgres refused: {}", reason(.0))]
    Sql(#[from] tokio_postgres::Error),
    /// The server did not answer in time.
    #[error("the private Postgres did not answer within {seconds} s")]
    NoAnswer {
        /// How long it was given.
        seconds: u64,
    },
}

impl EmbeddedError {
    pub(super) fn io(action: String, source: std::io::Error) -> Self {
        Self::Io { action, source }
    }
}

/// What the server said, where it said something: the error's own words leave that out.
fn reason(error: &tokio_postgres::Error) -> String {
    let said = error.as_db_error().map(ToString::to_string);
    said.or_else(|| std::error::Error::source(error).map(ToString::to_string))
        .unwrap_or_else(|| error.to_string())
}
