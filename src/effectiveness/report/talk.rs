//! What stood in the way of using what was learned, beside what was achieved: whom to talk to.
//!
//! A pure rule. Conditions at work are the unit heads' affair and the course is the institute's; where conditions are poor
//! and nothing was achieved, which of the two is the reason cannot be said, so both are asked.

use serde::Serialize;
use utoipa::ToSchema;

use super::sentence_dto::SentenceDto;
use crate::effectiveness::measures::behaviour::Headline;
use crate::effectiveness::measures::form_items::FormItems;
use crate::evaluation::questionnaires::ENVIRONMENT_ITEMS;
use crate::i18n::text;
use statistics::Verdict;

/// How conditions at work were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "poor")]
pub enum Conditions {
    /// At least one of them is a barrier.
    Poor,
    /// All six are known, and none was rated as a barrier, that is below "sometimes" on average.
    Good,
    /// Too few learners answered, or some conditions are hidden and none of the others is a barrier.
    Unknown,
}

/// What was achieved, by the verdict against comparable colleagues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "none")]
pub enum Achieved {
    /// Work got better than that of colleagues.
    Improvement,
    /// It practically did not change beside theirs.
    None,
    /// It got worse beside theirs.
    Worse,
    /// That cannot be said, or there is nobody to compare with.
    Unknown,
}

/// With whom to begin to talk; not who is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "both")]
pub enum TalkTo {
    /// The heads of the units: conditions at work are poor.
    UnitHeads,
    /// The institute: no condition is a barrier, and nothing was achieved.
    Institute,
    /// Both: conditions are poor, and nothing was achieved.
    Both,
    /// Nobody yet: too little is known.
    NobodyYet,
    /// Nobody: no condition is a barrier, and work got better.
    Nobody,
}

/// What stood in the way of using what was learned, beside what was achieved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"conditions": "poor", "achieved": "none", "talk_to": "both",
    "sentence": {"vi": "Điều kiện áp dụng còn hạn chế và công việc chưa tốt lên: nên bắt đầu trao đổi với cả thủ trưởng đơn vị và cơ sở đào tạo, bồi dưỡng; điều này không có nghĩa là bên nào có lỗi.", "en": "Conditions at work were poor and work did not get better: begin with both the heads of the units and the institute; this does not say who is at fault."}}))]
pub struct BarriersBesideEffect {
    /// How conditions at work were, by `environment`.
    pub conditions: Conditions,
    /// What was achieved, by the verdict of `behaviour` where the headline is the difference.
    pub achieved: Achieved,
    /// Whom to talk to.
    pub talk_to: TalkTo,
    /// The same in words.
    pub sentence: SentenceDto,
}

impl Conditions {
    /// By the conditions that may be shown of those that the form asks for.
    pub fn of(form_items: &FormItems) -> Self {
        let known = form_items.items.iter().filter(|form_item| form_item.mean.value().is_some()).count();
        match (form_items.barriers().is_empty(), known == ENVIRONMENT_ITEMS.len()) {
            (false, _) => Self::Poor,
            (true, true) => Self::Good,
            (true, false) => Self::Unknown,
        }
    }
}

impl Achieved {
    /// By a verdict; without colleagues to compare with, a change says nothing of the course.
    pub fn of(headline: Headline, verdict: Option<Verdict>) -> Self {
        match (headline, verdict) {
            (Headline::Change, _) | (_, None | Some(Verdict::CannotTellYet)) => Self::Unknown,
            (_, Some(Verdict::ClearImprovement | Verdict::ImprovementSizeUncertain)) => Self::Improvement,
            (_, Some(Verdict::PracticallyNoChange)) => Self::None,
            (_, Some(Verdict::Worse)) => Self::Worse,
        }
    }
}

impl TalkTo {
    /// The rule.
    pub const fn of(conditions: Conditions, achieved: Achieved) -> Self {
        match (conditions, achieved) {
            (Conditions::Poor, Achieved::None | Achieved::Worse) => Self::Both,
            (Conditions::Poor, Achieved::Improvement | Achieved::Unknown) => Self::UnitHeads,
            (Conditions::Good, Achieved::None | Achieved::Worse) => Self::Institute,
            (Conditions::Good, Achieved::Improvement) => Self::Nobody,
            (Conditions::Good, Achieved::Unknown) | (Conditions::Unknown, _) => Self::NobodyYet,
        }
    }
}

impl BarriersBesideEffect {
    /// What the rule says of conditions and effect.
    pub fn of(conditions: Conditions, achieved: Achieved) -> Self {
        Self {
            conditions,
            achieved,
            talk_to: TalkTo::of(conditions, achieved),
            sentence: SentenceDto::of(|locale| text(locale, &key(conditions, achieved), &[])),
        }
    }
}

/// There is a sentence for every combination, by two names.
fn key(conditions: Conditions, achieved: Achieved) -> String {
    let conditions = match conditions {
        Conditions::Poor => "poor",
        Conditions::Good => "good",
        Conditions::Unknown => "unknown",
    };
    let achieved = match achieved {
        Achieved::Improvement => "improvement",
        Achieved::None => "none",
        Achieved::Worse => "worse",
        Achieved::Unknown => "unknown",
    };
    format!("talk-{conditions}-{achieved}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effectiveness::measures::form_items::FormItem;
    use crate::i18n::{Locale, find};
    use statistics::{Figure, Reason, Unit};

    const CONDITIONS: [Conditions; 3] = [Conditions::Poor, Conditions::Good, Conditions::Unknown];
    const ACHIEVED: [Achieved; 4] =
        [Achieved::Improvement, Achieved::None, Achieved::Worse, Achieved::Unknown];

    #[test]
    fn whom_to_talk_to_by_every_combination() {
        use TalkTo::{Both, Institute, Nobody, NobodyYet, UnitHeads};
        let expected = [
            [UnitHeads, Both, Both, UnitHeads],
            [Nobody, Institute, Institute, NobodyYet],
            [NobodyYet, NobodyYet, NobodyYet, NobodyYet],
        ];
        for (conditions, row) in CONDITIONS.into_iter().zip(expected) {
            for (achieved, whom) in ACHIEVED.into_iter().zip(row) {
                assert_eq!(TalkTo::of(conditions, achieved), whom, "{conditions:?} {achieved:?}");
            }
        }
    }

    #[test]
    fn every_combination_has_a_sentence_that_names_whom() {
        for conditions in CONDITIONS {
            for achieved in ACHIEVED {
                let say = |locale| find(locale, &key(conditions, achieved), &[]).expect("a sentence");
                let (vi, en) = (say(Locale::Vi), say(Locale::En));
                let [heads, institute] =
                    ["thủ trưởng đơn vị", "cơ sở đào tạo, bồi dưỡng"].map(|who| vi.contains(who));
                let named = match TalkTo::of(conditions, achieved) {
                    TalkTo::UnitHeads => [true, false],
                    TalkTo::Institute => [false, true],
                    TalkTo::Both => [true, true],
                    TalkTo::NobodyYet | TalkTo::Nobody => [false, false],
                };
                assert_eq!([heads, institute], named, "{vi}");
                let english = ["heads of the units", "institute"].map(|who| en.contains(who));
                assert_eq!(english, named, "{en}");
            }
        }
    }

    #[test]
    fn only_a_difference_from_colleagues_is_an_effect() {
        use Verdict::{
            CannotTellYet, ClearImprovement, ImprovementSizeUncertain, PracticallyNoChange, Worse,
        };
        let verdicts = [
            (Some(ClearImprovement), Achieved::Improvement),
            (Some(ImprovementSizeUncertain), Achieved::Improvement),
            (Some(PracticallyNoChange), Achieved::None),
            (Some(Worse), Achieved::Worse),
            (Some(CannotTellYet), Achieved::Unknown),
            (None, Achieved::Unknown),
        ];
        for (verdict, expected) in verdicts {
            assert_eq!(Achieved::of(Headline::Difference, verdict), expected, "{verdict:?}");
            assert_eq!(Achieved::of(Headline::Change, verdict), Achieved::Unknown, "{verdict:?}");
        }
    }

    #[test]
    fn hidden_conditions_are_not_good_ones_and_one_barrier_is_enough() {
        let figure = |mean: Option<f64>| match mean {
            Some(mean) => Figure::ok(mean, None, Unit::PointsOf5, 12),
            None => Figure::closed(Reason::SmallGroups, Unit::PointsOf5, 12),
        };
        let of = |means: &[Option<f64>]| {
            let form_item =
                |mean: &Option<f64>| FormItem { item: "time", mean: figure(*mean), bottom_two: figure(None) };
            let form_items =
                FormItems { response_rate: figure(None), items: means.iter().map(form_item).collect() };
            Conditions::of(&form_items)
        };
        let with = |last: [Option<f64>; 2]| of(&[[Some(4.0); 4].as_slice(), &last].concat());
        assert_eq!(with([Some(4.0), Some(3.0)]), Conditions::Good, "exactly the limit");
        assert_eq!(with([Some(4.0), Some(2.9)]), Conditions::Poor);
        assert_eq!(with([None, Some(2.9)]), Conditions::Poor);
        assert_eq!(with([None, Some(4.0)]), Conditions::Unknown);
        assert_eq!(of(&[Some(4.0); 5]), Conditions::Unknown);
        assert_eq!(of(&[]), Conditions::Unknown);
    }
}
