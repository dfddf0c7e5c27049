use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::figures::Quality;
use super::model::{FormSums, Standing, last_time, phases};
use super::queries::{self, Handed};
use crate::db::Tx;
use crate::error::Result;
use crate::evaluation::effectiveness::quarter_start;
use crate::evaluation::evaluations::Phase;
use crate::evaluation::evaluations::waiting::{self, KEY_PATIENCE};
use crate::evaluation::questionnaires::{Answer, Instrument, Questionnaire};
use crate::evaluation::statistics::thresholds::PRIVACY_FLOOR;
use crate::evaluation::statistics::{PairSums, units};

/// Statutory forms looked at in one unit of work.
const BATCH: i64 = 200;

/// What is known of a questionnaire.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The first day of the quarter from which on it stands so; none before the first time.
    pub since: Option<NaiveDate>,
    /// What its figures are of, and what waits.
    pub standing: Standing,
    /// Forms of released offerings that no figure counts yet.
    pub waiting: usize,
}

impl Known {
    /// What may be shown of the questionnaire.
    pub fn figures(&self, form: &Questionnaire) -> Quality {
        Quality::of(form, &self.standing.shown, self.waiting)
    }
}

/// Keep what the forms of some instruments came to in an offering, with the release of its figures: what was known at the
/// end of the day before counts, once and for good.
///
/// # Errors
/// When the database cannot be reached.
pub async fn keep(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    instruments: &[Instrument],
    released_on: NaiveDate,
) -> Result<()> {
    for instrument in instruments {
        let asked = phases(*instrument);
        let forms = if instrument.mould().is_some_and(|mould| mould.is_anonymous) {
            queries::anonymous(tx, offering_id, *instrument, asked).await?
        } else {
            queries::named(tx, offering_id, *instrument, asked, released_on - Days::new(1)).await?
        };
        let beside = if *instrument == Instrument::SelfBehaviour {
            let latest = released_on - Days::new(1);
            queries::named(tx, offering_id, Instrument::Behaviour, asked, latest).await?
        } else {
            Vec::new()
        };
        for (questionnaire, of_form) in by_form(&forms) {
            let form = queries::questionnaire(tx, questionnaire).await?;
            let mut sums = added_up(&form, &of_form);
            sums.beside = pairs(&of_form, &same_items(tx, &form, &beside).await?);
            if is_told(&form, &sums) {
                queries::insert(tx, offering_id, questionnaire, released_on, &sums).await?;
            }
        }
    }
    Ok(())
}

/// Keep what learners said in statutory forms that are over, as soon as all answers are written.
///
/// # Errors
/// When the database cannot be reached.
pub async fn keep_statutory(tx: &mut Tx<'_>) -> Result<()> {
    let today = tx.today();
    for (offering_id, questionnaire, due_on) in queries::statutory(tx, today, BATCH).await? {
        let is_patient = today <= due_on + KEY_PATIENCE;
        if is_patient && waiting::is_waiting(tx, offering_id, questionnaire).await? {
            continue;
        }
        let form = queries::questionnaire(tx, questionnaire).await?;
        let forms = queries::anonymous(tx, offering_id, form.instrument, phases(form.instrument)).await?;
        let of_form: Vec<&Handed> =
            forms.iter().filter(|handed| handed.questionnaire_id == questionnaire).collect();
        let sums = Some(added_up(&form, &of_form)).filter(|sums| is_told(&form, sums)).unwrap_or_default();
        queries::insert(tx, offering_id, questionnaire, today, &sums).await?;
    }
    Ok(())
}

/// Add what was released before this quarter to what is known of the questionnaires, each at most once a quarter.
///
/// # Errors
/// When the database cannot be reached.
pub async fn count(tx: &mut Tx<'_>) -> Result<()> {
    let quarter = quarter_start(tx.today());
    for questionnaire in queries::uncounted(tx, quarter).await? {
        let mut standing = queries::newest(tx, &[questionnaire])
            .await?
            .remove(&questionnaire)
            .map(|(_, standing)| standing)
            .unwrap_or_default();
        let mut released = FormSums::default();
        queries::released_before(tx, questionnaire, quarter).await?.iter().for_each(|of| released.merge(of));
        standing.add(&released);
        queries::insert_quarter(tx, questionnaire, quarter, &standing).await?;
        queries::set_counted(tx, questionnaire, quarter).await?;
    }
    Ok(())
}

/// What is known of some questionnaires today.
///
/// # Errors
/// When the database cannot be reached.
pub async fn known(tx: &mut Tx<'_>, questionnaires: &[Uuid]) -> Result<HashMap<Uuid, Known>> {
    let mut known: HashMap<Uuid, Known> = HashMap::new();
    for (id, (since, standing)) in queries::newest(tx, questionnaires).await? {
        let waiting = standing.waiting.counts.handed_in;
        known.insert(id, Known { since: Some(since), standing, waiting });
    }
    for (id, forms) in queries::forms_uncounted(tx, questionnaires).await? {
        known.entry(id).or_default().waiting += forms;
    }
    Ok(known)
}

/// Whether the forms of an offering may be counted: one to four anonymous ones stand in no total. Invalid ones hide nobody,
/// as their answers count nowhere; of named forms they are told all the same.
fn is_told(form: &Questionnaire, sums: &FormSums) -> bool {
    if form.is_anonymous { sums.counts.valid() >= PRIVACY_FLOOR } else { sums.counts.handed_in >= 1 }
}

fn by_form(forms: &[Handed]) -> BTreeMap<Uuid, Vec<&Handed>> {
    let mut by_form: BTreeMap<Uuid, Vec<(Phase, &Handed)>> = BTreeMap::new();
    for handed in forms {
        by_form.entry(handed.questionnaire_id).or_default().push((handed.phase, handed));
    }
    by_form.into_iter().map(|(id, forms)| (id, last_time(&forms))).collect()
}

fn added_up(form: &Questionnaire, forms: &[&Handed]) -> FormSums {
    let filled_in = forms.iter().filter_map(|handed| handed.answers.as_deref());
    let filled_in: Vec<&[Answer]> = filled_in.collect();
    let sums = FormSums::of(&form.scoring(), forms.len(), filled_in);
    if form.is_anonymous { sums.without_few() } else { sums }
}

/// Of other forms those that ask the same items.
async fn same_items(tx: &mut Tx<'_>, form: &Questionnaire, others: &[Handed]) -> Result<Vec<Handed>> {
    let mut alike = Vec::new();
    for (id, of_form) in by_form(others) {
        if queries::questionnaire(tx, id).await?.items == form.items {
            alike.extend(of_form.into_iter().cloned());
        }
    }
    Ok(alike)
}

/// The scores of those who were rated by their supervisor and by themselves.
fn pairs(own: &[&Handed], supervisors: &[Handed]) -> PairSums {
    let of = |handed: &Handed| handed.score.and_then(units).filter(|_| handed.is_trained);
    let given: HashMap<Uuid, i64> =
        supervisors.iter().filter_map(|handed| Some((handed.participant_id?, of(handed)?))).collect();
    let mut pairs = PairSums::default();
    for handed in own {
        let supervisor = handed.participant_id.and_then(|id| given.get(&id));
        if let Some((supervisor, own)) = supervisor.zip(of(handed)) {
            pairs.add(*supervisor, own);
        }
    }
    pairs
}
