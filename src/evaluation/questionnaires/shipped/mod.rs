//! The forms that come with the service, in words. Each item asks one thing, on a scale that fits it: how often, where
//! something was done or was so; how far one agrees, where learners judge a course; how far one is satisfied in the
//! statutory forms, since that is how quality is defined (Circular 10/2017/TT-BNV, Art. 2).
//!
//! A form is published once, when it is first needed, and is what the ministry asks from then on until an officer
//! publishes another revision: other words here reach only those who have not asked it yet.

mod behaviour;
mod beneficiary;
mod environment;
mod quality;
mod reaction;

use super::instrument::{Instrument, Mould};
use super::items::{Item, ItemKind, STATUTORY_STEPS, USUAL_STEPS, Words};
use super::model::{Audience, Draft};

pub use behaviour::{Taught, made_of_course};
pub use beneficiary::{BENEFICIARY_ITEMS, beneficiary};
pub use environment::{ENVIRONMENT_ITEMS, environment};
pub use quality::{quality_03_2023, quality_10_2017};
pub use reaction::{COMMENTS_PER_REACTION, REACTION_SCALES, reaction};

/// Code of an item, what it says in Vietnamese, and in English.
type Phrase = (&'static str, &'static str, &'static str);

/// The words of the five steps of a scale, from 1 on, in Vietnamese and in English.
type Steps = [(&'static str, &'static str); 5];

/// How often something was so.
const FREQUENCY: Steps = [
    ("Không bao giờ", "Never"),
    ("Hiếm khi", "Rarely"),
    ("Thỉnh thoảng", "Sometimes"),
    ("Thường xuyên", "Often"),
    ("Luôn luôn", "Always"),
];

/// How far one agrees.
const AGREEMENT: Steps = [
    ("Hoàn toàn không đồng ý", "Strongly disagree"),
    ("Không đồng ý", "Disagree"),
    ("Trung lập", "Neither agree nor disagree"),
    ("Đồng ý", "Agree"),
    ("Hoàn toàn đồng ý", "Strongly agree"),
];

/// The ends of a scale of ten.
const ENDS: [(&str, &str); 2] =
    [("Hoàn toàn không hài lòng", "Not satisfied at all"), ("Hoàn toàn hài lòng", "Wholly satisfied")];

fn words(vi: &str, en: &str) -> Words {
    Words { vi: vi.to_owned(), en: Some(en.to_owned()) }
}

fn item(code: &str, kind: ItemKind, text: Words) -> Item {
    let is_scale = kind == ItemKind::Scale;
    Item {
        code: code.to_owned(),
        kind,
        text,
        section: None,
        steps: is_scale.then_some(USUAL_STEPS),
        reverse: false,
        not_observed: is_scale,
        anchors: is_scale.then(|| anchors(None)),
        options: None,
        correct: None,
    }
}

fn of_kind(kind: ItemKind, phrases: &[Phrase]) -> Vec<Item> {
    phrases.iter().map(|(code, vi, en)| item(code, kind, words(vi, en))).collect()
}

fn scales(phrases: &[Phrase], steps: &Steps) -> Vec<Item> {
    let items = of_kind(ItemKind::Scale, phrases).into_iter();
    items.map(|item| Item { anchors: Some(worded(steps)), ..item }).collect()
}

fn texts(phrases: &[Phrase]) -> Vec<Item> {
    of_kind(ItemKind::Text, phrases)
}

/// The words of a scale whose author gives none: how often, from never to always; of ten steps the two ends.
pub fn anchors(steps: Option<u8>) -> Vec<Words> {
    if steps == Some(STATUTORY_STEPS) { worded(&ENDS) } else { worded(&FREQUENCY) }
}

fn worded(steps: &[(&str, &str)]) -> Vec<Words> {
    steps.iter().map(|(vi, en)| words(vi, en)).collect()
}

/// What the code of the test before a course ends in.
const FIRST_TEST: &str = "-a";
/// What the code of the test after a course ends in.
pub const SECOND_TEST: &str = "-b";

/// The codes of the two parallel tests of a course: the first is asked before it, the second after it.
pub fn knowledge_codes(course: &str) -> [String; 2] {
    [FIRST_TEST, SECOND_TEST].map(|form| format!("{}{course}{form}", Instrument::Knowledge.prefix()))
}

/// The first revision of a form, which is for what its code says.
fn draft(code: &str, title: (&str, &str), introduction: (&str, &str), items: Vec<Item>) -> Draft {
    let own = Mould { level: 1, audience: Audience::Learner, is_anonymous: false, of_course: false };
    let mould = Instrument::of(code).mould().unwrap_or(own);
    Draft {
        code: code.to_owned(),
        revision: 1,
        title: title.0.to_owned(),
        title_en: Some(title.1.to_owned()),
        introduction: Some(words(introduction.0, introduction.1)),
        level: mould.level,
        audience: mould.audience,
        course_id: None,
        is_anonymous: mould.is_anonymous,
        legal_basis: None,
        max_blank_percent: None,
        items,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_form_may_be_published_and_speaks_both_languages() {
        for form in [reaction(), environment(), beneficiary(), quality_10_2017(), quality_03_2023()] {
            let faults = form.faults();
            assert!(faults.is_empty(), "{}: {faults:?}", form.code);
            assert!(form.title_en.is_some() && form.introduction.is_some());
            let both = |words: &Words| {
                let en = words.en.as_ref().expect("English");
                [words.vi.chars().count(), en.chars().count()].iter().all(|n| (1..=1000).contains(n))
            };
            for item in &form.items {
                let parts = item.anchors.iter().flatten().chain(item.section.as_ref().map(|s| &s.text));
                let options = item.options.iter().flatten().map(|option| &option.text);
                assert!(parts.chain(options).chain([&item.text]).all(both), "{}", item.code);
            }
            assert!(both(form.introduction.as_ref().expect("an introduction")));
        }
    }

    #[test]
    fn learners_say_how_far_they_agree_and_everybody_else_how_often() {
        for (form, steps) in [(reaction(), AGREEMENT), (environment(), FREQUENCY), (beneficiary(), FREQUENCY)]
        {
            let scales = form.items.iter().filter(|item| item.kind == ItemKind::Scale);
            for item in scales {
                assert_eq!(item.anchors, Some(worded(&steps)), "{} {}", form.code, item.code);
            }
        }
    }
}
