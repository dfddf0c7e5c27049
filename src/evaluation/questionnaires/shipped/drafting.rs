//! The parts of which forms are drafted: words in both languages, scales, and items.

use super::super::instrument::{Audience, Instrument, Mould};
use super::super::items::{Item, ItemKind, STATUTORY_STEPS, USUAL_STEPS, Words};
use super::super::model::Draft;

/// Code of an item, what it says in Vietnamese, and in English.
pub(super) type Phrase = (&'static str, &'static str, &'static str);

/// The words of the five steps of a scale, from 1 on, in Vietnamese and in English.
pub(super) type Steps = [(&'static str, &'static str); 5];

/// How often something was so.
pub(super) const FREQUENCY: Steps = [
    ("Không bao giờ", "Never"),
    ("Hiếm khi", "Rarely"),
    ("Thỉnh thoảng", "Sometimes"),
    ("Thường xuyên", "Often"),
    ("Luôn luôn", "Always"),
];

/// How far one agrees.
pub(super) const AGREEMENT: Steps = [
    ("Hoàn toàn không đồng ý", "Strongly disagree"),
    ("Không đồng ý", "Disagree"),
    ("Trung lập", "Neither agree nor disagree"),
    ("Đồng ý", "Agree"),
    ("Hoàn toàn đồng ý", "Strongly agree"),
];

/// The ends of a scale of ten.
const ENDS: [(&str, &str); 2] =
    [("Hoàn toàn không hài lòng", "Not satisfied at all"), ("Hoàn toàn hài lòng", "Wholly satisfied")];

pub(super) fn words(vi: &str, en: &str) -> Words {
    Words { vi: vi.to_owned(), en: Some(en.to_owned()) }
}

pub(super) fn item(code: &str, kind: ItemKind, text: Words) -> Item {
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

pub(super) fn scales(phrases: &[Phrase], steps: &Steps) -> Vec<Item> {
    let items = of_kind(ItemKind::Scale, phrases).into_iter();
    items.map(|item| Item { anchors: Some(worded(steps)), ..item }).collect()
}

pub(super) fn texts(phrases: &[Phrase]) -> Vec<Item> {
    of_kind(ItemKind::Text, phrases)
}

/// The words of a scale whose author gives none: how often, from never to always; of ten steps the two ends.
pub fn anchors(steps: Option<u8>) -> Vec<Words> {
    if steps == Some(STATUTORY_STEPS) { worded(&ENDS) } else { worded(&FREQUENCY) }
}

pub(super) fn worded(steps: &[(&str, &str)]) -> Vec<Words> {
    steps.iter().map(|(vi, en)| words(vi, en)).collect()
}

/// The first revision of a form, which is for what its code says.
pub(super) fn draft(code: &str, title: (&str, &str), introduction: (&str, &str), items: Vec<Item>) -> Draft {
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
