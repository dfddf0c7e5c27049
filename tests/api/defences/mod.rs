//! What the service does against too much, too often, too slow, and against leaks.

mod browsers;
mod containers;
mod dependencies;
mod faults;
mod hostile;
mod lost_connections;
mod rates;
mod readers;
mod requests;
mod secrets;
mod server_log;
mod work;
