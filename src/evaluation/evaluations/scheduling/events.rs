//! What others are informed of when evaluations are handed out.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::db::Tx;

/// One event for each offering: whose portal reminds people reads who owes what.
pub fn announce(tx: &mut Tx<'_>, offering_of_each: impl IntoIterator<Item = Uuid>) {
    let mut by_offering: BTreeMap<Uuid, usize> = BTreeMap::new();
    for offering in offering_of_each {
        *by_offering.entry(offering).or_default() += 1;
    }
    for (offering, number) in by_offering {
        tx.emit(
            "evaluation.scheduled",
            offering,
            &serde_json::json!({"offering_id": offering, "evaluations": number}),
        );
    }
}
