//! The operations that the document lists, and how to call each of them.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Map, Value};
use thuocdo::access::Permission;

use crate::support::app::DOCUMENT;
use crate::support::client::{Answer, Client};

/// An operation of the API.
#[derive(Clone)]
pub struct Operation {
    pub id: &'static str,
    pub method: Method,
    /// Path with its parameters in braces.
    pub template: &'static str,
    /// `None`: open to everybody.
    pub permission: Option<Permission>,
    spec: &'static Value,
}

/// A call of an operation, to be varied.
#[derive(Clone)]
pub struct Call {
    pub path: String,
    pub query: Vec<(String, String)>,
    pub body: Option<Value>,
}

pub fn operations() -> Vec<Operation> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(path, item)| {
        item.as_object().expect("operations").iter().map(move |(method, spec)| Operation {
            id: spec["operationId"].as_str().expect("an id"),
            method: method.to_uppercase().parse().expect("a method"),
            template: path,
            permission: spec["security"][0]["oauth2"][0].as_str().map(permission),
            spec,
        })
    });
    all.collect()
}

fn permission(scope: &str) -> Permission {
    *Permission::ALL.iter().find(|p| p.name() == scope).expect("a scope of the policy")
}

impl Operation {
    /// The list whose member `{id}` is, for paths with one.
    pub fn resource(&self) -> Option<&'static str> {
        self.template.split_once("/{").map(|(resource, _)| resource)
    }

    pub fn is_read(&self) -> bool {
        self.method == Method::GET
    }

    /// Names of the query parameters, with their schemas.
    pub fn query(&self) -> impl Iterator<Item = (&'static str, &'static Value)> {
        let all = self.spec["parameters"].as_array().into_iter().flatten();
        all.filter(|p| p["in"] == "query").map(|p| (p["name"].as_str().expect("a name"), &p["schema"]))
    }

    /// Whether the document lists a header, and whether it must be sent.
    pub fn takes_header(&self, name: &str) -> Option<bool> {
        let all = self.spec["parameters"].as_array().into_iter().flatten();
        let found = all.into_iter().find(|p| p["in"] == "header" && p["name"] == name);
        found.map(|p| p["required"] == true)
    }

    /// Whether there is a parameter of a name, wherever it is.
    pub fn takes(&self, name: &str) -> bool {
        self.spec["parameters"].as_array().into_iter().flatten().any(|p| p["name"] == name)
    }

    /// Media type and description of the body.
    pub fn media(&self) -> Option<(&'static str, &'static Value)> {
        let content: &Map<String, Value> = self.spec["requestBody"]["content"].as_object()?;
        content.iter().next().map(|(media, content)| (media.as_str(), content))
    }

    /// Whether it documents a request header.
    pub fn has_header(&self, name: &str) -> bool {
        let all = self.spec["parameters"].as_array().into_iter().flatten();
        all.filter(|p| p["in"] == "header").any(|p| p["name"] == name)
    }

    /// Whether a call may leave the body out.
    pub fn body_is_optional(&self) -> bool {
        self.spec["requestBody"]["required"] == false
    }

    /// A call of nothing that exists, to be shaped by hand: method, path and the parameters that must be there.
    pub fn bare(&self, who: &Client) -> reqwest::RequestBuilder {
        let call = self.call(&uuid::Uuid::nil().to_string());
        let query: String =
            call.query.iter().map(|(name, value)| format!("{name}={}&", encoded(value))).collect();
        let and = if query.is_empty() { "" } else { "?" };
        who.request(self.method.clone(), &format!("{}{and}{query}", call.path))
    }

    /// Media type of the body.
    pub fn media_type(&self) -> &'static str {
        self.media().map_or("", |(media, _)| media)
    }

    /// Schema of the body.
    pub fn body_schema(&self) -> Option<&'static Value> {
        self.media().map(|(_, content)| &content["schema"])
    }

    /// Members of the body, and whether each may be null.
    pub fn members(&self) -> Vec<(&'static str, bool)> {
        let schema = self.body_schema().expect("a body");
        let schema = schema["$ref"]
            .as_str()
            .and_then(|r| DOCUMENT.pointer(r.trim_start_matches('#')))
            .unwrap_or(schema);
        let null = |schema: &Value| {
            schema["type"] == "null" || schema["type"].as_array().is_some_and(|t| t.contains(&"null".into()))
        };
        let nullable =
            |schema: &Value| null(schema) || schema["oneOf"].as_array().into_iter().flatten().any(null);
        let members = schema["properties"].as_object().expect("members");
        members.iter().map(|(name, schema)| (name.as_str(), nullable(schema))).collect()
    }

    /// Schemas of what a call gives back when all is well.
    pub fn answers(&self) -> impl Iterator<Item = &'static Value> {
        let all = self.spec["responses"].as_object().expect("responses").iter();
        all.filter(|(status, _)| status.starts_with('2'))
            .flat_map(|(_, r)| r["content"].as_object().into_iter().flatten())
            .map(|(_, content)| &content["schema"])
    }

    /// A call as the document's examples have it, of the object with this id.
    pub fn call(&self, id: &str) -> Call {
        let required = self.spec["parameters"].as_array().into_iter().flatten();
        let required = required.filter(|p| p["in"] == "query" && p["required"] == true).map(|p| {
            let target =
                p["schema"]["$ref"].as_str().and_then(|r| DOCUMENT.pointer(r.trim_start_matches('#')));
            let schema = target.unwrap_or(&p["schema"]);
            let value = match (schema["enum"][0].as_str(), schema["format"].as_str()) {
                (Some(first), _) => first,
                (None, Some("uuid")) => "019a0000-0000-7000-8000-000000000001",
                _ => "7F3A-91C0-44DE",
            };
            (p["name"].as_str().expect("a name").to_owned(), value.to_owned())
        });
        let path = match (self.template.find('{'), self.template.find('}')) {
            (Some(from), Some(to)) => {
                format!("{}{}{}", &self.template[..from], encoded(id), &self.template[to + 1..])
            }
            _ => self.template.to_owned(),
        };
        let body = self.media().map(|(_, content)| content["example"].clone());
        Call { path, query: required.collect(), body }
    }

    /// Make a call, expecting any version of what it changes.
    pub async fn send(&self, who: &Client, call: &Call) -> Answer {
        self.send_matching(who, call, "*").await
    }

    pub async fn send_matching(&self, who: &Client, call: &Call, version: &str) -> Answer {
        let mut request = who.request(self.method.clone(), &call.address());
        if [Method::PATCH, Method::PUT, Method::DELETE].contains(&self.method) {
            request = request.header("If-Match", version);
        }
        if let (Some((media, _)), Some(body)) = (self.media(), &call.body) {
            request = if media.contains("form") {
                request.form(body)
            } else {
                request.header(CONTENT_TYPE, media).body(body.to_string())
            };
        }
        who.send(request).await
    }
}

impl Call {
    /// Path with its query.
    pub fn address(&self) -> String {
        let pairs = self.query.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        let query = pairs.collect::<Vec<_>>().join("&");
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }
}

/// As it is written in a path or a query.
pub fn encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}
