//! Units of the demo ministry, with names as in the reorganisation of 2025 (Decree 40/2025/NĐ-CP), and how they are
//! staffed.

/// Who works in a unit: head, deputies and how many, then the positions the others take in turn.
pub struct Staffing {
    pub head: &'static str,
    pub deputies: (&'static str, usize),
    pub others: &'static [&'static str],
    pub count: usize,
}

/// Code, name, kind, code of the unit above, staff.
pub type UnitData = (&'static str, &'static str, &'static str, &'static str, Staffing);

const fn vu(others: &'static [&'static str], count: usize) -> Staffing {
    Staffing { head: "VT", deputies: ("PVT", 2), others, count }
}

const fn cuc(others: &'static [&'static str], count: usize) -> Staffing {
    Staffing { head: "CT", deputies: ("PCT", 2), others, count }
}

const fn phong(others: &'static [&'static str], count: usize) -> Staffing {
    Staffing { head: "TP", deputies: ("PTP", 1), others, count }
}

const fn dvsn(others: &'static [&'static str], count: usize) -> Staffing {
    Staffing { head: "TTDV", deputies: ("PTTDV", 2), others, count }
}

const MINISTERS: Staffing = Staffing { head: "BT", deputies: ("TT", 5), others: &[], count: 6 };
const OFFICE_LEADERS: Staffing = Staffing { head: "CVP", deputies: ("PCVP", 3), others: &[], count: 4 };

/// Heads come before those below them.
#[rustfmt::skip]
pub static UNITS: [UnitData; 28] = [
    ("BCT", "Bộ Công Thương", "ministry", "", MINISTERS),
    ("VP", "Văn phòng Bộ", "ministry_office", "BCT", OFFICE_LEADERS),
    (
        "VP-TH",
        "Phòng Tổng hợp",
        "division",
        "VP",
        phong(&["CVC", "CV-TH", "CV-TH"], 13),
    ),
    (
        HCVT,
        "Phòng Hành chính - Văn thư",
        "division",
        "VP",
        phong(&["VTV", "VTV", "VTV", "CV-TH"], 12),
    ),
    (
        "VP-LT",
        "Phòng Lưu trữ",
        "division",
        "VP",
        phong(&["LTV", "LTV", "VTV"], 11),
    ),
    (
        "VP-TT",
        "Phòng Truyền thông",
        "division",
        "VP",
        phong(&["CV-TT", "CV-TT", "CV-CDS"], 12),
    ),
    (
        "VP-QT",
        "Phòng Quản trị",
        "division",
        "VP",
        phong(&["CV-QT", "CV-QT", "KT"], 14),
    ),
    (
        "VP-ISO",
        "Phòng Cải cách hành chính và ISO",
        "division",
        "VP",
        phong(&["CV-TH", "CVC", "CV-CDS"], 10),
    ),
    (
        "KHTC",
        "Vụ Kế hoạch, Tài chính và Quản lý doanh nghiệp",
        "department",
        "BCT",
        vu(&["CV-KHTC", "CV-KHTC", "CVC", "KT", "VTV"], 27),
    ),
    (
        "DKT",
        "Vụ Dầu khí và Than",
        "department",
        "BCT",
        vu(&["CV-NL", "CV-NL", "CVC", "VTV", "CV-NL"], 23),
    ),
    (
        "TTNN",
        "Vụ Phát triển thị trường nước ngoài",
        "department",
        "BCT",
        vu(&["CV-TM", "CV-TM", "CVC", "CVCC", "CV-TT", "CV-TM"], 27),
    ),
    (
        "DB",
        "Vụ Chính sách thương mại đa biên",
        "department",
        "BCT",
        vu(&["CV-TM", "CVC", "CV-TM", "CV-PC", "CVCC"], 25),
    ),
    (
        "PC",
        "Vụ Pháp chế",
        "department",
        "BCT",
        vu(&["CV-PC", "CV-PC", "CVC", "VTV"], 22),
    ),
    (
        TCCB,
        "Vụ Tổ chức cán bộ",
        "department",
        "BCT",
        vu(&["CV-TCCB", "CV-TCCB", "CVC", "LTV"], 22),
    ),
    (
        "UBCTQG",
        "Ủy ban Cạnh tranh Quốc gia",
        "agency",
        "BCT",
        cuc(&["CV-PC", "CV-TM", "CVC", "CV-TH", "VTV"], 28),
    ),
    (
        "DIENLUC",
        "Cục Điện lực",
        "agency",
        "BCT",
        cuc(&["CV-NL", "CV-NL", "CVC", "CVCC", "CV-PC", "VTV"], 30),
    ),
    (
        "CNGHIEP",
        "Cục Công nghiệp",
        "agency",
        "BCT",
        cuc(&["CV-CN", "CV-CN", "CVC", "CV-TH", "VTV"], 28),
    ),
    (
        "TTTN",
        "Cục Quản lý và Phát triển thị trường trong nước",
        "agency",
        "BCT",
        cuc(&["CV-TM", "CV-TM", "CVC", "CV-PC", "VTV", "LTV"], 30),
    ),
    (
        "XTTM",
        "Cục Xúc tiến thương mại",
        "agency",
        "BCT",
        cuc(&["CV-TM", "CV-TT", "CVC", "CV-TM", "KT"], 26),
    ),
    (
        "XNK",
        "Cục Xuất nhập khẩu",
        "agency",
        "BCT",
        cuc(&["CV-TM", "CV-TM", "CVC", "VTV", "CV-CDS"], 28),
    ),
    (
        "PVTM",
        "Cục Phòng vệ thương mại",
        "agency",
        "BCT",
        cuc(&["CV-TM", "CV-PC", "CVC", "CV-TM"], 24),
    ),
    (
        "TMDT",
        "Cục Thương mại điện tử và Kinh tế số",
        "agency",
        "BCT",
        cuc(&["CV-CDS", "CV-TM", "CVC", "CV-CDS", "CV-TT"], 26),
    ),
    (
        "ATMT",
        "Cục Kỹ thuật an toàn và Môi trường công nghiệp",
        "agency",
        "BCT",
        cuc(&["CV-CN", "CV-CN", "CVC", "CV-NL", "VTV"], 26),
    ),
    (
        "HOACHAT",
        "Cục Hóa chất",
        "agency",
        "BCT",
        cuc(&["CV-CN", "CV-CN", "CVC", "CV-PC"], 24),
    ),
    (
        "DMST",
        "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công",
        "agency",
        "BCT",
        cuc(&["CV-CN", "CV-NL", "CVC", "CV-CDS", "CV-TT"], 26),
    ),
    (
        "VIEN",
        "Viện Nghiên cứu Chiến lược, Chính sách Công Thương",
        "institute",
        "BCT",
        dvsn(&["NCV", "NCV", "NCV", "KT"], 26),
    ),
    (
        "BAO",
        "Báo Công Thương",
        "press",
        "BCT",
        dvsn(&["PV", "PV", "PV", "CV-TT"], 24),
    ),
    (
        "TRUONG",
        "Trường Đào tạo, Bồi dưỡng cán bộ Công Thương Trung ương",
        "school",
        "BCT",
        dvsn(&["GV", "GV", "NCV", "KT"], 26),
    ),
];

/// The division of the story.
pub const HCVT: &str = "VP-HCVT";
/// Where training officers work.
pub const TCCB: &str = "TCCB";
