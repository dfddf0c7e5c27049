//! What holds for every request, whatever it asks for: nothing that it says is ignored. Guards apply it once they know
//! who asks, so a stranger learns nothing from it.

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header::{IF_MATCH, IF_NONE_MATCH};
use futures::FutureExt;
use futures::future::{LocalBoxFuture, ready};
use serde_json::Value;

use super::operations::Operations;
use super::{accept, routed, valid};
use crate::error::{Error, Faults, FieldError, Result};

/// Headers that say one thing: of two, either could be meant.
const SINGLE: [&str; 3] = ["Content-Type", "Idempotency-Key", "On-Behalf-Of"];

/// What a guard admits, unless the request says something that its operation does not know.
pub fn checked<T: 'static>(
    req: &HttpRequest,
    payload: &mut Payload,
    admitted: Result<T>,
) -> LocalBoxFuture<'static, Result<T>> {
    let admitted = admitted.and_then(|caller| check_head(req).map(|()| caller));
    let takes_body = Operations::of_request(req).is_none_or(|operation| operation.takes_body);
    if admitted.is_err() || takes_body || matches!(payload, Payload::None) {
        return ready(admitted).boxed_local();
    }
    let (req, mut payload) = (req.clone(), payload.take());
    async move {
        let bytes = valid::read_any(&req, &mut payload).await?;
        no_body(&bytes)?;
        admitted
    }
    .boxed_local()
}

/// Query, preconditions and `Accept`.
fn check_head(req: &HttpRequest) -> Result<()> {
    let Some(operation) = Operations::of_request(req) else {
        return Ok(());
    };
    // Token endpoints have the rules and the words of RFC 6749.
    if routed(req).starts_with("/oauth/") {
        return Ok(());
    }
    if !accept::takes_one_of(req.headers(), &operation.answers) {
        return Err(Error::NotAcceptable(operation.answers.join(", ")));
    }
    let mut faults = Faults::default();
    // Where a query is read, its extractor names what is wrong with it.
    if operation.query.is_empty() {
        faults.append(valid::unknown_parameters(req.query_string(), &[]));
    }
    let sent = |name| req.headers().contains_key(name);
    for name in SINGLE {
        if req.headers().get_all(name).nth(1).is_some() {
            faults.push(FieldError::new(name, "duplicate"));
        }
    }
    if sent(IF_MATCH) && !operation.takes_match {
        faults.push(FieldError::new("If-Match", "not_applicable"));
    }
    if sent(IF_NONE_MATCH) && !req.method().is_safe() {
        faults.push(FieldError::new("If-None-Match", "not_applicable"));
    }
    faults.check()
}

/// An operation without a body takes none; `{}`, which some clients always send, says nothing and is as good as none.
fn no_body(bytes: &[u8]) -> Result<()> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) if members.is_empty() => Ok(()),
        Ok(Value::Object(members)) => {
            let whole = FieldError::new("", "no_body");
            let each = members.keys().map(|name| FieldError::new(valid::Step(name), "unknown_member"));
            Err(Error::Invalid(std::iter::once(whole).chain(each).collect()))
        }
        _ => Err(Error::field("", "no_body")),
    }
}
