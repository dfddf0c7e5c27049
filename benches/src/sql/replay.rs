//! Recorded statements sent again, without HTTP and without the service: the most that can be had from this SQL.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use bytes::BytesMut;
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Row};

use super::statement::{Recording, Statement};
use crate::load::{Length, Meter, Round};
use crate::machine::Postgres;

/// A connection that prepares each statement once.
pub struct Line {
    client: Client,
    prepared: HashMap<String, tokio_postgres::Statement>,
}

/// A parameter as it was recorded.
#[derive(Debug)]
struct Value {
    bytes: Option<Vec<u8>>,
    format: Format,
}

impl ToSql for Value {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let Some(bytes) = &self.bytes else { return Ok(IsNull::Yes) };
        out.extend_from_slice(bytes);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        match self.format {
            Format::Text => Format::Text,
            Format::Binary => Format::Binary,
        }
    }

    to_sql_checked!();
}

impl Line {
    /// A connection that has nothing prepared.
    pub fn new(client: Client) -> Self {
        Self { client, prepared: HashMap::new() }
    }

    /// Whether the connection has ended.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Send the statements of a recording with some values of its variables; gives the rows of the last that has any.
    ///
    /// # Errors
    /// When Postgres refuses one.
    pub async fn send(
        &mut self,
        recording: &Recording,
        variables: &[String],
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        let mut rows = Vec::new();
        for statement in &recording.statements {
            match &statement.params {
                None => self.client.batch_execute(&statement.sql).await?,
                Some(params) => {
                    let values = params.iter().map(|param| Value {
                        bytes: param.with(variables),
                        format: if param.is_binary { Format::Binary } else { Format::Text },
                    });
                    let values: Vec<Value> = values.collect();
                    let values: Vec<&(dyn ToSql + Sync)> =
                        values.iter().map(|v| v as &(dyn ToSql + Sync)).collect();
                    let prepared = self.prepared(statement).await?;
                    let found = self.client.query(&prepared, &values).await?;
                    if !found.is_empty() {
                        rows = found;
                    }
                }
            }
        }
        Ok(rows)
    }

    async fn prepared(
        &mut self,
        statement: &Statement,
    ) -> Result<tokio_postgres::Statement, tokio_postgres::Error> {
        if let Some(prepared) = self.prepared.get(&statement.sql) {
            return Ok(prepared.clone());
        }
        let types = statement.types.iter().map(|oid| Type::from_oid(*oid).unwrap_or(Type::UNKNOWN));
        let types: Vec<Type> = types.collect();
        let prepared = self.client.prepare_typed(&statement.sql, &types).await?;
        self.prepared.insert(statement.sql.clone(), prepared.clone());
        Ok(prepared)
    }
}

/// One round of a recording on some connections of the superuser, each time with the next values of its variables.
///
/// # Errors
/// When Postgres cannot be reached.
pub async fn limit(
    postgres: &Postgres,
    database: &str,
    recording: &Recording,
    values: &Arc<Vec<Vec<String>>>,
    connections: usize,
    length: Length,
) -> anyhow::Result<Round> {
    let mut lines = Vec::new();
    for _ in 0..connections {
        lines.push(Line::new(postgres.superuser(database).await?));
    }
    let (recording, sent) = (Arc::new(recording.clone()), Arc::new(AtomicU64::new(0)));
    let meter = Meter::start(None, postgres.process()?);
    let started = Instant::now();
    let clients = lines.into_iter().map(|line| {
        let (recording, values, sent) = (recording.clone(), values.clone(), sent.clone());
        tokio::spawn(async move { one(line, &recording, &values, length, started, &sent).await })
    });
    let mut round = Round::default();
    for client in clients.collect::<Vec<_>>() {
        round.add(client.await?);
    }
    Ok(meter.stop(round))
}

async fn one(
    mut line: Line,
    recording: &Recording,
    values: &[Vec<String>],
    length: Length,
    started: Instant,
    sent: &AtomicU64,
) -> Round {
    let mut round = Round::default();
    let none = Vec::new();
    while let Some(place) = length.next(started, sent) {
        let at = usize::try_from(place).unwrap_or_default() % values.len().max(1);
        let variables = values.get(at).unwrap_or(&none);
        let asked = Instant::now();
        let done = line.send(recording, variables).await;
        round.note(done.is_ok().then_some(200), asked.elapsed());
        if done.is_err() {
            // What is left of a transaction must not be in the way of the next.
            let _ = line.client.batch_execute("ROLLBACK").await;
        }
    }
    round
}
