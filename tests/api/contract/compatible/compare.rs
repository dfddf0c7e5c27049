//! What a client of an older document can no longer send, or no longer finds in answers, by a newer document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Which way a value goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// From the client: what was accepted must still be accepted.
    Sent,
    /// To the client: what comes must be what the client knows.
    Answered,
}

/// Lower limits, how they are called, and what holds without one.
const LOWEST: [(&str, &str, f64); 4] = [
    ("minimum", "smallest value", f64::NEG_INFINITY),
    ("exclusiveMinimum", "value to be exceeded", f64::NEG_INFINITY),
    ("minLength", "shortest length", 0.0),
    ("minItems", "smallest number of items", 0.0),
];
/// Upper limits, as well.
const HIGHEST: [(&str, &str, f64); 4] = [
    ("maximum", "largest value", f64::INFINITY),
    ("exclusiveMaximum", "value not to be reached", f64::INFINITY),
    ("maxLength", "longest length", f64::INFINITY),
    ("maxItems", "largest number of items", f64::INFINITY),
];

/// One form of a value: a schema without alternatives, of one type.
struct Form<'a> {
    /// Name of the schema among the components.
    name: Option<&'a str>,
    /// Its type; `None` is any.
    kind: Option<&'a str>,
    schema: &'a Value,
}

struct Comparison<'a> {
    old: &'a Value,
    new: &'a Value,
    /// What is being compared: a schema may contain itself.
    open: Vec<(&'a Value, &'a Value)>,
}

/// Every break in plain words.
pub fn breaks(old: &Value, new: &Value) -> BTreeSet<String> {
    let mut comparison = Comparison { old, new, open: Vec::new() };
    let mut found = BTreeSet::new();
    for (path, item) in old["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            let name = format!("{id} ({} {path})", method.to_uppercase());
            match &new["paths"][path.as_str()][method.as_str()] {
                Value::Null => {
                    found.insert(format!("{name}: the operation was removed"));
                }
                other => found.extend(comparison.operation(operation, other, &name)),
            }
        }
    }
    found
}

impl<'a> Comparison<'a> {
    fn operation(&mut self, old: &'a Value, new: &'a Value, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        if old["operationId"] != new["operationId"] {
            found.insert(format!("{name}: its id is {} now", new["operationId"]));
        }
        let (before, after) = (scopes(old), scopes(new));
        let added = after.difference(&before);
        found.extend(added.map(|scope| format!("{name}: the permission `{scope}` is needed now")));
        let is_open = |operation: &Value| operation["security"].as_array().is_none_or(Vec::is_empty);
        if is_open(old) && !is_open(new) {
            found.insert(format!("{name}: a token is needed now"));
        }
        found.extend(self.parameters(old, new, name));
        found.extend(self.body(old, new, name));
        found.extend(self.answers(old, new, name));
        found
    }

    fn parameters(&mut self, old: &'a Value, new: &'a Value, name: &str) -> BTreeSet<String> {
        let (before, after) = (parameters(self.old, old), parameters(self.new, new));
        let mut found = BTreeSet::new();
        for (parameter, value) in &before {
            match after.get(parameter) {
                None => {
                    found.insert(format!("{name}: the {parameter} was removed"));
                }
                Some(other) => {
                    let at = format!("{name}, {parameter}");
                    found.extend(self.values(&value["schema"], &other["schema"], Way::Sent, &at));
                }
            }
        }
        for (parameter, value) in &after {
            let was_required = before.get(parameter).is_some_and(|other| other["required"] == true);
            if value["required"] == true && !was_required {
                found.insert(format!("{name}: the {parameter} is required now"));
            }
        }
        found
    }

    fn body(&mut self, old: &'a Value, new: &'a Value, name: &str) -> BTreeSet<String> {
        let old = resolved(self.old, &old["requestBody"]);
        let new = resolved(self.new, &new["requestBody"]);
        if old.is_object() && new.is_null() {
            return BTreeSet::from([format!("{name}: a body is accepted no more")]);
        }
        let (mut found, gone) = self.content(old, new, Way::Sent, &format!("{name}, the body"));
        found.extend(gone.into_iter().map(|media| format!("{name}: a body of {media} is accepted no more")));
        if new["required"] == true && old["required"] != true {
            found.insert(format!("{name}: the body is required now"));
        }
        found
    }

    /// What comes where all is well. Problems may become fewer.
    fn answers(&mut self, old: &'a Value, new: &'a Value, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let all = old["responses"].as_object().into_iter().flatten();
        for (status, before) in all.filter(|(status, _)| status.starts_with(['2', '3'])) {
            let before = resolved(self.old, before);
            let after = resolved(self.new, &new["responses"][status.as_str()]);
            if after.is_null() {
                found.insert(format!("{name}: the answer {status} was removed"));
                continue;
            }
            for header in before["headers"].as_object().into_iter().flatten().map(|(header, _)| header) {
                if after["headers"][header.as_str()].is_null() {
                    found.insert(format!("{name}: the header `{header}` of the answer {status} was removed"));
                }
            }
            let at = format!("{name}, the answer {status}");
            let (values, gone) = self.content(before, after, Way::Answered, &at);
            found.extend(values);
            found.extend(
                gone.into_iter().map(|media| format!("{name}: the answer {status} is no {media} any more")),
            );
        }
        found
    }

    /// What breaks in the media types of both, and the media types that only the older has.
    fn content(
        &mut self,
        old: &'a Value,
        new: &'a Value,
        way: Way,
        at: &str,
    ) -> (BTreeSet<String>, Vec<&'a str>) {
        let (mut found, mut gone) = (BTreeSet::new(), Vec::new());
        for (media, content) in old["content"].as_object().into_iter().flatten() {
            match &new["content"][media.as_str()] {
                Value::Null => gone.push(media.as_str()),
                other => found.extend(self.values(&content["schema"], &other["schema"], way, at)),
            }
        }
        (found, gone)
    }

    /// Every form of a value that is given must fit one that is taken.
    fn values(&mut self, old: &'a Value, new: &'a Value, way: Way, at: &str) -> BTreeSet<String> {
        if self.open.iter().any(|(a, b)| std::ptr::eq(*a, old) && std::ptr::eq(*b, new)) {
            return BTreeSet::new();
        }
        self.open.push((old, new));
        let (old, new) = (forms(self.old, old, None), forms(self.new, new, None));
        let (given, taken) = match way {
            Way::Sent => (&old, &new),
            Way::Answered => (&new, &old),
        };
        let mut found = BTreeSet::new();
        for form in given {
            let mut fitting: Vec<&Form<'a>> = taken.iter().filter(|other| form.fits(other)).collect();
            if form.name.is_some() && fitting.iter().any(|other| other.name == form.name) {
                fitting.retain(|other| other.name == form.name);
            }
            let fewest = fitting
                .into_iter()
                .map(|other| match way {
                    Way::Sent => self.form(form, other, way, at),
                    Way::Answered => self.form(other, form, way, at),
                })
                .min_by_key(BTreeSet::len);
            let unknown = || BTreeSet::from([format!("{at}, {}", way.unfitting(form))]);
            found.extend(fewest.unwrap_or_else(unknown));
        }
        self.open.pop();
        found
    }

    fn form(&mut self, old: &Form<'a>, new: &Form<'a>, way: Way, at: &str) -> BTreeSet<String> {
        if old.kind == Some("null") {
            return BTreeSet::new();
        }
        let at = old.name.unwrap_or(at);
        let (before, after) = (members(self.old, old.schema), members(self.new, new.schema));
        let mut found = BTreeSet::new();
        let mut phrases = match way {
            Way::Sent => stricter(old.schema, new.schema),
            Way::Answered => unknown_values(old.schema, new.schema),
        };
        phrases.extend(other_format(old, new, way));
        for (member, (value, was_always)) in &before {
            let Some((other, is_always)) = after.get(member) else {
                phrases.push(format!("the member `{member}` was removed"));
                continue;
            };
            if way == Way::Answered && *was_always && !is_always {
                phrases.push(format!("the member `{member}` may be absent now"));
            }
            found.extend(self.values(value, other, way, &format!("{at}.{member}")));
        }
        for (member, (_, is_always)) in &after {
            let was_always = before.get(member).is_some_and(|(_, always)| *always);
            if way == Way::Sent && *is_always && !was_always {
                phrases.push(format!("the member `{member}` is required now"));
            }
        }
        for (keyword, step) in [("items", "[]"), ("additionalProperties", ".*")] {
            let (value, other) = (&old.schema[keyword], &new.schema[keyword]);
            if value.is_object() && (other.is_object() || way == Way::Answered) {
                found.extend(self.values(value, other, way, &format!("{at}{step}")));
            }
        }
        found.extend(phrases.into_iter().map(|phrase| format!("{at}, {}: {phrase}", way.words())));
        found
    }
}

impl Way {
    fn words(self) -> &'static str {
        match self {
            Self::Sent => "when sent",
            Self::Answered => "in answers",
        }
    }

    /// How a form is named that fits none.
    fn unfitting(self, form: &Form<'_>) -> String {
        let what = match form.kind {
            None => "any value".to_owned(),
            Some("null") => "null".to_owned(),
            Some(kind) => format!("a value of type {kind}"),
        };
        let verb = if self == Self::Sent { "accepted no more" } else { "possible now" };
        format!("{}: {what} is {verb}", self.words())
    }
}

impl Form<'_> {
    /// Whether its type is one that another form has.
    fn fits(&self, other: &Self) -> bool {
        match (self.kind, other.kind) {
            (_, None) | (Some("integer"), Some("number")) => true,
            (own, other) => own == other,
        }
    }
}

/// Values that only the new document answers with: clients know those of the old one.
fn unknown_values(old: &Value, new: &Value) -> Vec<String> {
    match (old["enum"].as_array(), new["enum"].as_array()) {
        (Some(before), Some(after)) => {
            let unknown = after.iter().filter(|value| !before.contains(value));
            unknown.map(|value| format!("the value {value} is possible now")).collect()
        }
        (Some(_), None) => vec!["any value is possible now".to_owned()],
        _ => Vec::new(),
    }
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().map(|reference| document.pointer(reference.trim_start_matches('#')));
    target.map_or(value, |target| target.expect("what a reference names"))
}

fn forms<'a>(document: &'a Value, schema: &'a Value, name: Option<&'a str>) -> Vec<Form<'a>> {
    if let Some(reference) = schema["$ref"].as_str() {
        return forms(document, resolved(document, schema), reference.rsplit('/').next());
    }
    if let Some(alternatives) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        return alternatives.iter().flat_map(|schema| forms(document, schema, name)).collect();
    }
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(|kind| Form { name, kind: kind.as_str(), schema }).collect(),
        _ if schema["allOf"].is_array() => vec![Form { name, kind: Some("object"), schema }],
        kind => vec![Form { name, kind: kind.as_str(), schema }],
    }
}

/// Members of an object, and whether each is always there; those of its parts (`allOf`) too.
fn members<'a>(document: &'a Value, schema: &'a Value) -> BTreeMap<&'a str, (&'a Value, bool)> {
    let mut found = BTreeMap::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        found.extend(members(document, resolved(document, part)));
    }
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, value) in schema["properties"].as_object().into_iter().flatten() {
        found.insert(name.as_str(), (value, required.contains(&name.as_str())));
    }
    found
}

/// Parameters of an operation by their place and name, as they are called in a sentence.
fn parameters<'a>(document: &'a Value, operation: &'a Value) -> BTreeMap<String, &'a Value> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    all.map(|parameter| resolved(document, parameter))
        .map(|parameter| {
            let word = |key: &str| parameter[key].as_str().unwrap_or_default();
            (format!("{} parameter `{}`", word("in"), word("name")), parameter)
        })
        .collect()
}

/// Permissions that an operation needs.
fn scopes(operation: &Value) -> BTreeSet<&str> {
    let all = operation["security"].as_array().into_iter().flatten();
    all.flat_map(|scheme| scheme["oauth2"].as_array().into_iter().flatten())
        .filter_map(Value::as_str)
        .collect()
}

/// What of a value was accepted and is not any more, members and items apart.
fn stricter(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Vec::new();
    match (old["enum"].as_array(), new["enum"].as_array()) {
        (Some(before), Some(after)) => {
            let gone = before.iter().filter(|value| !after.contains(value));
            found.extend(gone.map(|value| format!("the value {value} is accepted no more")));
        }
        (None, Some(_)) => found.push("only certain values are accepted now".to_owned()),
        _ => {}
    }
    found.extend(LOWEST.into_iter().filter_map(|lowest| limit(old, new, lowest, |is, was| is > was)));
    found.extend(HIGHEST.into_iter().filter_map(|highest| limit(old, new, highest, |is, was| is < was)));
    if new["pattern"].is_string() && new["pattern"] != old["pattern"] {
        found.push(changed("pattern", &old["pattern"], &new["pattern"]));
    }
    if new["uniqueItems"] == true && old["uniqueItems"] != true {
        found.push("the items must differ now".to_owned());
    }
    if new["additionalProperties"] == false && old["additionalProperties"] != false {
        found.push("unknown members are refused now".to_owned());
    }
    found
}

/// A limit that excludes more than before.
fn limit(
    old: &Value,
    new: &Value,
    (keyword, words, without): (&str, &str, f64),
    is_stricter: fn(f64, f64) -> bool,
) -> Option<String> {
    let (before, after) = (&old[keyword], &new[keyword]);
    let was = before.as_f64().unwrap_or(without);
    let is_a_break = after.as_f64().is_some_and(|is| is_stricter(is, was));
    is_a_break.then(|| changed(words, before, after))
}

/// A format that the other side does not know. Smaller numbers fit where larger ones are known.
fn other_format(old: &Form<'_>, new: &Form<'_>, way: Way) -> Option<String> {
    let (before, after) = (&old.schema["format"], &new.schema["format"]);
    let (given, taken) = if way == Way::Sent { (before, after) } else { (after, before) };
    let fits = match (given.as_str(), taken.as_str()) {
        (_, None) | (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => true,
        (given, taken) => given == taken,
    };
    (old.kind == new.kind && !fits).then(|| changed("format", before, after))
}

fn changed(what: &str, before: &Value, after: &Value) -> String {
    match (before, after) {
        (Value::Null, after) => format!("the {what} is {after}, and there was none"),
        (before, Value::Null) => format!("the {what} was {before}, and there is none now"),
        (before, after) => format!("the {what} was {before} and is {after}"),
    }
}
