//! What is measured of an offering: what is counted, how, and when it may be shown. Pure: nothing here reads the database.
//!
//! `pairs` and `work_score` make one person's measurements of the raw rows, `rows` keeps them without the person, `sums`
//! (with `flow`, `compared` and `on_form`) adds them up, and all arithmetic beyond adding is [`statistics`]. `form_counts`
//! counts forms without whose they are, `knowledge` and `self_rating` add up what learners say of themselves
//! (`own_forms`).
//!
//! `behaviour`, `reaction`, `form_items`, `levels` and `second` make of them the figures that may be shown: reports,
//! corrective actions and expected effects all show these and no others. `unit_disclosure` says how many people of which
//! unit are in which offering, [`disclosure`](super::disclosure) which of these figures may be shown side by side, and
//! `others` is how those were rated before who were not sent for a weakness.

pub mod behaviour;
mod compared;
mod flow;
mod form_counts;
pub(crate) mod form_items;
pub(crate) mod knowledge;
pub(crate) mod levels;
pub(super) mod model;
mod on_form;
mod others;
pub(super) mod own_forms;
pub(super) mod pairs;
pub(crate) mod reaction;
mod rows;
pub(crate) mod second;
pub(crate) mod self_rating;
#[cfg(test)]
mod simulated;
mod sums;
pub(super) mod unit_disclosure;
pub(crate) mod warnings;
pub(super) mod work_score;

pub use compared::Compared;
pub use flow::Flow;
pub use form_counts::{Scores, Tally};
pub use model::{
    METHOD_VERSION, Measure, count, from_stored, quarter_end, quarter_start, quarters_before,
    quarters_between, to_stored,
};
pub use on_form::OnForm;
pub use others::Others;
pub use pairs::{Observed, Pair, State};
pub use rows::{Row, Rows};
pub use sums::OfferingSums;
pub use work_score::PeriodKind;

// What `simulated` shares with the example that writes the report.
#[cfg(test)]
use crate::evaluation::evaluations::matching;
#[cfg(test)]
use crate::organisation::ratings;
#[cfg(test)]
use statistics::simulated::Dice;
