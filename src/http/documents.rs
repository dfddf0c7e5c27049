//! Documents that are the same for everybody: made once, compressed once, and asked for again by their ETag.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io::Write;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header::{
    AcceptEncoding, CONTENT_ENCODING, CONTENT_TYPE, ETAG, Encoding, Header, IF_NONE_MATCH, VARY,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use utoipa_swagger_ui::Config;

use super::etag;
use crate::error::{Error, Result};

/// How much is handed over at once, bytes.
const PART_BYTES: usize = 16 * 1024;

/// A document, as it is and compressed.
pub struct Document {
    media_type: String,
    plain: Bytes,
    packed: OnceCell<Bytes>,
    digest: String,
}

impl Document {
    /// A document.
    pub fn new(media_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        let plain = body.into();
        let digest = Sha256::digest(&plain);
        let digest = URL_SAFE_NO_PAD.encode(digest.get(..12).unwrap_or_default());
        Self { media_type: media_type.into(), plain, packed: OnceCell::new(), digest }
    }

    /// The answer to who asks for it.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be compressed.
    pub async fn reply(&self, req: &HttpRequest) -> Result<HttpResponse> {
        let packed = takes_gzip(req);
        // Two forms of one document are two representations: each has a strong ETag of its own.
        let tag = if packed { format!("\"{}-gzip\"", self.digest) } else { format!("\"{}\"", self.digest) };
        let known = req.headers().get(IF_NONE_MATCH).and_then(|h| h.to_str().ok());
        if known.is_some_and(|known| etag::none_match_names(known, &tag)) {
            return Ok(HttpResponse::NotModified()
                .insert_header((ETAG, tag))
                .insert_header((VARY, "Accept-Encoding"))
                .finish());
        }
        let mut response = HttpResponse::Ok();
        response.insert_header((CONTENT_TYPE, self.media_type.as_str()));
        response.insert_header((ETAG, tag)).insert_header((VARY, "Accept-Encoding"));
        if !packed {
            return Ok(response.body(Parts(self.plain.clone())));
        }
        let body = self.packed.get_or_try_init(|| pack(self.plain.clone())).await?;
        Ok(response.insert_header((CONTENT_ENCODING, "gzip")).body(Parts(body.clone())))
    }
}

/// A body that is handed over in parts: for somebody who reads slowly, no more than a part of it is copied.
struct Parts(Bytes);

impl MessageBody for Parts {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(u64::try_from(self.0.len()).unwrap_or(u64::MAX))
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Bytes, Infallible>>> {
        let rest = &mut self.get_mut().0;
        let part = rest.split_to(rest.len().min(PART_BYTES));
        Poll::Ready((!part.is_empty()).then_some(Ok(part)))
    }
}

fn takes_gzip(req: &HttpRequest) -> bool {
    let asked = req.headers().contains_key("accept-encoding");
    asked
        && AcceptEncoding::parse(req).is_ok_and(|a| {
            a.negotiate([Encoding::gzip(), Encoding::identity()].iter()) == Some(Encoding::gzip())
        })
}

/// Off the threads that answer; a request that comes meanwhile waits for the same result.
async fn pack(plain: Bytes) -> Result<Bytes> {
    let packed = tokio::task::spawn_blocking(move || {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&plain)?;
        encoder.finish()
    });
    Ok(packed.await.map_err(Error::internal)?.map_err(Error::internal)?.into())
}

/// The files of Swagger UI.
pub struct Page {
    config: Arc<Config<'static>>,
    files: Mutex<HashMap<String, Arc<Document>>>,
}

impl Page {
    /// The page with this configuration.
    pub fn new(config: Config<'static>) -> Self {
        Self { config: Arc::new(config), files: Mutex::default() }
    }

    /// A file of the page. Only those that exist are kept.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Internal`] when the configuration cannot be written.
    pub fn file(&self, name: &str) -> Result<Arc<Document>> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = files.get(name) {
            return Ok(file.clone());
        }
        let found = utoipa_swagger_ui::serve(name, self.config.clone())
            .map_err(|e| Error::internal(e.to_string()))?
            .ok_or(Error::NotFound("page"))?;
        let document = Arc::new(Document::new(found.content_type, found.bytes.into_owned()));
        files.insert(name.to_owned(), document.clone());
        Ok(document)
    }
}
