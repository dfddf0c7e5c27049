//! The document and its page, in both languages: `/openapi.json`, and Swagger UI with what is added to it
//! (`src/http/docs/page.js`, `src/http/docs/page.css`).

mod problems;
mod query;
mod samples;
mod vietnamese;

use actix_web::http::header::{CONTENT_LANGUAGE, HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde_json::Value;
use tokio::sync::{Mutex, OnceCell};
use tokio::task::{JoinHandle, spawn_blocking};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::Config;

use self::query::DocumentQuery;
use super::documents::{Document, Page};
use super::{IfNoneMatch, Public, ValidQuery};
use crate::error::{Error, Result};
use crate::i18n::Locale;

pub use problems::routes as problem_pages;
pub use query::Language;
pub use samples::Samples;
pub use vietnamese::translated;

/// What the page says besides the document (the demo's accounts), and what its examples name.
#[derive(Debug, Clone)]
pub struct Note {
    /// In Vietnamese, in Markdown.
    pub vi: String,
    /// In English, in Markdown.
    pub en: String,
    /// Objects of the demo.
    pub samples: Samples,
}

/// What the service describes itself by, made once for all threads.
pub struct Docs {
    english: fn() -> Value,
    note: Option<Note>,
    documents: OnceCell<Documents>,
    /// The work at the documents, while it is done.
    making: Mutex<Option<JoinHandle<Documents>>>,
    page: Document,
    script: Document,
    style: Document,
    files: Page,
}

/// The document in both languages.
struct Documents {
    vi: Document,
    en: Document,
}

impl Docs {
    /// Everything, from what makes the English document. The document is made when somebody asks for it for the first
    /// time: most instances are never asked, and would hold megabytes for nothing.
    pub fn new(english: fn() -> Value, note: Option<&Note>) -> Self {
        Self {
            english,
            note: note.cloned(),
            documents: OnceCell::new(),
            making: Mutex::default(),
            page: Document::new("text/html; charset=utf-8", include_str!("docs/index.html")),
            script: Document::new("text/javascript; charset=utf-8", include_str!("docs/page.js")),
            style: Document::new("text/css; charset=utf-8", include_str!("docs/page.css")),
            // The page is set up by its script; this configuration goes into a file that it does not load.
            files: Page::new(Config::from("/openapi.json")),
        }
    }

    /// The document in a language. Who asks while it is made waits for the same result.
    async fn document(&self, locale: Locale) -> Result<&Document> {
        let documents = self.documents.get_or_try_init(|| self.made()).await?;
        Ok(match locale {
            Locale::Vi => &documents.vi,
            Locale::En => &documents.en,
        })
    }

    /// The documents, made off the threads that answer. What was begun for somebody who is gone is taken over: callers who
    /// hang up at once must not begin it again and again.
    async fn made(&self) -> Result<Documents> {
        let mut making = self.making.lock().await;
        let begun = making.get_or_insert_with(|| {
            let (english, note) = (self.english, self.note.clone());
            spawn_blocking(move || Documents::new(english(), note.as_ref()))
        });
        let made = begun.await.map_err(Error::internal);
        *making = None;
        made
    }
}

impl Documents {
    /// One after the other, since as data each takes many times the memory of its text.
    fn new(english: Value, note: Option<&Note>) -> Self {
        Self {
            vi: written(translated(&english), note.map(|note| (&note.samples, note.vi.as_str()))),
            en: written(english, note.map(|note| (&note.samples, note.en.as_str()))),
        }
    }
}

fn written(mut document: Value, note: Option<(&Samples, &str)>) -> Document {
    if let Some((samples, words)) = note {
        samples.fill(&mut document);
        add_note(&mut document, words);
    }
    Document::new("application/json", document.to_string())
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
/// The OpenAPI document, in Vietnamese or English; the two differ only in their texts. It changes only with
/// the version of the service.
#[utoipa::path(tag = "operation", operation_id = "document_get", security(), params(DocumentQuery, IfNoneMatch),
    responses((status = 200, description = "The OpenAPI document", body = Object,
        example = json!({"openapi": "3.1.0", "info": {"title": "Thước Đo", "version": "1"}, "paths": {}}))))]
#[get("/openapi.json")]
async fn read_document(
    public: Public,
    query: ValidQuery<DocumentQuery>,
    req: HttpRequest,
    docs: web::Data<Docs>,
) -> Result<HttpResponse> {
    let locale = match query.0.lang {
        Some(Language::Vi) => Locale::Vi,
        Some(Language::En) => Locale::En,
        None => public.locale(),
    };
    let mut response = docs.document(locale).await?.reply(&req).await?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag()));
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding, Accept-Language"));
    Ok(response)
}

/// A file of the page: ours, or one of Swagger UI's.
///
/// # Errors
/// [`crate::error::Error::NotFound`] for a file that is not there.
pub async fn page_file(_counted: Public, req: HttpRequest, docs: web::Data<Docs>) -> Result<HttpResponse> {
    match req.match_info().query("file") {
        "" | "index.html" => docs.page.reply(&req).await,
        "page.js" => docs.script.reply(&req).await,
        "page.css" => docs.style.reply(&req).await,
        other => docs.files.file(other)?.reply(&req).await,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    static MAY_END: AtomicBool = AtomicBool::new(false);
    static BEGUN: AtomicUsize = AtomicUsize::new(0);

    fn english() -> Value {
        BEGUN.fetch_add(1, Ordering::SeqCst);
        while !MAY_END.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        json!({"openapi": "3.1.0", "info": {"title": "Thước Đo", "description": "In English."}, "paths": {}})
    }

    #[tokio::test]
    async fn a_document_is_made_once_even_if_the_first_who_asked_is_gone() {
        let docs = Docs::new(english, None);
        for _ in 0..3 {
            let gone = tokio::time::timeout(Duration::ZERO, docs.document(Locale::En)).await;
            assert!(gone.is_err(), "it is not made yet");
        }
        MAY_END.store(true, Ordering::SeqCst);
        let (en, vi) = tokio::join!(docs.document(Locale::En), docs.document(Locale::Vi));
        assert!(en.is_ok() && vi.is_ok());
        assert_eq!(BEGUN.load(Ordering::SeqCst), 1);
    }
}
