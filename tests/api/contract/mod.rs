//! Rules about the whole API, read off the OpenAPI document: a new operation is covered the moment it exists.

mod deny;
mod document;
mod finding;
mod isolation;
mod matrix;
mod openapi;
mod oracle;
mod probe;
mod world;
