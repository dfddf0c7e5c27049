//! Rules about the whole API, read off the OpenAPI document: a new operation is covered the moment it exists.

mod deny;
mod matrix;
mod openapi;
