//! Names and addresses as they are kept where it only matters whether two are the same: as keyed hashes.

use aws_lc_rs::hmac;

/// Bytes of a keyed hash.
pub const BYTES: usize = 16;

/// A keyed hash that replaces a name or an address.
pub type Pseudonym = [u8; BYTES];

/// The keyed hash of a text; the same text has another one for another purpose. Names and addresses are few enough to
/// try them all, so that a hash without a key would hide nothing.
pub fn of(secret: &hmac::Key, purpose: &str, text: &str) -> Pseudonym {
    let tag = hmac::sign(secret, format!("{purpose}\n{text}").as_bytes());
    tag.as_ref().first_chunk().copied().unwrap_or_default()
}
