//! The arithmetic of effectiveness: pure functions from slices to values.
//!
//! No clock, no database and no rounding live here; a figure is rounded only where it is rendered.
//! Two layers: [`paired()`] and [`difference_in_differences`] compute whatever can be computed, from two people
//! on; [`paired_figures`], [`difference_figures`], [`anonymous_mean`], [`anonymous_share`] and
//! [`response_rate`] put the gates before it, so that only a [`Figure`] ever leaves the service. How many
//! people a gate asks for, and why, is in [`thresholds`].

mod bounds;
mod comparison;
mod evidence;
mod figure;
mod gates;
mod moments;
mod noncentral;
mod paired;
mod reason;
mod scale;
mod shares;
mod student;
pub mod thresholds;
mod verdict;

pub use bounds::{Attrition, attrition, with_lost_unchanged};
pub use comparison::{DifferenceInDifferences, DifferenceInference, difference_in_differences};
pub use evidence::{Evidence, EvidenceInput, EvidenceReason, Grade, evidence_grade, evidence_reasons};
pub use figure::{Figure, Status, Unit};
pub use gates::{
    DifferenceFigures, PairedFigures, Respondents, anonymous_mean, anonymous_share, ceiling_share,
    comment_gate, difference_figures, paired_figures, response_rate,
};
pub use paired::{PairedEffect, PairedInference, paired};
pub use reason::Reason;
pub use scale::scale_score;
pub use shares::wilson;
pub use verdict::{Verdict, headline_verdict, settled, verdict};

#[cfg(test)]
mod golden;
#[cfg(test)]
mod laws;
