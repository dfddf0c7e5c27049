//! An answer as data: sent now, or stored under an Idempotency-Key and sent again.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, LINK, LOCATION};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{etag, lines};
use crate::error::{Error, Result};

/// Header that marks an answer given a second time.
pub const REPLAYED: &str = "Idempotency-Replayed";
/// Room for a body before its length is known, bytes: most objects are smaller.
const BODY_BYTES: usize = 1024;

/// Status, headers and JSON body of an answer. The body is written once, as the bytes that are sent.
#[derive(Debug, Clone)]
pub struct Reply {
    status: StatusCode,
    /// Version of the resource that the body shows; its ETag begins with it.
    version: Option<i32>,
    location: Option<String>,
    link: Option<String>,
    replayed: bool,
    body: Bytes,
}

/// An answer as it is stored under an Idempotency-Key.
#[derive(Serialize, Deserialize)]
struct Stored {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    version: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    location: Option<String>,
    /// The body as data: what releases before `text` read, and where the erasure of a person looks for words.
    body: Value,
    /// The body as it was sent, byte by byte: the database orders the members of data anew. Absent in what releases
    /// before it stored.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    text: Option<String>,
}

impl Reply {
    fn new(status: StatusCode, body: &impl Serialize) -> Result<Self> {
        let mut bytes = Vec::with_capacity(BODY_BYTES);
        serde_json::to_writer(&mut bytes, body).map_err(Error::internal)?;
        Ok(Self { body: bytes.into(), ..Self::empty(status) })
    }

    fn empty(status: StatusCode) -> Self {
        Self { status, version: None, location: None, link: None, replayed: false, body: Bytes::new() }
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
        Self::empty(StatusCode::NO_CONTENT)
    }

    /// The answer as data, to be stored.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be written as JSON.
    pub fn to_stored(&self) -> Result<Value> {
        let (body, text) = if self.body.is_empty() {
            (Value::Null, None)
        } else {
            let text = std::str::from_utf8(&self.body).map_err(Error::internal)?;
            (serde_json::from_str(text).map_err(Error::internal)?, Some(text.to_owned()))
        };
        let (version, location) = (self.version, self.location.clone());
        let stored = Stored { status: self.status.as_u16(), version, location, body, text };
        serde_json::to_value(stored).map_err(Error::internal)
    }

    /// An answer that was stored, by this release or by one before it.
    ///
    /// # Errors
    /// [`Error::Internal`] when it is none.
    pub fn of_stored(stored: Value) -> Result<Self> {
        let stored: Stored = serde_json::from_value(stored).map_err(Error::internal)?;
        let status = StatusCode::from_u16(stored.status).map_err(Error::internal)?;
        let body = match (stored.text, stored.body) {
            (Some(text), _) => text,
            (None, _) if status == StatusCode::NO_CONTENT => String::new(),
            (None, body) => body.to_string(),
        };
        let (version, location) = (stored.version, stored.location);
        Ok(Self { version, location, body: body.into(), ..Self::empty(status) })
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
        let etag = self.version.map(|version| etag::of(version, &self.body));
        if let Some(tag) = &etag
            && req.method().is_safe()
            && let Some(known) = lines(req.headers(), &IF_NONE_MATCH)
            && etag::none_match_names(&known, tag)
        {
            return HttpResponse::NotModified().insert_header((ETAG, tag.as_str())).finish();
        }
        let mut response = HttpResponse::build(self.status);
        for (name, value) in [(ETAG, etag), (LOCATION, self.location), (LINK, self.link)] {
            if let Some(value) = value {
                response.insert_header((name, value));
            }
        }
        if self.replayed {
            response.insert_header((REPLAYED, "true"));
        }
        if self.status == StatusCode::NO_CONTENT {
            return response.finish();
        }
        response.insert_header((CONTENT_TYPE, HeaderValue::from_static("application/json")));
        response.body(self.body)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Serialize)]
    struct Body {
        long_name: &'static str,
        id: f64,
        list: Vec<Option<i64>>,
    }

    fn reply() -> Reply {
        let body = Body { long_name: "Tổ \"1\"", id: 2.5, list: vec![Some(i64::MAX), None] };
        Reply::created("/v1/units/1".to_owned(), 3, &body).unwrap()
    }

    /// What Postgres makes of it: the members of `jsonb` are ordered by the length of their names.
    fn kept_by_postgres(stored: Value) -> Value {
        match stored {
            Value::Object(members) => {
                let mut members: Vec<_> = members.into_iter().collect();
                members.sort_by_key(|(name, _)| (name.len(), name.clone()));
                members.into_iter().map(|(name, value)| (name, kept_by_postgres(value))).collect()
            }
            other => other,
        }
    }

    #[test]
    fn a_stored_answer_comes_back_byte_by_byte() {
        let reply = reply();
        assert_eq!(reply.body, r#"{"long_name":"Tổ \"1\"","id":2.5,"list":[9223372036854775807,null]}"#);
        let again = Reply::of_stored(kept_by_postgres(reply.to_stored().unwrap())).unwrap();
        assert_eq!(again.body, reply.body);
        assert_eq!((again.status, again.version), (StatusCode::CREATED, Some(3)));
        assert_eq!(again.location, reply.location);
        let nothing = Reply::of_stored(Reply::no_content().to_stored().unwrap()).unwrap();
        assert_eq!((nothing.status, nothing.body.len()), (StatusCode::NO_CONTENT, 0));
    }

    #[test]
    fn releases_of_before_read_what_is_stored_and_theirs_is_read() {
        let stored = reply().to_stored().unwrap();
        let body = json!({"long_name": "Tổ \"1\"", "id": 2.5, "list": [i64::MAX, null]});
        assert_eq!(stored["body"], body);
        let before = json!({"status": 201, "version": 3, "location": "/v1/units/1", "body": body});
        let read = Reply::of_stored(before).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&read.body).unwrap(), body);
        let before = json!({"status": 204, "body": null});
        assert_eq!(Reply::of_stored(before).unwrap().body.len(), 0);
    }
}
