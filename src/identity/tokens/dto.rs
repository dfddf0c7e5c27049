use std::sync::Arc;

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
    /// Kind of grant: `password` or `refresh_token` for people, `client_credentials` for machine clients,
    /// `urn:ietf:params:oauth:grant-type:jwt-bearer` for people with an ID token of the ministry's OpenID
    /// provider.
    #[schema(max_length = 100, example = "password")]
    pub grant_type: String,
    /// User name of the person; required with the grant `password`.
    #[schema(max_length = 100, example = "training_officer")]
    pub username: Option<String>,
    /// Password of the person; required with the grant `password`.
    #[schema(max_length = 200, example = "thuocdo-demo", format = "password")]
    pub password: Option<String>,
    /// With the grant `refresh_token`: the newest refresh token of the login. With `password`, optionally:
    /// any refresh token of an earlier login of the same account on this device, even an expired one. It
    /// identifies the device, so that wrong passwords tried by others from the same network address do not
    /// slow down the sign-in.
    #[schema(max_length = 200, format = "password")]
    pub refresh_token: Option<String>,
    /// Recent ID token of the ministry's OpenID provider; required with the grant
    /// `urn:ietf:params:oauth:grant-type:jwt-bearer`.
    #[schema(max_length = 1048576)]
    pub assertion: Option<String>,
    /// For a client that signs assertions (`private_key_jwt`): always
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    #[schema(max_length = 100)]
    pub client_assertion_type: Option<String>,
    /// For a client that signs assertions (`private_key_jwt`): a JWT signed by the client, which can be used
    /// once (RFC 7523, section 3).
    #[schema(max_length = 1048576)]
    pub client_assertion: Option<String>,
    /// Names of permissions, separated by spaces: the token, and the tokens it is refreshed to, allow only
    /// those of them that the roles grant. Without it, the token allows everything that the roles grant. The
    /// answer lists what was granted.
    #[schema(max_length = 1048576)]
    pub scope: Option<String>,
}

/// An access token (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
pub struct TokenDto {
    /// Access token (JWT) to send in the header `Authorization: Bearer`.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.…")]
    pub access_token: String,
    /// Type of the token, always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Number of seconds until the access token expires: 600.
    #[schema(example = 600)]
    pub expires_in: i64,
    /// Token for getting the next access token, which can be used once. Absent for machine clients and for
    /// people who signed in through the OpenID provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "p0Zc…")]
    pub refresh_token: Option<String>,
    /// Names of the permissions that the token grants, separated by spaces.
    #[schema(example = "nominations:read nominations:decide")]
    pub scope: String,
}

/// A token to revoke or to introspect (form-encoded).
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"token": "p0Zc…"}))]
pub struct TokenFormRequest {
    /// The access token or refresh token that the request is about.
    #[schema(max_length = 1048576, format = "password")]
    pub token: String,
    /// Type of the token, `access_token` or `refresh_token`; optional, because the service recognises both.
    #[expect(dead_code, reason = "documented; a hint that is not needed (RFC 7009, section 2.1)")]
    #[schema(max_length = 100)]
    pub token_type_hint: Option<String>,
    /// For a client that signs assertions (`private_key_jwt`): always
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    #[schema(max_length = 100)]
    pub client_assertion_type: Option<String>,
    /// For a client that signs assertions (`private_key_jwt`): a JWT signed by the client, which can be used
    /// once (RFC 7523, section 3).
    #[schema(max_length = 1048576)]
    pub client_assertion: Option<String>,
}

/// State and content of a token (RFC 7662, section 2.2); if the token is not valid, only `active` is present.
#[derive(Default, Serialize, ToSchema)]
pub struct IntrospectionDto {
    /// Whether the token is an access token of this client and valid at this moment.
    pub active: bool,
    /// Names of the permissions that the token grants, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "nominations:read nominations:decide")]
    pub scope: Option<String>,
    /// User name of the account for which the token was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "unit_head")]
    pub username: Option<String>,
    /// User name of the account for which the token was issued, under the name that RFC 9068 uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "unit_head")]
    pub client_id: Option<String>,
    /// Type of the token, always `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Bearer")]
    pub token_type: Option<&'static str>,
    /// Moment at which the token expires, in seconds since 1970-01-01 (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1_772_413_800)]
    pub exp: Option<i64>,
    /// Moment at which the token was issued, in seconds since 1970-01-01 (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1_772_413_200)]
    pub iat: Option<i64>,
    /// Identifier of the account for which the token was issued (UUID).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<Uuid>,
    /// Address of the service for which the token is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "http://127.0.0.1:8080")]
    pub aud: Option<String>,
    /// Address of the service that issued the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "http://127.0.0.1:8080")]
    pub iss: Option<String>,
    /// Identifier of the token (UUID).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<Uuid>,
}

impl IntrospectionDto {
    /// What is shown of a token.
    pub fn new(known: Option<Arc<Access>>, issuer: &str) -> Self {
        let Some(access) = known else {
            return Self::default();
        };
        Self {
            active: true,
            scope: Some(access.scope.clone()),
            username: Some(access.actor.name.clone()),
            client_id: Some(access.actor.name.clone()),
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

/// Reason for which the request about a token was refused (RFC 6749, section 5.2).
#[derive(Serialize, ToSchema)]
pub struct TokenErrorDto {
    /// Error code of RFC 6749, section 5.2, for example `invalid_grant`.
    #[schema(example = "invalid_grant")]
    pub error: &'static str,
    /// Explanation of the error in English (ASCII), for those who maintain the client.
    #[schema(example = "The user name, the password or the refresh token is wrong.")]
    pub error_description: String,
    /// Explanation of the error for users, in Vietnamese or English as `Accept-Language` asks.
    #[schema(example = "Tên đăng nhập, mật khẩu hoặc mã làm mới không đúng.")]
    pub message: String,
}

/// Metadata of the authorization server (RFC 8414).
#[derive(Serialize, ToSchema)]
pub struct MetadataDto {
    /// Address of the service that issues the tokens; equals `iss` in the tokens.
    #[schema(example = "http://127.0.0.1:8080")]
    pub issuer: String,
    /// Address at which tokens are requested.
    pub token_endpoint: String,
    /// Address at which tokens are revoked (RFC 7009).
    pub revocation_endpoint: String,
    /// Address at which machine clients check tokens (RFC 7662).
    pub introspection_endpoint: String,
    /// Address of the public keys that verify access tokens.
    pub jwks_uri: String,
    /// Kinds of grant that the token endpoint supports.
    pub grant_types_supported: Vec<&'static str>,
    /// Methods by which clients authenticate when they request a token; `none` is for people, who send a
    /// password instead.
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Signature algorithms that are accepted in client assertions.
    pub token_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    /// Methods by which clients authenticate when they revoke a token.
    pub revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Methods by which clients authenticate when they introspect a token.
    pub introspection_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Names of all permissions that a token can grant.
    pub scopes_supported: Vec<&'static str>,
    /// Always empty: there is no authorization endpoint.
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
    /// Address of this service, which is the audience (`aud`) of its tokens.
    #[schema(example = "http://127.0.0.1:8080")]
    pub resource: String,
    /// Addresses of the servers that issue tokens for this service; it issues them itself.
    pub authorization_servers: Vec<String>,
    /// Address of the public keys that verify access tokens.
    pub jwks_uri: String,
    /// Ways to send an access token: only in a header, never in an address or a body.
    pub bearer_methods_supported: Vec<&'static str>,
    /// Names of all permissions that a token can grant.
    pub scopes_supported: Vec<&'static str>,
    /// Address of the documentation of this service for people.
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

/// Key set with the public keys that verify access tokens (RFC 7517).
#[derive(Serialize, ToSchema)]
pub struct JwksDto {
    /// The public keys, each in the form of a JSON Web Key.
    #[schema(value_type = Vec<Object>, example = json!([{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "…", "x": "…"}]))]
    pub keys: Vec<jsonwebtoken::jwk::Jwk>,
}
