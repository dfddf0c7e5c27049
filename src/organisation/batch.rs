//! What the batches of the HR portal have in common: safe to repeat, all or nothing, every fault named by its row.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::{Error, Faults, FieldError, Result};
use crate::faults::Refused;
use crate::http::limits::BATCH_ROWS;
use crate::text;

/// How many rows of a batch were new, changed or unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct BatchCounts {
    /// Number of rows that created a record.
    #[schema(minimum = 0, example = 12)]
    pub created: usize,
    /// Number of rows that changed a stored record.
    #[schema(minimum = 0, example = 3)]
    pub updated: usize,
    /// Number of rows that equal the stored record; nothing was written for them.
    #[schema(minimum = 0, example = 985)]
    pub unchanged: usize,
}

/// A code that a row of a refused batch names, in normal form.
pub struct RowCode {
    row: usize,
    code: String,
}

impl RowCode {
    /// The code alone.
    pub fn code(&self) -> &str {
        &self.code
    }
}

/// The codes that the rows of a refused batch name in a member, as far as they are texts.
pub fn codes(refused: &Refused, member: &str) -> Vec<RowCode> {
    let rows = refused.value.get("items").and_then(Value::as_array).into_iter().flatten();
    let named = rows.take(BATCH_ROWS).enumerate().filter_map(|(row, item)| {
        let code = text::normalise(item.get(member)?.as_str()?);
        // What no code can be is a fault of its own.
        (!text::has_control_characters(&code)).then_some(RowCode { row, code })
    });
    named.collect()
}

/// The faults of a batch's rows.
#[derive(Debug, Default)]
pub struct RowFaults(Faults);

impl RowFaults {
    /// A wrong member of a row.
    pub fn add(&mut self, row: usize, member: &str, code: &'static str) {
        self.0.push(FieldError::new(format_args!("/items/{row}/{member}"), code));
    }

    /// What is wrong with a row; the pointers name its members only.
    pub fn add_all(&mut self, row: usize, faults: Faults) {
        self.0.append(faults.below(format_args!("/items/{row}")));
    }

    /// Rows that repeat the key of an earlier one.
    pub fn refuse_duplicates<K: Eq + Hash>(&mut self, member: &str, keys: impl Iterator<Item = K>) {
        let mut seen = HashSet::new();
        for (row, key) in keys.enumerate() {
            if !seen.insert(key) {
                self.add(row, member, "duplicate");
            }
        }
    }

    /// Codes that are not among the known ones.
    pub fn refuse_unknown<T>(&mut self, member: &str, codes: &[RowCode], known: &HashMap<String, T>) {
        for RowCode { row, code } in codes {
            if !known.contains_key(code) {
                self.add(*row, member, "unknown_reference");
            }
        }
    }

    /// Refuse a body for what is wrong with it, and for these.
    ///
    /// # Errors
    /// [`Error::Invalid`] always.
    pub fn refuse<T>(self, refused: Refused) -> Result<T> {
        let Refused { mut faults, .. } = refused;
        faults.append_elsewhere(self.0);
        Err(Error::Invalid(faults))
    }

    /// Go on only without faults.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] with them.
    pub fn check(self) -> Result<()> {
        self.0.check()
    }
}
