//! The forms that come with the service, in words. Scales ask how often something was so, not how far one agrees; the
//! statutory ones how far one is satisfied, since that is how quality is defined (Circular 10/2017/TT-BNV, Art. 2).

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

/// The steps of every usual scale, from 1 to 5.
const ANCHORS: [(&str, &str); 5] = [
    ("Không bao giờ", "Never"),
    ("Hiếm khi", "Rarely"),
    ("Thỉnh thoảng", "Sometimes"),
    ("Thường xuyên", "Often"),
    ("Luôn luôn", "Always"),
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

fn scales(phrases: &[Phrase]) -> Vec<Item> {
    of_kind(ItemKind::Scale, phrases)
}

fn texts(phrases: &[Phrase]) -> Vec<Item> {
    of_kind(ItemKind::Text, phrases)
}

/// The words of a scale whose author gives none: how often, from never to always; of ten steps the two ends.
pub fn anchors(steps: Option<u8>) -> Vec<Words> {
    let words_of = |list: &[(&str, &str)]| list.iter().map(|(vi, en)| words(vi, en)).collect();
    if steps == Some(STATUTORY_STEPS) { words_of(&ENDS) } else { words_of(&ANCHORS) }
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
}
