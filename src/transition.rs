//! State machines: each resource's `model.rs` has the table, whose rows are [`Transition`]s.

use serde::Serialize;

use crate::error::{Error, Result, Rule};

/// An action that the object's state does not allow, with the states that do.
#[derive(Debug, Serialize)]
struct WrongState {
    state: &'static str,
    allowed_states: Vec<&'static str>,
}

/// A row of a transition table: the states that allow an action, and the state that it leads to.
#[derive(Debug, Clone, Copy)]
pub struct Transition<S: 'static> {
    allowed: &'static [S],
    to: Option<S>,
}

impl<S: Copy + PartialEq> Transition<S> {
    /// An action that leads from the allowed states to another.
    pub const fn to(allowed: &'static [S], to: S) -> Self {
        Self { allowed, to: Some(to) }
    }

    /// An action after which the state is the same.
    pub const fn stay(allowed: &'static [S]) -> Self {
        Self { allowed, to: None }
    }

    /// The state after the action. `name` gives a state's word.
    ///
    /// # Errors
    /// [`Rule::WrongState`] with the states that allow the action.
    pub fn step(self, state: S, name: fn(S) -> &'static str) -> Result<S> {
        if self.allowed.contains(&state) {
            return Ok(self.to.unwrap_or(state));
        }
        let allowed_states = self.allowed.iter().copied().map(name).collect();
        Err(Error::refused(Rule::WrongState, &WrongState { state: name(state), allowed_states }))
    }
}
