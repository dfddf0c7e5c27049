use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A request for an access token (form-encoded).
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"grant_type": "password", "username": "training_officer", "password": "thuocdo-demo"}))]
pub struct TokenRequest {
    /// `password` for people, `client_credentials` for machines.
    #[schema(example = "password")]
    pub grant_type: String,
    /// A person's user name.
    #[schema(example = "training_officer")]
    pub username: Option<String>,
    /// A person's password.
    #[schema(example = "thuocdo-demo", format = "password")]
    pub password: Option<String>,
    /// A machine's name, where it is not sent by HTTP Basic.
    pub client_id: Option<String>,
    /// A machine's secret, where it is not sent by HTTP Basic.
    #[schema(format = "password")]
    pub client_secret: Option<String>,
    /// Accepted and not narrowed: the answer says what was granted.
    #[expect(
        dead_code,
        reason = "documented, and never narrows what the roles grant (RFC 6749, section 3.3)"
    )]
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
    /// What it allows.
    #[schema(example = "nominations:read nominations:decide")]
    pub scope: String,
}

/// Why there is no token (RFC 6749, section 5.2).
#[derive(Serialize, ToSchema)]
pub struct TokenErrorDto {
    /// Code of the RFC.
    #[schema(example = "invalid_grant")]
    pub error: &'static str,
    /// In words.
    #[schema(example = "Tên đăng nhập hoặc mật khẩu không đúng.")]
    pub error_description: String,
}

/// Metadata of the authorization server (RFC 8414).
#[derive(Serialize, ToSchema)]
pub struct MetadataDto {
    /// Who issues the tokens.
    #[schema(example = "http://127.0.0.1:8080")]
    pub issuer: String,
    /// Where tokens come from.
    pub token_endpoint: String,
    /// Where the keys are.
    pub jwks_uri: String,
    /// Grants that are understood.
    pub grant_types_supported: Vec<&'static str>,
    /// How machines prove who they are.
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Everything that can be allowed.
    pub scopes_supported: Vec<&'static str>,
    /// None: there is no authorization endpoint.
    pub response_types_supported: Vec<&'static str>,
}

/// Public keys (RFC 7517).
#[derive(Serialize, ToSchema)]
pub struct JwksDto {
    /// The keys.
    #[schema(value_type = Vec<Object>, example = json!([{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "…", "x": "…"}]))]
    pub keys: Vec<jsonwebtoken::jwk::Jwk>,
}
