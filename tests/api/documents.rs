//! What the documents point to is there: files and headings behind links, and paths that a document or a comment names.

use std::fs;
use std::path::{Path, PathBuf};

/// Documents at the root of the repository.
const AT_THE_ROOT: [&str; 4] = ["README.md", "CONTRIBUTING.md", "STYLE.md", "CHANGELOG.md"];
/// Documents in folders of the code.
const AMONG_THE_CODE: [&str; 4] =
    ["src/ARCHITECTURE.md", "migrations/README.md", "tests/recompute/README.md", "benches/README.md"];
/// How a text in back-quotes begins that is the path of a file or folder, from the root of the repository.
const FOLDERS: [&str; 9] =
    ["src/", "docs/", "tests/", "crates/", "examples/", "locales/", "migrations/", "openapi/", "benches/"];

/// A line outside of code blocks, with its number.
type Line<'a> = (usize, &'a str);

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The entries of a folder, sorted; none of a folder that does not exist.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.sort();
    found
}

/// The files below a folder with an extension.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found
}

fn documents() -> Vec<PathBuf> {
    let root = root();
    let mut documents: Vec<PathBuf> =
        AT_THE_ROOT.iter().chain(&AMONG_THE_CODE).map(|name| root.join(name)).collect();
    documents.extend(files(&root.join("docs"), "md"));
    let crates = entries(&root.join("crates")).into_iter().map(|folder| folder.join("README.md"));
    documents.extend(crates.filter(|readme| readme.is_file()));
    documents
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// How a file is named in a failure.
fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn prose(text: &str) -> Vec<Line<'_>> {
    let mut is_code = false;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            lines.push((number, line));
        }
    }
    lines
}

/// The lines of a source that are comments as a whole.
fn comments(text: &str) -> Vec<Line<'_>> {
    (1..).zip(text.lines()).filter(|(_, line)| line.trim_start().starts_with("//")).collect()
}

/// Where the links of a line lead, but for those to other sites.
fn links(line: &str) -> Vec<&str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains(':')).collect()
}

/// The paths that a line names in back-quotes. What has a place for a name (`<area>`) is the form of a path, and none.
fn named(line: &str) -> Vec<&str> {
    let spans = line.split('`').skip(1).step_by(2);
    spans
        .filter(|span| FOLDERS.iter().any(|folder| span.starts_with(folder)))
        .filter(|span| !span.contains(['<', '{', '…', ' ']))
        .collect()
}

/// The anchors of a document's headings, as GitHub makes them: in lower case, without punctuation, with hyphens for
/// spaces, and numbered where a heading occurs again.
fn anchors(text: &str) -> Vec<String> {
    let lines = prose(text);
    let headings = lines.iter().filter(|(_, line)| line.starts_with('#'));
    let mut plain: Vec<String> = Vec::new();
    let mut anchors = Vec::new();
    for (_, heading) in headings {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let earlier = plain.iter().filter(|other| **other == anchor).count();
        anchors.push(if earlier == 0 { anchor.clone() } else { format!("{anchor}-{earlier}") });
        plain.push(anchor);
    }
    anchors
}

/// Whether there is such a path below a folder; `*` in a name is any text.
fn is_there(folder: &Path, path: &str) -> bool {
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    let goes_on = |next: &Path| next.exists() && (rest.is_empty() || is_there(next, rest));
    match name.split_once('*') {
        None => goes_on(&folder.join(name)),
        Some((head, tail)) => entries(folder).iter().any(|next| {
            let name = next.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let middle = name.strip_prefix(head);
            middle.is_some_and(|middle| middle.ends_with(tail)) && goes_on(next)
        }),
    }
}

/// What is wrong with a link of a document, if anything is.
fn broken(document: &Path, text: &str, target: &str) -> Option<String> {
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = document.parent().expect("a document is in a folder");
    if !path.is_empty() && !is_there(folder, path) {
        return Some(format!("{path} does not exist"));
    }
    let file = folder.join(path);
    let is_document = path.is_empty() || file.extension().is_some_and(|extension| extension == "md");
    if anchor.is_empty() || !is_document {
        return None;
    }
    let headings = if path.is_empty() { anchors(text) } else { anchors(&read(&file)) };
    (!headings.iter().any(|heading| heading == anchor)).then(|| format!("{target} is no heading there"))
}

/// The prose of the documents and the comments of the sources, by file.
fn texts() -> Vec<(PathBuf, String)> {
    let sources = files(&root().join("src"), "rs");
    documents().into_iter().chain(sources).map(|path| (path.clone(), read(&path))).collect()
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let mut wrong = Vec::new();
    let mut followed = 0;
    for document in documents() {
        let text = read(&document);
        for (number, line) in prose(&text) {
            for target in links(line) {
                followed += 1;
                let fault = broken(&document, &text, target);
                wrong.extend(fault.map(|fault| format!("{}:{number}: {fault}", shown(&document))));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(followed > 100, "{followed} links are too few to be all of them");
}

#[test]
fn every_path_that_is_named_exists() {
    let mut wrong = Vec::new();
    let mut looked_up = 0;
    for (file, text) in texts() {
        let is_source = file.extension().is_some_and(|extension| extension == "rs");
        let lines = if is_source { comments(&text) } else { prose(&text) };
        for (number, line) in lines {
            for path in named(line) {
                looked_up += 1;
                // The README of a crate names the crate's own files.
                let folder = file.parent().expect("a file is in a folder");
                if !is_there(&root(), path) && !is_there(folder, path) {
                    wrong.push(format!("{}:{number}: {path} does not exist", shown(&file)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(looked_up > 100, "{looked_up} paths are too few to be all of them");
}

#[test]
fn what_leads_nowhere_is_found() {
    let text = "# A word, or `two`\n```sh\n# no heading\n```\n## Again\n## Again\n[x](src/lib.rs)";
    assert_eq!(anchors(text), ["a-word-or-two", "again", "again-1"]);
    assert_eq!(links("[a](b.md#c), [d](https://e.vn) and [`f`](../g)"), ["b.md#c", "../g"]);
    let at_root = root().join("README.md");
    let fault = |target: &str| broken(&at_root, text, target);
    assert_eq!(fault("src/lib.rs"), None);
    assert_eq!(fault("#again-1"), None);
    assert_eq!(fault("#again-2").as_deref(), Some("#again-2 is no heading there"));
    assert_eq!(fault("src/none.rs").as_deref(), Some("src/none.rs does not exist"));
    assert_eq!(fault("STYLE.md#none").as_deref(), Some("STYLE.md#none is no heading there"));
    assert_eq!(named("`src/<area>/` and `src/db/`, not src/x nor `x/src/y`"), ["src/db/"]);
    assert!(is_there(&root(), "migrations/*_organisation_units/up.sql"));
    assert!(!is_there(&root(), "migrations/*_organisation_units/none.sql"));
}
