//! Official work scores over up to eight quarters, for event studies of courses: added up once when a quarter is sealed,
//! and kept.
//!
//! A quarter is sealed by the background loop when it is over and everybody is rated for it who was rated for the one
//! before and still works here; ninety days after its end without the others, if at least half as many people are rated
//! for it as for the quarter before (otherwise the last report stays). Everything is then added up anew from the
//! scores as they are known on that day, so what came late or was corrected counts in the figures of the next quarter.
//!
//! Only people with a score in every quarter count, all of them under Decree 335/2025/NĐ-CP: scores of other rules are no
//! measure of the same thing. The score of a quarter is that of the quarter, or the mean of its three months.

mod model;
mod queries;
mod service;

pub use model::{Cohort, Cohorts, Course, LeftOut, QUARTERS, ScorePanel};
pub use queries::{newest, page};
pub use service::seal;
