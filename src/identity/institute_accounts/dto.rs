use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Open the account of an institute that was approved.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"institute_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "application_secret": "7d0f4c1e2b3a49588c6d7e8f9a0b1c2d", "username": "hvhc.daotao", "password": "bốn con ngựa ăn cỏ xanh"}))]
pub struct ActivateInstitute {
    /// The application's reference.
    pub institute_id: Uuid,
    /// The application's secret; used up by this.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub application_secret: String,
    /// Name to sign in with; case does not matter.
    #[validate(length(min = 3, max = 100))]
    #[schema(min_length = 3, max_length = 100)]
    pub username: String,
    /// Password, 12 characters or more, not easy to guess.
    #[validate(length(min = 12, max = 200))]
    #[schema(min_length = 12, max_length = 200, format = "password")]
    pub password: String,
}
