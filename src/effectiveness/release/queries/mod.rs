//! The SQL: the raw rows of an offering's people, the forms counted without whose they are, and what was added up of both.

mod forms;
mod own_forms;
mod people;
mod rollups;

pub use forms::{FilledForm, anonymous, of_units};
pub use own_forms::learners;
pub use people::{awaited, drawn_by_lot, forms, participations, ratings, trained_from, uses_of_scores};
pub use rollups::{
    Look, Released, Revision, insert, insert_quarter, insert_rows, insert_units, last_due, newest,
    of_quarter, open_quarters, released, revisions, set_looked_through, smallest_change, to_look_at,
    unreleased,
};
