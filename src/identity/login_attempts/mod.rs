//! Slowing down those who guess passwords, without locking anybody out: wrong passwords are counted by name *and* place.
//! A place is an address or, where a refresh token of an earlier login shows it, a device. Who guesses from elsewhere
//! slows down only that elsewhere; a place from which the name has signed in before stays usable while others guess, and
//! is met with patience (short waits) for a number of wrong passwords a day, since others may sit behind the same
//! address.
//!
//! Every attempt counts as failed while it is being looked at, so that guesses side by side count like guesses in a row.
//! But strangers whose attempts are only held up by others that are still being looked at wait for those instead of being
//! refused: when a whole ministry signs in for the first time, most of them are right.

mod model;
mod queries;
mod service;

pub use model::{Attempt, Known, Way};
pub use service::{admit, attempt, failed, forget_old, from_device, look, recognise, strictly, succeeded};
