//! The HR portal's batch: what it tells replaces what is stored under each code.

use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use super::model::{BatchRow, Draft, Unit};
use super::queries;
use crate::db::Tx;
use crate::error::Result;
use crate::faults::Refused;
use crate::organisation::batch::{BatchCounts, RowCode, RowFaults, codes};
use crate::organisation::reach;

/// Create or replace units by code; all or nothing, and safe to repeat. A parent exists, or comes earlier in the batch.
///
/// # Errors
/// [`crate::error::Error::Invalid`] with every row's faults: unknown codes, a new head who left, a code given twice;
/// [`crate::error::Rule::UnitBelowItself`], [`crate::error::Rule::UnitTooDeep`].
pub async fn upsert(tx: &mut Tx<'_>, rows: Vec<BatchRow>) -> Result<BatchCounts> {
    // Batches take turns, so that what one reads as missing is not created by another meanwhile.
    tx.lock("units batch").await?;
    let given: Vec<&str> = rows.iter().map(|r| r.code.as_str()).collect();
    let known = queries::by_code(tx, &given).await?;
    let drafts = resolve(tx, rows, &known).await?;
    let mut counts = BatchCounts::default();
    let mut changed: Vec<(Uuid, Draft)> = Vec::new();
    for (id, draft) in drafts {
        let kind = match known.get(&draft.code) {
            Some(unit) if unit.is_as(&draft) => {
                counts.unchanged += 1;
                continue;
            }
            Some(_) => {
                counts.updated += 1;
                "unit.updated"
            }
            None => {
                counts.created += 1;
                "unit.created"
            }
        };
        tx.emit(kind, id, &json!({"code": draft.code}));
        changed.push((id, draft));
    }
    if !changed.is_empty() {
        queries::upsert(tx, &changed).await?;
        tx.takes_rights();
    }
    Ok(counts)
}

/// Refuse a batch that cannot be read as it should be, and name the codes in it that are unknown as well.
///
/// # Errors
/// [`crate::error::Error::Invalid`] always.
pub async fn refuse<T>(tx: &mut Tx<'_>, refused: Refused) -> Result<T> {
    let mut faults = RowFaults::default();
    let parents = codes(&refused, "parent_code");
    let mut known = queries::ids_by_code(tx, &parents.iter().map(RowCode::code).collect::<Vec<_>>()).await?;
    // A parent may be new as well.
    known.extend(codes(&refused, "code").iter().map(|new| (new.code().to_owned(), Uuid::nil())));
    faults.refuse_unknown("parent_code", &parents, &known);
    let heads = codes(&refused, "head_employee_code");
    let known = reach::ids_by_code(tx, &heads.iter().map(RowCode::code).collect::<Vec<_>>()).await?;
    faults.refuse_unknown("head_employee_code", &heads, &known);
    faults.refuse(refused)
}

/// Give each row its unit's id, look up what the rows refer to, and name every fault.
async fn resolve(
    tx: &mut Tx<'_>,
    rows: Vec<BatchRow>,
    known: &HashMap<String, Unit>,
) -> Result<Vec<(Uuid, Draft)>> {
    let parents: Vec<&str> = rows.iter().filter_map(|r| r.parent_code.as_deref()).collect();
    let mut ids = queries::ids_by_code(tx, &parents).await?;
    let heads: Vec<&str> = rows.iter().filter_map(|r| r.head_employee_code.as_ref()?.as_deref()).collect();
    let people = reach::ids_by_code(tx, &heads).await?;
    let named: Vec<Uuid> = people.values().copied().collect();
    let left = reach::left_among(tx, &named).await?;
    let mut faults = RowFaults::default();
    faults.refuse_duplicates("code", rows.iter().map(|r| r.code.as_str()));
    let mut drafts = Vec::with_capacity(rows.len());
    for (i, row) in rows.into_iter().enumerate() {
        let unit = known.get(&row.code);
        let mut find = |ids: &HashMap<String, Uuid>, code: Option<String>, member: &str| {
            let code = code?;
            let id = ids.get(&code).copied();
            if id.is_none() {
                faults.add(i, member, "unknown_reference");
            }
            id
        };
        let parent_id = find(&ids, row.parent_code, "parent_code");
        let head_employee_id = match row.head_employee_code {
            Some(head) => find(&people, head, "head_employee_code"),
            None => unit.and_then(|u| u.head_employee_id),
        };
        let stays = unit.is_some_and(|u| u.head_employee_id == head_employee_id);
        if !stays && head_employee_id.is_some_and(|head| left.contains(&head)) {
            faults.add(i, "head_employee_code", "employee_left");
        }
        let id = unit.map_or_else(|| tx.new_id(), |u| u.id);
        ids.insert(row.code.clone(), id);
        let draft = Draft { code: row.code, name: row.name, kind: row.kind, parent_id, head_employee_id };
        drafts.push((id, draft));
    }
    faults.check()?;
    Ok(drafts)
}
