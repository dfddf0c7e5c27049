//! One function for each row of the table, and the table itself.
//!
//! Everything that is compared is measured in rounds that alternate (A B A B …), so that a machine that slows down slows
//! both sides; what is reported is the median of the ratios of neighbouring rounds.

mod bulk;
mod compare;
mod edges;
mod growth;
mod reads;
mod report;
mod search;
mod stage;
mod table;
mod writes;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use thuocdo::clock::Clock;

pub use report::write;
pub use table::{LINES, Line, Outcome, Outcomes};

use crate::data::Size;
use crate::machine::{Built, Postgres};
use stage::Stage;

/// What the runner was asked for.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder of the private Postgres, of logs and of what is installed for the peers.
    pub folder: PathBuf,
    /// Profile in which the servers are built.
    pub profile: String,
    /// Employees of the data set.
    pub employees: u64,
    /// Rows of the table to measure.
    pub rows: Vec<u8>,
    /// Pairs of rounds that count.
    pub rounds: usize,
    /// Length of a round.
    pub time: Duration,
    /// Clients at once.
    pub connections: usize,
}

/// What all rows share.
pub struct Bench {
    /// What was asked for.
    pub settings: Settings,
    /// The database server.
    pub postgres: Postgres,
    /// The programs that are compared.
    pub built: Built,
}

impl Bench {
    /// The data set that most rows are measured on.
    pub fn size(&self) -> Size {
        Size::of(self.settings.employees)
    }

    /// Whether a row is to be measured.
    fn wants(&self, rows: &[u8]) -> bool {
        rows.iter().any(|row| self.settings.rows.contains(row))
    }
}

/// Say how far the runner is.
pub fn say(line: &str) {
    eprintln!("{} {line}", Clock::system().now().format("%H:%M:%S"));
}

/// What a row, or a part of it, came to; the reason where it could not be measured.
fn note(outcomes: &mut Outcomes, keys: &[&'static str], measured: anyhow::Result<Vec<Outcome>>) {
    match measured {
        Ok(found) => {
            for (key, outcome) in keys.iter().zip(found) {
                say(&format!("{key}: {outcome}"));
                outcomes.insert(*key, outcome);
            }
        }
        Err(error) => {
            let reason = format!("{error:#}");
            say(&format!("{}: not measured: {reason}", keys.join(", ")));
            outcomes.extend(keys.iter().map(|key| (*key, Outcome::Not(reason.clone()))));
        }
    }
}

/// Measure all rows that were asked for. A row that fails does not keep the others from being measured.
///
/// # Errors
/// When the data cannot be made or the servers do not start.
pub async fn measure(bench: &Bench) -> anyhow::Result<Outcomes> {
    let mut found = Outcomes::new();
    if bench.wants(&[1, 2, 3, 4, 6, 7, 8, 9, 12, 13, 14, 15, 17]) {
        let stage = Stage::open(bench, bench.size()).await.context("the stage")?;
        if bench.wants(&[1, 3]) {
            note(&mut found, &["1", "3"], reads::single(bench, &stage).await);
        }
        if bench.wants(&[2]) {
            note(&mut found, &["2a"], reads::fastapi(bench, &stage).await);
            note(&mut found, &["2b"], reads::django(bench, &stage).await);
        }
        if bench.wants(&[4]) {
            note(&mut found, &["4"], reads::list(bench, &stage).await);
        }
        if bench.wants(&[6]) {
            note(&mut found, &["6"], search::against_like(bench, &stage).await);
        }
        if bench.wants(&[7, 8]) {
            note(&mut found, &["7a", "7b", "8"], writes::submit(bench, &stage).await);
        }
        if bench.wants(&[12]) {
            note(&mut found, &["12a", "12b"], bulk::export(bench, &stage).await);
        }
        if bench.wants(&[13]) {
            note(&mut found, &["13a", "13b", "13c"], edges::footprint(bench, &stage).await);
        }
        if bench.wants(&[17]) {
            note(&mut found, &["17"], reads::stripped(bench, &stage).await);
        }
        if bench.wants(&[14]) {
            note(&mut found, &["14a", "14b"], edges::overload(bench, &stage).await);
        }
        if bench.wants(&[9]) {
            note(&mut found, &["9a", "9b"], growth::report(bench, &stage).await);
        }
        // Last, since every connection to the database breaks.
        if bench.wants(&[15]) {
            note(&mut found, &["15a", "15b"], edges::restart(bench, &stage).await);
        }
    }
    if bench.wants(&[5]) {
        note(&mut found, &["5a", "5b"], growth::lists(bench).await);
    }
    if bench.wants(&[11]) {
        note(&mut found, &["11"], bulk::import(bench).await);
    }
    Ok(found)
}
