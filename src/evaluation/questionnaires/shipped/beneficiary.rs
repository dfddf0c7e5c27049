//! What the unit that sent its people says of the course, in the words of its head.

use super::super::instrument::Instrument;
use super::super::items::{Choice, Item, ItemKind};
use super::super::model::Draft;
use super::drafting::{FREQUENCY, Phrase, draft, item, scales, texts, words};

const ITEMS: [Phrase; 5] = [
    (
        "used",
        "Người đi học áp dụng điều đã học vào công việc của đơn vị.",
        "Those who attended used what they had learned in the unit's work.",
    ),
    (
        "shared",
        "Người đi học hướng dẫn lại cho đồng nghiệp trong đơn vị.",
        "Those who attended passed it on to their colleagues.",
    ),
    (
        "on_time",
        "Công việc thuộc lĩnh vực của khóa học được hoàn thành đúng hạn.",
        "Work in the field of the course was done in time.",
    ),
    (
        "rework",
        "Sản phẩm công việc thuộc lĩnh vực của khóa học bị trả lại để làm lại.",
        "Work in the field of the course was sent back to be done again.",
    ),
    (
        "served",
        "Điều đã học giúp đơn vị phục vụ tốt hơn những người đến giải quyết công việc.",
        "What was learned helped the unit to serve those who come to it better.",
    ),
];

const COMMENTS: [Phrase; 2] = [
    (
        "example",
        "Việc cụ thể nào ở đơn vị cho thấy khóa học có ích đến đâu?",
        "Which one thing in the unit's work shows how far the course was of use?",
    ),
    (
        "wish",
        "Cần thay đổi điều gì để khóa học có ích hơn cho đơn vị?",
        "What should change to make the course more useful to the unit?",
    ),
];

/// Codes of its scales, in its order.
pub const BENEFICIARY_ITEMS: [&str; 5] = [ITEMS[0].0, ITEMS[1].0, ITEMS[2].0, ITEMS[3].0, ITEMS[4].0];

/// The form of the head of a unit that nominated, three months after. To have work sent back is bad: reversed.
pub fn beneficiary() -> Draft {
    let title =
        ("Ý kiến của đơn vị cử người đi đào tạo, bồi dưỡng", "What the unit that sent its people says");
    let introduction = (
        "Thủ trưởng đơn vị trả lời về đơn vị nói chung, không về từng người. Các câu hỏi về mức độ thường xuyên tính \
         trong 4 tuần qua. Phiếu có ghi tên người trả lời; cơ sở đào tạo, bồi dưỡng chỉ nhận kết quả tổng hợp.",
        "The head answers for the unit as a whole, not about any one person. How often something was so counts for the \
         last four weeks. The form bears your name; the institute receives totals only.",
    );
    let mut items: Vec<Item> = scales(&ITEMS, &FREQUENCY)
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
        "Khóa học đáp ứng nhu cầu của đơn vị khi cử người đi đào tạo, bồi dưỡng đến mức nào?",
        "How far did the course give what the unit needed when it sent its people?",
    );
    Item {
        options: Some(vec![
            option("wholly", "Đáp ứng đầy đủ", "Wholly"),
            option("partly", "Đáp ứng một phần", "In part"),
            option("not", "Không đáp ứng", "Not at all"),
        ]),
        ..item("need", ItemKind::Choice, text)
    }
}
