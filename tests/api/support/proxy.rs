//! A wire to the database that can be cut, reset, slowed down and silenced.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the wire does with what passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    Sound,
    /// Every piece comes so much later.
    Slow(Duration),
    /// Nothing comes through and nobody learns of it; connections of that time stay dead, new ones hang.
    Silent,
    /// Nothing comes through for now, and nothing is lost: as when the server's processes are stopped and go on later.
    Frozen,
    /// Connections are closed, new ones too.
    Cut,
    /// As cut, but by a reset in the middle of whatever passes.
    Reset,
}

/// A proxy before the test's Postgres; it ends with the test's runtime.
#[derive(Clone)]
pub struct Proxy {
    /// The database's address, by way of this wire.
    pub url: String,
    state: Arc<watch::Sender<Wire>>,
    /// How many connections were opened through it.
    pub opened: Arc<AtomicUsize>,
}

impl Proxy {
    pub async fn before(database_url: &str) -> Self {
        let (head, place) = database_url.rsplit_once('@').expect("a host");
        let (server, path) = place.split_once('/').expect("a database");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(watch::Sender::new(Wire::Sound));
        let opened = Arc::new(AtomicUsize::new(0));
        let (server, wires, count) = (server.to_owned(), state.clone(), opened.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(pass(client, server.clone(), wires.subscribe()));
            }
        });
        Self { url: format!("{head}@127.0.0.1:{port}/{path}"), state, opened }
    }

    pub fn turn(&self, wire: Wire) {
        self.state.send_replace(wire);
    }
}

async fn pass(mut client: TcpStream, server: String, mut wire: watch::Receiver<Wire>) {
    match thawed(&mut wire).await {
        Wire::Cut => return,
        Wire::Reset => return reset(&client),
        Wire::Silent => return stay_silent(client, None).await,
        Wire::Sound | Wire::Slow(_) | Wire::Frozen => {}
    }
    let Ok(mut upstream) = TcpStream::connect(&server).await else { return };
    let (mut up, mut down) = (vec![0; 16_384], vec![0; 16_384]);
    loop {
        tokio::select! {
            biased;
            _ = wire.changed() => {
                match thawed(&mut wire).await {
                    Wire::Cut => return,
                    Wire::Reset => return reset(&client),
                    Wire::Silent => return stay_silent(client, Some(upstream)).await,
                    Wire::Sound | Wire::Slow(_) | Wire::Frozen => {}
                }
            }
            read = client.read(&mut up) => {
                let Ok(n @ 1..) = read else { return };
                delay(&wire).await;
                if upstream.write_all(&up[..n]).await.is_err() { return }
            }
            read = upstream.read(&mut down) => {
                let Ok(n @ 1..) = read else { return };
                delay(&wire).await;
                if client.write_all(&down[..n]).await.is_err() { return }
            }
        }
    }
}

/// What the wire does, once it does anything.
async fn thawed(wire: &mut watch::Receiver<Wire>) -> Wire {
    let changed = wire.wait_for(|now| *now != Wire::Frozen).await.map(|now| *now);
    changed.unwrap_or(Wire::Cut)
}

async fn delay(wire: &watch::Receiver<Wire>) {
    let now = *wire.borrow();
    if let Wire::Slow(by) = now {
        tokio::time::sleep(by).await;
    }
}

/// Close so that the other side sees a reset, not an end.
fn reset(client: &TcpStream) {
    client.set_zero_linger().expect("a socket");
}

/// Keep both sides open, for good, and carry nothing: what the client sends is even taken.
async fn stay_silent(mut client: TcpStream, upstream: Option<TcpStream>) {
    let mut nothing = vec![0; 4096];
    while let Ok(1..) = client.read(&mut nothing).await {}
    // Not even the end is passed on.
    let _server_side = upstream;
    tokio::time::sleep(Duration::from_secs(60)).await;
}
