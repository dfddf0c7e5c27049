//! The demo ministry: what it consists of, what its courses are seen to do, and which databases it refuses.

mod browser;
mod databases;
mod examples;
mod ministry;
mod registered;
mod sentences;
mod through_the_api;
mod verdicts;

use thuocdo::demo::{self, Outcome};

use crate::support::TestApp;
use crate::support::app::patient;

/// A service whose database holds the demo ministry.
pub async fn with_ministry() -> TestApp {
    let app = TestApp::spawn_with(patient()).await;
    provide(&app, false).await;
    app
}

async fn provide(app: &TestApp, fresh: bool) -> Outcome {
    demo::provide(&app.gate, demo::SEED, fresh, &mut |_| {}).await.expect("a ministry")
}
