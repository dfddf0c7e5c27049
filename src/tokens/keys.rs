//! The key ring: which key signs access tokens now, and which keys verify them. A new key is published before it signs,
//! and an old one verifies until the last token it signed is over; so keys change while everybody stays signed in.

use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

use super::pseudonym::{self, Pseudonym};
use super::seals::Seals;
use super::verified::Verified;
use crate::error::{Error, Result};

/// How long a new key is published before it signs: every replica reads the keys anew more often than that.
pub const PUBLISHED_BEFORE: Duration = Duration::seconds(60);
/// How long a key verifies after the next one began to sign: longer than any token lives.
pub const RETIRED_AFTER: Duration = Duration::hours(1);

/// A private key as it is kept.
#[derive(Clone)]
pub struct KeyMaterial {
    /// PKCS#8, Ed25519.
    pub pkcs8: Vec<u8>,
    /// When it begins to sign.
    pub signs_from: DateTime<Utc>,
}

/// One key of the ring.
pub struct Key {
    /// RFC 7638 thumbprint of the public key.
    pub kid: Arc<str>,
    pub(super) encoding: EncodingKey,
    pub(super) decoding: DecodingKey,
    jwk: Jwk,
    signs_from: DateTime<Utc>,
}

impl Key {
    fn new(material: &KeyMaterial) -> Result<Self> {
        let encoding = EncodingKey::from_ed_der(&version_1(&pair(&material.pkcs8)?)?);
        let mut jwk = Jwk::from_encoding_key(&encoding, Algorithm::EdDSA).map_err(Error::internal)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(Error::internal)?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        jwk.common.key_algorithm = Some(KeyAlgorithm::EdDSA);
        let decoding = DecodingKey::from_jwk(&jwk).map_err(Error::internal)?;
        Ok(Self { kid: kid.into(), encoding, decoding, jwk, signs_from: material.signs_from })
    }
}

fn pair(pkcs8: &[u8]) -> Result<Ed25519KeyPair> {
    Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|e| Error::internal(format!("signing key: {e}")))
}

/// PKCS#8 without the public key, the form that the token library reads.
fn version_1(pair: &Ed25519KeyPair) -> Result<Vec<u8>> {
    let document = pair.to_pkcs8v1().map_err(|_| Error::internal("signing key cannot be encoded"))?;
    Ok(document.as_ref().to_vec())
}

/// The keys of a service and the address they sign for; cheap to clone, all clones change together.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    issuer: String,
    cursor_key: aws_lc_rs::hmac::Key,
    seals: Seals,
    /// Oldest first; never empty.
    ring: RwLock<Arc<Vec<Arc<Key>>>>,
    verified: Verified,
}

impl Keys {
    /// A ring of one key, which also signs the cursors.
    ///
    /// # Errors
    /// [`Error::Internal`] when the bytes are not a PKCS#8 Ed25519 key.
    pub fn new(pkcs8: &[u8], issuer: &str) -> Result<Self> {
        let material = KeyMaterial { pkcs8: pkcs8.to_vec(), signs_from: DateTime::UNIX_EPOCH };
        Self::ring(&[material], pkcs8, issuer)
    }

    /// A ring of keys; cursors are signed by a secret of their own, so that they outlive a change of keys.
    ///
    /// # Errors
    /// [`Error::Internal`] when there is no key or the bytes are not PKCS#8 Ed25519 keys.
    pub fn ring(material: &[KeyMaterial], cursor_secret: &[u8], issuer: &str) -> Result<Self> {
        let seed =
            aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &[b"cursor", cursor_secret].concat());
        Ok(Self(Arc::new(Inner {
            issuer: issuer.to_owned(),
            cursor_key: aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, seed.as_ref()),
            seals: Seals::new(cursor_secret)?,
            ring: RwLock::new(Arc::new(read(material)?)),
            verified: Verified::default(),
        })))
    }

    /// Take other keys, while requests are answered.
    ///
    /// # Errors
    /// As [`Keys::ring`]; then the keys stay as they were.
    pub fn replace(&self, material: &[KeyMaterial]) -> Result<()> {
        let ring = Arc::new(read(material)?);
        *self.0.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    /// A fresh private key, PKCS#8.
    ///
    /// # Errors
    /// [`Error::Internal`] when the machine has no randomness.
    pub fn generate_pkcs8() -> Result<Vec<u8>> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| Error::internal("no randomness for a signing key"))?;
        version_1(&pair(document.as_ref())?)
    }

    /// Key id of a private key.
    ///
    /// # Errors
    /// [`Error::Internal`] when the bytes are not a PKCS#8 Ed25519 key.
    pub fn kid_of(pkcs8: &[u8]) -> Result<String> {
        Ok(Key::new(&KeyMaterial { pkcs8: pkcs8.to_vec(), signs_from: DateTime::UNIX_EPOCH })?
            .kid
            .to_string())
    }

    /// The raw public key, for `doctor`.
    ///
    /// # Errors
    /// [`Error::Internal`] when the bytes are not an Ed25519 key.
    pub fn public_key_of(pkcs8: &[u8]) -> Result<Vec<u8>> {
        Ok(pair(pkcs8)?.public_key().as_ref().to_vec())
    }

    /// Who issues the tokens, and for whom: the public address of the service.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The keyed hash of a name or an address; see [`super::pseudonym`].
    pub fn pseudonym(&self, purpose: &str, text: &str) -> Pseudonym {
        pseudonym::of(&self.0.cursor_key, purpose, text)
    }

    /// Key that signs cursors; the same on every replica.
    pub fn cursor_key(&self) -> &aws_lc_rs::hmac::Key {
        &self.0.cursor_key
    }

    /// Keys for texts that only this service can read.
    pub fn seals(&self) -> &Seals {
        &self.0.seals
    }

    /// The tokens of this service that were found good a moment ago.
    pub(super) fn verified(&self) -> &Verified {
        &self.0.verified
    }

    /// The public keys, as published: all that verify, and those that will sign soon.
    pub fn jwks(&self, now: DateTime<Utc>) -> JwkSet {
        JwkSet { keys: verifying(&self.all(), now).map(|k| k.jwk.clone()).collect() }
    }

    /// The newest key that may sign.
    pub(super) fn signing(&self, now: DateTime<Utc>) -> Option<Arc<Key>> {
        let ring = self.all();
        ring.iter().rev().find(|k| k.signs_from <= now).or_else(|| ring.first()).cloned()
    }

    /// The key of an id, unless it is retired.
    pub(super) fn named(&self, kid: &str, now: DateTime<Utc>) -> Option<Arc<Key>> {
        verifying(&self.all(), now).find(|k| *k.kid == *kid).cloned()
    }

    fn all(&self) -> Arc<Vec<Arc<Key>>> {
        self.0.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Those of a ring that verify.
fn verifying(ring: &[Arc<Key>], now: DateTime<Utc>) -> impl Iterator<Item = &Arc<Key>> {
    let next = ring.iter().skip(1).map(|k| Some(k.signs_from)).chain([None]);
    ring.iter().zip(next).filter(move |(_, next)| !is_retired(*next, now)).map(|(k, _)| k)
}

fn read(material: &[KeyMaterial]) -> Result<Vec<Arc<Key>>> {
    let mut ring = material.iter().map(|m| Key::new(m).map(Arc::new)).collect::<Result<Vec<_>>>()?;
    if ring.is_empty() {
        return Err(Error::internal("there is no signing key"));
    }
    ring.sort_by_key(|k| k.signs_from);
    Ok(ring)
}

/// Whether a key whose successor signs from `next` on verifies no more.
pub fn is_retired(next: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    next.is_some_and(|next| next + RETIRED_AFTER <= now)
}
