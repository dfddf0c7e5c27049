//! The background loop: what becomes due by itself. Safe in any number of replicas.

use std::time::Duration;

use crate::administration::{audit_log, retention_rules};
use crate::effectiveness::corrective_actions::release_due;
use crate::effectiveness::{evaluation_plans, score_panels};
use crate::error::Result;
use crate::evaluation::evaluations::{self, waiting};
use crate::evaluation::quality_forms;
use crate::http::{Gate, rates};
use crate::identity;

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
    // First, so that nothing else's failure keeps the audit log unsealed.
    while gate.system("worker", async |tx| audit_log::seal(tx).await).await? {}
    gate.system("worker", async |tx| retention_rules::apply(tx).await).await?;
    gate.system("worker", async |tx| {
        rates::forget_over(tx).await?;
        identity::forget_old(tx).await
    })
    .await?;
    gate.system("worker", async |tx| {
        let created = evaluations::schedule(tx).await?;
        if created > 0 {
            tracing::info!(created, "evaluations handed out");
        }
        quality_forms::forget_over(tx).await
    })
    .await?;
    register(gate).await;
    write_down(gate).await?;
    while gate.system("worker", async |tx| release_due(tx, gate.keys()).await).await? > 0 {}
    if gate.system("worker", async |tx| score_panels::seal(tx).await).await? {
        tracing::info!("official scores of a quarter added up");
    }
    Ok(())
}

/// Register what evaluations are judged by, after the forms are handed out, which are part of it. What cannot be registered
/// keeps nothing else from being done.
async fn register(gate: &Gate) {
    loop {
        match gate.system("worker", async |tx| evaluation_plans::register(tx).await).await {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "evaluations that begin could not be registered; tried again in a minute");
                return;
            }
        }
    }
}

/// Write the anonymous answers to forms that are over, those to each in a transaction of their own.
async fn write_down(gate: &Gate) -> Result<()> {
    let mut unread = 0;
    for batch in gate.look(async |tx| waiting::closed(tx).await).await? {
        unread += gate.system("worker", async |tx| waiting::write_down(tx, gate.keys(), batch).await).await?;
    }
    if unread > 0 {
        tracing::warn!(
            unread,
            "anonymous answers cannot be opened: they were sealed by a secret that is not in \
             THUOCDO_ANSWER_SECRETS_FILE of this process; they stay, and figures wait for them for a week"
        );
    }
    Ok(())
}
