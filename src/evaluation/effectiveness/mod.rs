//! What the follow-ups of an offering came to: added up once, when the last window has closed, and never changed.
//!
//! [`roll_up`] reads the raw forms and ratings of an offering on its day of release and keeps their [`Sums`]: of the
//! whole offering, and of the people of each unit. Reports add those up and never read a form again, so they cost the
//! same however many forms there are; and since an offering enters every report at once and as it is, two reports of
//! neighbouring days differ by whole offerings, never by a person (differencing in time).
//!
//! Official scores have no window: their release waits for them (`awaited`), and what comes later or is corrected opens
//! whole revisions (`revision_rule`), of which an older one stays readable in the reports of its days.
//!
//! Of units, whose people are few in each offering, only whole calendar quarters are told, and only as far as `lattice`
//! lets them stand beside the offerings.
//!
//! `behaviour`, `reaction`, `voices`, `levels` and `second` make of them the figures that may be shown: reports, corrective actions
//! and expected effects all show these and no others.
//!
//! `spread` and `others` look over the newest releases: how far changes lie apart, and how those were rated before who were
//! not sent for a weakness.
//!
//! `pairs` and `work_score` make one person's measurements of the raw rows, `rows` keeps them without the person, `sums`
//! (with `flow` and `compared`) adds them up, and all arithmetic beyond adding is [`statistics`].

mod awaited;
pub mod behaviour;
mod compared;
mod flow;
mod lattice;
pub(crate) mod levels;
mod model;
mod others;
mod pairs;
mod queries;
pub(crate) mod reaction;
mod revising;
mod revision_rule;
mod rows;
pub(crate) mod second;
mod service;
#[cfg(test)]
mod simulated;
mod spread;
mod stored;
mod sums;
mod tallied;
mod tally;
pub(crate) mod voices;
pub(crate) mod warnings;
mod work_score;

pub use awaited::{AwaitedFor, AwaitedScores, LAST_DAYS};
pub use compared::Compared;
pub use flow::Flow;
pub use model::{
    LONGEST_WAIT, METHOD_VERSION, Measure, quarter_end, quarter_start, quarters_before, quarters_between,
};
pub use others::{OnForm, Others};
pub use pairs::{Observed, Pair, State};
pub use queries::{FilledForm, Released, Revision, released};
pub use rows::{Row, Rows};
pub use service::{awaited_scores, look, roll_up};
pub use spread::spread_of_change;
pub use stored::{from_stored, to_stored};
pub use sums::{Sums, count};
pub use tallied::reactions;
pub use tally::{Scores, Tally};
pub use work_score::PeriodKind;

// What `simulated` shares with the example that writes the report.
#[cfg(test)]
use crate::evaluation::evaluations::matching;
#[cfg(test)]
use crate::organisation::ratings;
#[cfg(test)]
use statistics::simulated::Dice;
