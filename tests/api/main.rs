//! One test binary: every test speaks HTTP to a service of its own on a database of its own.
#![expect(missing_docs, reason = "tests are named after what they show")]

mod catalogue;
mod contract;
mod demo;
mod evaluation;
mod identity;
mod organisation;
mod participation;
mod planning;
mod reporting;
mod story;
mod support;
