//! Who a machine client is: by its secret, or by an assertion it signed (RFC 7523), which is good once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;

use super::model::{Assertion, ClientProof};
use super::queries;
use crate::access::jws::{self, Header};
use crate::access::{Public, TokenFault};
use crate::error::Result;
use crate::identity::accounts::{self, Kind, Login};
use crate::identity::{passwords, secrets};

/// The client, or the fault of its assertion (`None`: its secret).
pub type Proven = std::result::Result<Login, Option<TokenFault>>;

/// Who a client is.
///
/// # Errors
/// Only when the database cannot be reached: a client that is not who it says is no error here.
pub async fn authenticate(public: &Public, proof: ClientProof) -> Result<Proven> {
    match proof {
        ClientProof::Basic { client_id, secret } => by_secret(public, &client_id, secret).await,
        ClientProof::Assertion(assertion) => by_assertion(public, &assertion).await,
    }
}

async fn by_secret(public: &Public, client_id: &str, secret: String) -> Result<Proven> {
    // The account is read, then the connection given back: hashing takes longer than any query.
    let found = public.read(async |tx| accounts::find_login(tx, Kind::Machine, client_id).await).await?;
    let stored = found.as_ref().map(|login| login.secret_hash.clone());
    let fits = passwords::matches(secret, stored).await?;
    Ok(found.filter(|_| fits).ok_or(None))
}

async fn by_assertion(public: &Public, assertion: &str) -> Result<Proven> {
    public
        .write(async |tx| {
            let claimed = match claimed_client(assertion) {
                Ok(claimed) => claimed,
                Err(fault) => return Ok(Err(Some(fault))),
            };
            let found = accounts::find_login(tx, Kind::Machine, &claimed).await?;
            let Some(login) = found.filter(|login| login.jwks.is_some()) else {
                return Ok(Err(None));
            };
            let issuer = public.gate().keys().issuer().to_owned();
            let addresses = [format!("{issuer}/oauth/token"), issuer];
            let proven = match read(assertion, &login) {
                Ok(proven) => proven,
                Err(fault) => return Ok(Err(Some(fault))),
            };
            if let Err(fault) = proven.check(&login.username, &addresses, tx.now.timestamp()) {
                return Ok(Err(Some(fault)));
            }
            let until = DateTime::from_timestamp(proven.remembered_until(), 0).unwrap_or(tx.now);
            let first = queries::use_assertion(tx, login.id, &secrets::hash(&proven.jti), until).await?;
            Ok(if first { Ok(login) } else { Err(Some(TokenFault::Replayed)) })
        })
        .await
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

/// The claims, if one of the client's keys signed them.
fn read(assertion: &str, login: &Login) -> std::result::Result<Assertion, TokenFault> {
    let header = Header::of(assertion)?;
    let key = login.jwks.as_ref().and_then(|jwks| accounts::choose_key(jwks, header.text("kid")));
    let key = key.ok_or(TokenFault::UnknownKey)?;
    let algorithm = jws::algorithm(&key).ok_or(TokenFault::UnknownKey)?;
    let decoding = DecodingKey::from_jwk(&key).map_err(|_| TokenFault::UnknownKey)?;
    jws::claims(assertion, &header, &decoding, algorithm)
}
