//! Texts that only this service can read: for what must not be readable in the database's files, or in copies of them.

use std::sync::OnceLock;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};

use crate::error::{Error, Result};

/// The keys under which texts are sealed: AES-256-GCM, derived from secrets by HKDF.
///
/// A secret of the operator's own, which is in no database, seals first. Without one, the service's secret does, which
/// is kept in the database: then the seals keep out who has a part of the files only.
pub struct Seals {
    operators: OnceLock<Vec<RandomizedNonceKey>>,
    kept: RandomizedNonceKey,
}

impl Seals {
    /// Seals by a secret that is kept in the database.
    pub(super) fn new(kept_secret: &[u8]) -> Result<Self> {
        Ok(Self { operators: OnceLock::new(), kept: derived(kept_secret)? })
    }

    /// From now on seal by the first of these secrets; all of them open, and the service's own does. The first call
    /// counts.
    ///
    /// # Errors
    /// [`Error::Internal`] when no key can be derived.
    pub fn prefer(&self, secrets: &[Vec<u8>]) -> Result<()> {
        let keys = secrets.iter().map(|secret| derived(secret)).collect::<Result<Vec<_>>>()?;
        self.operators.set(keys).map_err(|_| Error::internal("there are secrets for seals already"))
    }

    /// Seal a text. It can only be opened with the same context.
    ///
    /// # Errors
    /// [`Error::Internal`] when the machine has no randomness.
    pub fn seal(&self, context: &str, mut text: Vec<u8>) -> Result<Vec<u8>> {
        let key = self.keys().next().unwrap_or(&self.kept);
        let nonce = key
            .seal_in_place_append_tag(Aad::from(context), &mut text)
            .map_err(|_| Error::internal("a text cannot be sealed"))?;
        Ok([nonce.as_ref().as_slice(), &text].concat())
    }

    /// Open what was sealed; none where it was by a key that is not here, or changed since.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        self.keys().find_map(|key| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut text = sealed.to_vec();
            Some(key.open_in_place(nonce, Aad::from(context), &mut text).ok()?.to_vec())
        })
    }

    fn keys(&self) -> impl Iterator<Item = &RandomizedNonceKey> {
        self.operators.get().into_iter().flatten().chain([&self.kept])
    }
}

/// The key of a secret; the label keeps it apart from whatever else is derived from the same secret.
fn derived(secret: &[u8]) -> Result<RandomizedNonceKey> {
    let none = |_| Error::internal("a key for seals cannot be derived");
    let mut bytes = [0_u8; 32];
    Salt::new(HKDF_SHA256, &[])
        .extract(secret)
        .expand(&[b"thuocdo seals"], HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut bytes))
        .map_err(none)?;
    RandomizedNonceKey::new(&AES_256_GCM, &bytes).map_err(none)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_keys_in_the_same_context_open() {
        let (seals, others) = (Seals::new(b"ours").unwrap(), Seals::new(b"theirs").unwrap());
        let text = b"Gi\xE1\xBA\xA3ng vi\xC3\xAAn n\xC3\xB3i nhanh.".to_vec();
        let sealed = seals.seal("form 1", text.clone()).unwrap();
        assert_ne!(
            sealed,
            seals.seal("form 1", text.clone()).unwrap(),
            "the same text looks different each time"
        );
        assert_eq!(seals.open("form 1", &sealed), Some(text));
        assert_eq!(seals.open("form 2", &sealed), None);
        assert_eq!(others.open("form 1", &sealed), None);
        let mut changed = sealed.clone();
        changed[20] ^= 1;
        assert_eq!(seals.open("form 1", &changed), None);
        assert_eq!(seals.open("form 1", &sealed[..5]), None);
    }

    #[test]
    fn the_operators_first_secret_seals_and_all_secrets_open() {
        let seals = |secrets: &[&[u8]]| {
            let seals = Seals::new(b"kept").unwrap();
            if !secrets.is_empty() {
                let secrets: Vec<_> = secrets.iter().map(|secret| secret.to_vec()).collect();
                seals.prefer(&secrets).unwrap();
            }
            seals
        };
        let sealed = |by: &Seals| by.seal("form", b"text".to_vec()).unwrap();
        let (kept, old, new) = (seals(&[]), seals(&[b"old"]), seals(&[b"new", b"old"]));
        assert!(new.open("form", &sealed(&kept)).is_some(), "the way to a secret of one's own loses nothing");
        assert!(new.open("form", &sealed(&old)).is_some(), "nor does the way to a new one");
        assert!(old.open("form", &sealed(&new)).is_none());
        assert!(kept.open("form", &sealed(&new)).is_none(), "what is in the database does not open it");
    }
}
