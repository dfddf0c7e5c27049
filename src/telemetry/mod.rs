//! Logs: for people on a terminal, JSON otherwise. Never logged: bodies, queries, tokens, passwords, names.

mod json;
mod out;
mod sink;

use std::io::IsTerminal;
use std::sync::{Arc, LazyLock};

use clap::ValueEnum;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use self::json::{Json, Members};
pub use self::sink::Batched;
use self::sink::{Lines, Sink};

/// Bytes of log lines that may wait for standard error; about fifteen thousand lines.
const ROOM: usize = 4 * 1024 * 1024;

/// Where all log lines go.
static SINK: LazyLock<Arc<Sink>> = LazyLock::new(|| {
    Sink::new(std::io::stderr(), ROOM, |lines| {
        tracing::warn!(lines, "log lines were lost: they could not be written, or not fast enough");
    })
});

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Start logging to standard error. A second call changes nothing.
pub fn start(filter: &str, format: LogFormat) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let is_terminal = std::io::stderr().is_terminal();
    let layer = fmt::layer().with_writer(Lines(SINK.clone())).with_ansi(is_terminal);
    let as_text = match format {
        LogFormat::Auto => is_terminal,
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let layer: Box<dyn Layer<Registry> + Send + Sync> = if as_text {
        layer.with_target(false).boxed()
    } else {
        layer.with_ansi(false).fmt_fields(Members).event_format(Json).boxed()
    };
    let started =
        tracing_subscriber::registry().with(layer).with(filter).with(filter_fn(keeps_secrets)).try_init();
    if let Err(error) = started {
        tracing::debug!(%error, "logging was started before");
    }
}

/// From now on a thread of its own writes the log lines, until the guard is dropped: then all of them are written. Before
/// and after, each line is written at once, so that a command that is interrupted loses none.
pub fn batched() -> Batched {
    SINK.batch()
}

/// Libraries write at DEBUG and TRACE what passes through them: the parameters of statements (password hashes, signing
/// keys), headers. No filter of the operator's turns that on.
fn keeps_secrets(line: &Metadata<'_>) -> bool {
    let ours = line.target() == "thuocdo" || line.target().starts_with("thuocdo::");
    ours || *line.level() <= Level::INFO
}

/// An error with its causes, in words.
pub fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |e| e.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// A message without the values that it quotes. Postgres quotes what it could not read after a colon, and names things
/// without one: `invalid input syntax for type date: "..."` beside `constraint "employees_email_key"`.
pub fn without_values(message: &str) -> String {
    let mut shown = String::new();
    let mut rest = message;
    while let Some((at, quote)) =
        [": \"", "value \"", "=("].iter().filter_map(|quote| rest.find(quote).map(|at| (at, *quote))).min()
    {
        let (before, quoted) = rest.split_at(at + quote.len());
        let end = if quote == "=(" { ')' } else { '"' };
        shown.push_str(before);
        shown.push_str("•••");
        rest = quoted.find(end).and_then(|end| quoted.get(end..)).unwrap_or_default();
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_are_left_out_and_names_stay() {
        for (message, shown) in [
            (
                "invalid input syntax for type date: \"Nguyễn An\"",
                "invalid input syntax for type date: \"•••\"",
            ),
            (
                "value \"0912\" is out of range for type integer",
                "value \"•••\" is out of range for type integer",
            ),
            ("Key (email)=(an@moit.gov.vn) already exists.", "Key (email)=(•••) already exists."),
            (
                "violates unique constraint \"employees_email_key\"",
                "violates unique constraint \"employees_email_key\"",
            ),
            ("syntax error: \"no end", "syntax error: \"•••"),
        ] {
            assert_eq!(without_values(message), shown);
        }
    }
}
