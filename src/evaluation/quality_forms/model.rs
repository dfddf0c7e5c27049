use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::catalogue::offerings::OfferingStatus;
use crate::db::schema::quality_forms;
use crate::error::{FieldError, Result, Rule};
use crate::evaluation::evaluations::RespondentGroup;
use crate::evaluation::questionnaires::quality::{Band, EQUAL_WEIGHT, Mean, Means, Steps, combined};
use crate::evaluation::questionnaires::{Scoring, Words};
use crate::transition::Transition;
use statistics::{Figure, Reason, Unit, thresholds::PRIVACY_FLOOR};

/// Longest window, days.
pub const LONGEST_WINDOW: i64 = 30;

/// A form opened for an offering.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = quality_forms, check_for_backend(diesel::pg::Pg))]
pub struct QualityForm {
    /// Its id.
    pub id: Uuid,
    /// The run of the course.
    pub offering_id: Uuid,
    /// The statutory form.
    pub questionnaire_id: Uuid,
    /// First day on which it can be answered.
    pub opens_on: NaiveDate,
    /// Last day.
    pub due_on: NaiveDate,
    /// Lecturers who got a token.
    pub lecturers: i32,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
}

/// Stage of a statutory form: it opens later (`scheduled`), it can be answered (`open`), or it is over and
/// its results do not change any more (`closed`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Opens later.
    Scheduled,
    /// May be answered; nothing is shown of the answers yet.
    Open,
    /// Over: what it says does not change any more.
    Closed,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Code of the statutory form.
    pub questionnaire_code: String,
    /// First day on which it can be answered.
    pub opens_on: NaiveDate,
    /// Last day.
    pub due_on: NaiveDate,
}

impl Opening {
    /// What is wrong with its window.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] for a window that is over, ends before it begins, or is too long.
    pub fn check(&self, today: NaiveDate) -> Result<()> {
        let fault = if self.due_on < self.opens_on {
            FieldError::new("/due_on", "date_order")
        } else if self.due_on < today {
            FieldError::new("/due_on", "deadline_past")
        } else if self.due_on - self.opens_on > Duration::days(LONGEST_WINDOW) {
            FieldError::new("/due_on", "window_too_long").with("limit", LONGEST_WINDOW)
        } else {
            return Ok(());
        };
        Err(fault.into())
    }

    /// Whether the course can be judged then: it takes place, and has taken place.
    ///
    /// # Errors
    /// [`Rule::WrongState`]; [`Rule::OfferingNotOver`] before the last session.
    pub fn check_offering(&self, status: OfferingStatus, last_day: NaiveDate) -> Result<()> {
        Transition::stay(&OfferingStatus::TAKING_PLACE).step(status, OfferingStatus::name)?;
        if self.opens_on < last_day { Err(Rule::OfferingNotOver.into()) } else { Ok(()) }
    }
}

impl QualityForm {
    /// Its stage on a day.
    pub fn stage(&self, today: NaiveDate) -> Stage {
        if today < self.opens_on {
            Stage::Scheduled
        } else if today <= self.due_on {
            Stage::Open
        } else {
            Stage::Closed
        }
    }
}

/// A lecturer's token, shown once.
#[derive(Clone)]
pub struct Token {
    pub number: i32,
    pub lecturer_id: Uuid,
    pub lecturer_name: String,
    pub token: String,
}

/// What one group said, as it is stored.
#[derive(Debug, Clone)]
pub struct Said {
    pub group: RespondentGroup,
    /// How many were asked.
    pub invited: usize,
    /// Its valid forms.
    pub forms: Vec<Steps>,
}

/// A mean that may be shown, or why not.
#[derive(Debug, Clone)]
pub struct Shown {
    pub code: String,
    pub text: Words,
    pub mean: Figure,
}

/// What may be shown of a group.
#[derive(Debug, Clone)]
pub struct GroupResult {
    pub group: RespondentGroup,
    pub mean: Figure,
    pub criteria: Vec<Shown>,
    pub indicators: Vec<Shown>,
}

/// What may be shown of a form that is over.
#[derive(Debug, Clone)]
pub struct QualityResult {
    pub index: Figure,
    pub band: Option<Band>,
    pub criteria: Vec<Shown>,
    pub groups: Vec<GroupResult>,
}

impl QualityResult {
    /// Put the groups together. The index is of those groups only that are shown: together with a shown one it would
    /// otherwise give the hidden one away.
    pub fn of(scoring: &Scoring<'_>, said: &[Said]) -> Self {
        let shown = |said: &&Said| said.forms.len() >= PRIVACY_FLOOR;
        let means: Vec<Means> =
            said.iter().filter(shown).map(|s| Means::of(scoring, &s.forms, PRIVACY_FLOOR)).collect();
        let n: usize = said.iter().filter(shown).map(|s| s.forms.len()).sum();
        let weighted = |of: &dyn Fn(&Means) -> Option<f64>| {
            combined(&means.iter().map(|group| (EQUAL_WEIGHT, of(group))).collect::<Vec<_>>())
        };
        let index = weighted(&|group| group.overall);
        let answered = said.iter().map(|s| s.forms.len()).sum();
        let words = Texts::of(scoring);
        let codes = Means::of(scoring, &[], PRIVACY_FLOOR).criteria;
        let criterion = |i: usize, mean: Mean| {
            let value = weighted(&|group| group.criteria.get(i).and_then(|m| m.mean));
            words.shown(mean.code, figure(value, n, answered))
        };
        Self {
            index: figure(index, n, answered),
            band: index.and_then(Band::of),
            criteria: codes.into_iter().enumerate().map(|(i, mean)| criterion(i, mean)).collect(),
            groups: said.iter().map(|s| GroupResult::of(scoring, s, &words)).collect(),
        }
    }
}

impl GroupResult {
    fn of(scoring: &Scoring<'_>, said: &Said, words: &Texts) -> Self {
        let n = said.forms.len();
        let is_shown = n >= PRIVACY_FLOOR;
        let means = Means::of(scoring, if is_shown { &said.forms } else { &[] }, PRIVACY_FLOOR);
        let shown = |means: Vec<Mean>| -> Vec<Shown> {
            let one = |mean: Mean| words.shown(mean.code, figure(mean.mean, n, n));
            means.into_iter().filter(|_| is_shown).map(one).collect()
        };
        Self {
            group: said.group,
            mean: figure(means.overall, n, n).invited(said.invited),
            criteria: shown(means.criteria),
            indicators: shown(means.indicators),
        }
    }
}

/// A mean of so many forms, or why there is none: nobody answered, or too few.
fn figure(mean: Option<f64>, n: usize, answered: usize) -> Figure {
    let figure = match mean {
        Some(mean) => Figure::ok(mean, None, Unit::PointsOf10, n),
        None if answered == 0 => Figure::closed(Reason::NoAnswers, Unit::PointsOf10, 0),
        None => Figure::closed(Reason::FewerThan5, Unit::PointsOf10, 0),
    };
    figure.needing(PRIVACY_FLOOR)
}

/// What the codes of a form mean.
struct Texts(Vec<(String, Words)>);

impl Texts {
    fn of(scoring: &Scoring<'_>) -> Self {
        let items = scoring.items.iter().map(|item| (item.code.clone(), item.text.clone()));
        let sections = scoring.items.iter().filter_map(|item| item.section.clone());
        Self(sections.map(|section| (section.code, section.text)).chain(items).collect())
    }

    fn shown(&self, code: String, mean: Figure) -> Shown {
        let text = self.0.iter().find(|(known, _)| *known == code).map(|(_, text)| text.clone());
        let text = text.unwrap_or_else(|| Words { vi: code.clone(), en: None });
        Shown { code, text, mean }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::questionnaires::{Instrument, Item, ItemKind, Section};
    use statistics::Status;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_is_in_order_not_over_and_not_too_long() {
        let check = |opens, due| {
            let opening =
                Opening { questionnaire_code: String::new(), opens_on: day(opens), due_on: day(due) };
            match opening.check(day("2026-11-23")) {
                Err(crate::error::Error::Invalid(faults)) => faults.iter().next().unwrap().code,
                other => other.map(|()| "").unwrap(),
            }
        };
        assert_eq!(check("2026-11-23", "2026-11-23"), "");
        assert_eq!(check("2026-11-20", "2026-11-22"), "deadline_past");
        assert_eq!(check("2026-11-25", "2026-11-24"), "date_order");
        assert_eq!(check("2026-11-25", "2026-12-25"), "");
        assert_eq!(check("2026-11-25", "2026-12-26"), "window_too_long");
    }

    fn indicator(code: &str, section: &str) -> Item {
        let words = |vi: &str| Words { vi: vi.to_owned(), en: None };
        Item {
            code: code.to_owned(),
            kind: ItemKind::Scale,
            text: words("?"),
            section: Some(Section { code: section.to_owned(), text: words(section) }),
            steps: Some(10),
            reverse: false,
            not_observed: true,
            anchors: None,
            options: None,
            correct: None,
        }
    }

    fn result(said: &[Said]) -> QualityResult {
        let items = [indicator("p1", "programme"), indicator("e1", "effect")];
        let scoring = Scoring { instrument: Instrument::Quality, max_blank_percent: Some(5), items: &items };
        QualityResult::of(&scoring, said)
    }

    fn said(group: RespondentGroup, forms: &[[Option<u8>; 2]]) -> Said {
        Said { group, invited: 12, forms: forms.iter().map(|form| form.to_vec()).collect() }
    }

    #[test]
    fn the_index_is_the_mean_of_the_groups_and_not_of_the_people() {
        let found = result(&[
            said(RespondentGroup::Learner, &[[Some(9), Some(9)]; 15]),
            said(RespondentGroup::Lecturer, &[[Some(7), Some(7)]; 5]),
        ]);
        assert_eq!((found.index.value(), found.band), (Some(8.0), Some(Band::Excellent)));
        assert_eq!(found.index.n(), Some(20));
        assert_eq!(found.criteria[0].mean.value(), Some(8.0));
        assert_eq!(found.groups[1].mean.value(), Some(7.0));
    }

    #[test]
    fn a_group_of_four_is_hidden_and_stays_out_of_the_index() {
        let found = result(&[
            said(RespondentGroup::Learner, &[[Some(9), Some(8)]; 6]),
            said(RespondentGroup::Lecturer, &[[Some(1), Some(1)]; 4]),
        ]);
        assert_eq!((found.index.value(), found.index.n()), (Some(8.5), Some(6)));
        let lecturers = &found.groups[1];
        assert_eq!((lecturers.mean.status(), lecturers.mean.n()), (Status::Suppressed, None));
        assert!(lecturers.criteria.is_empty() && lecturers.indicators.is_empty());
        let nothing = result(&[said(RespondentGroup::Learner, &[[Some(9), Some(8)]; 4])]);
        assert_eq!((nothing.index.status(), nothing.band), (Status::Suppressed, None));
        assert_eq!(result(&[said(RespondentGroup::Learner, &[])]).index.reason(), Some(Reason::NoAnswers));
    }

    /// Four saw the effect: their mean is in nothing that is shown.
    #[test]
    fn an_indicator_that_fewer_than_five_answered_is_in_no_mean() {
        let mut forms = [[Some(9), None]; 8];
        forms[..4].iter_mut().for_each(|form| form[1] = Some(1));
        let found = result(&[said(RespondentGroup::Learner, &forms)]);
        assert_eq!(found.index.value(), Some(9.0));
        let learners = &found.groups[0];
        assert_eq!(learners.indicators[1].mean.status(), Status::Suppressed);
        assert_eq!(learners.criteria[1].mean.status(), Status::Suppressed);
        assert_eq!(found.criteria[1].mean.status(), Status::Suppressed);
    }
}
