//! Whether the service is ready, asked of the database by one of those who want to know.

use std::time::Instant;

use super::limits;
use crate::error::{Error, Result};

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
