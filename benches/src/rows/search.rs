//! Row 6: what a search for a name costs Postgres, against the plainest way to search without accents.

use std::sync::Arc;

use super::compare::{medians, pairs, ratio};
use super::stage::Stage;
use super::{Bench, Outcome};
use crate::data::PLAIN_COPY;
use crate::load::{Length, Round, closed};
use crate::sql::{Param, Part, Recording, Slot, Statement, What, limit};

/// Object identifier of the type `text`.
const TEXT: u32 = 25;

/// A `LIKE` for the whole name on a table with one trigram index, with the order and the limit of the service's page. The
/// only variable is the pattern.
fn plain() -> Recording {
    let sql = format!("SELECT * FROM {PLAIN_COPY} WHERE plain_text LIKE $1 ORDER BY name_key, id LIMIT 51");
    let pattern = b"%".to_vec();
    let slot = Slot { at: 0, length: pattern.len(), what: What::Variable(0), part: Part::Text };
    let param = Param { is_binary: true, value: Some(pattern), slots: vec![slot] };
    Recording { statements: vec![Statement { sql, types: vec![TEXT], params: Some(vec![param]) }] }
}

/// The row.
pub async fn against_like(bench: &Bench, stage: &Stage) -> anyhow::Result<Vec<Outcome>> {
    let ours = stage.asked(stage.searches.clone())?;
    let patterns = stage.names.iter().map(|name| vec![format!("%{name}%")]).collect();
    let (patterns, plain) = (Arc::new(patterns), plain());
    let (postgres, clients) = (bench.postgres.process()?, bench.settings.connections);
    let length = Length::For(bench.settings.time);
    let found = pairs(
        bench,
        async || closed(&ours, postgres, clients, length).await,
        async || limit(&bench.postgres, &stage.database, &plain, &patterns, clients, length).await,
    )
    .await?;
    let (cpu, like) = medians(&found, Round::postgres_ms);
    let (median, slow) = medians(&found, |round| round.latency_ms(0.5));
    let sides = format!(
        "CPU of Postgres {cpu:.3} against {like:.3} ms; median of an answer {median:.2} ms over HTTP against \
         {slow:.2} ms without"
    );
    Ok(vec![ratio(&found, Round::postgres_ms, sides)])
}
