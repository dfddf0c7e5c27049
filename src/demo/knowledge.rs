//! Tests of what was learned, in parallel pairs, as training officers publish them.

use uuid::Uuid;

use crate::evaluation::questionnaires::{Audience, Choice, Draft, Instrument, Item, ItemKind, Words};

/// A question in Vietnamese and English, its options, the right one first.
type Question = (&'static str, &'static str, [(&'static str, &'static str); 3]);

/// Course, which of the two, questions.
pub const TESTS: [(&str, &str, &[Question]); 4] = [
    (
        "BMNN-01",
        "a",
        &[
            (
                "Bí mật nhà nước có mấy độ mật?",
                "How many degrees of secrecy are there?",
                [("Ba", "Three"), ("Hai", "Two"), ("Bốn", "Four")],
            ),
            (
                "Soạn thảo tài liệu mật trên máy tính nào?",
                "On which computer is a secret document drafted?",
                [
                    ("Máy không kết nối mạng", "One without a network"),
                    ("Máy làm việc hằng ngày", "One's usual one"),
                    ("Máy nào cũng được", "Any"),
                ],
            ),
            (
                "Phát hiện mất tài liệu mật, việc đầu tiên là gì?",
                "A secret document is missing: what comes first?",
                [
                    ("Báo ngay người có trách nhiệm", "Tell who is responsible at once"),
                    ("Tự tìm lại trước", "Look for it oneself"),
                    ("Lập bản khác thay thế", "Make another copy"),
                ],
            ),
            (
                "Bản sao tài liệu mật được quản lý thế nào?",
                "How is a copy of a secret document kept?",
                [
                    ("Như bản chính", "As the original"),
                    ("Như tài liệu thường", "As any document"),
                    ("Tùy người giữ", "As its holder likes"),
                ],
            ),
        ],
    ),
    (
        "BMNN-01",
        "b",
        &[
            (
                "Độ mật nào là cao nhất?",
                "Which degree of secrecy is the highest?",
                [("Tuyệt mật", "Top secret"), ("Tối mật", "Highly secret"), ("Mật", "Secret")],
            ),
            (
                "Tài liệu mật được gửi bằng cách nào?",
                "How is a secret document sent?",
                [
                    ("Theo đường giao nhận tài liệu mật", "By the way for secret documents"),
                    ("Thư điện tử công vụ", "Official e-mail"),
                    ("Ứng dụng nhắn tin", "A messenger"),
                ],
            ),
            (
                "Thấy người không có trách nhiệm giữ tài liệu mật, làm gì?",
                "Somebody holds a secret document without need: what is to be done?",
                [
                    ("Báo ngay người có trách nhiệm", "Tell who is responsible at once"),
                    ("Nhắc người đó cất đi", "Tell that person to put it away"),
                    ("Không làm gì", "Nothing"),
                ],
            ),
            (
                "Ai được sao chụp tài liệu mật?",
                "Who may copy a secret document?",
                [
                    ("Người được cấp có thẩm quyền cho phép", "Who is allowed to by the competent person"),
                    ("Người soạn thảo", "Who drafted it"),
                    ("Văn thư", "The clerk"),
                ],
            ),
        ],
    ),
    (
        "ISO-01",
        "a",
        &[
            (
                "Chu trình cải tiến của ISO 9001 gồm những bước nào?",
                "Which steps has the cycle of ISO 9001?",
                [
                    ("Lập kế hoạch, làm, kiểm tra, cải tiến", "Plan, do, check, act"),
                    ("Làm, kiểm tra, báo cáo", "Do, check, report"),
                    ("Kiểm tra, phạt, sửa", "Check, punish, mend"),
                ],
            ),
            (
                "Sự không phù hợp là gì?",
                "What is a nonconformity?",
                [
                    ("Không đáp ứng một yêu cầu", "A requirement is not met"),
                    ("Ý kiến trái chiều", "A different opinion"),
                    ("Việc chưa đến hạn", "Work not yet due"),
                ],
            ),
            (
                "Đánh giá nội bộ do ai làm?",
                "Who does an internal audit?",
                [
                    ("Người không làm phần việc được đánh giá", "Who does not do the work audited"),
                    ("Người làm phần việc đó", "Who does that work"),
                    ("Bên ngoài", "Somebody from outside"),
                ],
            ),
        ],
    ),
    (
        "ISO-01",
        "b",
        &[
            (
                "Mục tiêu chất lượng cần thế nào?",
                "What must a quality objective be?",
                [("Đo được", "Measurable"), ("Càng cao càng tốt", "As high as can be"), ("Bí mật", "Secret")],
            ),
            (
                "Hành động khắc phục nhằm vào điều gì?",
                "What does a corrective action aim at?",
                [
                    ("Nguyên nhân", "The cause"),
                    ("Người gây ra", "Who caused it"),
                    ("Hậu quả", "The consequence"),
                ],
            ),
            (
                "Thông tin dạng văn bản phải thế nào?",
                "What must documented information be?",
                [
                    ("Được kiểm soát phiên bản", "Under control of versions"),
                    ("In ra giấy", "Printed"),
                    ("Do lãnh đạo viết", "Written by the head"),
                ],
            ),
        ],
    ),
];

/// A test as an officer would publish it: options in an order that gives nothing away.
pub fn test(course_id: Uuid, course: &str, letter: &str, questions: &[Question]) -> Draft {
    let words = |vi: &str, en: &str| Words { vi: vi.to_owned(), en: Some(en.to_owned()) };
    let item = |(n, (vi, en, options)): (usize, &Question)| {
        let mut options: Vec<Choice> = options
            .iter()
            .zip(["right", "other", "third"])
            .map(|(option, code)| Choice { code: code.to_owned(), text: words(option.0, option.1) })
            .collect();
        options.rotate_left(n % 3);
        for (option, code) in options.iter_mut().zip(["1", "2", "3"]) {
            option.code = code.to_owned();
        }
        Item {
            code: format!("q{}", n + 1),
            kind: ItemKind::Choice,
            text: words(vi, en),
            section: None,
            steps: None,
            reverse: false,
            not_observed: false,
            anchors: None,
            // The first option moved as many places to the back.
            correct: Some(((3 - n % 3) % 3 + 1).to_string()),
            options: Some(options),
        }
    };
    Draft {
        code: format!("{}{course}-{letter}", Instrument::Knowledge.prefix()),
        revision: 1,
        title: format!("Kiểm tra kiến thức {course} ({letter})"),
        title_en: Some(format!("Test on {course} ({letter})")),
        introduction: Some(words(
            "Bài kiểm tra chỉ để biết khóa học giúp thêm được gì; không dùng để xếp loại.",
            "The test only serves to see what the course adds; it plays no part in ratings.",
        )),
        level: 2,
        audience: Audience::Learner,
        course_id: Some(course_id),
        is_anonymous: false,
        legal_basis: None,
        max_blank_percent: None,
        items: questions.iter().enumerate().map(item).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_come_in_pairs_and_may_be_published() {
        for pair in TESTS.chunks(2) {
            let [(course, first, one), (same, second, other)] = pair else { panic!("a pair") };
            assert_eq!((course, *first, *second, one.len()), (same, "a", "b", other.len()));
        }
        for (course, letter, questions) in TESTS {
            let draft = test(Uuid::nil(), course, letter, questions);
            assert!(draft.faults().is_empty());
            for (item, (.., options)) in draft.items.iter().zip(questions) {
                let right = item.options.iter().flatten().find(|o| Some(&o.code) == item.correct.as_ref());
                assert_eq!(right.unwrap().text.vi, options[0].0);
            }
        }
    }
}
