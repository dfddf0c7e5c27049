//! What goes with a request from layer to layer: its id, its deadline, its language.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_web::http::header::{
    ACCEPT_LANGUAGE, AcceptLanguage, Header, HeaderMap, HeaderName, Preference, Quality,
};
use actix_web::{HttpMessage, HttpRequest};

use super::limits;
use crate::i18n::Locale;

/// What is known of a request from the moment at which it arrives.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The service's own id of the request, answered as `X-Request-Id`. A caller's `X-Request-Id` comes back as
    /// `X-Client-Request-Id` and is logged beside it.
    pub id: Arc<str>,
    /// When it must be done.
    pub deadline: Instant,
}

/// Whether the answer is in the caller's language, so far: asking for the language sets it.
#[derive(Debug, Clone)]
pub struct Spoken(Rc<Cell<Option<Locale>>>);

#[expect(clippy::new_without_default, reason = "nothing needs one")]
impl Spoken {
    /// Nothing is said yet.
    pub fn new() -> Self {
        Self(Rc::default())
    }

    /// Something is said in this language.
    pub fn set(&self, locale: Locale) {
        self.0.set(Some(locale));
    }

    /// The language that something was said in.
    pub fn language(&self) -> Option<Locale> {
        self.0.get()
    }
}

/// The service's own id of a request.
pub fn request_id(req: &HttpRequest) -> Arc<str> {
    let known = req.extensions().get::<Arrival>().map(|arrival| arrival.id.clone());
    known.unwrap_or_else(|| Arc::from(""))
}

/// The path of a request as it is routed: with letters in the place of their codes (`/v1/un%69ts` is `/v1/units`). What
/// depends on a path compares this one, or another spelling of the path would have other rules.
pub fn routed(req: &HttpRequest) -> &str {
    req.match_info().as_str()
}

/// When a request must be done.
pub fn deadline(req: &HttpRequest) -> Instant {
    let set = req.extensions().get::<Arrival>().map(|arrival| arrival.deadline);
    set.unwrap_or_else(|| Instant::now() + limits::REQUEST_TIME)
}

/// A header that is a list, however many lines it has (RFC 9110, section 5.3).
pub(crate) fn lines(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// The language a request asks for: the one it likes best of those that the service speaks.
pub fn locale(req: &HttpRequest, default: Locale) -> Locale {
    if !req.headers().contains_key(ACCEPT_LANGUAGE) {
        return default;
    }
    let Ok(mut accepted) = AcceptLanguage::parse(req) else { return default };
    accepted.retain(|range| range.quality > Quality::ZERO);
    let wanted = accepted.ranked().into_iter().find_map(|range| match range {
        Preference::Any => Some(default),
        Preference::Specific(tag) => Locale::of(tag.primary_language()),
    });
    wanted.unwrap_or(default)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn language_is_negotiated_by_quality() {
        let of = |accepted: &str| {
            locale(
                &TestRequest::default().insert_header(("Accept-Language", accepted)).to_http_request(),
                Locale::Vi,
            )
        };
        assert_eq!(of("en"), Locale::En);
        assert_eq!(of("EN-gb"), Locale::En);
        assert_eq!(of("fr, en-GB;q=0.8, vi;q=0.9"), Locale::Vi);
        assert_eq!(of("vi;q=0.1, en"), Locale::En);
        assert_eq!(of("*, en;q=0.5"), Locale::Vi);
        for default in ["fr", "en;q=0", "", "english please", ","] {
            assert_eq!(of(default), Locale::Vi, "{default}");
        }
        assert_eq!(locale(&TestRequest::default().to_http_request(), Locale::En), Locale::En);
    }
}
