use uuid::Uuid;

use super::model::Suggestion;
use crate::db::Tx;
use crate::error::Result;
use crate::organisation::gaps::CompetencyGap;
use crate::participation::nominations::{
    Case, Draft, NominationBasis, NominationMotive, Offered, Stage, gaps, load, visible_employee,
};

/// Most suggestions of one answer.
const SUGGESTIONS: usize = 20;

/// What the person could be sent to, the best first; nothing for a person who restricted the processing of his or her
/// data: no law asks for suggestions (Law 91/2025/QH15, Art. 19).
///
/// # Errors
/// Not found when the employee lies outside the caller's reach.
pub async fn list(tx: &mut Tx<'_>, employee_id: Uuid) -> Result<Vec<Suggestion>> {
    let employee = visible_employee(tx, employee_id).await?;
    if employee.restricted {
        return Ok(Vec::new());
    }
    let missing: Vec<Uuid> = gaps(tx, &employee).await?.iter().map(|g| g.competency_id).collect();
    // The checks look at a draft; what it says in words does not matter to them.
    let draft = Draft {
        employee_id,
        offering_id: Uuid::nil(),
        basis: NominationBasis::PositionNeed,
        motive: NominationMotive::Planned,
        plan_line_id: None,
        outside_plan_reason: None,
        succession_entry_id: None,
        stand_in_id: None,
        expected_effect: String::new(),
        note: None,
    };
    let (person, offerings) = load(tx, employee, &draft, &Offered::OpenBuilding(missing), None).await?;
    let today = tx.today();
    let mut suggestions: Vec<Suggestion> = offerings
        .into_iter()
        .filter(|o| today < o.first_day() && !person.nominated_for.contains(&o.id))
        .filter_map(|offering| {
            let closes: Vec<CompetencyGap> = offering.closes(&person.gaps).cloned().collect();
            let case =
                Case { today, stage: Stage::Nominate, draft: &draft, person: &person, offering: &offering };
            let checks = case.checks();
            (!closes.is_empty()).then_some(Suggestion { offering, closes, checks })
        })
        .collect();
    suggestions.sort_by_key(Suggestion::rank);
    suggestions.truncate(SUGGESTIONS);
    Ok(suggestions)
}
