//! The demo ministry.
