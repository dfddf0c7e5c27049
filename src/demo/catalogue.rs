//! Institutes, their lecturers, and the catalogue of courses.

use std::collections::HashMap;

use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::courses::{COURSES, CourseData};
use super::names::Registry;
use super::positions::Positions;
use super::rows::{Course, CourseAudience, CourseCompetency, Institute, Lecturer};

/// Code, name, kind, domain of its addresses.
const INSTITUTES: [(&str, &str, &str, &str); 8] = [
    (
        SCHOOL,
        "Trường Đào tạo, Bồi dưỡng cán bộ Công Thương Trung ương",
        "ministry_school",
        "tdtbd.example.vn",
    ),
    ("HVCTQG", "Học viện Chính trị quốc gia Hồ Chí Minh", "academy", "hvctqg.example.vn"),
    ("HVHCQG", "Học viện Hành chính quốc gia", "academy", "hvhcqg.example.vn"),
    ("DHCNHN", "Trường Đại học Công nghiệp Hà Nội", "university", "dhcnhn.example.vn"),
    ("DHDL", "Trường Đại học Điện lực", "university", "dhdl.example.vn"),
    ("DHCTHCM", "Trường Đại học Công Thương Thành phố Hồ Chí Minh", "university", "dhcthcm.example.vn"),
    ("DHKTKTCN", "Trường Đại học Kinh tế - Kỹ thuật Công nghiệp", "university", "dhktktcn.example.vn"),
    ("DHCNTPHCM", "Trường Đại học Công nghiệp Thành phố Hồ Chí Minh", "university", "dhcntphcm.example.vn"),
];

/// The ministry's own school: its account is the demo's institute.
pub const SCHOOL: &str = "TDTBD";
/// Days ago that the first courses were published.
const PUBLISHED_SINCE_DAYS: i64 = 800;
const LECTURERS_EACH: usize = 4;

/// A course with its ids.
pub struct CourseFacts {
    pub id: Uuid,
    pub data: &'static CourseData,
    pub institute: Uuid,
    pub competency: Option<Uuid>,
    pub refresh_months: Option<i32>,
}

/// Institutes and courses by code.
#[derive(Default)]
pub struct Catalogue {
    pub institutes: HashMap<&'static str, Uuid>,
    pub lecturers: HashMap<Uuid, Vec<Uuid>>,
    pub courses: HashMap<&'static str, CourseFacts>,
}

pub fn build(b: &mut Builder, positions: &Positions) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let mut registry = Registry::default();
    for (place, (code, name, kind, domain)) in INSTITUTES.iter().enumerate() {
        let at = b.calendar.morning(plus(b.calendar.today, -PUBLISHED_SINCE_DAYS - 60));
        let id = b.dice.id(at);
        catalogue.institutes.insert(code, id);
        b.rows.institutes.push(Institute {
            id,
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            kind,
            contact_email: format!("daotao@{domain}"),
            contact_name: Registry::full_name(&mut b.dice),
            status: "approved",
            decision_number: Some(format!("{}/QĐ-BCT", 210 + place)),
            created_at: at,
            updated_at: at,
        });
        for _ in 0..LECTURERS_EACH {
            let full_name = Registry::full_name(&mut b.dice);
            let lecturer = b.dice.id(at);
            let (degree, role) = b
                .dice
                .pick(&[
                    ("master", "principal_lecturer"),
                    ("doctorate", "senior_lecturer"),
                    ("bachelor", "lecturer"),
                    ("master", "visiting_lecturer"),
                    ("doctorate", "guest_speaker"),
                ])
                .unwrap_or(("master", "lecturer"));
            catalogue.lecturers.entry(id).or_default().push(lecturer);
            b.rows.lecturers.push(Lecturer {
                id: lecturer,
                institute_id: id,
                email: Some(registry.email(&full_name, domain)),
                full_name,
                degree,
                role,
                subjects: subjects(code),
                is_active: true,
                created_at: at,
                updated_at: at,
            });
        }
    }
    for (place, data) in COURSES.iter().enumerate() {
        publish(b, positions, &mut catalogue, data, i64::try_from(place).unwrap_or_default());
    }
    catalogue
}

/// What an institute teaches, in the words of its courses.
fn subjects(institute: &str) -> Vec<String> {
    COURSES.iter().filter(|c| c.institute == institute).take(4).map(|c| c.title.to_owned()).collect()
}

fn publish(
    b: &mut Builder,
    positions: &Positions,
    catalogue: &mut Catalogue,
    data: &'static CourseData,
    place: i64,
) {
    let Some(institute) = catalogue.institutes.get(data.institute).copied() else {
        return;
    };
    // What is not published yet was written lately.
    let age = if data.status == "published" || data.status == "retired" { PUBLISHED_SINCE_DAYS } else { 80 };
    let at = b.calendar.morning(plus(b.calendar.today, place - age));
    let id = b.dice.id(at);
    let secrets = data.competency == "BMNN";
    let refresh_months = (secrets || data.competency == "ATTT").then_some(36);
    b.rows.courses.push(Course {
        id,
        code: data.code.to_owned(),
        institute_id: institute,
        title: data.title.to_owned(),
        content_area: data.content_area,
        objectives: format!(
            "Sau khóa học, học viên nắm vững quy định hiện hành và vận dụng được vào công việc hằng ngày về {}.",
            data.subject
        ),
        periods: data.periods,
        obligation: if data.is_mandatory() { "mandatory" } else { "encouraged" },
        legal_basis: data.is_mandatory().then(|| {
            let law = if secrets { "Luật Bảo vệ bí mật nhà nước" } else { "Nghị định 171/2025/NĐ-CP" };
            law.to_owned()
        }),
        behaviours: data.behaviours(),
        smallest_change: statistics::thresholds::SMALLEST_CHANGE,
        minimum_attendance_percent: 80,
        refresh_months,
        status: data.status,
        requested_changes: (data.status == "changes_requested")
            .then(|| "Bổ sung nội dung bảo vệ bí mật nhà nước khi dùng công cụ trí tuệ nhân tạo.".to_owned()),
        created_at: at,
        updated_at: at,
    });
    let competency = positions.competencies.get(data.competency).copied();
    b.rows.course_competencies.extend(competency.map(|competency_id| CourseCompetency {
        course_id: id,
        competency_id,
        level: data.level,
    }));
    if !data.audience.is_empty() {
        let mut codes: Vec<_> = positions
            .by_code
            .values()
            .filter(|p| data.is_for(p.code, p.group))
            .map(|p| (p.code, p.id))
            .collect();
        codes.sort_unstable();
        b.rows.course_audiences.extend(
            codes.into_iter().map(|(_, job_position_id)| CourseAudience { course_id: id, job_position_id }),
        );
    }
    catalogue.courses.insert(data.code, CourseFacts { id, data, institute, competency, refresh_months });
}
