//! From a published figure to an equation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use uuid::Uuid;

use super::figures::Asked;
use super::knowledge::{Kind, Knowledge, PRODUCTS, Weights, all, weighted};
use super::reading::{Groups, change, parsed, scaled, together};
use super::roster::Roster;

/// The mean of a group, of one kind of unknowns or of the sum of several; and, where it has an interval, that the squares
/// are known. Intervals that count raters show squares of what a rater's people have in common: those of a rater do not
/// occur in different sums, so that it can be taken for so many equal squares of theirs.
pub fn shown(knowledge: &mut Knowledge, figure: &Value, group: &[usize], kinds: &[Kind]) {
    if let Some(mean) = figure["value"].as_f64() {
        assert_eq!(figure["n"], group.len(), "whom this is of: {figure:#}");
        knowledge.figures += 1;
        let sum = kinds.iter().flat_map(|kind| all(*kind, group)).collect();
        knowledge.learn(sum, Some(mean * group.len() as f64));
        if !figure["ci95"].is_null() {
            kinds.iter().for_each(|kind| knowledge.learn(all(kind.squared(), group), None));
        }
    }
}

/// How many of a group are on one side of a mark: a share, percent.
pub fn shared(knowledge: &mut Knowledge, figure: &Value, group: &[usize], mark: Kind) {
    if let Some(percent) = figure["value"].as_f64() {
        assert_eq!(figure["n"], group.len(), "whom this is of: {figure:#}");
        knowledge.figures += 1;
        knowledge.learn(all(mark, group), Some((percent / 100.0 * group.len() as f64).round()));
    }
}

/// Means of both sides of some comparisons and their difference. Each offering weighs as many as it has trained people, so
/// that of the colleagues not the sum is shown but one with weights.
fn compare(
    knowledge: &mut Knowledge,
    [own, beside, difference]: [&Value; 3],
    kinds: [Kind; 2],
    compared: &[[Vec<usize>; 2]],
) {
    shown(knowledge, own, &together(compared, 0), &kinds[..1]);
    if let Some(mean) = beside["value"].as_f64() {
        assert_eq!(beside["n"], together(compared, 1).len(), "whom this is of: {beside:#}");
        knowledge.figures += 1;
        let (weights, sum) = weighted_mean(compared, kinds[1], 1);
        knowledge.learn(weights, Some(mean * sum as f64));
    }
    if let Some([value, own, beside]) = [difference, own, beside]
        .map(|of| of["value"].as_f64())
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .and_then(|of| <[f64; 3]>::try_from(of).ok())
    {
        assert!((value - own + beside).abs() < 1e-9, "{value} is not {own} - {beside}");
    }
    differ(knowledge, difference, kinds, compared);
}

/// The colleagues' changes with the weights of their mean, as whole numbers, times a sign; and what these sum up to.
fn weighted_mean(compared: &[[Vec<usize>; 2]], kind: Kind, sign: i64) -> (Weights, i64) {
    let common = compared.iter().map(|[_, beside]| beside.len() as i64).fold(1, lcm);
    let of = |[trained, beside]: &[Vec<usize>; 2]| {
        weighted(kind, beside, sign * trained.len() as i64 * common / beside.len() as i64)
    };
    let weights: Weights = compared.iter().flat_map(of).collect();
    (weights, common * together(compared, 0).len() as i64)
}

fn lcm(one: i64, other: i64) -> i64 {
    let (mut a, mut b) = (one, other);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    one / a * other
}

/// A mean change minus that of the colleagues, within each offering.
pub fn differ(knowledge: &mut Knowledge, figure: &Value, kinds: [Kind; 2], compared: &[[Vec<usize>; 2]]) {
    let Some(value) = figure["value"].as_f64() else { return };
    let trained = together(compared, 0);
    assert_eq!(figure["n"], trained.len(), "whom this is of: {figure:#}");
    knowledge.figures += 1;
    let (beside, sum) = weighted_mean(compared, kinds[1], -1);
    let own = weighted(kinds[0], &trained, sum / trained.len() as i64);
    knowledge.learn([own, beside].concat(), Some(value * sum as f64));
    // As if the spread of each offering were shown by itself.
    for groups in compared {
        kinds.iter().zip(groups).for_each(|(kind, group)| knowledge.learn_of(&[kind.squared()], group));
    }
}

/// Take down what the figures of a report say.
pub fn learn(knowledge: &mut Knowledge, asked: &Asked, item: &Value, of: &Groups) {
    learn_behaviour(knowledge, asked, &item["behaviour"], of);
    learn_scores(knowledge, &item["work_score"], of);
    learn_reaction(knowledge, &item["reaction"], of);
    learn_voices(knowledge, item, of);
    // By unit they are null, and so of nobody.
    let (tests, own) = (&item["knowledge"], &item["self_rating"]);
    shown(knowledge, &tests["before"], &of.tested, &[Kind::Test]);
    shown(knowledge, &tests["after"], &of.tested, &[Kind::Test, Kind::Learned]);
    shown(knowledge, &tests["change"], &of.tested, &[Kind::Learned]);
    shown(knowledge, &own["change"], &of.judging, &[Kind::Own]);
    shown(knowledge, &own["looking_back"], &of.judging, &[Kind::Own, Kind::Shift]);
    shown(knowledge, &own["shift"], &of.judging, &[Kind::Shift]);
    if !tests["effect_size"]["value"].is_null() {
        knowledge.learn_of(&[Kind::Test.squared()], &of.tested);
    }
}

fn learn_behaviour(knowledge: &mut Knowledge, asked: &Asked, behaviour: &Value, of: &Groups) {
    let main = change(asked.phase);
    let kinds = [main, Kind::Colleague];
    shown(knowledge, &behaviour["before"], &of.trained, &[Kind::Before]);
    shown(knowledge, &behaviour["after"], &of.trained, &[Kind::Before, main]);
    shown(knowledge, &behaviour["change"], &of.trained, &[main]);
    shown(knowledge, &behaviour["six_months"], &of.six_months, &[Kind::SixMonths]);
    let figures = ["matched_change", "comparison_change", "difference"].map(|name| &behaviour[name]);
    compare(knowledge, figures, kinds, &of.compared);
    let sizes = [0, 1].map(|side| together(&of.same_compared, side).len());
    // Of a lecturer a difference takes as much as any other figure.
    let (people, offerings) = if asked.by == "lecturer" { (30, 3) } else { (10, 1) };
    if sizes[0] >= people && sizes[1] >= 10 && of.same_compared.len() >= offerings {
        differ(knowledge, &behaviour["same_rater"], kinds, &of.same_compared);
    } else {
        shown(knowledge, &behaviour["same_rater"], &of.same_rater, &[main]);
    }
    let before = [Kind::Before, Kind::ColleagueBefore];
    learn_size(knowledge, behaviour, before, &of.trained, &of.compared);
    learn_baselines(knowledge, behaviour, before, &of.compared);
    learn_annex(knowledge, behaviour, main, &of.compared);
}

/// An effect size shows the spreads before together: taken as if it showed each by itself.
fn learn_size(
    knowledge: &mut Knowledge,
    outcome: &Value,
    before: [Kind; 2],
    trained: &[usize],
    compared: &[[Vec<usize>; 2]],
) {
    if outcome["effect_size"]["value"].is_null() {
        return;
    }
    knowledge.figures += 1;
    if outcome["headline"] == "difference" {
        for groups in compared {
            before
                .iter()
                .zip(groups)
                .for_each(|(kind, group)| knowledge.learn_of(&[*kind, kind.squared()], group));
        }
    } else {
        knowledge.learn_of(&[before[0], before[0].squared()], trained);
    }
}

/// How both groups were rated before, and by how much they differed for their spread.
fn learn_baselines(
    knowledge: &mut Knowledge,
    behaviour: &Value,
    before: [Kind; 2],
    compared: &[[Vec<usize>; 2]],
) {
    let baselines = &behaviour["baselines"];
    shown(knowledge, &baselines["trained"], &together(compared, 0), &before[..1]);
    if let Some(mean) = baselines["comparison"]["value"].as_f64() {
        knowledge.figures += 1;
        let (weights, sum) = weighted_mean(compared, before[1], 1);
        knowledge.learn(weights, Some(mean * sum as f64));
    }
    if !baselines["standardised"]["value"].is_null() {
        knowledge.figures += 1;
        for groups in compared {
            before.iter().zip(groups).for_each(|(kind, group)| knowledge.learn_of(&[kind.squared()], group));
        }
    }
}

/// The annex is the difference minus so much of what both groups differ in before as the slope says: it shows the squares
/// and products of both ratings.
fn learn_annex(knowledge: &mut Knowledge, behaviour: &Value, main: Kind, compared: &[[Vec<usize>; 2]]) {
    let annex = &behaviour["at_equal_baselines"];
    let value = |figure: &Value| figure["value"].as_f64();
    let (Some(effect), Some(slope)) = (value(&annex["effect"]), value(&annex["slope"])) else { return };
    let baselines = &behaviour["baselines"];
    let figures = [&baselines["trained"], &baselines["comparison"], &behaviour["difference"]].map(value);
    let [Some(own), Some(others), Some(difference)] = figures else {
        panic!("an annex to nothing: {behaviour:#}");
    };
    knowledge.figures += 2;
    // The slope is of the rating after, the difference one of changes: the annex adds no new baseline.
    assert!((effect - difference - (1.0 - slope) * (own - others)).abs() < 1e-9, "{behaviour:#}");
    for groups in compared {
        for (kinds, group) in
            [[Kind::Before, main], [Kind::ColleagueBefore, Kind::Colleague]].iter().zip(groups)
        {
            knowledge.learn_of(&kinds.map(Kind::squared), group);
        }
        PRODUCTS.iter().zip(groups).for_each(|(product, group)| knowledge.learn_of(&[*product], group));
    }
}

/// An institute's mean at equal baselines, drawn to that of all: as if all that goes into it were shown.
pub fn learn_placed(knowledge: &mut Knowledge, behaviour: &Value, trained: &[usize]) {
    if !behaviour["shrunken"]["value"].is_null() {
        knowledge.figures += 2;
        let kinds = [Kind::Before, Kind::ThreeMonths];
        knowledge.learn_of(&kinds, trained);
        knowledge.learn_of(&kinds.map(Kind::squared), trained);
        knowledge.learn_of(&PRODUCTS[..1], trained);
    }
}

/// Null to institutes.
fn learn_scores(knowledge: &mut Knowledge, scores: &Value, of: &Groups) {
    let kinds = [Kind::ScoreChange, Kind::ColleagueScoreChange];
    shown(knowledge, &scores["before"], &of.scored, &[Kind::Score]);
    shown(knowledge, &scores["after"], &of.scored, &[Kind::Score, Kind::ScoreChange]);
    shown(knowledge, &scores["change"], &of.scored, &kinds[..1]);
    let figures = ["matched_change", "comparison_change", "difference"].map(|name| &scores[name]);
    compare(knowledge, figures, kinds, &of.compared_scores);
    shared(knowledge, &scores["at_ceiling"], &of.scored, Kind::Ceiling);
    if !scores.is_null() {
        learn_size(knowledge, scores, [Kind::Score, Kind::ColleagueScore], &of.scored, &of.compared_scores);
    }
}

/// Null by unit.
pub fn learn_reaction(knowledge: &mut Knowledge, reaction: &Value, of: &Groups) {
    const NAMES: [&str; 4] = ["relevance", "engagement", "lecturer", "organisation"];
    if reaction.is_null() {
        return;
    }
    shown(knowledge, &reaction["mean"], &of.forms, &[Kind::Form]);
    for scale in reaction["scales"].as_array().expect("scales") {
        let place = NAMES.iter().position(|name| scale["scale"] == *name).expect("a known scale");
        let Kind::Scale(number) = scaled(place) else { unreachable!() };
        shown(knowledge, &scale["mean"], &of.scales[place], &[Kind::Scale(number)]);
        shared(knowledge, &scale["top_two"], &of.scales[place], Kind::Top(number));
    }
}

/// What learners say of their offices and units of the course; null by unit.
fn learn_voices(knowledge: &mut Knowledge, item: &Value, of: &Groups) {
    const CONDITIONS: [&str; 6] = ["chance", "supervisor", "peers", "time", "resources", "recognition"];
    const OF_UNITS: [&str; 2] = ["used", "rework"];
    for (place, name) in (0_u8..).zip(CONDITIONS) {
        if let Some(voice) = voice(&item["environment"], name) {
            let forms = &of.conditions[usize::from(place)];
            shown(knowledge, &voice["mean"], forms, &[Kind::Condition(place)]);
            shared(knowledge, &voice["bottom_two"], forms, Kind::Barred(place));
        }
    }
    for (place, name) in (0_u8..).zip(OF_UNITS) {
        if let Some(voice) = voice(&item["beneficiary"], name) {
            shown(knowledge, &voice["mean"], &of.said, &[Kind::Said(place)]);
            shared(knowledge, &voice["bottom_two"], &of.said, Kind::Complained(place));
        }
    }
}

fn voice<'a>(of: &'a Value, name: &str) -> Option<&'a Value> {
    of["items"].as_array()?.iter().find(|voice| voice["item"] == name)
}

/// The rows behind a report. Nothing shows whose they are, but somebody's own marks: the offering, whether one took part,
/// and where it is shown whether one's rater changed. Who shares all of them is a group whose rows he knows.
pub fn learn_rows(
    knowledge: &mut Knowledge,
    roster: &Roster<'_>,
    asked: &Asked,
    export: &Value,
    lesson: impl Fn(Uuid) -> usize,
) {
    let main = change(asked.phase);
    let compared_in = offerings_compared(&export["behaviour"]["rows"]);
    for (mark, rows) in marked(&export["behaviour"]["rows"]) {
        let at = lesson(mark.offering);
        let mut group = roster.pairs(asked.phase, at);
        let [compared, colleagues] = roster.compared(asked.phase, at);
        let (changed, same) = roster.by_rater(&group);
        if mark.is_compared && mark.trained {
            group.retain(|who| compared.contains(who));
        } else if compared_in.contains(&mark.offering) {
            group.retain(|who| !compared.contains(who));
        }
        let (group, kinds) = match (mark.trained, mark.rater_changed) {
            (false, _) => (colleagues, [Kind::ColleagueBefore, Kind::Colleague]),
            (true, None) => (group, [Kind::Before, main]),
            (true, Some(true)) => (both(&group, &changed), [Kind::Before, main]),
            (true, Some(false)) => (both(&group, &same), [Kind::Before, main]),
        };
        learn_listed(knowledge, &rows, &group, kinds, 10_000.0);
    }
    let compared_in = offerings_compared(&export["work_score"]["rows"]);
    for (mark, rows) in marked(&export["work_score"]["rows"]) {
        let at = lesson(mark.offering);
        let mut group = roster.scored(0, at);
        let [compared, colleagues] = roster.compared_scores(at);
        if mark.is_compared && mark.trained {
            group.retain(|who| compared.contains(who));
        } else if compared_in.contains(&mark.offering) {
            group.retain(|who| !compared.contains(who));
        }
        let (group, kinds) = if mark.trained {
            (group, [Kind::Score, Kind::ScoreChange])
        } else {
            (colleagues, [Kind::ColleagueScore, Kind::ColleagueScoreChange])
        };
        learn_listed(knowledge, &rows, &group, kinds, 10_000.0);
    }
    let mut lost: BTreeMap<Uuid, Vec<f64>> = BTreeMap::new();
    for row in export["behaviour"]["lost"].as_array().expect("the lost") {
        let before = row["before"].as_f64().expect("a rating");
        lost.entry(parsed(&row["offering_id"])).or_default().push(before / 10_000.0);
    }
    for (offering, before) in lost {
        let group = roster.lost(lesson(offering));
        assert_eq!(before.len(), group.len(), "whom these are of");
        knowledge.learn(all(Kind::Before, &group), Some(before.iter().sum()));
    }
}

/// The offerings of which some rows are in a difference.
fn offerings_compared(rows: &Value) -> BTreeSet<Uuid> {
    let rows = rows.as_array().into_iter().flatten();
    rows.filter(|row| row["is_compared"] == true).map(|row| parsed(&row["offering_id"])).collect()
}

fn both(one: &[usize], other: &[usize]) -> Vec<usize> {
    one.iter().copied().filter(|who| other.contains(who)).collect()
}

/// What a row shows of the person that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    offering: Uuid,
    trained: bool,
    rater_changed: Option<bool>,
    is_compared: bool,
}

fn marked(rows: &Value) -> BTreeMap<Mark, Vec<&Value>> {
    let mut marked: BTreeMap<Mark, Vec<&Value>> = BTreeMap::new();
    for row in rows.as_array().into_iter().flatten() {
        let mark = Mark {
            offering: parsed(&row["offering_id"]),
            trained: row["group"] == "trained",
            rater_changed: row["rater_changed"].as_bool(),
            is_compared: row["is_compared"] == true,
        };
        marked.entry(mark).or_default().push(row);
    }
    marked
}

/// The sums of the listed levels, if they are shown, and changes, with their squares.
fn learn_listed(
    knowledge: &mut Knowledge,
    rows: &[&Value],
    group: &[usize],
    [before, main]: [Kind; 2],
    scale: f64,
) {
    assert_eq!(rows.len(), group.len(), "whom these are of: {rows:#?}");
    knowledge.figures += rows.len();
    for (member, kind) in [("before", before), ("change", main)] {
        let values: Option<Vec<f64>> = rows.iter().map(|row| row[member].as_f64()).collect();
        if let Some(values) = values {
            knowledge.learn(all(kind, group), Some(values.iter().sum::<f64>() / scale));
            knowledge.learn_of(&[kind.squared()], group);
        }
    }
}
