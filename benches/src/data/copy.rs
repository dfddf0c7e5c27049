//! Rows written by binary COPY, the fastest way into a table that keeps every constraint and trigger.

use std::pin::Pin;

use anyhow::Context;
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use futures::SinkExt;
use tokio_postgres::{Client, CopyInSink};
use uuid::Uuid;

/// What every binary COPY begins with: signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What it ends with.
const TRAILER: i16 = -1;
/// Bytes that are sent at once.
const PIECE: usize = 256 * 1024;
/// Seconds from 1970-01-01 to 2000-01-01, from which Postgres counts.
const POSTGRES_EPOCH: i64 = 946_684_800;
/// Object identifier of the type `text`.
const TEXT: i32 = 25;

/// A value of a column.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// None.
    Null,
    /// `uuid`.
    Id(Uuid),
    /// `text`.
    Text(&'a str),
    /// `jsonb`, as JSON.
    Json(&'a str),
    /// `text[]`.
    Texts(&'a [&'a str]),
    /// `int`.
    Int(i32),
    /// `smallint`.
    Small(i16),
    /// `double precision`.
    Float(f64),
    /// `boolean`.
    Bool(bool),
    /// `date`.
    Day(NaiveDate),
    /// `timestamptz`.
    At(DateTime<Utc>),
}

macro_rules! value_from {
    ($($kind:ty => $variant:ident),+ $(,)?) => {
        $(impl From<$kind> for Value<'_> {
            fn from(value: $kind) -> Self {
                Self::$variant(value)
            }
        })+
    };
}
value_from! {
    Uuid => Id, i32 => Int, i16 => Small, f64 => Float, bool => Bool, NaiveDate => Day,
    DateTime<Utc> => At,
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Value<'_> {
    /// The value with its length before it, as binary COPY has it.
    fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend((-1_i32).to_be_bytes()),
            Self::Id(id) => sized(out, id.as_bytes()),
            Self::Text(text) => sized(out, text.as_bytes()),
            Self::Json(json) => {
                length(out, json.len() + 1);
                // The version of the format.
                out.push(1);
                out.extend(json.as_bytes());
            }
            Self::Texts(texts) => {
                length(out, 20 + texts.iter().map(|text| 4 + text.len()).sum::<usize>());
                // One dimension, no nulls, elements of type text, so many from the first on.
                let count = i32::try_from(texts.len()).unwrap_or_default();
                for number in [1, 0, TEXT, count, 1] {
                    out.extend(number.to_be_bytes());
                }
                texts.iter().for_each(|text| sized(out, text.as_bytes()));
            }
            Self::Int(number) => sized(out, &number.to_be_bytes()),
            Self::Small(number) => sized(out, &number.to_be_bytes()),
            Self::Float(number) => sized(out, &number.to_be_bytes()),
            Self::Bool(is) => sized(out, &[u8::from(is)]),
            Self::Day(day) => {
                let seconds = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() - POSTGRES_EPOCH;
                let days = i32::try_from(seconds / 86_400).unwrap_or_default();
                sized(out, &days.to_be_bytes());
            }
            Self::At(at) => {
                sized(out, &(at.timestamp_micros() - POSTGRES_EPOCH * 1_000_000).to_be_bytes());
            }
        }
    }
}

fn length(out: &mut Vec<u8>, bytes: usize) {
    out.extend(i32::try_from(bytes).unwrap_or_default().to_be_bytes());
}

fn sized(out: &mut Vec<u8>, bytes: &[u8]) {
    length(out, bytes.len());
    out.extend(bytes);
}

/// A COPY into one table that is under way.
pub struct Copy {
    sink: Pin<Box<CopyInSink<Bytes>>>,
    waiting: Vec<u8>,
    table: String,
}

impl Copy {
    /// Begin to write some columns of a table.
    ///
    /// # Errors
    /// When there is no such table or column.
    pub async fn begin(client: &Client, table: &str, columns: &[&str]) -> anyhow::Result<Self> {
        let statement = format!("COPY {table} ({}) FROM STDIN (FORMAT binary)", columns.join(", "));
        let sink = client.copy_in(statement.as_str()).await.with_context(|| statement.clone())?;
        Ok(Self { sink: Box::pin(sink), waiting: HEADER.to_vec(), table: table.to_owned() })
    }

    /// Write a row: a value for each of the columns.
    ///
    /// # Errors
    /// When Postgres refuses an earlier row or does not answer.
    pub async fn row(&mut self, values: &[Value<'_>]) -> anyhow::Result<()> {
        self.waiting.extend(i16::try_from(values.len())?.to_be_bytes());
        values.iter().for_each(|value| value.write(&mut self.waiting));
        if self.waiting.len() >= PIECE { self.send().await } else { Ok(()) }
    }

    async fn send(&mut self) -> anyhow::Result<()> {
        let piece = Bytes::from(std::mem::take(&mut self.waiting));
        self.sink.send(piece).await.with_context(|| format!("COPY {}", self.table))
    }

    /// End it; gives the number of rows.
    ///
    /// # Errors
    /// When Postgres refuses a row: then none is written.
    pub async fn finish(mut self) -> anyhow::Result<u64> {
        self.waiting.extend(TRAILER.to_be_bytes());
        self.send().await?;
        self.sink.as_mut().finish().await.with_context(|| format!("COPY {}", self.table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: Value<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        value.write(&mut out);
        out
    }

    #[test]
    fn values_are_written_as_postgres_reads_them() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(written(Value::from(day("2000-01-02"))), [0, 0, 0, 4, 0, 0, 0, 1]);
        assert_eq!(written(Value::from(day("1999-12-31"))), [0, 0, 0, 4, 255, 255, 255, 255]);
        assert_eq!(written(Value::from("Đỗ")).len(), 4 + 5);
        assert_eq!(written(None::<i32>.into()), [255; 4]);
        assert_eq!(written(Value::Json("{}")), [0, 0, 0, 3, 1, b'{', b'}']);
        assert_eq!(written(Value::Texts(&["a", "bc"])).len(), 4 + 20 + 5 + 6);
    }
}
