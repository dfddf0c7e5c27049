//! The forbidden arrows, checked on the sources: what may lean on what. Imports and paths are led to the file that has
//! what they name, so that neither nested trees nor `pub use` hide an arrow.

mod map;
mod names;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use map::{Arrows, Map, Module, leads};

/// From the ground up: what lies on a floor leans on its own and on lower ones only.
const FLOORS: &[&[&str]] = &[
    &["digest", "faults", "half_day", "i18n", "page", "patch", "telemetry", "text", "text_enum"],
    &["access"],
    &["error"],
    &["clock", "transition", "version"],
    &["db"],
    &["tokens"],
    &["http"],
    AREAS,
    &["app", "config", "demo", "doctor", "startup", "worker"],
];

/// The areas, which are folders of resources.
const AREAS: &[&str] = &[
    "administration",
    "catalogue",
    "effectiveness",
    "evaluation",
    "identity",
    "organisation",
    "participation",
    "planning",
];

/// On which areas an area may lean.
const ARROWS: &[(&str, &[&str])] = &[
    ("organisation", &[]),
    ("catalogue", &["organisation"]),
    ("identity", &["organisation", "catalogue"]),
    ("planning", &["catalogue", "organisation"]),
    ("participation", &["planning", "catalogue", "organisation"]),
    ("evaluation", &["participation", "planning", "catalogue", "organisation"]),
    ("effectiveness", &["evaluation", "participation", "planning", "catalogue", "organisation"]),
    (
        "administration",
        &[
            "identity",
            "effectiveness",
            "evaluation",
            "participation",
            "planning",
            "catalogue",
            "organisation",
        ],
    ),
];

/// What a file of a resource never says: words; and on what it never leans: parts of the kernel, and files beside it.
const NEVER: &[(&str, &[&str], &[&str])] = &[
    ("model", &["async", "actix_web", "AsyncPgConnection", "RunQueryDsl"], &["http"]),
    ("dto", &["diesel", "actix_web"], &["service", "queries"]),
    ("service", &["actix_web", "diesel"], &["http", "dto"]),
    ("queries", &["actix_web"], &["http", "dto", "service"]),
    ("routes", &["diesel"], &["db"]),
];

/// Files that lean on what their kind never leans on, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "identity/tokens/service",
    "http",
    "only the work of the token endpoint shows who asks, so it counts the request and notes what it refuses",
)];

/// Arrows that may close a circle: in which folder, from where, to where, and why. There are none.
const CIRCLES: &[(&str, &str, &str, &str)] = &[];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The code of a file without comments and without its tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a source");
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    code.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn is_in_an_area(path: &Path) -> bool {
    let relative = path.strip_prefix(src()).expect("below src");
    AREAS.iter().any(|area| relative.starts_with(area))
}

fn map() -> Map {
    let files: Vec<(PathBuf, String)> = sources(&src())
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a source");
            (path.strip_prefix(src()).expect("below src").to_path_buf(), text)
        })
        .collect();
    Map::of(files.iter().map(|(path, text)| (path.clone(), text.as_str())))
}

fn floor(part: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&part))
}

/// Arrows that lead up, or from an area to another on which it may not lean.
fn wrong_ways(map: &Map) -> Vec<String> {
    let mut found = BTreeSet::new();
    for (from, targets) in map.arrows() {
        let Some(part) = from.first() else { continue };
        let Some(own) = floor(part) else {
            found.insert(format!("{part} lies on no floor"));
            continue;
        };
        let allowed = ARROWS.iter().find(|(area, _)| area == part).map(|(_, to)| *to);
        for to in targets.iter().filter(|to| to[0] != *part) {
            let leads_up = floor(&to[0]).is_none_or(|other| other > own);
            let is_an_area = AREAS.contains(&to[0].as_str());
            let is_forbidden =
                is_an_area && allowed.is_some_and(|allowed| !allowed.contains(&to[0].as_str()));
            if leads_up || is_forbidden {
                found.insert(format!("{} leans on {}", from.join("/"), to.join("/")));
            }
        }
    }
    found.into_iter().collect()
}

/// What files of resources say or lean on although their kind never does: the file, and what it is.
fn out_of_role(map: &Map) -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    let arrows = map.arrows();
    for (module, names) in map.files() {
        let is_of_an_area = module.first().is_some_and(|part| AREAS.contains(&part.as_str()));
        // A role that needs several files is a folder of that name.
        let rule = module.iter().enumerate().find_map(|(at, part)| {
            NEVER.iter().find(|(kind, ..)| part == kind).map(|(_, words, rooms)| (at, words, rooms))
        });
        let Some((at, words, rooms)) = rule.filter(|_| is_of_an_area) else { continue };
        found.extend(words.iter().filter(|word| names.mention(word)).map(|word| (module.join("/"), *word)));
        let beside = &module[..at];
        let leans_on = |room: &&&str| {
            let is_beside =
                |to: &Module| to.starts_with(beside) && to.get(at).is_some_and(|part| part == **room);
            arrows[module].iter().any(|to| to[0] == **room || is_beside(to))
        };
        found.extend(rooms.iter().filter(leans_on).map(|room| (module.join("/"), *room)));
    }
    found
}

/// Arrows that lie on a circle within a folder, without those that are known; and those known that lie on none.
fn circles(map: &Map, known: &[(&str, &str, &str, &str)]) -> (Vec<String>, Vec<String>) {
    let (mut closed, mut needless) = (Vec::new(), Vec::new());
    let folders = map.folders();
    let path = |module: &Module| module.join("/");
    for (folder, all) in &folders {
        let is_known = |from: &str, to: &str| {
            known.iter().any(|(place, a, b, _)| *place == path(folder) && *a == from && *b == to)
        };
        let others: Arrows = all
            .iter()
            .filter(|((from, to), _)| !is_known(from, to))
            .map(|(arrow, witness)| (arrow.clone(), witness.clone()))
            .collect();
        for ((from, to), (a, b)) in &others {
            if leads(&others, to, from) {
                closed.push(format!("in {}: {from} -> {to} ({} on {})", path(folder), path(a), path(b)));
            }
        }
        for (from, to) in all.keys().filter(|(from, to)| is_known(from, to)) {
            if !leads(&others, to, from) {
                needless.push(format!("in {}: {from} -> {to}", path(folder)));
            }
        }
    }
    for (place, from, to, _) in known {
        let arrow = ((*from).to_owned(), (*to).to_owned());
        let is_there = folders.iter().any(|(folder, all)| path(folder) == *place && all.contains_key(&arrow));
        if !is_there {
            needless.push(format!("in {place}: {from} -> {to}"));
        }
    }
    (closed, needless)
}

#[test]
fn everything_leans_downwards() {
    let found = wrong_ways(&map());
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_file_keeps_to_its_role() {
    let found = out_of_role(&map());
    let expected: BTreeSet<(String, &str)> =
        EXCEPTIONS.iter().map(|(file, what, _)| ((*file).to_owned(), *what)).collect();
    assert_eq!(found, expected, "what a file says or leans on although its kind never does");
}

#[test]
fn nothing_leans_in_a_circle() {
    let (closed, needless) = circles(&map(), CIRCLES);
    assert!(closed.is_empty(), "circles: {closed:#?}");
    assert!(needless.is_empty(), "CIRCLES names arrows that close no circle any more: {needless:#?}");
}

#[test]
fn the_checker_bites() {
    let map =
        |sources: &[(&str, &'static str)]| Map::of(sources.iter().map(|(path, text)| (path.into(), *text)));
    let house = map(&[
        ("lib.rs", ""),
        ("http/mod.rs", "pub mod page;"),
        ("organisation/mod.rs", "pub mod units;"),
        ("db/mod.rs", "mod tx; pub use tx::Tx; use crate::organisation::units;"),
        ("db/tx.rs", "pub struct Tx;"),
        ("http/page.rs", "pub struct Page;"),
        ("evaluation/mod.rs", "pub mod forms;"),
        ("evaluation/forms/mod.rs", "mod model; pub use model::Form;"),
        ("evaluation/forms/model.rs", "pub struct Form;"),
        ("organisation/units/mod.rs", "mod service; mod queries;"),
        ("organisation/units/queries/mod.rs", "mod tree;"),
        ("organisation/units/queries/tree.rs", "use super::super::service::page;"),
        (
            "organisation/units/service.rs",
            "use crate::{db::{self, Tx}, evaluation::{forms::{self as f, Form}}};\n\
             fn page(shown: crate::http::page::Page) {}",
        ),
        ("cellar.rs", "use crate::db::Tx;"),
    ]);
    let expected = [
        "cellar lies on no floor",
        "db leans on organisation/units",
        "organisation/units/service leans on evaluation/forms",
        "organisation/units/service leans on evaluation/forms/model",
    ];
    assert_eq!(wrong_ways(&house), expected);
    let expected = [("organisation/units/queries/tree", "service"), ("organisation/units/service", "http")];
    assert_eq!(out_of_role(&house), expected.map(|(file, what)| (file.to_owned(), what)).into());

    let ring = map(&[
        ("planning/mod.rs", "mod a; mod b; mod c; pub use a::A;"),
        ("planning/a.rs", "use super::b::{self}; pub struct A;"),
        ("planning/b.rs", "fn f() { super::c::g() }"),
        ("planning/c.rs", "use super::A; #[cfg(test)] mod tests { use super::super::b; }"),
    ]);
    let (closed, needless) = circles(&ring, &[]);
    assert_eq!((closed.len(), needless.len()), (3, 0), "{closed:?}");
    let known = [("planning", "c", "a", "known"), ("planning", "a", "c", "not there")];
    assert_eq!(circles(&ring, &known), (Vec::new(), vec!["in planning: a -> c".to_owned()]));
    let known = [("planning", "c", "a", "known"), ("planning", "b", "c", "needless")];
    let (closed, needless) = circles(&ring, &known);
    assert_eq!((closed.len(), needless.len()), (0, 2), "{needless:?}");
}

/// utoipa collects what `.service(` registers, and nothing of `.route(`.
#[test]
fn areas_register_services_only() {
    for path in sources(&src()).iter().filter(|p| is_in_an_area(p)) {
        assert!(!code(path).contains(".route("), "{} registers a route outside the document", path.display());
    }
}

/// A list of faults that grows with the request takes the memory of the service: [`thuocdo::error::Faults`] does not.
#[test]
fn faults_are_collected_in_bounds() {
    for path in sources(&src()).iter().filter(|p| !p.ends_with("faults.rs")) {
        assert!(!code(path).contains("Vec<FieldError>"), "{} collects without bounds", path.display());
    }
}

/// What one to four people would give away is asked of [`thuocdo::effectiveness::disclosure`]. The results of statutory forms
/// are published by an area that may not lean on it, and have one gate: five forms of a group.
#[test]
fn the_floor_of_privacy_is_applied_in_one_place() {
    let applies_it = |path: &PathBuf| {
        let code = code(path);
        let names = ["PRIVACY_FLOOR", "COMMENT_FLOOR", "comment_gate"];
        let mut from_thresholds =
            code.split("thresholds::").skip(1).filter_map(|rest| rest.split(';').next());
        names.iter().any(|name| code.contains(name)) || from_thresholds.any(|names| names.contains("is_few"))
    };
    let places = ["effectiveness/disclosure", "evaluation/quality_forms"].map(|place| src().join(place));
    let all = sources(&src());
    let (within, outside): (Vec<&PathBuf>, Vec<&PathBuf>) = all
        .iter()
        .filter(|path| applies_it(path))
        .partition(|path| places.iter().any(|place| path.starts_with(place)));
    assert!(outside.is_empty(), "these must ask effectiveness::disclosure: {outside:#?}");
    assert!(within.len() > 2, "nothing was found where the rules are: {within:#?}");
}

/// A code that no line of the service uses would mislead clients.
#[test]
fn every_rule_is_used() {
    let all: String = sources(&src()).iter().filter(|p| !p.ends_with("error.rs")).map(|p| code(p)).collect();
    let unused: Vec<String> = thuocdo::error::Rule::ALL
        .iter()
        .map(|r| format!("{r:?}"))
        .filter(|name| !all.contains(&format!("Rule::{name}")))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}
