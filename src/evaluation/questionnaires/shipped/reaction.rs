//! What learners say of a course when it ends. Relevance comes first: liking a course says little of its use.

use super::super::instrument::Instrument;
use super::super::model::Draft;
use super::{Phrase, draft, scales, texts};

/// Scales of the reaction form with their number of items; an item's code is `<scale>_<number>`.
pub const REACTION_SCALES: [(&str, usize); 4] =
    [("relevance", 4), ("engagement", 3), ("lecturer", 4), ("organisation", 3)];
/// Free texts at the end of the reaction form: `comment_1`, `comment_2`.
pub const COMMENTS_PER_REACTION: usize = 2;

const REACTION_ITEMS: [Phrase; 14] = [
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

const REACTION_COMMENTS: [Phrase; COMMENTS_PER_REACTION] = [
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

/// The learner's form: relevance 4, engagement 3, lecturer 4, organisation 3, and two free texts.
pub fn reaction() -> Draft {
    let title =
        ("Phiếu lấy ý kiến học viên khi kết thúc khóa học", "What learners say at the close of the course");
    let introduction = (
        "Phiếu ẩn danh: hệ thống lưu câu trả lời mà không lưu tên và thời điểm trả lời. Kết quả chỉ được công bố khi \
         có từ 5 phiếu trở lên. Anh/Chị vui lòng không ghi tên ai trong phần ý kiến.",
        "This form is anonymous: answers are kept without name and time, and results are shown from five forms on. \
         Please name nobody in your comments.",
    );
    let mut items = scales(&REACTION_ITEMS);
    items.extend(texts(&REACTION_COMMENTS));
    draft(Instrument::Reaction.prefix(), title, introduction, items)
}

#[cfg(test)]
mod tests {
    use super::super::super::items::ItemKind;
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
    }
}
