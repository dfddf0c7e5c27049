use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::super::model::{Phase, SubjectGroup};
use super::model::{Unmatched, Window};
use super::queries::{self, NewTask, Trainee};
use crate::db::Tx;
use crate::error::Result;
use crate::evaluation::questionnaires::{self, Instrument};

/// Phases in which supervisors rate behaviour.
const RATINGS: [Phase; 3] = [Phase::Baseline, Phase::ThreeMonths, Phase::SixMonths];

/// Bring the evaluations in line with who takes part, when, and under whom: hand out what is lacking, take back what
/// is not owed any more. How many were handed out. Doing it again, or in many replicas at once, changes nothing: they
/// take turns, and a task exists once.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] when another replica takes too long.
pub async fn schedule(tx: &mut Tx<'_>) -> Result<usize> {
    tx.lock("evaluations schedule").await?;
    adopt(tx).await?;
    queries::excuse_obsolete(tx).await?;
    follow_offerings(tx).await?;
    follow_heads(tx).await?;
    let mut tasks = for_participants(tx).await?;
    let mut created = queries::insert(tx, &tasks).await?;
    let comparison = for_comparison(tx).await?;
    created += queries::insert(tx, &comparison).await?;
    tasks.extend(comparison);
    announce(tx, &tasks);
    Ok(created)
}

/// What every participant who lacks it is to be asked, or asked about.
async fn for_participants(tx: &mut Tx<'_>) -> Result<Vec<NewTask>> {
    let trainees = queries::lacking(tx).await?;
    if trainees.is_empty() {
        return Ok(Vec::new());
    }
    let today = tx.today();
    let ids: Vec<Uuid> = trainees.iter().map(|t| t.participant_id).collect();
    let existing = queries::phases(tx, &ids).await?;
    let units = queries::units_above(tx, trainees.iter().map(|t| t.present_unit_id).collect()).await?;
    let lacks = |t: &Trainee, phase: Phase| {
        let window = Window::from_today(phase, t.run.first(), t.run.last(), today)?;
        (!existing.contains(&(t.participant_id, phase))).then_some(window)
    };
    let (mut forms, mut reaction) = (HashMap::new(), None);
    let mut tasks = Vec::new();
    for t in &trainees {
        let task = |questionnaire_id, phase, respondent_id, window| NewTask {
            offering_id: t.offering_id,
            course_id: t.course_id,
            questionnaire_id,
            phase,
            subject_id: t.employee_id,
            subject_group: SubjectGroup::Trained,
            participant_id: t.participant_id,
            unit_id: t.unit_id,
            respondent_id,
            window,
        };
        if let Some(window) = lacks(t, Phase::Close) {
            let form = match reaction {
                Some(form) => form,
                None => {
                    *reaction.insert(questionnaires::ensure(tx, Instrument::Reaction, t.course_id).await?)
                }
            };
            tasks.push(task(form, Phase::Close, t.employee_id, window));
        }
        let Some(supervisor) = units.supervisor(t.present_unit_id, t.employee_id) else {
            continue;
        };
        for (phase, window) in RATINGS.into_iter().filter_map(|p| Some((p, lacks(t, p)?))) {
            let form = match forms.get(&t.course_id) {
                Some(form) => *form,
                None => {
                    let form = questionnaires::ensure(tx, Instrument::Behaviour, t.course_id).await?;
                    *forms.entry(t.course_id).or_insert(form)
                }
            };
            tasks.push(task(form, phase, supervisor, window));
        }
    }
    Ok(tasks)
}

/// The ratings of one comparable colleague for each participant who has none; with the participant's own form.
async fn for_comparison(tx: &mut Tx<'_>) -> Result<Vec<NewTask>> {
    let unmatched = queries::unmatched(tx).await?;
    if unmatched.is_empty() {
        return Ok(Vec::new());
    }
    let today = tx.today();
    let mut pool = queries::pool(tx, &unmatched).await?;
    let people = pool.colleagues.iter().chain(unmatched.iter().map(|u| &u.trainee));
    let units = queries::units_above(tx, people.map(|c| c.unit_id).collect()).await?;
    let mut tasks = Vec::new();
    for (pair, colleague, supervisor) in pool.draw(unmatched, &units) {
        let Unmatched { run, participant_id, .. } = pair;
        for phase in RATINGS {
            let Some(window) = Window::from_today(phase, run.first(), run.last(), today) else {
                continue;
            };
            tasks.push(NewTask {
                offering_id: pair.offering_id,
                course_id: pair.course_id,
                questionnaire_id: pair.questionnaire_id,
                phase,
                subject_id: colleague.employee_id,
                subject_group: SubjectGroup::Comparison,
                participant_id,
                unit_id: colleague.unit_id,
                respondent_id: supervisor,
                window,
            });
        }
    }
    Ok(tasks)
}

/// Who stood for comparison, or withdrew, and takes part now: what was handed out becomes the participant's.
async fn adopt(tx: &mut Tx<'_>) -> Result<()> {
    let mut by_participant: BTreeMap<(Uuid, Uuid), (Vec<Uuid>, Vec<Uuid>)> = BTreeMap::new();
    for (id, participant, unit, was_excused) in queries::to_adopt(tx).await? {
        let (all, excused) = by_participant.entry((participant, unit)).or_default();
        all.push(id);
        if was_excused {
            excused.push(id);
        }
    }
    for ((participant, unit), (all, excused)) in by_participant {
        queries::adopt(tx, &all, participant, unit).await?;
        queries::revive(tx, &excused).await?;
    }
    Ok(())
}

/// Windows follow the sessions. A window is told by the day it opens: its end may have been put off for somebody who
/// joined on the first day.
async fn follow_offerings(tx: &mut Tx<'_>) -> Result<()> {
    for (offering, phase, opens_on, run) in queries::windows(tx).await? {
        let window = Window::of(phase, run.first(), run.last());
        if window.opens_on != opens_on {
            queries::shift(tx, offering, phase, opens_on, window).await?;
        }
    }
    Ok(())
}

/// Ratings that are about to open, or whose respondent has left, go to who is the supervisor now.
async fn follow_heads(tx: &mut Tx<'_>) -> Result<()> {
    let ratings = queries::unsettled(tx).await?;
    if ratings.is_empty() {
        return Ok(());
    }
    let units = queries::units_above(tx, ratings.iter().map(|(_, _, unit, _)| *unit).collect()).await?;
    let mut changes: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (id, subject, unit, respondent) in ratings {
        match units.supervisor(unit, subject) {
            Some(supervisor) if supervisor != respondent => changes.entry(supervisor).or_default().push(id),
            _ => {}
        }
    }
    for (supervisor, ids) in changes {
        queries::reassign(tx, &ids, supervisor).await?;
    }
    Ok(())
}

/// One event for each offering: whose portal reminds people reads who owes what.
fn announce(tx: &mut Tx<'_>, tasks: &[NewTask]) {
    let mut by_offering: BTreeMap<Uuid, usize> = BTreeMap::new();
    for task in tasks {
        *by_offering.entry(task.offering_id).or_default() += 1;
    }
    for (offering, number) in by_offering {
        tx.emit(
            "evaluation.scheduled",
            offering,
            &serde_json::json!({"offering_id": offering, "evaluations": number}),
        );
    }
}
