//! The demo ministry's competencies and job positions, and what each position requires.

use std::collections::HashMap;

use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::rows::{Competency, Position, Requirement};

pub const POLITICS: &str = "political_theory";
pub const DEFENCE: &str = "defence_security";
pub const STATE: &str = "state_management";
pub const SKILL: &str = "professional_skill";
pub const DIGITAL: &str = "science_technology_digital";

/// Days ago that the requirements took effect: before everything the demo tells.
const REQUIRED_SINCE_DAYS: i64 = 1000;

/// Code, name, content area.
const COMPETENCIES: [(&str, &str, &str); 24] = [
    ("BMNN", "Bảo vệ bí mật nhà nước", STATE),
    ("VANTHU", "Công tác văn thư", SKILL),
    ("LUUTRU", "Công tác lưu trữ", SKILL),
    ("TRUYENTHONG", "Truyền thông chính sách", SKILL),
    ("ISO", "Quản lý chất lượng theo ISO 9001", SKILL),
    ("LLCT-TC", "Lý luận chính trị trung cấp", POLITICS),
    ("LLCT-CC", "Lý luận chính trị cao cấp", POLITICS),
    ("QLNN-CV", "Quản lý nhà nước ngạch chuyên viên", STATE),
    ("QLNN-CVC", "Quản lý nhà nước ngạch chuyên viên chính", STATE),
    ("QLNN-CVCC", "Quản lý nhà nước ngạch chuyên viên cao cấp", STATE),
    ("LD-PHONG", "Lãnh đạo, quản lý cấp phòng", STATE),
    ("LD-VU", "Lãnh đạo, quản lý cấp vụ", STATE),
    ("QPAN", "Kiến thức quốc phòng và an ninh", DEFENCE),
    ("SOANTHAO", "Soạn thảo văn bản hành chính", SKILL),
    ("PHAPCHE", "Xây dựng văn bản quy phạm pháp luật", SKILL),
    ("TCCB", "Quản lý nhân sự khu vực công", SKILL),
    ("TAICHINH", "Quản lý tài chính công", SKILL),
    ("NANGLUONG", "Quản lý nhà nước về năng lượng", SKILL),
    ("CONGNGHIEP", "Chính sách phát triển công nghiệp", SKILL),
    ("THUONGMAI", "Chính sách thương mại", SKILL),
    ("CDS", "Chuyển đổi số trong cơ quan nhà nước", DIGITAL),
    ("ATTT", "An toàn thông tin", DIGITAL),
    ("DULIEU", "Phân tích dữ liệu phục vụ quản lý", DIGITAL),
    ("NGHIENCUU", "Phương pháp nghiên cứu và giảng dạy", SKILL),
];

pub const LEADS_MINISTRY: &str = "leadership_ministry";
pub const LEADS_UNIT: &str = "leadership_unit";
pub const LEADS_DIVISION: &str = "leadership_division";
pub const POLICY: &str = "policy";
pub const CORPORATE: &str = "corporate";
pub const CLERICAL: &str = "clerical";
pub const PUBLIC_SERVICE: &str = "public_service";

/// A job position: what it is called, who can stand in, how long its holder may be away, what it requires (competency
/// and level; the first one always is the protection of state secrets).
type PositionData = (&'static str, &'static str, &'static str, Option<i32>, &'static [(&'static str, i16)]);

const POSITIONS: [PositionData; 30] = [
    ("BT", "Bộ trưởng", LEADS_MINISTRY, Some(5), &[("BMNN", 4), ("LLCT-CC", 4)]),
    ("TT", "Thứ trưởng", LEADS_MINISTRY, Some(5), &[("BMNN", 4), ("LLCT-CC", 4)]),
    ("VT", "Vụ trưởng", LEADS_UNIT, Some(10), &[("BMNN", 4), ("LLCT-CC", 4), ("QLNN-CVCC", 4), ("LD-VU", 4)]),
    (
        "PVT",
        "Phó Vụ trưởng",
        LEADS_UNIT,
        Some(10),
        &[("BMNN", 4), ("LLCT-CC", 4), ("QLNN-CVC", 4), ("LD-VU", 3)],
    ),
    (
        "CT",
        "Cục trưởng và tương đương",
        LEADS_UNIT,
        Some(10),
        &[("BMNN", 4), ("LLCT-CC", 4), ("QLNN-CVCC", 4), ("LD-VU", 4)],
    ),
    (
        "PCT",
        "Phó Cục trưởng và tương đương",
        LEADS_UNIT,
        Some(10),
        &[("BMNN", 4), ("LLCT-CC", 4), ("QLNN-CVC", 4), ("LD-VU", 3)],
    ),
    (
        "CVP",
        "Chánh Văn phòng Bộ",
        LEADS_UNIT,
        Some(5),
        &[("BMNN", 4), ("LLCT-CC", 4), ("QLNN-CVCC", 4), ("LD-VU", 4)],
    ),
    (
        "PCVP",
        "Phó Chánh Văn phòng Bộ",
        LEADS_UNIT,
        Some(5),
        &[("BMNN", 4), ("LLCT-CC", 4), ("QLNN-CVC", 4), ("LD-VU", 3)],
    ),
    (
        "TTDV",
        "Thủ trưởng đơn vị sự nghiệp",
        LEADS_UNIT,
        Some(10),
        &[("BMNN", 3), ("LLCT-CC", 4), ("LD-VU", 4)],
    ),
    (
        "PTTDV",
        "Phó Thủ trưởng đơn vị sự nghiệp",
        LEADS_UNIT,
        Some(10),
        &[("BMNN", 3), ("LLCT-TC", 3), ("LD-VU", 3)],
    ),
    (
        "TP",
        "Trưởng phòng",
        LEADS_DIVISION,
        Some(5),
        &[("BMNN", 3), ("LLCT-TC", 3), ("QLNN-CVC", 3), ("LD-PHONG", 4)],
    ),
    (
        "PTP",
        "Phó Trưởng phòng",
        LEADS_DIVISION,
        Some(5),
        &[("BMNN", 3), ("LLCT-TC", 3), ("QLNN-CVC", 3), ("LD-PHONG", 3)],
    ),
    ("CVCC", "Chuyên viên cao cấp", POLICY, None, &[("BMNN", 3), ("LLCT-CC", 3), ("QLNN-CVCC", 4)]),
    ("CVC", "Chuyên viên chính về tổng hợp", POLICY, None, &[("BMNN", 3), ("QLNN-CVC", 3), ("SOANTHAO", 4)]),
    ("CV-TH", "Chuyên viên về tổng hợp", POLICY, None, &[("BMNN", 2), ("QLNN-CV", 3), ("SOANTHAO", 3)]),
    (
        "CV-NL",
        "Chuyên viên về quản lý năng lượng",
        POLICY,
        None,
        &[("BMNN", 2), ("QLNN-CV", 3), ("NANGLUONG", 3)],
    ),
    (
        "CV-CN",
        "Chuyên viên về quản lý công nghiệp",
        POLICY,
        None,
        &[("BMNN", 2), ("QLNN-CV", 3), ("CONGNGHIEP", 3)],
    ),
    (
        "CV-TM",
        "Chuyên viên về quản lý thương mại",
        POLICY,
        None,
        &[("BMNN", 2), ("QLNN-CV", 3), ("THUONGMAI", 3)],
    ),
    ("CV-PC", "Chuyên viên về pháp chế", CORPORATE, None, &[("BMNN", 2), ("QLNN-CV", 3), ("PHAPCHE", 3)]),
    (
        "CV-TCCB",
        "Chuyên viên về tổ chức cán bộ",
        CORPORATE,
        None,
        &[("BMNN", 3), ("QLNN-CV", 3), ("TCCB", 3)],
    ),
    (
        "CV-KHTC",
        "Chuyên viên về kế hoạch, tài chính",
        CORPORATE,
        None,
        &[("BMNN", 2), ("QLNN-CV", 3), ("TAICHINH", 3)],
    ),
    ("KT", "Kế toán viên", CORPORATE, Some(5), &[("BMNN", 2), ("TAICHINH", 3)]),
    (
        "CV-CDS",
        "Chuyên viên về công nghệ thông tin",
        CORPORATE,
        None,
        &[("BMNN", 3), ("CDS", 3), ("ATTT", 3)],
    ),
    ("VTV", "Văn thư viên", CLERICAL, Some(3), &[("BMNN", 3), ("VANTHU", 3)]),
    ("LTV", "Lưu trữ viên", CLERICAL, Some(5), &[("BMNN", 3), ("LUUTRU", 3)]),
    ("CV-QT", "Chuyên viên về quản trị công sở", CLERICAL, Some(5), &[("BMNN", 2), ("QLNN-CV", 3)]),
    ("CV-TT", "Chuyên viên về truyền thông", CLERICAL, None, &[("BMNN", 2), ("TRUYENTHONG", 3)]),
    ("NCV", "Nghiên cứu viên", PUBLIC_SERVICE, None, &[("BMNN", 2), ("NGHIENCUU", 3), ("DULIEU", 2)]),
    ("PV", "Phóng viên, biên tập viên", PUBLIC_SERVICE, None, &[("BMNN", 2), ("TRUYENTHONG", 3)]),
    ("GV", "Giảng viên", PUBLIC_SERVICE, None, &[("BMNN", 2), ("NGHIENCUU", 3)]),
];

/// What the other steps ask about a position.
#[derive(Clone)]
pub struct PositionFacts {
    pub id: Uuid,
    pub code: &'static str,
    pub group: &'static str,
    pub is_leadership: bool,
    pub max_absence: Option<i32>,
    /// Competency and level.
    pub requires: Vec<(Uuid, i16)>,
}

/// Competencies and positions by code.
#[derive(Default)]
pub struct Positions {
    pub competencies: HashMap<&'static str, Uuid>,
    pub by_code: HashMap<&'static str, PositionFacts>,
}

pub fn build(b: &mut Builder) -> Positions {
    let mut positions = Positions::default();
    let valid_from = plus(b.calendar.today, -REQUIRED_SINCE_DAYS);
    let at = b.calendar.morning(valid_from);
    for (code, name, content_area) in COMPETENCIES {
        let id = b.dice.id(at);
        positions.competencies.insert(code, id);
        b.rows.competencies.push(Competency {
            id,
            code: code.to_owned(),
            name: name.to_owned(),
            content_area,
            created_at: at,
            updated_at: at,
        });
    }
    for (code, name, group, max_absence, requires) in POSITIONS {
        let id = b.dice.id(at);
        let is_leadership = group.starts_with("leadership");
        b.rows.job_positions.push(Position {
            id,
            code: code.to_owned(),
            name: name.to_owned(),
            position_group: group,
            is_leadership,
            max_consecutive_absence_days: max_absence,
            created_at: at,
            updated_at: at,
        });
        let mut facts = PositionFacts { id, code, group, is_leadership, max_absence, requires: Vec::new() };
        for (competency, level) in requires {
            let Some(competency_id) = positions.competencies.get(competency).copied() else {
                continue;
            };
            facts.requires.push((competency_id, *level));
            let secrets = *competency == "BMNN";
            b.rows.position_requirements.push(Requirement {
                id: b.dice.id(at),
                job_position_id: id,
                competency_id,
                level: *level,
                // Hard: without it nobody may hold the position.
                is_hard: secrets || competency.starts_with("QLNN"),
                legal_basis: Some(if secrets {
                    "Luật Bảo vệ bí mật nhà nước".to_owned()
                } else {
                    "Nghị định 171/2025/NĐ-CP".to_owned()
                }),
                valid_from,
                valid_to: None,
                created_at: at,
            });
        }
        positions.by_code.insert(code, facts);
    }
    positions
}
