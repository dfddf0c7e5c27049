//! Measurements of Thước Đo: the service against a bare server with the same SQL, against that SQL without HTTP, and
//! against the same read in Python. `benches/README.md` says how to run them and how to read what they print.
//!
//! | module | what is in it |
//! |---|---|
//! | [`data`] | the reference data set: made from a seed, written by binary COPY |
//! | [`sql`] | the statements that the service sends: recorded, and sent again without it |
//! | [`load`] | clients that ask as fast as they are answered, or at a rate |
//! | [`machine`] | programs that are built and started, and what they take of processor and memory |
//! | [`rows`] | one function for each row of the table, and the table itself |

pub mod data;
pub mod load;
pub mod machine;
pub mod rows;
pub mod sql;
