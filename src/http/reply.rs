//! An answer as data: sent now, or stored under an Idempotency-Key and sent again.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH, LINK, LOCATION};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{etag, lines};
use crate::error::{Error, Result};

/// Header that marks an answer given a second time.
pub const REPLAYED: &str = "Idempotency-Replayed";

/// Status, headers and JSON body of an answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reply {
    status: u16,
    /// Version of the resource that the body shows; its ETag begins with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    version: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    location: Option<String>,
    #[serde(skip, default)]
    link: Option<String>,
    #[serde(skip, default)]
    replayed: bool,
    body: Value,
}

impl Reply {
    fn new(status: StatusCode, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_value(body).map_err(Error::internal)?;
        Ok(Self { status: status.as_u16(), version: None, location: None, link: None, replayed: false, body })
    }

    /// 200 with a body.
    ///
    /// # Errors
    /// [`Error::Internal`] when the body cannot be written as JSON.
    pub fn ok(body: &impl Serialize) -> Result<Self> {
        Self::new(StatusCode::OK, body)
    }

    /// 200 with one resource and its ETag.
    ///
    /// # Errors
    /// As [`Reply::ok`].
    pub fn resource(version: i32, body: &impl Serialize) -> Result<Self> {
        Ok(Self { version: Some(version), ..Self::ok(body)? })
    }

    /// 201 with the new resource, its place and its ETag.
    ///
    /// # Errors
    /// As [`Reply::ok`].
    pub fn created(location: String, version: i32, body: &impl Serialize) -> Result<Self> {
        Ok(Self { version: Some(version), location: Some(location), ..Self::new(StatusCode::CREATED, body)? })
    }

    /// 201 with an entry of a list: it has no page and no ETag of its own. `location` is the list's.
    ///
    /// # Errors
    /// As [`Reply::ok`].
    pub fn added(location: String, body: &impl Serialize) -> Result<Self> {
        Ok(Self { location: Some(location), ..Self::new(StatusCode::CREATED, body)? })
    }

    /// 204: done, and there is nothing to say.
    pub fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT.as_u16(),
            version: None,
            location: None,
            link: None,
            replayed: false,
            body: Value::Null,
        }
    }

    /// Add the link to the next page.
    #[must_use]
    pub fn with_link(mut self, link: Option<String>) -> Self {
        self.link = link;
        self
    }

    /// Mark as given a second time.
    #[must_use]
    pub fn as_replay(mut self) -> Self {
        self.replayed = true;
        self
    }
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let empty = self.status == StatusCode::NO_CONTENT.as_u16();
        let body = if empty { String::new() } else { self.body.to_string() };
        let etag = self.version.map(|version| etag::of(version, body.as_bytes()));
        let known = lines(req.headers(), &IF_NONE_MATCH);
        if let (Some(tag), Some(known), true) = (&etag, &known, req.method().is_safe())
            && etag::none_match_names(known, tag)
        {
            return HttpResponse::NotModified().insert_header((ETAG, tag.as_str())).finish();
        }
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK));
        if !empty {
            response.insert_header((CONTENT_TYPE, "application/json"));
        }
        for (name, value) in [(ETAG, etag), (LOCATION, self.location), (LINK, self.link)] {
            if let Some(value) = value {
                response.insert_header((name, value));
            }
        }
        if self.replayed {
            response.insert_header((REPLAYED, "true"));
        }
        if empty { response.finish() } else { response.body(body) }
    }
}
