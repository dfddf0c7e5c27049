//! Security events: refused and slowed sign-ins, refused tokens, refusals for want of rights or reach, refusals of too many
//! requests. Counted by every replica for each minute in memory, without a query, and written by the loop that follows
//! the other replicas, so that an attack costs no write for each of its requests. Names and addresses are kept as keyed
//! hashes: a name that was typed wrong may be a password.
//!
//! In a minute a replica keeps a limited number of different events. Those of known accounts have a number of their own,
//! which strangers cannot use up; what comes beyond is counted by its kind alone, with the reason `others`.

use std::collections::HashMap;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base16ct::lower::encode_string as hex;
use chrono::{DateTime, Timelike, Utc};
use diesel::sql_types::{Array, BigInt, Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use crate::access::SecurityKind;
use crate::clock::Clock;
use crate::error::Result;
use crate::tokens::Keys;
use crate::tokens::pseudonym::Pseudonym;

/// Different events of known accounts that a replica keeps for a minute.
const OF_ACCOUNTS: usize = 1000;
/// Different events of strangers that a replica keeps for a minute.
const OF_STRANGERS: usize = 300;
/// Different events that wait for a database that is away; beyond, the oldest are only logged.
const WAITING: usize = 10_000;
/// Reason of those that came when there was no more room.
const OTHERS: &str = "others";

/// Something that was refused, as it is seen.
#[derive(Debug, Clone, Copy)]
pub struct Sighting<'a> {
    /// What was refused.
    pub kind: SecurityKind,
    /// Why: a code.
    pub reason: &'static str,
    /// The account, where it is known.
    pub account_id: Option<Uuid>,
    /// The name that was given; kept as a keyed hash.
    pub name: Option<&'a str>,
    /// The caller's address; kept as a keyed hash.
    pub address: &'a str,
    /// Method and path template of the route.
    pub route: &'a str,
}

/// Purpose of the keyed hashes of names.
pub const NAME: &str = "security-name";
/// Purpose of the keyed hashes of addresses.
pub const ADDRESS: &str = "security-address";

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Seen {
    minute: DateTime<Utc>,
    kind: SecurityKind,
    reason: &'static str,
    account_id: Option<Uuid>,
    name: Option<Pseudonym>,
    address: Option<Pseudonym>,
    route: String,
}

impl Seen {
    /// Where it is counted when there is no more room.
    fn among_others(&self) -> Self {
        Self {
            reason: OTHERS,
            account_id: None,
            name: None,
            address: None,
            route: String::new(),
            ..self.clone()
        }
    }

    /// Pseudonym of all members, for the table's key.
    fn key(&self, keys: &Keys) -> Pseudonym {
        let Self { kind, reason, account_id, name, address, route, .. } = self;
        keys.pseudonym(
            "security-key",
            &format!("{kind:?} {reason} {account_id:?} {name:?} {address:?} {route}"),
        )
    }
}

#[derive(Default)]
struct Counts {
    minute: DateTime<Utc>,
    /// Different events of the minute, of known accounts and of strangers.
    kept: [usize; 2],
    /// What is known in the minute and not yet written; nothing to write has the count 0.
    present: HashMap<Seen, i64>,
    /// What was not yet written when its minute ended.
    waiting: HashMap<Seen, i64>,
}

/// The security events that a replica has seen.
#[derive(Default)]
pub struct Security(Mutex<Counts>);

impl Security {
    /// Count one.
    pub fn count(&self, sighting: &Sighting<'_>, keys: &Keys, clock: &Clock) {
        let now = clock.now();
        let seen = Seen {
            minute: now.with_second(0).and_then(|t| t.with_nanosecond(0)).unwrap_or(now),
            kind: sighting.kind,
            reason: sighting.reason,
            account_id: sighting.account_id,
            name: sighting.name.map(|name| keys.pseudonym(NAME, &name.to_lowercase())),
            address: Some(keys.pseudonym(ADDRESS, sighting.address)),
            route: sighting.route.to_owned(),
        };
        self.counts().add(seen);
    }

    /// Write what was counted since the last time, into the log and the database.
    ///
    /// # Errors
    /// When the database cannot be reached; then the next time writes it all.
    pub async fn write(&self, keys: &Keys, clock: &Clock, conn: &mut AsyncPgConnection) -> Result<()> {
        let news = self.counts().take();
        match insert(&news, keys, clock, conn).await {
            Ok(()) => {
                for (seen, count) in &news {
                    tell(seen, *count);
                }
                Ok(())
            }
            Err(error) => {
                self.counts().give_back(news);
                Err(error)
            }
        }
    }

    /// Whether there is anything to write.
    pub fn has_news(&self) -> bool {
        let counts = self.counts();
        !counts.waiting.is_empty() || counts.present.values().any(|n| *n > 0)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn add(&mut self, seen: Seen) {
        if self.minute != seen.minute {
            let over = mem::take(&mut self.present);
            self.give_back(over.into_iter().filter(|(_, n)| *n > 0).collect());
            (self.minute, self.kept) = (seen.minute, [0, 0]);
        }
        if let Some(count) = self.present.get_mut(&seen) {
            *count += 1;
            return;
        }
        let [of_accounts, of_strangers] = &mut self.kept;
        let (kept, room) = match seen.account_id {
            Some(_) => (of_accounts, OF_ACCOUNTS),
            None => (of_strangers, OF_STRANGERS),
        };
        let fits = *kept < room;
        *kept += usize::from(fits);
        let counted = if fits { seen } else { seen.among_others() };
        *self.present.entry(counted).or_default() += 1;
    }

    fn take(&mut self) -> Vec<(Seen, i64)> {
        let mut news: Vec<_> = mem::take(&mut self.waiting).into_iter().collect();
        for (seen, count) in &mut self.present {
            if *count > 0 {
                news.push((seen.clone(), mem::take(count)));
            }
        }
        news
    }

    /// Keep for the next time what could not be written.
    fn give_back(&mut self, news: Vec<(Seen, i64)>) {
        for (seen, count) in news {
            if self.waiting.len() < WAITING || self.waiting.contains_key(&seen) {
                *self.waiting.entry(seen).or_default() += count;
            } else {
                tell(&seen, count);
            }
        }
    }
}

/// The line that an operator watches.
fn tell(seen: &Seen, count: i64) {
    let Seen { minute, kind, reason, account_id, name, address, route } = seen;
    tracing::warn!(
        target: "thuocdo::security",
        kind = kind.name(),
        reason,
        account_id = account_id.map(tracing::field::display),
        name_hash = name.map(|hash| hex(&hash)),
        address_hash = address.map(|hash| hex(&hash)),
        route,
        count,
        %minute,
        "refused"
    );
}

async fn insert(
    news: &[(Seen, i64)],
    keys: &Keys,
    clock: &Clock,
    conn: &mut AsyncPgConnection,
) -> Result<()> {
    if news.is_empty() {
        return Ok(());
    }
    let mut rows: Vec<_> = news.iter().map(|(seen, count)| (seen.key(keys), seen, *count)).collect();
    // In the order of the keys, so that two replicas never wait for each other in a circle.
    rows.sort_unstable_by_key(|(key, seen, _)| (seen.minute, *key));
    let of = |take: fn(&Seen) -> Option<&Pseudonym>| -> Vec<Option<Vec<u8>>> {
        rows.iter().map(|(_, seen, _)| take(seen).map(|p| p.to_vec())).collect()
    };
    diesel::sql_query(
        "INSERT INTO security_events (minute, key, id, kind, reason, account_id, name_hash, address_hash, route, count) \
         SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (minute, key) DO UPDATE SET count = security_events.count + excluded.count",
    )
    .bind::<Array<Timestamptz>, _>(rows.iter().map(|(_, seen, _)| seen.minute).collect::<Vec<_>>())
    .bind::<Array<Bytea>, _>(rows.iter().map(|(key, ..)| key.to_vec()).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(rows.iter().map(|_| clock.new_id()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|(_, seen, _)| seen.kind.name()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(rows.iter().map(|(_, seen, _)| seen.reason).collect::<Vec<_>>())
    .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|(_, seen, _)| seen.account_id).collect::<Vec<_>>())
    .bind::<Array<Nullable<Bytea>>, _>(of(|seen| seen.name.as_ref()))
    .bind::<Array<Nullable<Bytea>>, _>(of(|seen| seen.address.as_ref()))
    .bind::<Array<Text>, _>(rows.iter().map(|(_, seen, _)| seen.route.as_str()).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(rows.iter().map(|(.., count)| *count).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(account_id: Option<Uuid>, name: &str) -> Sighting<'_> {
        let (kind, reason) = (SecurityKind::SignInFailed, "password");
        Sighting { kind, reason, account_id, name: Some(name), address: "a", route: "POST /oauth/token" }
    }

    #[test]
    fn invented_names_fill_neither_the_memory_nor_the_room_of_accounts() {
        let clock = Clock::fixed("2026-11-25T00:00:30Z".parse().unwrap());
        let keys = Keys::new(&Keys::generate_pkcs8().unwrap(), "test").unwrap();
        let security = Security::default();
        for n in 0..100_000 {
            security.count(&sighting(None, &n.to_string()), &keys, &clock);
        }
        security.count(&sighting(Some(Uuid::nil()), "thu.le"), &keys, &clock);
        let news = security.counts().take();
        assert_eq!(news.len(), OF_STRANGERS + 2);
        assert_eq!(news.iter().map(|(_, n)| n).sum::<i64>(), 100_001, "none is lost");
        assert!(news.iter().any(|(seen, n)| seen.account_id.is_some() && *n == 1));
        let others = news.iter().find(|(seen, _)| seen.reason == OTHERS).unwrap();
        assert_eq!((others.1, others.0.name), (99_700, None));
        security.count(&sighting(None, "0"), &keys, &clock);
        assert_eq!(security.counts().take().len(), 1, "the minute remembers what it has room for");
        clock.set("2026-11-25T00:01:00Z".parse().unwrap());
        security.count(&sighting(None, "new"), &keys, &clock);
        assert_eq!(security.counts().kept, [0, 1]);
    }
}
