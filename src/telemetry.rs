//! Logs: for people on a terminal, JSON otherwise. Never logged: bodies, queries, tokens, passwords, names.

use std::io::IsTerminal;

use clap::ValueEnum;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

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
    let layer = fmt::layer().with_writer(std::io::stderr).with_ansi(is_terminal);
    let as_text = match format {
        LogFormat::Auto => is_terminal,
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let layer: Box<dyn Layer<Registry> + Send + Sync> = if as_text {
        layer.with_target(false).boxed()
    } else {
        layer.json().flatten_event(true).with_current_span(true).boxed()
    };
    let started =
        tracing_subscriber::registry().with(layer).with(filter).with(filter_fn(keeps_secrets)).try_init();
    if let Err(error) = started {
        tracing::debug!(%error, "logging was started before");
    }
}

/// Libraries write at DEBUG and TRACE what passes through them: the parameters of statements (password hashes, signing
/// keys), headers. No filter of the operator's turns that on.
fn keeps_secrets(line: &Metadata<'_>) -> bool {
    let ours = line.target() == "thuocdo" || line.target().starts_with("thuocdo::");
    ours || *line.level() <= Level::INFO
}
