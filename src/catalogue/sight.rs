use uuid::Uuid;

use crate::db::Tx;

/// How far a caller sees into the catalogue. What is offered is there to be chosen from, by everybody in the ministry,
/// however short their reach over people; an institute sees itself.
pub struct Sight {
    /// The service itself, which has no roles: drafts too.
    pub everything: bool,
    /// Someone of the ministry: whatever left its institute.
    pub ministry: bool,
    /// The caller's own institute, in any state.
    pub own: Option<Uuid>,
}

impl Sight {
    pub fn of(tx: &Tx<'_>) -> Self {
        let reach = &tx.reach;
        Self {
            everything: reach.all && tx.actor.roles.is_empty(),
            ministry: reach.all || !reach.unit_ids.is_empty() || reach.employee_id.is_some(),
            own: reach.institute_id,
        }
    }
}
