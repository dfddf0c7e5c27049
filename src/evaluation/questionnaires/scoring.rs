//! From a filled-in form to its one score: pure, without rounding until it is stored.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answers::{Answer, AnswerValue};
use super::instrument::Instrument;
use super::items::{Item, ItemKind, STATUTORY_STEPS};
use statistics::thresholds::SCALE_ANSWERED_PERCENT;

/// Unit of the score of a form: mean of scales of five steps (`points_of_5`) or of ten steps
/// (`points_of_10`), or share of right answers (`percent`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScoreUnit {
    /// Mean of scales of five steps.
    #[serde(rename = "points_of_5")]
    PointsOf5,
    /// Mean of scales of ten steps.
    #[serde(rename = "points_of_10")]
    PointsOf10,
    /// Right answers, percent.
    Percent,
}

/// What a score needs to know of a form.
#[derive(Debug, Clone, Copy)]
pub struct Scoring<'a> {
    /// What it is for.
    pub instrument: Instrument,
    /// More blank indicators than this, percent, make a filled-in form invalid.
    pub max_blank_percent: Option<i16>,
    /// What it asks.
    pub items: &'a [Item],
}

impl Scoring<'_> {
    /// The unit of its scores; none where a form has none.
    pub fn unit(&self) -> Option<ScoreUnit> {
        if self.instrument.is_test() {
            return Some(ScoreUnit::Percent);
        }
        let scale = self.items.iter().find(|item| item.kind == ItemKind::Scale)?;
        Some(if scale.highest() == STATUTORY_STEPS { ScoreUnit::PointsOf10 } else { ScoreUnit::PointsOf5 })
    }

    /// The score of answers in the order of the items: the percent of right answers of a test, a blank being a wrong
    /// one; otherwise the mean of the scales, if at least 80 % of them are answered and the form is valid.
    ///
    /// Rounded to four decimals: stored scores are later summed as whole numbers of ten-thousandths, so that a sum is
    /// exact and does not depend on the order of the rows.
    pub fn score(&self, answers: &[Answer]) -> Option<f64> {
        if !self.is_valid(answers) {
            return None;
        }
        let score = match self.unit()? {
            ScoreUnit::Percent => self.percent_right(answers),
            ScoreUnit::PointsOf5 | ScoreUnit::PointsOf10 => self.mean(answers),
        };
        score.map(|score| (score * 10_000.0).round() / 10_000.0)
    }

    /// Whether a filled-in form counts: no more than so many percent of its indicators, its scales, are left blank
    /// (Circular 10/2017/TT-BNV: 5 %; one of twenty is allowed, one of nineteen is not). "Not observed" is no blank.
    pub fn is_valid(&self, answers: &[Answer]) -> bool {
        let Some(allowed) = self.max_blank_percent.and_then(|percent| usize::try_from(percent).ok()) else {
            return true;
        };
        let indicators = self.scales(answers);
        let blank = indicators.iter().filter(|(item, answer)| answer.is_none() && !item.not_observed).count();
        blank * 100 <= allowed * indicators.len()
    }

    fn scales<'b>(&'b self, answers: &'b [Answer]) -> Vec<(&'b Item, Option<u8>)> {
        self.items
            .iter()
            .zip(answers)
            .filter(|(item, _)| item.kind == ItemKind::Scale)
            .map(|(item, answer)| (item, counted(item, answer)))
            .collect()
    }

    fn mean(&self, answers: &[Answer]) -> Option<f64> {
        let scales = self.scales(answers);
        let steps: Vec<u32> = scales.iter().filter_map(|(_, step)| step.map(u32::from)).collect();
        let enough = !steps.is_empty() && steps.len() * 100 >= scales.len() * SCALE_ANSWERED_PERCENT;
        enough.then(|| f64::from(steps.iter().sum::<u32>()) / steps.len() as f64)
    }

    fn percent_right(&self, answers: &[Answer]) -> Option<f64> {
        let questions: Vec<bool> = self
            .items
            .iter()
            .zip(answers)
            .filter_map(|(item, answer)| Some((item.correct.as_deref()?, answer)))
            .map(|(correct, answer)| answer.value == Some(AnswerValue::Text(correct.to_owned())))
            .collect();
        let right = questions.iter().filter(|right| **right).count();
        (!questions.is_empty()).then(|| 100.0 * right as f64 / questions.len() as f64)
    }
}

/// The step an answer counts as: of a reversed item the one as far from the other end.
pub fn counted(item: &Item, answer: &Answer) -> Option<u8> {
    let step = answer.value.as_ref()?.step(item.highest())?;
    Some(if item.reverse { item.highest() + 1 - step } else { step })
}

#[cfg(test)]
mod tests {
    use super::super::items::Words;
    use super::*;

    fn scale(steps: u8, reverse: bool, not_observed: bool) -> Item {
        Item {
            code: String::new(),
            kind: ItemKind::Scale,
            text: Words { vi: "?".to_owned(), en: None },
            section: None,
            steps: Some(steps),
            reverse,
            not_observed,
            anchors: None,
            options: None,
            correct: None,
        }
    }

    fn question(correct: Option<&str>) -> Item {
        Item {
            kind: ItemKind::Choice,
            steps: None,
            correct: correct.map(str::to_owned),
            ..scale(5, false, false)
        }
    }

    fn answer(value: Option<AnswerValue>) -> Answer {
        Answer { item: String::new(), value }
    }

    fn steps(values: &[Option<u8>]) -> Vec<Answer> {
        values.iter().map(|v| answer(v.map(|step| AnswerValue::Number(step.into())))).collect()
    }

    fn scoring(items: &[Item], max_blank_percent: Option<i16>) -> Scoring<'_> {
        Scoring { instrument: Instrument::Other, max_blank_percent, items }
    }

    #[test]
    fn a_mean_needs_four_of_five_answers() {
        let items = vec![scale(5, false, true); 5];
        let score = |values: &[Option<u8>]| scoring(&items, None).score(&steps(values));
        assert_eq!(score(&[Some(4), Some(4), Some(5), Some(3), Some(4)]), Some(4.0));
        assert_eq!(score(&[Some(4), Some(4), Some(5), Some(3), None]), Some(4.0));
        assert_eq!(score(&[Some(4), Some(4), Some(5), None, None]), None);
        assert_eq!(score(&[None; 5]), None);
        assert_eq!(scoring(&[], None).score(&[]), None);
    }

    #[test]
    fn reversed_items_count_from_the_other_end_of_their_scale() {
        let of = |steps_: u8, values: &[Option<u8>]| {
            scoring(&[scale(steps_, false, true), scale(steps_, true, true)], None).score(&steps(values))
        };
        assert_eq!(of(5, &[Some(5), Some(1)]), Some(5.0));
        assert_eq!(of(10, &[Some(10), Some(1)]), Some(10.0));
        assert_eq!(of(10, &[Some(7), Some(10)]), Some(4.0));
        assert_eq!(of(5, &[Some(6), Some(1)]), None, "no step of the scale");
    }

    #[test]
    fn a_stored_score_has_four_decimals() {
        let items = vec![scale(5, false, true); 3];
        let score = scoring(&items, None).score(&steps(&[Some(1), Some(2), Some(2)]));
        assert_eq!(score, Some(1.6667));
    }

    /// Circular 10/2017/TT-BNV.
    #[test]
    fn more_than_five_percent_blank_make_a_form_invalid() {
        let valid = |indicators: usize, blank: usize| {
            let items = vec![scale(10, false, false); indicators];
            let given: Vec<_> = (0..indicators).map(|i| (i >= blank).then_some(8)).collect();
            let form = scoring(&items, Some(5));
            assert_eq!(form.score(&steps(&given)).is_some(), form.is_valid(&steps(&given)));
            form.is_valid(&steps(&given))
        };
        assert!(valid(20, 1) && valid(40, 2) && valid(19, 0));
        assert!(!valid(20, 2) && !valid(19, 1) && !valid(40, 3));
    }

    #[test]
    fn not_observed_is_no_blank_and_a_form_without_the_rule_has_none() {
        let items = vec![scale(10, false, true), scale(10, false, false)];
        let form = scoring(&items, Some(5));
        assert!(form.is_valid(&steps(&[None, Some(3)])));
        assert!(!form.is_valid(&steps(&[Some(3), None])));
        assert!(scoring(&items, None).is_valid(&steps(&[None, None])));
        assert_eq!(form.score(&steps(&[None, Some(3)])), None, "half of it is no mean");
    }

    #[test]
    fn a_test_is_scored_in_percent_of_right_answers_and_a_blank_is_wrong() {
        let mut items = vec![question(Some("a")); 3];
        items.push(question(None));
        items.push(scale(5, false, true));
        let form = Scoring { instrument: Instrument::Knowledge, max_blank_percent: None, items: &items };
        assert_eq!(form.unit(), Some(ScoreUnit::Percent));
        let text = |code: &str| answer(Some(AnswerValue::Text(code.to_owned())));
        let given = |first, second, third| {
            form.score(&[first, second, third, text("a"), steps(&[Some(1)]).remove(0)])
        };
        assert_eq!(given(text("a"), text("a"), text("a")), Some(100.0));
        assert_eq!(given(text("a"), text("b"), answer(None)), Some(33.3333));
        assert_eq!(given(answer(None), answer(None), answer(None)), Some(0.0));
    }

    #[test]
    fn the_unit_follows_from_the_form() {
        let unit = |items: &[Item]| scoring(items, None).unit();
        assert_eq!(unit(&[question(None), scale(10, false, false)]), Some(ScoreUnit::PointsOf10));
        assert_eq!(unit(&[scale(5, false, false)]), Some(ScoreUnit::PointsOf5));
        assert_eq!(unit(&[question(None)]), None);
    }
}
