//! The background loop: what becomes due by itself. Safe in any number of replicas.

use std::time::Duration;

use crate::access::Gate;
use crate::administration::retention_rules;
use crate::error::Result;
use crate::evaluation::evaluations;

/// How often the loop looks.
const PERIOD: Duration = Duration::from_secs(60);

/// Run until the process ends.
pub async fn run(gate: Gate) {
    let mut timer = tokio::time::interval(PERIOD);
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        timer.tick().await;
        if let Err(error) = tick(&gate).await {
            tracing::warn!(%error, "background work failed; tried again in a minute");
        }
    }
}

/// One round.
///
/// # Errors
/// When the database cannot be reached.
pub async fn tick(gate: &Gate) -> Result<()> {
    gate.system("worker", async |tx| retention_rules::apply(tx).await).await?;
    gate.system("worker", async |tx| {
        let created = evaluations::schedule(tx).await?;
        if created > 0 {
            tracing::info!(created, "evaluations handed out");
        }
        Ok(())
    })
    .await
}
