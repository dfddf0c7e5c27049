//! The newcomer's way, clicked through in a real browser: Authorize, a read in each area as each demo account, and the
//! story of the first page. No field is touched that need not be.

use serde_json::{Value, json};
use thuocdo::demo::{ACCOUNTS, OTHER_INSTITUTE, PASSWORD};

use super::with_ministry;
use crate::support::TestApp;
use crate::support::browser::Browser;

const ENTER: &str = "\u{E007}";

/// What a person does on the page, for `Browser::run`.
const HANDS: &str = r#"
    const until = async (what, look) => {
        for (const end = Date.now() + 30000; Date.now() < end; await new Promise((go) => setTimeout(go, 25))) {
            const seen = look();
            if (seen) return seen;
        }
        throw new Error("never seen: " + what);
    };
    const write = (field, value) => {
        const kind = { INPUT: HTMLInputElement, SELECT: HTMLSelectElement, TEXTAREA: HTMLTextAreaElement }[field.tagName];
        Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, value);
        field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
    };
    // Find an operation by the page's own filter, fill in what is given, press Execute, read the answer.
    const execute = async ({ method, path, fields, body }) => {
        window.ui.layoutActions.updateFilter(path);
        const block = await until(path, () =>
            [...document.querySelectorAll(".opblock-" + method)].find((b) => b.querySelector(`[data-path="${path}"]`)));
        if (!block.classList.contains("is-open")) block.querySelector(".opblock-summary-control").click();
        const button = await until("Execute of " + path, () => block.querySelector(".execute"));
        // A person reads the form first; meanwhile the page looks up what it refers to.
        await until("form of " + path, () => window.ui.specSelectors.specResolvedSubtree(["paths", path, method]));
        for (const [name, value] of Object.entries(fields || {})) {
            const row = block.querySelector(`tr[data-param-name="${name}"]`);
            write(row.querySelector("input, select"), value);
        }
        if (body) write(block.querySelector("textarea"), JSON.stringify(body));
        await new Promise((go) => setTimeout(go, fields || body ? 400 : 0));
        window.ui.specActions.clearResponse(path, method);
        button.click();
        const answer = await until("answer of " + path, () => {
            const response = window.ui.specSelectors.responseFor(path, method);
            return response && block.querySelector(".live-responses-table") && response.toJS();
        });
        block.querySelector(".opblock-summary-control").click();
        return { status: answer.status, text: answer.text };
    };
"#;

/// Someone at the page.
struct Newcomer<'a> {
    browser: &'a Browser,
}

impl Newcomer<'_> {
    /// Open the page anew and sign in: type name and password, press Enter.
    async fn arrive(&self, app: &TestApp, name: &str) {
        self.browser.open(&format!("{}/docs/", app.url)).await;
        self.run(
            r#"await until("the document", () => document.querySelector(".opblock-tag")); return true;"#,
            json!({}),
        )
        .await;
        let signed_in = r#"return Boolean(document.querySelector(".auth-wrapper .authorize.locked"));"#;
        assert_eq!(
            self.run(signed_in, json!({})).await,
            false,
            "nothing is kept when the page is opened anew"
        );
        self.browser.click(".auth-wrapper .authorize").await;
        self.browser.type_into("#oauth_username", name).await;
        self.browser.type_into("#oauth_password", &format!("{PASSWORD}{ENTER}")).await;
        let close = r#"
            await until("signed in", () => [...document.querySelectorAll(".auth-container button")]
                .some((button) => button.innerText.trim() === "Logout"));
            document.querySelector(".close-modal").click();
            return true;"#;
        self.run(close, json!({})).await;
    }

    async fn run(&self, body: &str, given: Value) -> Value {
        self.browser.run(&format!("{HANDS}{body}"), given).await
    }

    async fn execute(&self, method: &str, path: &str, fields: Value, body: Value) -> (u64, Value) {
        let given = json!({"method": method, "path": path, "fields": fields, "body": body});
        let answer = self.run("return await execute(given);", given).await;
        let text = answer["text"].as_str().unwrap_or_default();
        (answer["status"].as_u64().unwrap_or_default(), serde_json::from_str(text).unwrap_or_default())
    }

    async fn get(&self, path: &str, fields: Value) -> Value {
        let (status, body) = self.execute("get", path, fields, Value::Null).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    async fn nominate(&self, person: &Value, offering: &Value) -> (u64, Value) {
        let body = json!({
            "employee_id": person, "offering_id": offering, "basis": "position_need",
            "motive": "obligatory", "expected_effect": "Tài liệu mật được đăng ký đúng quy định."
        });
        self.execute("post", "/v1/nominations", Value::Null, body).await
    }
}

/// For each area the first list or read that asks for nothing and that the account may call.
const READS: &str = r#"
    const spec = window.ui.specSelectors.specJson().toJS();
    const scopes = JSON.parse((await execute({ method: "get", path: "/v1/me" })).text).scopes;
    const areas = {};
    for (const [path, item] of Object.entries(spec.paths)) {
        const operation = item.get;
        if (!operation || !path.startsWith("/v1/") || path.includes("{")) continue;
        if ((operation.parameters || []).some((parameter) => parameter.required)) continue;
        const scope = operation.security[0].oauth2[0];
        const area = operation.tags[0].split("-")[0];
        if (scopes.includes(scope)) areas[area] = areas[area] || path;
    }
    const answers = {};
    for (const [area, path] of Object.entries(areas)) {
        answers[area] = `${(await execute({ method: "get", path })).status} ${path}`;
    }
    return answers;
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_clicks_through_the_demo() {
    let Some(browser) = Browser::start().await else { return };
    let app = with_ministry().await;
    let newcomer = Newcomer { browser: &browser };
    for name in ACCOUNTS.iter().map(|(name, ..)| *name).chain([OTHER_INSTITUTE.1]) {
        newcomer.arrive(&app, name).await;
        let answers = newcomer.run(READS, json!({})).await;
        let answers = answers.as_object().unwrap();
        assert!(answers.len() >= 5, "{name} reads {answers:?}");
        assert!(answers.values().all(|a| a.as_str().unwrap().starts_with("200 ")), "{name}: {answers:?}");
    }
    a_third_person_is_refused_and_the_effect_of_a_course_is_read(&app, &newcomer).await;
}

async fn a_third_person_is_refused_and_the_effect_of_a_course_is_read(
    app: &TestApp,
    newcomer: &Newcomer<'_>,
) {
    newcomer.arrive(app, "unit_head").await;
    let units = newcomer.get("/v1/units", json!({"code": "VP-HCVT"})).await;
    let gaps = newcomer.get("/v1/units/{id}/gaps", json!({"id": units["items"][0]["id"]})).await;
    assert!(gaps["items"].as_array().unwrap().len() > 3, "{gaps}");
    let open = json!({"course_code": "BMNN-01", "status": "open"});
    let offerings = newcomer.get("/v1/offerings", open).await;
    let offerings = offerings["items"].as_array().unwrap().clone();
    let in_mode = |mode: &str| offerings.iter().find(|o| o["mode"] == mode).expect(mode)["id"].clone();
    let mut statuses = Vec::new();
    let mut last = Value::Null;
    for (code, _) in thuocdo::demo::story_people(&app.gate).await.unwrap() {
        let found = newcomer.get("/v1/employees", json!({"code": code})).await;
        let person = found["items"][0]["id"].clone();
        let (status, answer) = newcomer.nominate(&person, &in_mode("in_person")).await;
        statuses.push(status);
        last = json!({"person": person, "answer": answer});
    }
    assert_eq!(statuses, [201, 201, 409], "{last}");
    let alternative = &last["answer"]["alternatives"][0]["offering_id"];
    assert_eq!(newcomer.nominate(&last["person"], alternative).await.0, 201);

    newcomer.arrive(app, "leader").await;
    let courses = newcomer.get("/v1/courses", json!({"q": "bao ve bi mat", "code": "BMNN-01"})).await;
    let report = json!({"by": "course", "id": courses["items"][0]["id"], "detail": "summary"});
    let report = newcomer.get("/v1/reports/effectiveness", report).await;
    assert_eq!(report["items"][0]["verdict"], "clear_improvement", "{report}");
    // The other language: the same service, so nobody signs in anew.
    let change = r##"
        write(document.querySelector("#select"), "/openapi.json?lang=en");
        await until("English", () => document.querySelector(".info").innerText.includes("Employees and job positions"));
        return Boolean(document.querySelector(".auth-wrapper .authorize.locked"));"##;
    assert_eq!(newcomer.run(change, json!({})).await, true, "still signed in");
    newcomer.get("/v1/me", Value::Null).await;
}
