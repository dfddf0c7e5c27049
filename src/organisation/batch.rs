//! What the batches of the HR portal have in common: safe to repeat, all or nothing, every fault named by its row.

use std::collections::HashSet;
use std::hash::Hash;

use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Error, FieldError, Result};

/// What a batch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct BatchCounts {
    /// Rows that were new.
    #[schema(minimum = 0, example = 12)]
    pub created: usize,
    /// Rows that changed something.
    #[schema(minimum = 0, example = 3)]
    pub updated: usize,
    /// Rows that were already so.
    #[schema(minimum = 0, example = 985)]
    pub unchanged: usize,
}

/// The faults of a batch's rows.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// A wrong member of a row.
    pub fn add(&mut self, row: usize, member: &str, code: &'static str) {
        self.0.push(FieldError::new(format!("/items/{row}/{member}"), code));
    }

    /// A fault with parameters; its pointer names the member only.
    pub fn add_all(&mut self, row: usize, faults: Vec<FieldError>) {
        self.0.extend(
            faults
                .into_iter()
                .map(|fault| FieldError { pointer: format!("/items/{row}{}", fault.pointer), ..fault }),
        );
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

    /// Go on only without faults.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all of them.
    pub fn check(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}
