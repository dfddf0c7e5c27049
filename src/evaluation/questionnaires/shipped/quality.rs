//! The statutory forms on the quality of training: six objects (Circular 10/2017/TT-BNV, Art. 1(2), kept by Circular
//! 03/2023/TT-BNV, Art. 24), each a criterion of indicators of 1 to 10 points.
//!
//! The wording is ours. Of Circular 03/2023 the indicators on programme and (in part) on learners could be read, and are
//! paraphrased, also where they look at two things at once; the others ask one thing each, start from what is known of
//! the six objects and are for the ministry to revise: another wording is another revision.

use super::super::items::{Item, ItemKind, STATUTORY_STEPS, Section};
use super::super::model::Draft;
use super::drafting::{anchors, draft, item, texts, words};

/// More blank indicators than this make a form invalid (Circular 10/2017/TT-BNV; taken over for 03/2023, whose own
/// rule is not known).
const MAX_BLANK_PERCENT: i16 = 5;

/// An indicator in Vietnamese and in English.
type Indicator = (&'static str, &'static str);

/// A criterion: code, name, indicators.
type Criterion = (&'static str, (&'static str, &'static str), &'static [Indicator]);

/// The criterion whose indicators nobody can judge on the closing day: they may be "not observed".
const EFFECT: &str = "effect";

const PROGRAMME_2017: Criterion = (
    "programme",
    ("Chương trình bồi dưỡng", "Programme"),
    &[
        ("Mục tiêu của chương trình rõ ràng.", "The aims of the programme are clear."),
        ("Nội dung phù hợp với người học.", "The content fits the learners."),
        ("Lý thuyết gắn với thực tiễn công việc.", "Theory is tied to practice at work."),
        ("Thời lượng phù hợp với nội dung.", "The time given fits the content."),
        ("Tài liệu được cập nhật.", "The material is up to date."),
    ],
);

const PROGRAMME_2023: Criterion = (
    "programme",
    ("Chương trình và tài liệu", "Programme and materials"),
    &[
        ("Mục tiêu của chương trình rõ ràng.", "The aims of the programme are clear."),
        ("Nêu rõ học xong người học làm được gì.", "It says clearly what learners will be able to do."),
        (
            "Nội dung không trùng với chương trình, tài liệu khác.",
            "The content does not repeat other programmes and material.",
        ),
        ("Lý thuyết đi cùng thực tiễn.", "Theory goes with practice."),
        (
            "Cân đối giữa lý thuyết, câu hỏi thảo luận, thực hành và tình huống.",
            "Theory, questions for discussion, practice and cases are in balance.",
        ),
        (
            "Bố cục hợp lý; ngôn ngữ và thể thức chuẩn.",
            "It is built logically, in correct language and form.",
        ),
        (
            "Thấy rõ mỗi phần góp gì vào kết quả cần đạt.",
            "What each part contributes to the result is clear.",
        ),
        (
            "Nội dung được xây dựng từ kết quả cần đạt.",
            "The content was designed from the result to be reached.",
        ),
    ],
);

const LEARNERS: Criterion = (
    "learners",
    ("Học viên", "Learners"),
    &[
        ("Học viên tích cực thảo luận.", "Learners discuss actively."),
        (
            "Học viên chia sẻ kinh nghiệm và tình huống thực tế.",
            "Learners share practical experience and real situations.",
        ),
        ("Học viên làm theo hướng dẫn của giảng viên.", "Learners follow the lecturer's guidance."),
        (
            "Học viên chấp hành quy định của khóa học và của cơ sở đào tạo, bồi dưỡng.",
            "Learners keep the rules of the course and of the institute.",
        ),
        ("Học viên chuẩn bị bài trước khi lên lớp.", "Learners come prepared."),
    ],
);

const LECTURERS: Criterion = (
    "lecturers",
    ("Giảng viên", "Lecturers"),
    &[
        ("Giảng viên nắm chắc nội dung giảng dạy.", "Lecturers master the subject."),
        ("Cách dạy phù hợp với người đang làm việc.", "The way of teaching suits people who work."),
        (
            "Giảng viên liên hệ bài học với thực tế công việc.",
            "Lecturers relate what they teach to real work.",
        ),
        ("Giảng viên giải đáp thắc mắc của người học.", "Lecturers answer the learners' questions."),
        ("Giảng viên thực hiện đúng kế hoạch giảng dạy.", "Lecturers keep to the teaching plan."),
    ],
);

const FACILITIES: Criterion = (
    "facilities",
    ("Cơ sở vật chất và hỗ trợ", "Facilities and support"),
    &[
        (
            "Nơi học (phòng học hoặc nền tảng trực tuyến) đáp ứng yêu cầu.",
            "The place of learning (a room or the online platform) is what is needed.",
        ),
        ("Thiết bị dạy học hoạt động tốt.", "The equipment for teaching works."),
        ("Tài liệu đến tay người học kịp thời.", "Material comes in time."),
        ("Cán bộ phục vụ lớp hỗ trợ chu đáo.", "The staff of the course help with care."),
    ],
);

const COURSE: Criterion = (
    "course",
    ("Khóa bồi dưỡng", "The course"),
    &[
        ("Lịch học được thực hiện đúng như đã thông báo.", "The timetable is kept as announced."),
        (
            "Thời điểm tổ chức phù hợp với công việc của người học.",
            "It is held at a time that fits the learners' work.",
        ),
        ("Kết quả kiểm tra phản ánh đúng kết quả học tập.", "Results of tests show what was really learned."),
        ("Nhìn chung khóa bồi dưỡng đạt mục tiêu đã đề ra.", "On the whole the course reaches its aims."),
    ],
);

/// Knowledge, skills, attitude, results of work, and what is needed to use what was learned.
const EFFECT_AFTER: Criterion = (
    EFFECT,
    ("Hiệu quả sau bồi dưỡng", "Effect after the course"),
    &[
        ("Người học vẫn nắm chắc nội dung đã học.", "Learners still master what was taught."),
        (
            "Người học vận dụng được điều đã học vào công việc.",
            "Learners apply what they learned to their work.",
        ),
        ("Người học chủ động hơn trong công việc.", "Learners show more initiative at work."),
        ("Sản phẩm công việc ít phải sửa hơn.", "Work needs fewer corrections."),
        ("Người học đảm nhận được việc khó hơn trước.", "Learners take on harder tasks than before."),
        (
            "Người học được tạo điều kiện để áp dụng điều đã học.",
            "Learners are given what it takes to apply what they learned.",
        ),
    ],
);

/// The form under Circular 10/2017/TT-BNV, expired on 15 June 2023: for courses held under it, and to compare with.
pub fn quality_10_2017() -> Draft {
    statutory(
        "quality-10-2017",
        ("Phiếu đánh giá chất lượng bồi dưỡng (2017)", "Form on the quality of training (2017)"),
        "Thông tư 10/2017/TT-BNV, Điều 5 đến Điều 10",
        &[PROGRAMME_2017, LEARNERS, LECTURERS, FACILITIES, COURSE, EFFECT_AFTER],
    )
}

/// The form under Circular 03/2023/TT-BNV, in force.
pub fn quality_03_2023() -> Draft {
    statutory(
        "quality-03-2023",
        ("Phiếu đánh giá chất lượng bồi dưỡng (2023)", "Form on the quality of training (2023)"),
        "Thông tư 03/2023/TT-BNV, Điều 24",
        &[PROGRAMME_2023, LEARNERS, LECTURERS, FACILITIES, COURSE, EFFECT_AFTER],
    )
}

fn statutory(code: &str, title: (&str, &str), legal_basis: &str, criteria: &[Criterion]) -> Draft {
    // Respondents are informed of the purpose, the method, and when a form is invalid (Circular 10/2017/TT-BNV).
    let introduction = (
        "Phiếu dùng để nâng cao chất lượng bồi dưỡng. Với mỗi chỉ báo, Anh/Chị chọn một mức độ hài lòng từ 1 (hoàn toàn \
         không hài lòng) đến 10 (hoàn toàn hài lòng). Phiếu bỏ trống quá 5% số chỉ báo là phiếu không hợp lệ. Riêng \
         phần hiệu quả sau bồi dưỡng, chỉ báo chưa thể đánh giá thì chọn «không quan sát được». Phiếu ẩn danh: câu trả \
         lời được lưu mà không kèm tên và thời điểm.",
        "The form helps to improve the quality of training. Say how satisfied you are with what each indicator \
         names, from 1 (not satisfied at all) to 10 (wholly satisfied). A form with more than 5 % of its indicators \
         blank is invalid. Only of the effect after the course, what cannot be judged yet may be \"not observed\". \
         The form is anonymous: answers are kept without name and time.",
    );
    let mut items: Vec<Item> = criteria.iter().flat_map(indicators).collect();
    items.extend(texts(&[(
        "comment",
        "Ý kiến khác (không ghi tên).",
        "Anything else (please give no names).",
    )]));
    Draft {
        legal_basis: Some(legal_basis.to_owned()),
        max_blank_percent: Some(MAX_BLANK_PERCENT),
        ..draft(code, title, introduction, items)
    }
}

fn indicators((code, name, indicators): &Criterion) -> impl Iterator<Item = Item> {
    indicators.iter().enumerate().map(move |(i, (vi, en))| Item {
        section: Some(Section { code: (*code).to_owned(), text: words(name.0, name.1) }),
        steps: Some(STATUTORY_STEPS),
        anchors: Some(anchors(Some(STATUTORY_STEPS))),
        not_observed: *code == EFFECT,
        ..item(&format!("{code}_{}", i + 1), ItemKind::Scale, words(vi, en))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statutory_forms_have_six_criteria_and_forgive_one_blank() {
        for form in [quality_10_2017(), quality_03_2023()] {
            let mut sections: Vec<_> =
                form.items.iter().filter_map(|i| Some(i.section.as_ref()?.code.as_str())).collect();
            let indicators = sections.len();
            sections.dedup();
            assert_eq!(sections, ["programme", "learners", "lecturers", "facilities", "course", "effect"]);
            assert!((20..40).contains(&indicators), "one blank of {indicators} is allowed, two are not");
            assert_eq!(form.max_blank_percent, Some(5));
        }
    }
}
