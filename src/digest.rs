//! Digests as people read them.

use base16ct::lower::encode_string as hex;
use sha2::{Digest, Sha256};

/// SHA-256 of a text, in hexadecimal: what `sha256sum` prints of it.
pub fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of FIPS 180-4.
    #[test]
    fn a_digest_is_what_others_compute() {
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
