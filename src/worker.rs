//! The background loop: what becomes due by itself. Safe in any number of replicas.

use std::time::Duration;

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;

use crate::access::Gate;
use crate::db::schema::{idempotency_keys, rate_counts};
use crate::error::Result;
use crate::evaluation::evaluations;
use crate::http::limits::{IDEMPOTENCY_KEPT, RATE_SHARED_EVERY, RATE_WINDOW_SECONDS};

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

/// Share what this replica counted with the others, until the process ends: every replica does, worker or not.
pub async fn share_rates(gate: Gate) {
    let mut timer = tokio::time::interval(RATE_SHARED_EVERY);
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        timer.tick().await;
        let shared = gate.share_rates().await;
        // Once, not every second.
        if let (Err(error), false) = (&shared, failing) {
            tracing::warn!(%error, "rate limits are not shared with other replicas for now");
        }
        failing = shared.is_err();
    }
}

/// One round.
///
/// # Errors
/// When the database cannot be reached.
pub async fn tick(gate: &Gate) -> Result<()> {
    gate.system("worker", async |tx| {
        let expired = tx.now - IDEMPOTENCY_KEPT;
        diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(expired)))
            .execute(tx.conn())
            .await?;
        // The last window may still be told of by a replica whose clock is behind.
        let over = tx.now - chrono::Duration::seconds(2 * RATE_WINDOW_SECONDS);
        diesel::delete(rate_counts::table.filter(rate_counts::window_start.lt(over)))
            .execute(tx.conn())
            .await?;
        Ok(())
    })
    .await?;
    gate.system("worker", async |tx| {
        let created = evaluations::schedule(tx).await?;
        if created > 0 {
            tracing::info!(created, "evaluations handed out");
        }
        Ok(())
    })
    .await
}
