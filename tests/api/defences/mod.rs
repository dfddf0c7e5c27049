//! What the service does against too much, too often, too slow, and against leaks.

mod browsers;
mod dependencies;
mod hostile;
mod rates;
mod readers;
mod requests;
mod secrets;
mod work;
