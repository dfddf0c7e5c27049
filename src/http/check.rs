//! Checks of wire formats that validator does not know. Their codes are keys of `locales/*/validation.ftl`.

use validator::ValidationError;

/// Kinds of document that carry a decision: decision, plan, submission, report, letter, notice.
const DOCUMENT_KINDS: [&str; 6] = ["QĐ", "KH", "TTr", "BC", "CV", "TB"];

/// A code that others know an object by: Latin letters (with any accents), digits, hyphen, dot, underscore. In bodies it
/// is published as `^[0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ._-]+$`, which JavaScript and Python read alike.
///
/// # Errors
/// `code_format`.
pub fn code(text: &str) -> Result<(), ValidationError> {
    let fits = text.chars().all(|c| {
        c.is_ascii_alphanumeric()
            || matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'Ḁ'..='ỿ' | '-' | '.' | '_')
    });
    holds(fits, "code_format")
}

/// Number of a document as Decree 30/2020/NĐ-CP writes it: running number, kind, issuer (`2646/QĐ-BCT`).
///
/// # Errors
/// `decision_number`.
pub fn decision_number(text: &str) -> Result<(), ValidationError> {
    let fits = text.split_once('/').is_some_and(|(number, rest)| {
        (1..=5).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit())
            && rest.split_once('-').is_some_and(|(kind, issuer)| {
                DOCUMENT_KINDS.contains(&kind)
                    && !issuer.is_empty()
                    && issuer
                        .chars()
                        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, 'Đ' | '-'))
            })
    });
    holds(fits, "decision_number")
}

/// A custom rule's answer: the code unless the value is as it should be.
///
/// # Errors
/// The code.
pub fn holds(good: bool, code: &'static str) -> Result<(), ValidationError> {
    if good { Ok(()) } else { Err(ValidationError::new(code)) }
}

/// Number of elements of a list whose elements are validated too: validator's own `length` beside `nested` panics when
/// both find a fault, so this one is called from a struct-level check.
///
/// # Errors
/// `too_few` or `too_many` at the pointer.
pub fn count<T>(pointer: &str, items: &[T], min: usize, max: usize) -> Result<(), ValidationError> {
    if (min..=max).contains(&items.len()) {
        return Ok(());
    }
    Err(measured("count", pointer, items.len(), min, max))
}

/// Each text of a list has 1 to `max` characters; the first that does not is named.
///
/// # Errors
/// `too_short` or `too_long` at the element below the pointer.
pub fn texts(pointer: &str, items: &[String], max: usize) -> Result<(), ValidationError> {
    let mut lengths = items.iter().map(|text| text.chars().count()).enumerate();
    let fault = lengths.find(|(_, length)| !(1..=max).contains(length));
    fault.map_or(Ok(()), |(i, length)| Err(measured("length", &format!("{pointer}/{i}"), length, 1, max)))
}

/// A fault that says how much there is, and not what.
fn measured(code: &'static str, pointer: &str, found: usize, min: usize, max: usize) -> ValidationError {
    let mut error = ValidationError::new(code);
    error.add_param("pointer".into(), &pointer);
    error.add_param("measured".into(), &found);
    error.add_param("min".into(), &min);
    error.add_param("max".into(), &max);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decision_numbers_are_read_leniently() {
        for good in ["2646/QĐ-BCT", "1/KH-BCT", "12345/TTr-VP-BCT", "7/QĐ-ĐTBD"] {
            assert!(decision_number(good).is_ok(), "{good}");
        }
        for bad in ["", "QĐ-BCT", "123456/QĐ-BCT", "2646/XX-BCT", "2646/QĐ-", "2646/QĐ-bct", "26a/QĐ-BCT"]
        {
            assert!(decision_number(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn codes_have_letters_digits_and_three_signs() {
        assert!(code("BMNN-2026.1_a").is_ok());
        assert!(code("ĐTBD-Ươm").is_ok());
        for bad in ["Ω", "中", "a×b", "１"] {
            assert!(code(bad).is_err(), "{bad}");
        }
        assert!(code("A B").is_err());
        assert!(code("a/b").is_err());
    }
}
