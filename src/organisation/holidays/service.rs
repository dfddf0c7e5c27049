use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use serde_json::json;
use uuid::Uuid;

use super::model::Holiday;
use super::queries;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::organisation::batch::{BatchCounts, RowFaults};

/// The holidays of a year (this one unless given), in order.
///
/// # Errors
/// A year that is none.
pub async fn list(tx: &mut Tx<'_>, year: Option<i32>) -> Result<(i32, Vec<Holiday>)> {
    let year = year.unwrap_or_else(|| tx.today().year());
    let wrong = || Error::field("?year", "out_of_range");
    let first = NaiveDate::from_ymd_opt(year, 1, 1).ok_or_else(wrong)?;
    let last = NaiveDate::from_ymd_opt(year, 12, 31).ok_or_else(wrong)?;
    Ok((year, queries::between(tx, first, last).await?))
}

/// Create or replace holidays by day; all or nothing, and safe to repeat.
///
/// # Errors
/// [`Error::Invalid`] for a day given twice.
pub async fn upsert(tx: &mut Tx<'_>, rows: Vec<Holiday>) -> Result<BatchCounts> {
    let mut faults = RowFaults::default();
    faults.refuse_duplicates("day", rows.iter().map(|h| h.day));
    faults.check()?;
    tx.lock("holidays batch").await?;
    let days: Vec<NaiveDate> = rows.iter().map(|h| h.day).collect();
    let known: HashMap<NaiveDate, Holiday> =
        queries::of_days(tx, &days).await?.into_iter().map(|h| (h.day, h)).collect();
    let mut counts = BatchCounts::default();
    let mut changed = Vec::new();
    for row in rows {
        match known.get(&row.day) {
            Some(holiday) if *holiday == row => {
                counts.unchanged += 1;
                continue;
            }
            Some(_) => counts.updated += 1,
            None => counts.created += 1,
        }
        changed.push(row);
    }
    if !changed.is_empty() {
        queries::upsert(tx, &changed).await?;
        let days: Vec<NaiveDate> = changed.iter().map(|h| h.day).collect();
        // Days have no id of their own.
        tx.emit("holidays.updated", Uuid::nil(), &json!({"days": days}));
    }
    Ok(counts)
}
