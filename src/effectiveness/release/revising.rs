//! Opens revisions of the figures of official scores: what came late or was corrected since the release, as far as
//! [`revisions`](crate::effectiveness::disclosure::revisions) lets it be published.

use chrono::{Days, Months};

use super::model::Release;
use super::queries::{self, Look};
use super::seen::Seen;
use crate::db::Tx;
use crate::effectiveness::disclosure::revisions::{Counted, Step, step};
use crate::effectiveness::measures::{Measure, OfferingSums, quarter_start, to_stored};
use crate::error::Result;

/// Look at some offerings again whose scores were released before this calendar quarter, quarter by quarter. How many; call
/// again until there are none.
///
/// # Errors
/// When the database cannot be reached.
pub async fn revise(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let looks = queries::to_look_at(tx, limit).await?;
    for look in &looks {
        let release = Release {
            offering_id: look.offering_id,
            measure: Measure::WorkScore,
            // As if it had been looked at all along: the quarter after the last look, and not today's.
            on: quarter_start(look.since) + Months::new(3),
            revision: look.revision + 1,
        };
        look_again(tx, look, release).await?;
    }
    Ok(looks.len())
}

/// Open a revision, if the scores of an offering differ and may be published; keep in any case that they were looked at.
async fn look_again(tx: &mut Tx<'_>, look: &Look, release: Release) -> Result<()> {
    let mut seen = Seen::load(tx, &[look.offering_id], release.measure, release.on - Days::new(1)).await?;
    let next = seen.counted_scores();
    let found = match earlier(tx, &mut seen, look).await? {
        Some(earlier) => step(&earlier, &next, |who| seen.is_alone(who)),
        None => Step::Wait,
    };
    if found == Step::Open {
        let (whole, rows, _) = seen.add_up(release.measure);
        queries::insert(tx, release, to_stored(&whole)?).await?;
        queries::insert_rows(tx, release, &rows).await?;
    }
    queries::set_looked_through(tx, look.offering_id, release.on).await
}

/// What the earlier revisions were made of, found again from what was known then, as people are not kept with figures. None
/// where it cannot be found again, because somebody withdrew or a rating counts elsewhere by now: then it is not known who
/// would be left by subtraction, and nothing is opened.
async fn earlier(tx: &mut Tx<'_>, seen: &mut Seen, look: &Look) -> Result<Option<Vec<Counted>>> {
    let mut earlier = Vec::new();
    for (on, published) in queries::revisions(tx, look.offering_id).await? {
        let scores = seen.scores_of(tx, on - Days::new(1)).await?;
        let now = seen.exchange(scores);
        let (again, ..) = seen.add_up(Measure::WorkScore);
        let counted = seen.counted_scores();
        seen.exchange(now);
        if !is_same(&again, &published) {
            return Ok(None);
        }
        earlier.push(counted);
    }
    Ok(Some(earlier))
}

fn is_same(again: &OfferingSums, published: &OfferingSums) -> bool {
    let figures = |sums: &OfferingSums| (sums.trained, sums.matched(), sums.comparison());
    figures(again) == figures(published)
}
