//! The ministry's own OpenID provider, if the settings name one: its ID tokens say who somebody is, so that people need
//! no second password. Its keys are fetched once, kept for an hour, and fetched anew when a token names one that is not
//! among them (but not more often than twice a minute, whatever strangers send).

use std::time::Duration;

use chrono::{DateTime, Utc};
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;
use reqwest::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::jws::{self, Header};
use crate::access::{Role, TokenFault};
use crate::error::{Error, Result};

/// How long fetched keys are used without asking again.
const KEYS_FRESH: chrono::Duration = chrono::Duration::hours(1);
/// Shortest time between two fetches.
const FETCH_FLOOR: chrono::Duration = chrono::Duration::seconds(30);
/// Longest time between the making of an ID token and its use here, seconds.
const MAXIMUM_AGE: i64 = 600;
/// Seconds by which the provider's clock may differ.
const LEEWAY_SECONDS: i64 = 30;
/// Longest `sub` (OpenID Connect Core 1.0, section 2).
const SUBJECT_CHARACTERS: usize = 255;
/// Longest an answer of the provider may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Largest answer of the provider, bytes.
const ANSWER_BYTES: usize = 256 * 1024;

/// Whom to trust, and for what.
#[derive(Debug, Clone)]
pub struct Trust {
    /// Issuer of the ID tokens.
    pub issuer: String,
    /// For whom they must be made: this system's client id at the provider.
    pub audience: String,
    /// The claim that holds the user name.
    pub account_claim: String,
    /// The claim that holds groups, if roles come from the provider.
    pub roles_claim: Option<String>,
    /// Which group gives which role.
    pub roles: Vec<(String, Role)>,
}

/// Who somebody is, as the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// Who it is for the provider: this never changes hands, as user names do.
    pub subject: String,
    /// User name of the account.
    pub username: String,
    /// Roles of the person's groups; `None` where roles are this service's own matter.
    pub roles: Option<Vec<Role>>,
}

/// The provider and what is known of its keys.
pub struct Provider {
    trust: Trust,
    http: reqwest::Client,
    keys: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    keys: Option<JwkSet>,
    fetched_at: Option<DateTime<Utc>>,
    tried_at: Option<DateTime<Utc>>,
}

/// The members of a discovery document that matter here.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Provider {
    /// A provider by its settings. Nothing is fetched yet.
    ///
    /// # Errors
    /// [`Error::Internal`] when the issuer is not an https address (http is for the local machine only).
    pub fn new(trust: Trust) -> Result<Self> {
        is_safe(&trust.issuer)?;
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Error::internal)?;
        Ok(Self { trust, http, keys: Mutex::default() })
    }

    /// Who an ID token speaks of.
    ///
    /// # Errors
    /// The inner error is the fault of a token that is not good; the outer one is [`Error::Unavailable`], when the
    /// provider does not answer and its keys are not known.
    pub async fn identify(&self, token: &str, now: DateTime<Utc>) -> Result<Result<Identity, TokenFault>> {
        let header = match self.header(token) {
            Ok(header) => header,
            Err(fault) => return Ok(Err(fault)),
        };
        let kid = header.text("kid").unwrap_or_default().to_owned();
        let Some(jwk) = self.key(&kid, now).await? else {
            return Ok(Err(TokenFault::UnknownKey));
        };
        let read = || {
            let algorithm = jws::algorithm(&jwk).ok_or(TokenFault::UnknownKey)?;
            let key = DecodingKey::from_jwk(&jwk).map_err(|_| TokenFault::UnknownKey)?;
            let claims: Map<String, Value> = jws::claims(token, &header, &key, algorithm)?;
            self.trust.identity(&claims, now.timestamp())
        };
        Ok(read())
    }

    fn header(&self, token: &str) -> Result<Header, TokenFault> {
        let header = Header::of(token)?;
        match header.text("typ") {
            None | Some("JWT") => Ok(header),
            Some(_) => Err(TokenFault::WrongType),
        }
    }

    async fn key(&self, kid: &str, now: DateTime<Utc>) -> Result<Option<jsonwebtoken::jwk::Jwk>> {
        let mut known = self.keys.lock().await;
        let find = |known: &Known| known.keys.as_ref().and_then(|keys| keys.find(kid)).cloned();
        let fresh = known.fetched_at.is_some_and(|at| now < at + KEYS_FRESH);
        if let Some(key) = find(&known).filter(|_| fresh) {
            return Ok(Some(key));
        }
        if known.tried_at.is_none_or(|at| now >= at + FETCH_FLOOR) {
            known.tried_at = Some(now);
            match self.fetch().await {
                Ok(keys) => {
                    known.keys = Some(keys);
                    known.fetched_at = Some(now);
                }
                // Keys of an hour ago are better than nobody signing in.
                Err(error) if known.keys.is_some() => {
                    tracing::warn!(%error, "the OpenID provider does not answer; its known keys are used on");
                }
                Err(error) => return Err(error),
            }
        }
        match &known.keys {
            Some(_) => Ok(find(&known)),
            None => Err(Error::Unavailable("the OpenID provider does not answer".to_owned())),
        }
    }

    async fn fetch(&self) -> Result<JwkSet> {
        let place = format!("{}/.well-known/openid-configuration", self.trust.issuer.trim_end_matches('/'));
        let discovery: Discovery = self.get(&place).await?;
        if discovery.issuer != self.trust.issuer {
            return Err(Error::Unavailable("the OpenID provider names another issuer".to_owned()));
        }
        is_safe(&discovery.jwks_uri)?;
        self.get(&discovery.jwks_uri).await
    }

    async fn get<T: DeserializeOwned>(&self, url: &str) -> Result<T> {
        let failed = |e: reqwest::Error| Error::Unavailable(e.without_url().to_string());
        let mut response =
            self.http.get(url).send().await.and_then(reqwest::Response::error_for_status).map_err(failed)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > ANSWER_BYTES {
                return Err(Error::Unavailable("the OpenID provider's answer is too long".to_owned()));
            }
        }
        serde_json::from_slice(&bytes).map_err(|e| Error::Unavailable(format!("the OpenID provider: {e}")))
    }
}

/// Keys that come over a line that others can write to prove nothing.
fn is_safe(url: &str) -> Result<()> {
    let safe = Url::parse(url).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]")),
        _ => false,
    });
    if safe {
        return Ok(());
    }
    Err(Error::internal(format!("the OpenID provider's address must be https: {url}")))
}

/// ID tokens only. Logout tokens have `events` (OpenID Connect Back-Channel Logout 1.0, section 2.4); other kinds of
/// tokens name their scope (RFC 9068, section 2.2.3) or, where the header does not distinguish them, their kind in a
/// claim.
fn check_kind(claims: &Map<String, Value>) -> Result<(), TokenFault> {
    let is_other = ["events", "scope", "scp"].iter().any(|claim| claims.contains_key(*claim));
    let says_other = ["typ", "token_use", "token_type"]
        .iter()
        .filter_map(|claim| claims.get(*claim))
        .any(|kind| !kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("id")));
    if is_other || says_other { Err(TokenFault::WrongType) } else { Ok(()) }
}

impl Trust {
    /// What the claims of a well-signed ID token say (OpenID Connect Core 1.0, section 3.1.3.7).
    fn identity(&self, claims: &Map<String, Value>, now: i64) -> Result<Identity, TokenFault> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let number = |name: &str| claims.get(name).and_then(Value::as_i64).ok_or(TokenFault::BadClaims);
        if text("iss") != Some(&self.issuer) {
            return Err(TokenFault::WrongIssuer);
        }
        self.check_audience(claims)?;
        check_kind(claims)?;
        let (made, ends) = (number("iat")?, number("exp")?);
        jws::timely(now, Some(made), ends, LEEWAY_SECONDS)?;
        if now.saturating_sub(made) > MAXIMUM_AGE {
            return Err(TokenFault::Expired);
        }
        let username =
            text(&self.account_claim).filter(|name| !name.is_empty()).ok_or(TokenFault::BadClaims)?;
        let subject = text("sub")
            .filter(|sub| (1..=SUBJECT_CHARACTERS).contains(&sub.chars().count()))
            .ok_or(TokenFault::BadClaims)?;
        let roles = self.roles_claim.as_ref().map(|claim| self.roles_of(claims.get(claim)));
        let (issuer, subject) = (self.issuer.clone(), subject.to_owned());
        Ok(Identity { issuer, subject, username: username.to_owned(), roles })
    }

    fn check_audience(&self, claims: &Map<String, Value>) -> Result<(), TokenFault> {
        let good = match claims.get("aud") {
            Some(Value::String(one)) => *one == self.audience,
            Some(Value::Array(several)) => {
                let named = several.iter().any(|a| a.as_str() == Some(&self.audience));
                // Made for several: then it must say who asked for it.
                named && (several.len() == 1 || claims.contains_key("azp"))
            }
            _ => false,
        };
        // Who asked for it, where it says so, must be us.
        let asked_by_us = claims.get("azp").is_none_or(|azp| azp.as_str() == Some(&self.audience));
        let good = good && asked_by_us;
        if good { Ok(()) } else { Err(TokenFault::WrongAudience) }
    }

    fn roles_of(&self, groups: Option<&Value>) -> Vec<Role> {
        let groups: Vec<&str> = match groups {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let mut roles = Vec::new();
        for (group, role) in &self.roles {
            if groups.contains(&group.as_str()) && !roles.contains(role) {
                roles.push(*role);
            }
        }
        roles
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn trust() -> Trust {
        Trust {
            issuer: "https://id.moit.gov.vn".to_owned(),
            audience: "thuocdo".to_owned(),
            account_claim: "preferred_username".to_owned(),
            roles_claim: Some("groups".to_owned()),
            roles: vec![("hr".to_owned(), Role::TrainingOfficer), ("audit".to_owned(), Role::Auditor)],
        }
    }

    fn identity(change: &Value) -> Result<Identity, TokenFault> {
        let mut claims = json!({
            "iss": "https://id.moit.gov.vn", "aud": "thuocdo", "sub": "17", "iat": 1000, "exp": 1300, "preferred_username": "an",
            "groups": ["hr", "football"]
        });
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        trust().identity(claims.as_object().unwrap(), 1000)
    }

    #[test]
    fn an_id_token_is_of_the_provider_for_us_and_fresh() {
        let an = Identity {
            issuer: "https://id.moit.gov.vn".to_owned(),
            subject: "17".to_owned(),
            username: "an".to_owned(),
            roles: Some(vec![Role::TrainingOfficer]),
        };
        assert_eq!(identity(&json!({})), Ok(an.clone()));
        assert_eq!(identity(&json!({"aud": ["thuocdo"]})), Ok(an.clone()));
        assert_eq!(identity(&json!({"aud": ["thuocdo", "mail"], "azp": "thuocdo"})), Ok(an.clone()));
        assert_eq!(identity(&json!({"azp": "thuocdo", "typ": "ID", "token_use": "id"})), Ok(an));
        for (change, fault) in [
            (json!({"iss": "https://id.moit.gov.vn/"}), TokenFault::WrongIssuer),
            (json!({"aud": "mail"}), TokenFault::WrongAudience),
            (json!({"aud": ["thuocdo", "mail"], "azp": "mail"}), TokenFault::WrongAudience),
            (json!({"aud": ["thuocdo", "mail"]}), TokenFault::WrongAudience),
            (json!({"azp": "mail"}), TokenFault::WrongAudience),
            (json!({"azp": null}), TokenFault::WrongAudience),
            (json!({"aud": ["thuocdo"], "azp": "mail"}), TokenFault::WrongAudience),
            (
                json!({"events": {"http://schemas.openid.net/event/backchannel-logout": {}}}),
                TokenFault::WrongType,
            ),
            (json!({"events": null}), TokenFault::WrongType),
            (json!({"scope": "openid"}), TokenFault::WrongType),
            (json!({"typ": "Bearer"}), TokenFault::WrongType),
            (json!({"typ": "Logout"}), TokenFault::WrongType),
            (json!({"token_use": "access"}), TokenFault::WrongType),
            (json!({"sub": null}), TokenFault::BadClaims),
            (json!({"sub": ""}), TokenFault::BadClaims),
            (json!({"sub": "x".repeat(256)}), TokenFault::BadClaims),
            (json!({"exp": 900}), TokenFault::Expired),
            (json!({"iat": 300}), TokenFault::Expired),
            (json!({"iat": 1100}), TokenFault::NotYetValid),
            (json!({"exp": "1300"}), TokenFault::BadClaims),
            (json!({"preferred_username": null}), TokenFault::BadClaims),
        ] {
            assert_eq!(identity(&change), Err(fault), "{change}");
        }
        assert_eq!(identity(&json!({"groups": null})).unwrap().roles, Some(Vec::new()));
    }

    #[test]
    fn keys_come_over_a_line_that_nobody_else_writes_to() {
        for good in
            ["https://id.moit.gov.vn", "http://127.0.0.1:8090", "http://localhost/x", "http://[::1]:8090"]
        {
            assert!(is_safe(good).is_ok(), "{good}");
        }
        for bad in [
            "http://id.moit.gov.vn",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil",
            "http://localhost:80@evil.example",
            "ftp://x",
            "https://",
        ] {
            assert!(is_safe(bad).is_err(), "{bad}");
        }
    }
}
