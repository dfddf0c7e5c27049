//! From the forms about one person to the pair of ratings before and after.

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::{Answer, Form, Participation};
use super::second::Second;
use crate::evaluation::evaluations::Phase;
use crate::evaluation::questionnaires::Audience;

/// The same person rated before and after on the same form.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pair {
    /// The questionnaire of both ratings, in its revision.
    pub form: Uuid,
    /// Points of 5 before the course.
    pub before: f64,
    /// Points of 5 after it.
    pub after: f64,
    /// Who rated after.
    pub rater: Uuid,
    /// Whether somebody else had rated before.
    pub rater_changed: bool,
    /// When it was rated after.
    pub followed_up_on: NaiveDate,
    /// The form on which it was rated.
    pub questionnaire_id: Uuid,
}

/// What became of the follow-up of a trained person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Nobody was asked yet.
    #[default]
    NotDelivered,
    /// Asked, not (validly) answered.
    Unanswered,
    /// Waived, because the person left, retired or moved.
    Excused,
    /// Validly answered.
    Answered,
}

/// What is known of one participation at one follow-up.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// The supervisor's rating before the course.
    pub baseline: Option<f64>,
    /// What became of the follow-up.
    pub state: State,
    /// Until when the follow-up may be answered.
    pub due_on: Option<NaiveDate>,
    /// Rated before and after on the same form.
    pub pair: Option<Pair>,
    /// Rated before and after, but on different forms.
    pub instrument_changed: bool,
    /// Whether the person rated themself before and after.
    pub has_self_pair: bool,
    /// Pairs of the untrained colleagues matched to the person.
    pub comparison: Vec<Pair>,
    /// Of the colleagues who were rated before, follow-ups that were delivered and not waived.
    pub comparison_due: usize,
    /// Baselines of those of them who were not rated again.
    pub comparison_lost: Vec<f64>,
    /// Nominated because of a weakness.
    pub for_weakness: bool,
    /// Whether only a lot decided who of the offering was trained and who is in the comparison group.
    pub by_lot: bool,
    /// What somebody beside the supervisor saw, of who has a pair.
    pub second: Option<Second>,
    /// Whether somebody beside the supervisor was asked for a follow-up, and not excused.
    pub second_asked: bool,
}

/// Look at one participation. `forms` are those about the person and the matched colleagues; `trained_from` says
/// when a colleague first sat in the same course, if ever: from then on the colleague is no comparison.
pub fn observe(
    who: &Participation,
    forms: &[Form],
    phase: Phase,
    trained_from: impl Fn(Uuid) -> Option<NaiveDate>,
) -> Observed {
    let about = |comparison: bool, audience: Audience| {
        forms.iter().filter(move |form| {
            !form.is_second && form.is_comparison == comparison && form.audience == audience
        })
    };
    let rated: Vec<&Form> = about(false, Audience::Supervisor).collect();
    let own: Vec<&Form> = about(false, Audience::Learner).collect();
    let mut colleagues: Vec<Uuid> = about(true, Audience::Supervisor).map(|form| form.subject_id).collect();
    colleagues.sort_unstable();
    colleagues.dedup();
    let (mut comparison, mut comparison_due, mut comparison_lost) = (Vec::new(), 0, Vec::new());
    for colleague in colleagues {
        let forms: Vec<&Form> =
            about(true, Audience::Supervisor).filter(|form| form.subject_id == colleague).collect();
        let found = pair(&forms, phase, who.first_day);
        let until =
            found.map(|pair| pair.followed_up_on).or(of_phase(&forms, phase).map(|form| form.due_on).max());
        let contaminated = until.zip(trained_from(colleague)).is_some_and(|(until, from)| from <= until);
        if contaminated {
            continue;
        }
        let baselines = baselines(&forms, who.first_day);
        let is_due = matches!(state(&forms, phase), State::Unanswered | State::Answered);
        comparison_due += usize::from(is_due && !baselines.is_empty());
        match (found, baselines.first()) {
            (Some(pair), _) => comparison.push(pair),
            (None, Some((_, baseline))) if of_phase(&forms, phase).next().is_some() => {
                comparison_lost.push(*baseline);
            }
            _ => {}
        }
    }
    let found = pair(&rated, phase, who.first_day);
    let beside: Vec<&Form> = forms.iter().filter(|form| form.is_second).collect();
    Observed {
        baseline: found
            .map(|pair| pair.before)
            .or_else(|| baselines(&rated, who.first_day).first().map(|(_, score)| *score)),
        state: state(&rated, phase),
        due_on: of_phase(&rated, phase).map(|form| form.due_on).max(),
        instrument_changed: found.is_none() && instrument_changed(&rated, phase, who.first_day),
        pair: found,
        has_self_pair: pair(&own, phase, who.first_day).is_some(),
        comparison,
        comparison_due,
        comparison_lost,
        for_weakness: who.for_weakness,
        by_lot: who.by_lot,
        second: found.and_then(|pair| second(&beside, &pair, phase, who.first_day)),
        second_asked: of_phase(&beside, phase).any(|form| !form.is_excused),
    }
}

impl Observed {
    /// Whether a colleague matched to the person was rated before and after, too.
    pub fn has_match(&self) -> bool {
        !self.comparison.is_empty()
    }

    /// Whether the person is compared with the offering's colleagues: who has a match is; where a lot decided who was
    /// trained, everybody is, as all are alike but for chance.
    pub fn is_compared(&self) -> bool {
        self.by_lot || self.has_match()
    }

    /// Rated before and asked about again, but never rated again on the same form.
    pub fn is_lost(&self) -> bool {
        self.pair.is_none()
            && !self.instrument_changed
            && matches!(self.state, State::Unanswered | State::Excused)
    }
}

fn of_phase<'a>(forms: &'a [&'a Form], phase: Phase) -> impl Iterator<Item = &'a Form> {
    forms.iter().copied().filter(move |form| form.phase == phase)
}

fn scored(form: &Form) -> Option<(Answer, f64)> {
    let answer = form.answer?;
    Some((answer, answer.score?))
}

/// Scored baselines, the form of the course first. A baseline closes with the first session: who answers later has
/// seen the course.
fn baselines<'a>(forms: &[&'a Form], first_day: NaiveDate) -> Vec<(&'a Form, f64)> {
    let mut found: Vec<(&Form, f64)> = forms
        .iter()
        .filter(|form| form.phase == Phase::Baseline)
        .filter_map(|form| {
            let (answer, score) = scored(form)?;
            (answer.on <= first_day).then_some((*form, score))
        })
        .collect();
    found.sort_by_key(|(form, _)| (!form.is_of_course, form.questionnaire_id));
    found
}

/// One pair per person: on the form of the course, where there are several.
fn pair(forms: &[&Form], phase: Phase, first_day: NaiveDate) -> Option<Pair> {
    baselines(forms, first_day).into_iter().find_map(|(before, score)| {
        of_phase(forms, phase).filter(|form| form.questionnaire_id == before.questionnaire_id).find_map(
            |after| {
                let (answer, value) = scored(after)?;
                Some(Pair {
                    form: before.questionnaire_id,
                    before: score,
                    after: value,
                    rater: after.respondent_id,
                    rater_changed: after.respondent_id != before.respondent_id,
                    followed_up_on: answer.on,
                    questionnaire_id: after.questionnaire_id,
                })
            },
        )
    })
}

/// What somebody beside the supervisor saw of a person who has a pair, on the same form. Two ratings by one person are no
/// agreement, and a change is what the same person saw twice.
fn second(forms: &[&Form], of: &Pair, phase: Phase, first_day: NaiveDate) -> Option<Second> {
    let mut same_form = of_phase(forms, phase)
        .filter(|form| form.questionnaire_id == of.questionnaire_id && form.respondent_id != of.rater);
    let (after, value) = same_form.find_map(|form| Some((form, scored(form)?.1)))?;
    let before = baselines(forms, first_day)
        .into_iter()
        .find(|(before, _)| {
            before.questionnaire_id == after.questionnaire_id && before.respondent_id == after.respondent_id
        })
        .map(|(_, score)| score);
    Some(Second { supervisor: of.after, second: value, supervisor_before: of.before, second_before: before })
}

fn instrument_changed(forms: &[&Form], phase: Phase, first_day: NaiveDate) -> bool {
    !baselines(forms, first_day).is_empty() && of_phase(forms, phase).any(|form| scored(form).is_some())
}

fn state(forms: &[&Form], phase: Phase) -> State {
    let mut state = State::NotDelivered;
    for form in of_phase(forms, phase) {
        let this = if scored(form).is_some() {
            State::Answered
        } else if form.is_excused {
            State::Excused
        } else {
            State::Unanswered
        };
        let rank = |state| match state {
            State::NotDelivered => 0,
            State::Unanswered => 1,
            State::Excused => 2,
            State::Answered => 3,
        };
        if rank(this) > rank(state) {
            state = this;
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUPERVISOR: Uuid = Uuid::from_u128(1);
    const FORM: Uuid = Uuid::from_u128(10);

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn who() -> Participation {
        Participation {
            index_date: day("2026-01-10"),
            first_day: day("2026-02-02"),
            last_day: day("2026-02-04"),
            ..Participation::default()
        }
    }

    fn form(phase: Phase, on: &str, score: f64) -> Form {
        Form {
            subject_id: Uuid::nil(),
            is_comparison: false,
            is_second: false,
            audience: Audience::Supervisor,
            phase,
            questionnaire_id: FORM,
            is_of_course: true,
            respondent_id: SUPERVISOR,
            due_on: day(on),
            is_excused: false,
            answer: Some(Answer { on: day(on), score: Some(score) }),
        }
    }

    fn look(forms: &[Form]) -> Observed {
        observe(&who(), forms, Phase::ThreeMonths, |_| None)
    }

    #[test]
    fn a_baseline_closes_with_the_first_day() {
        let after = form(Phase::ThreeMonths, "2026-05-05", 4.0);
        let in_time = look(&[form(Phase::Baseline, "2026-02-02", 3.0), after.clone()]);
        assert_eq!(in_time.pair.map(|p| (p.before, p.after)), Some((3.0, 4.0)));
        let late = look(&[form(Phase::Baseline, "2026-02-03", 3.0), after]);
        assert_eq!((late.pair, late.baseline, late.state), (None, None, State::Answered));
    }

    #[test]
    fn only_the_same_form_makes_a_pair() {
        let mut after = form(Phase::ThreeMonths, "2026-05-05", 4.0);
        after.questionnaire_id = Uuid::from_u128(11);
        let seen = look(&[form(Phase::Baseline, "2026-02-01", 3.0), after]);
        assert!(seen.pair.is_none() && seen.instrument_changed);
    }

    #[test]
    fn the_form_of_the_course_goes_before_the_general_one() {
        let general = |mut form: Form| {
            form.questionnaire_id = Uuid::from_u128(2);
            form.is_of_course = false;
            form
        };
        let seen = look(&[
            general(form(Phase::Baseline, "2026-02-01", 1.0)),
            general(form(Phase::ThreeMonths, "2026-05-05", 5.0)),
            form(Phase::Baseline, "2026-02-01", 3.0),
            form(Phase::ThreeMonths, "2026-05-05", 3.5),
        ]);
        assert_eq!(seen.pair.map(|p| (p.before, p.after)), Some((3.0, 3.5)));
    }

    #[test]
    fn a_changed_rater_is_flagged_and_kept() {
        let mut after = form(Phase::ThreeMonths, "2026-05-05", 4.0);
        after.respondent_id = Uuid::from_u128(2);
        let seen = look(&[form(Phase::Baseline, "2026-02-01", 3.0), after]);
        assert!(seen.pair.is_some_and(|pair| pair.rater_changed));
    }

    #[test]
    fn a_colleague_who_was_trained_before_the_follow_up_is_no_comparison() {
        let colleague = Uuid::from_u128(7);
        let forms = [form(Phase::Baseline, "2026-02-01", 3.0), form(Phase::ThreeMonths, "2026-05-05", 3.0)]
            .map(|mut form| {
                (form.is_comparison, form.subject_id) = (true, colleague);
                form
            });
        let seen = |from: &str| {
            let from = day(from);
            let trained = move |who| (who == colleague).then_some(from);
            observe(&who(), &forms, Phase::ThreeMonths, trained).comparison.len()
        };
        assert_eq!((seen("2026-05-06"), seen("2026-05-05")), (1, 0));
    }

    #[test]
    fn second_ratings_stand_beside_the_pair_and_not_in_it() {
        let by = |rater: u128, mut form: Form| {
            (form.respondent_id, form.is_second) = (Uuid::from_u128(rater), true);
            form
        };
        let (before, after) = (
            |score| form(Phase::Baseline, "2026-02-01", score),
            |score| form(Phase::ThreeMonths, "2026-05-05", score),
        );
        let alone = look(&[before(3.0), after(4.0)]);
        let both = look(&[before(3.0), after(4.0), by(7, before(2.0)), by(7, after(3.5))]);
        let expected =
            Second { supervisor: 4.0, second: 3.5, supervisor_before: 3.0, second_before: Some(2.0) };
        assert_eq!((both.second, both.second_asked, both.pair), (Some(expected), true, alone.pair));
        assert_eq!((both.baseline, both.state, alone.second), (alone.baseline, alone.state, None));
        let other_before = look(&[before(3.0), after(4.0), by(6, before(2.0)), by(7, after(3.5))]);
        assert_eq!(other_before.second, Some(Second { second_before: None, ..expected }));
        let late = by(7, form(Phase::Baseline, "2026-02-03", 2.0));
        let late_before = look(&[before(3.0), after(4.0), late, by(7, after(3.5))]);
        assert_eq!(late_before.second, other_before.second);
        let by_one = look(&[before(3.0), after(4.0), by(1, after(3.5))]);
        assert_eq!(by_one.second, None, "the supervisor's own second rating");
        let no_pair = look(&[after(4.0), by(7, before(2.0)), by(7, after(3.5))]);
        assert_eq!((no_pair.second, no_pair.pair), (None, None));
    }

    #[test]
    fn the_state_of_a_follow_up() {
        let open = |change: fn(&mut Form)| {
            let mut form = form(Phase::ThreeMonths, "2026-05-05", 4.0);
            form.answer = None;
            change(&mut form);
            look(&[form]).state
        };
        assert_eq!(open(|_| ()), State::Unanswered);
        assert_eq!(open(|form| form.is_excused = true), State::Excused);
        assert_eq!(look(&[]).state, State::NotDelivered);
    }
}
