//! Rules about the whole API, read off the OpenAPI document: a new operation is covered the moment it exists.

mod answers;
mod compatible;
mod deny;
pub mod document;
mod finding;
mod forms;
mod headers;
mod isolation;
mod matrix;
mod openapi;
mod oracle;
mod probe;
mod requests;
mod steady;
mod variants;
mod vietnamese;
mod words;
pub mod world;
