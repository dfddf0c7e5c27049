//! Input: read, refuse what is unknown, validate, and name every fault at once.

mod body;
mod days;
mod json;
mod query;
mod rules;
mod structure;

pub(super) use query::unknown as unknown_parameters;
use std::future::Future;
use std::pin::Pin;
pub(super) use structure::Step;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::StreamExt;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::limits;
use crate::error::{Error, Result};
use crate::faults::Refused;
use crate::text;

/// Media type of JSON bodies.
pub const JSON: &str = "application/json";
/// Media type of partial updates (RFC 7396).
pub const MERGE_PATCH: &str = "application/merge-patch+json";
/// Media type of the token endpoints.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// A JSON body, validated.
#[derive(Debug)]
pub struct Valid<T> {
    /// The body.
    pub body: T,
    /// Digest of the bytes, for `Allow::write_once`.
    pub digest: String,
}

/// A JSON body, validated, but not refused yet: where its rows refer to others, those that are not there are named
/// together with everything else that is wrong.
#[derive(Debug)]
pub struct Checked<T> {
    /// The body, or what is wrong with it.
    pub body: std::result::Result<T, Refused>,
    /// Digest of the bytes, for `Allow::write_once`.
    pub digest: String,
}

/// A JSON merge patch, validated.
#[derive(Debug)]
pub struct Patch<T>(pub T);

/// A form-encoded body, its texts in normal form as in JSON. Unknown members are ignored, as RFC 6749 asks of token endpoints.
#[derive(Debug)]
pub struct Form<T>(pub T);

/// Query parameters, validated; unknown ones are refused.
#[derive(Debug)]
pub struct ValidQuery<T>(pub T);

/// The `{id}` of a path. What is not a UUID names nothing: 404.
#[derive(Debug, Clone, Copy)]
pub struct Id(pub Uuid);

/// Another name in a path (`{number}`, `{code}`), in normal form.
#[derive(Debug, Clone)]
pub struct Key(pub String);

type Reading<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

impl<T: DeserializeOwned + Validate + ToSchema + 'static> FromRequest for Valid<T> {
    type Error = Error;
    type Future = Reading<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, &mut payload, JSON, limits::BODY_BYTES).await?;
            let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes));
            Ok(Self { body: body::parse(&bytes)?, digest })
        })
    }
}

impl<T: DeserializeOwned + Validate + ToSchema + 'static> FromRequest for Checked<T> {
    type Error = Error;
    type Future = Reading<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, &mut payload, JSON, limits::BODY_BYTES).await?;
            let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes));
            let body = match body::parse(&bytes) {
                Err(Error::Invalid(faults)) => {
                    let value = serde_json::from_slice(&bytes).map_err(Error::unreadable)?;
                    Err(Refused { faults, value })
                }
                other => Ok(other?),
            };
            Ok(Self { body, digest })
        })
    }
}

impl<T: DeserializeOwned + Validate + ToSchema + 'static> FromRequest for Patch<T> {
    type Error = Error;
    type Future = Reading<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, &mut payload, MERGE_PATCH, limits::BODY_BYTES).await?;
            body::parse(&bytes).map(Self)
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = Reading<Self>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, &mut payload, FORM, limits::FORM_BYTES).await?;
            body::parse_form(&bytes).map(Self)
        })
    }
}

impl<T: DeserializeOwned + Validate + IntoParams + 'static> FromRequest for ValidQuery<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(query::parse(req.query_string()).map(Self))
    }
}

impl FromRequest for Id {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = req.match_info().get("id").and_then(|id| id.parse().ok());
        std::future::ready(id.map(Id).ok_or(Error::NotFound("object")))
    }
}

impl FromRequest for Key {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let value = web::Path::<String>::extract(req).into_inner();
        std::future::ready(value.map(|v| Key(text::normalise(&v))).map_err(|_| Error::NotFound("object")))
    }
}

/// A body of a media type; one that is not there is read as an object without members.
async fn read(
    req: &HttpRequest,
    payload: &mut Payload,
    media_type: &'static str,
    most: usize,
) -> Result<Vec<u8>> {
    let content_type = req.headers().get(CONTENT_TYPE).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let fits = essence.eq_ignore_ascii_case(media_type);
    let readable = || {
        check_coding(req)?;
        if fits { Ok(()) } else { Err(Error::UnsupportedMediaType(media_type)) }
    };
    match collect(req, payload, most, readable).await? {
        bytes if bytes.is_empty() && media_type == JSON => Ok(b"{}".to_vec()),
        bytes if bytes.is_empty() && !fits => Err(Error::UnsupportedMediaType(media_type)),
        bytes => Ok(bytes),
    }
}

/// A body of any kind, where there should be none.
pub(super) async fn read_any(req: &HttpRequest, payload: &mut Payload) -> Result<Vec<u8>> {
    collect(req, payload, limits::BODY_BYTES, || Ok(())).await
}

/// The bytes of a body, within its limits; `readable` may refuse a body that is there before it is read.
async fn collect(
    req: &HttpRequest,
    payload: &mut Payload,
    most: usize,
    readable: impl Fn() -> Result<()>,
) -> Result<Vec<u8>> {
    let arriving = async {
        let mut bytes = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(Error::unreadable)?;
            if bytes.is_empty() && !chunk.is_empty() {
                readable()?;
            }
            if bytes.len() + chunk.len() > most {
                return Err(Error::TooLarge(most));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout_at(super::context::deadline(req).into(), arriving)
        .await
        .map_err(|_| Error::TooSlow)?
}

/// Bodies come as they are, not compressed: how large one would become is not known before.
fn check_coding(req: &HttpRequest) -> Result<()> {
    let codings = req.headers().get_all(CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?"));
    let plain = |coding: &str| coding.trim().is_empty() || coding.trim().eq_ignore_ascii_case("identity");
    if codings.flat_map(|list| list.split(',')).all(plain) { Ok(()) } else { Err(Error::UnsupportedCoding) }
}
