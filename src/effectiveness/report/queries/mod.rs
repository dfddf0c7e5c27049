//! The SQL: which subjects a page holds, whose they are, and what was released about their people.

mod ended;
mod rollups;
mod subjects;

pub use ended::{Ended, only_institute};
pub use rollups::{offerings_of, quarters, released_rows};
pub use subjects::{Links, links, subjects};
