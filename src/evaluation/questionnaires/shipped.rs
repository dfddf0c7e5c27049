//! The forms that come with the service, in words. Scales ask how often something was so, not how far one agrees.

use uuid::Uuid;

use super::instrument::{Instrument, Mould};
use super::items::{Item, ItemKind, STATUTORY_STEPS, USUAL_STEPS, Words};
use super::model::{Audience, Draft};

/// Scales of the reaction form with their number of items; an item's code is `<scale>_<number>`.
pub const REACTION_SCALES: [(&str, usize); 4] =
    [("relevance", 4), ("engagement", 3), ("lecturer", 4), ("organisation", 3)];
/// Free texts at the end of the reaction form: `comment_1`, `comment_2`.
pub const COMMENTS_PER_REACTION: usize = 2;

/// The steps of every usual scale, from 1 to 5.
const ANCHORS: [(&str, &str); 5] = [
    ("Không bao giờ", "Never"),
    ("Hiếm khi", "Rarely"),
    ("Thỉnh thoảng", "Sometimes"),
    ("Thường xuyên", "Often"),
    ("Luôn luôn", "Always"),
];

/// The ends of a scale of ten: quality is how far those concerned are satisfied (Circular 10/2017/TT-BNV, Art. 2).
const ENDS: [(&str, &str); 2] =
    [("Hoàn toàn không hài lòng", "Not satisfied at all"), ("Hoàn toàn hài lòng", "Wholly satisfied")];

const REACTION_ITEMS: [(&str, &str, &str); 14] = [
    (
        "relevance_1",
        "Nội dung học gắn với công việc tôi đang làm.",
        "What was taught had to do with the work I do.",
    ),
    (
        "relevance_2",
        "Ví dụ và bài tập lấy từ tình huống thật của cơ quan.",
        "Examples and exercises came from real situations of my office.",
    ),
    (
        "relevance_3",
        "Tôi thấy ngay cách áp dụng điều vừa học vào việc của mình.",
        "I saw at once how to use what I had learned in my work.",
    ),
    (
        "relevance_4",
        "Nội dung học là điều tôi chưa biết và cần biết.",
        "What was taught was new to me, and needed.",
    ),
    ("engagement_1", "Tôi tập trung suốt buổi học.", "I was attentive through the whole session."),
    (
        "engagement_2",
        "Tôi được thực hành, thảo luận, đặt câu hỏi.",
        "I could practise, discuss and ask questions.",
    ),
    ("engagement_3", "Nhịp độ buổi học vừa với tôi.", "The pace of the sessions suited me."),
    ("lecturer_1", "Giảng viên nắm chắc nội dung.", "The lecturers mastered their subject."),
    ("lecturer_2", "Giảng viên trình bày dễ hiểu.", "The lecturers explained clearly."),
    ("lecturer_3", "Giảng viên trả lời đúng điều người học hỏi.", "The lecturers answered what was asked."),
    (
        "lecturer_4",
        "Giảng viên góp ý cho bài làm của người học.",
        "The lecturers commented on what learners had done.",
    ),
    (
        "organisation_1",
        "Lịch học và thông báo đến kịp thời, đúng như đã báo.",
        "Timetable and notices came in time and were kept.",
    ),
    ("organisation_2", "Tài liệu đầy đủ và dùng được.", "The material was complete and of use."),
    (
        "organisation_3",
        "Phòng học, thiết bị hoặc nền tảng trực tuyến hoạt động tốt.",
        "Rooms, equipment or the online platform worked well.",
    ),
];

const REACTION_COMMENTS: [(&str, &str, &str); COMMENTS_PER_REACTION] = [
    (
        "comment_1",
        "Điều gì trong khóa học giúp ích nhiều nhất cho công việc của Anh/Chị? (Không ghi tên.)",
        "What in the course helps your work most? (Please give no names.)",
    ),
    (
        "comment_2",
        "Cần thay đổi điều gì để khóa học có ích hơn? (Không ghi tên.)",
        "What should change to make the course more useful? (Please give no names.)",
    ),
];

fn words(vi: &str, en: &str) -> Words {
    Words { vi: vi.to_owned(), en: Some(en.to_owned()) }
}

fn item(code: String, kind: ItemKind, text: Words) -> Item {
    let is_scale = kind == ItemKind::Scale;
    Item {
        code,
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

/// The words of a scale whose author gives none: how often, from never to always; of ten steps the two ends.
pub fn anchors(steps: Option<u8>) -> Vec<Words> {
    let words_of = |list: &[(&str, &str)]| list.iter().map(|(vi, en)| words(vi, en)).collect();
    if steps == Some(STATUTORY_STEPS) { words_of(&ENDS) } else { words_of(&ANCHORS) }
}

/// The codes of the two parallel tests of a course: the first is asked before it, the second after it.
pub fn knowledge_codes(course: &str) -> [String; 2] {
    ["a", "b"].map(|form| format!("{}{course}-{form}", Instrument::Knowledge.prefix()))
}

/// The learner's form: relevance 4, engagement 3, lecturer 4, organisation 3, and two free texts.
pub fn reaction() -> Draft {
    let scales =
        REACTION_ITEMS.iter().map(|(code, vi, en)| item((*code).to_owned(), ItemKind::Scale, words(vi, en)));
    let comments = REACTION_COMMENTS
        .iter()
        .map(|(code, vi, en)| item((*code).to_owned(), ItemKind::Text, words(vi, en)));
    draft(
        Instrument::Reaction.prefix(),
        "Phiếu lấy ý kiến học viên khi kết thúc khóa học",
        scales.chain(comments).collect(),
    )
}

/// The first revision of a form, which is for what its code says.
fn draft(code: &str, title: &str, items: Vec<Item>) -> Draft {
    let own = Mould { level: 1, audience: Audience::Learner, is_anonymous: false, of_course: false };
    let mould = Instrument::of(code).mould().unwrap_or(own);
    Draft {
        code: code.to_owned(),
        revision: 1,
        title: title.to_owned(),
        level: mould.level,
        audience: mould.audience,
        course_id: None,
        is_anonymous: mould.is_anonymous,
        legal_basis: None,
        max_blank_percent: None,
        items,
    }
}

/// The supervisor's form of a course: its behaviours as `b1`, `b2`, ..., each rated by how often it was seen in the
/// last four weeks.
pub fn behaviour(course_id: Uuid, course_code: &str, course_title: &str, behaviours: &[String]) -> Draft {
    let items = behaviours.iter().enumerate().map(|(i, text)| {
        let text = Words { vi: text.clone(), en: None };
        item(format!("b{}", i + 1), ItemKind::Scale, text)
    });
    let code = format!("{}{course_code}", Instrument::Behaviour.prefix());
    let title = format!("Trong 4 tuần qua, mức độ thường xuyên của hành vi trong công việc: {course_title}");
    Draft { course_id: Some(course_id), ..draft(&code, &title, items.collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reaction_form_has_the_scales_it_says() {
        let form = reaction();
        for (scale, number) in REACTION_SCALES {
            let codes: Vec<_> = (1..=number).map(|n| format!("{scale}_{n}")).collect();
            let found: Vec<_> = form
                .items
                .iter()
                .filter(|i| i.kind == ItemKind::Scale && i.code.starts_with(scale))
                .map(|i| i.code.clone())
                .collect();
            assert_eq!(found, codes);
        }
        let comments = form.items.iter().filter(|i| i.kind == ItemKind::Text).count();
        assert_eq!(comments, COMMENTS_PER_REACTION);
        assert!(form.faults().is_empty(), "the shipped form may be published");
    }
}
