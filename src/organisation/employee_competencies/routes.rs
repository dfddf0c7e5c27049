use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreateEmployeeCompetency, EmployeeCompetenciesQuery, EmployeeCompetencyDto};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, IdempotencyKey, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(create);
}

/// List an employee's competencies
///
/// All competencies ever recorded for the employee, newest first; with `as_of`, only those valid on that day.
#[utoipa::path(tag = "organisation", operation_id = "employee_competencies_list", params(EmployeeCompetenciesQuery,
        ("id" = uuid::Uuid, Path, description = "Identifier of the employee (UUID)")),
    security(("oauth2" = [perm::EmployeeRead])),
    responses((status = 200, description = "A page of competencies", body = PageDto<EmployeeCompetencyDto>)))]
#[get("/v1/employees/{id}/competencies")]
async fn list(
    allow: Allow<perm::EmployeeRead>,
    id: Id,
    query: ValidQuery<EmployeeCompetenciesQuery>,
) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let as_of = query.0.as_of;
    let rows = allow.read(async |tx| service::list(tx, id.0, as_of, &page).await).await?;
    let path = format!("/v1/employees/{}/competencies", id.0);
    allow.reply_page(&path, &query.0, rows.map(EmployeeCompetencyDto::from))
}

/// Record an employee's competency
///
/// The evidence is an assessment or an import. Certificates of this service are recorded automatically.
#[utoipa::path(tag = "organisation", operation_id = "employee_competencies_create",
    request_body = CreateEmployeeCompetency, security(("oauth2" = [perm::EmployeeManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the employee (UUID)"), IdempotencyKey),
    responses((status = 201, description = "The competency recorded for the employee",
        body = EmployeeCompetencyDto)))]
#[post("/v1/employees/{id}/competencies")]
async fn create(
    allow: Allow<perm::EmployeeManage>,
    id: Id,
    key: IdempotencyKey,
    input: Valid<CreateEmployeeCompetency>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let held = service::create(tx, body.of(id.0)).await?;
            let location = format!("/v1/employees/{}/competencies", id.0);
            Reply::added(location, &EmployeeCompetencyDto::from(held))
        })
        .await
}
