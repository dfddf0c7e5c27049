//! State machines: each resource's `model.rs` has the table, this is how it is applied.

use serde::Serialize;

use crate::error::{Error, Result, Rule};

/// An action that the object's state does not allow, with the states that do.
#[derive(Debug, Serialize)]
struct WrongState {
    state: &'static str,
    allowed_states: Vec<&'static str>,
}

/// The state after an action that leads from the `allowed` states to `to`. `name` gives a state's word.
///
/// # Errors
/// [`Rule::WrongState`] with the states that allow the action.
pub fn step<S: Copy + PartialEq>(state: S, allowed: &[S], to: S, name: fn(S) -> &'static str) -> Result<S> {
    if allowed.contains(&state) {
        return Ok(to);
    }
    let allowed_states = allowed.iter().copied().map(name).collect();
    Err(Error::refused(Rule::WrongState, &WrongState { state: name(state), allowed_states }))
}
