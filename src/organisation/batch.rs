//! What the batches of the HR portal have in common: safe to repeat, all or nothing, every fault named by its row.

use std::collections::HashSet;
use std::hash::Hash;

use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Faults, FieldError, Result};

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

    /// Go on only without faults.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] with them.
    pub fn check(self) -> Result<()> {
        self.0.check()
    }
}
