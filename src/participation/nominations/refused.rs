//! Why a nomination is not made or not approved, and what would fit instead. `explain` says it in words.

use super::checks::{Check, CheckCode};
use super::facts::Offering;
use crate::error::Error;

/// An offering without a failing check.
#[derive(Debug, Clone)]
pub struct Alternative {
    pub offering: Offering,
    pub warnings: Vec<CheckCode>,
}

/// Why a nomination is not made or not approved.
#[derive(Debug)]
pub enum Refused {
    /// A check fails: every check, and other offerings of the course that fit, the best first.
    ByChecks { checks: Vec<Check>, alternatives: Vec<Alternative> },
    /// Something else, which needs no words of its own.
    Otherwise(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Otherwise(error)
    }
}
