//! The bare server that the service is compared with: actix-web, tokio-postgres and a pool, and nothing else. It answers
//! with the rows of the very statements that the service sends (they were recorded); it checks no token, no right and no
//! input, writes no log and counts nothing.
//!
//! Called by the runner: `thuocdo-base ADDRESS FILE`, where the file holds the recordings.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::{App, HttpResponse, HttpServer, error, web};
use anyhow::Context;
use deadpool::managed::{Manager, Metrics, Pool, RecycleError, RecycleResult};
use serde::Serialize;
use thuocdo_benches::machine::cores;
use thuocdo_benches::sql::{Line, Object, Recording, Recordings, Rows};
use tokio_postgres::NoTls;

/// Connections for each core, as the service has them.
const CONNECTIONS_PER_CORE: usize = 4;

/// Opens connections for the pool.
struct Opener(String);

impl Manager for Opener {
    type Type = Line;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> Result<Line, Self::Error> {
        let (client, connection) = tokio_postgres::connect(&self.0, NoTls).await?;
        tokio::spawn(connection);
        Ok(Line::new(client))
    }

    async fn recycle(&self, line: &mut Line, _: &Metrics) -> RecycleResult<Self::Error> {
        if line.is_closed() { Err(RecycleError::message("closed")) } else { Ok(()) }
    }
}

/// A page as the service answers with it, without a cursor.
#[derive(Serialize)]
struct Page<'a> {
    items: Rows<'a>,
    next_cursor: Option<String>,
}

struct Base {
    pool: Pool<Opener>,
    recordings: HashMap<&'static str, Vec<Recording>>,
}

impl Base {
    async fn rows(&self, kind: &str, place: usize, variables: &[String]) -> actix_web::Result<HttpResponse> {
        let recording = self.recordings.get(kind).and_then(|of_kind| of_kind.get(place));
        let recording = recording.ok_or_else(|| error::ErrorNotFound("no such recording"))?;
        let mut line = self.pool.get().await.map_err(error::ErrorServiceUnavailable)?;
        let rows = line.send(recording, variables).await.map_err(error::ErrorInternalServerError)?;
        drop(line);
        if kind == "employees" {
            let found = rows.first().ok_or_else(|| error::ErrorNotFound("no such employee"))?;
            return Ok(HttpResponse::Ok().json(Object(found)));
        }
        Ok(HttpResponse::Ok().json(Page { items: Rows(&rows), next_cursor: None }))
    }
}

type Shared = web::Data<Arc<Base>>;

async fn empty() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn employee(base: Shared, id: web::Path<String>) -> actix_web::Result<HttpResponse> {
    base.rows("employees", 0, &[id.into_inner()]).await
}

async fn list(base: Shared, place: web::Path<usize>) -> actix_web::Result<HttpResponse> {
    base.rows("lists", place.into_inner(), &[]).await
}

async fn search(base: Shared, place: web::Path<usize>) -> actix_web::Result<HttpResponse> {
    base.rows("searches", place.into_inner(), &[]).await
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (address, file) = arguments.next().zip(arguments.next()).context("thuocdo-base ADDRESS FILE")?;
    let read: Recordings = serde_json::from_slice(&std::fs::read(&file).with_context(|| file.clone())?)?;
    let pool = Pool::builder(Opener(read.url)).max_size(cores() * CONNECTIONS_PER_CORE).build()?;
    let recordings = HashMap::from([
        ("employees", vec![read.employee]),
        ("lists", read.lists),
        ("searches", read.searches),
    ]);
    let base = web::Data::new(Arc::new(Base { pool, recordings }));
    let application = move || {
        App::new()
            .app_data(base.clone())
            .route("/empty", web::get().to(empty))
            .route("/employees/{id}", web::get().to(employee))
            .route("/lists/{place}", web::get().to(list))
            .route("/searches/{place}", web::get().to(search))
    };
    HttpServer::new(application).workers(cores()).bind(address)?.run().await?;
    Ok(())
}
