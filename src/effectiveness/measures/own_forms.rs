//! The forms in which a learner reports on his or her own knowledge and work.

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::Answer;
use crate::evaluation::evaluations::Phase;
use crate::evaluation::questionnaires::Instrument;

/// Someone who took part, with his or her own forms.
#[derive(Debug, Clone, Default)]
pub struct Learner {
    /// Day of the first session: what is answered later was not said before the course.
    pub first_day: NaiveDate,
    pub forms: Vec<OwnForm>,
}

/// A form that a learner was given, with its answer as far as it was known.
#[derive(Debug, Clone)]
pub struct OwnForm {
    pub instrument: Instrument,
    pub phase: Phase,
    /// The form's code, whatever its revision.
    pub code: String,
    /// The same for forms that ask the same.
    pub asks: Uuid,
    pub is_excused: bool,
    pub answer: Option<Answer>,
}

/// A form with its score.
pub type Scored<'a> = (&'a OwnForm, f64);

impl Learner {
    fn of(&self, instrument: Instrument, phase: Phase) -> impl Iterator<Item = &OwnForm> {
        self.forms.iter().filter(move |form| form.instrument == instrument && form.phase == phase)
    }

    /// Whether a form was delivered and not waived.
    pub fn was_asked(&self, instrument: Instrument, phase: Phase) -> bool {
        self.of(instrument, phase).any(|form| !form.is_excused)
    }

    /// The scored forms, in the order in which they were made; before the course only what was answered by the end of
    /// the first day, as for the supervisors' ratings.
    pub fn scored(&self, instrument: Instrument, phase: Phase) -> impl Iterator<Item = Scored<'_>> {
        self.of(instrument, phase).filter_map(move |form| {
            let answer = form.answer?;
            let in_time = phase != Phase::Baseline || answer.on <= self.first_day;
            Some((form, answer.score.filter(|_| in_time)?))
        })
    }
}

#[cfg(test)]
pub mod examples {
    use super::*;

    /// The first day of every example.
    pub fn first_day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 9).unwrap_or_default()
    }

    /// A form with its score, answered in time; of the forms that ask so.
    pub fn form(instrument: Instrument, phase: Phase, asks: u128, score: f64) -> OwnForm {
        OwnForm {
            instrument,
            phase,
            code: format!("form-{asks}"),
            asks: Uuid::from_u128(asks),
            is_excused: false,
            answer: Some(Answer { on: first_day(), score: Some(score) }),
        }
    }

    /// Somebody with such forms.
    pub fn learner(forms: &[OwnForm]) -> Learner {
        Learner { first_day: first_day(), forms: forms.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::examples::{first_day, form, learner};
    use super::*;

    #[test]
    fn what_is_said_after_the_first_day_was_not_said_before_the_course() {
        let on = |day: NaiveDate, phase: Phase| {
            let mut own = form(Instrument::Knowledge, phase, 1, 40.0);
            own.answer = Some(Answer { on: day, score: Some(40.0) });
            learner(&[own]).scored(Instrument::Knowledge, phase).count()
        };
        let late = first_day() + chrono::Days::new(1);
        assert_eq!((on(first_day(), Phase::Baseline), on(late, Phase::Baseline)), (1, 0));
        assert_eq!(on(late, Phase::Close), 1);
    }

    #[test]
    fn a_form_without_answer_or_score_has_none_and_a_waived_one_was_not_asked() {
        let with = |change: fn(&mut OwnForm)| {
            let mut own = form(Instrument::ThenTest, Phase::Close, 1, 3.0);
            change(&mut own);
            let who = learner(&[own]);
            (
                who.scored(Instrument::ThenTest, Phase::Close).count(),
                who.was_asked(Instrument::ThenTest, Phase::Close),
            )
        };
        assert_eq!(with(|_| ()), (1, true));
        assert_eq!(with(|form| form.answer = None), (0, true));
        assert_eq!(with(|form| form.answer.iter_mut().for_each(|a| a.score = None)), (0, true));
        assert_eq!(with(|form| (form.answer, form.is_excused) = (None, true)), (0, false));
    }
}
