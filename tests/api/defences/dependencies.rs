//! Licences, banned crates and sources of all dependencies, without a network. `.config/deny.toml` is the policy.

use std::collections::BTreeSet;
use std::process::Command;

const POLICY: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/.config/deny.toml"));
const LOCK: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"));

/// The packages of this repository, which have neither a licence nor a source.
const OURS: [&str; 3] = [env!("CARGO_PKG_NAME"), "statistics", MEASUREMENTS];

/// The package of the measurements, which neither the service nor its tests are built with.
const MEASUREMENTS: &str = "thuocdo-benches";

/// Every quoted word of a list in a section of the policy; `key` picks one member where its elements are tables.
fn policy(section: &str, list: &str, key: Option<&str>) -> Vec<&'static str> {
    let section = POLICY.split(&format!("\n[{section}]\n")).nth(1).expect("the section");
    let lines = section.split(&format!("{list} = [\n")).nth(1).expect("the list").lines();
    let quoted = |line: &'static str| {
        let after = key.map_or(Some(line), |key| line.split(&format!("{key} = ")).nth(1))?;
        after.split('"').nth(1)
    };
    lines.take_while(|l| *l != "]").filter_map(quoted).collect()
}

/// Name, version and source of every package of the lock file, whatever platform it is for.
fn locked() -> Vec<(&'static str, &'static str, Option<&'static str>)> {
    let packages = LOCK.split("[[package]]").skip(1);
    packages
        .map(|package| {
            let value = |key: &str| package.split(&format!("\n{key} = \"")).nth(1)?.split('"').next();
            (value("name").unwrap(), value("version").unwrap(), value("source"))
        })
        .collect()
}

/// Whether a licence expression (SPDX; old manifests write `/` for OR) can be met by allowed licences alone.
fn acceptable(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (met, rest) = either(&words, allowed);
    met && rest.is_empty()
}

fn either<'a, 'b>(words: &'a [&'b str], allowed: &[&str]) -> (bool, &'a [&'b str]) {
    let (mut met, mut rest) = both(words, allowed);
    while let ["OR", more @ ..] = rest {
        let (other, after) = both(more, allowed);
        (met, rest) = (met || other, after);
    }
    (met, rest)
}

fn both<'a, 'b>(words: &'a [&'b str], allowed: &[&str]) -> (bool, &'a [&'b str]) {
    let (mut met, mut rest) = one(words, allowed);
    while let ["AND", more @ ..] = rest {
        let (other, after) = one(more, allowed);
        (met, rest) = (met && other, after);
    }
    (met, rest)
}

fn one<'a, 'b>(words: &'a [&'b str], allowed: &[&str]) -> (bool, &'a [&'b str]) {
    match words {
        ["(", inner @ ..] => {
            let (met, rest) = either(inner, allowed);
            (met, rest.strip_prefix(&[")"]).unwrap_or(rest))
        }
        [licence, "WITH", exception, rest @ ..] => {
            let whole = format!("{licence} WITH {exception}");
            (allowed.contains(&whole.as_str()), rest)
        }
        [licence, rest @ ..] => (allowed.contains(licence), rest),
        [] => (false, words),
    }
}

/// The different lines of `cargo tree` without a network: every package that is built here, in a format. `members` chooses
/// the packages of this repository that count.
fn tree(members: &[&str], edges: &str, format: &str) -> BTreeSet<String> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--workspace"])
        .args(members)
        .args(["--edges", edges, "--prefix", "none", "--no-dedupe", "--format", format])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    String::from_utf8(tree.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Name, version and licence of every package that is built here, for the service, its tests and its measurements.
fn packages() -> Vec<(String, String, String)> {
    tree(&[], "all", "{p}|{l}")
        .iter()
        .filter_map(|line| {
            let (package, licence) = line.split_once('|')?;
            let mut words = package.split(' ');
            Some((words.next()?.to_owned(), words.next()?.to_owned(), licence.to_owned()))
        })
        .collect()
}

#[test]
fn every_licence_is_allowed() {
    let allowed = policy("licenses", "allow", None);
    assert!(allowed.len() > 5);
    let packages = packages();
    assert!(packages.len() > 200);
    let wrong: Vec<String> = packages
        .iter()
        .filter(|(name, ..)| !OURS.contains(&name.as_str()))
        .filter(|(_, _, licence)| !acceptable(licence, &allowed))
        .map(|(name, version, licence)| format!("{name} {version}: {licence}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = ["MIT", "Apache-2.0", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"];
    for good in [
        "MIT",
        "MIT/GPL-3.0",
        "MIT OR LGPL-2.1-or-later",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
    ] {
        assert!(acceptable(good, &allowed), "{good}");
    }
    for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Apache-2.0) AND GPL-3.0", "GPL-3.0 WITH MIT"] {
        assert!(!acceptable(bad, &allowed), "{bad}");
    }
}

#[test]
fn banned_crates_and_other_sources_stay_out() {
    let banned = policy("bans", "deny", Some("crate"));
    assert!(banned.contains(&"openssl-sys") && banned.contains(&"pq-sys"));
    // The lock file also names what no feature of ours switches on.
    let found: Vec<String> =
        packages().into_iter().map(|(name, ..)| name).filter(|n| banned.contains(&n.as_str())).collect();
    assert!(found.is_empty(), "{found:?}");
    let crates_io = Some("registry+https://github.com/rust-lang/crates.io-index");
    let foreign: Vec<_> = locked()
        .into_iter()
        .filter(|(name, _, source)| *source != crates_io && !OURS.contains(name))
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

#[test]
fn there_is_one_crypto_library() {
    for name in ["aws-lc-rs", "aws-lc-sys", "rustls", "jsonwebtoken"] {
        assert_eq!(locked().iter().filter(|(n, ..)| *n == name).count(), 1, "{name}");
    }
    // The HTTP/2 of actix-web's old line has a known hole (RUSTSEC-2026-0258): its feature stays off.
    assert!(!locked().iter().any(|(name, version, _)| *name == "h2" && version.starts_with("0.3.")));
}

/// Names of the crates of a section of the manifest, as code writes them.
fn named(section: &str) -> Vec<String> {
    let manifest = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    let section = manifest.split(&format!("\n[{section}]\n")).nth(1).expect("the section");
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    lines
        .filter_map(|line| Some(line.split_once(" = ")?.0.trim_end_matches(".workspace").replace('-', "_")))
        .filter(|name| !name.starts_with('#'))
        .collect()
}

/// All code below some folders.
fn code(folders: &[&str]) -> String {
    fn add(path: &std::path::Path, code: &mut String) {
        for path in std::fs::read_dir(path).unwrap().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                add(&path, code);
            } else if path.extension().is_some_and(|e| e == "rs") {
                code.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut all = String::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    folders.iter().for_each(|folder| add(&root.join(folder), &mut all));
    all
}

/// Whether code names a crate: `name::` or `use name`, and not as the end of a longer name.
fn names(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        !before.ends_with(word)
            && (after.starts_with("::") || (before.ends_with("use ") && !after.starts_with(word)))
    })
}

/// Dependencies that no code names: they switch on features that the tests need anyway, see `Cargo.toml`.
const FEATURES_ONLY: [&str; 2] = ["bitflags", "num_complex"];

#[test]
fn every_dependency_is_used() {
    let (service, tests) = (code(&["src"]), code(&["src", "tests", "examples"]));
    let mut unused: Vec<String> = named("dependencies").into_iter().filter(|n| !names(&service, n)).collect();
    unused.retain(|name| !FEATURES_ONLY.contains(&name.as_str()));
    unused.extend(named("dev-dependencies").into_iter().filter(|n| !names(&tests, n)));
    assert!(unused.is_empty(), "{unused:?}");
    assert!(
        named("dependencies").len() > 30 && !names("use unused_crate;", "crate") && !names("a_b::c", "b")
    );
}

/// Cargo builds a library once for each set of its features, and all that leans on it, too.
#[test]
fn the_tests_switch_on_no_feature_of_a_library_of_the_service() {
    // The measurements must not hide what the tests switch on beyond the service.
    let of = |edges: &str| tree(&["--exclude", MEASUREMENTS], edges, "{p} {f}");
    let (service, tests) = (of("normal,build"), of("normal,build,dev"));
    assert!(service.len() > 200);
    let differ: Vec<&String> = service.difference(&tests).collect();
    assert!(
        differ.is_empty(),
        "`cargo test` builds these and all that lean on them anew: ask for what it adds in [dependencies]: {differ:#?}"
    );
}
