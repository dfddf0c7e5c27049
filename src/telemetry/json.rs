//! Log lines as JSON: an event's own members beside those of the request that it belongs to. The members of a request are
//! written down once, as text, and put into each of its lines as they are.

use std::fmt::{self, Debug, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// How members that libraries record through the `log` crate begin: where the line comes from, not what it says.
const FROM_LOG: &str = "log.";
/// Of those, the one that holds the true target.
const LOG_TARGET: &str = "log.target";

/// A line: when, how grave, what, where, and of which request.
pub struct Json;

impl<S> FormatEvent<S, Members> for Json
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, Members>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        writer.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut writer)?;
        write!(writer, "\",\"level\":\"{}\",", event.metadata().level())?;
        let mut members = Pairs::to(&mut writer);
        event.record(&mut members);
        let target = members.end()?;
        writer.write_str("\"target\":")?;
        text(&mut writer, target.as_deref().unwrap_or(event.metadata().target()))?;
        let span = event.parent().and_then(|id| ctx.span(id)).or_else(|| ctx.lookup_current());
        if let Some(span) = span {
            writer.write_str(",\"span\":{")?;
            if let Some(members) = span.extensions().get::<FormattedFields<Members>>() {
                writer.write_str(&members.fields)?;
            }
            writer.write_str("\"name\":")?;
            text(&mut writer, span.name())?;
            writer.write_char('}')?;
        }
        writer.write_str("}\n")
    }
}

/// Members as `"name":value,` one after the other.
pub struct Members;

impl<'w> FormatFields<'w> for Members {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut members = Pairs::to(&mut writer);
        fields.record(&mut members);
        members.end().map(drop)
    }
}

/// Writes members as they come.
struct Pairs<'a, 'w> {
    writer: &'a mut Writer<'w>,
    written: fmt::Result,
    target: Option<String>,
}

impl<'a, 'w> Pairs<'a, 'w> {
    fn to(writer: &'a mut Writer<'w>) -> Self {
        Self { writer, written: Ok(()), target: None }
    }

    /// The target that the `log` crate names, if one came by.
    fn end(self) -> Result<Option<String>, fmt::Error> {
        self.written.map(|()| self.target)
    }

    fn pair(&mut self, field: &Field, value: impl FnOnce(&mut Writer<'w>) -> fmt::Result) {
        if field.name().starts_with(FROM_LOG) || self.written.is_err() {
            return;
        }
        let name = field.name().strip_prefix("r#").unwrap_or(field.name());
        self.written = text(self.writer, name)
            .and_then(|()| self.writer.write_char(':'))
            .and_then(|()| value(self.writer))
            .and_then(|()| self.writer.write_char(','));
    }
}

impl Visit for Pairs<'_, '_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has neither infinity nor "not a number".
        self.pair(field, |to| if value.is_finite() { write!(to, "{value}") } else { to.write_str("null") });
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.pair(field, |to| write!(to, "{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.pair(field, |to| write!(to, "{value}"));
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.pair(field, |to| write!(to, "{value}"));
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.pair(field, |to| write!(to, "{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.pair(field, |to| write!(to, "{value}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == LOG_TARGET {
            self.target = Some(value.to_owned());
        }
        self.pair(field, |to| text(to, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.pair(field, |to| {
            to.write_char('"')?;
            write!(Escaped(to), "{value:?}")?;
            to.write_char('"')
        });
    }
}

/// A text between quotation marks.
fn text(to: &mut dyn Write, text: &str) -> fmt::Result {
    to.write_char('"')?;
    Escaped(to).write_str(text)?;
    to.write_char('"')
}

/// Writes what is between the quotation marks of a JSON text (RFC 8259, section 7).
struct Escaped<'a>(&'a mut dyn Write);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive(is_special) {
            let special = part.chars().next_back().filter(|c| is_special(*c));
            let Some(special) = special else {
                self.0.write_str(part)?;
                continue;
            };
            // Every special character is one byte long.
            self.0.write_str(part.get(..part.len() - 1).unwrap_or_default())?;
            match special {
                '"' => self.0.write_str("\\\"")?,
                '\\' => self.0.write_str("\\\\")?,
                '\n' => self.0.write_str("\\n")?,
                '\r' => self.0.write_str("\\r")?,
                '\t' => self.0.write_str("\\t")?,
                other => write!(self.0, "\\u{:04x}", u32::from(other))?,
            }
        }
        Ok(())
    }
}

fn is_special(c: char) -> bool {
    matches!(c, '"' | '\\' | '\u{0}'..='\u{1f}')
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::{fmt as lines, registry};

    use super::super::sink::{Lines, Sink};
    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// The lines that some work logs, without their time.
    fn logged(work: impl FnOnce()) -> Vec<Value> {
        let written = Written::default();
        let sink = Sink::new(written.clone(), 1 << 20, |_| ());
        let layer = lines::layer().with_writer(Lines(sink)).fmt_fields(Members).event_format(Json);
        tracing::subscriber::with_default(registry().with(layer), work);
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for line in &mut lines {
            let time = line.as_object_mut().unwrap().remove("timestamp").unwrap();
            assert!(time.as_str().unwrap().ends_with('Z'), "{time}");
        }
        lines
    }

    #[test]
    fn a_line_says_what_happened_and_in_which_request() {
        let lines = logged(|| {
            let callers: Option<&str> = None;
            let span = tracing::info_span!("request", id = "0199", callers, method = %"GET");
            tracing::info!(parent: &span, route = "/v1/units/{id}", status = 200_u16, ms = 1.5, "answered");
            span.in_scope(|| tracing::warn!(is_late = true, reason = ?"a \"b\"", "Chậm: \\ \n\u{1}"));
            tracing::error!(n = -3, none = f64::NAN, "alone");
        });
        let target = module_path!();
        let span = json!({"id": "0199", "method": "GET", "name": "request"});
        let expected = [
            json!({"level": "INFO", "message": "answered", "route": "/v1/units/{id}", "status": 200, "ms": 1.5,
                "target": target, "span": span}),
            json!({"level": "WARN", "message": "Chậm: \\ \n\u{1}", "is_late": true, "reason": "\"a \\\"b\\\"\"",
                "target": target, "span": span}),
            json!({"level": "ERROR", "message": "alone", "n": -3, "none": null, "target": target}),
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_line_of_the_log_crate_has_the_target_that_it_names() {
        let lines = logged(|| tracing::warn!(log.target = "tokio_postgres", log.line = 3, "gone"));
        assert_eq!(lines, [json!({"level": "WARN", "message": "gone", "target": "tokio_postgres"})]);
    }

    #[test]
    fn what_is_recorded_later_is_a_member_too() {
        let lines = logged(|| {
            let span = tracing::info_span!("work", first = 1, later = tracing::field::Empty);
            span.record("later", "x");
            span.in_scope(|| tracing::info!("done"));
        });
        assert_eq!(lines[0]["span"], json!({"first": 1, "later": "x", "name": "work"}));
    }
}
