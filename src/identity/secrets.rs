//! Secrets that the service itself makes: random, shown once, kept as a hash. With 256 bits nothing can be guessed, so
//! a fast hash will do (passwords are another matter: [`super::passwords`]).

use aws_lc_rs::constant_time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::clock::random_bytes;
use crate::error::Result;

/// 256 random bits, base64url.
///
/// # Errors
/// [`crate::error::Error::Internal`] when the machine has no randomness.
pub fn new() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes()?))
}

/// How a stored hash of a client's secret begins.
const STORED: &str = "$sha256$";

/// What is stored of a machine client's secret. It is random, so that checking it costs nothing worth attacking.
pub fn stored(secret: &str) -> String {
    format!("{STORED}{}", URL_SAFE_NO_PAD.encode(hash(secret)))
}

/// Whether a secret is the one that was stored; for a client that there is not (`None`), or that has keys instead of a
/// secret, it takes as long and is false. `None` of a password's hash, which clients had before.
pub fn fits(secret: &str, stored_hash: Option<&str>) -> Option<bool> {
    if stored_hash.is_some_and(|known| known.starts_with("$argon2")) {
        return None;
    }
    let (given, known) = (stored(secret), stored_hash.unwrap_or(STORED));
    Some(constant_time::verify_slices_are_equal(given.as_bytes(), known.as_bytes()).is_ok())
}

/// What is kept of a secret, or of a name that should not be stored in clear.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_stored_secret_fits_and_nothing_fits_who_has_none() {
        let secret = new().unwrap();
        let known = stored(&secret);
        assert!(!known.contains(&secret));
        assert_eq!(fits(&secret, Some(&known)), Some(true));
        assert_eq!(fits("other", Some(&known)), Some(false));
        for none in [None, Some("!"), Some(STORED), Some("")] {
            assert_eq!(fits(&secret, none), Some(false));
            assert_eq!(fits("", none), Some(false));
        }
        assert_eq!(fits(&secret, Some("$argon2id$v=19$…")), None);
    }
}
