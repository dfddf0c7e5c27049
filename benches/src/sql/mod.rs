//! The statements that the service sends for a request. They are not written down here: the service is asked once through
//! a recorder between it and Postgres ([`Recorder`]), so that whatever the service asks today is what the bare server
//! answers with, and what is sent again without HTTP.

mod json;
mod recorder;
mod replay;
mod statement;

pub use json::{Object, Rows};
pub use recorder::{Recorder, TIMES};
pub use replay::{Line, limit};
pub use statement::{Param, Part, Recording, Recordings, Slot, Statement, What};
