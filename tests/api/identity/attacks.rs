//! Tokens that somebody tampered with, stole, kept or made up: each is refused, and for its own reason.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};
use thuocdo::access::{Role, TokenFault};
use thuocdo::tokens::Keys;

use crate::support::TestApp;
use crate::support::app::{ISSUER, KEY, PASSWORD};

/// When the tests' clock stands, seconds since 1970 (2026-03-02T01:00:00Z).
const NOW: i64 = 1_772_413_200;

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

/// Sign any header and claims with a private key: what only its holder can do.
fn signed_by(pkcs8: &[u8], header: &str, claims: &str) -> String {
    let message = format!("{header}.{claims}");
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8).expect("a key");
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(pair.sign(message.as_bytes())))
}

fn header() -> Value {
    json!({"alg": "EdDSA", "typ": "at+jwt", "kid": Keys::kid_of(&KEY).expect("a key")})
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": ISSUER, "sub": "00000000-0000-0000-0000-000000000000", "exp": NOW + 600, "iat": NOW,
        "jti": "0199f0c4-5a7e-7000-8000-000000000001", "client_id": "test", "scope": "", "roles": ["training_officer"]
    })
}

fn with(mut base: Value, member: &str, value: Value) -> Value {
    base[member] = value;
    base
}

fn without(mut base: Value, member: &str) -> Value {
    base.as_object_mut().expect("members").remove(member);
    base
}

fn signed(header: &Value, claims: &Value) -> String {
    signed_by(&KEY, &part(header), &part(claims))
}

/// A token of a header that is not ours, with our claims.
fn under(member: &str, value: Value) -> String {
    signed(&with(header(), member, value), &claims())
}

/// A token of our header, with a claim that is not as it should be.
fn saying(member: &str, value: Value) -> String {
    signed(&header(), &with(claims(), member, value))
}

fn lacking(member: &str) -> String {
    signed(&header(), &without(claims(), member))
}

/// "Signed" with the public key as if it were a shared secret (RFC 8725, section 2.1).
fn key_confusion() -> String {
    let message = format!("{}.{}", part(&with(header(), "alg", json!("HS256"))), part(&claims()));
    let public = Keys::public_key_of(&KEY).expect("a key");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &public), message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// Another payload under a good signature.
fn swapped_payload() -> String {
    let good = signed(&header(), &claims());
    let mut parts = good.split('.');
    let (head, _, tail) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    format!("{head}.{}.{tail}", part(&with(claims(), "roles", json!(["system_admin"]))))
}

fn twice(member: &str) -> String {
    let doubled = claims().to_string().replacen('{', &format!("{{\"{member}\":\"https://evil.example\","), 1);
    signed_by(&KEY, &part(&header()), &URL_SAFE_NO_PAD.encode(doubled))
}

fn attacks() -> Vec<(&'static str, String, TokenFault)> {
    use TokenFault::*;
    let good = signed(&header(), &claims());
    let stranger = Keys::generate_pkcs8().expect("a key");
    let own_jwk = json!({"kty": "OKP", "crv": "Ed25519",
        "x": URL_SAFE_NO_PAD.encode(Keys::public_key_of(&stranger).expect("a key"))});
    let embedded = with(header(), "jwk", own_jwk);
    vec![
        ("not a token", "abc".to_owned(), Malformed),
        ("two parts", "a.b".to_owned(), Malformed),
        ("encrypted form, five parts", "a.b.c.d.e".to_owned(), Malformed),
        ("a header that is not base64url", format!("!!!.{}.x", part(&claims())), Malformed),
        (
            "a header that is not JSON",
            format!("{}.{}.x", URL_SAFE_NO_PAD.encode("x"), part(&claims())),
            Malformed,
        ),
        ("a header that is a list", format!("{}.{}.x", part(&json!([])), part(&claims())), Malformed),
        ("longer than a token may be", format!("{good}{}", "x".repeat(9000)), TooLong),
        (
            "unsigned (alg none)",
            format!("{}.{}.", part(&with(header(), "alg", json!("none"))), part(&claims())),
            WrongAlgorithm,
        ),
        (
            "unsigned, in other letters",
            format!("{}.{}.", part(&with(header(), "alg", json!("nOnE"))), part(&claims())),
            WrongAlgorithm,
        ),
        ("the public key as a shared secret", key_confusion(), WrongAlgorithm),
        ("another algorithm's name", under("alg", json!("RS256")), WrongAlgorithm),
        ("an algorithm that is a number", under("alg", json!(1)), WrongAlgorithm),
        ("no algorithm", signed(&without(header(), "alg"), &claims()), WrongAlgorithm),
        ("the signature taken off", good.rsplit_once('.').unwrap().0.to_owned() + ".", BadSignature),
        (
            "the signature's first letter changed",
            {
                let (body, tag) = good.rsplit_once('.').unwrap();
                let other = if tag.starts_with('A') { "B" } else { "A" };
                format!("{body}.{other}{}", &tag[1..])
            },
            BadSignature,
        ),
        ("another payload under the signature", swapped_payload(), BadSignature),
        (
            "signed by a stranger under our key id",
            signed_by(&stranger, &part(&header()), &part(&claims())),
            BadSignature,
        ),
        (
            "a stranger's key sent along",
            signed_by(&stranger, &part(&embedded), &part(&claims())),
            UnexpectedHeader,
        ),
        (
            "an address of keys sent along",
            under("jku", json!("https://evil.example/jwks.json")),
            UnexpectedHeader,
        ),
        ("a certificate sent along", under("x5c", json!(["MIIB"])), UnexpectedHeader),
        ("an unencoded payload", under("b64", json!(false)), UnexpectedHeader),
        ("compressed", under("zip", json!("DEF")), UnexpectedHeader),
        ("a critical extension", under("crit", json!(["exp"])), CriticalHeader),
        ("no type", signed(&without(header(), "typ"), &claims()), WrongType),
        ("an ID token's type", under("typ", json!("JWT")), WrongType),
        ("a logout token's type", under("typ", json!("logout+jwt")), WrongType),
        ("no key id", signed(&without(header(), "kid"), &claims()), UnknownKey),
        ("another key id", under("kid", json!("other")), UnknownKey),
        ("a key id that is a path", under("kid", json!("../../etc/passwd")), UnknownKey),
        ("a key id that is SQL", under("kid", json!("' OR 1=1 --")), UnknownKey),
        ("another issuer", saying("iss", json!("https://evil.example")), WrongIssuer),
        ("our issuer with a slash", saying("iss", json!(format!("{ISSUER}/"))), WrongIssuer),
        ("no issuer", lacking("iss"), BadClaims),
        ("two issuers", twice("iss"), BadClaims),
        ("another audience", saying("aud", json!("https://other.example")), WrongAudience),
        ("our audience among others", saying("aud", json!([ISSUER, "https://other.example"])), BadClaims),
        ("no audience", lacking("aud"), BadClaims),
        ("a subject that is no account", saying("sub", json!("admin")), BadClaims),
        ("no subject", lacking("sub"), BadClaims),
        ("no id", lacking("jti"), BadClaims),
        (
            "expired",
            signed(&header(), &with(with(claims(), "exp", json!(NOW - 31)), "iat", json!(NOW - 600))),
            Expired,
        ),
        ("no end", lacking("exp"), BadClaims),
        ("an end that is text", saying("exp", json!((NOW + 600).to_string())), BadClaims),
        ("an end with a fraction", saying("exp", json!(1_772_413_800.5)), BadClaims),
        ("an end beyond all numbers", saying("exp", json!(1e300)), BadClaims),
        ("an end in a thousand years", saying("exp", json!(NOW + 31_536_000_000)), LivesTooLong),
        ("the largest number as its end", saying("exp", json!(i64::MAX)), LivesTooLong),
        ("a minute longer than allowed", saying("exp", json!(NOW + 660)), LivesTooLong),
        (
            "not yet begun",
            signed(&header(), &with(with(claims(), "nbf", json!(NOW + 60)), "iat", json!(NOW))),
            NotYetValid,
        ),
        (
            "made in the future",
            signed(&header(), &with(with(claims(), "iat", json!(NOW + 60)), "exp", json!(NOW + 600))),
            NotYetValid,
        ),
        ("no time of making", lacking("iat"), BadClaims),
        ("a role that does not exist", saying("roles", json!(["god"])), BadClaims),
        ("a claim that we never make", saying("is_admin", json!(true)), BadClaims),
        ("claims that are a list", signed(&header(), &json!([])), BadClaims),
    ]
}

#[tokio::test]
async fn every_bad_token_is_refused_for_its_own_reason() {
    let app = TestApp::spawn().await;
    assert_eq!(app.clock.now().timestamp(), NOW);
    assert_eq!(
        app.with_token(&signed(&header(), &claims())).get("/v1/units").await.status,
        200,
        "the good one"
    );
    let attacks = attacks();
    assert!(attacks.len() >= 40);
    for (what, token, fault) in attacks {
        let answer = app.with_token(&token).get("/v1/units").await;
        assert_eq!(answer.problem(), "401 authentication.required", "{what}");
        assert_eq!(answer.body["reason"], fault.code(), "{what}");
        let header = answer.header("www-authenticate");
        assert!(
            header.contains("error=\"invalid_token\"") && header.contains(fault.description()),
            "{what}: {header}"
        );
    }
}

#[tokio::test]
async fn a_token_is_taken_from_the_authorization_header_and_from_nowhere_else() {
    let app = TestApp::spawn().await;
    let good = signed(&header(), &claims());
    let send = |shape: fn(reqwest::RequestBuilder, &str) -> reqwest::RequestBuilder| {
        let (public, token) = (app.public(), good.clone());
        async move { public.send(shape(public.request(Method::GET, "/v1/me"), &token)).await.problem() }
    };
    for refused in [
        send(|r, _| r).await,
        send(|r, t| r.header("Cookie", format!("access_token={t}"))).await,
        send(|r, t| r.header("X-Access-Token", t)).await,
        send(|r, t| r.header("Authorization", t)).await,
        send(|r, t| r.header("Authorization", format!("Basic {t}"))).await,
        send(|r, _| r.header("Authorization", "Bearer")).await,
    ] {
        assert_eq!(refused, "401 authentication.required");
    }
    let inside = app.public().get(&format!("/v1/me?access_token={good}")).await;
    assert_eq!(inside.problem(), "401 authentication.required");
    let posted = app.public().form("/v1/units", &[("access_token", &good)]).await;
    assert_eq!(posted.problem(), "401 authentication.required");
}

#[tokio::test]
async fn a_cursor_that_somebody_tampered_with_is_refused() {
    let app = TestApp::spawn().await;
    for code in ["A", "B", "C"] {
        app.unit(code, None).await;
    }
    let officer = app.as_role(Role::TrainingOfficer);
    let page = officer.get("/v1/units?limit=1").await.expect_status(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(officer.get(&format!("/v1/units?limit=1&cursor={cursor}")).await.status, 200);
    let (body, tag) = cursor.split_once('.').unwrap();
    let flipped = if body.starts_with('a') { "b" } else { "a" };
    for forged in [
        format!("{flipped}{}.{tag}", &body[1..]),
        format!("{body}.{}", URL_SAFE_NO_PAD.encode([0_u8; 32])),
        body.to_owned(),
        format!("{body}."),
        format!(".{tag}"),
        "e30.e30".to_owned(),
        format!("{cursor}x"),
    ] {
        let answer = officer.get(&format!("/v1/units?limit=1&cursor={forged}")).await;
        assert_eq!(answer.problem(), "400 cursor.invalid", "{forged}");
    }
    let another =
        app.as_another(Role::TrainingOfficer).get(&format!("/v1/units?limit=1&cursor={cursor}")).await;
    assert_eq!(another.problem(), "400 cursor.invalid", "a cursor of another account");
    let elsewhere = officer.get(&format!("/v1/competencies?limit=1&cursor={cursor}")).await;
    assert_eq!(elsewhere.problem(), "400 cursor.invalid", "a cursor of another list");
}

/// Refresh tokens and one-time tokens are no access tokens, nor the other way round.
#[tokio::test]
async fn each_kind_of_token_opens_its_own_door_only() {
    let app = TestApp::spawn().await;
    let id = app.account("officer", Role::TrainingOfficer).await;
    let login = [("grant_type", "password"), ("username", "officer"), ("password", PASSWORD)];
    let login = app.public().form("/oauth/token", &login).await.expect_status(200);
    let reset = app.as_role(Role::SystemAdmin).act(&format!("/v1/accounts/{id}/reset-password")).await;
    let reset = reset.expect_status(200)["reset_token"].as_str().unwrap().to_owned();
    let access = login["access_token"].as_str().unwrap();
    let refresh = login["refresh_token"].as_str().unwrap();
    for token in [refresh, reset.as_str()] {
        assert_eq!(app.with_token(token).get("/v1/me").await.body["reason"], "malformed");
    }
    for token in [access, reset.as_str(), "", "nothing"] {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        assert_eq!(app.public().form("/oauth/token", &form).await.body["error"], "invalid_grant", "{token}");
    }
    let redeem = json!({"reset_token": refresh, "new_password": "năm con trâu lội qua sông"});
    assert_eq!(
        app.public().post("/v1/password-resets", redeem).await.faults(),
        ["/reset_token reset_token_bad"]
    );
}
