//! Signed tokens read strictly (RFC 8725): a size limit, one algorithm that the key says and the token must repeat, no
//! critical headers. Access tokens, the assertions of clients and the ID tokens of a trusted provider all pass here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::access::TokenFault;

/// Longest token that is looked at, bytes.
pub const MAXIMUM_LENGTH: usize = 8 * 1024;

type Read<T> = Result<T, TokenFault>;

/// The header of a token, unverified: only for choosing the key.
pub struct Header(Map<String, Value>);

impl Header {
    /// Read it.
    ///
    /// # Errors
    /// [`TokenFault::TooLong`], [`TokenFault::Malformed`], [`TokenFault::CriticalHeader`].
    pub fn of(token: &str) -> Read<Self> {
        if token.len() > MAXIMUM_LENGTH {
            return Err(TokenFault::TooLong);
        }
        let mut parts = token.split('.');
        let (Some(header), Some(_), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TokenFault::Malformed);
        };
        let json = URL_SAFE_NO_PAD.decode(header).map_err(|_| TokenFault::Malformed)?;
        let members: Map<String, Value> = serde_json::from_slice(&json).map_err(|_| TokenFault::Malformed)?;
        if members.contains_key("crit") {
            return Err(TokenFault::CriticalHeader);
        }
        Ok(Self(members))
    }

    /// A text member.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Whether it has no members but these.
    pub fn has_only(&self, names: &[&str]) -> bool {
        self.0.keys().all(|name| names.contains(&name.as_str()))
    }
}

/// The algorithm of a public key: the one it names, or the only one of its kind that is accepted here.
pub fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    match (&jwk.algorithm, jwk.common.key_algorithm) {
        (AlgorithmParameters::OctetKeyPair(p), None | Some(KeyAlgorithm::EdDSA))
            if p.curve == EllipticCurve::Ed25519 =>
        {
            Some(Algorithm::EdDSA)
        }
        (AlgorithmParameters::EllipticCurve(p), None | Some(KeyAlgorithm::ES256))
            if p.curve == EllipticCurve::P256 =>
        {
            Some(Algorithm::ES256)
        }
        (AlgorithmParameters::RSA(_), None | Some(KeyAlgorithm::RS256)) => Some(Algorithm::RS256),
        (AlgorithmParameters::RSA(_), Some(KeyAlgorithm::PS256)) => Some(Algorithm::PS256),
        _ => None,
    }
}

/// The claims of a token whose signature fits. What they say is for the caller to check.
///
/// # Errors
/// [`TokenFault::WrongAlgorithm`], [`TokenFault::BadSignature`], [`TokenFault::BadClaims`].
pub fn claims<T: DeserializeOwned>(
    token: &str,
    header: &Header,
    key: &DecodingKey,
    algorithm: Algorithm,
) -> Read<T> {
    use jsonwebtoken::errors::ErrorKind;
    if header.text("alg") != Some(algorithm_name(algorithm)) {
        return Err(TokenFault::WrongAlgorithm);
    }
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode::<T>(token, key, &validation).map(|data| data.claims).map_err(|e| match e.kind() {
        ErrorKind::InvalidSignature => TokenFault::BadSignature,
        ErrorKind::Json(_) => TokenFault::BadClaims,
        _ => TokenFault::Malformed,
    })
}

/// The name of an algorithm in a token's header (RFC 7518, RFC 8037).
pub fn algorithm_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::EdDSA => "EdDSA",
        Algorithm::ES256 => "ES256",
        Algorithm::RS256 => "RS256",
        Algorithm::PS256 => "PS256",
        _ => "none of ours",
    }
}

/// Whether a moment lies in the life of a token, both ends with the clocks' difference allowed.
///
/// # Errors
/// [`TokenFault::Expired`], [`TokenFault::NotYetValid`].
pub fn timely(now: i64, starts: Option<i64>, ends: i64, leeway: i64) -> Read<()> {
    if now >= ends.saturating_add(leeway) {
        return Err(TokenFault::Expired);
    }
    if starts.is_some_and(|starts| starts > now.saturating_add(leeway)) {
        return Err(TokenFault::NotYetValid);
    }
    Ok(())
}
