//! Which refusals are security events ([`super::security`]): seen here, where every answer passes, so that no route can
//! forget to note one. Only the token endpoints, whose refusals have a form of their own, note theirs themselves.

use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::{HttpMessage, HttpRequest};

use super::guard::SignedIn;
use super::operations::Template;
use super::rates::Verdict;
use super::security::Sighting;
use super::{Gate, peer};
use crate::access::SecurityKind;
use crate::error::{Error, Rule};

/// Codes of wrong members that are more than a mistake in a form.
const MEMBERS: [(&str, SecurityKind); 6] = [
    ("password_wrong", SecurityKind::SignInFailed),
    ("reset_token_bad", SecurityKind::OneTimeTokenRefused),
    ("quality_token_bad", SecurityKind::OneTimeTokenRefused),
    ("application_token_bad", SecurityKind::OneTimeTokenRefused),
    ("unknown_reference", SecurityKind::ReachRefused),
    ("no_delegation", SecurityKind::PermissionRefused),
];

/// Note what was refused.
pub fn note(gate: &Gate, response: &ServiceResponse<impl MessageBody>) {
    let request = response.request();
    let error = response.response().error().and_then(|e| e.as_error::<Error>());
    if let Some((kind, reason)) = error.and_then(|error| kind_of(error, request)) {
        let extensions = request.extensions();
        let who = extensions.get::<SignedIn>();
        let address = peer::network(peer::address(request, gate.defences().trusted_proxies), 0);
        let template = Template::of_request(request);
        let other = || request.match_pattern().unwrap_or_default();
        let pattern = template.map_or_else(other, |template| template.pattern.clone());
        let route = format!("{} {pattern}", request.method());
        gate.witness(&Sighting {
            kind,
            reason,
            account_id: who.map(|who| who.0.id),
            name: who.map(|who| who.0.name.as_str()),
            address: &address,
            route: &route,
        });
    }
}

fn kind_of(error: &Error, request: &HttpRequest) -> Option<(SecurityKind, &'static str)> {
    let extensions = request.extensions();
    let is_signed_in = extensions.get::<SignedIn>().is_some();
    match error {
        Error::Token(fault) => Some((SecurityKind::TokenRefused, fault.code())),
        Error::Forbidden(permission) => Some((SecurityKind::PermissionRefused, permission.name())),
        Error::NotFound(what) if is_signed_in => Some((SecurityKind::ReachRefused, what)),
        Error::TooMany(_) => {
            Some((SecurityKind::RateRefused, extensions.get::<Verdict>().map_or("requests", |v| v.policy)))
        }
        Error::Refused(Rule::LoginSlowed, _) if is_signed_in => {
            Some((SecurityKind::SignInSlowed, "change_password"))
        }
        Error::Invalid(faults) => {
            let told = |code: &str| MEMBERS.iter().find(|(known, _)| *known == code);
            faults.iter().find_map(|fault| told(fault.code)).map(|(code, kind)| (*kind, *code))
        }
        _ => None,
    }
}
