//! The arithmetic of the statutory index (Circular 10/2017/TT-BNV): means by indicator, criterion and group of
//! respondents, one general index of 0 to 10, and its band. Pure; nothing is rounded.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answers::Answer;
use super::items::ItemKind;
use super::scoring::{Scoring, counted};

/// Float noise in a mean of means, which must not decide about a band; a thousand times smaller than any difference
/// that real answers can make.
const NOISE: f64 = 1e-9;

/// Band of the general index, 0 to 10: `poor` (below 2), `weak` (2 to below 4), `average` (4 to below 6),
/// `good` (6 to below 8) or `excellent` (8 and above).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// 0 to under 2.
    Poor,
    /// 2 to under 4.
    Weak,
    /// 4 to under 6.
    Average,
    /// 6 to under 8.
    Good,
    /// 8 to 10.
    Excellent,
}

impl Band {
    /// The band of an index as it was computed: it is not rounded first, so 7.999 is not excellent.
    pub fn of(index: f64) -> Option<Self> {
        let bands = [
            (2.0, Self::Poor),
            (4.0, Self::Weak),
            (6.0, Self::Average),
            (8.0, Self::Good),
            (10.0 + 2.0 * NOISE, Self::Excellent),
        ];
        let found = bands.into_iter().find(|(below, _)| index + NOISE < *below);
        found.map(|(_, band)| band).filter(|_| index >= 0.0)
    }
}

/// The steps of one valid form, by indicator in the order of the form; none where blank or not observed.
pub type Steps = Vec<Option<u8>>;

/// The steps of a filled-in form; none of an invalid one.
pub fn steps(scoring: &Scoring<'_>, answers: &[Answer]) -> Option<Steps> {
    scoring.is_valid(answers).then(|| {
        let indicators = scoring.items.iter().zip(answers).filter(|(item, _)| item.kind == ItemKind::Scale);
        indicators.map(|(item, answer)| counted(item, answer)).collect()
    })
}

/// A mean of something with a code.
#[derive(Debug, Clone, PartialEq)]
pub struct Mean {
    /// Code of the indicator or criterion.
    pub code: String,
    /// None where nobody answered.
    pub mean: Option<f64>,
}

/// What one group of respondents says.
#[derive(Debug, Clone, PartialEq)]
pub struct Means {
    /// By indicator, of all who answered it.
    pub indicators: Vec<Mean>,
    /// By criterion, of its indicators.
    pub criteria: Vec<Mean>,
    /// Of all indicators: each counts the same, however many left it out.
    pub overall: Option<f64>,
}

impl Means {
    /// Of the valid forms of a group. What fewer than `floor` answered has no mean and is in none: shown beside the
    /// others, a mean with it would give it away.
    pub fn of(scoring: &Scoring<'_>, forms: &[Steps], floor: usize) -> Self {
        let scales = scoring.items.iter().filter(|item| item.kind == ItemKind::Scale);
        let mut criteria: Vec<(String, Vec<f64>)> = Vec::new();
        let mut indicators = Vec::new();
        for (place, item) in scales.enumerate() {
            let given: Vec<f64> =
                forms.iter().filter_map(|form| form.get(place).copied().flatten().map(f64::from)).collect();
            let mean = if given.len() < floor { None } else { mean(given) };
            let section = item.section.as_ref().map(|section| section.code.as_str()).unwrap_or_default();
            match criteria.iter_mut().find(|(code, _)| code == section) {
                Some((_, means)) => means.extend(mean),
                None => criteria.push((section.to_owned(), mean.into_iter().collect())),
            }
            indicators.push(Mean { code: item.code.clone(), mean });
        }
        Self {
            overall: mean(indicators.iter().filter_map(|indicator| indicator.mean)),
            criteria: criteria.into_iter().map(|(code, means)| Mean { code, mean: mean(means) }).collect(),
            indicators,
        }
    }
}

fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.into_iter().fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

/// What a group's mean weighs in the general index. How Annex 2 of Circular 10/2017 combines the groups was not seen:
/// unless said otherwise every group weighs the same, however many it has.
pub const EQUAL_WEIGHT: f64 = 1.0;

/// The general index, or that of a criterion: the weighted mean of the groups' means. A group that says nothing has no
/// weight; none where no group says anything.
pub fn combined(groups: &[(f64, Option<f64>)]) -> Option<f64> {
    let speaking: Vec<(f64, f64)> = groups
        .iter()
        .filter(|(weight, _)| *weight > 0.0)
        .filter_map(|(w, mean)| Some((*w, (*mean)?)))
        .collect();
    let weight: f64 = speaking.iter().map(|(weight, _)| weight).sum();
    (!speaking.is_empty()).then(|| speaking.iter().map(|(weight, mean)| weight * mean).sum::<f64>() / weight)
}

#[cfg(test)]
mod tests {
    use super::super::instrument::Instrument;
    use super::super::items::{Item, Section, Words};
    use super::super::{AnswerValue, shipped};
    use super::*;

    #[test]
    fn bands_are_not_rounded_into() {
        let cases = [
            (0.0, Some(Band::Poor)),
            (1.999, Some(Band::Poor)),
            (2.0, Some(Band::Weak)),
            (3.999, Some(Band::Weak)),
            (4.0, Some(Band::Average)),
            (5.999, Some(Band::Average)),
            (6.0, Some(Band::Good)),
            (7.99, Some(Band::Good)),
            (7.999, Some(Band::Good)),
            (8.0, Some(Band::Excellent)),
            (10.0, Some(Band::Excellent)),
            (-0.1, None),
            (10.1, None),
            (f64::NAN, None),
        ];
        for (index, band) in cases {
            assert_eq!(Band::of(index), band, "{index}");
        }
        assert_eq!(Band::of((8.3 + 8.1 + 7.6) / 3.0), Some(Band::Excellent), "eight, but for float noise");
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
            not_observed: false,
            anchors: None,
            options: None,
            correct: None,
        }
    }

    fn form(items: &[Item]) -> Scoring<'_> {
        Scoring { instrument: Instrument::Quality, max_blank_percent: Some(5), items }
    }

    #[test]
    fn means_go_from_indicators_to_criteria_to_the_group() {
        let items = [indicator("p1", "programme"), indicator("p2", "programme"), indicator("c1", "course")];
        let forms = vec![vec![Some(8), Some(6), Some(10)], vec![Some(10), None, Some(9)]];
        let means = Means::of(&form(&items), &forms, 1);
        let of = |list: &[Mean]| list.iter().map(|m| (m.code.clone(), m.mean)).collect::<Vec<_>>();
        let named = |code: &str, mean| (code.to_owned(), Some(mean));
        assert_eq!(of(&means.indicators), [named("p1", 9.0), named("p2", 6.0), named("c1", 9.5)]);
        assert_eq!(of(&means.criteria), [named("programme", 7.5), named("course", 9.5)]);
        assert_eq!(means.overall, Some(24.5 / 3.0));
        let both = Means::of(&form(&items), &forms, 2);
        assert_eq!((both.indicators[1].mean, both.criteria[0].mean), (None, Some(9.0)));
        assert_eq!(both.overall, Some(9.25), "what one alone answered is in no mean");
        let nobody = Means::of(&form(&items), &[], 1);
        assert!(nobody.overall.is_none() && nobody.criteria.iter().all(|m| m.mean.is_none()));
    }

    #[test]
    fn groups_weigh_the_same_unless_said_otherwise() {
        let equal = |means: &[Option<f64>]| {
            combined(&means.iter().map(|mean| (EQUAL_WEIGHT, *mean)).collect::<Vec<_>>())
        };
        assert_eq!(equal(&[Some(9.0), Some(7.0)]), Some(8.0));
        assert_eq!(equal(&[Some(9.0), None]), Some(9.0));
        assert_eq!(equal(&[None, None]), None);
        assert_eq!(combined(&[(3.0, Some(9.0)), (1.0, Some(5.0))]), Some(8.0));
        assert_eq!(combined(&[(0.0, Some(9.0)), (1.0, Some(5.0))]), Some(5.0));
    }

    #[test]
    fn invalid_forms_do_not_count() {
        let shipped = shipped::quality_03_2023();
        let scoring = form(&shipped.items);
        let answers = |blank: usize| -> Vec<Answer> {
            let value = |i: usize| (i >= blank).then(|| AnswerValue::Number(8.into()));
            let kinds = shipped.items.iter().enumerate();
            kinds
                .map(|(i, item)| Answer {
                    item: item.code.clone(),
                    value: value(i).filter(|_| item.kind == ItemKind::Scale),
                })
                .collect()
        };
        let valid = steps(&scoring, &answers(1)).expect("one blank of thirty-two");
        assert_eq!(valid.iter().flatten().count(), valid.len() - 1);
        assert!(steps(&scoring, &answers(2)).is_none());
    }
}
