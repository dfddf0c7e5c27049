use std::collections::BTreeMap;

use chrono::Duration;
use uuid::Uuid;

use super::super::model::SubjectGroup;
use super::events::announce;
use super::forms::Forms;
use super::matching::{Unmatched, lot};
use super::plan::{Asked, Frame, OF_PARTICIPANTS, OF_UNITS, Owed, PHASES, RATINGS, days_away};
use super::queries::{self, Lack, NewTask};
use super::{reminders, second};
use crate::db::Tx;
use crate::error::Result;
use crate::evaluation::questionnaires::{self, Instrument};

/// Bring the evaluations in line with who takes part, when, and under whom: hand out what is lacking, take back what
/// is not owed any more, remind who has not answered. How many were handed out. Doing it again, or in many replicas at
/// once, changes nothing: they take turns, and a task exists once.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] when another replica takes too long.
pub async fn schedule(tx: &mut Tx<'_>) -> Result<usize> {
    tx.lock("evaluations schedule").await?;
    adopt(tx).await?;
    queries::excuse_obsolete(tx).await?;
    queries::revive_units(tx).await?;
    follow_offerings(tx).await?;
    follow_heads(tx).await?;
    let mut tasks = for_participants(tx).await?;
    tasks.extend(for_units(tx).await?);
    let mut created = queries::insert(tx, &tasks).await?;
    let comparison = for_comparison(tx).await?;
    created += queries::insert(tx, &comparison).await?;
    tasks.extend(comparison);
    let second = second::follow(tx, None).await?;
    created += second.len();
    wait_for_the_absent(tx).await?;
    reminders::remind(tx).await?;
    announce(tx, tasks.iter().map(|task| task.offering_id).chain(second));
    Ok(created)
}

/// What every participant who lacks it is to be asked, or asked about.
async fn for_participants(tx: &mut Tx<'_>) -> Result<Vec<NewTask>> {
    let lacks = queries::lacking(tx, &OF_PARTICIPANTS).await?;
    if lacks.is_empty() {
        return Ok(Vec::new());
    }
    let today = tx.today();
    let units = queries::units_above(tx, lacks.iter().map(|lack| lack.present_unit_id).collect()).await?;
    let mut forms = Forms::of(tx, &lacks).await?;
    let mut tasks = Vec::new();
    for lack in &lacks {
        let Some(owed) = planned(lack) else { continue };
        let respondent = match owed.asked {
            Asked::Oneself => Some(lack.employee_id),
            Asked::Supervisor => units.supervisor(lack.present_unit_id, lack.employee_id),
            Asked::Unit => None,
        };
        let (Some(respondent_id), Some(window)) = (respondent, owed.window_from(today, lack.run())) else {
            continue;
        };
        let Some(questionnaire_id) = forms.asked(tx, lack).await? else { continue };
        tasks.push(NewTask {
            offering_id: lack.offering_id,
            course_id: lack.course_id,
            questionnaire_id,
            phase: lack.phase,
            subject_id: lack.employee_id,
            subject_group: SubjectGroup::Trained,
            participant_id: lack.participant_id,
            unit_id: lack.unit_id,
            respondent_id,
            window,
        });
    }
    Ok(tasks)
}

fn planned(lack: &Lack) -> Option<Owed> {
    OF_PARTICIPANTS.into_iter().find(|o| (o.instrument, o.phase) == (lack.instrument, lack.phase))
}

/// One form for each unit that nominated somebody for an offering.
///
/// It is about no person. The columns that must name one name the first of the unit's participants, so that a unit and
/// an offering have one form; whatever becomes of that participant, it stays with the row. `unit_id` says whose it is.
async fn for_units(tx: &mut Tx<'_>) -> Result<Vec<NewTask>> {
    let lacks = queries::units_lacking(tx, OF_UNITS).await?;
    let Some(first) = lacks.first() else {
        return Ok(Vec::new());
    };
    let today = tx.today();
    let units = queries::units_above(tx, lacks.iter().map(|lack| lack.unit_id).collect()).await?;
    let questionnaire_id = questionnaires::ensure(tx, OF_UNITS.instrument, first.course_id).await?;
    let task = |lack: &queries::UnitLack| {
        Some(NewTask {
            offering_id: lack.offering_id,
            course_id: lack.course_id,
            questionnaire_id,
            phase: OF_UNITS.phase,
            subject_id: lack.employee_id,
            subject_group: SubjectGroup::Trained,
            participant_id: lack.participant_id,
            unit_id: lack.unit_id,
            respondent_id: units.head(lack.unit_id)?,
            window: OF_UNITS.window_from(today, lack.run())?,
        })
    };
    Ok(lacks.iter().filter_map(task).collect())
}

/// The ratings of one comparable colleague for each participant who has none, with the participant's own form: of those who
/// were not drawn where seats were drawn by lot, otherwise of the most alike.
async fn for_comparison(tx: &mut Tx<'_>) -> Result<Vec<NewTask>> {
    let mut unmatched = queries::unmatched(tx).await?;
    if unmatched.is_empty() {
        return Ok(Vec::new());
    }
    let today = tx.today();
    let draws = queries::draws(tx, &unmatched).await?;
    let waiting = draws.values().flat_map(|draw| &draw.waiting);
    let units = queries::units_above(tx, waiting.map(|colleague| colleague.unit_id).collect()).await?;
    let mut pairings = lot::pair_off(&mut unmatched, draws, &units);
    if !unmatched.is_empty() {
        let mut pool = queries::pool(tx, &unmatched).await?;
        let people = pool.colleagues.iter().chain(unmatched.iter().map(|u| &u.trainee));
        let units = queries::units_above(tx, people.map(|c| c.unit_id).collect()).await?;
        let matched = pool.draw(unmatched, &units).into_iter();
        pairings.extend(matched.map(|m| (m.participant, m.colleague, m.supervisor_id)));
    }
    let mut tasks = Vec::new();
    for (participant, colleague, supervisor_id) in pairings {
        let Unmatched { run, participant_id, .. } = participant;
        for phase in RATINGS {
            let owed = Owed { instrument: Instrument::Behaviour, phase, asked: Asked::Supervisor };
            let Some(window) = owed.window_from(today, run) else {
                continue;
            };
            tasks.push(NewTask {
                offering_id: participant.offering_id,
                course_id: participant.course_id,
                questionnaire_id: participant.questionnaire_id,
                phase,
                subject_id: colleague.employee_id,
                subject_group: SubjectGroup::Comparison,
                participant_id,
                unit_id: colleague.unit_id,
                respondent_id: supervisor_id,
                window,
            });
        }
    }
    Ok(tasks)
}

/// Who stood for comparison, or withdrew, and takes part now: what was handed out becomes the participant's.
async fn adopt(tx: &mut Tx<'_>) -> Result<()> {
    let mut by_participant: BTreeMap<(Uuid, Uuid), (Vec<Uuid>, Vec<Uuid>)> = BTreeMap::new();
    for task in queries::to_adopt(tx).await? {
        let (all, excused) = by_participant.entry((task.participant_id, task.unit_id)).or_default();
        all.push(task.id);
        if task.was_excused {
            excused.push(task.id);
        }
    }
    for ((participant, unit), (all, excused)) in by_participant {
        queries::adopt(tx, &all, participant, unit).await?;
        queries::revive(tx, &excused).await?;
    }
    Ok(())
}

/// Windows follow the sessions.
async fn follow_offerings(tx: &mut Tx<'_>) -> Result<()> {
    let phases = PHASES.map(|phase| (phase, Frame::of(Instrument::Behaviour, phase)));
    for moved in queries::moved(tx, &phases).await? {
        let of_phase = OF_PARTICIPANTS.iter().chain([&OF_UNITS]).filter(|owed| owed.phase == moved.phase);
        for owed in of_phase {
            let window = owed.window(moved.run());
            let form = (owed.instrument, owed.phase);
            queries::shift(tx, moved.offering_id, form, (window.opens_on, window.due_on)).await?;
        }
    }
    Ok(())
}

/// Follow-ups wait for subjects who are away for long, and come forward again when the absence is taken back.
async fn wait_for_the_absent(tx: &mut Tx<'_>) -> Result<()> {
    let absences = queries::long_absences(tx).await?;
    let mut by_days: BTreeMap<i32, Vec<Uuid>> = BTreeMap::new();
    for task in queries::follow_ups(tx, absences.keys().copied().collect()).await? {
        let planned = task.opens_on - Duration::days(task.moved_days.into());
        let of_subject = absences.get(&task.subject_id).map(Vec::as_slice).unwrap_or_default();
        let days = days_away(of_subject, task.ended_on(), planned);
        let more = i32::try_from(days).unwrap_or_default() - task.moved_days;
        if more != 0 {
            by_days.entry(more).or_default().push(task.id);
        }
    }
    for (more, ids) in by_days {
        queries::put_off(tx, &ids, more).await?;
    }
    Ok(())
}

/// Forms of heads that are about to open, or whose respondent has left, go to who is the head now.
async fn follow_heads(tx: &mut Tx<'_>) -> Result<()> {
    let ratings = queries::unsettled(tx).await?;
    if ratings.is_empty() {
        return Ok(());
    }
    let units = queries::units_above(tx, ratings.iter().map(|(_, _, unit, _)| *unit).collect()).await?;
    let mut changes: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (id, subject, unit, respondent) in ratings {
        let head = subject.map_or_else(|| units.head(unit), |subject| units.supervisor(unit, subject));
        match head {
            Some(head) if head != respondent => changes.entry(head).or_default().push(id),
            _ => {}
        }
    }
    for (head, ids) in changes {
        queries::reassign(tx, &ids, head).await?;
    }
    Ok(())
}
