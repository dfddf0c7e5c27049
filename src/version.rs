//! Versions of objects: a change says which version it was made from.

use crate::error::{Error, Result};

/// The versions a caller expects (`If-Match`); `any` for `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected(Option<Vec<i32>>);

impl Expected {
    /// Any version.
    pub fn any() -> Self {
        Self(None)
    }

    /// One of these versions.
    pub fn one_of(versions: Vec<i32>) -> Self {
        Self(Some(versions))
    }

    /// Check against the version that was read.
    ///
    /// # Errors
    /// [`Error::Stale`] when somebody changed the object meanwhile.
    pub fn check(&self, version: i32) -> Result<()> {
        match &self.0 {
            Some(versions) if !versions.contains(&version) => Err(Error::Stale),
            _ => Ok(()),
        }
    }
}
