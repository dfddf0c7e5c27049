use actix_web::post;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::ActivateInstitute;
use super::service;
use crate::error::Result;
use crate::http::{Public, Reply, Valid};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(activate);
}

/// Open the account of an approved institute
///
/// The applicant does this once, with the `application_secret`, which cannot be used again afterwards. An
/// administrator opens further accounts of the institute.
#[utoipa::path(tag = "identity", operation_id = "institutes_activate", security(),
    request_body = ActivateInstitute,
    responses((status = 204, description = "The account is open: sign in with the user name and the password")))]
#[post("/v1/institutes/activate")]
async fn activate(public: Public, input: Valid<ActivateInstitute>) -> Result<Reply> {
    let ActivateInstitute { institute_id, application_secret, username, password } = input.body;
    public
        .write(async |tx| service::activate(tx, institute_id, &application_secret, username, password).await)
        .await?;
    Ok(Reply::no_content())
}
