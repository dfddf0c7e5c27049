//! The harness: a service per test, people with tokens, answers checked against the OpenAPI document.

pub mod app;
pub mod browser;
pub mod client;
pub mod database;
pub mod killed;
pub mod process;
pub mod proxy;
pub mod seed;

pub use app::TestApp;
