use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::identity::passwords;

/// Data with which an approved institute opens its first account.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"institute_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "application_secret": "7d0f4c1e2b3a49588c6d7e8f9a0b1c2d", "username": "hvhc.daotao", "password": "bốn con ngựa ăn cỏ xanh"}))]
pub struct ActivateInstitute {
    /// Identifier of the institute (UUID), which the answer to its application gave as reference.
    pub institute_id: Uuid,
    /// Secret that the answer to the application gave, 1 to 100 characters; it can be used once.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub application_secret: String,
    /// User name for signing in, unique, 3 to 100 characters; case is ignored.
    #[validate(length(min = 3, max = 100))]
    #[schema(min_length = 3, max_length = 100)]
    pub username: String,
    /// First password, 12 to 200 characters; passwords that are easy to guess are refused.
    #[validate(length(min = passwords::MINIMUM_LENGTH, max = passwords::MAXIMUM_LENGTH))]
    #[schema(min_length = 12, max_length = 200, format = "password")]
    pub password: String,
}
