//! Between the service and Postgres: passes everything on in both directions, and keeps the statements that the service
//! sends (PostgreSQL documentation, "Frontend/Backend Protocol": the messages Parse, Bind and Query).

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use super::statement::{Param, Recording, Statement};

/// Times that a request is recorded: of these the shortest recording counts, since statements of the service's own,
/// which it sends once a second, can only make one longer.
pub const TIMES: usize = 5;

type Kept = Arc<Mutex<Vec<Statement>>>;

/// A recorder that listens until it is dropped.
pub struct Recorder {
    url: String,
    kept: Kept,
    listening: tokio::task::JoinHandle<()>,
}

impl Recorder {
    /// Listen, for a database whose address is given.
    ///
    /// # Errors
    /// When the address has no host and port.
    pub async fn start(database_url: &str) -> anyhow::Result<Self> {
        let config: tokio_postgres::Config = database_url.parse()?;
        let port = config.get_ports().first().copied().context("the port of the database")?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let own = listener.local_addr()?;
        let server = SocketAddr::from(([127, 0, 0, 1], port));
        let url = database_url.replace(&format!(":{port}/"), &format!(":{}/", own.port()));
        let kept = Kept::default();
        let keeping = kept.clone();
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let keeping = keeping.clone();
                tokio::spawn(async move {
                    // A connection that breaks is the business of its two ends.
                    let _ = pass(client, server, keeping).await;
                });
            }
        });
        Ok(Self { url, kept, listening })
    }

    /// Address of the database through the recorder.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The statements that were sent since the last time.
    pub fn take(&self) -> Recording {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        Recording { statements: std::mem::take(&mut *kept) }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn pass(client: TcpStream, server: SocketAddr, kept: Kept) -> anyhow::Result<()> {
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, mut to_client) = client.into_split();
    let (mut from_server, to_server) = server.into_split();
    let back = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let done = forward(from_client, to_server, &kept).await;
    back.abort();
    done
}

/// Pass on what the service sends, message by message.
async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, kept: &Kept) -> anyhow::Result<()> {
    let mut named: HashMap<Vec<u8>, (String, Vec<u32>)> = HashMap::new();
    let mut has_begun = false;
    loop {
        // The first messages (a request for TLS, the start) have no kind.
        let kind = if has_begun { Some(from.read_u8().await?) } else { None };
        let length = from.read_u32().await?;
        let mut body = vec![0; usize::try_from(length)?.saturating_sub(4)];
        from.read_exact(&mut body).await?;
        let mut message: Vec<u8> = kind.into_iter().collect();
        message.extend(length.to_be_bytes());
        message.extend_from_slice(&body);
        to.write_all(&message).await?;
        match kind {
            None => has_begun = is_start(&body),
            Some(kind) => keep(kind, &body, &mut named, kept),
        }
    }
}

/// Whether a message without a kind starts the session: it has the version 3.x of the protocol.
fn is_start(body: &[u8]) -> bool {
    body.starts_with(&[0, 3])
}

fn keep(kind: u8, body: &[u8], named: &mut HashMap<Vec<u8>, (String, Vec<u32>)>, kept: &Kept) {
    let mut reader = Reader(body);
    let statement = match kind {
        b'Q' => {
            let text = reader.text();
            Some(Statement { sql: text, types: Vec::new(), params: None })
        }
        b'P' => {
            let (name, sql) = (reader.name(), reader.text());
            let types = (0..reader.short()).map(|_| reader.number()).collect();
            named.insert(name, (sql, types));
            None
        }
        b'B' => {
            let _portal = reader.name();
            let name = reader.name();
            let formats: Vec<u16> = (0..reader.short()).map(|_| reader.short()).collect();
            let count = usize::from(reader.short());
            let params = (0..count).map(|place| {
                // No format: text. One: that of all.
                let of_all = formats.first().filter(|_| formats.len() == 1);
                let format = formats.get(place).or(of_all).copied().unwrap_or_default();
                Param { is_binary: format == 1, value: reader.value(), slots: Vec::new() }
            });
            let params = params.collect();
            named.get(&name).cloned().map(|(sql, types)| Statement { sql, types, params: Some(params) })
        }
        _ => None,
    };
    if let Some(statement) = statement {
        kept.lock().unwrap_or_else(PoisonError::into_inner).push(statement);
    }
}

/// Reads the parts of a message; of one that is shorter than it says, nothing.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// Bytes up to a zero.
    fn name(&mut self) -> Vec<u8> {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let name = self.0.get(..end).unwrap_or_default().to_vec();
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        name
    }

    fn text(&mut self) -> String {
        String::from_utf8_lossy(&self.name()).into_owned()
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        let taken = self.0.get(..length).unwrap_or_default().to_vec();
        self.0 = self.0.get(length..).unwrap_or_default();
        taken
    }

    fn short(&mut self) -> u16 {
        self.take(2).iter().fold(0, |number, byte| number << 8 | u16::from(*byte))
    }

    fn number(&mut self) -> u32 {
        self.take(4).iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
    }

    /// A value with its length before it; none for NULL.
    fn value(&mut self) -> Option<Vec<u8>> {
        let length = self.number().cast_signed();
        usize::try_from(length).ok().map(|length| self.take(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_kept_with_their_parameters() {
        let (mut named, kept) = (HashMap::new(), Kept::default());
        let parse = [b"s1\0SELECT $1, $2\0".as_slice(), &[0, 2, 0, 0, 0x0b, 0x86, 0, 0, 0, 25]].concat();
        keep(b'P', &parse, &mut named, &kept);
        let bind =
            [b"\0s1\0".as_slice(), &[0, 1, 0, 1, 0, 2, 0, 0, 0, 1, 9, 255, 255, 255, 255, 0, 0]].concat();
        keep(b'B', &bind, &mut named, &kept);
        keep(b'Q', b"COMMIT\0", &mut named, &kept);
        let statements = kept.lock().unwrap().clone();
        assert_eq!(statements.len(), 2);
        assert_eq!(
            (statements[0].sql.as_str(), statements[0].types.as_slice()),
            ("SELECT $1, $2", [2950, 25].as_slice())
        );
        let params = statements[0].params.clone().unwrap();
        assert!(params[0].is_binary && params[1].is_binary);
        assert_eq!((params[0].value.clone(), params[1].value.clone()), (Some(vec![9]), None));
        assert!(statements[1].params.is_none());
    }
}
