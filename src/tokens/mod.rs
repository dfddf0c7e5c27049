//! Who somebody is: access tokens and the keys that sign them, the ministry's OpenID provider, and what ends a token
//! early.

mod access;
pub mod delegations;
pub mod jws;
pub mod keys;
pub mod provider;
pub mod pseudonym;
pub mod revocations;
pub mod seals;
pub mod standing;
pub mod token;
mod verified;

pub use keys::Keys;
