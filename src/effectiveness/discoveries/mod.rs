//! The courses of a year, and which of them stand out when so many are looked at: of twenty courses that do nothing, one
//! will look as if it did. The family of tests is fixed before anybody looks: behaviour at work three months after, of every
//! course whose offerings ended in one calendar year.
//!
//! Who reads it sees the whole ministry: a share of false discoveries is a property of the whole list, and of no part.

mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;
