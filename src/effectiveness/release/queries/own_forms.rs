use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::people::participations;
use crate::clock::vietnamese_day;
use crate::db::Tx;
use crate::db::schema::{evaluation_responses, evaluations, questionnaires};
use crate::effectiveness::measures::model::{Participation, answer_by};
use crate::effectiveness::measures::own_forms::{Learner, OwnForm};
use crate::error::Result;
use crate::evaluation::evaluations::{Phase, Status, SubjectGroup};
use crate::evaluation::questionnaires::Instrument;

/// The forms in question.
const OWN: [Instrument; 3] = [Instrument::Knowledge, Instrument::SelfBehaviour, Instrument::ThenTest];
/// The phases in which they are asked, as far as these are shown.
const PHASES: [Phase; 3] = [Phase::Baseline, Phase::Close, Phase::ThreeMonths];

/// A delivered form: of which participation and when, the questionnaire, whether and when it was waived, the answer.
type Row =
    ((Uuid, Phase), (Uuid, Instrument, String), (bool, DateTime<Utc>), Option<(DateTime<Utc>, Option<f64>)>);

/// Everyone who took part in an offering, with his or her own forms as they were known at the end of a day.
pub async fn learners(tx: &mut Tx<'_>, offering_id: Uuid, as_of: NaiveDate) -> Result<Vec<Learner>> {
    let rows = own_forms(tx, offering_id, as_of).await?;
    let asks = alike(tx, rows.iter().map(|(_, (id, ..), ..)| *id).collect()).await?;
    let mut forms: HashMap<Uuid, Vec<OwnForm>> = HashMap::new();
    for ((participant, phase), (id, instrument, code), (excused, changed_at), response) in rows {
        let (submitted_at, score) = response.map_or((None, None), |(at, score)| (Some(at), score));
        forms.entry(participant).or_default().push(OwnForm {
            instrument,
            phase,
            code,
            asks: asks.get(&id).copied().unwrap_or(id),
            is_excused: excused && vietnamese_day(changed_at) <= as_of,
            answer: answer_by(as_of, submitted_at, score),
        });
    }
    let people = participations(tx, &[offering_id]).await?;
    let learner = |who: Participation| Learner {
        first_day: who.first_day,
        forms: forms.remove(&who.id).unwrap_or_default(),
    };
    Ok(people.into_iter().map(learner).collect())
}

async fn own_forms(tx: &mut Tx<'_>, offering_id: Uuid, as_of: NaiveDate) -> Result<Vec<Row>> {
    Ok(evaluations::table
        .inner_join(questionnaires::table)
        .left_join(evaluation_responses::table)
        .filter(evaluations::offering_id.eq(offering_id))
        .filter(evaluations::opens_on.le(as_of))
        .filter(evaluations::subject_group.eq(SubjectGroup::Trained))
        .filter(evaluations::phase.eq_any(PHASES))
        .filter(questionnaires::instrument.eq_any(OWN))
        .filter(questionnaires::is_anonymous.eq(false))
        .order(evaluations::id)
        .select((
            (evaluations::participant_id, evaluations::phase),
            (questionnaires::id, questionnaires::instrument, questionnaires::code),
            (evaluations::status.eq(Status::Excused), evaluations::updated_at),
            (evaluation_responses::submitted_at, evaluation_responses::score).nullable(),
        ))
        .load(tx.conn())
        .await?)
}

/// For each of some forms the first of those that ask the same: the look back is a form of its own, and yet the same
/// items as the rating it is set against, unless the course was rewritten in between.
async fn alike(tx: &mut Tx<'_>, mut ids: Vec<Uuid>) -> Result<HashMap<Uuid, Uuid>> {
    ids.sort_unstable();
    ids.dedup();
    let forms: Vec<(Uuid, Value)> = questionnaires::table
        .filter(questionnaires::id.eq_any(ids))
        .order(questionnaires::id)
        .select((questionnaires::id, questionnaires::items))
        .load(tx.conn())
        .await?;
    let first = |items: &Value| forms.iter().find(|(_, others)| others == items).map(|(id, _)| *id);
    Ok(forms.iter().filter_map(|(id, items)| Some((*id, first(items)?))).collect())
}
