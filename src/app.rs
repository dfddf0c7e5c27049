//! The composition root: every resource of the API, what wraps them, and the server.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_cors::Cors;
use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_service::IntoServiceFactory;
use actix_service::{ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::{AppConfig, Server};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, LOCATION};
use actix_web::middleware::{Compress, Condition, from_fn};
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpRequest, HttpResponse, guard, web};
use serde_json::Value;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::clock::Clock;
use crate::error::Error;
use crate::http::connections::{Connections, Watched};
use crate::http::docs::{self, Docs, Note};
use crate::http::operations::Operations;
use crate::http::{Gate, Public, headers, health, limits, openapi, pipeline, routed};
use crate::{
    administration, catalogue, effectiveness, evaluation, identity, organisation, participation, planning,
};

/// Every resource of the API, area by area, in the order of the document.
pub fn resources(cfg: &mut ServiceConfig) {
    cfg.configure(identity::routes);
    cfg.configure(organisation::routes);
    cfg.configure(catalogue::routes);
    cfg.configure(planning::routes);
    cfg.configure(participation::routes);
    cfg.configure(evaluation::routes);
    cfg.configure(effectiveness::routes);
    cfg.configure(administration::routes);
    cfg.configure(health::routes);
    cfg.configure(openapi::routes);
    cfg.configure(docs::routes);
}

/// The OpenAPI document of exactly the registered routes, in English.
pub fn document() -> Value {
    let (_, collected) = App::new().into_utoipa_app().configure(resources).split_for_parts();
    openapi::finish(&collected)
}

/// Counted like any other answer to the public. `OPTIONS` says which methods there are, others that theirs is none of them.
async fn nothing_here(
    _counted: Public,
    req: HttpRequest,
    operations: web::Data<Operations>,
) -> Result<HttpResponse, Error> {
    let allowed = operations.allow(routed(&req)).ok_or(Error::NotFound("page"))?;
    if req.method() == Method::OPTIONS {
        return Ok(HttpResponse::NoContent().insert_header((ALLOW, allowed)).finish());
    }
    Err(Error::MethodNotAllowed(allowed))
}

async fn to_docs(_counted: Public) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, "/docs/")).finish()
}

/// What pages of other origins may send and read. Tokens are sent by hand, never as cookies: no credentials.
fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers(headers::READ)
        .expose_headers(headers::WRITTEN)
        .max_age(limits::CORS_SECONDS);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// The server on a listening socket. It runs when awaited.
///
/// # Errors
/// When the socket cannot be used.
pub fn server(
    gate: Gate,
    clock: Clock,
    listener: TcpListener,
    workers: usize,
    note: Option<&Note>,
) -> std::io::Result<Server> {
    let operations = web::Data::new(Operations::of(&document()));
    let docs = web::Data::new(Docs::new(document, note));
    let defences = gate.defences();
    let (connections, patience) = (Connections::new(defences), defences.write_time);
    let origins = defences.cors_origins.clone();
    let gate = web::Data::new(gate);
    let clock = web::Data::new(clock);
    let application = move || {
        let mut app = App::new();
        for (path, methods) in operations.shadowed_by_templates() {
            let other = guard::fn_guard(move |ctx| !methods.contains(&ctx.head().method));
            app = app.service(web::resource(path).guard(other).to(nothing_here));
        }
        app.app_data(gate.clone())
            .app_data(clock.clone())
            .app_data(operations.clone())
            .app_data(docs.clone())
            .wrap(Compress::default())
            .wrap(Condition::new(!origins.is_empty(), cors(&origins)))
            .wrap(from_fn(pipeline::run))
            .configure(docs::problem_pages)
            .into_utoipa_app()
            .configure(resources)
            .into_app()
            .route("/", web::get().to(to_docs))
            .route("/docs", web::get().to(to_docs))
            .route("/docs/{file:.*}", web::get().to(docs::page_file))
            .default_service(web::to(nothing_here))
    };
    // What is accepted inherits it: who does not read keeps no more than this of an answer in the system.
    socket2::SockRef::from(&listener).set_send_buffer_size(limits::SEND_BUFFER_BYTES)?;
    let address = listener.local_addr()?;
    let server =
        Server::build().workers(workers).shutdown_timeout(limits::SHUTDOWN_SECONDS).disable_signals();
    let stopping = server.graceful_shutdown_signal();
    let server = server.listen("thuocdo", listener, move || {
        let stopping = stopping.clone();
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(limits::KEEP_ALIVE)
            .client_request_timeout(limits::CLIENT_TIMEOUT)
            .client_disconnect_timeout(limits::DISCONNECT_TIME)
            .local_addr(address)
            .finish(map_config(
                application().into_factory().map_err(|e: actix_web::Error| e.error_response()),
                |()| AppConfig::default(),
            ));
        let connections = connections.clone();
        fn_service(move |stream: TcpStream| std::future::ready(admit(&connections, stream, patience)))
            .and_then(http)
    })?;
    Ok(server.run())
}

type Connection = (Watched<TcpStream>, actix_http::Protocol, Option<std::net::SocketAddr>);

/// Take a connection in, if there is a place for it; otherwise it is closed.
fn admit(
    connections: &Arc<Connections>,
    stream: TcpStream,
    patience: Duration,
) -> Result<Connection, DispatchError> {
    let peer = stream.peer_addr()?;
    let place = connections.admit(peer.ip()).ok_or(std::io::ErrorKind::ConnectionRefused);
    let place = place.map_err(std::io::Error::from)?;
    stream.set_nodelay(true)?;
    Ok((Watched::new(stream, patience, place), actix_http::Protocol::Http1, Some(peer)))
}
