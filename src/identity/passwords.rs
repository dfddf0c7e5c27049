//! Passwords and client secrets: argon2id, never on a thread that answers requests.

use std::sync::LazyLock;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::{Error, Result};
use crate::text;

/// Shortest password of a person, in characters.
pub const MINIMUM_LENGTH: u64 = 12;
/// Hashes computed at once: each takes 19 MiB.
const AT_ONCE: usize = 4;
/// Longest that one waits for its turn.
const PLACE_WAIT: Duration = Duration::from_secs(5);

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// Compared against when there is no account, so that its absence takes as long as a wrong password.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody").unwrap_or_default());

/// Weakest password that is accepted, on the scale of zxcvbn (0 to 4; 3: safe against guessing offline for a while).
const MINIMUM_SCORE: zxcvbn::Score = zxcvbn::Score::Three;
/// How much of a password is estimated: the work grows with the square of the length, and so much is enough to be good.
const ESTIMATED_CHARACTERS: usize = 64;
/// Characters that a password must have beside names that everybody knows.
const OWN_CHARACTERS: usize = 6;
/// Names of the service and the ministry.
const SERVICE_NAMES: [&str; 3] = ["thuocdo", "moit", "thước đo"];

/// A password that is not among the first that a guesser tries: common ones, keyboard rows, dates (Wheeler, 2016:
/// zxcvbn), and not little more than the owner's own names. `names` are the owner's.
///
/// # Errors
/// [`Error::Invalid`] at `pointer`; [`Error::Unavailable`] when too many passwords are looked at at once.
pub async fn check(password: &str, pointer: &'static str, names: &[&str]) -> Result<()> {
    let password = password.to_owned();
    let names: Vec<String> = names.iter().chain(&SERVICE_NAMES).flat_map(|name| parts(name)).collect();
    match apart(move || is_good(&password, &names)).await? {
        true => Ok(()),
        false => Err(Error::field(pointer, "password_too_easy")),
    }
}

fn is_good(password: &str, names: &[String]) -> bool {
    let words: Vec<&str> = names.iter().map(String::as_str).collect();
    let beginning: String = password.chars().take(ESTIMATED_CHARACTERS).collect();
    beside_names(password, &words) >= OWN_CHARACTERS
        && zxcvbn::zxcvbn(&beginning, &words).score() >= MINIMUM_SCORE
}

/// A name and its words, folded.
fn parts(name: &str) -> Vec<String> {
    let name = text::fold(name);
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 1).map(str::to_owned);
    words.chain([name.clone()]).collect()
}

/// Letters and digits of a password that are not of a name.
fn beside_names(password: &str, names: &[&str]) -> usize {
    let mut rest = text::fold(password);
    for name in names {
        rest = rest.replace(name, " ");
    }
    rest.chars().filter(|c| !c.is_whitespace() && !c.is_ascii_punctuation()).count()
}

fn hash_now(secret: &str) -> Result<String> {
    let hash =
        Argon2::default().hash_password(secret.as_bytes()).map_err(|e| Error::internal(e.to_string()))?;
    Ok(hash.to_string())
}

fn matches_now(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}

/// A place to compute in. Who comes when too many wait is sent away: nobody should wait for an answer nobody reads.
async fn place(places: &Semaphore, longest: Duration) -> Result<SemaphorePermit<'_>> {
    let place = tokio::time::timeout(longest, places.acquire()).await;
    place.map_err(|_| Error::Unavailable("too many passwords at once".to_owned()))?.map_err(Error::internal)
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _place = place(&PLACES, PLACE_WAIT).await?;
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
    async fn common_passwords_and_ones_own_name_are_refused() {
        let thu = ["thu.le", "Lê Minh Thu"];
        for bad in [
            "password1234",
            "123456789012",
            "qwertyuiop12",
            "Thu.Le.Thu.Le",
            "Thuocdo2026!",
            "Lê Minh Thu 1",
            "aaaaaaaaaaaa",
        ] {
            assert!(check(bad, "/password", &thu).await.is_err(), "{bad}");
        }
        for good in ["bốn con ngựa ăn cỏ xanh", "korrekt-pferd-akku-heft", "x7!mQ2#vB9$kL4"] {
            assert!(check(good, "/password", &thu).await.is_ok(), "{good}");
        }
    }

    #[tokio::test]
    async fn a_long_password_holds_nobody_up() {
        let long: String = (0..200_u32).filter_map(|i| char::from_digit(i * i % 31 % 36, 36)).collect();
        let started = std::time::Instant::now();
        let others = async {
            tokio::task::yield_now().await;
            started.elapsed()
        };
        let (checked, waited) = tokio::join!(check(&long, "/password", &[]), others);
        assert!(checked.is_ok());
        assert!(waited < Duration::from_millis(50), "{waited:?}");
    }

    #[tokio::test]
    async fn only_the_right_secret_matches() {
        let stored = hash("mật khẩu rất dài".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(matches("mật khẩu rất dài".to_owned(), Some(stored.clone())).await.unwrap());
        assert!(!matches("mat khau rat dai".to_owned(), Some(stored)).await.unwrap());
        assert!(!matches("nobody".to_owned(), None).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let full = Semaphore::new(1);
        let taken = place(&full, Duration::from_millis(20)).await.unwrap();
        assert!(matches!(place(&full, Duration::from_millis(20)).await, Err(Error::Unavailable(_))));
        drop(taken);
        assert!(place(&full, Duration::from_millis(20)).await.is_ok());
    }
}
