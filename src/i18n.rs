//! Every word a person reads, in Vietnamese or English. Codes and types never change with the language.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};

static_loader! {
    static MESSAGES = {
        locales: "./locales",
        fallback_language: "vi",
        // Isolation marks would stand in JSON as invisible characters.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static VI: LanguageIdentifier = langid!("vi");
static EN: LanguageIdentifier = langid!("en");

/// A language the service speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, clap::ValueEnum)]
pub enum Locale {
    /// Vietnamese, unless asked otherwise.
    #[default]
    Vi,
    /// English.
    En,
}

impl Locale {
    /// The locale of a primary language (BCP 47, in lower case), if the service speaks it.
    pub fn of(language: &str) -> Option<Self> {
        match language {
            "vi" => Some(Locale::Vi),
            "en" => Some(Locale::En),
            _ => None,
        }
    }

    /// BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Locale::Vi => "vi",
            Locale::En => "en",
        }
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Locale::Vi => &VI,
            Locale::En => &EN,
        }
    }
}

/// The text of a key, if the locale has one.
pub fn find(locale: Locale, key: &str, args: &[(&'static str, String)]) -> Option<String> {
    let args: HashMap<Cow<'static, str>, FluentValue<'_>> =
        args.iter().map(|(k, v)| (Cow::Borrowed(*k), FluentValue::from(v.as_str()))).collect();
    MESSAGES.try_lookup_with_args(locale.id(), key, &args)
}

/// The text of a key; the key itself where the text is missing (a test holds the files complete).
pub fn text(locale: Locale, key: &str, args: &[(&'static str, String)]) -> String {
    find(locale, key, args).unwrap_or_else(|| key.to_owned())
}

/// A number with so many decimals, half to even; one that rounds to nothing has no sign.
pub fn decimal(locale: Locale, value: f64, digits: usize) -> String {
    let rounded = format!("{value:.digits$}");
    let plain = match rounded.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| c == '0' || c == '.') => digits,
        _ => &rounded,
    };
    match locale {
        Locale::Vi => plain.replace('.', ","),
        Locale::En => plain.to_owned(),
    }
}

/// A day as people of a language write it.
pub fn date(locale: Locale, day: NaiveDate) -> String {
    match locale {
        Locale::Vi => day.format("%d/%m/%Y").to_string(),
        Locale::En => day.format("%-d %B %Y").to_string(),
    }
}

/// Words of a citation of a legal document, in English and in Vietnamese.
const CITED: [(&str, &str); 8] = [
    ("Law ", "Luật "),
    ("Decree ", "Nghị định "),
    ("Circular ", "Thông tư "),
    ("Regulation ", "Quy định "),
    ("Arts. ", "các điều "),
    ("Art. ", "Điều "),
    ("Ch. ", "Chương "),
    (" to ", " đến "),
];

/// A citation of legal documents (`Law 91/2025/QH15, Art. 14`) in a language: their numbers are the same in both.
pub fn citation(locale: Locale, english: &str) -> String {
    match locale {
        Locale::En => english.to_owned(),
        Locale::Vi => CITED.iter().fold(english.to_owned(), |text, (en, vi)| text.replace(en, vi)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_each_language_does() {
        let written = [0.125, -0.004, -0.56, 3.0].map(|value| decimal(Locale::Vi, value, 2));
        assert_eq!(written, ["0,12", "0,00", "-0,56", "3,00"]);
        assert_eq!(decimal(Locale::En, 66.666, 1), "66.7");
    }

    #[test]
    fn a_citation_is_read_in_both_languages() {
        let english = "Circular 03/2023/TT-BNV, Arts. 5 to 8; Decree 171/2025/NĐ-CP, Ch. III";
        assert_eq!(citation(Locale::En, english), english);
        let vietnamese = "Thông tư 03/2023/TT-BNV, các điều 5 đến 8; Nghị định 171/2025/NĐ-CP, Chương III";
        assert_eq!(citation(Locale::Vi, english), vietnamese);
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let keys = |dir: &str| {
            let mut keys: Vec<String> =
                std::fs::read_dir(format!("{}/locales/{dir}", env!("CARGO_MANIFEST_DIR")))
                    .unwrap()
                    .flat_map(|f| {
                        let text = std::fs::read_to_string(f.unwrap().path()).unwrap();
                        text.lines()
                            .filter(|l| l.starts_with(char::is_alphabetic))
                            .filter_map(|l| l.split_once(" =").map(|(k, _)| k.to_owned()))
                            .collect::<Vec<_>>()
                    })
                    .collect();
            keys.sort();
            keys
        };
        assert_eq!(keys("vi"), keys("en"));
        assert!(!keys("vi").is_empty());
    }
}
