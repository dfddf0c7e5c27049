use uuid::Uuid;

use super::model::{Record, years};
use super::queries;
use crate::db::Tx;
use crate::error::Result;
use crate::organisation::employees;

/// A person's training record.
///
/// # Errors
/// Not found: the employee, outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, employee_id: Uuid) -> Result<Record> {
    employees::find_visible(tx, employee_id).await?;
    let entries = queries::entries(tx, employee_id).await?;
    Ok(Record { employee_id, years: years(&entries), entries })
}
