//! The forty courses of the demo ministry.

use super::positions::{
    CLERICAL, CORPORATE, DEFENCE, DIGITAL, LEADS_DIVISION, LEADS_UNIT, POLICY, POLITICS, PUBLIC_SERVICE,
    SKILL, STATE,
};

/// A course as it is listed here.
#[derive(Clone, Copy)]
pub struct CourseData {
    pub code: &'static str,
    pub institute: &'static str,
    pub title: &'static str,
    pub content_area: &'static str,
    pub periods: i32,
    /// What it builds.
    pub competency: &'static str,
    pub level: i16,
    /// Positions or position groups it is for; nobody named: everybody.
    pub audience: &'static [&'static str],
    pub status: &'static str,
    /// The subject of its five behaviours.
    pub subject: &'static str,
}

/// The course of the story.
pub const STORY_COURSE: &str = "BMNN-01";

/// Codes of the mandatory ones.
const MANDATORY: [&str; 12] = [
    "BMNN-01", "BMNN-02", "VT-01", "LT-01", "LLCT-01", "LLCT-02", "LLCT-03", "LDP-01", "LDV-01", "QLNN-01",
    "QLNN-02", "QPAN-01",
];

impl CourseData {
    pub fn is_mandatory(&self) -> bool {
        MANDATORY.contains(&self.code)
    }

    /// Whether it is for a position.
    pub fn is_for(&self, position: &str, group: &str) -> bool {
        self.audience.is_empty() || self.audience.contains(&position) || self.audience.contains(&group)
    }

    /// Five observable behaviours, rated before and after. Each is a frequency in the last four weeks.
    pub fn behaviours(&self) -> Vec<String> {
        let subject = self.subject;
        [
            format!("Thực hiện đúng quy trình về {subject}"),
            format!("Hoàn thành đúng thời hạn công việc về {subject}"),
            format!("Chủ động phát hiện vấn đề phát sinh về {subject}"),
            format!("Hướng dẫn đồng nghiệp về {subject}"),
            format!("Giữ vững kỷ luật khi thực hiện {subject}"),
        ]
        .to_vec()
    }
}

#[expect(clippy::too_many_arguments, reason = "one line of the table below")]
const fn course(
    code: &'static str,
    institute: &'static str,
    title: &'static str,
    content_area: &'static str,
    periods: i32,
    (competency, level): (&'static str, i16),
    audience: &'static [&'static str],
    subject: &'static str,
) -> CourseData {
    CourseData {
        code,
        institute,
        title,
        content_area,
        periods,
        competency,
        level,
        audience,
        status: "published",
        subject,
    }
}

const fn at(status: &'static str, course: CourseData) -> CourseData {
    CourseData { status, ..course }
}

/// The catalogue.
#[rustfmt::skip]
pub static COURSES: [CourseData; 40] = [
    course("BMNN-01", "TDTBD", "Bảo vệ bí mật nhà nước", STATE, 24, ("BMNN", 4), &[], "bảo vệ bí mật nhà nước"),
    course("BMNN-02", "TDTBD", "Bảo vệ bí mật nhà nước trên môi trường mạng", STATE, 8, ("BMNN", 2), &[], "bảo vệ bí mật nhà nước trên mạng"),
    course("VT-01", "TDTBD", "Nghiệp vụ công tác văn thư", SKILL, 24, ("VANTHU", 3), &[CLERICAL], "công tác văn thư"),
    course("VT-02", "HVHCQG", "Văn thư điện tử và chữ ký số", SKILL, 16, ("VANTHU", 4), &[CLERICAL, CORPORATE], "văn thư điện tử"),
    course("LT-01", "HVHCQG", "Nghiệp vụ lưu trữ cơ quan", SKILL, 24, ("LUUTRU", 3), &[CLERICAL], "công tác lưu trữ"),
    course("LT-02", "DHKTKTCN", "Số hóa và lưu trữ tài liệu điện tử", SKILL, 16, ("LUUTRU", 3), &[CLERICAL], "lưu trữ tài liệu điện tử"),
    course("TT-01", "TDTBD", "Kỹ năng truyền thông chính sách", SKILL, 16, ("TRUYENTHONG", 3), &[], "truyền thông chính sách"),
    course("TT-02", "DHCTHCM", "Xử lý khủng hoảng truyền thông", SKILL, 8, ("TRUYENTHONG", 4), &[LEADS_UNIT, POLICY, "CV-TT", "PV"], "ứng xử với báo chí"),
    course("ISO-01", "DHCNHN", "Áp dụng hệ thống quản lý chất lượng ISO 9001", SKILL, 16, ("ISO", 3), &[POLICY, CORPORATE], "hệ thống quản lý chất lượng"),
    course("ISO-02", "DHCNHN", "Đánh giá viên nội bộ ISO 9001", SKILL, 24, ("ISO", 4), &[POLICY, CORPORATE], "đánh giá nội bộ"),
    course("LLCT-01", "HVCTQG", "Cập nhật kiến thức lý luận chính trị", POLITICS, 24, ("LLCT-TC", 3), &[], "nhiệm vụ chính trị được giao"),
    course("LLCT-02", "HVCTQG", "Lý luận chính trị cho cán bộ quy hoạch", POLITICS, 40, ("LLCT-CC", 4), &[], "nhiệm vụ chính trị được giao"),
    course("LLCT-03", "HVCTQG", "Trung cấp lý luận chính trị", POLITICS, 1056, ("LLCT-TC", 3), &[], "nhiệm vụ chính trị được giao"),
    course("LDP-01", "HVHCQG", "Lãnh đạo, quản lý cấp phòng", STATE, 40, ("LD-PHONG", 4), &[LEADS_DIVISION, POLICY], "điều hành công việc của phòng"),
    course("LDV-01", "HVHCQG", "Lãnh đạo, quản lý cấp vụ", STATE, 40, ("LD-VU", 4), &[LEADS_UNIT], "điều hành công việc của đơn vị"),
    course("QLNN-01", "HVHCQG", "Quản lý nhà nước ngạch chuyên viên và tương đương", STATE, 40, ("QLNN-CV", 3), &[POLICY, CORPORATE], "tham mưu quản lý nhà nước"),
    course("QLNN-02", "HVHCQG", "Quản lý nhà nước ngạch chuyên viên chính", STATE, 40, ("QLNN-CVC", 3), &[POLICY, CORPORATE], "tham mưu quản lý nhà nước"),
    course("QLNN-03", "HVHCQG", "Quản lý nhà nước ngạch chuyên viên cao cấp", STATE, 40, ("QLNN-CVCC", 4), &[POLICY, LEADS_UNIT], "tham mưu chiến lược"),
    course("QPAN-01", "HVCTQG", "Bồi dưỡng kiến thức quốc phòng và an ninh", DEFENCE, 24, ("QPAN", 3), &[], "nhiệm vụ quốc phòng, an ninh"),
    course("ST-01", "HVHCQG", "Kỹ năng soạn thảo văn bản hành chính", SKILL, 16, ("SOANTHAO", 4), &[], "soạn thảo văn bản"),
    course("PC-01", "TDTBD", "Xây dựng văn bản quy phạm pháp luật", SKILL, 24, ("PHAPCHE", 3), &[CORPORATE, POLICY], "xây dựng văn bản quy phạm pháp luật"),
    course("TC-01", "HVHCQG", "Quản lý nhân sự theo vị trí việc làm", SKILL, 16, ("TCCB", 3), &[CORPORATE], "quản lý nhân sự"),
    course("TCC-01", "DHCTHCM", "Quản lý tài chính công", SKILL, 24, ("TAICHINH", 3), &[CORPORATE], "quản lý tài chính"),
    course("NL-01", "DHDL", "Quy hoạch điện và thị trường điện cạnh tranh", SKILL, 24, ("NANGLUONG", 3), &[POLICY], "quản lý nhà nước về điện lực"),
    course("NL-02", "DHDL", "Năng lượng tái tạo và chuyển dịch năng lượng", SKILL, 16, ("NANGLUONG", 3), &[POLICY], "phát triển năng lượng tái tạo"),
    course("CN-01", "DHCNTPHCM", "Chính sách phát triển công nghiệp hỗ trợ", SKILL, 16, ("CONGNGHIEP", 3), &[POLICY], "chính sách công nghiệp hỗ trợ"),
    course("CN-02", "DHCNTPHCM", "An toàn hóa chất trong sản xuất công nghiệp", SKILL, 24, ("CONGNGHIEP", 3), &[POLICY], "an toàn hóa chất"),
    course("TM-01", "DHCTHCM", "Quy tắc xuất xứ và hiệp định thương mại tự do thế hệ mới", SKILL, 24, ("THUONGMAI", 3), &[POLICY], "thực thi hiệp định thương mại"),
    at("retired", course("TM-02", "DHCTHCM", "Phòng vệ thương mại cơ bản", SKILL, 16, ("THUONGMAI", 3), &[POLICY], "phòng vệ thương mại")),
    course("TM-03", "TDTBD", "Xúc tiến thương mại trên nền tảng số", SKILL, 16, ("THUONGMAI", 3), &[POLICY], "xúc tiến thương mại số"),
    course("CDS-01", "DHCNHN", "Chuyển đổi số dành cho công chức", DIGITAL, 16, ("CDS", 3), &[], "xử lý công việc trên môi trường số"),
    course("CDS-02", "DHCNHN", "Vận hành hệ thống quản lý văn bản mới", DIGITAL, 8, ("CDS", 2), &[], "quản lý văn bản trên hệ thống"),
    course("ATTT-01", "DHDL", "An toàn thông tin cho người dùng", DIGITAL, 8, ("ATTT", 3), &[], "bảo đảm an toàn thông tin"),
    course("DL-01", "DHCNTPHCM", "Phân tích dữ liệu phục vụ quản lý", DIGITAL, 24, ("DULIEU", 3), &[], "sử dụng dữ liệu trong tham mưu"),
    course("NC-01", "TDTBD", "Phương pháp nghiên cứu và giảng dạy tích cực", SKILL, 24, ("NGHIENCUU", 3), &[PUBLIC_SERVICE], "nghiên cứu, giảng dạy"),
    course("QC-01", "TDTBD", "Phổ biến Quy chế làm việc của Bộ", STATE, 8, ("SOANTHAO", 2), &[], "thực hiện Quy chế làm việc"),
    at("draft", course("KN-01", "TDTBD", "Tiếp công dân và giải quyết khiếu nại", SKILL, 16, ("PHAPCHE", 3), &[CORPORATE], "tiếp công dân")),
    at("submitted", course("DD-01", "HVHCQG", "Đạo đức công vụ và văn hóa công sở", STATE, 16, ("QLNN-CV", 3), &[], "đạo đức công vụ")),
    at("changes_requested", course("AI-01", "DHCNHN", "Ứng dụng trí tuệ nhân tạo trong công vụ", DIGITAL, 16, ("CDS", 4), &[], "ứng dụng trí tuệ nhân tạo")),
    at("approved", course("XANH-01", "DHCNTPHCM", "Sản xuất bền vững và tăng trưởng xanh", SKILL, 16, ("CONGNGHIEP", 3), &[POLICY], "sản xuất bền vững")),
];
