//! Every sentence of the demo ministry on effectiveness, in both languages, in one file that can be read in ten minutes; and
//! that each says what its figures say.
//!
//! `docs/demo-sentences.md` is written anew by `UPDATE_DEMO_SENTENCES=1 cargo test --test api demo::sentences`.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;
use thuocdo::access::Role;
use thuocdo::i18n::{Locale, decimal};

use super::provide;
use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::seed::day;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/demo-sentences.md");
/// The day on which the demo ministry of the file is built.
const BUILT_ON: &str = "2026-11-23";

const TITLES: [&str; 4] = [
    "Behaviour at work",
    "The official score",
    "Whom to talk to",
    "The official score, quarter by quarter around a course",
];

const BY: [&str; 7] = ["course", "offering", "institute", "lecturer", "unit", "mode", "content_area"];

/// Where the sentences of a report are.
const POINTERS: [&str; 3] = ["/sentence", "/work_score/sentence", "/barriers/sentence"];

/// Sentences that differ in their numbers only.
#[derive(Default)]
struct Wording {
    vi: String,
    en: String,
    /// What it is said of.
    subjects: BTreeMap<&'static str, Vec<String>>,
}

#[tokio::test]
async fn each_sentence_says_what_its_figures_say() {
    let app = TestApp::spawn().await;
    app.travel_to(day(BUILT_ON));
    provide(&app, true).await;
    let officer = app.as_role(Role::TrainingOfficer);
    let mut chapters: [BTreeMap<String, Wording>; 4] = Default::default();
    let mut said = 0;
    for by in BY {
        for row in reports(&officer, by).await {
            for locale in [Locale::Vi, Locale::En] {
                said += usize::from(behaviour_holds(&row, locale));
                score_holds(&row, locale);
            }
            for (chapter, pointer) in chapters.iter_mut().zip(POINTERS) {
                if row.pointer(pointer).is_none() {
                    continue;
                }
                let subject = ["code", "name"].map(|of| row["subject"][of].as_str());
                let subject = subject.into_iter().flatten().next().unwrap_or_default();
                note(chapter, &row, pointer, (by, subject));
            }
        }
    }
    let mut estimated = 0;
    for row in officer.all("/v1/reports/work-scores?limit=100").await {
        estimated += usize::from(quarters_hold(&row));
        let subject = row["course"]["code"].as_str().unwrap_or("the whole ministry");
        note(&mut chapters[3], &row, "/sentence", ("course", subject));
    }
    assert!(estimated > 1, "{estimated} courses with figures are too few to see the report");
    assert!(said > 60, "{said} sentences with figures are too few to prove anything");
    let mut written = String::from(HEAD);
    for (title, chapter) in TITLES.into_iter().zip(&chapters) {
        let _ = write!(written, "\n## {title}\n");
        for Wording { vi, en, subjects } in chapter.values() {
            let of = |(by, subjects): (&&str, &Vec<String>)| format!("{by}: {}", subjects.join(", "));
            let subjects: Vec<String> = subjects.iter().map(of).collect();
            let _ = write!(written, "\n> {vi}\n>\n> {en}\n\n{}\n", subjects.join("; "));
        }
    }
    if std::env::var_os("UPDATE_DEMO_SENTENCES").is_some() {
        std::fs::write(PATH, &written).expect("the file");
    }
    let committed = std::fs::read_to_string(PATH).unwrap_or_default();
    let other = written.lines().zip(committed.lines()).find(|(now, then)| now != then);
    assert!(
        committed == written,
        "docs/demo-sentences.md is not what the demo says, see {other:?}: write it anew with UPDATE_DEMO_SENTENCES=1"
    );
}

/// Add what a report says of a subject to a chapter.
fn note(
    chapter: &mut BTreeMap<String, Wording>,
    row: &Value,
    pointer: &str,
    (by, subject): (&'static str, &str),
) {
    let [vi, en] = [Locale::Vi, Locale::En].map(|locale| text(row, pointer, locale));
    let wording =
        chapter.entry(without_numbers(&en)).or_insert_with(|| Wording { vi, en, ..Wording::default() });
    wording.subjects.entry(by).or_default().push(subject.to_owned());
}

/// What is said of the quarters around a course is what its figures say; whether there are any.
fn quarters_hold(row: &Value) -> bool {
    let figure = |pointer: &str| row.pointer(pointer).and_then(Value::as_f64);
    let [Some(value), Some(low), Some(high)] = ["/after/value", "/after/ci95/0", "/after/ci95/1"].map(figure)
    else {
        return false;
    };
    for locale in [Locale::Vi, Locale::En] {
        let words = text(row, "/sentence", locale);
        for figure in [value, low, high] {
            assert!(words.contains(&number(locale, figure)), "{figure} is not in «{words}»");
        }
        let around = low <= 0.0 && high >= 0.0;
        let [holds_zero, withstands] = match locale {
            Locale::Vi => ["Khoảng này chứa 0", "Kết luận này còn đúng"],
            Locale::En => ["The interval holds 0", "This holds as long as"],
        };
        assert_eq!(words.contains(holds_zero), around, "{words}");
        let breakdown = figure("/sensitivity/breakdown").unwrap_or_default();
        assert_eq!(words.contains(withstands), !around && breakdown >= 0.01, "{words}");
    }
    true
}

const HEAD: &str = "# What reports say of the demo ministry\n\n\
    Every wording on effectiveness in the reports of the demo ministry as it is built on 23 November 2026, with the first \
    sentence that has it and all that it is said of: sentences that differ in their numbers only stand once. Written by the \
    test `demo::sentences`, which holds each sentence to its figures.\n";

/// A sentence with each number as the same mark.
fn without_numbers(sentence: &str) -> String {
    let mut words = String::new();
    for c in sentence.chars() {
        let c = if c.is_ascii_digit() { '#' } else { c };
        if c != '#' || !words.ends_with(['#', '.']) {
            words.push(c);
        }
    }
    words
}

async fn reports(officer: &Client, by: &str) -> Vec<Value> {
    officer.all(&format!("/v1/reports/effectiveness?by={by}&limit=100")).await
}

fn number(locale: Locale, value: f64) -> String {
    decimal(locale, value, 2)
}

/// What a sentence is checked for, and where it is found.
struct Sentence<'a> {
    text: &'a str,
    row: &'a Value,
    locale: Locale,
}

impl Sentence<'_> {
    fn has(&self, words: &str) {
        assert!(
            self.text.contains(words),
            "«{words}» is not in «{}» of {:#}",
            self.text,
            self.row["subject"]
        );
    }

    fn lacks(&self, words: &str) {
        assert!(!self.text.contains(words), "«{words}» is in «{}» of {:#}", self.text, self.row["subject"]);
    }

    fn choose<'b>(&self, vi: &'b str, en: &'b str) -> &'b str {
        if self.locale == Locale::Vi { vi } else { en }
    }

    /// Direction and size of a change.
    fn moves(&self, value: f64) {
        let points = number(self.locale, value.abs());
        let words = if points == number(self.locale, 0.0) {
            self.choose("không đổi", "did not change").to_owned()
        } else if value > 0.0 {
            format!("{} {points}", self.choose("tăng", "rose by"))
        } else {
            format!("{} {points}", self.choose("giảm", "fell by"))
        };
        self.has(&words);
    }

    fn interval(&self, figure: &Value) {
        let [low, high] =
            [0, 1].map(|end| number(self.locale, figure["ci95"][end].as_f64().expect("an end")));
        self.has(&format!("{low} {} {high}", self.choose("đến", "to")));
    }
}

fn text(row: &Value, pointer: &str, locale: Locale) -> String {
    let language = if locale == Locale::Vi { "vi" } else { "en" };
    row.pointer(&format!("{pointer}/{language}")).and_then(Value::as_str).expect("a sentence").to_owned()
}

/// The sentence on behaviour has the figures, n of both groups, verdict, reasons, label and grade of its row. Whether there
/// were any figures.
fn behaviour_holds(row: &Value, locale: Locale) -> bool {
    let said = text(row, "/sentence", locale);
    let sentence = Sentence { text: &said, row, locale };
    let behaviour = &row["behaviour"];
    let compared = behaviour["headline"] == "difference";
    let decisive = if compared { &behaviour["difference"] } else { &behaviour["change"] };
    if decisive["status"] != "ok" {
        sentence.lacks("95");
        return false;
    }
    sentence.interval(decisive);
    sentence.moves(behaviour["change"]["value"].as_f64().expect("a change"));
    let flow = &row["follow_up"];
    let participants = match locale {
        Locale::Vi => format!("{}/{} người", flow["pairs_used"], flow["participants"]),
        Locale::En => format!("{} of {} people", flow["pairs_used"], flow["participants"]),
    };
    sentence.has(&participants);
    if compared {
        sentence.has(&format!("({} {})", flow["comparison_pairs"], sentence.choose("người", "people")));
        sentence.moves(behaviour["comparison_change"]["value"].as_f64().expect("a change"));
        if flow["compared_pairs"] != flow["pairs_used"] {
            sentence.has(&flow["compared_pairs"].to_string());
            sentence.moves(behaviour["matched_change"]["value"].as_f64().expect("a change"));
        }
        let value = decisive["value"].as_f64().expect("a difference");
        let points = number(locale, value.abs());
        let none = sentence.choose("Không có phần chênh lệch", "There is no difference").to_owned();
        sentence.has(if points == number(locale, 0.0) { &none } else { &points });
    } else {
        sentence.has(sentence.choose("chưa biết phần thay đổi nào", "is not known"));
    }
    let verdict = match (behaviour["verdict"].as_str(), compared) {
        (Some("clear_improvement"), true) => ["cải thiện rõ", "clear improvement"],
        (Some("clear_improvement"), false) => ["tăng rõ so với trước", "a clear rise since before"],
        (Some("improvement_size_uncertain"), true) => {
            ["có cải thiện, mức độ chưa chắc chắn", "improvement, size uncertain"]
        }
        (Some("improvement_size_uncertain"), false) => ["có tăng so với trước", "a rise since before"],
        (Some("practically_no_change"), _) => ["gần như không đổi", "practically no change"],
        (Some("worse"), true) => ["kém đi", "worse"],
        (Some("worse"), false) => ["giảm so với trước", "a fall since before"],
        (Some("cannot_tell_yet"), _) => ["chưa thể kết luận", "cannot tell yet"],
        _ => ["dưới 40", "fewer than 40 %"],
    };
    sentence.has(if locale == Locale::Vi { verdict[0] } else { verdict[1] });
    let limits = behaviour["verdict_limits"].as_array().expect("limits").len();
    assert_eq!(said.matches(sentence.choose("(vì ", "(because ")).count(), limits.min(1), "{said}");
    assert_eq!(
        said.matches(sentence.choose(" và vì ", " and because ")).count(),
        limits.saturating_sub(1),
        "{said}"
    );
    let label = sentence.choose("có thể quá hẹp", "probably too narrow");
    assert_eq!(said.contains(label), decisive["probably_too_narrow"] == true, "{said}");
    let grade = row["evidence"]["grade"].as_str().expect("a grade");
    let level = &row["evidence"]["maryland_level"];
    sentence.has(&match locale {
        Locale::Vi => format!("Mức bằng chứng: {grade} (mức {level}/5"),
        Locale::En => format!("Evidence grade: {grade} (Maryland level {level} of 5)"),
    });
    true
}

/// The sentence on the official score has the figures of its row.
fn score_holds(row: &Value, locale: Locale) {
    let said = text(row, "/work_score/sentence", locale);
    let sentence = Sentence { text: &said, row, locale };
    let score = &row["work_score"];
    let compared = score["headline"] == "difference";
    let decisive = if compared { &score["difference"] } else { &score["change"] };
    if decisive["status"] != "ok" {
        sentence.lacks("95");
        return;
    }
    sentence.interval(decisive);
    sentence.moves(score["change"]["value"].as_f64().expect("a change"));
    sentence.has(&score["change"]["n"].to_string());
    if compared {
        sentence.has(&format!(
            "({} {})",
            score["comparison_change"]["n"],
            sentence.choose("người", "people")
        ));
        sentence.moves(score["comparison_change"]["value"].as_f64().expect("a change"));
    }
}
