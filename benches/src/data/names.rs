//! Vietnamese names as often as they occur: 38 of 100 people are called Nguyễn.

use super::chance::{Chance, Kind};

const FAMILY: [(&str, u64); 20] = [
    ("Nguyễn", 384),
    ("Trần", 110),
    ("Lê", 95),
    ("Phạm", 71),
    ("Hoàng", 51),
    ("Phan", 45),
    ("Vũ", 39),
    ("Đặng", 21),
    ("Bùi", 20),
    ("Đỗ", 14),
    ("Hồ", 13),
    ("Ngô", 13),
    ("Dương", 10),
    ("Đào", 14),
    ("Đinh", 15),
    ("Lương", 13),
    ("Trương", 21),
    ("Mai", 18),
    ("Cao", 18),
    ("Hà", 15),
];
const MIDDLE: [(&str, u64); 24] = [
    ("Thị", 26),
    ("Văn", 16),
    ("Thu", 5),
    ("Thanh", 8),
    ("Ngọc", 8),
    ("Minh", 8),
    ("Phương", 4),
    ("Hồng", 4),
    ("Bích", 2),
    ("Khánh", 3),
    ("Thùy", 2),
    ("Đức", 6),
    ("Hữu", 4),
    ("Quang", 5),
    ("Xuân", 4),
    ("Đình", 4),
    ("Quốc", 4),
    ("Công", 3),
    ("Tiến", 2),
    ("Hoàng", 3),
    ("Kim", 3),
    ("Như", 2),
    ("Việt", 3),
    ("Anh", 3),
];
const GIVEN: [&str; 60] = [
    "Hà", "Hương", "Lan", "Linh", "Mai", "Nga", "Ngân", "Nhung", "Oanh", "Phương", "Quyên", "Thảo", "Thủy",
    "Trang", "Trâm", "Tuyết", "Vân", "Yến", "Hằng", "Hạnh", "Hiền", "Hoa", "Huyền", "Dung", "Giang", "Chi",
    "Ánh", "Diệp", "Bình", "Cúc", "An", "Anh", "Ân", "Cường", "Dũng", "Duy", "Đạt", "Đức", "Hải", "Hiếu",
    "Hoàng", "Hùng", "Huy", "Khánh", "Khoa", "Lâm", "Long", "Nam", "Nghĩa", "Phong", "Phúc", "Quân", "Sơn",
    "Thắng", "Thành", "Trung", "Tuấn", "Tùng", "Việt", "Vinh",
];

/// The full name of the person at a place: family name, middle name, given name.
pub fn full_name(chance: Chance, kind: Kind, place: u64) -> String {
    let family = chance.weighted(kind, place, 1, &FAMILY).unwrap_or("Nguyễn");
    let middle = chance.weighted(kind, place, 2, &MIDDLE).unwrap_or("Thị");
    let given = usize::try_from(chance.below(kind, place, 3, GIVEN.len() as u64)).unwrap_or_default();
    format!("{family} {middle} {}", GIVEN.get(given).copied().unwrap_or("An"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn family_names_are_as_frequent_as_in_vietnam() {
        let chance = Chance::new(1);
        let named =
            (0..10_000).filter(|n| full_name(chance, Kind::Employee, *n).starts_with("Nguyễn ")).count();
        assert!((3_700..3_980).contains(&named), "{named}");
    }
}
