//! The SQL: the raw rows of an offering's people, the forms counted without whose they are, and what was added up of both.

mod forms;
mod people;
mod rollups;

pub use forms::{FilledForm, anonymous, of_units};
pub use people::{forms, participations, ratings, trained_from, uses_of_scores};
pub use rollups::{
    Released, insert, insert_quarter, insert_rows, insert_units, last_due, of_quarter, open_quarters,
    released, smallest_change, unreleased,
};
