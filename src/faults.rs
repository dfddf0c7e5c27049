//! What is wrong with a request, in bounds: neither the number of faults nor what they repeat of the request grows with
//! the request.

use std::fmt::{self, Display, Write};
use std::ops::Deref;

/// Most wrong members that a refusal names; further ones are counted.
pub const FAULTS_NAMED: usize = 100;
/// Most bytes of pointers and values in the faults of a refusal.
pub const FAULTS_BYTES: usize = 16 * 1024;
/// After so many faults beyond the named ones nobody looks for more.
pub const FAULTS_COUNTED: usize = 1000;
/// Most bytes of one text of a request that an answer repeats.
pub const REPEATED_BYTES: usize = 400;

/// A text that came from outside, or quotes one, cut to what an answer repeats of it. A cut text ends with `…`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Brief(String);

impl Brief {
    /// The text's beginning; the rest is not even written out.
    pub fn of(text: impl Display) -> Self {
        let mut cut = Cut { text: String::new(), room: REPEATED_BYTES };
        if write!(cut, "{text}").is_err() {
            cut.text.push('…');
        }
        Self(cut.text)
    }

    /// Bytes that it takes in an answer.
    fn cost(&self) -> usize {
        self.0.chars().map(cost).sum()
    }
}

impl Deref for Brief {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Display for Brief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for Brief {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Brief {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// Takes a text as long as there is room.
struct Cut {
    text: String,
    room: usize,
}

impl Write for Cut {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        for c in more.chars() {
            self.room = self.room.checked_sub(cost(c)).ok_or(fmt::Error)?;
            self.text.push(c);
        }
        Ok(())
    }
}

/// Bytes of a character in JSON.
fn cost(c: char) -> usize {
    match c {
        '"' | '\\' => 2,
        c if c.is_ascii_control() => 6,
        c => c.len_utf8(),
    }
}

/// One wrong member of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer of the member; `?name` for a query parameter; a header's name.
    pub pointer: Brief,
    /// Stable code, a key of `locales/*/validation.ftl` (with `validation-` before it).
    pub code: &'static str,
    /// What the message needs: limits, allowed values.
    pub params: Vec<(&'static str, Brief)>,
}

impl FieldError {
    /// A wrong member without parameters.
    pub fn new(pointer: impl Display, code: &'static str) -> Self {
        Self { pointer: Brief::of(pointer), code, params: Vec::new() }
    }

    /// Add what the message needs.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.params.push((name, Brief::of(value)));
        self
    }

    /// The same fault of a member that stands further down: `place` is the pointer of what it was found in.
    #[must_use]
    pub fn below(mut self, place: impl Display) -> Self {
        self.pointer = Brief::of(format_args!("{place}{}", self.pointer));
        self
    }

    fn cost(&self) -> usize {
        self.pointer.cost() + self.params.iter().map(|(_, value)| value.cost()).sum::<usize>()
    }
}

/// Faults as they are found: the first ones are named, further ones are counted, and at some point there are enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    named: Vec<FieldError>,
    cost: usize,
    omitted: usize,
}

impl Faults {
    /// Take one more.
    pub fn push(&mut self, fault: FieldError) {
        let cost = self.cost + fault.cost();
        if self.omitted > 0 || self.named.len() >= FAULTS_NAMED || cost > FAULTS_BYTES {
            self.omitted += 1;
        } else {
            self.cost = cost;
            self.named.push(fault);
        }
    }

    /// Take all of another's.
    pub fn append(&mut self, other: Self) {
        self.extend(other.named);
        self.omitted += other.omitted;
    }

    /// Take those of another's that lie where nothing is wrong yet.
    pub fn append_elsewhere(&mut self, other: Self) {
        let known: Vec<Brief> = self.named.iter().map(|fault| fault.pointer.clone()).collect();
        self.extend(other.named.into_iter().filter(|fault| !known.contains(&fault.pointer)));
        self.omitted += other.omitted;
    }

    /// The same faults of members that stand further down.
    #[must_use]
    pub fn below(mut self, place: impl Display + Copy) -> Self {
        self.named = self.named.into_iter().map(|fault| fault.below(place)).collect();
        self
    }

    /// So many were found that looking for more is of no use.
    pub fn are_enough(&self) -> bool {
        self.omitted >= FAULTS_COUNTED
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// Those that are named, in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.named.iter()
    }

    /// How many more were found: all of them, or, where the search was given up, as many as make it pointless.
    pub fn omitted(&self) -> usize {
        self.omitted.min(FAULTS_COUNTED)
    }
}

/// A JSON body with faults, before it is refused.
#[derive(Debug)]
pub struct Refused {
    /// What is wrong with it.
    pub faults: Faults,
    /// The body as it came.
    pub value: serde_json::Value,
}

impl From<FieldError> for Faults {
    fn from(fault: FieldError) -> Self {
        std::iter::once(fault).collect()
    }
}

impl Extend<FieldError> for Faults {
    fn extend<I: IntoIterator<Item = FieldError>>(&mut self, faults: I) {
        for fault in faults {
            if self.are_enough() {
                break;
            }
            self.push(fault);
        }
    }
}

impl FromIterator<FieldError> for Faults {
    fn from_iter<I: IntoIterator<Item = FieldError>>(faults: I) -> Self {
        let mut all = Self::default();
        all.extend(faults);
        all
    }
}

impl<'a> IntoIterator for &'a Faults {
    type Item = &'a FieldError;
    type IntoIter = std::slice::Iter<'a, FieldError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_of_a_request_is_cut() {
        assert_eq!(Brief::of("/a"), "/a");
        let whole = "é".repeat(REPEATED_BYTES / 2);
        assert_eq!(Brief::of(&whole), whole.as_str());
        assert_eq!(Brief::of(format!("{whole}é")), format!("{whole}…").as_str());
        for hostile in ["x", "\u{1}", "\"", "\u{10ffff}", "ế"] {
            let brief = Brief::of(hostile.repeat(100_000));
            let written = serde_json::to_string(&*brief).unwrap().len();
            assert!(written <= REPEATED_BYTES + 5, "{hostile:?}: {written}");
        }
    }

    #[test]
    fn faults_are_counted_where_there_are_too_many_to_name() {
        let mut faults: Faults =
            (0..150).map(|i| FieldError::new(format!("/items/{i}"), "required")).collect();
        assert_eq!((faults.iter().count(), faults.omitted()), (FAULTS_NAMED, 50));
        faults.append((0..60).map(|_| FieldError::new("/x", "required")).collect());
        assert_eq!(faults.omitted(), 110);
        faults.extend((0..1_000_000).map(|_| FieldError::new("/x", "required")));
        assert!(faults.are_enough());
        assert_eq!((faults.iter().count(), faults.omitted()), (FAULTS_NAMED, FAULTS_COUNTED));
    }

    #[test]
    fn long_names_leave_room_for_fewer() {
        let long = "x".repeat(1000);
        let faults: Faults = (0..100).map(|_| FieldError::new(&long, "unknown_member")).collect();
        let named: usize = faults.iter().map(|f| f.pointer.len()).sum();
        assert!(named <= FAULTS_BYTES + 400 && faults.omitted() > 0, "{named}");
    }
}
