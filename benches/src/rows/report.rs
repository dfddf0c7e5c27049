//! The table as a document.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use thuocdo::clock::Clock;

use super::table::{LINES, Line, Outcome, Outcomes};
use super::{Bench, Settings};
use crate::machine::machine;

/// What is written above the table.
const INTRODUCTION: &str = "# Performance

Written by the measurements in [`benches`](../benches/README.md), which says what the two sides of each comparison are and
what must not be concluded from it. Every figure that is held against a step is a ratio of rounds that alternate, or
processor time, or memory: absolute times depend on the machine and are given beside it as context.

*Bare server*: actix-web, tokio-postgres and a pool, which answers with the statements that the service sends and does
nothing else. *Without HTTP*: the same statements from a loop. The service runs complete, with token check, policy,
validation, rate counts and request log.
";

/// Write the document.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, bench: &Bench, found: &Outcomes, command: &str) -> anyhow::Result<()> {
    let mut text = format!("{INTRODUCTION}\n{}\n", circumstances(bench, command)?);
    text.push_str("| # | what | measured | gate | goal | moonshot | reached | from |\n|---|---|---|---|---|---|---|---|\n");
    for line in LINES {
        writeln!(text, "{}", row(&line, found.get(line.key)))?;
    }
    text.push_str(NOT_HERE);
    std::fs::write(path, text).with_context(|| format!("{}", path.display()))
}

/// What is written below the table.
const NOT_HERE: &str = "
\"Measured\" is the median of all pairs of rounds; in brackets the smallest and the largest ratio of a pair. Row 10 does not
exist. Row 16, the number of SQL statements of a request, is a test of the service and not of this table. \"Everything off\"
of row 17 is the service's own query on its own pool with the answer written straight from the row. The only list that is
exported as NDJSON is the audit log, so row 12 exports that; and import over HTTP (row 11) sends batches of 1,000 rows, each
of which is refused as a whole if one row is wrong, with the fault of every row.
";

fn circumstances(bench: &Bench, command: &str) -> anyhow::Result<String> {
    let Settings { profile, rounds, time, connections, .. } = &bench.settings;
    let now = Clock::system().now();
    let mut text = String::new();
    writeln!(text, "- Machine: {}", machine())?;
    writeln!(
        text,
        "- Postgres {}, the private one of the service, on the same machine",
        bench.postgres.version()
    )?;
    writeln!(text, "- Data: {}", bench.size())?;
    writeln!(
        text,
        "- Rounds: {rounds} pairs of {} s that count and one that does not, {connections} clients unless a row says \
         otherwise, in a process of their own on the same machine",
        time.as_secs_f64()
    )?;
    writeln!(text, "- Day: {}, commit {}, profile `{profile}`", now.format("%Y-%m-%d"), commit())?;
    writeln!(text, "- Command: `{command}`")?;
    Ok(text)
}

/// The commit that was measured, marked where something was changed since.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let short = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|status| !status.is_empty());
    if changed { format!("{short} with changes") } else { short }
}

fn row(line: &Line, outcome: Option<&Outcome>) -> String {
    let [gate, goal, moonshot] = line.steps.map(|step| format!("{}{}", number(step), line.unit));
    let (measured, reached, sides) = match outcome {
        Some(Outcome::Measured { value, range, sides }) => {
            let range = range.map(|(least, most)| format!(" ({} to {})", number(least), number(most)));
            let measured = format!("{}{}{}", number(*value), line.unit, range.unwrap_or_default());
            (measured, line.reached(*value), sides.clone())
        }
        Some(Outcome::Not(reason)) => ("not measured".to_owned(), "", reason.clone()),
        None => ("not measured".to_owned(), "", "not part of this run".to_owned()),
    };
    let cells =
        [line.key, line.what, &measured, &gate, &goal, &moonshot, reached, &sides.replace(['|', '\n'], " ")];
    format!("| {} |", cells.join(" | "))
}

/// A number with as many decimals as say something.
fn number(value: f64) -> String {
    match value.abs() {
        _ if value.is_nan() => "–".to_owned(),
        _ if value.fract() == 0.0 => format!("{value:.0}"),
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        0.01.. => format!("{value:.2}"),
        _ => format!("{value:.2e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_enough() {
        let shown = [0.0, 0.75, 1.0, 12.345, 345.6, 1.05, 0.001].map(number);
        assert_eq!(shown, ["0", "0.75", "1", "12.3", "346", "1.05", "1.00e-3"]);
    }

    #[test]
    fn a_line_says_what_was_found_or_why_nothing_was() {
        let line = LINES.iter().find(|line| line.key == "1").unwrap();
        let found = Outcome::Measured { value: 0.92, range: Some((0.9, 0.95)), sides: "a|b".to_owned() };
        assert!(
            row(line, Some(&found)).ends_with("| 0.92 (0.90 to 0.95) | 0.75 | 0.90 | 1.05 | goal | a b |")
        );
        assert!(row(line, None).contains("not measured"));
    }
}
