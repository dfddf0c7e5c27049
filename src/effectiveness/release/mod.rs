//! What the follow-ups of an offering came to: added up once, when the last window has closed, and never changed.
//!
//! [`roll_up`] reads the raw forms and ratings of an offering on its day of release and keeps their
//! [`OfferingSums`](super::measures::OfferingSums): of the whole offering, and of the people of each unit. Reports add those
//! up and never read a form again, so they cost the same however many forms there are; and since an offering enters every
//! report at once and as it is, two reports of neighbouring days differ by whole offerings, never by a person (differencing
//! in time).
//!
//! Official scores have no window: their release waits for them (`awaited`), and what comes later or is corrected opens
//! whole revisions as far as [`revisions`](super::disclosure::revisions) allows; an older one stays readable in the reports
//! of its days.
//!
//! Unit figures are put together by whole calendar quarters only, as the people of a unit are few in each offering, and
//! only as far as `measures::unit_disclosure` allows beside the offerings.
//!
//! `newest` looks over the newest releases: how far changes lie apart, and how those were rated before who were not sent
//! for a weakness.

mod awaited;
mod form_counts;
mod model;
mod newest;
mod own_forms;
mod queries;
mod revising;
mod seen;
mod service;

pub use awaited::{AwaitedFor, AwaitedScores, LAST_DAYS};
pub use form_counts::reactions;
pub use model::{LONGEST_WAIT, RolledUp};
pub use newest::{rated_before, spread_of_change};
pub use queries::{FilledForm, Released, Revision, released};
pub use service::{awaited_scores, look, roll_up};
