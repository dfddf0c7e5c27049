//! Anonymous answers that wait: from the moment they are given until the windows of their form are over.
//!
//! Postgres keeps with each version of a row the transaction that wrote it, in its files until `VACUUM`, and in the
//! write-ahead log for good. The transaction that takes an answer must mark the task as answered, or the answer could be
//! given twice or get lost; so what it writes beside is tied to that task. Therefore:
//!
//! * It writes the answer *sealed* ([`crate::tokens::seals`]), padded, with nothing that says whose it is.
//! * When the form can no longer be answered, the worker opens all of its answers, and writes them in random order, under
//!   random ids, in one transaction of their own ([`write_down`]). Nothing reads them before that: comments, results and
//!   effects are shown of closed windows only. Earlier batches would leave smaller ones, at the end perhaps of one.
//! * What an offering releases is added up after its answers were written: [`write_down_of`] is part of that very
//!   transaction, so that no replica can be faster than another.
//! * What cannot be opened stays, and is warned of. Figures wait for it ([`KEY_PATIENCE`]), since the key may come back
//!   (a replica that was started without it), and other answers do not.
//!
//! What remains: that an answer is one of those written together. Where few people answer a form, that is few; where one
//! does, it is that one's. And who has the key *and* the files (or the log) can open what waited there and see beside
//! which task. `docs/operation.md` says to whom that applies.

mod model;
mod queries;
mod service;

pub use model::KEY_PATIENCE;
pub use service::{closed, erase_text, is_waiting, keep_anonymous, write_down, write_down_of};
