use serde::Deserialize;

use crate::access::TokenFault;
use crate::tokens::jws;

/// Grant by which the ministry's OpenID provider speaks for a person (RFC 7523, section 2.1).
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Longest life of a client's assertion, seconds: what common libraries make. It is good once all the same.
const ASSERTION_SECONDS: i64 = 3600;
/// Seconds by which a client's clock may differ.
const LEEWAY_SECONDS: i64 = 30;
/// Longest `jti`.
const JTI_CHARACTERS: usize = 255;

/// Why there is no token (RFC 6749, section 5.2; RFC 7009, section 2.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Something is missing, twice there, or where it must not be.
    InvalidRequest,
    /// The client is not who it says; the fault of its assertion, if it sent one.
    InvalidClient(Option<TokenFault>),
    /// The password, or the refresh token, is not good.
    InvalidGrant,
    /// The provider's ID token is not good, and why.
    BadAssertion(TokenFault),
    /// A grant that is not offered.
    UnsupportedGrantType,
    /// A scope that does not exist, that the account does not have, or that goes beyond the login's.
    InvalidScope,
}

impl Refusal {
    /// Code of the RFC.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::InvalidRequest => "invalid_request",
            Refusal::InvalidClient(_) => "invalid_client",
            Refusal::InvalidGrant | Refusal::BadAssertion(_) => "invalid_grant",
            Refusal::UnsupportedGrantType => "unsupported_grant_type",
            Refusal::InvalidScope => "invalid_scope",
        }
    }
}

/// How a client says who it is.
pub enum ClientProof {
    /// `client_secret_basic`.
    Basic {
        /// Its name.
        client_id: String,
        /// Its secret.
        secret: String,
    },
    /// `private_key_jwt` (RFC 7523, section 2.2).
    Assertion(String),
}

/// Tokens that were granted.
pub struct Granted {
    pub access_token: String,
    pub scope: String,
    pub refresh_token: Option<String>,
}

/// Whom an assertion is for: one address, alone or as the only one of a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Claims of a client's assertion (RFC 7523, section 3).
#[derive(Deserialize)]
pub struct Assertion {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    /// Makes it usable once.
    pub jti: String,
}

impl Assertion {
    /// Made by this client, for one of our addresses, for a short time that is now.
    ///
    /// # Errors
    /// What does not hold.
    pub fn check(&self, client_id: &str, addresses: &[String], now: i64) -> Result<(), TokenFault> {
        if self.iss != client_id {
            return Err(TokenFault::WrongIssuer);
        }
        if self.sub != client_id {
            return Err(TokenFault::WrongSubject);
        }
        let audience = match &self.aud {
            Audience::One(address) => Some(address),
            Audience::Many(several) => match several.as_slice() {
                [only] => Some(only),
                _ => None,
            },
        };
        if !audience.is_some_and(|a| addresses.contains(a)) {
            return Err(TokenFault::WrongAudience);
        }
        if self.jti.is_empty() || self.jti.chars().count() > JTI_CHARACTERS {
            return Err(TokenFault::BadClaims);
        }
        if self.exp.saturating_sub(self.iat.unwrap_or(now)) > ASSERTION_SECONDS
            || self.exp.saturating_sub(now) > ASSERTION_SECONDS + LEEWAY_SECONDS
        {
            return Err(TokenFault::LivesTooLong);
        }
        jws::timely(now, self.nbf.max(self.iat), self.exp, LEEWAY_SECONDS)
    }

    /// Until when its `jti` must be remembered, seconds since 1970.
    pub fn remembered_until(&self) -> i64 {
        self.exp.saturating_add(LEEWAY_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(change: &serde_json::Value) -> Result<(), TokenFault> {
        let mut claims = json!({
            "iss": "portal", "sub": "portal", "aud": "https://a/oauth/token", "exp": 1300, "iat": 1000, "jti": "1"
        });
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let assertion: Assertion = serde_json::from_value(claims).map_err(|_| TokenFault::BadClaims)?;
        assertion.check("portal", &["https://a".to_owned(), "https://a/oauth/token".to_owned()], 1000)
    }

    #[test]
    fn an_assertion_is_of_the_client_for_us_and_short() {
        assert_eq!(check(&json!({})), Ok(()));
        assert_eq!(check(&json!({"aud": ["https://a"]})), Ok(()));
        for (change, fault) in [
            (json!({"iss": "other"}), TokenFault::WrongIssuer),
            (json!({"sub": "other"}), TokenFault::WrongSubject),
            (json!({"aud": "https://b"}), TokenFault::WrongAudience),
            (json!({"aud": ["https://a", "https://b"]}), TokenFault::WrongAudience),
            (json!({"aud": []}), TokenFault::WrongAudience),
            (json!({"exp": 4601}), TokenFault::LivesTooLong),
            (json!({"exp": i64::MAX, "iat": i64::MAX}), TokenFault::LivesTooLong),
            (json!({"exp": 900, "iat": 800}), TokenFault::Expired),
            (json!({"exp": 1300, "iat": 1100}), TokenFault::NotYetValid),
            (json!({"nbf": 1100}), TokenFault::NotYetValid),
            (json!({"exp": "1300"}), TokenFault::BadClaims),
            (json!({"jti": ""}), TokenFault::BadClaims),
            (json!({"jti": null}), TokenFault::BadClaims),
        ] {
            assert_eq!(check(&change), Err(fault), "{change}");
        }
    }
}
