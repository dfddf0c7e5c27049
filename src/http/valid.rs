//! Input: read, refuse what is unknown, validate, and name every fault at once.

mod body;
mod query;
mod rules;
mod structure;

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::StreamExt;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::limits;
use crate::error::{Error, Result};
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

impl<T: DeserializeOwned + Validate + 'static> FromRequest for ValidQuery<T> {
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

async fn read(
    req: &HttpRequest,
    payload: &mut Payload,
    media_type: &'static str,
    most: usize,
) -> Result<Vec<u8>> {
    let content_type = req.headers().get(CONTENT_TYPE).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case(media_type) {
        return Err(Error::UnsupportedMediaType(media_type));
    }
    let arriving = collect_body(payload, most);
    tokio::time::timeout_at(super::deadline(req).into(), arriving).await.map_err(|_| Error::TooSlow)?
}

async fn collect_body(payload: &mut Payload, most: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(Error::unreadable)?;
        if bytes.len() + chunk.len() > most {
            return Err(Error::TooLarge(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
