//! Access tokens: EdDSA-signed JWTs after RFC 9068, ten minutes long. The algorithm is the key's, never the token's.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Header};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use super::access::Access;
use super::jws;
use super::keys::Keys;
use super::verified::{Digest, Good};
use crate::access::{Actor, AskedScope, Role, TokenFault, policy};
use crate::error::{Error, Result};

/// Life of an access token in seconds.
pub const LIFETIME_SECONDS: i64 = 600;
/// Seconds by which the clocks of two replicas may differ.
const LEEWAY_SECONDS: i64 = 30;
/// `typ` of RFC 9068.
const TOKEN_TYPE: &str = "at+jwt";

/// The claims. Members that are unknown, missing or of another type make a token invalid.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    exp: i64,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    jti: Uuid,
    client_id: String,
    scope: String,
    /// Whether a client asked for this scope only; otherwise the roles decide.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    narrowed: bool,
    roles: Vec<Role>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unit_ids: Vec<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    employee_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    institute_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    epoch: Option<i32>,
    /// The login it was made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
}

impl Keys {
    /// Make an access token. Its `jti` is the actor's `token_id`.
    ///
    /// # Errors
    /// [`Error::Internal`] when signing fails, or the token is longer than one that would be accepted. What it names is
    /// bounded so that this does not happen: roles by their kinds, units by the database, names by their length.
    pub fn sign(&self, actor: &Actor, now: DateTime<Utc>) -> Result<String> {
        let claims = Claims {
            iss: self.issuer().to_owned(),
            aud: self.issuer().to_owned(),
            sub: actor.id,
            exp: now.timestamp() + LIFETIME_SECONDS,
            iat: now.timestamp(),
            nbf: None,
            jti: actor.token_id,
            client_id: actor.name.clone(),
            scope: policy::scopes(actor).join(" "),
            narrowed: actor.asked != AskedScope::default(),
            roles: actor.roles.clone(),
            unit_ids: actor.unit_ids.clone(),
            employee_id: actor.employee_id,
            institute_id: actor.institute_id,
            epoch: actor.epoch,
            sid: actor.session_id,
        };
        let key = self.signing(now).ok_or_else(|| Error::internal("there is no signing key"))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(key.kid.to_string());
        let token = jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(Error::internal)?;
        if token.len() > jws::MAXIMUM_LENGTH {
            return Err(Error::internal(format!("a token of {} bytes would be refused", token.len())));
        }
        Ok(token)
    }

    /// Read an access token. Its signature is checked the first time; whether its key still verifies and whether it has
    /// ended, every time.
    ///
    /// # Errors
    /// The fault of anything but a valid token of this service.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Access>, TokenFault> {
        if token.len() > jws::MAXIMUM_LENGTH {
            return Err(TokenFault::TooLong);
        }
        let digest = Digest::of(token);
        if let Some(good) = self.verified().find(&digest)
            && self.named(&good.kid, now).is_some()
        {
            timely(now.timestamp(), good.starts_at, good.access.expires_at)?;
            return Ok(good.access);
        }
        let (key, claims) = self.read(token, now)?;
        let starts_at = claims.starts_at();
        let access = Arc::new(Access::from(claims));
        let good = Good { access: access.clone(), kid: key, starts_at };
        self.verified().keep(digest, good, token.len(), now.timestamp());
        Ok(access)
    }

    /// The id of the key that signed a token, and what the token says.
    fn read(&self, token: &str, now: DateTime<Utc>) -> Result<(Arc<str>, Claims), TokenFault> {
        let header = jws::Header::of(token)?;
        if !header.has_only(&["alg", "typ", "kid"]) {
            return Err(TokenFault::UnexpectedHeader);
        }
        if header.text("typ") != Some(TOKEN_TYPE) {
            return Err(TokenFault::WrongType);
        }
        let key = self.named(header.text("kid").unwrap_or_default(), now).ok_or(TokenFault::UnknownKey)?;
        let claims: Claims = jws::claims(token, &header, &key.decoding, Algorithm::EdDSA)?;
        check(&claims, self.issuer(), now.timestamp())?;
        Ok((key.kid.clone(), claims))
    }
}

impl Claims {
    /// When the token begins, seconds since 1970.
    fn starts_at(&self) -> i64 {
        self.nbf.unwrap_or(self.iat).max(self.iat)
    }
}

fn check(claims: &Claims, issuer: &str, now: i64) -> Result<(), TokenFault> {
    if claims.iss != issuer {
        return Err(TokenFault::WrongIssuer);
    }
    if claims.aud != issuer {
        return Err(TokenFault::WrongAudience);
    }
    if claims.exp.saturating_sub(claims.iat) > LIFETIME_SECONDS {
        return Err(TokenFault::LivesTooLong);
    }
    timely(now, claims.starts_at(), claims.exp)
}

fn timely(now: i64, starts_at: i64, expires_at: i64) -> Result<(), TokenFault> {
    jws::timely(now, Some(starts_at), expires_at, LEEWAY_SECONDS)
}

impl From<Claims> for Access {
    fn from(claims: Claims) -> Self {
        Self {
            actor: Arc::new(Actor {
                id: claims.sub,
                name: claims.client_id,
                roles: claims.roles,
                unit_ids: claims.unit_ids,
                employee_id: claims.employee_id,
                institute_id: claims.institute_id,
                epoch: claims.epoch,
                token_id: claims.jti,
                session_id: claims.sid,
                asked: AskedScope::remembered(claims.narrowed.then_some(&claims.scope)),
                on_behalf_of: None,
            }),
            scope: claims.scope,
            issued_at: claims.iat,
            expires_at: claims.exp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::keys::{KeyMaterial, PUBLISHED_BEFORE, RETIRED_AFTER};

    fn keys(issuer: &str) -> Keys {
        Keys::new(&Keys::generate_pkcs8().unwrap(), issuer).unwrap()
    }

    fn actor() -> Actor {
        let mut actor = Actor::public();
        actor.roles = vec![Role::UnitHead];
        actor.epoch = Some(1);
        actor
    }

    fn monday() -> DateTime<Utc> {
        "2026-11-23T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_token_says_who_asks_and_ends_after_ten_minutes() {
        let keys = keys("https://example.gov.vn");
        let token = keys.sign(&actor(), monday()).unwrap();
        assert_eq!(*keys.verify(&token, monday()).unwrap().actor, actor());
        let later = monday() + chrono::Duration::seconds(LIFETIME_SECONDS + LEEWAY_SECONDS);
        assert_eq!(keys.verify(&token, later), Err(TokenFault::Expired));
        let earlier = monday() - chrono::Duration::seconds(LEEWAY_SECONDS + 1);
        assert_eq!(keys.verify(&token, earlier), Err(TokenFault::NotYetValid));
    }

    #[test]
    fn the_longest_token_is_accepted_and_one_that_would_not_be_is_never_made() {
        let keys = keys(&format!("https://{}", "a".repeat(200)));
        let mut longest = actor();
        longest.name = "ữ".repeat(100);
        longest.roles = Role::ALL.to_vec();
        longest.unit_ids = (0..50).map(Uuid::from_u128).collect();
        (longest.employee_id, longest.institute_id) = (Some(Uuid::nil()), Some(Uuid::nil()));
        longest.session_id = Some(Uuid::nil());
        let token = keys.sign(&longest, monday()).unwrap();
        assert_eq!(*keys.verify(&token, monday()).unwrap().actor, longest);
        longest.unit_ids = (0..500).map(Uuid::from_u128).collect();
        assert!(keys.sign(&longest, monday()).is_err());
    }

    #[test]
    fn tokens_of_another_key_or_issuer_are_refused() {
        let pkcs8 = Keys::generate_pkcs8().unwrap();
        let ours = Keys::new(&pkcs8, "https://a").unwrap();
        let foreign = keys("https://a").sign(&actor(), monday()).unwrap();
        assert_eq!(ours.verify(&foreign, monday()), Err(TokenFault::UnknownKey));
        let elsewhere = Keys::new(&pkcs8, "https://b").unwrap().sign(&actor(), monday()).unwrap();
        assert_eq!(ours.verify(&elsewhere, monday()), Err(TokenFault::WrongIssuer));
    }

    #[test]
    fn a_new_key_is_published_before_it_signs_and_the_old_one_verifies_until_its_tokens_are_over() {
        let old = KeyMaterial { pkcs8: Keys::generate_pkcs8().unwrap(), signs_from: monday() };
        let keys = Keys::ring(std::slice::from_ref(&old), b"cursor", "https://a").unwrap();
        let before = keys.sign(&actor(), monday()).unwrap();
        let signs_from = monday() + PUBLISHED_BEFORE;
        let new = KeyMaterial { pkcs8: Keys::generate_pkcs8().unwrap(), signs_from };
        let old_kid = Keys::kid_of(&old.pkcs8).unwrap();
        keys.replace(&[new, old]).unwrap();
        assert_eq!(keys.jwks(monday()).keys.len(), 2);
        assert_eq!(*keys.signing(monday()).unwrap().kid, *old_kid);
        assert_ne!(*keys.signing(signs_from).unwrap().kid, *old_kid);
        assert!(keys.verify(&before, signs_from).is_ok());
        assert_eq!(keys.jwks(signs_from + RETIRED_AFTER).keys.len(), 1);
        assert!(keys.replace(&[]).is_err(), "a service never stands without a key");
    }

    #[test]
    fn a_token_that_is_known_is_asked_about_its_key_and_its_life_each_time() {
        let old = KeyMaterial { pkcs8: Keys::generate_pkcs8().unwrap(), signs_from: monday() };
        let new = KeyMaterial { pkcs8: Keys::generate_pkcs8().unwrap(), signs_from: monday() };
        let keys = Keys::ring(std::slice::from_ref(&old), b"cursor", "https://a").unwrap();
        let token = keys.sign(&actor(), monday()).unwrap();
        let first = keys.verify(&token, monday()).unwrap();
        assert!(Arc::ptr_eq(&first, &keys.verify(&token, monday()).unwrap()), "known");

        let over = monday() + chrono::Duration::seconds(LIFETIME_SECONDS + LEEWAY_SECONDS);
        assert_eq!(keys.verify(&token, over), Err(TokenFault::Expired));
        let early = monday() - chrono::Duration::seconds(LEEWAY_SECONDS + 1);
        assert_eq!(keys.verify(&token, early), Err(TokenFault::NotYetValid));

        keys.replace(std::slice::from_ref(&old)).unwrap();
        assert!(keys.verify(&token, monday()).is_ok(), "the same keys, read anew");
        keys.replace(&[new]).unwrap();
        assert_eq!(keys.verify(&token, monday()), Err(TokenFault::UnknownKey));
    }

    #[test]
    fn a_token_that_differs_from_a_known_one_in_one_letter_is_checked() {
        let keys = keys("https://a");
        let token = keys.sign(&actor(), monday()).unwrap();
        keys.verify(&token, monday()).unwrap();
        let (head, signature) = token.rsplit_once('.').unwrap();
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        let forged = format!("{head}.{first}{}", &signature[1..]);
        assert_eq!(keys.verify(&forged, monday()), Err(TokenFault::BadSignature));
    }
}
