//! Liveness and readiness, for load balancers and containers.

use std::time::Instant;

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Reply, limits};
use crate::access::Public;
use crate::error::{Error, Result};

/// Routes of this module.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(live).service(ready);
}

/// Whether the database answered a moment ago. However many ask, one of them asks the database, and the others wait for
/// what it learns.
#[derive(Default)]
pub struct Readiness(tokio::sync::Mutex<Option<(Instant, std::result::Result<(), String>)>>);

impl Readiness {
    /// The verdict of a moment ago, or what asking gives.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it does not answer.
    pub async fn verdict(&self, ask: impl Future<Output = Result<()>>) -> Result<()> {
        let mut last = self.0.lock().await;
        let verdict = match last.take().filter(|(at, _)| at.elapsed() < limits::READY_FOR) {
            Some(known) => known,
            None => {
                let found = ask.await.map_err(|e| e.to_string());
                (Instant::now(), found)
            }
        };
        let found = verdict.1.clone();
        *last = Some(verdict);
        found.map_err(Error::Unavailable)
    }
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn many_callers_ask_once() {
        let (readiness, asked) = (Readiness::default(), AtomicUsize::new(0));
        let ask = |found: fn() -> Result<()>| {
            let asked = &asked;
            readiness.verdict(async move {
                asked.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                found()
            })
        };
        let gone: fn() -> Result<()> = || Err(Error::Unavailable("gone".to_owned()));
        let all = futures::future::join_all((0..100).map(|_| ask(gone))).await;
        assert!(all.iter().all(|verdict| matches!(verdict, Err(Error::Unavailable(_)))));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        tokio::time::sleep(limits::READY_FOR).await;
        assert!(ask(|| Ok(())).await.is_ok(), "a verdict is good for a moment only");
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }
}
