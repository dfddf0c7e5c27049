use chrono::Days;

use super::model::{RULES, RetentionAction};
use super::queries;
use crate::db::Tx;
use crate::error::Result;

/// Delete what was kept long enough and goes by itself.
///
/// # Errors
/// When the database does not answer.
pub async fn apply(tx: &mut Tx<'_>) -> Result<()> {
    for rule in RULES.iter().filter(|rule| rule.action == RetentionAction::Deleted) {
        let Some(before) = rule.days.and_then(|days| tx.now.checked_sub_days(Days::new(days))) else {
            continue;
        };
        let deleted = queries::delete(tx, rule.kept, before).await?;
        if deleted > 0 {
            tracing::info!(what = rule.code(), deleted, "kept long enough");
        }
    }
    Ok(())
}
