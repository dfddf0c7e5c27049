use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::JWT_BEARER;
use crate::access::Permission;
use crate::tokens::token::Access;

/// A request for an access token (form-encoded).
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"grant_type": "password", "username": "training_officer", "password": "thuocdo-demo"}))]
pub struct TokenRequest {
    /// `password` and `refresh_token` for people, `client_credentials` for machines.
    #[schema(max_length = 100, example = "password")]
    pub grant_type: String,
    /// A person's user name.
    #[schema(max_length = 100, example = "training_officer")]
    pub username: Option<String>,
    /// A person's password.
    #[schema(max_length = 200, example = "thuocdo-demo", format = "password")]
    pub password: Option<String>,
    /// With `refresh_token`, the newest refresh token of a login. With `password` it may be any one of an earlier login of
    /// the same account on this device, good or not: then the device is known, and wrong passwords of others behind the
    /// same address do not make its owner wait.
    #[schema(max_length = 200, format = "password")]
    pub refresh_token: Option<String>,
    /// A fresh ID token of the ministry's OpenID provider, for the grant `urn:ietf:params:oauth:grant-type:jwt-bearer`.
    #[schema(max_length = 1048576)]
    pub assertion: Option<String>,
    /// For `private_key_jwt`: `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    #[schema(max_length = 100)]
    pub client_assertion_type: Option<String>,
    /// For `private_key_jwt`: a token signed by the client (RFC 7523, section 3), good once.
    #[schema(max_length = 1048576)]
    pub client_assertion: Option<String>,
    /// Permissions divided by spaces, of those that the roles grant: the token allows no others, and neither do those that
    /// it is refreshed to. Without it, everything that the roles grant. The answer says what was granted.
    #[schema(max_length = 1048576)]
    pub scope: Option<String>,
}

/// An access token (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
pub struct TokenDto {
    /// The token, for `Authorization: Bearer`.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.…")]
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds until it ends.
    #[schema(example = 600)]
    pub expires_in: i64,
    /// For the next access token; good once. Machines have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "p0Zc…")]
    pub refresh_token: Option<String>,
    /// What it allows.
    #[schema(example = "nominations:read nominations:decide")]
    pub scope: String,
}

/// A token to revoke or to ask about (form-encoded).
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"token": "p0Zc…"}))]
pub struct TokenFormRequest {
    /// The token.
    #[schema(max_length = 1048576, format = "password")]
    pub token: String,
    /// `access_token` or `refresh_token`; both are recognised without it.
    #[expect(dead_code, reason = "documented; a hint that is not needed (RFC 7009, section 2.1)")]
    #[schema(max_length = 100)]
    pub token_type_hint: Option<String>,
    /// As for getting a token.
    #[schema(max_length = 100)]
    pub client_assertion_type: Option<String>,
    /// As for getting a token.
    #[schema(max_length = 1048576)]
    pub client_assertion: Option<String>,
}

/// What a token says (RFC 7662, section 2.2); for one that is not good, only that.
#[derive(Default, Serialize, ToSchema)]
pub struct IntrospectionDto {
    /// Whether it is good at this moment.
    pub active: bool,
    /// What it allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "nominations:read nominations:decide")]
    pub scope: Option<String>,
    /// Account it was made for, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "unit_head")]
    pub username: Option<String>,
    /// The same, as RFC 9068 names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "unit_head")]
    pub client_id: Option<String>,
    /// Always `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Bearer")]
    pub token_type: Option<&'static str>,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1_772_413_800)]
    pub exp: Option<i64>,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1_772_413_200)]
    pub iat: Option<i64>,
    /// Account it was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<Uuid>,
    /// For whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "http://127.0.0.1:8080")]
    pub aud: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "http://127.0.0.1:8080")]
    pub iss: Option<String>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<Uuid>,
}

impl IntrospectionDto {
    /// What is told of a token.
    pub fn new(known: Option<Access>, issuer: &str) -> Self {
        let Some(access) = known else {
            return Self::default();
        };
        Self {
            active: true,
            scope: Some(access.scope),
            username: Some(access.actor.name.clone()),
            client_id: Some(access.actor.name),
            token_type: Some("Bearer"),
            exp: Some(access.expires_at),
            iat: Some(access.issued_at),
            sub: Some(access.actor.id),
            aud: Some(issuer.to_owned()),
            iss: Some(issuer.to_owned()),
            jti: Some(access.actor.token_id),
        }
    }
}

/// Why there is no token (RFC 6749, section 5.2).
#[derive(Serialize, ToSchema)]
pub struct TokenErrorDto {
    /// Code of the RFC.
    #[schema(example = "invalid_grant")]
    pub error: &'static str,
    /// In English and in ASCII, for whoever looks after the client.
    #[schema(example = "The user name, the password or the refresh token is wrong.")]
    pub error_description: String,
    /// In Vietnamese or English, by `Accept-Language`, for people.
    #[schema(example = "Tên đăng nhập, mật khẩu hoặc mã làm mới không đúng.")]
    pub message: String,
}

/// Metadata of the authorization server (RFC 8414).
#[derive(Serialize, ToSchema)]
pub struct MetadataDto {
    /// Who issues the tokens.
    #[schema(example = "http://127.0.0.1:8080")]
    pub issuer: String,
    /// Where tokens come from.
    pub token_endpoint: String,
    /// Where they are ended.
    pub revocation_endpoint: String,
    /// Where to ask about them.
    pub introspection_endpoint: String,
    /// Where the keys are.
    pub jwks_uri: String,
    /// Grants that are understood.
    pub grant_types_supported: Vec<&'static str>,
    /// How machines prove who they are; `none` for people, who have a password.
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Algorithms of their assertions.
    pub token_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    /// How clients prove who they are when they end a token.
    pub revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    /// How clients prove who they are when they ask about a token.
    pub introspection_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Everything that can be allowed.
    pub scopes_supported: Vec<&'static str>,
    /// None: there is no authorization endpoint.
    pub response_types_supported: Vec<&'static str>,
}

impl MetadataDto {
    /// The metadata of an issuer that trusts an OpenID provider, or does not.
    pub fn new(issuer: &str, federated: bool) -> Self {
        let grants = ["password", "client_credentials", "refresh_token"];
        let methods = vec!["client_secret_basic", "private_key_jwt"];
        let or_none: Vec<_> = methods.iter().copied().chain(["none"]).collect();
        Self {
            issuer: issuer.to_owned(),
            token_endpoint: format!("{issuer}/oauth/token"),
            revocation_endpoint: format!("{issuer}/oauth/revoke"),
            introspection_endpoint: format!("{issuer}/oauth/introspect"),
            jwks_uri: format!("{issuer}/.well-known/jwks.json"),
            grant_types_supported: grants.into_iter().chain(federated.then_some(JWT_BEARER)).collect(),
            token_endpoint_auth_methods_supported: or_none.clone(),
            token_endpoint_auth_signing_alg_values_supported: vec!["EdDSA", "ES256", "RS256", "PS256"],
            revocation_endpoint_auth_methods_supported: or_none,
            introspection_endpoint_auth_methods_supported: methods,
            scopes_supported: Permission::ALL.iter().map(|p| p.name()).collect(),
            response_types_supported: Vec::new(),
        }
    }
}

/// Metadata of the protected resource (RFC 9728).
#[derive(Serialize, ToSchema)]
pub struct ResourceMetadataDto {
    /// The resource: audience of the tokens.
    #[schema(example = "http://127.0.0.1:8080")]
    pub resource: String,
    /// Who issues them.
    pub authorization_servers: Vec<String>,
    /// Where the keys are.
    pub jwks_uri: String,
    /// How they are sent: never in an address or a body.
    pub bearer_methods_supported: Vec<&'static str>,
    /// Everything that can be allowed.
    pub scopes_supported: Vec<&'static str>,
    /// Where people read how it works.
    pub resource_documentation: String,
}

impl ResourceMetadataDto {
    /// The metadata of a service that issues its own tokens.
    pub fn new(issuer: &str) -> Self {
        Self {
            resource: issuer.to_owned(),
            authorization_servers: vec![issuer.to_owned()],
            jwks_uri: format!("{issuer}/.well-known/jwks.json"),
            bearer_methods_supported: vec!["header"],
            scopes_supported: Permission::ALL.iter().map(|p| p.name()).collect(),
            resource_documentation: format!("{issuer}/docs/"),
        }
    }
}

/// Public keys (RFC 7517).
#[derive(Serialize, ToSchema)]
pub struct JwksDto {
    /// The keys.
    #[schema(value_type = Vec<Object>, example = json!([{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "…", "x": "…"}]))]
    pub keys: Vec<jsonwebtoken::jwk::Jwk>,
}
