//! Access tokens: EdDSA-signed JWTs after RFC 9068, ten minutes long. The algorithm is pinned, never read from the token.

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Actor, Role, policy};
use crate::error::{Error, Result};

/// Life of an access token in seconds.
pub const LIFETIME_SECONDS: i64 = 600;
/// Longest token that is looked at.
const MAXIMUM_LENGTH: usize = 8 * 1024;
/// Seconds by which the clocks of two replicas may differ.
const LEEWAY_SECONDS: i64 = 30;
/// `typ` of RFC 9068.
const TOKEN_TYPE: &str = "at+jwt";

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    exp: i64,
    iat: i64,
    jti: Uuid,
    client_id: String,
    scope: String,
    roles: Vec<Role>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unit_ids: Vec<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    employee_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    institute_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    epoch: Option<i32>,
}

/// The key that signs, and the address it signs for.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    issuer: String,
    kid: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    jwks: JwkSet,
    cursor_key: aws_lc_rs::hmac::Key,
}

impl Keys {
    /// Keys from a PKCS#8 Ed25519 private key.
    ///
    /// # Errors
    /// [`Error::Internal`] when the bytes are not such a key.
    pub fn new(pkcs8: &[u8], issuer: &str) -> Result<Self> {
        let pair =
            Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|e| Error::internal(format!("signing key: {e}")))?;
        let pkcs8 = pair.to_pkcs8v1().map_err(|_| Error::internal("signing key cannot be encoded"))?;
        let encoding = EncodingKey::from_ed_der(pkcs8.as_ref());
        let mut jwk = Jwk::from_encoding_key(&encoding, Algorithm::EdDSA).map_err(Error::internal)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(Error::internal)?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        jwk.common.key_algorithm = Some(KeyAlgorithm::EdDSA);
        let decoding = DecodingKey::from_jwk(&jwk).map_err(Error::internal)?;
        let seed =
            aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &[b"cursor", pkcs8.as_ref()].concat());
        Ok(Self(Arc::new(Inner {
            issuer: issuer.to_owned(),
            kid,
            encoding,
            decoding,
            jwks: JwkSet { keys: vec![jwk] },
            cursor_key: aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, seed.as_ref()),
        })))
    }

    /// A fresh private key, PKCS#8.
    ///
    /// # Errors
    /// [`Error::Internal`] when the machine has no randomness.
    pub fn generate_pkcs8() -> Result<Vec<u8>> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| Error::internal("no randomness for a signing key"))?;
        Ok(document.as_ref().to_vec())
    }

    /// Key id: the RFC 7638 thumbprint of the public key.
    pub fn kid(&self) -> &str {
        &self.0.kid
    }

    /// Who issues the tokens: the public address of the service.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The public keys, as published.
    pub fn jwks(&self) -> &JwkSet {
        &self.0.jwks
    }

    /// Key that signs cursors; the same on every replica.
    pub fn cursor_key(&self) -> &aws_lc_rs::hmac::Key {
        &self.0.cursor_key
    }

    /// Make an access token.
    ///
    /// # Errors
    /// [`Error::Internal`] when signing fails.
    pub fn sign(&self, actor: &Actor, now: DateTime<Utc>, id: Uuid) -> Result<String> {
        let claims = Claims {
            iss: self.0.issuer.clone(),
            aud: self.0.issuer.clone(),
            sub: actor.id,
            exp: now.timestamp() + LIFETIME_SECONDS,
            iat: now.timestamp(),
            jti: id,
            client_id: actor.name.clone(),
            scope: policy::scopes(actor).join(" "),
            roles: actor.roles.clone(),
            unit_ids: actor.unit_ids.clone(),
            employee_id: actor.employee_id,
            institute_id: actor.institute_id,
            epoch: actor.epoch,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(self.0.kid.clone());
        jsonwebtoken::encode(&header, &claims, &self.0.encoding).map_err(Error::internal)
    }

    /// Read an access token.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for anything but a valid token of this service.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Actor> {
        if token.len() > MAXIMUM_LENGTH {
            return Err(Error::Unauthenticated);
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.0.issuer]);
        validation.set_audience(&[&self.0.issuer]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // Checked below against the service's own clock.
        validation.validate_exp = false;
        let data = jsonwebtoken::decode::<Claims>(token, &self.0.decoding, &validation)
            .map_err(|_| Error::Unauthenticated)?;
        let typed =
            data.header.typ.as_deref() == Some(TOKEN_TYPE) && data.header.kid.as_deref() == Some(self.kid());
        let claims = data.claims;
        let now = now.timestamp();
        let timely = now < claims.exp + LEEWAY_SECONDS
            && claims.iat <= now + LEEWAY_SECONDS
            && claims.exp - claims.iat <= LIFETIME_SECONDS;
        if !typed || !timely {
            return Err(Error::Unauthenticated);
        }
        Ok(Actor {
            id: claims.sub,
            name: claims.client_id,
            roles: claims.roles,
            unit_ids: claims.unit_ids,
            employee_id: claims.employee_id,
            institute_id: claims.institute_id,
            epoch: claims.epoch,
            on_behalf_of: None,
        })
    }

    /// The raw public key, for `doctor`.
    ///
    /// # Errors
    /// [`Error::Internal`] when the bytes are not an Ed25519 key.
    pub fn public_key_of(pkcs8: &[u8]) -> Result<Vec<u8>> {
        let pair =
            Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|e| Error::internal(format!("signing key: {e}")))?;
        Ok(pair.public_key().as_ref().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(issuer: &str) -> Keys {
        Keys::new(&Keys::generate_pkcs8().unwrap(), issuer).unwrap()
    }

    fn actor() -> Actor {
        let mut actor = Actor::public();
        actor.roles = vec![Role::UnitHead];
        actor.epoch = Some(1);
        actor
    }

    #[test]
    fn a_token_says_who_asks_and_ends_after_ten_minutes() {
        let keys = keys("https://example.gov.vn");
        let now: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        let token = keys.sign(&actor(), now, Uuid::nil()).unwrap();
        assert_eq!(keys.verify(&token, now).unwrap(), actor());
        let later = now + chrono::Duration::seconds(LIFETIME_SECONDS + LEEWAY_SECONDS);
        assert!(matches!(keys.verify(&token, later), Err(Error::Unauthenticated)));
    }

    #[test]
    fn tokens_of_another_key_or_issuer_and_unsigned_ones_are_refused() {
        let now: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        let pkcs8 = Keys::generate_pkcs8().unwrap();
        let ours = Keys::new(&pkcs8, "https://a").unwrap();
        let foreign = [
            keys("https://a").sign(&actor(), now, Uuid::nil()).unwrap(),
            Keys::new(&pkcs8, "https://b").unwrap().sign(&actor(), now, Uuid::nil()).unwrap(),
            "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.e30.".to_owned(),
            "x".repeat(MAXIMUM_LENGTH + 1),
        ];
        for token in foreign {
            assert!(ours.verify(&token, now).is_err());
        }
    }
}
