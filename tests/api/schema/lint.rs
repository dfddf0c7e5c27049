//! Each migration can be taken back, and runs beside the replicas of the release before: it takes no long lock, and
//! takes nothing away that they use.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Migrations before this one made the first release. They ran on empty databases, beside no older replica.
const FIRST_AFTER_A_RELEASE: &str = "20261130040000";

/// What a migration does all the same: its name, what the lint says, and why it may.
const ALLOWED: &[(&str, &str, &str)] = &[
    (
        "20261130040000_evaluation_second_raters",
        "evaluations: a unique constraint goes that an upsert may name",
        "replicas of 0.1.0 hand out forms a minute later, when they are replaced (docs/operation.md)",
    ),
    (
        "20261130040000_evaluation_second_raters",
        "evaluations: a unique constraint builds its index at once",
        "a million rows take seconds, in which forms wait; the column it adds is new",
    ),
    (
        "20261130040000_evaluation_second_raters",
        "an index of evaluations without CONCURRENTLY",
        "the column that it asks for is added by the same script, so that the index is empty",
    ),
    (
        "20261130070000_foundation_search_words",
        "the function searchable is dropped",
        "programs of 0.1.0, which call it, are stopped before (docs/operation.md)",
    ),
];

fn folders() -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let entries = std::fs::read_dir(all).expect("migrations").flatten().map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(folder: &Path) -> String {
    folder.file_name().expect("a name").to_string_lossy().into_owned()
}

/// The statements of a script in lower case, without comments, with one space between words. What is quoted is empty.
fn statements(script: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut rest = script;
    while let Some(next) = rest.chars().next() {
        let quote = dollar_quote(rest);
        let (kept, length) = if rest.starts_with("--") {
            (" ", rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (" ", rest.find("*/").map_or(rest.len(), |end| end + 2))
        } else if next == '\'' {
            ("''", rest[1..].find('\'').map_or(rest.len(), |end| end + 2))
        } else if let Some(quote) = quote {
            let length = rest[quote.len()..].find(quote).map_or(rest.len(), |end| end + 2 * quote.len());
            ("''", length)
        } else {
            (&rest[..next.len_utf8()], next.len_utf8())
        };
        plain.push_str(kept);
        rest = &rest[length..];
    }
    let words = |statement: &str| statement.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain.split(';').map(words).filter(|statement| !statement.is_empty()).collect()
}

/// How a text that begins with a dollar quote (`$$`, `$body$`) begins.
fn dollar_quote(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('$')?;
    let (tag, _) = inner.split_once('$')?;
    let is_tag = tag.chars().all(|c| c.is_alphanumeric() || c == '_') && !tag.starts_with(char::is_numeric);
    is_tag.then(|| &text[..tag.len() + 2])
}

/// A text without what is in brackets.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// The words after a beginning, without `IF EXISTS` and the like.
fn after<'a>(statement: &'a str, beginning: &str) -> Option<&'a str> {
    let mut rest = statement.strip_prefix(beginning)?.strip_prefix(' ')?;
    for filler in ["concurrently ", "if not exists ", "if exists ", "only "] {
        rest = rest.strip_prefix(filler).unwrap_or(rest);
    }
    Some(rest)
}

fn first_word(text: &str) -> &str {
    text.split([' ', '(', ',']).next().unwrap_or_default()
}

/// What a script does that older replicas would notice, but for what it does to tables of its own.
fn risks(script: &str) -> Vec<String> {
    let mut made = BTreeSet::new();
    let mut found = Vec::new();
    for statement in statements(script) {
        if let Some(rest) = after(&statement, "create table") {
            made.insert(first_word(rest).to_owned());
        } else if let Some(rest) = after(&statement, "drop table") {
            let tables = rest.split(',').map(|table| first_word(table.trim()));
            found.extend(
                tables.filter(|table| !made.contains(*table)).map(|table| format!("{table} is dropped")),
            );
        } else if let Some(rest) = after(&statement, "drop function") {
            found.push(format!("the function {} is dropped", first_word(rest)));
        } else if statement.starts_with("create index ") || statement.starts_with("create unique index ") {
            let table = statement.split(" on ").nth(1).map(|rest| rest.strip_prefix("only ").unwrap_or(rest));
            let table = first_word(table.expect("an index of a table"));
            if !made.contains(table) && !statement.contains(" index concurrently ") {
                found.push(format!("an index of {table} without CONCURRENTLY"));
            }
        } else if let Some(rest) = after(&statement, "alter table") {
            let table = first_word(rest);
            if !made.contains(table) {
                let actions = without_brackets(rest.strip_prefix(table).unwrap_or_default());
                found.extend(actions.split(',').filter_map(|action| altered(table, action.trim())));
            }
        }
    }
    found
}

/// What is wrong with an action of `ALTER TABLE`.
fn altered(table: &str, action: &str) -> Option<String> {
    let constraint_words = ["constraint", "primary", "unique", "foreign", "check", "exclude"];
    let is_unique = [" unique", " primary key"].iter().any(|words| action.contains(words));
    if action.starts_with("add ") && is_unique && !action.contains(" using index ") {
        return Some(format!("{table}: a unique constraint builds its index at once"));
    }
    if let Some(rest) = after(action, "add column").or_else(|| after(action, "add")) {
        let column = first_word(rest);
        let is_demanded =
            rest.contains(" not null") && ![" default ", " generated "].iter().any(|w| rest.contains(w));
        return (is_demanded && !constraint_words.contains(&column))
            .then(|| format!("{table}.{column} is added NOT NULL without DEFAULT"));
    }
    if action.starts_with("rename ") {
        return Some(format!("{table}: {action}"));
    }
    if let Some(constraint) = after(action, "drop constraint") {
        // The name says what it is (migrations/README.md).
        let is_unique = ["_key", "_pkey"].iter().any(|end| first_word(constraint).ends_with(end));
        return is_unique.then(|| format!("{table}: a unique constraint goes that an upsert may name"));
    }
    if let Some(rest) = after(action, "drop column").or_else(|| after(action, "drop")) {
        return Some(format!("{table}.{} is dropped", first_word(rest)));
    }
    let rest = after(action, "alter column").or_else(|| after(action, "alter"))?;
    action.ends_with(" set not null").then(|| format!("{table}.{} becomes NOT NULL", first_word(rest)))
}

#[test]
fn each_migration_can_be_taken_back() {
    let mut wrong = Vec::new();
    for folder in folders() {
        for script in ["up.sql", "down.sql"] {
            let text = std::fs::read_to_string(folder.join(script)).unwrap_or_default();
            if statements(&text).is_empty() {
                wrong.push(format!("{} has no {script}, or an empty one", name(&folder)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(folders().len() > 10);
}

#[test]
fn migrations_run_beside_older_replicas() {
    let mut found = BTreeSet::new();
    for folder in folders().into_iter().filter(|folder| name(folder).as_str() >= FIRST_AFTER_A_RELEASE) {
        let script = std::fs::read_to_string(folder.join("up.sql")).expect("up.sql");
        found.extend(risks(&script).into_iter().map(|risk| (name(&folder), risk)));
    }
    let allowed: BTreeSet<(String, String)> =
        ALLOWED.iter().map(|(folder, what, _)| ((*folder).to_owned(), (*what).to_owned())).collect();
    let new: Vec<_> = found.difference(&allowed).collect();
    assert!(new.is_empty(), "see migrations/README.md, or list it in ALLOWED with its reason: {new:#?}");
    let needless: Vec<_> = allowed.difference(&found).collect();
    assert!(needless.is_empty(), "ALLOWED lists what no migration does: {needless:#?}");
}

/// `CREATE INDEX CONCURRENTLY` is refused in a transaction, and statements that are sent together are one.
#[test]
fn indexes_that_are_built_concurrently_are_built_outside_of_a_transaction() {
    for folder in folders() {
        let script = std::fs::read_to_string(folder.join("up.sql")).expect("up.sql");
        let all = statements(&script);
        let is_concurrent = all.iter().any(|statement| statement.contains(" index concurrently "));
        assert!(!is_concurrent || all.len() == 1, "{}: an index shares its script", name(&folder));
        let metadata = std::fs::read_to_string(folder.join("metadata.toml")).unwrap_or_default();
        let is_outside = metadata.lines().any(|line| line.trim() == "run_in_transaction = false");
        assert_eq!(is_concurrent, is_outside, "{}: metadata.toml, run_in_transaction", name(&folder));
    }
}

#[test]
fn a_script_is_read_as_postgres_reads_it() {
    let script = "
        -- DROP TABLE a;
        /* ; */ SELECT 'it''s; $$', E'x';
        CREATE FUNCTION f() RETURNS trigger AS $body$ BEGIN ALTER TABLE b RENAME TO c; END $body$ LANGUAGE plpgsql;";
    let expected = ["select '''', e''", "create function f() returns trigger as '' language plpgsql"];
    assert_eq!(statements(script), expected);
}

#[test]
fn what_an_older_replica_would_notice_is_found() {
    let harmless = "
        CREATE TABLE IF NOT EXISTS rooms (id uuid PRIMARY KEY);
        CREATE INDEX rooms_id_idx ON rooms (id);
        ALTER TABLE rooms ADD COLUMN code text NOT NULL, DROP COLUMN id;
        CREATE INDEX CONCURRENTLY units_code_idx ON units (lower(code)) WHERE code <> ' on ';
        ALTER TABLE units ADD COLUMN note text CHECK (note IS NOT NULL), ADD COLUMN seats int NOT NULL DEFAULT 1,
            ADD CONSTRAINT units_seats_check CHECK (seats BETWEEN 1 AND 5, true) NOT VALID, DROP CONSTRAINT units_x_check;
        ALTER TABLE units ALTER COLUMN seats DROP DEFAULT;
        ALTER INDEX units_code_idx RENAME TO units_code_id_idx;";
    assert_eq!(risks(harmless), [""; 0]);
    let risky = "
        CREATE UNIQUE INDEX units_code_key ON ONLY units (code);
        ALTER TABLE IF EXISTS ONLY units ADD COLUMN IF NOT EXISTS seats numeric(3, 1) NOT NULL, ADD note text NOT NULL;
        ALTER TABLE units DROP COLUMN name CASCADE, ALTER COLUMN kind SET NOT NULL;
        ALTER TABLE units RENAME COLUMN kind TO sort;
        ALTER TABLE units DROP CONSTRAINT IF EXISTS units_code_key,
            ADD CONSTRAINT units_code_key UNIQUE (code, kind);
        DROP TABLE IF EXISTS holidays, absences CASCADE;
        DROP FUNCTION IF EXISTS fold(text, text);";
    let expected = [
        "an index of units without CONCURRENTLY",
        "units.seats is added NOT NULL without DEFAULT",
        "units.note is added NOT NULL without DEFAULT",
        "units.name is dropped",
        "units.kind becomes NOT NULL",
        "units: rename column kind to sort",
        "units: a unique constraint goes that an upsert may name",
        "units: a unique constraint builds its index at once",
        "holidays is dropped",
        "absences is dropped",
        "the function fold is dropped",
    ];
    assert_eq!(risks(risky), expected);
}
