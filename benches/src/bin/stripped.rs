//! The service's own query and its own pool, with the answer written straight from the row: no token, no policy, no rate
//! count, no request log, no check of input, no compression, no ETag. What the service adds to this is what "everything
//! on" costs.
//!
//! Called by the runner: `thuocdo-stripped ADDRESS DATABASE_URL`.

use actix_web::{App, HttpResponse, HttpServer, error, web};
use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use thuocdo::clock::Clock;
use thuocdo::http::Gate;
use thuocdo::organisation::employees::{
    self, EmployeeCategory, EmployeeStatus, mask_personal_number, mask_phone,
};
use thuocdo_benches::data::gate_of;
use thuocdo_benches::machine::cores;
use uuid::Uuid;

/// Connections for each core, as the service has them.
const CONNECTIONS_PER_CORE: usize = 4;

/// An employee with the members that the service answers with.
#[derive(Serialize)]
struct Employee {
    id: Uuid,
    code: String,
    full_name: String,
    email: String,
    phone: Option<String>,
    unit_id: Uuid,
    job_position_id: Uuid,
    category: EmployeeCategory,
    status: EmployeeStatus,
    birth_date: Option<NaiveDate>,
    joined_on: NaiveDate,
    personal_number: Option<String>,
    restricted: bool,
    erased_at: Option<DateTime<Utc>>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

async fn employee(gate: web::Data<Gate>, id: web::Path<Uuid>) -> actix_web::Result<HttpResponse> {
    let found = gate.look(async |tx| employees::find_visible(tx, *id).await).await;
    let e = found.map_err(|error| error::ErrorNotFound(error.to_string()))?;
    Ok(HttpResponse::Ok().json(Employee {
        id: e.id,
        code: e.code,
        full_name: e.full_name,
        email: e.email,
        phone: e.phone.as_deref().map(mask_phone),
        unit_id: e.unit_id,
        job_position_id: e.job_position_id,
        category: e.category,
        status: e.status,
        birth_date: e.birth_date,
        joined_on: e.joined_on,
        personal_number: e.personal_number.as_deref().map(mask_personal_number),
        restricted: e.restricted,
        erased_at: e.erased_at,
        version: e.version,
        created_at: e.created_at,
        updated_at: e.updated_at,
    }))
}

async fn ready() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (address, url) =
        arguments.next().zip(arguments.next()).context("thuocdo-stripped ADDRESS DATABASE_URL")?;
    let gate = web::Data::new(gate_of(&url, &Clock::system(), cores() * CONNECTIONS_PER_CORE)?);
    let application = move || {
        App::new()
            .app_data(gate.clone())
            .route("/empty", web::get().to(ready))
            .route("/employees/{id}", web::get().to(employee))
    };
    HttpServer::new(application).workers(cores()).bind(address)?.run().await?;
    Ok(())
}
