use chrono::{Days, NaiveDate};

use super::model::{QUARTERS, Scored, cohorts, goes_on};
use super::queries;
use crate::db::Tx;
use crate::effectiveness::measures::{quarter_end, quarter_start, quarters_before};
use crate::effectiveness::release::LAST_DAYS;
use crate::error::Result;

/// Seal the newest quarter whose scores are there, if it is newer than what was sealed, and add everything up. Whether there
/// was one. Every replica may do so at any time: they take turns.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] when another replica takes too long.
pub async fn seal(tx: &mut Tx<'_>) -> Result<bool> {
    let running = quarter_start(tx.today());
    let over = || (1..=QUARTERS).map(|back| quarters_before(running, back));
    let newest = queries::newest(tx).await?;
    if over().next() == newest {
        return Ok(false);
    }
    tx.lock("score panels").await?;
    let newest = queries::newest(tx).await?;
    for last in over().take_while(|quarter| newest.is_none_or(|newest| *quarter > newest)) {
        if is_ready(tx, last).await? {
            add_up(tx, last).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether nothing more is waited for: everybody is rated, or time is up and enough people are. With hardly any scores a
/// quarter would take the place of the last good report.
async fn is_ready(tx: &mut Tx<'_>, quarter: NaiveDate) -> Result<bool> {
    let end = quarter_end(quarter);
    if queries::is_rated(tx, quarter - Days::new(1), end).await? {
        return Ok(true);
    }
    if tx.today() < end + Days::new(LAST_DAYS) {
        return Ok(false);
    }
    let before = queries::people_scored(tx, quarters_before(quarter, 1)).await?;
    Ok(goes_on(Some(before), queries::people_scored(tx, quarter).await?))
}

async fn add_up(tx: &mut Tx<'_>, last: NaiveDate) -> Result<()> {
    let mut quarters: Vec<Scored> = Vec::new();
    for back in 0..QUARTERS {
        let scores = queries::scored(tx, quarters_before(last, back)).await?;
        if !goes_on(quarters.first().map(Vec::len), scores.len()) {
            break;
        }
        quarters.push(scores);
    }
    quarters.reverse();
    let found = u32::try_from(quarters.len()).unwrap_or(QUARTERS);
    // Where nobody is rated, that is known of the last one, and need not be looked for again.
    let first = quarters_before(last, found.saturating_sub(1));
    let earlier = QUARTERS.saturating_sub(found);
    let regime_change = earlier > 0
        && queries::is_rated_otherwise(tx, quarters_before(first, earlier), first - Days::new(1)).await?;
    let attended = queries::attended(tx, quarter_end(last)).await?;
    queries::insert(tx, [first, last], regime_change, &cohorts(first, &quarters, &attended)).await
}
