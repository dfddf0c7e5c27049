use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{EmployeeGapsDto, GapDto, GapsQuery, UnitGapDto, UnitGapsQuery};
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{Allow, Id, Reply, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(of_employee).service(of_unit);
}

/// List an employee's gaps
///
/// A gap is a requirement of the employee's job position that no competency valid on the day (`as_of`, today
/// if not given) meets. Each is listed with its level, legal basis and date; no average is formed.
#[utoipa::path(tag = "organisation", operation_id = "employee_gaps_list", params(GapsQuery,
        ("id" = uuid::Uuid, Path, description = "Identifier of the employee (UUID)")),
    security(("oauth2" = [perm::GapRead])),
    responses((status = 200, description = "The competency gaps of the employee", body = EmployeeGapsDto)))]
#[get("/v1/employees/{id}/gaps")]
async fn of_employee(allow: Allow<perm::GapRead>, id: Id, query: ValidQuery<GapsQuery>) -> Result<Reply> {
    let (as_of, gaps) = allow.read(async |tx| service::of_employee(tx, id.0, query.0.as_of).await).await?;
    Reply::ok(&EmployeeGapsDto {
        employee_id: id.0,
        as_of,
        items: gaps.into_iter().map(GapDto::from).collect(),
    })
}

/// List a unit's gaps
///
/// Employees of the unit and of all units below it who have not left and have at least one gap on the day,
/// each with the gaps, in the Vietnamese order of names.
#[utoipa::path(tag = "organisation", operation_id = "unit_gaps_list", params(UnitGapsQuery,
        ("id" = uuid::Uuid, Path, description = "Identifier of the unit (UUID)")),
    security(("oauth2" = [perm::GapRead])),
    responses((status = 200, description = "A page of people with gaps", body = PageDto<UnitGapDto>)))]
#[get("/v1/units/{id}/gaps")]
async fn of_unit(allow: Allow<perm::GapRead>, id: Id, query: ValidQuery<UnitGapsQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let as_of = query.0.as_of;
    let rows = allow.read(async |tx| service::of_unit(tx, id.0, as_of, &page).await).await?;
    let path = format!("/v1/units/{}/gaps", id.0);
    allow.reply_page(&path, &query.0, rows.map(UnitGapDto::from))
}
