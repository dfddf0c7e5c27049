//! What the service does against too much, too often, too slow, and against leaks.

mod browsers;
mod rates;
mod requests;
mod secrets;
