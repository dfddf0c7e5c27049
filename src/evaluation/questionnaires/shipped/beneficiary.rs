//! What the unit that sent its people says of the course, in the words of its head.

use super::super::instrument::Instrument;
use super::super::items::{Choice, Item, ItemKind};
use super::super::model::Draft;
use super::{Phrase, draft, item, scales, texts, words};

const ITEMS: [Phrase; 5] = [
    (
        "used",
        "Người đi học đem điều đã học vào việc của đơn vị.",
        "Those who attended used what they had learned in the unit's work.",
    ),
    (
        "shared",
        "Người đi học hướng dẫn lại cho đồng nghiệp trong đơn vị.",
        "Those who attended passed it on to their colleagues.",
    ),
    (
        "on_time",
        "Công việc thuộc lĩnh vực của khóa học xong đúng hạn.",
        "Work in the field of the course was done in time.",
    ),
    (
        "rework",
        "Sản phẩm thuộc lĩnh vực của khóa học bị trả lại hoặc phải làm lại.",
        "Work in the field of the course was sent back or had to be done again.",
    ),
    (
        "served",
        "Người dân, doanh nghiệp, đơn vị khác được phục vụ tốt hơn nhờ điều đã học.",
        "Citizens, businesses or other units were served better because of what was learned.",
    ),
];

const COMMENTS: [Phrase; 2] = [
    (
        "example",
        "Một việc cụ thể ở đơn vị đã tốt lên, hoặc vẫn chưa tốt lên, là gì?",
        "One thing in the unit's work that got better, or still did not: what is it?",
    ),
    (
        "wish",
        "Khóa học cần thay đổi điều gì để có ích hơn cho đơn vị?",
        "What should change to make the course more useful to the unit?",
    ),
];

/// Codes of its scales, in its order.
pub const BENEFICIARY_ITEMS: [&str; 5] = [ITEMS[0].0, ITEMS[1].0, ITEMS[2].0, ITEMS[3].0, ITEMS[4].0];

/// The form of the head of a unit that nominated, three months after. To have work sent back is bad: reversed.
pub fn beneficiary() -> Draft {
    let title = ("Ý kiến của đơn vị cử người đi học", "What the unit that sent its people says");
    let introduction = (
        "Thủ trưởng đơn vị trả lời về đơn vị nói chung, không về từng người. Các câu về mức độ thường xuyên tính trong 4 \
         tuần qua. Phiếu có ghi tên người trả lời; cơ sở đào tạo chỉ nhận kết quả tổng hợp.",
        "The head answers for the unit as a whole, not about any one person. How often something was so counts for the \
         last four weeks. The form bears your name; the institute receives totals only.",
    );
    let mut items: Vec<Item> = scales(&ITEMS)
        .into_iter()
        .map(|item| Item { reverse: item.code == "rework", ..item })
        .chain([need()])
        .collect();
    items.extend(texts(&COMMENTS));
    draft(Instrument::Beneficiary.prefix(), title, introduction, items)
}

fn need() -> Item {
    let option = |code: &str, vi, en| Choice { code: code.to_owned(), text: words(vi, en) };
    let text = words(
        "Khóa học có đáp ứng điều đơn vị cần khi cử người đi học không?",
        "Did the course give what the unit needed when it sent its people?",
    );
    Item {
        options: Some(vec![
            option("wholly", "Đáp ứng đủ", "Wholly"),
            option("partly", "Đáp ứng một phần", "In part"),
            option("not", "Không đáp ứng", "Not at all"),
        ]),
        ..item("need", ItemKind::Choice, text)
    }
}
