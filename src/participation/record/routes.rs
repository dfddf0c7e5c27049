use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::RecordDto;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::{Allow, Id, Reply};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get);
}

/// Read the training record of an employee
///
/// Every offering in which the person took part, and the totals completed in each year. Visible to training
/// officers, leaders, auditors and the HR portal, to the employee's unit head and to the employee; not to
/// institutes.
#[utoipa::path(tag = "participation", operation_id = "records_get",
    security(("oauth2" = [perm::RecordRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the employee")),
    responses((status = 200, description = "The training record", body = RecordDto)))]
#[get("/v1/employees/{id}/record")]
async fn get(allow: Allow<perm::RecordRead>, id: Id) -> Result<Reply> {
    let record = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::ok(&RecordDto::from(record))
}
