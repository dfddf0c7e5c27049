//! Invented people: Vietnamese names by how often they occur, and what follows from a name.

use std::collections::HashSet;

use super::dice::Dice;
use crate::text;

/// Family names in parts of a thousand.
const FAMILY: [(&str, i32); 29] = [
    ("Nguyễn", 384),
    ("Trần", 110),
    ("Lê", 95),
    ("Phạm", 71),
    ("Hoàng", 36),
    ("Huỳnh", 15),
    ("Phan", 45),
    ("Vũ", 27),
    ("Võ", 12),
    ("Đặng", 21),
    ("Bùi", 20),
    ("Đỗ", 14),
    ("Hồ", 13),
    ("Ngô", 13),
    ("Dương", 10),
    ("Lý", 5),
    ("Đào", 8),
    ("Đinh", 9),
    ("Lương", 7),
    ("Trịnh", 6),
    ("Trương", 15),
    ("Mai", 12),
    ("Cao", 12),
    ("Hà", 12),
    ("Tạ", 10),
    ("Chu", 8),
    ("Lưu", 8),
    ("Tô", 7),
    ("Phùng", 5),
];
const MIDDLE_OF_WOMEN: [(&str, i32); 10] = [
    ("Thị", 40),
    ("Thu", 9),
    ("Thanh", 9),
    ("Ngọc", 10),
    ("Minh", 7),
    ("Phương", 7),
    ("Hồng", 6),
    ("Bích", 4),
    ("Khánh", 4),
    ("Thùy", 4),
];
const GIVEN_TO_WOMEN: [(&str, i32); 30] = [
    ("Hà", 6),
    ("Hương", 7),
    ("Lan", 5),
    ("Linh", 7),
    ("Mai", 5),
    ("Nga", 4),
    ("Ngân", 3),
    ("Nhung", 4),
    ("Oanh", 3),
    ("Phương", 5),
    ("Quyên", 2),
    ("Thảo", 5),
    ("Thủy", 5),
    ("Trang", 7),
    ("Trâm", 2),
    ("Tuyết", 2),
    ("Vân", 4),
    ("Yến", 4),
    ("Hằng", 5),
    ("Hạnh", 4),
    ("Hiền", 4),
    ("Hoa", 4),
    ("Huyền", 4),
    ("Dung", 3),
    ("Giang", 3),
    ("Chi", 3),
    ("Anh", 7),
    ("Bình", 2),
    ("Ánh", 2),
    ("Diệp", 2),
];
const MIDDLE_OF_MEN: [(&str, i32); 12] = [
    ("Văn", 26),
    ("Đức", 11),
    ("Hữu", 7),
    ("Minh", 10),
    ("Quang", 9),
    ("Xuân", 6),
    ("Ngọc", 6),
    ("Đình", 6),
    ("Quốc", 6),
    ("Thanh", 6),
    ("Công", 4),
    ("Tiến", 3),
];
const GIVEN_TO_MEN: [(&str, i32); 30] = [
    ("An", 3),
    ("Anh", 6),
    ("Bình", 4),
    ("Cường", 6),
    ("Dũng", 7),
    ("Duy", 3),
    ("Đạt", 4),
    ("Đức", 5),
    ("Hải", 6),
    ("Hiếu", 5),
    ("Hoàng", 5),
    ("Hùng", 8),
    ("Huy", 4),
    ("Khánh", 3),
    ("Khoa", 2),
    ("Lâm", 3),
    ("Long", 5),
    ("Nam", 6),
    ("Nghĩa", 3),
    ("Phong", 3),
    ("Phúc", 3),
    ("Quân", 4),
    ("Sơn", 6),
    ("Thắng", 5),
    ("Thành", 5),
    ("Tiến", 3),
    ("Trung", 5),
    ("Tuấn", 8),
    ("Tùng", 4),
    ("Việt", 3),
];

/// Makes people up, none of whose e-mail addresses is given twice.
#[derive(Default)]
pub struct Registry {
    addresses: HashSet<String>,
}

impl Registry {
    /// A full name.
    pub fn full_name(dice: &mut Dice) -> String {
        let family = dice.weighted(&FAMILY);
        let (middle, given) = if dice.percent(48) {
            (dice.weighted(&MIDDLE_OF_WOMEN), dice.weighted(&GIVEN_TO_WOMEN))
        } else {
            (dice.weighted(&MIDDLE_OF_MEN), dice.weighted(&GIVEN_TO_MEN))
        };
        format!("{family} {middle} {given}")
    }

    /// An address like `huongnt@…`: given name, then the initials of the others, as the ministry forms them.
    pub fn email(&mut self, full_name: &str, domain: &str) -> String {
        let folded = text::fold(full_name);
        let words: Vec<&str> = folded.split_whitespace().collect();
        let Some((given, others)) = words.split_last() else {
            return String::new();
        };
        let initials: String = others.iter().filter_map(|w| w.chars().next()).collect();
        (1..)
            .map(|n| {
                let number = if n == 1 { String::new() } else { n.to_string() };
                format!("{given}{initials}{number}@{domain}")
            })
            .find(|address| self.addresses.insert(address.clone()))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn family_names_are_as_frequent_as_in_vietnam() {
        let mut dice = Dice::new(1);
        let names: Vec<String> = (0..2000).map(|_| Registry::full_name(&mut dice)).collect();
        let share = |family: &str| {
            let count = names.iter().filter(|n| n.starts_with(&format!("{family} "))).count();
            count * 100 / names.len()
        };
        assert!((34..=42).contains(&share("Nguyễn")), "{}", share("Nguyễn"));
        assert!((9..=14).contains(&share("Trần")), "{}", share("Trần"));
        assert!(share("Nguyễn") > share("Trần") && share("Trần") > share("Hoàng"));
    }

    #[test]
    fn addresses_have_no_accents_and_none_is_given_twice() {
        let mut registry = Registry::default();
        assert_eq!(registry.email("Nguyễn Thị Hường", "moit.gov.vn"), "huongnt@moit.gov.vn");
        assert_eq!(registry.email("Ngô Thị Hương", "moit.gov.vn"), "huongnt2@moit.gov.vn");
        assert_eq!(registry.email("Đỗ Đức Đạt", "moit.gov.vn"), "datdd@moit.gov.vn");
    }
}
