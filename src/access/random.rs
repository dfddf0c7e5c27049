//! Randomness of the machine, for what nobody may guess.

use crate::error::{Error, Result};

/// 256 random bits.
///
/// # Errors
/// [`Error::Internal`] when the machine has no randomness.
pub fn bytes() -> Result<[u8; 32]> {
    let mut bytes = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no randomness for a secret"))?;
    Ok(bytes)
}
