//! Exports: any number of lines, one JSON document each, sent while they are read.
//!
//! * The time is limited for each part, not for the whole: for reading a page from the database, and for the client to
//!   take a piece. Who reads slowly gets everything; who stops reading is dropped.
//! * Memory holds one page and two pieces, whatever the length. No connection to the database is held between pages.
//! * The last line says that it is the last (`"end": true`) and how many came before. After a fault there is none, and the
//!   transfer ends broken off, not in order: a client can distinguish a whole file from a part of one.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Bytes;
use futures::stream::unfold;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::error::{Error, Result};

/// Media type of an export: one JSON document a line.
pub const NDJSON: &str = "application/x-ndjson";
/// Bytes that are sent at once.
const PIECE: usize = 16 * 1024;

/// Where the lines of an export go.
pub struct Lines {
    /// `None` is the end in order; a sender that goes without it broke off.
    sender: mpsc::Sender<Option<Bytes>>,
    waiting: Vec<u8>,
    patience: Duration,
    count: u64,
}

impl Lines {
    /// Send one line.
    ///
    /// # Errors
    /// [`Error::TimedOut`] when the client takes nothing for too long, or has gone.
    pub async fn send(&mut self, line: &impl Serialize) -> Result<()> {
        serde_json::to_writer(&mut self.waiting, line).map_err(Error::internal)?;
        self.waiting.push(b'\n');
        self.count += 1;
        if self.waiting.len() >= PIECE { self.flush().await } else { Ok(()) }
    }

    /// Lines so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Wait until everything so far was taken by the connection.
    ///
    /// # Errors
    /// As [`Lines::send`].
    pub async fn taken(&mut self) -> Result<()> {
        self.flush().await?;
        match timeout(self.patience, self.sender.reserve()).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(Error::TimedOut),
        }
    }

    async fn flush(&mut self) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::take(&mut self.waiting));
        match timeout(self.patience, self.sender.send(Some(piece))).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Error::TimedOut),
        }
    }

    /// Send what is left and the end, or break off.
    async fn end(mut self, done: Result<()>) {
        let done = match done {
            Ok(()) => self.flush().await,
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => drop(timeout(self.patience, self.sender.send(None)).await),
            Err(error) => tracing::warn!(%error, lines = self.count, "an export was broken off"),
        }
    }
}

/// An answer whose lines `write` sends. `patience` is how long the client may take for one piece.
pub fn lines(
    file: &str,
    patience: Duration,
    write: impl AsyncFnOnce(&mut Lines) -> Result<()> + 'static,
) -> HttpResponse {
    let (sender, receiver) = mpsc::channel(1);
    let mut lines = Lines { sender, waiting: Vec::new(), patience, count: 0 };
    actix_web::rt::spawn(async move {
        let done = write(&mut lines).await;
        lines.end(done).await;
    });
    let body = unfold(Some(receiver), async |receiver: Option<mpsc::Receiver<Option<Bytes>>>| {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(piece) => piece.map(|piece| (Ok(piece), Some(receiver))),
            None => Some((Err(Error::TimedOut), None)),
        }
    });
    HttpResponse::Ok()
        .content_type(NDJSON)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")))
        .streaming(Box::pin(body))
}
