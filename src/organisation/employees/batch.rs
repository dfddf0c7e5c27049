//! The HR portal's batch: what it tells replaces what is stored under each code.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use uuid::Uuid;

use super::model::{BatchRow, Draft, check_person};
use super::queries;
use crate::db::Tx;
use crate::error::Result;
use crate::faults::Refused;
use crate::organisation::batch::{BatchCounts, RowCode, RowFaults, codes};
use crate::organisation::{positions, units};

/// Create or replace employees by code; all or nothing, and safe to repeat.
///
/// # Errors
/// [`crate::error::Error::Invalid`] with every row's faults: unknown codes, an address or personal number that
/// belongs to another employee, a code, an address or a number given twice, dates that do not fit.
pub async fn upsert(tx: &mut Tx<'_>, rows: Vec<BatchRow>) -> Result<BatchCounts> {
    // Batches take turns, so that what one reads as missing is not created by another meanwhile.
    tx.lock("employees batch").await?;
    let drafts = resolve(tx, rows).await?;
    let given: Vec<&str> = drafts.iter().map(|d| d.code.as_str()).collect();
    let known = queries::by_code(tx, &given).await?;
    let mut counts = BatchCounts::default();
    let mut changed: Vec<(Uuid, Draft)> = Vec::new();
    for draft in drafts {
        match known.get(&draft.code) {
            Some(employee) if employee.is_as(&draft) => counts.unchanged += 1,
            Some(employee) => {
                counts.updated += 1;
                announce(tx, "employee.updated", employee.id, &draft);
                changed.push((employee.id, draft));
            }
            None => {
                counts.created += 1;
                let id = tx.new_id();
                announce(tx, "employee.created", id, &draft);
                changed.push((id, draft));
            }
        }
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
    let named = codes(&refused, "unit_code");
    let known = units::ids_by_code(tx, &named.iter().map(RowCode::code).collect::<Vec<_>>()).await?;
    faults.refuse_unknown("unit_code", &named, &known);
    let named = codes(&refused, "job_position_code");
    let known = positions::ids_by_code(tx, &named.iter().map(RowCode::code).collect::<Vec<_>>()).await?;
    faults.refuse_unknown("job_position_code", &named, &known);
    faults.refuse(refused)
}

/// Look up what the rows refer to, and name every fault.
async fn resolve(tx: &mut Tx<'_>, rows: Vec<BatchRow>) -> Result<Vec<Draft>> {
    let wanted = |code: fn(&BatchRow) -> &str| rows.iter().map(code).collect::<Vec<&str>>();
    let units = units::ids_by_code(tx, &wanted(|r| &r.unit_code)).await?;
    let positions = positions::ids_by_code(tx, &wanted(|r| &r.job_position_code)).await?;
    let owners = queries::code_by_email(tx, &wanted(|r| &r.draft.email)).await?;
    let numbers: Vec<&str> = rows.iter().filter_map(|r| r.draft.personal_number.as_deref()).collect();
    let holders = queries::code_by_personal_number(tx, &numbers).await?;
    let mut faults = RowFaults::default();
    faults.refuse_duplicates("code", rows.iter().map(|r| r.draft.code.as_str()));
    faults.refuse_duplicates("email", rows.iter().map(|r| r.draft.email.as_str()));
    let mut numbered = HashSet::new();
    let mut drafts = Vec::with_capacity(rows.len());
    for (i, row) in rows.into_iter().enumerate() {
        let mut draft = row.draft;
        let mut find = |ids: &HashMap<String, Uuid>, code: &str, member: &str| {
            ids.get(code).copied().unwrap_or_else(|| {
                faults.add(i, member, "unknown_reference");
                Uuid::nil()
            })
        };
        draft.unit_id = find(&units, &row.unit_code, "unit_code");
        draft.job_position_id = find(&positions, &row.job_position_code, "job_position_code");
        if owners.get(&draft.email).is_some_and(|owner| *owner != draft.code) {
            faults.add(i, "email", "email_taken");
        }
        if let Some(number) = &draft.personal_number {
            if holders.get(number).is_some_and(|holder| *holder != draft.code) {
                faults.add(i, "personal_number", "personal_number_taken");
            }
            if !numbered.insert(number.clone()) {
                faults.add(i, "personal_number", "duplicate");
            }
        }
        faults.add_all(i, check_person(draft.birth_date, draft.joined_on, draft.personal_number.as_deref()));
        drafts.push(draft);
    }
    faults.check()?;
    Ok(drafts)
}

fn announce(tx: &mut Tx<'_>, kind: &'static str, id: Uuid, draft: &Draft) {
    tx.emit(
        kind,
        id,
        &json!({
            "code": draft.code, "unit_id": draft.unit_id,
            "job_position_id": draft.job_position_id, "status": draft.status
        }),
    );
}
