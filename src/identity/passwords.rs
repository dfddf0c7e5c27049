//! Passwords and client secrets: argon2id, never on a thread that answers requests.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Shortest password of a person, in characters.
pub const MINIMUM_LENGTH: u64 = 12;
/// Hashes computed at once: each takes 19 MiB.
const AT_ONCE: usize = 4;

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// Compared against when there is no account, so that its absence takes as long as a wrong password.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody").unwrap_or_default());

fn hash_now(secret: &str) -> Result<String> {
    let hash =
        Argon2::default().hash_password(secret.as_bytes()).map_err(|e| Error::internal(e.to_string()))?;
    Ok(hash.to_string())
}

fn matches_now(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _place = PLACES.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

/// The hash to store, as a PHC string with a salt of its own.
///
/// # Errors
/// [`Error::Internal`] when the machine has no randomness.
pub async fn hash(secret: String) -> Result<String> {
    apart(move || hash_now(&secret)).await?
}

/// Whether a secret is the one of a stored hash. `None` (no such account) takes as long and is never true.
///
/// # Errors
/// [`Error::Internal`] when the work could not be done.
pub async fn matches(secret: String, stored: Option<String>) -> Result<bool> {
    apart(move || match stored {
        Some(stored) => matches_now(&secret, &stored),
        None => {
            matches_now(&secret, &NOBODY);
            false
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_secret_matches() {
        let stored = hash("mật khẩu rất dài".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(matches("mật khẩu rất dài".to_owned(), Some(stored.clone())).await.unwrap());
        assert!(!matches("mat khau rat dai".to_owned(), Some(stored)).await.unwrap());
        assert!(!matches("nobody".to_owned(), None).await.unwrap());
    }
}
