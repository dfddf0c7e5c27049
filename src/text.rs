//! Vietnamese text: normal form, order of names, accent-free search.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The Vietnamese alphabet in its order; the rank of a letter is its place here.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";
/// Combining tone marks in their order: grave, hook, tilde, acute, dot below (no mark comes first).
const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];

/// Normal form of any text that comes in: NFC, without white space at its ends.
pub fn normalise(text: &str) -> String {
    text.trim().nfc().collect()
}

/// Normal form of a secret that a person types (NFC): keyboards make the same letter in different ways. White space is
/// part of it, also at its ends.
pub fn normalise_secret(secret: &str) -> String {
    secret.nfc().collect()
}

/// Normal form of a name to sign in with: composed, in lower case, without white space at its ends.
pub fn account_name(name: &str) -> String {
    // Lower case takes some letters apart again.
    normalise(name).to_lowercase().nfc().collect()
}

/// The letters that a name is mistaken for: compatibility forms (full width, ligatures) as what they stand for, without
/// case, accents and white space.
pub fn skeleton(name: &str) -> String {
    let plain: String = name.nfkc().collect();
    fold(&plain).chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether a character shows nothing of its own: white space, controls, marks of writing direction, joiners, fillers,
/// selectors, tags, what has no meaning yet or only a private one.
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

/// Whether a text holds control characters other than line breaks and tabs.
pub fn has_control_characters(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Text without case and accents: `Nguyễn Đức` becomes `nguyen duc`. `đ` has no decomposition, so it is mapped by hand.
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// Letters of a word that count in a search.
const WORD_LETTERS: usize = 32;
/// Letters of a word that the index of a long list holds.
const PREFIX_LETTERS: usize = 10;
/// In the place of a word where a search has none: a row has no line break in its words, so that nothing is found.
const NO_WORD: &str = "\n";

/// The words of a search: each must be the beginning of a word of the row. They are made as the database makes those of
/// the rows (its function `search_words`), without case and accents, on any server alike: letters without a
/// decomposition are mapped by hand, and the case of letters that are not Latin stays.
fn search_words(asked: &str) -> Vec<String> {
    let plain: String = asked
        .nfkd()
        .filter(|c| !is_ignored(*c))
        .map(|c| match c.to_ascii_lowercase() {
            // With Eth and the African letter, which look the same.
            'Đ' | 'đ' | '\u{d0}' | '\u{f0}' | '\u{189}' | '\u{256}' => 'd',
            'Ø' | 'ø' => 'o',
            'Ł' | 'ł' => 'l',
            'ı' => 'i',
            'Æ' => 'æ',
            'Œ' => 'œ',
            'Þ' => 'þ',
            other => other,
        })
        .collect();
    let mut words: Vec<String> = Vec::new();
    for joined in plain.split(|c| is_sign(c) && !joins(c)) {
        let word: String = joined.chars().filter(|c| !joins(*c)).take(WORD_LETTERS).collect();
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    if words.is_empty() {
        words.push(NO_WORD.to_owned());
    }
    words
}

/// Accents, and what shows nothing of its own.
fn is_ignored(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}' | '\u{feff}')
}

/// Signs within codes, names and addresses: what they join is one word.
fn joins(c: char) -> bool {
    matches!(c, '-' | '\'' | '.' | '_' | '/' | '@' | '&' | '+' | '|' | '`')
        || matches!(c, '\u{2bc}' | '\u{2010}'..='\u{2015}' | '\u{2018}' | '\u{2019}' | '\u{2212}')
}

/// White space and signs, which are part of no word.
fn is_sign(c: char) -> bool {
    matches!(c,
        '\0'..='/' | ':'..='@' | '['..='`' | '{'..='\u{bf}' | '\u{d7}' | '\u{f7}' | '\u{2000}'..='\u{206f}'
        | '\u{2190}'..='\u{2bff}' | '\u{3000}'..='\u{303f}')
}

/// A `LIKE` pattern for each word of a search, to be compared with the words that a row is found by. Words hold no sign,
/// and so none of the pattern's own.
pub fn search_patterns(asked: &str) -> Vec<String> {
    search_words(asked).iter().map(|word| format!("% {word}%")).collect()
}

/// The beginning of each word of a search, as the index of a long list holds them.
pub fn search_prefixes(asked: &str) -> Vec<String> {
    search_words(asked).iter().map(|word| word.chars().take(PREFIX_LETTERS).collect()).collect()
}

/// Sort key of a full name, compared byte by byte: given name (last word) first, then family name, then the middle;
/// syllable by syllable, letters before tones.
pub fn name_sort_key(full_name: &str) -> String {
    let words: Vec<&str> = full_name.split_whitespace().collect();
    let Some((given, rest)) = words.split_last() else {
        return String::new();
    };
    std::iter::once(*given).chain(rest.iter().copied()).map(syllable_key).collect::<Vec<_>>().join(" ")
}

/// Letters as two-digit ranks, then a separator lower than any rank, then the tone.
fn syllable_key(syllable: &str) -> String {
    let mut letters = String::new();
    let mut tone = 0;
    for c in syllable.nfc().flat_map(char::to_lowercase) {
        let mut base = None;
        let mut marks = Vec::new();
        for part in c.nfd() {
            match TONES.iter().position(|t| *t == part) {
                Some(i) => tone = i + 1,
                None if base.is_none() => base = Some(part),
                None => marks.push(part),
            }
        }
        let letter: String = base.into_iter().chain(marks).nfc().collect();
        let rank = letter.chars().next().and_then(|l| ALPHABET.chars().position(|a| a == l));
        match rank {
            Some(rank) => letters.push_str(&format!("{:02}", rank + 10)),
            // Digits and signs come before letters; anything else after them.
            None if letter.is_ascii() => letters.push_str(&format!("0{letter}")),
            None => letters.push_str(&format!("99{letter}")),
        }
    }
    format!("{letters}!{tone}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_the_vietnamese_way() {
        let expected =
            ["An", "Ân", "Bình", "Cường", "Dũng", "Đạt", "Hà", "Hạ", "Hải", "Hoa", "Hoà", "Hồng", "Thanh Mỹ"];
        let mut sorted = expected;
        sorted.reverse();
        sorted.sort_by_key(|n| name_sort_key(n));
        assert_eq!(sorted, expected);
    }

    #[test]
    fn the_given_name_counts_first_then_the_family_name() {
        let mut names = ["Trần Văn An", "Nguyễn Thị Bình", "Lê Văn An", "Nguyễn Hữu An", "Nguyễn Đình An"];
        names.sort_by_key(|n| name_sort_key(n));
        assert_eq!(names, ["Lê Văn An", "Nguyễn Đình An", "Nguyễn Hữu An", "Trần Văn An", "Nguyễn Thị Bình"]);
    }

    #[test]
    fn search_ignores_case_accents_and_the_place_of_the_tone() {
        assert_eq!(fold("Nguyễn Văn ĐỨC"), "nguyen van duc");
        assert_eq!(fold("hoà"), fold("hòa"));
        for (asked, words) in [
            ("  Văn  VĂN Đức ", vec!["van", "duc"]),
            ("Nguye\u{302}\u{303}n \u{d0}ỗ", vec!["nguyen", "do"]),
            ("Nguy\u{200b}ễn\u{a0}Ân\u{feff}", vec!["nguyen", "an"]),
            ("NV-00123 nv_7", vec!["nv00123", "nv7"]),
            ("H\u{2019}Hen H'Hen Niê", vec!["hhen", "nie"]),
            ("an.nguyen@moit.gov.vn", vec!["annguyenmoitgovvn"]),
            ("Thuế (kỳ 2): 50%, tổng;hợp!", vec!["thue", "ky", "2", "50", "tong", "hop"]),
            ("van:* & 'x' | !y", vec!["van", "x", "y"]),
            ("Ｖăn ﬁ", vec!["van", "fi"]),
        ] {
            assert_eq!(search_words(asked), words, "{asked}");
        }
    }

    #[test]
    fn a_search_of_signs_alone_asks_for_what_no_row_has() {
        for asked in ["%", "%_\\", " - ", "\u{200b}", "()*"] {
            assert_eq!(search_patterns(asked), ["% \n%"], "{asked:?}");
            assert_eq!(search_prefixes(asked), ["\n"], "{asked:?}");
        }
    }

    #[test]
    fn long_words_are_asked_for_by_their_beginning() {
        let long = "x".repeat(200);
        assert_eq!(search_patterns(&long), [format!("% {}%", "x".repeat(32))]);
        assert_eq!(search_prefixes(&format!("{long} van")), ["xxxxxxxxxx", "van"]);
        let many: Vec<String> = (0..50).map(|n| format!("a{n}")).collect();
        assert_eq!(search_prefixes(&many.join(" ")), many);
    }

    #[test]
    fn text_comes_in_composed_and_trimmed() {
        assert_eq!(normalise(" Nguye\u{302}\u{303}n "), "Nguyễn");
        assert!(has_control_characters("a\u{0}b"));
        assert!(!has_control_characters("a\nb"));
    }
}
