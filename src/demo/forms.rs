//! Questionnaires, and filled-in forms whose score is known beforehand.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::catalogue::Catalogue;
use super::courses::{COURSES, CourseData};
use super::rows::Questionnaire;

/// Items of the reaction form: relevance 4, engagement 3, lecturer 4, organisation 3; then two of free text.
const REACTION: [(&str, &str); 14] = [
    ("Nội dung gắn với công việc của tôi", "The content fits my work"),
    ("Tôi sẽ vận dụng được ngay những gì đã học", "I can apply what I learned at once"),
    ("Ví dụ, tình huống sát thực tế của cơ quan", "Examples and cases are close to our practice"),
    ("Thời lượng dành cho thực hành là đủ", "There was enough time for practice"),
    ("Tôi tham gia thảo luận tích cực", "I took an active part in discussions"),
    ("Phương pháp giảng dạy khuyến khích trao đổi", "The teaching invites exchange"),
    ("Tôi tập trung trong suốt khóa học", "I stayed focused throughout"),
    ("Giảng viên nắm vững chuyên môn", "The lecturer masters the subject"),
    ("Giảng viên trình bày dễ hiểu", "The lecturer explains clearly"),
    ("Giảng viên giải đáp thỏa đáng", "The lecturer answers questions well"),
    ("Giảng viên gắn lý luận với thực tiễn", "The lecturer joins theory and practice"),
    ("Tài liệu đầy đủ, cập nhật", "The material is complete and up to date"),
    ("Địa điểm, trang thiết bị phù hợp", "Place and equipment are suitable"),
    ("Công tác tổ chức lớp chu đáo", "The course is well organised"),
];
const COMMENTS: [(&str, &str); 2] =
    [("Điều hữu ích nhất", "What helped most"), ("Điều cần cải tiến", "What should be improved")];
const SAID: [&str; 8] = [
    "Nội dung sát với công việc, nên có thêm bài tập tình huống.",
    "Giảng viên nhiệt tình, tài liệu đầy đủ.",
    "Nên tổ chức trực tuyến nửa ngày để không ảnh hưởng công việc.",
    "Cần cập nhật quy định mới hơn.",
    "Thời gian hơi ngắn so với nội dung.",
    "Mong có lớp nâng cao.",
    "Phần thực hành rất hữu ích.",
    "Nên mời thêm báo cáo viên từ đơn vị thực tế.",
];

/// Ids of the forms.
pub struct Forms {
    pub reaction: Uuid,
    by_course: std::collections::HashMap<&'static str, Uuid>,
}

impl Forms {
    /// The behaviour form of a course.
    pub fn behaviour(&self, course: &str) -> Option<Uuid> {
        self.by_course.get(course).copied()
    }
}

pub fn build(b: &mut Builder, catalogue: &Catalogue) -> Forms {
    let at = b.calendar.morning(plus(b.calendar.today, -790));
    let reaction = b.dice.id(at);
    let scales =
        REACTION.iter().enumerate().map(|(i, (vi, en))| item(&format!("r{}", i + 1), "scale", vi, en));
    let texts = COMMENTS.iter().enumerate().map(|(i, (vi, en))| item(&format!("c{}", i + 1), "text", vi, en));
    b.rows.questionnaires.push(Questionnaire {
        id: reaction,
        code: "reaction".to_owned(),
        revision: 1,
        title: "Phiếu ý kiến học viên cuối khóa".to_owned(),
        level: 1,
        audience: "learner",
        course_id: None,
        is_anonymous: true,
        items: scales.chain(texts).collect(),
        created_at: at,
    });
    let mut forms = Forms { reaction, by_course: Default::default() };
    for data in &COURSES {
        let Some(course) = catalogue.courses.get(data.code).filter(|_| is_taught(data)) else {
            continue;
        };
        let id = b.dice.id(at);
        forms.by_course.insert(data.code, id);
        let items: Value = data
            .behaviours()
            .iter()
            .enumerate()
            .map(|(i, behaviour)| item(&format!("b{}", i + 1), "scale", behaviour, behaviour))
            .collect();
        b.rows.questionnaires.push(Questionnaire {
            id,
            code: format!("behaviour-{}", data.code.to_lowercase()),
            revision: 1,
            title: format!("Hành vi trong công việc: {}", data.title),
            level: 3,
            audience: "supervisor",
            course_id: Some(course.id),
            is_anonymous: false,
            items,
            created_at: at,
        });
    }
    forms
}

fn is_taught(course: &CourseData) -> bool {
    matches!(course.status, "published" | "retired")
}

/// One item as stored. Behaviours are written by the institutes in Vietnamese only.
fn item(code: &str, kind: &str, vi: &str, en: &str) -> Value {
    json!({"code": code, "kind": kind, "text": {"vi": vi, "en": en}, "reverse": false})
}

/// Five answers of 1 to 5 that add up to a total of 5 to 25, and their mean.
pub fn behaviour_answers(b: &mut Builder, total: i32) -> (Value, f64) {
    let total = total.clamp(5, 25);
    let mut answers = spread(b, total, 5);
    // People differ from item to item: move a point or two around.
    for _ in 0..2 {
        let (from, to) = (b.dice.between(0, 4), b.dice.between(0, 4));
        move_point(&mut answers, from, to);
    }
    (coded("b", &answers), f64::from(total) / 5.0)
}

fn move_point(answers: &mut [i32], from: i32, to: i32) {
    let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else {
        return;
    };
    let movable = answers.get(from).is_some_and(|a| *a > 1) && answers.get(to).is_some_and(|a| *a < 5);
    if from == to || !movable {
        return;
    }
    if let Some(answer) = answers.get_mut(from) {
        *answer -= 1;
    }
    if let Some(answer) = answers.get_mut(to) {
        *answer += 1;
    }
}

/// Answers of a learner who is so satisfied, and their mean.
pub fn reaction_answers(b: &mut Builder, satisfaction: f64) -> (Value, f64) {
    let own = satisfaction + 0.45 * b.dice.normal();
    let answers: Vec<i32> =
        (0..REACTION.len()).map(|_| whole(own + 0.6 * b.dice.normal()).clamp(1, 5)).collect();
    let sum: i32 = answers.iter().sum();
    let mut coded = coded("r", &answers);
    for code in ["c1", "c2"] {
        if let (true, Some(map), Some(said)) = (b.dice.percent(35), coded.as_object_mut(), b.dice.pick(&SAID))
        {
            map.insert(code.to_owned(), Value::from(said));
        }
    }
    (coded, f64::from(sum) / f64::from(i32::try_from(answers.len()).unwrap_or(1)))
}

/// A total as evenly as it goes, in mixed order.
fn spread(b: &mut Builder, total: i32, count: i32) -> Vec<i32> {
    let mut answers: Vec<i32> = (0..count).map(|i| total / count + i32::from(i < total % count)).collect();
    b.dice.shuffle(&mut answers);
    answers
}

fn coded(letter: &str, answers: &[i32]) -> Value {
    let pairs = answers.iter().enumerate().map(|(i, a)| (format!("{letter}{}", i + 1), Value::from(*a)));
    Value::Object(pairs.collect::<Map<_, _>>())
}

/// The nearest whole number of something small.
#[expect(clippy::cast_possible_truncation, reason = "points of a scale")]
pub fn whole(value: f64) -> i32 {
    value.round() as i32
}
