//! What institutes were asked to improve, and what they answered.

use super::builder::Builder;
use super::nominations::Class;
use super::rows::CorrectiveAction;
use super::world::World;

/// A request: course, what was found, days from today to the day a reply is due, and the reply.
struct Request {
    course: &'static str,
    finding: &'static str,
    due_in_days: i64,
    reply: Option<Reply>,
    closed: bool,
}

/// Words; action, its owner, days from today to its date; whether the words are a dispute and no reply.
type Reply = (&'static str, Option<(&'static str, &'static str, i64)>, bool);

const REQUESTS: [Request; 6] = [
    Request {
        course: "CDS-02",
        finding: "Ba tháng sau khóa học, mức độ thực hiện hành vi trong công việc do lãnh đạo trực tiếp đánh giá giảm so với nhóm không học.",
        due_in_days: -6,
        reply: None,
        closed: false,
    },
    Request {
        course: "QLNN-02",
        finding: "Chưa đủ căn cứ kết luận hiệu quả; đề nghị bổ sung bài tập gắn với vị trí việc làm.",
        due_in_days: 12,
        reply: None,
        closed: false,
    },
    Request {
        course: "ISO-01",
        finding: "Học viên rất hài lòng nhưng hành vi trong công việc gần như không đổi.",
        due_in_days: -20,
        reply: Some(("Nhà trường cho rằng đơn vị chưa tạo điều kiện áp dụng sau khóa học.", None, true)),
        closed: false,
    },
    Request {
        course: "LT-02",
        finding: "Quá ít phiếu ý kiến học viên được gửi lại.",
        due_in_days: -35,
        reply: Some((
            "Đồng ý. Sẽ dành 15 phút cuối khóa cho học viên trả lời.",
            Some(("Dành thời gian trả lời phiếu trong buổi cuối", "Phòng Đào tạo", 20)),
            false,
        )),
        closed: false,
    },
    Request {
        course: "DL-01",
        finding: "Số phiếu theo dõi sau khóa học không đủ để kết luận.",
        due_in_days: -120,
        reply: Some((
            "Đã phối hợp với các đơn vị nhắc trả lời phiếu.",
            Some(("Gửi lịch nhắc cho lãnh đạo đơn vị", "Trung tâm Bồi dưỡng", -60)),
            false,
        )),
        closed: true,
    },
    Request {
        course: "TM-02",
        finding: "Nội dung trùng lặp với chương trình của Cục Phòng vệ thương mại.",
        due_in_days: -200,
        reply: Some(("Đồng ý. Nhà trường dừng chương trình này.", None, false)),
        closed: true,
    },
];

/// Days an institute has for its reply.
const DAYS_TO_REPLY: i64 = 30;

/// Of the ministry's own school, so that its account has some to answer: one to reply to or dispute, one disputed, which
/// the ministry upholds or withdraws.
const OF_THE_SCHOOL: [Request; 2] = [
    Request {
        course: "TT-01",
        finding: "Học viên đề nghị tăng thời gian thực hành xử lý tình huống truyền thông.",
        due_in_days: 14,
        reply: None,
        closed: false,
    },
    Request {
        course: "VT-01",
        finding: "Một số đơn vị cho rằng nội dung chưa bám sát quy trình văn thư điện tử.",
        due_in_days: 4,
        reply: Some(("Nhà trường đã cập nhật quy trình từ khóa gần nhất.", None, true)),
        closed: false,
    },
];
/// Makes their chance another than the ministry's.
const SCHOOLS_CHANCE: u64 = 0x7363_686f;

pub fn build(b: &mut Builder, world: &World, classes: &[Class]) {
    ask(b, world, classes, &REQUESTS);
    b.aside(SCHOOLS_CHANCE, |b| ask(b, world, classes, &OF_THE_SCHOOL));
}

fn ask(b: &mut Builder, world: &World, classes: &[Class], requests: &[Request]) {
    for request in requests {
        let Some(course) = world.catalogue.courses.get(request.course) else {
            continue;
        };
        let asked = b.calendar.morning(b.calendar.day(request.due_in_days - DAYS_TO_REPLY));
        let replied = request.reply.map(|_| b.calendar.morning(b.calendar.day(request.due_in_days - 9)));
        let is_dispute = request.reply.is_some_and(|(_, _, is_dispute)| is_dispute);
        let words = request.reply.map(|(words, ..)| words.to_owned());
        let (dispute, reply) = if is_dispute { (words, None) } else { (None, words) };
        let action = request.reply.and_then(|(_, action, _)| action);
        b.rows.corrective_actions.push(CorrectiveAction {
            id: b.dice.id(asked),
            institute_id: course.institute,
            course_id: course.id,
            offering_id: classes
                .iter()
                .find(|c| c.run.course == request.course)
                .map(|c| c.run.offering)
                .filter(|_| request.course != "QLNN-02"),
            finding: request.finding.to_owned(),
            status: match (request.reply, request.closed) {
                (_, true) => "closed",
                (Some(_), false) if is_dispute => "disputed",
                (Some(_), false) => "replied",
                (None, false) => "open",
            },
            reply_due_on: b.calendar.day(request.due_in_days),
            reply,
            action: action.map(|(action, ..)| action.to_owned()),
            action_owner: action.map(|(_, owner, _)| owner.to_owned()),
            action_due_on: action.map(|(_, _, days)| b.calendar.day(days)),
            replied_at: replied.filter(|_| !is_dispute),
            dispute,
            disputed_at: replied.filter(|_| is_dispute),
            created_at: asked,
            updated_at: replied.unwrap_or(asked),
        });
    }
}
