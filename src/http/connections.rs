//! Connections: how many there are at once, and how long one may take to read what it asked for.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::limits::{PROGRESS_BYTES, WARNED_EVERY};
use super::{Defences, peer};

/// The connections of a server.
pub struct Connections {
    most: usize,
    most_of_one: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    total: usize,
    by_address: HashMap<String, usize>,
    warned: Option<Instant>,
}

impl Connections {
    /// As many as the settings allow.
    pub fn new(defences: &Defences) -> Arc<Self> {
        let (most, most_of_one) = (defences.connections, defences.connections_per_address());
        Arc::new(Self { most, most_of_one, open: Mutex::default() })
    }

    /// A place for one more, if there is one. It is free again when it is dropped.
    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = peer::network(address.to_canonical(), 0);
        let mut open = self.open();
        let of_one = open.by_address.get(&address).copied().unwrap_or_default();
        if open.total >= self.most || of_one >= self.most_of_one {
            // Once in a while: an attack must not fill the log as well.
            if open.warned.is_none_or(|at| at.elapsed() > WARNED_EVERY) {
                open.warned = Some(Instant::now());
                tracing::warn!(total = open.total, of_one, "too many connections; further ones are closed");
            }
            return None;
        }
        open.total += 1;
        open.by_address.insert(address.clone(), of_one + 1);
        drop(open);
        Some(Place { connections: self.clone(), address })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a connection.
pub struct Place {
    connections: Arc<Connections>,
    address: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        open.total = open.total.saturating_sub(1);
        let left = open.by_address.get(&self.address).map_or(0, |n| n.saturating_sub(1));
        if left == 0 {
            open.by_address.remove(&self.address);
        } else {
            open.by_address.insert(self.address.clone(), left);
        }
    }
}

/// A stream whose other end must keep reading: while something waits to be written, so many bytes must leave in each
/// period, or it ends.
pub struct Watched<T> {
    io: T,
    patience: Duration,
    /// End of the present period, while something waits.
    deadline: Option<Pin<Box<Sleep>>>,
    /// What left in this period, bytes.
    moved: usize,
    _place: Place,
}

impl<T> Watched<T> {
    /// Watch a stream.
    pub fn new(io: T, patience: Duration, place: Place) -> Self {
        Self { io, patience, deadline: None, moved: 0, _place: place }
    }

    /// Bytes left; `all` of what was there to write.
    fn progress(&mut self, bytes: usize, all: bool) {
        self.moved += bytes;
        if all || self.moved >= PROGRESS_BYTES {
            self.deadline = None;
            self.moved = 0;
        }
    }

    /// Nothing can leave now.
    fn stalled(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let patience = self.patience;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        match deadline.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_read(cx, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match Pin::new(&mut this.io).poll_write(cx, bytes) {
            Poll::Ready(Ok(written)) => {
                this.progress(written, written == bytes.len());
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => this.stalled(cx),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_address_and_given_back() {
        let defences = Defences { connections: 3, connections_per_address: Some(2), ..Defences::default() };
        let connections = Connections::new(&defences);
        let admit = |address: &str| connections.admit(address.parse().unwrap());
        let (a, b) = (admit("10.0.0.1").unwrap(), admit("::ffff:10.0.0.1").unwrap());
        assert!(admit("10.0.0.1").is_none(), "two are enough for one");
        let c = admit("10.0.0.2").unwrap();
        assert!(admit("10.0.0.3").is_none(), "three are enough for all");
        drop((a, c));
        let d = admit("10.0.0.1").unwrap();
        drop((b, d));
        assert!(connections.open().by_address.is_empty() && connections.open().total == 0);
    }

    #[test]
    fn behind_a_proxy_all_come_from_one_address() {
        let proxied = Defences { trusted_proxies: 1, ..Defences::default() };
        assert_eq!(proxied.connections_per_address(), proxied.connections);
        let direct = Defences::default();
        assert!(direct.connections_per_address() < direct.connections);
        let set = Defences { trusted_proxies: 1, connections_per_address: Some(7), ..Defences::default() };
        assert_eq!(set.connections_per_address(), 7);
    }
}
