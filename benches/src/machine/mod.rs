//! Programs that are built and started, and what they take of processor and memory.

mod peers;
mod postgres;
mod process;
mod program;
mod service;

use std::net::SocketAddr;

pub use peers::Peer;
pub use postgres::Postgres;
pub use process::{Memory, family, machine, processor_time};
pub use program::{Built, Program, ready};
pub use service::{Account, Service};

/// An address of this machine that nobody listens on.
///
/// # Errors
/// When the machine has no port left.
pub fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// How many processor cores there are: as many workers have the servers that are compared.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}
