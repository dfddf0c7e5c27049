//! Public keys of machine clients (RFC 7517): which are accepted, and why others are not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use serde_json::Value;

use crate::error::{Faults, FieldError};
use crate::tokens::jws;

/// Most keys of a client: two for a change of keys, and some to spare.
const MAXIMUM: usize = 5;
/// Shortest RSA modulus, bytes (2,048 bits).
const RSA_MODULUS_BYTES: usize = 256;
/// Members that only private (or symmetric) keys have.
const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

/// What is wrong with a key set: every key is a public Ed25519, P-256 or RSA key (2,048 bits or more).
pub fn faults(jwks: &Value) -> Faults {
    let Some(keys) = jwks.get("keys").and_then(Value::as_array) else {
        return FieldError::new("/jwks/keys", "required").into();
    };
    if keys.is_empty() {
        return FieldError::new("/jwks/keys", "too_few").with("limit", 1).into();
    }
    if keys.len() > MAXIMUM {
        return FieldError::new("/jwks/keys", "too_many").with("limit", MAXIMUM).into();
    }
    let fault = |(i, key): (usize, &Value)| Some(FieldError::new(format!("/jwks/keys/{i}"), fault_of(key)?));
    keys.iter().enumerate().filter_map(fault).collect()
}

fn fault_of(key: &Value) -> Option<&'static str> {
    if PRIVATE.iter().any(|member| key.get(member).is_some()) {
        return Some("private_key");
    }
    let Ok(jwk) = serde_json::from_value::<Jwk>(key.clone()) else {
        return Some("key_unsupported");
    };
    let long_enough = match &jwk.algorithm {
        AlgorithmParameters::RSA(rsa) => {
            URL_SAFE_NO_PAD.decode(&rsa.n).is_ok_and(|n| n.len() >= RSA_MODULUS_BYTES)
        }
        _ => true,
    };
    let usable = jws::algorithm(&jwk).is_some() && DecodingKey::from_jwk(&jwk).is_ok() && long_enough;
    (!usable).then_some("key_unsupported")
}

/// The key of a set that an assertion names, or its only one.
pub fn choose(jwks: &Value, kid: Option<&str>) -> Option<Jwk> {
    let keys: Vec<Jwk> = serde_json::from_value(jwks.get("keys")?.clone()).ok()?;
    match kid {
        Some(kid) => keys.into_iter().find(|k| k.common.key_id.as_deref() == Some(kid)),
        None if keys.len() == 1 => keys.into_iter().next(),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn codes(jwks: &Value) -> Vec<String> {
        faults(jwks).iter().map(|f| format!("{} {}", f.pointer, f.code)).collect()
    }

    #[test]
    fn only_strong_public_keys_are_accepted() {
        let ed = json!({"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        assert!(faults(&json!({"keys": [ed]})).is_empty());
        let mut private = ed.clone();
        private["d"] = json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        let short = json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"});
        let symmetric = json!({"kty": "oct", "k": "c2VjcmV0"});
        let p521 = json!({"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"});
        assert_eq!(
            codes(&json!({"keys": [ed, private, short, symmetric, p521]})),
            [
                "/jwks/keys/1 private_key",
                "/jwks/keys/2 key_unsupported",
                "/jwks/keys/3 private_key",
                "/jwks/keys/4 key_unsupported"
            ]
        );
        assert_eq!(codes(&json!({})), ["/jwks/keys required"]);
        assert_eq!(codes(&json!({"keys": []})), ["/jwks/keys too_few"]);
    }
}
