//! Liveness and readiness, for load balancers and containers.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Public, Reply};
use crate::error::Result;

/// Routes of this module.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(live).service(ready);
}

/// State of the service.
#[derive(Debug, Serialize, ToSchema)]
struct HealthDto {
    /// Always `ok`; in any other case the answer is a problem document.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Check whether the process is running
#[utoipa::path(tag = "operation", operation_id = "health_live", security(),
    responses((status = 200, description = "The process is running", body = HealthDto)))]
#[get("/health/live")]
async fn live(_public: Public) -> Result<Reply> {
    Reply::ok(&HealthDto { status: "ok" })
}

/// Check whether the service and its database can answer
#[utoipa::path(tag = "operation", operation_id = "health_ready", security(),
    responses((status = 200, description = "The service and its database can answer", body = HealthDto)))]
#[get("/health/ready")]
async fn ready(public: Public) -> Result<Reply> {
    let ask = public.read(async |tx| crate::db::ping(tx).await);
    public.gate().readiness().verdict(ask).await?;
    Reply::ok(&HealthDto { status: "ok" })
}
