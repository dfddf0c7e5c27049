//! The document and its page, in both languages: `/openapi.json`, and Swagger UI with what is added to it
//! (`docs/page.js`, `docs/page.css`).

mod problems;
mod query;
mod vietnamese;

use std::io::Write;

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, ETAG, HeaderName, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse, get, web};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::SwaggerUi;

use self::query::DocumentQuery;
use super::{ValidQuery, etag};
use crate::access::Public;
use crate::error::Result;
use crate::i18n::Locale;

pub use problems::routes as problem_pages;
pub use query::Language;
pub use vietnamese::translated;

/// What the page says besides the document (the demo's accounts), in Markdown.
#[derive(Debug, Clone)]
pub struct Note {
    /// In Vietnamese.
    pub vi: String,
    /// In English.
    pub en: String,
}

/// The document as it is sent, made once.
#[derive(Debug)]
struct Sent {
    plain: web::Bytes,
    packed: web::Bytes,
    digest: String,
}

impl Sent {
    fn new(document: &Value) -> std::io::Result<Self> {
        let plain = serde_json::to_vec(document)?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&plain)?;
        let digest: String =
            Sha256::digest(&plain).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { plain: plain.into(), packed: encoder.finish()?.into(), digest })
    }
}

/// The document in both languages.
#[derive(Debug)]
pub struct Documents {
    vi: Sent,
    en: Sent,
}

impl Documents {
    /// Make both of the English one.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn new(english: &Value, note: Option<&Note>) -> std::io::Result<Self> {
        let (mut en, mut vi) = (english.clone(), translated(english));
        if let Some(note) = note {
            add_note(&mut en, &note.en);
            add_note(&mut vi, &note.vi);
        }
        Ok(Self { vi: Sent::new(&vi)?, en: Sent::new(&en)? })
    }
}

fn add_note(document: &mut Value, note: &str) {
    if let Some(Value::String(description)) = document.pointer_mut("/info/description") {
        description.push_str("\n\n");
        description.push_str(note);
    }
}

/// Routes of this module.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(read_document);
}

/// Read this document
///
/// In Vietnamese or English; only the words differ. It changes with the version of the service only.
#[utoipa::path(tag = "operation", operation_id = "document_get", security(), params(DocumentQuery),
    responses((status = 304, description = "Not changed since the given ETag"), (status = 200, description = "The document", body = Object,
        example = json!({"openapi": "3.1.0", "info": {"title": "Thước Đo", "version": "1"}, "paths": {}}))))]
#[get("/openapi.json")]
async fn read_document(
    public: Public,
    query: ValidQuery<DocumentQuery>,
    req: HttpRequest,
    documents: web::Data<Documents>,
) -> Result<HttpResponse> {
    let locale = match query.0.lang {
        Some(Language::Vi) => Locale::Vi,
        Some(Language::En) => Locale::En,
        None => public.locale(),
    };
    let sent = match locale {
        Locale::Vi => &documents.vi,
        Locale::En => &documents.en,
    };
    let header = |name: HeaderName| req.headers().get(name).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let packs = header(ACCEPT_ENCODING).split(',').any(|c| c.trim().eq_ignore_ascii_case("gzip"));
    let tag = format!("\"{}{}\"", sent.digest, if packs { "-gzip" } else { "" });
    let known = etag::none_match_names(header(IF_NONE_MATCH), &tag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((CONTENT_LANGUAGE, locale.tag()))
        .insert_header((VARY, "Accept-Encoding, Accept-Language"));
    if known {
        return Ok(response.finish());
    }
    response.content_type("application/json");
    if packs {
        response.insert_header((CONTENT_ENCODING, "gzip"));
    }
    Ok(response.body(if packs { sent.packed.clone() } else { sent.plain.clone() }))
}

const PAGE: &str = include_str!("docs/index.html");
const SCRIPT: &str = include_str!("docs/page.js");
const STYLE: &str = include_str!("docs/page.css");

async fn page() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(PAGE)
}

async fn script() -> HttpResponse {
    HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(SCRIPT)
}

async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(STYLE)
}

/// The page below `/docs/`: ours, and the files of Swagger UI.
pub fn page_routes(cfg: &mut web::ServiceConfig) {
    // It has a set-up of its own in `page.js`; this one only keeps the crate from asking for a document.
    let files = SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/openapi.json"));
    cfg.route("/docs/", web::get().to(page))
        .route("/docs/index.html", web::get().to(page))
        .route("/docs/page.js", web::get().to(script))
        .route("/docs/page.css", web::get().to(style))
        .service(files);
}
