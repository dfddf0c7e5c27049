//! Strong ETags made of the version column, and the header that protects changes by them.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::{headers, limits};
use crate::error::{Error, Result};
use crate::version::Expected;

/// The ETag of a version.
pub fn of(version: i32) -> String {
    format!("\"{version}\"")
}

/// Versions a header value names.
fn expected(value: &str) -> Expected {
    if value.trim() == "*" {
        return Expected::any();
    }
    let version = |tag: &str| tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok();
    Expected::one_of(value.split(',').filter_map(version).collect())
}

/// Whether an `If-None-Match` value names the ETag.
pub fn none_match_names(header: &str, etag: &str) -> bool {
    header.trim() == "*" || header.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

/// `If-Match`, required on PATCH, PUT and DELETE: 428 without it.
#[derive(Debug, Clone)]
pub struct IfMatch(pub Expected);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = req.headers().get(IF_MATCH).and_then(|h| h.to_str().ok());
        ready(header.map(|value| IfMatch(expected(value))).ok_or(Error::MatchRequired))
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description =
            "ETag of the version that was read, like `\"1\"` (several by commas); `*` for any version";
        let schema = several_tags();
        vec![headers::parameter("If-Match", Required::True, description, schema)]
    }
}

/// `If-None-Match`, which every answer with an ETag heeds unless it must be given whole ([`super::Reply`]). A read that
/// heeds it names it among its `params`.
#[derive(Debug)]
pub struct IfNoneMatch;

impl IntoParams for IfNoneMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description =
            "ETag of the version already known, like `\"1\"`: 304 without a body if it is still the newest";
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

    #[test]
    fn if_match_names_versions() {
        assert!(expected("\"3\", \"7\"").check(7).is_ok());
        assert!(expected("*").check(7).is_ok());
        assert!(matches!(expected("\"3\"").check(7), Err(Error::Stale)));
        assert!(matches!(expected("W/\"7\"").check(7), Err(Error::Stale)), "weak tags never match");
    }
}
