//! Slowing down those who guess passwords, without locking anybody out: wrong passwords are counted by name *and*
//! address. Who guesses from elsewhere slows down only that elsewhere; an address from which the name has signed in
//! before stays usable even while others guess.

mod model;
mod queries;
mod service;

pub use service::{admit, forget_old, succeeded};
