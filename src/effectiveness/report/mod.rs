//! Did work get better? Before and after a course, against comparable colleagues who were not trained.
//!
//! `queries` loads what [`super::release`] released of one page of subjects, the `behaviour`, `reaction`, `form_items` and
//! `levels` of [`super::measures`], and `subject_report` here put it together, and all arithmetic is [`statistics`]. An
//! offering counts from its day of release on and never changes again, so a report can be made again for its date; `rows`
//! shows what it was made of.

mod dto;
mod expected;
mod form_items;
mod input;
mod levels;
mod model;
mod of_subject;
mod per_half_day;
mod queries;
pub(crate) mod routes;
mod rows;
mod score_sentence;
mod second;
mod sentence;
mod sentence_dto;
mod service;
mod subject_report;
mod summary;
mod talk;

pub(super) use dto::{MethodDto, SubjectDto};
pub(super) use form_items::ReactionDto;
pub(super) use input::{Input, input_hash};
pub(super) use model::FollowUp;
pub(super) use queries::only_institute;
pub(super) use sentence_dto::SentenceDto;
