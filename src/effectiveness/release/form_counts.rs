//! Which forms are counted without whose they are, and how: those of the reaction by scale, all others by item.

use chrono::Days;
use uuid::Uuid;

use super::model::Release;
use super::queries::{self, FilledForm};
use crate::db::Tx;
use crate::effectiveness::measures::{Measure, Tally};
use crate::error::Result;
use crate::evaluation::evaluations::Phase;
use crate::evaluation::questionnaires::{Answer, BEHAVIOUR_LEVEL, Item, REACTION_LEVEL};

/// The forms that a release counts; none where it adds up people.
pub async fn of(tx: &mut Tx<'_>, release: Release) -> Result<Option<Tally>> {
    let offering = release.offering_id;
    let (forms, add): (_, Add) = match release.measure {
        Measure::Reaction => (reactions(tx, offering).await?, Tally::add),
        Measure::Environment => {
            (queries::anonymous(tx, offering, BEHAVIOUR_LEVEL, Phase::ThreeMonths).await?, Tally::add_by_item)
        }
        // Their names are known, so what came too late is as well.
        Measure::Beneficiary => {
            (queries::of_units(tx, offering, release.on - Days::new(1)).await?, Tally::add_by_item)
        }
        Measure::Knowledge
        | Measure::SelfRating
        | Measure::ThreeMonths
        | Measure::SixMonths
        | Measure::WorkScore => return Ok(None),
    };
    Ok(Some(counted(forms, add)))
}

/// Whether a measure counts anonymous forms.
pub fn is_anonymous(measure: Measure) -> bool {
    matches!(measure, Measure::Reaction | Measure::Environment)
}

/// The anonymous forms (level 1) that an offering's learners handed in at its end, and how many were asked for one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn reactions(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<(Vec<FilledForm>, usize)> {
    queries::anonymous(tx, offering_id, REACTION_LEVEL, Phase::Close).await
}

/// How a form is counted.
type Add = fn(&mut Tally, &[Item], &[Answer], Option<f64>);

fn counted((forms, invited): (Vec<FilledForm>, usize), add: Add) -> Tally {
    let mut tally = Tally { invited, ..Tally::default() };
    for form in forms {
        add(&mut tally, &form.items, &form.answers, form.score);
    }
    tally
}
