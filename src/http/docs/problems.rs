//! What a problem means, as a page for a browser: `/problems/{code}` where HTML is asked for, and an index of all. Plain
//! markup without styles or scripts, so that the policy of every answer holds for it too.

use actix_web::guard::{self, Guard};
use actix_web::http::header::{Accept, CONTENT_LANGUAGE, Quality, VARY};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::error::{Error, Result};
use crate::http::{Key, Public, problem};
use crate::i18n::{Locale, text};

/// Routes for callers who would rather read HTML than JSON; all others go on to the operations of the document.
pub fn routes(cfg: &mut web::ServiceConfig) {
    for path in ["/problems", "/problems/"] {
        cfg.service(web::resource(path).guard(html_is_preferred()).to(index));
    }
    cfg.service(web::resource("/problems/{code}").guard(html_is_preferred()).to(page));
}

fn html_is_preferred() -> impl Guard {
    guard::All(guard::Get()).and(guard::fn_guard(|ctx| {
        ctx.header::<Accept>().is_some_and(|accepted| {
            weight(&accepted, &["text/html"])
                > weight(&accepted, &["application/json", "application/problem+json"])
        })
    }))
}

/// The highest weight of media types that are named; ranges name nothing.
fn weight(accepted: &Accept, media: &[&str]) -> Quality {
    let named = accepted.iter().filter(|range| media.contains(&range.item.essence_str()));
    named.map(|range| range.quality).max().unwrap_or(Quality::ZERO)
}

async fn page(public: Public, code: Key, request: HttpRequest) -> Result<HttpResponse> {
    let (code, status) = problem::codes().find(|(c, _)| *c == code.0).ok_or(Error::NotFound("problem"))?;
    let locale = public.locale();
    let key = problem::message_key(code);
    let title = text(locale, &key, &[]);
    let detail = text(locale, &format!("{key}-detail"), &problem::any_args());
    let body = format!(
        "<p>{}</p>\n<dl>\n<dt>type</dt><dd><code>{}</code></dd>\n<dt>status</dt><dd>{status}</dd>\n</dl>\n\
         <p><a href=\"/problems\">{}</a></p>",
        escaped(&detail),
        escaped(request.path()),
        escaped(&text(locale, "problems-all", &[])),
    );
    Ok(html(locale, &title, &body))
}

async fn index(public: Public) -> HttpResponse {
    let locale = public.locale();
    let mut body = "<ul>\n".to_owned();
    for (code, status) in problem::codes() {
        let title = escaped(&text(locale, &problem::message_key(code), &[]));
        body.push_str(&format!(
            "<li>{status} <a href=\"/problems/{code}\"><code>{code}</code></a>: {title}</li>\n"
        ));
    }
    body.push_str("</ul>");
    html(locale, &text(locale, "problems-all", &[]), &body)
}

fn html(locale: Locale, title: &str, body: &str) -> HttpResponse {
    let (tag, title) = (locale.tag(), escaped(title));
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_LANGUAGE, tag))
        .insert_header((VARY, "Accept, Accept-Language"))
        .body(page)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_a_browser_is_given_html() {
        let prefers = |accepted: &str| {
            let request = TestRequest::default().insert_header(("Accept", accepted)).to_srv_request();
            html_is_preferred().check(&request.guard_ctx())
        };
        assert!(prefers("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        assert!(prefers("text/html"));
        for json in [
            "",
            "*/*",
            "application/json",
            "application/json, text/html",
            "text/html;q=0.5, application/json",
        ] {
            assert!(!prefers(json), "{json}");
        }
    }
}
