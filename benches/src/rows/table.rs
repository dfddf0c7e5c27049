//! The rows, with what they are held against, and what was found.

use std::collections::BTreeMap;
use std::fmt;

use crate::load::median;

/// A line of the table: a row, or a part of one that has several figures.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Number of the row, and a letter where it has several lines.
    pub key: &'static str,
    /// What is measured.
    pub what: &'static str,
    /// Unit behind the figures.
    pub unit: &'static str,
    /// What must be reached, what should be, and what would be remarkable; not a number where there is no such step.
    pub steps: [f64; 3],
    /// Whether a larger figure is better.
    pub more_is_better: bool,
}

impl Line {
    /// The highest of gate, goal and moonshot that a figure reaches.
    pub fn reached(&self, value: f64) -> &'static str {
        let reaches = |step: f64| if self.more_is_better { value >= step } else { value <= step };
        let names = ["gate", "goal", "moonshot"];
        let reached = self.steps.iter().zip(names).take_while(|(step, _)| reaches(**step)).last();
        reached.map_or("none", |(_, name)| name)
    }
}

const fn more(key: &'static str, what: &'static str, unit: &'static str, steps: [f64; 3]) -> Line {
    Line { key, what, unit, steps, more_is_better: true }
}

const fn less(key: &'static str, what: &'static str, unit: &'static str, steps: [f64; 3]) -> Line {
    Line { key, what, unit, steps, more_is_better: false }
}

/// Where nothing would be remarkable.
const NONE: f64 = f64::NAN;

/// All lines, in the order of the table. Row 16, the number of statements of a request, is a test of the service.
pub const LINES: [Line; 24] = [
    more("1", "one employee by id: requests per second against the bare server", "", [0.75, 0.90, 1.05]),
    more("2a", "the same against FastAPI and asyncpg", "x", [5.0, 8.0, 12.0]),
    more("2b", "the same against Django REST framework", "x", [20.0, 35.0, 60.0]),
    less("3", "server CPU of a single read against the bare server", "", [1.5, 1.2, 0.85]),
    more(
        "4",
        "list page of a unit's subtree (filter, second page, 50 rows) against the bare server",
        "",
        [0.8, 0.95, 1.2],
    ),
    less("5a", "that list with 100 times the employees: median time of an answer", "", [3.0, 1.4, 1.15]),
    less("5b", "page 1,000 of a list against page 1: median time of an answer", "", [1.2, 1.1, NONE]),
    less(
        "6",
        "search for a name of three words: CPU of Postgres against a plain LIKE under a trigram index",
        "",
        [0.5, 0.25, 0.1],
    ),
    more(
        "7a",
        "submit an evaluation: per second against the same statements without HTTP",
        "",
        [0.6, 0.85, 0.95],
    ),
    less("7b", "the same: server CPU", " ms", [0.6, 0.25, 0.18]),
    more("8", "the same with all writers on one institute, against writers on many", "", [0.5, 0.8, 0.95]),
    less(
        "9a",
        "effectiveness of all institutes with ten times the answers: median time of an answer",
        "",
        [1.5, 1.2, 1.05],
    ),
    less(
        "9b",
        "the same: largest difference of a mean change to that of the raw rows, points",
        "",
        [0.0, 0.0, 0.0],
    ),
    less(
        "11",
        "import of all employees over HTTP: time against binary COPY into the same table",
        "",
        [2.0, 1.5, 1.2],
    ),
    less("12a", "export of the audit log as NDJSON: time against COPY of row_to_json", "", [1.0, 0.6, 0.4]),
    less("12b", "the same: memory beside that of the idle service", " MiB", [16.0, 8.0, 4.0]),
    less("13a", "resident memory, idle", " MiB", [32.0, 16.0, 8.0]),
    less("13b", "resident memory with 256 clients", " MiB", [96.0, 48.0, 24.0]),
    less("13c", "time from start to ready", " ms", [500.0, 150.0, 50.0]),
    less(
        "14a",
        "ten times the load it can bear: p99 of accepted requests against p99 at 0.8 of that load",
        "",
        [5.0, 2.0, 1.5],
    ),
    less("14b", "the same: answers other than success, 429 and 503", "", [0.0, 0.0, 0.0]),
    less("15a", "restart of Postgres under load: acknowledged writes that are lost", "", [0.0, 0.0, 0.0]),
    less("15b", "the same: time until 99 of 100 requests succeed", " s", [10.0, 2.0, 0.5]),
    more("17", "one employee by id with everything on against everything off", "", [0.75, 0.90, 0.97]),
];

/// What a line came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was measured.
    Measured {
        /// The figure that is held against gate, goal and moonshot.
        value: f64,
        /// Smallest and largest ratio of all pairs of rounds, where there are several.
        range: Option<(f64, f64)>,
        /// What the sides came to, in absolute figures.
        sides: String,
    },
    /// It was not measured, and why.
    Not(String),
}

impl Outcome {
    /// The median of some ratios, with the smallest and the largest.
    pub fn ratios(ratios: &[f64], sides: impl Into<String>) -> Self {
        let range = (
            ratios.iter().copied().fold(f64::INFINITY, f64::min),
            ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        );
        Self::Measured { value: median(ratios.iter().copied()), range: Some(range), sides: sides.into() }
    }

    /// A figure without rounds.
    pub fn of(value: f64, sides: impl Into<String>) -> Self {
        Self::Measured { value, range: None, sides: sides.into() }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Measured { value, sides, .. } => write!(f, "{value:.3} ({sides})"),
            Self::Not(reason) => write!(f, "not measured: {reason}"),
        }
    }
}

/// What was found, by key.
pub type Outcomes = BTreeMap<&'static str, Outcome>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_reaches_the_highest_step_that_it_meets() {
        let line = |key: &str| LINES.iter().find(|line| line.key == key).unwrap();
        assert_eq!(line("1").reached(0.8), "gate");
        assert_eq!(line("1").reached(2.0), "moonshot");
        assert_eq!(line("3").reached(1.6), "none");
        assert_eq!(line("3").reached(1.0), "goal");
        assert_eq!(line("15a").reached(0.0), "moonshot");
        assert_eq!(line("1").reached(f64::NAN), "none");
    }

    #[test]
    fn keys_are_unique() {
        let mut keys: Vec<&str> = LINES.iter().map(|line| line.key).collect();
        keys.dedup();
        assert_eq!(keys.len(), LINES.len());
    }
}
