//! Handing out evaluations: who is asked what, when, and who is in the comparison group.
//!
//! * What is owed because of a participant of an open, confirmed or closed offering, by whom and in which phase, is one
//!   table: [`plan::OF_PARTICIPANTS`]; what the unit owes that nominated, [`plan::OF_UNITS`]. What could no longer be
//!   answered when it is handed out is not handed out.
//! * The supervisor is the head of the subject's unit, or the nearest head above who is active and somebody else.
//!   Who it is is settled when the form opens: until two weeks before, nothing is looked up again; then, and as long
//!   as the form is not open, it follows the head of the unit; an open form changes hands only when the respondent
//!   has left. Where nobody is found, the form stays where it is. The unit's own form goes to its head in the same way.
//! * For each participant one comparable colleague is rated at the same times, drawn by the rule of
//!   [`matching::Rank`], once in an offering and in few offerings of a year ([`matching::MOST_OFFERINGS`]). A colleague
//!   who comes to be trained is replaced as long as the course has not begun; the forms not yet answered about him or
//!   her are excused, or become those of a participant where it is the same offering.
//! * Where the seats of an offering were drawn by lot, those who were not drawn are the comparison group, and nobody
//!   else ([`matching::lot`]).
//! * When an offering moves, the windows of forms not yet answered move with it; follow-ups about somebody who is absent
//!   for more than thirty days wait as long.
//! * Where somebody is named to rate beside the supervisor, the forms of that rater follow the supervisor's ([`second`]).
//! * Who has not answered is reminded, and then the superior is informed ([`reminders`]).

mod events;
mod forms;
pub mod matching;
mod model;
mod on_request;
mod plan;
mod queries;
mod reminders;
mod second;
mod service;

pub use on_request::ask_learners;
pub use plan::{LONGEST_DAYS, closes_after};
pub use queries::{EVALUATED, facts_of_rater};
pub use second::{follow_second_rater, supervisor_of};
pub use service::schedule;
