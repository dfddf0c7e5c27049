//! The headers that an operation reads are the ones that the document lists, no more and no fewer.

use reqwest::Method;
use thuocdo::access::{Role, policy};

use super::document::{Operation, operations};
use super::world::World;
use crate::support::TestApp;
use crate::support::app::patient;
use crate::support::client::{Answer, Client};

/// A request that does nothing: about no object, and without a body.
async fn probe(who: &Client, op: &Operation, header: Option<(&str, &str)>) -> Answer {
    let call = op.call(&uuid::Uuid::nil().to_string());
    let mut request = who.request(op.method.clone(), &call.path);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    who.send(request).await
}

fn names(answer: &Answer, fault: &str) -> bool {
    answer.status == 422 && answer.faults().iter().any(|f| f == fault)
}

#[tokio::test]
async fn an_operation_reads_the_headers_that_its_document_lists() {
    let app = TestApp::spawn_with(patient()).await;
    let everybody = app.as_actor(|actor| actor.roles = Role::ALL.to_vec());
    let too_long = "k".repeat(256);
    let mut wrong = Vec::new();
    for op in operations() {
        let mut compare = |name: &str, reads: bool| {
            if op.takes_header(name).is_some() != reads {
                wrong.push(format!("{} reads {name}: {reads}", op.id));
            }
        };
        let answer = probe(&everybody, &op, Some(("Idempotency-Key", &too_long))).await;
        compare("Idempotency-Key", names(&answer, "Idempotency-Key idempotency_key"));
        let answer = probe(&everybody, &op, Some(("On-Behalf-Of", "nobody"))).await;
        compare("On-Behalf-Of", names(&answer, "On-Behalf-Of no_delegation"));
        if let Some(permission) = op.permission.filter(|p| policy::grant(Role::UnitHead, *p).is_none()) {
            assert_eq!(answer.problem(), "403 permission.missing", "{}: {permission}", op.id);
        }
        let answer = probe(&everybody, &op, None).await;
        if (op.takes_header("If-Match") == Some(true)) != (answer.status == 428) {
            wrong.push(format!("{} requires If-Match: {}", op.id, answer.status));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A read that says so answers 304 to who knows the newest version, and no other read does.
#[tokio::test]
async fn a_known_version_is_not_sent_again_where_the_document_says_so() {
    let world = World::new().await;
    let officer = world.caller(Role::TrainingOfficer);
    let mut heeding = 0;
    for op in operations() {
        let may = op.permission.is_some_and(|p| policy::grant(Role::TrainingOfficer, p).is_some());
        if op.method != Method::GET || !may {
            continue;
        }
        let call = world.call(&op, op.resource().and_then(|list| world.own.get(list)));
        let first = op.send(&officer, &call).await;
        if first.status != 200 {
            continue;
        }
        let listed = op.takes_header("If-None-Match").is_some();
        assert!(!listed || !first.etag().is_empty(), "{} has no ETag to know", op.id);
        let tag = if first.etag().is_empty() { "*" } else { first.etag() };
        let again = officer.request(Method::GET, &call.address()).header("If-None-Match", tag);
        let again = officer.send(again).await;
        assert_eq!(again.status, if listed { 304 } else { 200 }, "{}", op.id);
        heeding += usize::from(listed);
    }
    assert!(heeding >= 10, "{heeding} reads heed what the caller knows");
}
