//! The chain, pure: what is digested, and which link is broken.
//!
//! An entry's digest covers everything it says but its number; a seal's covers the digest before, its own members, and
//! number and digest of each of its entries. Every part is written with its length, so that no two entries read alike.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::digest::Digest;
use super::model::{Entry, Place, Seal};

/// What is wrong with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It does not say what was sealed.
    Changed,
    /// It was sealed and is gone.
    Missing,
    /// It was never sealed in this place.
    Inserted,
    /// It says what was sealed under another number.
    Reordered,
}

/// The first broken link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// The seal; `None` for an entry that no seal knows.
    pub seal: Option<i64>,
    /// The entry; `None` for the seal itself.
    pub entry: Option<i64>,
    /// What is wrong with it.
    pub fault: Fault,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self.fault {
            Fault::Changed => "was changed",
            Fault::Missing => "is missing",
            Fault::Inserted => "was inserted",
            Fault::Reordered => "stands in the place of another (reordered)",
        };
        match (self.seal, self.entry) {
            (Some(seal), Some(entry)) => write!(f, "entry {entry} (seal {seal}) {fault}"),
            (Some(seal), None) => write!(f, "seal {seal} {fault}"),
            (None, Some(entry)) => write!(f, "entry {entry}, which no seal knows, {fault}"),
            (None, None) => write!(f, "the chain {fault}"),
        }
    }
}

/// Collects parts into a digest.
struct Parts(Sha256);

impl Parts {
    fn new(what: &str) -> Self {
        let mut parts = Self(Sha256::new());
        parts.bytes(what.as_bytes());
        parts
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(bytes);
    }

    fn number(&mut self, number: i64) {
        self.bytes(&number.to_be_bytes());
    }

    /// Nothing differs from an empty text.
    fn maybe(&mut self, text: Option<&str>) {
        self.bytes(&[u8::from(text.is_some())]);
        self.bytes(text.unwrap_or_default().as_bytes());
    }

    fn done(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

/// Digest of an entry.
pub fn of_entry(entry: &Entry) -> Digest {
    let mut parts = Parts::new("thuocdo audit entry 1");
    parts.number(entry.occurred_at.timestamp_micros());
    parts.bytes(entry.actor_id.as_bytes());
    parts.bytes(entry.actor_name.as_bytes());
    parts.maybe(entry.on_behalf_of_id.map(|id| id.to_string()).as_deref());
    parts.maybe(entry.on_behalf_of_name.as_deref());
    for text in [&entry.permission, &entry.request_id, &entry.kind] {
        parts.bytes(text.as_bytes());
    }
    parts.bytes(entry.subject_id.as_bytes());
    for text in [&entry.purpose, &entry.before, &entry.after] {
        parts.maybe(text.as_deref());
    }
    parts.done()
}

/// Digest of a seal whose other members are set.
pub fn of_seal<'a>(seal: &Seal, places: impl Iterator<Item = &'a Place>) -> Digest {
    let mut parts = Parts::new("thuocdo audit seal 1");
    parts.bytes(&seal.previous);
    for number in [seal.number, seal.first_entry, seal.last_entry, i64::from(seal.entries)] {
        parts.number(number);
    }
    parts.number(seal.sealed_at.timestamp_micros());
    for place in places {
        parts.number(place.entry);
        parts.bytes(&place.digest);
    }
    parts.done()
}

/// A place in a seal, and the entry that stands there now.
#[derive(Debug, Clone)]
pub struct Link {
    /// What was sealed.
    pub place: Place,
    /// What is there.
    pub entry: Option<Entry>,
}

/// A walk along the chain.
#[derive(Debug, Clone)]
pub struct Walk {
    /// The last seal that was good.
    pub seal: i64,
    /// Entries so far.
    pub entries: i64,
    /// Its digest.
    pub head: Digest,
}

impl Walk {
    /// Before the first seal.
    pub fn new() -> Self {
        Self { seal: 0, entries: 0, head: Digest::GENESIS }
    }

    /// The next step: a seal and its links in the order of their numbers.
    ///
    /// # Errors
    /// The first link that is broken.
    pub fn step(&mut self, seal: &Seal, links: &[Link]) -> Result<(), Broken> {
        let broken = |entry, fault| Err(Broken { seal: Some(seal.number), entry, fault });
        if seal.number != self.seal + 1 {
            return Err(Broken { seal: Some(self.seal + 1), entry: None, fault: Fault::Missing });
        }
        if seal.previous != self.head.0 {
            return broken(None, Fault::Changed);
        }
        for link in links {
            if let Some(fault) = fault(link, links) {
                return broken(Some(link.place.entry), fault);
            }
        }
        let digest = of_seal(seal, links.iter().map(|l| &l.place));
        if seal.digest != digest.0 {
            let stranger = stranger(seal, links);
            return match (stranger, i32::try_from(links.len()).map(|n| n.cmp(&seal.entries))) {
                (Some(entry), _) => broken(Some(entry), Fault::Inserted),
                (None, Ok(std::cmp::Ordering::Less)) => broken(None, Fault::Missing),
                _ => broken(None, Fault::Changed),
            };
        }
        self.seal = seal.number;
        self.entries += i64::from(seal.entries);
        self.head = digest;
        Ok(())
    }
}

fn fault(link: &Link, others: &[Link]) -> Option<Fault> {
    let Some(entry) = &link.entry else {
        return Some(Fault::Missing);
    };
    let digest = of_entry(entry);
    if link.place.digest == digest.0 {
        return None;
    }
    let elsewhere = others.iter().any(|other| other.place.digest == digest.0);
    Some(if elsewhere { Fault::Reordered } else { Fault::Changed })
}

/// The one link without which the seal would be right.
fn stranger(seal: &Seal, links: &[Link]) -> Option<i64> {
    let without =
        |left_out: i64| of_seal(seal, links.iter().map(|l| &l.place).filter(|p| p.entry != left_out));
    let entries = usize::try_from(seal.entries).unwrap_or_default();
    if links.len() != entries + 1 {
        return None;
    }
    links.iter().map(|l| l.place.entry).find(|entry| seal.digest == without(*entry).0)
}

/// Make the seal of some entries, in the order of their numbers.
pub fn make_seal(
    previous: Option<&Seal>,
    entries: &[Entry],
    now: chrono::DateTime<chrono::Utc>,
) -> Option<(Seal, Vec<Place>)> {
    let (first, last) = (entries.first()?, entries.last()?);
    let number = previous.map_or(0, |p| p.number) + 1;
    let places: Vec<Place> = entries
        .iter()
        .map(|e| Place { entry: e.number, seal: number, digest: of_entry(e).0.to_vec() })
        .collect();
    let mut seal = Seal {
        number,
        first_entry: first.number,
        last_entry: last.number,
        entries: i32::try_from(places.len()).ok()?,
        digest: Vec::new(),
        previous: previous.map_or_else(|| Digest::GENESIS.0.to_vec(), |p| p.digest.clone()),
        sealed_at: now,
    };
    seal.digest = of_seal(&seal, places.iter()).0.to_vec();
    Some((seal, places))
}

#[cfg(test)]
mod tests;
