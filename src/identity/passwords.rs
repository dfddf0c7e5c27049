//! Passwords: argon2id, never on a thread that answers requests, and never more at once than leaves room for others.
//! A password is hashed in its normal form (`text::normalise_secret`), here and nowhere else, so that every way of setting
//! or giving one agrees.

use std::sync::LazyLock;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::{AcquireError, Semaphore, SemaphorePermit};

use crate::error::{Error, FieldError, Result};
use crate::text;

/// Shortest password of a person, in characters of its normal form.
pub const MINIMUM_LENGTH: u64 = 12;
/// Longest.
pub const MAXIMUM_LENGTH: u64 = 200;
/// Longest that one waits for its turn.
const PLACE_WAIT: Duration = Duration::from_secs(5);
/// Hashes computed at once at most: each takes 19 MiB.
const AT_ONCE: usize = 4;

/// Who a password is computed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Somebody who is signed in, or signs in from where the name has signed in before.
    Known,
    /// Anybody else: at most half the places, so that their number keeps no one known waiting.
    Stranger,
}

/// The places that hashes are computed in.
struct Places {
    all: Semaphore,
    of_strangers: Semaphore,
}

impl Places {
    fn new(at_once: usize) -> Self {
        Self { all: Semaphore::new(at_once), of_strangers: Semaphore::new((at_once / 2).max(1)) }
    }

    /// A place to compute in. Who comes when too many wait is sent away: nobody should wait for an answer nobody reads.
    async fn take(&self, lane: Lane, longest: Duration) -> Result<Place<'_>> {
        let turn = async {
            let first = match lane {
                Lane::Known => None,
                Lane::Stranger => Some(self.of_strangers.acquire().await?),
            };
            Ok::<_, AcquireError>(Place { _first: first, _second: self.all.acquire().await? })
        };
        let place = tokio::time::timeout(longest, turn).await;
        place
            .map_err(|_| Error::Unavailable("too many passwords at once".to_owned()))?
            .map_err(Error::internal)
    }
}

struct Place<'a> {
    _first: Option<SemaphorePermit<'a>>,
    _second: SemaphorePermit<'a>,
}

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    Places::new(cores.clamp(2, AT_ONCE))
});

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
    let password = text::normalise_secret(password);
    let length = password.chars().count() as u64;
    if length < MINIMUM_LENGTH {
        return Err(FieldError::new(pointer, "too_short").with("limit", MINIMUM_LENGTH).into());
    }
    if length > MAXIMUM_LENGTH {
        return Err(FieldError::new(pointer, "too_long").with("limit", MAXIMUM_LENGTH).into());
    }
    let names: Vec<String> = names.iter().chain(&SERVICE_NAMES).flat_map(|name| parts(name)).collect();
    match apart(Lane::Known, move || is_good(&password, &names)).await? {
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

async fn apart<T: Send + 'static>(lane: Lane, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _place = PLACES.take(lane, PLACE_WAIT).await?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

/// The hash to store, as a PHC string with a salt of its own.
///
/// # Errors
/// [`Error::Internal`] when the machine has no randomness.
pub async fn hash(password: String) -> Result<String> {
    apart(Lane::Known, move || hash_now(&text::normalise_secret(&password))).await?
}

/// How a password compares with a stored hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// It is another one, or there is no such account.
    No,
    /// It is the one.
    Yes,
    /// It is the one, but was hashed as it was typed, before passwords had a normal form: hash it anew.
    AsTyped,
}

/// Whether a password is the one of a stored hash. `None` (no such account) takes as long and is never true.
///
/// # Errors
/// [`Error::Internal`] when the work could not be done, [`Error::Unavailable`] when too many wait.
pub async fn matches(password: String, stored: Option<String>, lane: Lane) -> Result<Match> {
    apart(lane, move || {
        let hash = stored.as_deref().filter(|stored| stored.starts_with('$'));
        let normal = text::normalise_secret(&password);
        let fits = |password: &str| matches_now(password, hash.unwrap_or(&NOBODY)) && hash.is_some();
        if fits(&normal) {
            Match::Yes
        } else if normal != password && fits(&password) {
            Match::AsTyped
        } else {
            Match::No
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
    async fn only_the_right_secret_matches_however_its_letters_are_made() {
        let is = async |password: &str, stored: &Option<String>| {
            matches(password.to_owned(), stored.clone(), Lane::Known).await.unwrap()
        };
        let stored = Some(hash("mật khẩu rất dài".to_owned()).await.unwrap());
        assert!(stored.as_ref().unwrap().starts_with("$argon2id$"));
        assert_eq!(is("mật khẩu rất dài", &stored).await, Match::Yes);
        let decomposed = "ma\u{323}\u{302}t kha\u{302}\u{309}u ra\u{302}\u{301}t da\u{300}i";
        assert_eq!(is(decomposed, &stored).await, Match::Yes);
        assert_eq!(is("mật khẩu rất dài ", &stored).await, Match::No, "a space is a character");
        assert_eq!(is("mat khau rat dai", &stored).await, Match::No);
        assert_eq!(is("nobody", &None).await, Match::No);
        assert_eq!(is("nobody", &Some("!".to_owned())).await, Match::No);
        let of_before = Some(hash_now(decomposed).unwrap());
        assert_eq!(is(decomposed, &of_before).await, Match::AsTyped);
    }

    #[tokio::test]
    async fn nobody_waits_for_ever_and_strangers_leave_room() {
        let places = Places::new(2);
        let short = Duration::from_millis(20);
        let stranger = places.take(Lane::Stranger, short).await.unwrap();
        assert!(matches!(places.take(Lane::Stranger, short).await, Err(Error::Unavailable(_))));
        let known = places.take(Lane::Known, short).await.unwrap();
        assert!(matches!(places.take(Lane::Known, short).await, Err(Error::Unavailable(_))));
        drop((stranger, known));
        assert!(places.take(Lane::Stranger, short).await.is_ok());
    }
}
