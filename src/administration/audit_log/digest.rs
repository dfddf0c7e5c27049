//! The digest of an entry or a seal of the log.

use std::fmt;
use std::str::FromStr;

use base16ct::{lower, mixed};

/// A SHA-256 digest, written in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// What the first seal stands on.
    pub const GENESIS: Digest = Digest([0; 32]);
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&lower::encode_string(&self.0))
    }
}

impl FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut bytes = [0; 32];
        let is_whole = mixed::decode(text, &mut bytes).is_ok_and(|read| read.len() == 32);
        is_whole.then_some(Self(bytes)).ok_or_else(|| "a digest has 64 hexadecimal digits".to_owned())
    }
}
