//! Strong ETags, and the header that protects changes by them. An ETag is the version of what was read, then a digest of
//! the answer itself: whatever an answer depends on (the language, a count of others, what the reader may see), it never
//! passes for another. Changes compare the version alone, so an ETag from any of these answers protects them, and so does
//! the bare version.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, IF_MATCH};
use actix_web::{FromRequest, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::{headers, limits};
use crate::error::{Error, Result};
use crate::version::Expected;

/// Bytes of the digest that distinguishes answers of one version.
const DIGEST_BYTES: usize = 9;

/// The ETag of an answer about a version.
pub fn of(version: i32, body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let digest = digest.get(..DIGEST_BYTES).unwrap_or_default();
    format!("\"{version}-{}\"", URL_SAFE_NO_PAD.encode(digest))
}

/// Whether an `If-None-Match` value names the ETag.
pub fn none_match_names(header: &str, etag: &str) -> bool {
    header.trim() == "*" || tags(header).is_some_and(|tags| tags.iter().any(|tag| tag.quoted == etag))
}

/// An entity tag as it is written in a header.
#[derive(Debug, PartialEq, Eq)]
struct Tag<'a> {
    is_weak: bool,
    /// With its quotation marks.
    quoted: &'a str,
}

impl Tag<'_> {
    /// The version that a strong tag of this service names.
    fn version(&self) -> Option<i32> {
        let opaque = self.quoted.trim_matches('"');
        let (version, _) = opaque.split_once('-').unwrap_or((opaque, ""));
        let number: i32 = version.parse().ok().filter(|_| !self.is_weak)?;
        (number.to_string() == version).then_some(number)
    }
}

/// The entity tags of a list (RFC 9110, section 8.8.3); `None` where it is none.
fn tags(mut list: &str) -> Option<Vec<Tag<'_>>> {
    let mut tags = Vec::new();
    loop {
        list = list.trim_start_matches([' ', '\t', ',']);
        if list.is_empty() {
            return (!tags.is_empty()).then_some(tags);
        }
        let (is_weak, from) = list.strip_prefix("W/").map_or((false, list), |rest| (true, rest));
        let end = from.strip_prefix('"')?.find('"')? + 2;
        let (quoted, rest) = (from.get(..end)?, from.get(end..)?);
        if !quoted.bytes().all(|b| b == b'!' || (b'"'..=b'~').contains(&b)) {
            return None;
        }
        tags.push(Tag { is_weak, quoted });
        list = rest.trim_start_matches([' ', '\t']);
        if !list.is_empty() && !list.starts_with(',') {
            return None;
        }
    }
}

/// The versions that `If-Match` names, if it was sent.
///
/// # Errors
/// [`Error::Invalid`] where it holds neither entity tags nor `*`.
pub fn expected(headers: &HeaderMap) -> Result<Option<Expected>> {
    let mut values = headers.get_all(IF_MATCH).map(|value| value.to_str().unwrap_or_default()).peekable();
    if values.peek().is_none() {
        return Ok(None);
    }
    let list = values.collect::<Vec<_>>().join(",");
    if list.trim() == "*" {
        return Ok(Some(Expected::any()));
    }
    let tags = tags(&list).ok_or_else(|| Error::field("If-Match", "entity_tag"))?;
    Ok(Some(Expected::one_of(tags.iter().filter_map(Tag::version).collect())))
}

/// `If-Match`, required on PATCH, PUT and DELETE: 428 without it.
#[derive(Debug, Clone)]
pub struct IfMatch(pub Expected);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(expected(req.headers()).and_then(|expected| expected.map(IfMatch).ok_or(Error::MatchRequired)))
    }
}

/// The header as a parameter of an operation.
fn if_match(required: Required, description: &str) -> Parameter {
    headers::parameter("If-Match", required, description, several_tags())
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "ETag of the version that was read, for example `\"1\"`, or several separated by \
            commas; `*` for any version";
        vec![if_match(Required::True, description)]
    }
}

/// `If-Match` of an action, which may be left out: the guard reads it for [`crate::db::Tx::matches`]. An action on one
/// version names it among its `params`.
#[derive(Debug)]
pub struct IfVersion;

impl IntoParams for IfVersion {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "ETag of the version that was read, for example `\"1\"`; the answer is 412 if there is a \
            newer version. Without this header the action applies to any version.";
        vec![if_match(Required::False, description)]
    }
}

/// `If-None-Match`, which every answer with an ETag heeds ([`super::Reply`]). A read that
/// heeds it names it among its `params`.
#[derive(Debug)]
pub struct IfNoneMatch;

impl IntoParams for IfNoneMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "ETag of the version that is known, for example `\"1\"`; the answer is 304 without a \
            body if it is still the newest";
        let schema = several_tags();
        vec![headers::parameter("If-None-Match", Required::False, description, schema)]
    }
}

fn several_tags() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(limits::HEADER_BYTES))
        .pattern(Some(r#"^(\*|(W/)?"[^"]*"( *, *(W/)?"[^"]*")*)$"#))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn check(if_match: &[&str], version: i32) -> Result<()> {
        let mut headers = HeaderMap::new();
        for value in if_match {
            headers.append(IF_MATCH, HeaderValue::from_str(value).unwrap());
        }
        expected(&headers)?.unwrap().check(version)
    }

    #[test]
    fn if_match_names_versions() {
        let read = of(7, b"{}");
        for good in
            [&["\"3\", \"7\""][..], &["\"3\"", "\"7\""], &["*"], &[&read], &["\"7-en\""], &["\"a,b\",\"7\""]]
        {
            assert!(check(good, 7).is_ok(), "{good:?}");
        }
        for stale in ["\"3\"", "W/\"7\"", "\"\"", "\"x\"", "\"70-en\"", "\"-7\"", "\"07\"", "\"+7\""] {
            assert!(matches!(check(&[stale], 7), Err(Error::Stale)), "{stale}");
        }
        for malformed in ["7", "", "\"7", "7\"", "\"7\" \"8\"", "\"7\"x", "w/\"7\"", "*, \"7\"", "'7'"] {
            assert!(matches!(check(&[malformed], 7), Err(Error::Invalid(_))), "{malformed}");
        }
        assert_eq!(expected(&HeaderMap::new()).unwrap(), None);
    }

    #[test]
    fn an_answer_never_passes_for_another() {
        assert_ne!(of(1, b"{\"a\":1}"), of(1, b"{\"a\":2}"));
        assert_ne!(of(1, b"{}"), of(2, b"{}"));
        let etag = of(1, b"{}");
        assert!(none_match_names(&format!("\"0\", W/{etag}"), &etag));
        assert!(none_match_names("*", &etag));
        assert!(!none_match_names("\"1\"", &etag));
    }
}
