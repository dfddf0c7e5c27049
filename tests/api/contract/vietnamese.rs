//! The document in both languages: the same names, codes and rules, and Vietnamese words wherever a newcomer looks.

use reqwest::Method;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, IF_NONE_MATCH};
use serde_json::Value;
use thuocdo::http::docs::translated;

use crate::support::TestApp;
use crate::support::app::DOCUMENT;

/// A document without its words.
fn bare(mut document: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, value| {
                    !matches!((name.as_str(), value), ("summary" | "description", Value::String(_)))
                });
                if members.contains_key("tokenUrl")
                    && let Some(Value::Object(scopes)) = members.get_mut("scopes")
                {
                    scopes.values_mut().for_each(|words| *words = Value::Null);
                }
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut document);
    document
}

#[test]
fn only_the_words_differ() {
    assert!(bare(translated(&DOCUMENT)) == bare(DOCUMENT.clone()));
}

/// The values of a parameter's enum, written out or referred to.
fn values(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(reference) => &DOCUMENT.pointer(&reference[1..]).expect("a schema")["enum"],
        None => &schema["enum"],
    }
}

/// Where the Vietnamese document still says the English, with the English itself.
fn untranslated(english: &Value, vietnamese: &Value, at: &str, missing: &mut Vec<String>) {
    match english {
        Value::Object(members) => {
            for (name, value) in members {
                let (at, translated) = (format!("{at}/{}", name.replace('/', "~1")), &vietnamese[name]);
                let is_scope = at.contains("/flows/") && at.contains("/scopes/");
                match (name.as_str(), value) {
                    ("example" | "examples", _) => {}
                    (word, Value::String(text)) if is_scope || matches!(word, "summary" | "description") => {
                        // Labels may follow the text: what begins with the English is English.
                        if has_words(text)
                            && translated.as_str().is_none_or(|words| words.starts_with(text.as_str()))
                        {
                            missing.push(format!("{at}: {text}"));
                        }
                    }
                    _ => untranslated(value, translated, &at, missing),
                }
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                untranslated(item, &vietnamese[i], &format!("{at}/{i}"), missing);
            }
        }
        _ => {}
    }
}

/// Whether a text is more than codes, names and numbers, which are the same in both languages.
fn has_words(text: &str) -> bool {
    let mut prose = text.split('`').step_by(2);
    prose.any(|part| part.split(|c: char| !c.is_ascii_lowercase()).any(|word| word.len() > 2))
}

#[test]
fn every_text_is_there_in_vietnamese() {
    let mut missing = Vec::new();
    untranslated(&DOCUMENT, &translated(&DOCUMENT), "", &mut missing);
    assert!(missing.is_empty(), "locales/vi/openapi.json lacks {}:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn every_value_of_an_enum_is_explained_in_vietnamese() {
    let vietnamese = translated(&DOCUMENT);
    let mut missing = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            for (i, parameter) in parameters.enumerate() {
                let words = vietnamese["paths"][path][method]["parameters"][i]["description"].as_str();
                for value in values(&parameter["schema"]).as_array().into_iter().flatten() {
                    let label = format!("`{}`: ", value.as_str().unwrap_or_default());
                    if !words.unwrap_or_default().contains(&label) {
                        missing.push(format!("label of {id} ?{} {value}", parameter["name"]));
                    }
                }
            }
        }
    }
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        let words = vietnamese["components"]["schemas"][name]["description"].as_str().unwrap_or_default();
        for value in schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !words.contains(&format!("- `{value}`: ")) {
                missing.push(format!("label of {name}.{value}"));
            }
        }
    }
    assert!(missing.is_empty(), "locales/vi/openapi.json lacks {}:\n{}", missing.len(), missing.join("\n"));
}

#[tokio::test]
async fn the_language_is_chosen_by_the_address_or_the_header() {
    let app = TestApp::spawn().await;
    let english = app.public();
    let vietnamese = english.speaking("vi");
    let (vi, en) = (translated(&DOCUMENT), DOCUMENT.clone());
    for (who, path, expected) in [
        (&english, "/openapi.json", &en),
        (&vietnamese, "/openapi.json", &vi),
        (&english, "/openapi.json?lang=vi", &vi),
        (&vietnamese, "/openapi.json?lang=en", &en),
    ] {
        let answer = who.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.body == *expected, "{path}");
        assert!(answer.header("vary").contains("Accept-Language"));
        let again = who.request(Method::GET, path).header(IF_NONE_MATCH, answer.etag());
        assert_eq!(who.send(again).await.status, 304, "{path}");
    }
    assert_ne!(english.get("/openapi.json").await.etag(), vietnamese.get("/openapi.json").await.etag());
    assert_eq!(english.get("/openapi.json?lang=fr").await.faults(), ["?lang not_allowed"]);
    assert_eq!(english.get("/openapi.json?language=vi").await.faults(), ["?language unknown_member"]);
    let packed =
        reqwest::Client::new().get(format!("{}/openapi.json", app.url)).header(ACCEPT_ENCODING, "gzip");
    let packed = packed.send().await.unwrap();
    assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip");
    assert!(packed.bytes().await.unwrap().len() * 5 < DOCUMENT.to_string().len());
}

/// A person who clicks on the `type` of a problem reads a page, and a program reads JSON.
#[tokio::test]
async fn a_problem_is_explained_to_a_browser_in_its_language() {
    let app = TestApp::spawn().await;
    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let open = async |path: &str, accept: &str, language: &str| {
        let request = reqwest::Client::new().get(format!("{}{path}", app.url)).header("accept", accept);
        let answer = request.header("accept-language", language).send().await.unwrap();
        let headers = answer.headers().clone();
        let header = move |name: &str| headers.get(name).map_or("", |h| h.to_str().unwrap()).to_owned();
        (answer.status().as_u16(), header, answer.text().await.unwrap())
    };
    for (language, word) in
        [("vi", "Không thể cử đi đào tạo, bồi dưỡng"), ("en", "The nomination is refused")]
    {
        for path in ["/problems/nomination.refused", "/problems/", "/problems"] {
            let (status, header, page) = open(path, BROWSER, language).await;
            assert_eq!(
                (status, header("content-type").as_str()),
                (200, "text/html; charset=utf-8"),
                "{path}"
            );
            assert_eq!(header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
            assert!(header("vary").contains("Accept-Language"), "{}", header("vary"));
            assert!(page.contains(&format!("<html lang=\"{language}\">")));
            assert!(page.to_lowercase().contains(&word.to_lowercase()), "{path}: {page}");
            assert!(!page.contains("<script") && !page.contains("style="));
        }
    }
    let (status, header, _) = open("/problems/nomination.refused", "application/json", "vi").await;
    assert_eq!((status, header("content-type").as_str()), (200, "application/json"));
    let (status, _, _) = open("/problems/%3Cscript%3E", BROWSER, "en").await;
    assert_eq!(status, 404);
}
