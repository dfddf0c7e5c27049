//! Who a machine client is: by its secret, or by an assertion it signed (RFC 7523), which is good once.
//!
//! Whether there is a client of a name is shown neither by words nor by time: a caller who is not proven gets one
//! answer, after the same work. Only what is wrong with a token's form, whosever it is, and what is wrong with an
//! assertion that the client did sign, is said.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde::Deserialize;

use super::model::{Assertion, ClientProof};
use super::queries;
use crate::access::{SecurityKind, TokenFault};
use crate::error::Result;
use crate::http::Public;
use crate::identity::accounts::{self, Kind, Login};
use crate::identity::passwords::{self, Lane, Match};
use crate::identity::secrets;
use crate::tokens::Keys;
use crate::tokens::jws::{self, Header};

/// The client, or the fault of its assertion (`None`: its secret).
pub type Proven = std::result::Result<Login, Option<TokenFault>>;

/// Who a client is. The request is counted for the client.
///
/// # Errors
/// When the database cannot be reached, or the client asks too often: a client that is not who it says is no error here.
pub async fn authenticate(public: &Public, proof: ClientProof) -> Result<Proven> {
    match proof {
        ClientProof::Basic { client_id, secret } => by_secret(public, &client_id, secret).await,
        ClientProof::Assertion(assertion) => by_assertion(public, &assertion).await,
    }
}

async fn by_secret(public: &Public, client_id: &str, secret: String) -> Result<Proven> {
    let found = public.read(async |tx| accounts::find_login(tx, Kind::Machine, client_id).await).await?;
    let stored = found.as_ref().map(|login| login.secret_hash.as_str());
    let fits = match secrets::fits(&secret, stored) {
        Some(fits) => fits,
        None => by_hash_of_before(public, found.as_ref(), secret).await?,
    };
    let Some(login) = found.as_ref().filter(|_| fits) else {
        refused(public, "secret", found.as_ref(), client_id);
        return Ok(Err(None));
    };
    public.count_as(login.id, &login.username)?;
    Ok(found.ok_or(None))
}

/// Secrets were hashed like passwords before; such a hash is replaced when the secret is next seen.
async fn by_hash_of_before(public: &Public, found: Option<&Login>, secret: String) -> Result<bool> {
    let stored = found.map(|login| login.secret_hash.clone());
    let fits = passwords::matches(secret.clone(), stored, Lane::Stranger).await? != Match::No;
    if let (true, Some(login)) = (fits, found) {
        public.write(async |tx| accounts::rehash(tx, login, &secrets::stored(&secret)).await).await?;
    }
    Ok(fits)
}

async fn by_assertion(public: &Public, assertion: &str) -> Result<Proven> {
    let claimed = match claimed_client(assertion) {
        Ok(claimed) => claimed,
        Err(fault) => return Ok(Err(Some(fault))),
    };
    let found = public.read(async |tx| accounts::find_login(tx, Kind::Machine, &claimed).await).await?;
    let proven = match read(assertion, found.as_ref()) {
        Ok(proven) => proven,
        Err(fault) => {
            refused(public, fault.code(), found.as_ref(), &claimed);
            return Ok(Err(Some(fault)));
        }
    };
    let Some(login) = found else {
        return Ok(Err(Some(TokenFault::BadSignature)));
    };
    public.count_as(login.id, &login.username)?;
    let issuer = public.gate().keys().issuer().to_owned();
    let addresses = [format!("{issuer}/oauth/token"), issuer];
    let checked = public
        .write(async |tx| {
            if let Err(fault) = proven.check(&login.username, &addresses, tx.now.timestamp()) {
                return Ok(Some(fault));
            }
            let until = DateTime::from_timestamp(proven.remembered_until(), 0).unwrap_or(tx.now);
            let first = queries::use_assertion(tx, login.id, &secrets::hash(&proven.jti), until).await?;
            Ok((!first).then_some(TokenFault::Replayed))
        })
        .await?;
    match checked {
        None => Ok(Ok(login)),
        Some(fault) => {
            refused(public, fault.code(), Some(&login), &claimed);
            Ok(Err(Some(fault)))
        }
    }
}

fn refused(public: &Public, reason: &'static str, found: Option<&Login>, name: &str) {
    public.witness(SecurityKind::ClientRefused, reason, found.map(|login| login.id), Some(name));
}

/// The client that an assertion speaks of, unverified: only for finding its keys.
fn claimed_client(assertion: &str) -> std::result::Result<String, TokenFault> {
    #[derive(Deserialize)]
    struct Claimed {
        sub: String,
    }
    Header::of(assertion)?;
    let payload = assertion.split('.').nth(1).unwrap_or_default();
    let json = URL_SAFE_NO_PAD.decode(payload).map_err(|_| TokenFault::Malformed)?;
    serde_json::from_slice::<Claimed>(&json).map(|c| c.sub).map_err(|_| TokenFault::BadClaims)
}

/// A key of nobody, to compare with where there is none.
static NOBODY: LazyLock<Option<Jwk>> = LazyLock::new(|| {
    let pkcs8 = Keys::generate_pkcs8().ok()?;
    Jwk::from_encoding_key(&EncodingKey::from_ed_der(&pkcs8), Algorithm::EdDSA).ok()
});

/// The claims, if one of the client's keys signed them. Whatever else is wrong reads the same: an unknown client, a client
/// without keys, another key, another algorithm.
fn read(assertion: &str, login: Option<&Login>) -> std::result::Result<Assertion, TokenFault> {
    let header = Header::of(assertion)?;
    let own = login.and_then(|login| login.jwks.as_ref());
    let key = own.and_then(|jwks| accounts::choose_key(jwks, header.text("kid")));
    let is_own = key.is_some();
    let key = key.or_else(|| NOBODY.clone()).ok_or(TokenFault::BadSignature)?;
    let algorithm = jws::algorithm(&key).ok_or(TokenFault::BadSignature)?;
    let decoding = DecodingKey::from_jwk(&key).map_err(|_| TokenFault::BadSignature)?;
    match jws::claims(assertion, &header, &decoding, algorithm) {
        Ok(claims) if is_own => Ok(claims),
        Err(TokenFault::BadClaims) if is_own => Err(TokenFault::BadClaims),
        _ => Err(TokenFault::BadSignature),
    }
}
