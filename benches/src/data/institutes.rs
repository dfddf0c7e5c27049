//! Training institutes with their lecturers and courses.

use uuid::Uuid;

use super::chance::Kind;
use super::copy::{Copy, Value};
use super::{COURSES, INSTITUTES, Making};

/// Lecturers of each institute.
pub const LECTURERS_EACH: u64 = 10;
/// The five behaviours that a course should change; their forms ask for each.
const BEHAVIOURS: [&str; 5] = [
    "Soạn thảo văn bản đúng thể thức",
    "Giải quyết hồ sơ đúng hạn",
    "Sử dụng hệ thống dùng chung trong xử lý công việc",
    "Phối hợp với các đơn vị liên quan",
    "Tham mưu đúng quy định",
];
const AREAS: [&str; 5] = [
    "political_theory",
    "defence_security",
    "state_management",
    "professional_skill",
    "science_technology_digital",
];

impl Making<'_> {
    /// Id of an institute.
    pub fn institute(&self, place: u64) -> Uuid {
        self.chance.id(Kind::Institute, place, self.beginning())
    }

    /// Id of a course.
    pub fn course(&self, place: u64) -> Uuid {
        self.chance.id(Kind::Course, place, self.beginning())
    }

    /// Place of the institute that gives a course.
    pub fn institute_of(course: u64) -> u64 {
        course % INSTITUTES
    }

    /// Id of one of an institute's lecturers.
    pub fn lecturer(&self, institute: u64, number: u64) -> Uuid {
        self.chance.id(Kind::Lecturer, institute * LECTURERS_EACH + number, self.beginning())
    }
}

/// Write them all.
pub async fn write(making: &Making<'_>, say: &mut dyn FnMut(String)) -> anyhow::Result<()> {
    institutes(making).await?;
    lecturers(making).await?;
    let count = courses(making).await?;
    say(format!("courses: {count}"));
    Ok(())
}

async fn institutes(making: &Making<'_>) -> anyhow::Result<()> {
    let at = making.beginning();
    let columns = [
        "id",
        "code",
        "name",
        "kind",
        "contact_email",
        "contact_name",
        "status",
        "decision_number",
        "created_at",
        "updated_at",
    ];
    let mut copy = Copy::begin(making.client, "institutes", &columns).await?;
    for place in 0..INSTITUTES {
        let (code, name) = (format!("CS-{place:02}"), format!("Trường Đào tạo, bồi dưỡng số {place}"));
        let (email, decision) = (format!("lienhe{place}@truong.edu.vn"), format!("{}/QĐ-BCT", 100 + place));
        let row = [
            making.institute(place).into(),
            (&code).into(),
            (&name).into(),
            "ministry_school".into(),
            (&email).into(),
            "Phòng Quản lý đào tạo".into(),
            "approved".into(),
            (&decision).into(),
            at.into(),
            at.into(),
        ];
        copy.row(&row).await?;
    }
    copy.finish().await.map(|_| ())
}

async fn lecturers(making: &Making<'_>) -> anyhow::Result<()> {
    let at = making.beginning();
    let columns = [
        "id",
        "institute_id",
        "full_name",
        "degree",
        "role",
        "subjects",
        "is_active",
        "created_at",
        "updated_at",
    ];
    let mut copy = Copy::begin(making.client, "lecturers", &columns).await?;
    for institute in 0..INSTITUTES {
        for number in 0..LECTURERS_EACH {
            let place = institute * LECTURERS_EACH + number;
            let name = super::names::full_name(making.chance, Kind::Lecturer, place);
            let row = [
                making.lecturer(institute, number).into(),
                making.institute(institute).into(),
                (&name).into(),
                "master".into(),
                "lecturer".into(),
                Value::Texts(&["Quản lý nhà nước"]),
                true.into(),
                at.into(),
                at.into(),
            ];
            copy.row(&row).await?;
        }
    }
    copy.finish().await.map(|_| ())
}

async fn courses(making: &Making<'_>) -> anyhow::Result<u64> {
    let at = making.beginning();
    let columns = [
        "id",
        "code",
        "institute_id",
        "title",
        "content_area",
        "objectives",
        "periods",
        "obligation",
        "behaviours",
        "smallest_change",
        "minimum_attendance_percent",
        "status",
        "created_at",
        "updated_at",
    ];
    let mut copy = Copy::begin(making.client, "courses", &columns).await?;
    for place in 0..COURSES {
        let (code, title) =
            (format!("KH-{place:04}"), format!("Bồi dưỡng kỹ năng công vụ, chuyên đề {place}"));
        let area = AREAS.get(usize::try_from(place % 5)?).copied().unwrap_or("professional_skill");
        let row = [
            making.course(place).into(),
            (&code).into(),
            making.institute(Making::institute_of(place)).into(),
            (&title).into(),
            area.into(),
            "Áp dụng được kiến thức vào công việc.".into(),
            8_i32.into(),
            "encouraged".into(),
            Value::Texts(&BEHAVIOURS),
            0.3_f64.into(),
            80_i32.into(),
            "published".into(),
            at.into(),
            at.into(),
        ];
        copy.row(&row).await?;
    }
    copy.finish().await
}
