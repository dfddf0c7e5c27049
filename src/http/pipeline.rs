//! What happens around every request: size and time limits, correlation id, log line, problem documents, headers.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, web};
use tracing::Instrument;
use uuid::Uuid;

use super::operations::{Operations, Template};
use super::rates::Verdict;
use super::valid::MERGE_PATCH;
use super::{Arrival, Gate, Spoken, headers, limits, problem, refusals};
use crate::clock::Clock;
use crate::error::Error;
use crate::i18n::Locale;

const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The caller's own id of the request, given back.
const CALLERS_ID: HeaderName = HeaderName::from_static("x-client-request-id");
/// Longest id of a caller that is given back.
const REQUEST_ID_CHARACTERS: usize = 64;

/// Around every request.
///
/// # Errors
/// Those of the framework itself; ours are answers already.
pub async fn run(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody, BoxBody>>, actix_web::Error> {
    let started = Instant::now();
    let (id, callers_id) = (request_id(&req), callers_id(&req));
    let gate = req.app_data::<web::Data<Gate>>().cloned();
    let request_time = gate.as_ref().map_or(limits::REQUEST_TIME, |g| g.defences().request_time);
    let method = req.method().clone();
    if method == Method::HEAD {
        // Answered as GET; the protocol leaves the body out.
        req.head_mut().method = Method::GET;
    }
    let template = req.app_data::<web::Data<Operations>>().and_then(|operations| operations.recognise(&req));
    req.extensions_mut().insert(Arrival { id: id.clone(), deadline: started + request_time });
    let span = tracing::info_span!("request", id = &*id, callers_id, method = method.as_str());
    let admitted = match (within_size(&req), &gate) {
        (Ok(()), Some(gate)) => gate.look_up_delegation(req.request()).await,
        (fits, _) => fits,
    };
    let response = match admitted {
        Ok(()) => next.call(req).instrument(span.clone()).await?.map_into_left_body(),
        Err(error) => req.error_response(error).map_into_right_body(),
    };
    let status = response.status();
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    // The pattern, never the path or the query: those may hold names.
    let route = pattern(response.request(), template.as_deref());
    tracing::info!(parent: &span, route = &*route, status = status.as_u16(), ms, "answered");

    if let Some(gate) = &gate {
        refusals::note(gate, &response);
    }
    let needs_problem = (status.is_client_error() || status.is_server_error()) && !is_described(&response);
    let mut spoken = response.request().extensions().get::<Spoken>().and_then(Spoken::language);
    let mut response = if needs_problem {
        let default = gate.as_ref().map_or_else(Locale::default, |g| g.default_locale());
        let locale = super::locale(response.request(), default);
        spoken = spoken.or(Some(locale));
        let (request, old) = response.into_parts();
        let rendered = problem::render(old.map_into_boxed_body(), request.path(), &id, locale);
        ServiceResponse::new(request, rendered).map_into_right_body()
    } else {
        response
    };
    let request = response.request().clone();
    let verdict = request.extensions().get::<Verdict>().copied();
    let sent = response.headers_mut();
    for (name, id) in [(REQUEST_ID, Some(&*id)), (CALLERS_ID, callers_id.as_deref())] {
        if let Some(id) = id.and_then(|id| HeaderValue::from_str(id).ok()) {
            sent.insert(name, id);
        }
    }
    headers::protect(sent, &method, super::routed(&request), gate.is_some_and(|g| g.is_https()));
    headers::tell_variants(sent, spoken);
    if method != Method::POST && template.is_some_and(|template| template.is_patched) {
        sent.insert(ACCEPT_PATCH, HeaderValue::from_static(MERGE_PATCH));
    }
    if let Some(verdict) = verdict {
        headers::tell_rate(sent, &verdict);
    }
    Ok(response)
}

/// Neither URL nor headers are larger than anything of ours needs.
fn within_size(req: &ServiceRequest) -> Result<(), Error> {
    let url = req.uri().path_and_query().map_or(0, |p| p.as_str().len());
    if url > limits::URL_BYTES {
        return Err(Error::UrlTooLong(limits::URL_BYTES));
    }
    let headers: usize = req.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers > limits::HEADER_BYTES {
        return Err(Error::HeadersTooLarge(limits::HEADER_BYTES));
    }
    Ok(())
}

/// OAuth errors have a form of their own (RFC 6749, section 5.2).
fn is_described<B>(response: &ServiceResponse<B>) -> bool {
    response.headers().get("content-type").is_some_and(|t| t.as_bytes().starts_with(b"application/"))
}

/// The pattern of a request's route; a dash where there is none.
fn pattern<'a>(req: &HttpRequest, template: Option<&'a Template>) -> Cow<'a, str> {
    let known = template.map(|template| Cow::Borrowed(template.pattern.as_str()));
    known.or_else(|| req.match_pattern().map(Cow::Owned)).unwrap_or(Cow::Borrowed("-"))
}

/// The service's own id of a request: what the audit log and the log correlate by must not be chosen by a caller.
fn request_id(req: &ServiceRequest) -> Arc<str> {
    let id = req.app_data::<web::Data<Clock>>().map(|clock| clock.new_id());
    id.map_or_else(
        || Arc::from(""),
        |id| Arc::from(&*id.hyphenated().encode_lower(&mut Uuid::encode_buffer())),
    )
}

/// The caller's own id of a request, if it is one that may be written in a header and in a log.
fn callers_id(req: &ServiceRequest) -> Option<String> {
    let given = req.headers().get(REQUEST_ID).and_then(|h| h.to_str().ok())?;
    let fits = (1..=REQUEST_ID_CHARACTERS).contains(&given.len())
        && given.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    fits.then(|| given.to_owned())
}
