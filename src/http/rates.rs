//! How often each caller asked for each route: counted by every replica for itself, without a query, and shared once a
//! second through one table.
//!
//! A decision knows all that this replica counted and what the others had shared a second ago. So in a window a caller
//! gets the quota, and at most what the *other* replicas admit in the second before they hear of it. While the database
//! is away, each replica still holds the quota for itself.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::hmac;
use chrono::{DateTime, Duration, Utc};
use diesel::sql_types::{Array, BigInt, Bytea, Timestamptz};
use diesel::{ExpressionMethods, QueryDsl, QueryableByName};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::limits::{RATE_ADDRESSES, RATE_WINDOW_SECONDS, RatePolicy};
use super::peer;
use crate::clock::Clock;
use crate::db::Tx;
use crate::db::schema::rate_counts;
use crate::error::{Error, Result};
use crate::tokens::pseudonym::{self, Pseudonym};

/// Hash of a caller and a route, by which this replica finds their count. It is keyed by a secret of this process, so
/// nobody can choose two callers with the same one.
type Key = u64;

/// What was counted since the last sharing: by pseudonym, the key of the count and how many.
type News = HashMap<Pseudonym, (Key, u64)>;

/// Whose requests are counted.
#[derive(Debug, Clone, Copy)]
pub enum Caller<'a> {
    /// Someone who has proven who it is: id and name of the account, or id of the login.
    Account(Uuid, &'a str),
    /// Anyone at an address.
    Address(IpAddr),
}

/// What the headers of an answer say.
#[derive(Debug, Clone, Copy)]
pub struct Verdict {
    /// Name of the policy.
    pub policy: &'static str,
    /// Requests in a window.
    pub quota: u64,
    /// How many are left.
    pub remaining: u64,
    /// Seconds until the window ends.
    pub resets_in: i64,
    admitted: bool,
}

impl Verdict {
    /// Go on, or come back later.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn check(self) -> Result<()> {
        if self.admitted { Ok(()) } else { Err(Error::TooMany(self.resets_in)) }
    }
}

struct Count {
    /// By which replicas know the caller and the route.
    pseudonym: Pseudonym,
    /// All replicas together, as of the last sharing.
    shared: u64,
    /// Ours since then.
    pending: u64,
}

/// By what a caller is counted.
#[derive(Hash)]
enum Known<'a> {
    Account(Uuid, &'a str),
    Network(String),
}

#[derive(Default)]
struct Window {
    start: DateTime<Utc>,
    counts: HashMap<Key, Count>,
}

/// The counts of a replica in the present window.
pub struct Rates {
    window: Mutex<Window>,
    factor: f64,
    hasher: RandomState,
}

impl Rates {
    /// Nothing counted yet; `factor` multiplies every quota.
    pub fn new(factor: f64) -> Self {
        Self { window: Mutex::default(), factor, hasher: RandomState::new() }
    }

    /// Count a request. `route` is its pattern with its class of method; `secret` hides callers in the database.
    pub fn count(
        &self,
        policy: &RatePolicy,
        caller: Caller<'_>,
        route: &str,
        secret: &hmac::Key,
        clock: &Clock,
    ) -> Verdict {
        let quota = quota(policy, self.factor);
        let mut window = self.window();
        // The time is read under the lock: two threads at a window's edge must not turn it back and forth.
        let now = clock.now();
        window.turn_to(now);
        let key = |known: &Known<'_>| self.hasher.hash_one((known, policy.name, route));
        let (key, caller) = window.key(caller, key);
        let count = window.counts.entry(key).or_insert_with(|| {
            let text = match caller {
                Known::Account(id, name) => format!("{id} {name}\n{}\n{route}", policy.name),
                Known::Network(network) => format!("{network}\n{}\n{route}", policy.name),
            };
            Count { pseudonym: pseudonym::of(secret, "rate", &text), shared: 0, pending: 0 }
        });
        let used = count.shared + count.pending;
        let admitted = used < quota;
        if admitted {
            count.pending += 1;
        }
        let remaining = quota.saturating_sub(used + 1);
        let resets_in = RATE_WINDOW_SECONDS - now.timestamp().rem_euclid(RATE_WINDOW_SECONDS);
        Verdict { policy: policy.name, quota, remaining, resets_in, admitted }
    }

    /// Share with the others what was counted since the last time, and learn what they shared.
    ///
    /// # Errors
    /// When the database cannot be reached; then the next call shares it all.
    pub async fn share(&self, conn: &mut AsyncPgConnection) -> Result<()> {
        let (start, news) = self.pending();
        let (keys, counts): (Vec<Vec<u8>>, Vec<i64>) = news
            .iter()
            .map(|(known, (_, n))| (known.to_vec(), i64::try_from(*n).unwrap_or(i64::MAX)))
            .unzip();
        // In the order of the keys, so that two replicas never wait for each other in a circle.
        let totals: Vec<Total> = diesel::sql_query(
            "INSERT INTO rate_counts (window_start, key, count) \
             SELECT $1, news.key, news.count FROM unnest($2, $3) AS news (key, count) ORDER BY news.key \
             ON CONFLICT (window_start, key) DO UPDATE SET count = rate_counts.count + excluded.count \
             RETURNING key, count",
        )
        .bind::<Timestamptz, _>(start)
        .bind::<Array<Bytea>, _>(keys)
        .bind::<Array<BigInt>, _>(counts)
        .load(conn)
        .await?;
        self.learn(start, &news, totals);
        Ok(())
    }

    /// Whether there is anything to share.
    pub fn has_news(&self) -> bool {
        self.window().counts.values().any(|c| c.pending > 0)
    }

    fn pending(&self) -> (DateTime<Utc>, News) {
        let window = self.window();
        let news = window.counts.iter().filter(|(_, c)| c.pending > 0);
        (window.start, news.map(|(key, c)| (c.pseudonym, (*key, c.pending))).collect())
    }

    fn learn(&self, start: DateTime<Utc>, news: &News, totals: Vec<Total>) {
        let mut window = self.window();
        // The window ended while counts were shared: nothing of it matters any more.
        if window.start != start {
            return;
        }
        for total in totals {
            let Ok(pseudonym) = Pseudonym::try_from(total.key) else { continue };
            let Some((key, counted)) = news.get(&pseudonym) else { continue };
            if let Some(count) = window.counts.get_mut(key) {
                count.shared = u64::try_from(total.count).unwrap_or_default();
                count.pending = count.pending.saturating_sub(*counted);
            }
        }
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forget the counts of windows that are over. The last one stays: a replica whose clock is behind may still add to it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_over(tx: &mut Tx<'_>) -> Result<()> {
    let over = tx.now - Duration::seconds(2 * RATE_WINDOW_SECONDS);
    diesel::delete(rate_counts::table.filter(rate_counts::window_start.lt(over))).execute(tx.conn()).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Total {
    #[diesel(sql_type = Bytea)]
    key: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Window {
    /// Forget everything at the turn of a window: memory holds one window only.
    fn turn_to(&mut self, now: DateTime<Utc>) {
        let seconds = now.timestamp() - now.timestamp().rem_euclid(RATE_WINDOW_SECONDS);
        let start = DateTime::from_timestamp(seconds, 0).unwrap_or(now);
        if self.start != start {
            *self = Self { start, counts: HashMap::new() };
        }
    }

    /// Accounts are as many as there are; addresses can be invented, so beyond a number they share the counts of their
    /// networks, and beyond another all of them share one.
    fn key<'a>(&self, caller: Caller<'a>, key: impl Fn(&Known<'_>) -> Key) -> (Key, Known<'a>) {
        let address = match caller {
            Caller::Account(id, name) => {
                let known = Known::Account(id, name);
                return (key(&known), known);
            }
            Caller::Address(address) => address,
        };
        let network = |width| {
            let known = Known::Network(peer::network(address, width));
            (key(&known), known)
        };
        let narrow = [(0, RATE_ADDRESSES), (1, RATE_ADDRESSES + RATE_ADDRESSES / 4)];
        let mut fitting = narrow.into_iter().map(|(width, room)| (network(width), room));
        fitting
            .find(|((key, _), room)| self.counts.len() < *room || self.counts.contains_key(key))
            .map_or_else(|| network(u8::MAX), |(known, _)| known)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "quotas are small and positive")]
fn quota(policy: &RatePolicy, factor: f64) -> u64 {
    ((f64::from(policy.quota) * factor).round() as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::limits::{RATE_PUBLIC, RATE_READ};

    fn ask(rates: &Rates, clock: &Clock, address: u32) -> Verdict {
        let secret = hmac::Key::new(hmac::HMAC_SHA256, b"test");
        rates.count(&RATE_PUBLIC, Caller::Address(IpAddr::V4(address.into())), "read /x", &secret, clock)
    }

    #[test]
    fn a_quota_is_never_less_than_one() {
        assert_eq!(quota(&RATE_READ, 1.0), 1200);
        assert_eq!(quota(&RATE_READ, 0.5), 600);
        assert_eq!(quota(&RATE_READ, 0.0001), 1);
    }

    #[test]
    fn invented_addresses_do_not_fill_the_memory() {
        let clock = Clock::fixed("2026-11-25T00:00:30Z".parse().unwrap());
        let rates = Rates::new(1.0);
        for n in 0..100_000_u32 {
            ask(&rates, &clock, n * 0x101);
        }
        let counted = rates.window().counts.len();
        assert!(counted <= RATE_ADDRESSES + RATE_ADDRESSES / 4 + 1, "{counted}");
        assert_eq!(ask(&rates, &clock, 0).remaining, 298, "who was counted alone still is");
        clock.set("2026-11-25T00:01:00Z".parse().unwrap());
        assert_eq!(ask(&rates, &clock, 0).remaining, 299);
        assert_eq!(rates.window().counts.len(), 1, "the old window is forgotten");
    }
}
