use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    BatchEmployees, CreateEmployee, EmployeeDto, EmployeesQuery, IdentityDto, IdentityQuery, PatchEmployee,
};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{
    Allow, Checked, Id, IdempotencyKey, IfMatch, IfNoneMatch, Patch, Reply, Valid, ValidQuery,
};
use crate::organisation::batch::BatchCounts;

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(create).service(batch).service(get).service(update).service(identity);
}

/// List employees
///
/// Sorted in the Vietnamese order of names: given name, family name, middle name. `unit_id` includes all
/// units below the unit; `q` ignores case and accents.
#[utoipa::path(tag = "organisation", operation_id = "employees_list", params(EmployeesQuery),
    security(("oauth2" = [perm::EmployeeRead])),
    responses((status = 200, description = "A page of employees", body = PageDto<EmployeeDto>)))]
#[get("/v1/employees")]
async fn list(allow: Allow<perm::EmployeeRead>, query: ValidQuery<EmployeesQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter {
        code: query.0.code.clone(),
        q: query.0.q.clone(),
        unit_id: query.0.unit_id,
        job_position_id: query.0.job_position_id,
        category: query.0.category,
        status: query.0.status,
    };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/employees", &query.0, rows.map(EmployeeDto::from))
}

/// Create an employee
///
/// The code never changes; imports refer to the employee by it.
#[utoipa::path(tag = "organisation", operation_id = "employees_create", request_body = CreateEmployee,
    security(("oauth2" = [perm::EmployeeManage])),
    params(IdempotencyKey),
    responses((status = 201, description = "The employee", body = EmployeeDto)))]
#[post("/v1/employees")]
async fn create(
    allow: Allow<perm::EmployeeManage>,
    key: IdempotencyKey,
    input: Valid<CreateEmployee>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let employee = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/employees/{}", employee.id),
                employee.version,
                &EmployeeDto::from(employee),
            )
        })
        .await
}

/// Create or replace employees in a batch
///
/// For the HR portal: 1 to 1,000 rows, which refer to employee, unit and job position by code. Either all
/// rows are stored or none; every error names its row (`/items/3/unit_code`). Sending a batch again is safe:
/// rows that equal the stored record change nothing.
#[utoipa::path(tag = "organisation", operation_id = "employees_batch", request_body = BatchEmployees,
    security(("oauth2" = [perm::EmployeeManage])),
    params(IdempotencyKey),
    responses((status = 200, description = "Number of rows that were new, changed or unchanged",
        body = BatchCounts)))]
#[post("/v1/employees/batch")]
async fn batch(
    allow: Allow<perm::EmployeeManage>,
    key: IdempotencyKey,
    input: Checked<BatchEmployees>,
) -> Result<Reply> {
    let Checked { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let items = match body {
                Ok(body) => body.items,
                Err(refused) => return service::refuse(tx, refused).await,
            };
            Reply::ok(&service::upsert(tx, items.into_iter().map(Into::into).collect()).await?)
        })
        .await
}

/// Read an employee
///
/// Returns one employee, with masked telephone and personal numbers.
#[utoipa::path(tag = "organisation", operation_id = "employees_get", security(("oauth2" = [perm::EmployeeRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the employee (UUID)"), IfNoneMatch),
    responses((status = 200, description = "The employee", body = EmployeeDto)))]
#[get("/v1/employees/{id}")]
async fn get(allow: Allow<perm::EmployeeRead>, id: Id) -> Result<Reply> {
    let employee = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(employee.version, &EmployeeDto::from(employee))
}

/// Change an employee
///
/// JSON merge patch (RFC 7396). An employee who leaves keeps the record, with the status `left`.
#[utoipa::path(tag = "organisation", operation_id = "employees_update",
    request_body(content = PatchEmployee, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::EmployeeManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the employee (UUID)"), IfMatch),
    responses((status = 200, description = "The employee after the change", body = EmployeeDto)))]
#[patch("/v1/employees/{id}")]
async fn update(
    allow: Allow<perm::EmployeeManage>,
    id: Id,
    expected: IfMatch,
    input: Patch<PatchEmployee>,
) -> Result<Reply> {
    let employee =
        allow.write(async |tx| service::update(tx, id.0, &expected.0, input.0.into()).await).await?;
    Reply::resource(employee.version, &EmployeeDto::from(employee))
}

/// Read an employee's telephone and personal numbers
///
/// Returns the telephone number and the personal number that every other answer masks. Each reading is
/// entered in the audit log with its purpose.
#[utoipa::path(tag = "organisation", operation_id = "employees_identity",
    security(("oauth2" = [perm::EmployeeIdentityRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the employee (UUID)"), IdentityQuery),
    responses((status = 200, description = "The unmasked telephone and personal numbers",
        body = IdentityDto)))]
#[get("/v1/employees/{id}/identity")]
async fn identity(
    allow: Allow<perm::EmployeeIdentityRead>,
    id: Id,
    query: ValidQuery<IdentityQuery>,
) -> Result<Reply> {
    // A unit of work that commits: the entry of the audit log is part of the reading.
    let employee = allow.write(async |tx| service::identity(tx, id.0, query.0.purpose).await).await?;
    Reply::ok(&IdentityDto::from(employee))
}
