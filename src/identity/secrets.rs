//! Secrets that the service itself makes: random, shown once, kept as a hash. With 256 bits nothing can be guessed, so
//! a fast hash will do (passwords are another matter: [`super::passwords`]).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// 256 random bits, base64url.
///
/// # Errors
/// [`Error::Internal`] when the machine has no randomness.
pub fn new() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes()?))
}

/// 256 random bits.
///
/// # Errors
/// [`Error::Internal`] when the machine has no randomness.
pub fn random_bytes() -> Result<[u8; 32]> {
    let mut bytes = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no randomness for a secret"))?;
    Ok(bytes)
}

/// What is kept of a secret, or of a name that should not stand in clear.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
