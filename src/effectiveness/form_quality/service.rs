use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::few::countable;
use super::figures::Quality;
use super::model::{FormSums, Standing, last_time, phases};
use super::queries::{self, Handed};
use crate::db::Tx;
use crate::effectiveness::disclosure::is_enough;
use crate::effectiveness::measures::quarter_start;
use crate::error::Result;
use crate::evaluation::evaluations::Phase;
use crate::evaluation::evaluations::waiting::{self, KEY_PATIENCE};
use crate::evaluation::questionnaires::{self, Answer, Instrument, Questionnaire};
use statistics::{PairSums, units};

/// Statutory forms looked at in one unit of work.
const BATCH: i64 = 200;

/// What is known of a questionnaire.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The first day of the quarter from which on this has held; none before the first time.
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
        let sums = if instrument.mould().is_some_and(|mould| mould.is_anonymous) {
            anonymous(tx, offering_id, *instrument).await?
        } else {
            named(tx, offering_id, *instrument, released_on - Days::new(1)).await?
        };
        for (questionnaire, of_form) in sums {
            queries::insert(tx, offering_id, questionnaire, released_on, &of_form).await?;
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
        let mut sums = anonymous(tx, offering_id, Instrument::Quality).await?;
        let sums = sums.remove(&questionnaire).unwrap_or_default();
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
        let (offerings, released) = countable(queries::released_before(tx, questionnaire, quarter).await?);
        standing.add(&released);
        queries::insert_quarter(tx, questionnaire, quarter, &standing).await?;
        queries::set_counted(tx, questionnaire, &offerings, quarter).await?;
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

/// What the anonymous forms of an instrument came to in an offering, by questionnaire. One to four valid ones count in
/// no total; invalid ones hide nobody, as their answers count nowhere.
async fn anonymous(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    instrument: Instrument,
) -> Result<BTreeMap<Uuid, FormSums>> {
    let mut sums = BTreeMap::new();
    for (questionnaire, forms) in queries::anonymous(tx, offering_id, instrument, phases(instrument)).await? {
        let form = questionnaires::find(tx, questionnaire).await?;
        // Who handed one in was asked for it, also if excused afterwards.
        let asked = forms.asked.max(forms.answers.len());
        let of_form = FormSums::of(&form.scoring(), asked, forms.answers.iter().map(Vec::as_slice));
        if is_enough(of_form.counts.valid()) {
            sums.insert(questionnaire, of_form.without_few());
        }
    }
    Ok(sums)
}

/// What the named forms of an instrument came to in an offering, by questionnaire, with the answers given by the end of a
/// day.
async fn named(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    instrument: Instrument,
    latest: NaiveDate,
) -> Result<BTreeMap<Uuid, FormSums>> {
    let asked = phases(instrument);
    let forms = queries::named(tx, offering_id, instrument, asked, latest).await?;
    let beside = if instrument == Instrument::SelfBehaviour {
        queries::named(tx, offering_id, Instrument::Behaviour, asked, latest).await?
    } else {
        Vec::new()
    };
    let mut others: Vec<(Questionnaire, Vec<&Handed>)> = Vec::new();
    for (questionnaire, of_form) in by_form(&beside) {
        others.push((questionnaires::find(tx, questionnaire).await?, of_form));
    }
    let mut sums = BTreeMap::new();
    for (questionnaire, of_form) in by_form(&forms) {
        let form = questionnaires::find(tx, questionnaire).await?;
        let filled_in: Vec<&[Answer]> =
            of_form.iter().filter_map(|handed| handed.answers.as_deref()).collect();
        if filled_in.is_empty() {
            continue;
        }
        let same_items = others.iter().filter(|(other, _)| other.items == form.items);
        let beside = pairs(&of_form, same_items.flat_map(|(_, handed)| handed.iter().copied()));
        let added_up = FormSums::of(&form.scoring(), of_form.len(), filled_in);
        sums.insert(questionnaire, FormSums { beside, ..added_up });
    }
    Ok(sums)
}

/// Named forms by questionnaire, of the last time it was asked.
fn by_form(forms: &[Handed]) -> BTreeMap<Uuid, Vec<&Handed>> {
    let mut by_form: BTreeMap<Uuid, Vec<(Phase, &Handed)>> = BTreeMap::new();
    for handed in forms {
        by_form.entry(handed.questionnaire_id).or_default().push((handed.phase, handed));
    }
    by_form.into_iter().map(|(id, forms)| (id, last_time(&forms))).collect()
}

/// The scores of those who were rated by their supervisor and by themselves.
fn pairs<'a>(own: &[&Handed], supervisors: impl Iterator<Item = &'a Handed>) -> PairSums {
    let of = |handed: &Handed| handed.score.and_then(units).filter(|_| handed.is_trained);
    let given: HashMap<Uuid, i64> =
        supervisors.filter_map(|handed| Some((handed.participant_id, of(handed)?))).collect();
    let mut pairs = PairSums::default();
    for handed in own {
        if let Some((supervisor, own)) = given.get(&handed.participant_id).zip(of(handed)) {
            pairs.add(*supervisor, own);
        }
    }
    pairs
}
