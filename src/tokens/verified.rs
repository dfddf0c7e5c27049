//! Access tokens that were found good a moment ago, so that the next request with one costs no check of its signature.
//!
//! Only what can never change of a token is kept: what it says, and which key signed it. Whether that key still verifies,
//! whether the moment lies in the token's life, and whether it was revoked is asked for every request anew. A token that
//! is not good is never kept, so nobody can fill the memory without signing in. An account has a small number of places,
//! so that one that gets tokens all the time displaces its own and not those of others. Tokens are known by their SHA-256,
//! which is compared as a whole: how long an answer takes says nothing about tokens that the caller does not have.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::digest::{SHA256, digest};
use uuid::Uuid;

use super::access::Access;

/// Most tokens that are kept.
const TOKENS: usize = 8192;
/// Most memory that they take together, bytes.
const BYTES: usize = 8 * 1024 * 1024;
/// Most tokens that are kept for one account.
const OF_ONE_ACCOUNT: usize = 8;
/// What a token takes besides its words: its places in the tables, and the parts of [`Access`] that have a fixed size.
const OVERHEAD: usize = 512;

/// What a token is known by.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    /// The digest of a token.
    pub(super) fn of(token: &str) -> Self {
        let digest = digest(&SHA256, token.as_bytes());
        Self(digest.as_ref().first_chunk().copied().unwrap_or_default())
    }
}

/// A token whose signature and claims were found good.
#[derive(Clone)]
pub(super) struct Good {
    /// What it says.
    pub(super) access: Arc<Access>,
    /// Id of the key that signed it.
    pub(super) kid: Arc<str>,
    /// When it begins, seconds since 1970.
    pub(super) starts_at: i64,
}

struct Place {
    good: Good,
    number: u64,
    bytes: usize,
}

#[derive(Default)]
struct Known {
    places: HashMap<Digest, Place>,
    /// The tokens in the order in which they came, which is nearly the order in which they end.
    order: BTreeMap<u64, Digest>,
    /// Numbers of the places of each account.
    accounts: HashMap<Uuid, VecDeque<u64>>,
    next: u64,
    bytes: usize,
}

/// The tokens that are known to be good.
#[derive(Default)]
pub(super) struct Verified(RwLock<Known>);

impl Verified {
    /// What is known of a token.
    pub(super) fn find(&self, digest: &Digest) -> Option<Good> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.places.get(digest).map(|place| place.good.clone())
    }

    /// Keep a token of a length in bytes. Those that have ended by now make room first, then the account's oldest, then
    /// the oldest of all.
    pub(super) fn keep(&self, digest: Digest, good: Good, length: usize, now: i64) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.keep(digest, good, length + OVERHEAD, now);
    }
}

impl Known {
    fn keep(&mut self, digest: Digest, good: Good, bytes: usize, now: i64) {
        if self.places.contains_key(&digest) {
            return;
        }
        while self.oldest().is_some_and(|place| place.good.access.expires_at <= now) {
            self.forget_oldest();
        }
        let account = good.access.actor.id;
        while let Some(number) = self.oldest_beyond(account, OF_ONE_ACCOUNT) {
            self.forget(number);
        }
        while !self.order.is_empty() && (self.places.len() >= TOKENS || self.bytes + bytes > BYTES) {
            self.forget_oldest();
        }
        let number = self.next;
        self.next += 1;
        self.bytes += bytes;
        self.order.insert(number, digest);
        self.accounts.entry(account).or_default().push_back(number);
        self.places.insert(digest, Place { good, number, bytes });
    }

    /// Take the number of an account's oldest token, if the account has as many as it may.
    fn oldest_beyond(&mut self, account: Uuid, most: usize) -> Option<u64> {
        let own = self.accounts.get_mut(&account)?;
        if own.len() >= most { own.pop_front() } else { None }
    }

    fn oldest(&self) -> Option<&Place> {
        self.order.first_key_value().and_then(|(_, digest)| self.places.get(digest))
    }

    fn forget_oldest(&mut self) {
        if let Some((number, _)) = self.order.first_key_value() {
            self.forget(*number);
        }
    }

    fn forget(&mut self, number: u64) {
        let Some(place) = self.order.remove(&number).and_then(|digest| self.places.remove(&digest)) else {
            return;
        };
        self.bytes = self.bytes.saturating_sub(place.bytes);
        let account = place.good.access.actor.id;
        if let Some(own) = self.accounts.get_mut(&account) {
            own.retain(|other| *other != place.number);
            if own.is_empty() {
                self.accounts.remove(&account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Actor;

    const NOW: i64 = 1_000_000;

    fn good(account: u128, expires_at: i64) -> Good {
        let actor = Actor { id: Uuid::from_u128(account), ..Actor::public() };
        let access = Access { actor: actor.into(), scope: String::new(), issued_at: NOW, expires_at };
        Good { access: Arc::new(access), kid: "key".into(), starts_at: NOW }
    }

    fn keep(verified: &Verified, token: &str, account: u128) {
        verified.keep(Digest::of(token), good(account, NOW + 600), token.len(), NOW);
    }

    #[test]
    fn a_token_is_found_by_all_of_its_bytes() {
        let verified = Verified::default();
        keep(&verified, "header.claims.signature", 1);
        assert!(verified.find(&Digest::of("header.claims.signature")).is_some());
        assert!(verified.find(&Digest::of("header.claims.signaturf")).is_none());
    }

    #[test]
    fn an_account_that_gets_tokens_all_the_time_displaces_only_its_own() {
        let verified = Verified::default();
        keep(&verified, "of somebody else", 1);
        for n in 0..100_000 {
            keep(&verified, &format!("token {n}"), 2);
        }
        assert!(verified.find(&Digest::of("of somebody else")).is_some());
        assert!(verified.find(&Digest::of("token 99999")).is_some());
        let known = verified.0.read().unwrap();
        assert_eq!((known.places.len(), known.order.len()), (1 + OF_ONE_ACCOUNT, 1 + OF_ONE_ACCOUNT));
        assert_eq!(known.accounts.len(), 2);
    }

    #[test]
    fn memory_is_bounded_by_number_and_by_bytes() {
        let (many, long) = (Verified::default(), Verified::default());
        for n in 0..10_000_u32 {
            keep(&many, &n.to_string(), n.into());
        }
        for n in 0..2_000_u32 {
            keep(&long, &format!("{n:08000}"), n.into());
        }
        let known = many.0.read().unwrap();
        assert_eq!(known.places.len(), TOKENS);
        assert!(known.bytes <= BYTES);
        let known = long.0.read().unwrap();
        assert!(known.bytes <= BYTES && known.places.len() < TOKENS);
        assert_eq!(known.places.len(), known.accounts.len(), "nothing stays of a token that was forgotten");
    }

    #[test]
    fn tokens_that_have_ended_make_room() {
        let verified = Verified::default();
        for account in 0..100 {
            keep(&verified, &account.to_string(), account);
        }
        verified.keep(Digest::of("new"), good(1, NOW + 1200), 3, NOW + 600);
        assert_eq!(verified.0.read().unwrap().places.len(), 1);
    }
}
