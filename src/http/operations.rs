//! What the document says of each operation, for the rules that hold for all of them: which methods a path has, whether
//! there is a query, a body or a precondition, and which media types come back.

use std::collections::{BTreeMap, HashMap};
use std::str::Split;
use std::sync::Arc;

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest};
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

/// A path template and what is said of each request that fits it, made once instead of for each of them.
#[derive(Debug)]
pub struct Template {
    /// The path with the names of its parameters, for example `/v1/units/{id}`.
    pub pattern: String,
    /// Name under which reading it is counted.
    pub reading: String,
    /// Name under which changing it is counted.
    pub changing: String,
    /// Whether the object there is changed by PATCH.
    pub is_patched: bool,
    methods: Methods,
}

impl Template {
    fn new(pattern: &str, methods: &Methods) -> Self {
        Self {
            pattern: pattern.to_owned(),
            reading: format!("read {pattern}"),
            changing: format!("write {pattern}"),
            is_patched: methods.iter().any(|(method, _)| method == Method::PATCH),
            methods: methods.clone(),
        }
    }

    /// The template that the path of a request fits, once it was looked up ([`Operations::recognise`]).
    pub fn of_request(req: &HttpRequest) -> Option<Arc<Self>> {
        req.extensions().get::<Recognised>().map(|recognised| recognised.0.clone())
    }
}

/// The template of a request, on its way from layer to layer.
struct Recognised(Arc<Template>);

/// The templates below a segment of a path.
#[derive(Debug, Default)]
struct Branch {
    literals: HashMap<String, Branch>,
    parameter: Option<Box<Branch>>,
    template: Option<Arc<Template>>,
}

impl Branch {
    fn add(&mut self, template: Arc<Template>) {
        let pattern = template.pattern.clone();
        let mut branch = self;
        for segment in pattern.split('/') {
            branch = if segment.starts_with('{') {
                branch.parameter.get_or_insert_default().as_mut()
            } else {
                branch.literals.entry(segment.to_owned()).or_default()
            };
        }
        branch.template = Some(template);
    }

    /// The template that the rest of a path fits; where several do, the one with a literal where the others have a
    /// parameter. The walk is no deeper than the longest template.
    fn find(&self, mut segments: Split<'_, char>) -> Option<&Arc<Template>> {
        let Some(segment) = segments.next() else {
            return self.template.as_ref();
        };
        let literal = self.literals.get(segment).and_then(|branch| branch.find(segments.clone()));
        let parameter = || self.parameter.as_ref().filter(|_| !segment.is_empty());
        literal.or_else(|| parameter().and_then(|branch| branch.find(segments)))
    }
}

/// Path templates with their operations.
#[derive(Debug)]
pub struct Operations {
    all: BTreeMap<String, Methods>,
    tree: Branch,
}

/// Below it are files, which are no operations: what else a request for one says does not matter.
const FILES: &str = "/docs/";
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
        let all: BTreeMap<String, Methods> = listed.chain(pages).collect();
        let mut tree = Branch::default();
        for (pattern, methods) in all.iter().filter(|(pattern, _)| !pattern.starts_with(FILES)) {
            tree.add(Arc::new(Template::new(pattern, methods)));
        }
        Self { all, tree }
    }

    /// Find the template of a request before it is routed, and keep it with the request.
    pub fn recognise(&self, req: &ServiceRequest) -> Option<Arc<Template>> {
        let template = self.find(req.match_info().as_str())?.clone();
        req.extensions_mut().insert(Recognised(template.clone()));
        Some(template)
    }

    /// The template that a path fits.
    fn find(&self, path: &str) -> Option<&Arc<Template>> {
        self.tree.find(path.split('/'))
    }

    /// The operation that answers a request, if the document lists one.
    pub fn of_request(req: &HttpRequest) -> Option<Arc<Operation>> {
        let extensions = req.extensions();
        let methods = &extensions.get::<Recognised>()?.0.methods;
        methods.iter().find(|(method, _)| method == req.method()).map(|(_, operation)| operation.clone())
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

    /// The operations at a path: those of the path itself, or else of the templates that it fits.
    fn at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a (Method, Arc<Operation>)> {
        let literal = self.all.contains_key(path);
        let here = move |template: &str| if literal { template == path } else { fits(template, path) };
        self.all.iter().filter(move |(template, _)| here(template)).flat_map(|(_, operations)| operations)
    }

    /// Literal paths that a template fits as well, like `/v1/institutes/apply` beside `/v1/institutes/{id}`: methods
    /// that they do not have would otherwise end at the template's handlers, as if the word were an id.
    pub fn shadowed_by_templates(&self) -> impl Iterator<Item = (&str, Vec<Method>)> {
        let shadowed = self.all.iter().filter(|(path, _)| {
            !path.contains('{') && self.all.keys().any(|template| template != *path && fits(template, path))
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

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_is_recognised_in_the_spelling_in_which_it_is_routed() {
        let document = json!({"paths": {"/v1/units": {"get": {}}, "/v1/units/{id}": {"get": {}}}});
        let operations = Operations::of(&document);
        for (uri, pattern) in [
            ("/v1/un%69ts?q=/v1/units/7", Some("/v1/units")),
            ("/v1/units/%37", Some("/v1/units/{id}")),
            // A slash or a percent sign in an id is part of it, and so is what is no text.
            ("/v1/units/a%2Fb", Some("/v1/units/{id}")),
            ("/v1/units/%2569", Some("/v1/units/{id}")),
            ("/v1/units/%FF", Some("/v1/units/{id}")),
            ("/v1%2Funits", None),
            ("/v1/un%2569ts", None),
        ] {
            let request = TestRequest::with_uri(uri).to_srv_request();
            let found = operations.recognise(&request);
            assert_eq!(found.as_ref().map(|template| template.pattern.as_str()), pattern, "{uri}");
            let kept = Template::of_request(request.request());
            assert_eq!(kept.is_some(), pattern.is_some(), "{uri}");
        }
    }

    #[test]
    fn a_path_fits_the_template_with_the_most_literals() {
        let nothing = json!({});
        let document = json!({"paths": {
            "/v1/units": {"get": nothing}, "/v1/units/{id}": {"get": nothing, "patch": nothing},
            "/v1/units/batch": {"post": nothing}, "/v1/units/{id}/heads": {"get": nothing},
            "/v1/{kind}/all/rows": {"get": nothing}
        }});
        let operations = Operations::of(&document);
        let found = |path: &str| operations.find(path).map(|template| template.pattern.as_str());
        for (path, pattern) in [
            ("/v1/units", Some("/v1/units")),
            ("/v1/units/7", Some("/v1/units/{id}")),
            ("/v1/units/batch", Some("/v1/units/batch")),
            ("/v1/units/batch/heads", Some("/v1/units/{id}/heads")),
            ("/v1/units/all/rows", Some("/v1/{kind}/all/rows")),
            ("/docs", Some("/docs")),
            ("/docs/page.js", None),
            ("/", Some("/")),
            ("/v1/units/", None),
            ("/v1/units//heads", None),
            ("/v1/units/7/heads/8", None),
            ("/v1", None),
            ("", None),
        ] {
            assert_eq!(found(path), pattern, "{path}");
        }
        assert!(operations.find("/v1/units/7").unwrap().is_patched);
        assert!(!operations.find("/v1/units").unwrap().is_patched);
        assert_eq!(operations.find(&"/v1".repeat(5000)).map(|t| &t.pattern), None);
    }
}
