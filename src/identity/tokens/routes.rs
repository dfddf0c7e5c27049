use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{JwksDto, MetadataDto, TokenDto, TokenErrorDto, TokenRequest};
use super::service;
use crate::access::{Permission, Public};
use crate::error::{Error, Result};
use crate::http::{Form, Reply};
use crate::i18n;
use crate::identity::accounts::Kind;

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(token).service(metadata).service(jwks);
}

/// Get an access token
///
/// People send `grant_type=password`, `username`, `password`; machines `grant_type=client_credentials` with their
/// client id and secret by HTTP Basic or in the form. The token is good for ten minutes.
#[utoipa::path(
    tag = "identity",
    operation_id = "tokens_create",
    security(),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A token", body = TokenDto),
        (status = 400, description = "RFC 6749, section 5.2: `invalid_request`, `invalid_grant`, `unsupported_grant_type`", body = TokenErrorDto),
        (status = 401, description = "RFC 6749, section 5.2: `invalid_client`", body = TokenErrorDto),
    ),
)]
#[post("/oauth/token")]
async fn token(
    public: Public,
    request: HttpRequest,
    form: Result<Form<TokenRequest>>,
) -> Result<HttpResponse> {
    let form = match form {
        Ok(Form(form)) => form,
        Err(Error::Unreadable(_)) => return Ok(refusal(&public, StatusCode::BAD_REQUEST, "invalid_request")),
        Err(other) => return Err(other),
    };
    let (kind, name, secret) = match form.grant_type.as_str() {
        "password" => (Kind::Person, form.username, form.password),
        "client_credentials" => {
            let (id, secret) = basic(&request).unzip();
            (Kind::Machine, id.or(form.client_id), secret.or(form.client_secret))
        }
        _ => {
            return Ok(refusal(&public, StatusCode::BAD_REQUEST, "unsupported_grant_type"));
        }
    };
    let (Some(name), Some(secret)) = (name, secret) else {
        return Ok(refusal(&public, StatusCode::BAD_REQUEST, "invalid_request"));
    };
    match (service::grant(&public, kind, &name, secret).await?, kind) {
        (Some(granted), _) => {
            Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(TokenDto {
                access_token: granted.access_token,
                token_type: "Bearer",
                expires_in: service::LIFETIME_SECONDS,
                scope: granted.scope,
            }))
        }
        (None, Kind::Person) => Ok(refusal(&public, StatusCode::BAD_REQUEST, "invalid_grant")),
        (None, Kind::Machine) => Ok(refusal(&public, StatusCode::UNAUTHORIZED, "invalid_client")),
    }
}

fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    (!id.is_empty()).then(|| (id.to_owned(), secret.to_owned()))
}

fn refusal(public: &Public, status: StatusCode, error: &'static str) -> HttpResponse {
    let key = format!("oauth-{}", error.replace('_', "-"));
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((WWW_AUTHENTICATE, "Basic"));
    }
    response
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(TokenErrorDto { error, error_description: i18n::text(public.locale(), &key, &[]) })
}

/// Metadata of the authorization server
///
/// RFC 8414: where tokens come from and which grants are understood.
#[utoipa::path(tag = "identity", operation_id = "tokens_metadata", security(),
    responses((status = 200, description = "Metadata", body = MetadataDto)))]
#[get("/.well-known/oauth-authorization-server")]
async fn metadata(public: Public) -> Result<Reply> {
    let issuer = public.keys().issuer().to_owned();
    Reply::ok(&MetadataDto {
        token_endpoint: format!("{issuer}/oauth/token"),
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        issuer,
        grant_types_supported: vec!["password", "client_credentials"],
        token_endpoint_auth_methods_supported: vec!["client_secret_basic", "client_secret_post"],
        scopes_supported: Permission::ALL.iter().map(|p| p.name()).collect(),
        response_types_supported: Vec::new(),
    })
}

/// Public keys
///
/// The keys that access tokens are signed with (RFC 7517).
#[utoipa::path(tag = "identity", operation_id = "tokens_keys", security(),
    responses((status = 200, description = "Key set", body = JwksDto)))]
#[get("/.well-known/jwks.json")]
async fn jwks(public: Public) -> Result<Reply> {
    Reply::ok(&JwksDto { keys: public.keys().jwks().keys.clone() })
}
