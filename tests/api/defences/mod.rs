//! What the service does against too much, too often, too slow, and against leaks.

mod browsers;
mod containers;
mod dependencies;
mod faults;
mod lost_connections;
mod rates;
mod requests;
mod secrets;
mod server_log;
