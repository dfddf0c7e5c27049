//! What learners say of a course when it ends. Relevance comes first: liking a course says little of its use.

use super::super::instrument::Instrument;
use super::super::model::Draft;
use super::drafting::{AGREEMENT, Phrase, draft, scales, texts};

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
        "Các ví dụ lấy từ thực tế công việc của cơ quan.",
        "The examples came from the real work of my office.",
    ),
    (
        "relevance_3",
        "Tôi biết cách áp dụng điều đã học vào công việc của mình.",
        "I know how to use what I learned in my work.",
    ),
    (
        "relevance_4",
        "Khóa học bổ sung đúng kiến thức tôi còn thiếu.",
        "The course gave me knowledge that I lacked.",
    ),
    ("engagement_1", "Tôi tập trung trong suốt các buổi học.", "I was attentive throughout the sessions."),
    (
        "engagement_2",
        "Tôi có đủ cơ hội thực hành trong khóa học.",
        "I had enough opportunity to practise during the course.",
    ),
    ("engagement_3", "Nhịp độ các buổi học phù hợp với tôi.", "The pace of the sessions suited me."),
    ("lecturer_1", "Giảng viên nắm chắc nội dung giảng dạy.", "The lecturers mastered their subject."),
    ("lecturer_2", "Giảng viên trình bày dễ hiểu.", "The lecturers explained clearly."),
    ("lecturer_3", "Giảng viên trả lời đúng điều người học hỏi.", "The lecturers answered what was asked."),
    (
        "lecturer_4",
        "Giảng viên góp ý cho bài làm của người học.",
        "The lecturers commented on what learners had done.",
    ),
    ("organisation_1", "Lịch học được thông báo kịp thời.", "The timetable was announced in time."),
    ("organisation_2", "Tài liệu của khóa học hữu ích.", "The course material was useful."),
    (
        "organisation_3",
        "Điều kiện kỹ thuật của lớp học đáp ứng yêu cầu.",
        "The technical conditions of the class met its needs.",
    ),
];

const REACTION_COMMENTS: [Phrase; COMMENTS_PER_REACTION] = [
    (
        "comment_1",
        "Điều gì trong khóa học có ích nhất cho công việc của Anh/Chị? (Vui lòng không ghi tên.)",
        "What in the course helps your work most? (Please give no names.)",
    ),
    (
        "comment_2",
        "Cần thay đổi điều gì để khóa học có ích hơn? (Vui lòng không ghi tên.)",
        "What should change to make the course more useful? (Please give no names.)",
    ),
];

/// The learner's form: relevance 4, engagement 3, lecturer 4, organisation 3, and two free texts.
pub fn reaction() -> Draft {
    let title =
        ("Phiếu lấy ý kiến học viên khi kết thúc khóa học", "What learners say at the close of the course");
    let introduction = (
        "Anh/Chị cho biết mức độ đồng ý với từng ý kiến, từ 1 (hoàn toàn không đồng ý) đến 5 (hoàn toàn đồng ý); ý kiến \
         chưa có căn cứ để trả lời thì chọn «không quan sát được». Phiếu ẩn danh: hệ thống lưu câu trả lời mà không lưu \
         tên và thời điểm trả lời. Kết quả chỉ được công bố khi có từ 5 phiếu trở lên. Anh/Chị vui lòng không ghi tên \
         mình hoặc tên người khác trong phần ý kiến.",
        "Please say how far you agree with each statement, from 1 (strongly disagree) to 5 (strongly agree); what you \
         cannot judge, leave as \"not observed\". This form is anonymous: answers are kept without name and time, and \
         results are shown from five forms on. Please name nobody in your comments.",
    );
    let mut items = scales(&REACTION_ITEMS, &AGREEMENT);
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
