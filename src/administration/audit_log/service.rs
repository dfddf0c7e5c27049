use uuid::Uuid;

use super::chain::{self, Broken, Fault, Walk};
use super::digest::Digest;
use super::model::{Entry, Filter, LATEST, Report, Seal};
use super::queries;
use crate::db::Tx;
use crate::error::Result;
use crate::page::{Page, PageRequest};

/// Entries of a full seal.
const SEALED_AT_ONCE: usize = 1000;
/// Seals read at once, and about how many of their entries.
const SEALS: i64 = 500;
const LINKS: i64 = 5000;
/// Entries looked through at once for strangers.
const STRIDE: i64 = 100_000;
/// Entries of an export read at once.
const EXPORTED_AT_ONCE: i64 = 1000;

/// A page of the log, newest first; with each entry, whether it is sealed.
///
/// # Errors
/// When the database does not answer.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<(Entry, bool)>> {
    queries::list(tx, filter, page).await
}

/// How far an export goes: the newest entry; and the head of the chain at that moment. That somebody takes the log away is
/// itself an entry of it.
///
/// # Errors
/// As [`list`].
pub async fn begin_export(tx: &mut Tx<'_>, description: &str) -> Result<(i64, Digest)> {
    let last = queries::newest(tx).await?.unwrap_or_default();
    let head = queries::newest_seal(tx).await?.and_then(|seal| seal.digest.try_into().ok());
    tx.note_read("audit_log.exported", Uuid::nil(), description);
    Ok((last, head.map_or(Digest::GENESIS, Digest)))
}

/// How an export ended: with all its entries taken, or in the middle of them.
///
/// # Errors
/// As [`list`].
pub fn end_export(tx: &mut Tx<'_>, entries: u64, is_whole: bool) -> Result<()> {
    let kind = if is_whole { "audit_log.export_completed" } else { "audit_log.export_broken_off" };
    tx.note_read(kind, Uuid::nil(), &format!("entries={entries}"));
    Ok(())
}

/// The next part of an export, oldest first; empty at its end.
///
/// # Errors
/// As [`list`].
pub async fn export(tx: &mut Tx<'_>, filter: &Filter, after: i64, last: i64) -> Result<Vec<(Entry, bool)>> {
    queries::between(tx, filter, after, last, EXPORTED_AT_ONCE).await
}

/// Seal a batch of entries; says whether there may be more. Replicas take turns, writers wait for nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn seal(tx: &mut Tx<'_>) -> Result<bool> {
    tx.lock("audit seal").await?;
    let settled = queries::settled(tx, tx.now - LATEST).await?;
    let entries = queries::unsealed(tx, settled, i64::try_from(SEALED_AT_ONCE).unwrap_or(i64::MAX)).await?;
    let newest = queries::newest_seal(tx).await?;
    let Some((seal, places)) = chain::make_seal(newest.as_ref(), &entries, tx.now) else {
        return Ok(false);
    };
    queries::insert_seal(tx, &seal, &places).await?;
    Ok(entries.len() == SEALED_AT_ONCE)
}

/// Compute the chain anew, from the first seal to the newest. `noted` is a head that was noted earlier.
///
/// # Errors
/// When the database does not answer; what is wrong with the log itself is the inner result.
pub async fn verify(tx: &mut Tx<'_>, noted: Option<Digest>) -> Result<Result<Report, Broken>> {
    let mut walk = Walk::new();
    let mut found = (noted == Some(Digest::GENESIS)).then_some(0);
    loop {
        let seals = queries::seals_after(tx, walk.seal, SEALS).await?;
        let some = fitting(&seals);
        let (Some(first), Some(last)) = (some.first(), some.last()) else {
            break;
        };
        let links = queries::links(tx, first.number, last.number).await?;
        for seal in some {
            let start = links.partition_point(|l| l.place.seal < seal.number);
            let end = links.partition_point(|l| l.place.seal <= seal.number);
            if let Err(broken) = walk.step(seal, links.get(start..end).unwrap_or_default()) {
                return Ok(Err(broken));
            }
            if noted == Some(walk.head) {
                found = Some(walk.seal);
            }
        }
    }
    let settled = queries::settled(tx, tx.now - LATEST).await?;
    if let Some(entry) = stranger(tx, settled).await? {
        return Ok(Err(Broken { seal: None, entry: Some(entry), fault: Fault::Inserted }));
    }
    let unsealed = queries::count_unsealed(tx, settled).await?;
    Ok(Ok(Report { seals: walk.seal, entries: walk.entries, head: walk.head, unsealed, noted: found }))
}

/// As many of the seals as have entries for one read, at least one.
fn fitting(seals: &[Seal]) -> &[Seal] {
    let mut entries = 0;
    let fits = seals.iter().take_while(|seal| {
        entries += i64::from(seal.entries);
        entries <= LINKS
    });
    let number = fits.count().max(1);
    seals.get(..number).unwrap_or(seals)
}

/// An entry among the settled ones that no seal knows.
async fn stranger(tx: &mut Tx<'_>, settled: i64) -> Result<Option<i64>> {
    let mut above = i64::MIN;
    while above < settled {
        let upto = queries::number_after(tx, above, settled, STRIDE).await?.unwrap_or(settled);
        let found = queries::first_unsealed(tx, above, upto).await?;
        if found.is_some() {
            return Ok(found);
        }
        above = upto;
    }
    Ok(None)
}
