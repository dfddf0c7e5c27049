use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, USER_AGENT, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    IntrospectionDto, JwksDto, MetadataDto, ResourceMetadataDto, TokenDto, TokenErrorDto, TokenFormRequest,
    TokenRequest,
};
use super::model::{ClientProof, Granted, JWT_BEARER, Refusal};
use super::{clients, service};
use crate::access::AskedScope;
use crate::error::{Error, Result};
use crate::http::problem::REALM;
use crate::http::{Form, Public, Reply};
use crate::i18n::{self, Locale};
use crate::identity::accounts::Login;

/// `client_assertion_type` of RFC 7523.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

type Refusable<T> = std::result::Result<T, Refusal>;

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(token)
        .service(revoke)
        .service(introspect)
        .service(metadata)
        .service(resource_metadata)
        .service(jwks);
}

/// Get an access token
///
/// People send `grant_type=password`, `username` and `password`, and continue with
/// `grant_type=refresh_token`; each refresh token can be used once, and using it a second time ends the
/// login. Where the ministry's OpenID provider is trusted, a recent ID token of it signs a person in:
/// `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer`, `assertion`. Machine clients send
/// `grant_type=client_credentials` and authenticate by HTTP Basic or by a signed assertion
/// (`private_key_jwt`). `scope` asks for fewer permissions than the roles grant. An access token is valid for
/// ten minutes.
#[utoipa::path(
    tag = "identity",
    operation_id = "tokens_create",
    security(),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "An access token, with a refresh token where one is issued",
            body = TokenDto),
        (status = 400, description = "RFC 6749, section 5.2: `invalid_request`, `invalid_grant`, `invalid_scope`, `unsupported_grant_type`", body = TokenErrorDto),
        (status = 401, description = "RFC 6749, section 5.2: `invalid_client`", body = TokenErrorDto),
    ),
)]
#[post("/oauth/token")]
async fn token(
    public: Public,
    request: HttpRequest,
    form: Result<Form<TokenRequest>>,
) -> Result<HttpResponse> {
    let answer = match read(&public, &request, form)? {
        Ok(form) => grant(&public, &request, form).await.inspect_err(|error| {
            // Who has to wait is refused as well; that there is too much of it is said the next time.
            if !matches!(error, Error::TooMany(_)) {
                drop(public.count_refused());
            }
        })?,
        Err(refusal) => Err(refusal),
    };
    respond(
        &public,
        answer.map(|granted| TokenDto {
            access_token: granted.access_token,
            token_type: "Bearer",
            expires_in: service::LIFETIME_SECONDS,
            refresh_token: granted.refresh_token,
            scope: granted.scope,
        }),
    )
}

async fn grant(public: &Public, request: &HttpRequest, form: TokenRequest) -> service::Answer<Granted> {
    let Some(asked) = AskedScope::parse(form.scope.as_deref()) else {
        return Ok(Err(Refusal::InvalidScope));
    };
    match form.grant_type.as_str() {
        "password" => {
            let (Some(username), Some(password)) = (form.username, form.password) else {
                return Ok(Err(Refusal::InvalidRequest));
            };
            let given = service::Credentials { username, password, device: form.refresh_token };
            service::by_password(public, given, agent(request), asked).await
        }
        "refresh_token" => match form.refresh_token {
            Some(refresh_token) => service::by_refresh_token(public, &refresh_token, asked).await,
            None => Ok(Err(Refusal::InvalidRequest)),
        },
        JWT_BEARER => match form.assertion {
            Some(id_token) => service::by_id_token(public, &id_token, agent(request), asked).await,
            None => Ok(Err(Refusal::InvalidRequest)),
        },
        "client_credentials" => {
            let client = client(public, request, form.client_assertion_type, form.client_assertion).await?;
            match client {
                Ok(client) => service::for_client(public, client, asked).await,
                Err(refusal) => Ok(Err(refusal)),
            }
        }
        _ => Ok(Err(Refusal::UnsupportedGrantType)),
    }
}

fn agent(request: &HttpRequest) -> &str {
    request.headers().get(USER_AGENT).and_then(|h| h.to_str().ok()).unwrap_or_default()
}

/// Revoke a token
///
/// RFC 7009. Revoking a refresh token, or an access token of a login, ends the whole login; revoking an
/// access token of a machine client ends that token only, and the client must authenticate. A token that this
/// service did not issue is no error.
#[utoipa::path(
    tag = "identity",
    operation_id = "tokens_revoke",
    security(),
    request_body(content = TokenFormRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token is no longer valid"),
        (status = 400, description = "RFC 6749, section 5.2: `invalid_request`", body = TokenErrorDto),
        (status = 401, description = "RFC 6749, section 5.2: `invalid_client`", body = TokenErrorDto),
    ),
)]
#[post("/oauth/revoke")]
async fn revoke(
    public: Public,
    request: HttpRequest,
    form: Result<Form<TokenFormRequest>>,
) -> Result<HttpResponse> {
    let form = match read(&public, &request, form)? {
        Ok(form) => form,
        Err(refusal) => return refuse(&public, refusal),
    };
    let proves = form.client_assertion.is_some() || basic(&request).is_some();
    let client = if proves {
        match client(&public, &request, form.client_assertion_type, form.client_assertion).await? {
            Ok(client) => Some(client),
            Err(refusal) => return refuse(&public, refusal),
        }
    } else {
        None
    };
    match service::revoke(&public, client.as_ref(), &form.token).await? {
        Ok(()) => Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).finish()),
        Err(refusal) => refuse(&public, refusal),
    }
}

/// Introspect a token
///
/// RFC 7662, for machine clients: whether an access token of the client itself is valid at this moment, and
/// what it contains. For the tokens of others the answer is `active: false`, as for a token that is not
/// valid.
#[utoipa::path(
    tag = "identity",
    operation_id = "tokens_introspect",
    security(),
    request_body(content = TokenFormRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "State and content of the token", body = IntrospectionDto),
        (status = 400, description = "RFC 6749, section 5.2: `invalid_request`", body = TokenErrorDto),
        (status = 401, description = "RFC 6749, section 5.2: `invalid_client`", body = TokenErrorDto),
    ),
)]
#[post("/oauth/introspect")]
async fn introspect(
    public: Public,
    request: HttpRequest,
    form: Result<Form<TokenFormRequest>>,
) -> Result<HttpResponse> {
    let form = match read(&public, &request, form)? {
        Ok(form) => form,
        Err(refusal) => return refuse(&public, refusal),
    };
    let proven = client(&public, &request, form.client_assertion_type, form.client_assertion).await?;
    let client = match proven {
        Ok(client) => client,
        Err(refusal) => return refuse(&public, refusal),
    };
    let known = service::introspect(&public, &client, &form.token).await?;
    let issuer = public.gate().keys().issuer();
    respond(&public, Ok(IntrospectionDto::new(known, issuer)))
}

/// The form, unless it cannot be read or the address carries parameters: what is secret must not be in logs of
/// addresses on the way.
fn read<T>(public: &Public, request: &HttpRequest, form: Result<Form<T>>) -> Result<Refusable<T>> {
    match form {
        _ if !request.query_string().is_empty() => Ok(Err(Refusal::InvalidRequest)),
        Ok(Form(form)) => Ok(Ok(form)),
        Err(Error::Unreadable(_)) => Ok(Err(Refusal::InvalidRequest)),
        Err(other) => {
            public.count_refused()?;
            Err(other)
        }
    }
}

/// The client behind a request, which proves itself in exactly one way.
async fn client(
    public: &Public,
    request: &HttpRequest,
    assertion_type: Option<String>,
    assertion: Option<String>,
) -> Result<Refusable<Login>> {
    let proof = match (basic(request), assertion) {
        (Some(_), Some(_)) => return Ok(Err(Refusal::InvalidRequest)),
        (None, Some(_)) if assertion_type.as_deref() != Some(ASSERTION_TYPE) => {
            return Ok(Err(Refusal::InvalidRequest));
        }
        (None, Some(assertion)) => ClientProof::Assertion(assertion),
        (Some((client_id, secret)), None) => ClientProof::Basic { client_id, secret },
        (None, None) => return Ok(Err(Refusal::InvalidClient(None))),
    };
    Ok(clients::authenticate(public, proof).await?.map_err(Refusal::InvalidClient))
}

/// Name and secret of HTTP Basic, each form-encoded (RFC 6749, section 2.3.1). A page that lets people sign in may send
/// it empty.
fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    (!id.is_empty()).then(|| (form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    let pair = format!("v={}", text.replace('&', "%26"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn respond<T: Serialize>(public: &Public, answer: Refusable<T>) -> Result<HttpResponse> {
    match answer {
        Ok(body) => Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(body)),
        Err(refusal) => refuse(public, refusal),
    }
}

/// Say why not. What is refused counts for the address, and nothing else does.
fn refuse(public: &Public, refusal: Refusal) -> Result<HttpResponse> {
    public.count_refused()?;
    let error = refusal.code();
    let key = format!("oauth-{}", error.replace('_', "-"));
    let words = i18n::text(Locale::En, &key, &[]);
    let error_description = match refusal {
        Refusal::InvalidClient(Some(fault)) => format!("{words} client_assertion: {}.", fault.description()),
        Refusal::BadAssertion(fault) => format!("{words} assertion: {}.", fault.description()),
        _ => words,
    };
    let mut response = match refusal {
        Refusal::InvalidClient(_) => {
            let mut response = HttpResponse::build(StatusCode::UNAUTHORIZED);
            let challenge = format!("Basic realm=\"{REALM}\", charset=\"UTF-8\"");
            response.insert_header((WWW_AUTHENTICATE, challenge));
            response
        }
        _ => HttpResponse::BadRequest(),
    };
    Ok(response.insert_header((CACHE_CONTROL, "no-store")).json(TokenErrorDto {
        error,
        error_description: plain(&error_description),
        message: i18n::text(public.locale(), &key, &[]),
    }))
}

/// The characters that a description may have (RFC 6749, section 5.2).
fn plain(text: &str) -> String {
    let allowed = |c: &char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
    text.chars().filter(allowed).collect()
}

/// Metadata of the authorization server
///
/// RFC 8414: where tokens are issued and which kinds of grant are supported.
#[utoipa::path(tag = "identity", operation_id = "tokens_metadata", security(),
    responses((status = 200, description = "Metadata", body = MetadataDto)))]
#[get("/.well-known/oauth-authorization-server")]
async fn metadata(public: Public) -> Result<Reply> {
    Reply::ok(&MetadataDto::new(public.gate().keys().issuer(), public.gate().provider().is_some()))
}

/// Metadata of the protected resource
///
/// RFC 9728: who issues the tokens of this service, and how they are sent.
#[utoipa::path(tag = "identity", operation_id = "tokens_resource_metadata", security(),
    responses((status = 200, description = "Metadata", body = ResourceMetadataDto)))]
#[get("/.well-known/oauth-protected-resource")]
async fn resource_metadata(public: Public) -> Result<Reply> {
    Reply::ok(&ResourceMetadataDto::new(public.gate().keys().issuer()))
}

/// Public keys
///
/// The public keys that verify access tokens (RFC 7517): the present key, the next key from one minute before
/// it is used, and the previous key for one hour.
#[utoipa::path(tag = "identity", operation_id = "tokens_keys", security(),
    responses((status = 200, description = "The public key set", body = JwksDto)))]
#[get("/.well-known/jwks.json")]
async fn jwks(public: Public) -> Result<Reply> {
    Reply::ok(&JwksDto { keys: public.gate().jwks().keys })
}
