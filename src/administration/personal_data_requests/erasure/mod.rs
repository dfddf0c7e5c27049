//! Erasure as anonymisation (Law 91/2025/QH15, Art. 14): the person's identity goes, and what others rely on stays.
//! Certificates keep their numbers and are verified as before; participation, ratings and answers to scales keep their
//! figures, so every report says the same before and after; unit, position and dates of courses stay with them.
//!
//! Words in anonymous answers that wait, sealed, until their form is over are replaced as those that are written; only in
//! answers whose secret the service no longer has they cannot be.
//!
//! What the log of the service remembers stays too: it names the account by its username and is never changed.

mod queries;

use serde_json::json;
use uuid::Uuid;

pub use queries::FREE_TEXT;

use crate::db::Tx;
use crate::error::{Error, Result, Rule};
use crate::evaluation::evaluations::waiting;
use crate::organisation::employees::{self, ERASED, Employee, EmployeeStatus};
use crate::tokens::Keys;

/// Take a person's identity off everything that stays.
///
/// # Errors
/// [`Rule::ErasureNotPossible`] while the person works here: the data are needed for it (Law 91/2025/QH15, Art. 25).
/// [`Rule::EmployeeErased`] the second time.
pub async fn erase(tx: &mut Tx<'_>, keys: &Keys, employee_id: Uuid) -> Result<()> {
    let person = employees::find_visible(tx, employee_id).await?;
    if person.erased_at.is_some() {
        return Err(Rule::EmployeeErased.into());
    }
    if person.status != EmployeeStatus::Left {
        let why = json!({"employee_status": person.status});
        return Err(Error::refused(Rule::ErasureNotPossible, &why));
    }
    // The tokens of the account ended when the person left.
    queries::erase_records(tx, employee_id).await?;
    let texts = identifying(&person);
    // First, so that no answer is written meanwhile with the words that go.
    waiting::erase_text(tx, keys, &texts, ERASED).await?;
    for text in &texts {
        queries::erase_text(tx, text).await?;
    }
    queries::forget_messages(tx, &person.code).await?;
    queries::erase_person(tx, employee_id).await?;
    tx.emit("employee.erased", employee_id, &json!({}));
    Ok(())
}

/// What a free text may call the person by. A name of one word is too common a word to look for.
fn identifying(person: &Employee) -> Vec<String> {
    let national = person.phone.as_deref().and_then(|p| p.strip_prefix("+84")).map(|rest| format!("0{rest}"));
    [Some(person.full_name.clone()).filter(|name| name.contains(' ')), Some(person.email.clone())]
        .into_iter()
        .chain([person.phone.clone(), national, person.personal_number.clone()])
        .flatten()
        .collect()
}
