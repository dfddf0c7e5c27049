//! Clients: as many as are asked for, each on a connection of its own.
//!
//! They run in the runner's process, whose processor time is never counted: what is counted is that of the server's
//! processes and of Postgres (`machine::processor_time`). On few cores the clients still take time from what they measure,
//! on both sides alike, so that ratios of requests per second lie nearer to 1 than they would with clients elsewhere.

mod closed;
mod connection;
mod open;
mod round;

pub use closed::{Length, Target, closed};
pub use connection::{Answer, Connection};
pub use open::open;
pub use round::{Meter, Round, median, quantile};
