//! What a source names: its imports, with their trees resolved, and the paths in its code. Comments, texts and what is
//! compiled for tests only do not count.

use std::collections::BTreeSet;

/// A name that a file imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The path, as it is written; without the `*` of a glob.
    pub path: Vec<String>,
    /// The name in this file; `None` for a glob.
    pub name: Option<String>,
    /// Whether others may name it as if it were this file's own.
    pub is_public: bool,
}

/// What a file names.
#[derive(Debug, Default)]
pub struct Names {
    /// Its imports.
    pub imports: Vec<Import>,
    /// The paths in its code.
    pub paths: Vec<Vec<String>>,
    /// The words of its code, of a path only the first.
    pub words: BTreeSet<String>,
    /// The modules that it declares for tests only.
    pub test_modules: Vec<String>,
}

impl Names {
    /// Read a source.
    pub fn of(source: &str) -> Self {
        let (tokens, test_modules) = without_tests(&tokens(source));
        let mut names = Self { test_modules, ..Self::default() };
        let mut at = 0;
        while at < tokens.len() {
            let before = at.checked_sub(1).map(|before| tokens[before]);
            let after = tokens.get(at + 1).copied();
            match tokens[at] {
                "use" if after.is_some_and(|t| is_word(t) || matches!(t, "::" | "{")) => {
                    let is_public = matches!(before, Some("pub" | ")"));
                    at = names.import(&tokens, at + 1, &[], is_public);
                }
                // `pub(in crate::participation)` says who may see something, and leans on nothing.
                "in" if before == Some("(") => {
                    at += 1 + tokens[at..].iter().take_while(|t| **t != ")").count();
                }
                word if is_word(word) => {
                    let path = path(&tokens[at..]);
                    at += 2 * path.len() - 1;
                    names.words.insert(word.to_owned());
                    if path.len() > 1 && before != Some("::") {
                        names.paths.push(path);
                    }
                }
                _ => at += 1,
            }
        }
        names
    }

    /// Whether a word occurs anywhere in it.
    pub fn mention(&self, word: &str) -> bool {
        let paths = self.paths.iter().chain(self.imports.iter().map(|import| &import.path));
        self.words.contains(word) || paths.flatten().any(|segment| segment == word)
    }

    /// Read the tree of an import that begins at a token, below a path; gives where it ends.
    fn import(&mut self, tokens: &[&str], mut at: usize, below: &[String], is_public: bool) -> usize {
        let mut path = below.to_vec();
        loop {
            let token = tokens.get(at).copied();
            at += 1;
            match token {
                Some("::") => {}
                Some("{") => {
                    while let Some(inner) = tokens.get(at).copied().filter(|t| *t != "}") {
                        at = if inner == "," { at + 1 } else { self.import(tokens, at, &path, is_public) };
                    }
                    return at + 1;
                }
                Some("*") => {
                    self.imports.push(Import { path, name: None, is_public });
                    return at;
                }
                Some(word) if is_word(word) => {
                    // `a::{self}` is `a`.
                    if word != "self" || path.is_empty() {
                        path.push(word.to_owned());
                    }
                    if tokens.get(at) == Some(&"::") {
                        continue;
                    }
                    let mut name = path.last().cloned();
                    if tokens.get(at) == Some(&"as") {
                        name = tokens.get(at + 1).map(|name| (*name).to_owned());
                        at += 2;
                    }
                    self.imports.push(Import { path, name, is_public });
                    return at;
                }
                _ => return at,
            }
        }
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The path at the start of some tokens, which is a word at least.
fn path(tokens: &[&str]) -> Vec<String> {
    let mut path = vec![tokens[0].to_owned()];
    let mut rest = &tokens[1..];
    while let ["::", word, after @ ..] = rest
        && is_word(word)
    {
        path.push((*word).to_owned());
        rest = after;
    }
    path
}

/// Tokens without the items that are compiled for tests only, and the names of the modules among those.
fn without_tests<'a>(tokens: &[&'a str]) -> (Vec<&'a str>, Vec<String>) {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let (mut kept, mut modules) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at..].starts_with(&MARK) {
            kept.push(tokens[at]);
            at += 1;
            continue;
        }
        let item = item(&tokens[at + MARK.len()..]);
        if let [.., "mod", name, ";"] = item {
            modules.push((*name).to_owned());
        }
        at += MARK.len() + item.len();
    }
    (kept, modules)
}

/// The item at the start of some tokens: up to its semicolon, or to the end of its block.
fn item<'t, 'a>(tokens: &'t [&'a str]) -> &'t [&'a str] {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(*token, ";" | "}") {
            return &tokens[..=at];
        }
    }
    tokens
}

/// The words and signs of a source; `::` is one sign.
fn tokens(source: &str) -> Vec<&str> {
    let mut rest = source;
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match unspoken(rest) {
            Some(length) => ("", &rest[length..]),
            None if rest.starts_with("::") => rest.split_at(2),
            None if is_word(rest) => rest.split_at(word_length(rest)),
            None => rest.split_at(first.len_utf8()),
        };
        if !token.is_empty() {
            tokens.push(token);
        }
        rest = after;
    }
    tokens
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// Bytes of what says nothing about names at the start of a text: a space, a comment, a text, a character, a lifetime, a
/// number.
fn unspoken(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if first.is_whitespace() {
        return Some(first.len_utf8());
    }
    if first.is_ascii_digit() {
        return Some(word_length(text));
    }
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(text.find("*/").map_or(text.len(), |end| end + 2));
    }
    if let Some(length) = raw_text(text) {
        return Some(length);
    }
    let body = text.strip_prefix('b').unwrap_or(text);
    let prefix = text.len() - body.len();
    if let Some(body) = body.strip_prefix('"') {
        return Some(prefix + 1 + up_to(body, '"'));
    }
    let body = body.strip_prefix('\'')?;
    let is_character = body.starts_with('\\') || body.chars().nth(1) == Some('\'');
    Some(prefix + 1 + if is_character { up_to(body, '\'') } else { word_length(body) })
}

/// Bytes of a raw text, like `r"…"` and `br#"…"#`.
fn raw_text(text: &str) -> Option<usize> {
    let body = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let content = body[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(text.len() - content.len() + content.find(&end)? + end.len())
}

/// Bytes up to a quote that is not escaped, and the quote.
fn up_to(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        if !is_escaped && c == quote {
            return at + 1;
        }
        is_escaped = !is_escaped && c == '\\';
    }
    text.len()
}

#[test]
fn trees_and_paths_are_read() {
    let names = Names::of(
        r##"
        //! use crate::comment::A;
        use crate::{db::{self, Tx as T}, evaluation::{a::*, b}};
        pub(in crate::participation) use super::queries::lock;
        fn f<'a>(x: &'a str) -> [char; 2] { g("crate::text::X", '"', b'\'', r#"crate::raw::X"#); crate::http::locale() }
        #[cfg(test)]
        #[expect(dead_code, reason = "[")]
        mod tests { use crate::reporting::Report; }
        #[cfg(test)]
        mod given;
        impl crate::page::Keyed for Row { const N: i32 = 1_000; }
        "##,
    );
    let imported: Vec<(String, Option<&str>, bool)> =
        names.imports.iter().map(|i| (i.path.join("::"), i.name.as_deref(), i.is_public)).collect();
    let expected = [
        ("crate::db", Some("db"), false),
        ("crate::db::Tx", Some("T"), false),
        ("crate::evaluation::a", None, false),
        ("crate::evaluation::b", Some("b"), false),
        ("super::queries::lock", Some("lock"), true),
    ];
    assert_eq!(imported, expected.map(|(path, name, is_public)| (path.to_owned(), name, is_public)));
    let paths: Vec<String> = names.paths.iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["crate::http::locale", "crate::page::Keyed"]);
    assert_eq!(names.test_modules, ["given"]);
    assert!(names.mention("Tx") && names.mention("Row") && !names.mention("Report"));
}
