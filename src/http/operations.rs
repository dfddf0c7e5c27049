//! What the document says of each operation, for the rules that hold for all of them: which methods a path has, whether
//! there is a query, a body or a precondition, and which media types come back.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::{HttpRequest, web};
use serde_json::Value;

/// One operation.
#[derive(Debug, Default)]
pub struct Operation {
    /// Names that its query may have.
    pub query: Vec<String>,
    /// Whether it reads a body.
    pub takes_body: bool,
    /// Whether it compares `If-Match` with the version of what it acts on.
    pub takes_match: bool,
    /// Media types of what comes back when all is well.
    pub answers: Vec<String>,
}

/// What a path has.
type Methods = Vec<(Method, Arc<Operation>)>;

/// Path templates with their operations.
#[derive(Debug)]
pub struct Operations(BTreeMap<String, Methods>);

/// Pages that the document does not list.
const PAGES: [&str; 5] = ["/", "/docs", "/docs/", "/docs/{file}", "/openapi.json"];

impl Operations {
    /// The operations of a document.
    pub fn of(document: &Value) -> Self {
        let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
        let listed = paths.map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten();
            let operations = operations.filter_map(|(method, spec)| {
                Some((method.to_uppercase().parse().ok()?, Arc::new(Operation::of(spec))))
            });
            (path.clone(), operations.collect())
        });
        let is_listed =
            |path: &str| document.pointer("/paths").is_some_and(|paths| paths.get(path).is_some());
        let pages = PAGES.into_iter().filter(|path| !is_listed(path));
        let pages = pages.map(|path| (path.to_owned(), vec![(Method::GET, Arc::default())]));
        Self(listed.chain(pages).collect())
    }

    /// The operation that answers a request, if the document lists one.
    pub fn of_request(req: &HttpRequest) -> Option<Arc<Operation>> {
        let all = req.app_data::<web::Data<Self>>()?;
        let pattern = req.match_pattern()?;
        let operations = all.0.get(&pattern)?;
        operations.iter().find(|(method, _)| method == req.method()).map(|(_, operation)| operation.clone())
    }

    /// Methods of a path, as `Allow` lists them; `None` where there is nothing.
    pub fn allow(&self, path: &str) -> Option<String> {
        let mut methods: Vec<&str> = Vec::new();
        for (method, _) in self.at(path) {
            methods.push(method.as_str());
            if method == Method::GET {
                methods.push(Method::HEAD.as_str());
            }
        }
        (!methods.is_empty())
            .then(|| methods.into_iter().chain([Method::OPTIONS.as_str()]).collect::<Vec<_>>().join(", "))
    }

    /// Whether the object at a path is changed by PATCH.
    pub fn is_patched(&self, path: &str) -> bool {
        self.at(path).any(|(method, _)| method == Method::PATCH)
    }

    /// The operations at a path: those of the path itself, or else of the templates that it fits.
    fn at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a (Method, Arc<Operation>)> {
        let literal = self.0.contains_key(path);
        let here = move |template: &str| if literal { template == path } else { fits(template, path) };
        self.0.iter().filter(move |(template, _)| here(template)).flat_map(|(_, operations)| operations)
    }

    /// Literal paths that a template fits as well, like `/v1/institutes/apply` beside `/v1/institutes/{id}`: methods
    /// that they do not have would otherwise end at the template's handlers, as if the word were an id.
    pub fn shadowed_by_templates(&self) -> impl Iterator<Item = (&str, Vec<Method>)> {
        let shadowed = self.0.iter().filter(|(path, _)| {
            !path.contains('{') && self.0.keys().any(|template| template != *path && fits(template, path))
        });
        shadowed.map(|(path, operations)| {
            (path.as_str(), operations.iter().map(|(method, _)| method.clone()).collect())
        })
    }
}

impl Operation {
    fn of(spec: &Value) -> Self {
        let parameters = || spec.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let place = |p: &Value, place: &str| p.get("in").and_then(Value::as_str) == Some(place);
        let name = |p: &Value| p.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let responses = spec.get("responses").and_then(Value::as_object).into_iter().flatten();
        Self {
            query: parameters().filter(|p| place(p, "query")).map(name).collect(),
            takes_body: spec.get("requestBody").is_some(),
            takes_match: parameters().any(|p| place(p, "header") && name(p).eq_ignore_ascii_case("if-match")),
            answers: responses
                .filter(|(status, _)| status.starts_with('2'))
                .flat_map(|(_, response)| {
                    response.get("content").and_then(Value::as_object).into_iter().flatten()
                })
                .map(|(media, _)| media.clone())
                .collect(),
        }
    }
}

/// Whether a path has the form of a template.
fn fits(template: &str, path: &str) -> bool {
    let (mut a, mut b) = (template.split('/'), path.split('/'));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(t), Some(p)) if t == p || (t.starts_with('{') && !p.is_empty()) => {}
            _ => return false,
        }
    }
}
