use std::collections::BTreeMap;
use std::fmt::Write;

use futures::StreamExt;
use reqwest::Method;
use thuocdo::access::policy::{self, Scope};
use thuocdo::access::{Permission, Role};

use super::document::{Operation, operations};
use super::world::World;
use crate::support::client::{Answer, Client};

/// Where an answer is not what the policy alone would make of it.
struct Deviation {
    operation: &'static str,
    roles: &'static [Role],
    own: &'static str,
    foreign: &'static str,
    #[expect(dead_code, reason = "for the reader")]
    because: &'static str,
}

const DEVIATIONS: &[Deviation] = &[
    Deviation {
        operation: "me_change_password",
        roles: &Role::ALL,
        own: "422 request.invalid [\"/current_password password_wrong\"]",
        foreign: "",
        because: "the example is nobody's password; there is nothing but one's own",
    },
    Deviation {
        operation: "participants_list",
        roles: &[Role::UnitHead, Role::Employee],
        own: "ok",
        foreign: "ok",
        because: "what is offered is no secret in the ministry; the roster shows one's own people only",
    },
    Deviation {
        operation: "seat_draws_get",
        roles: &[Role::UnitHead, Role::Employee],
        own: "ok",
        foreign: "ok",
        because: "what is offered is no secret in the ministry; of the people in a draw one sees one's own only",
    },
    Deviation {
        operation: "training_plans_get",
        roles: &[Role::UnitHead],
        own: "ok",
        foreign: "ok",
        because: "a plan says nothing of a unit; its lines do, and they are hidden",
    },
    Deviation {
        operation: "training_plans_list",
        roles: &[Role::UnitHead],
        own: "ok",
        foreign: "ok",
        because: "as training_plans_get",
    },
    Deviation {
        operation: "training_plan_lines_list",
        roles: &[Role::UnitHead],
        own: "ok",
        foreign: "ok",
        because: "as training_plans_get: a page without the lines of other units",
    },
    Deviation {
        operation: "unit_gaps_list",
        roles: &[Role::Employee],
        own: "404",
        foreign: "404",
        because: "an employee reaches no unit; one's own gaps are at /v1/employees/{id}/gaps",
    },
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Side {
    Own,
    Foreign,
}

/// One call: an operation by a role, about an object inside or outside its reach.
#[derive(Clone, Copy)]
struct Attempt {
    operation: usize,
    role: Role,
    side: Side,
}

/// Every operation x every role x an own and a foreign object. A change of the policy, or of what an answer really is,
/// is a reviewable difference of the table.
#[tokio::test]
async fn who_may_do_what_to_which_object() {
    let world = World::new().await;
    let operations: Vec<Operation> = operations().into_iter().filter(|op| op.permission.is_some()).collect();
    let missing: Vec<&str> = operations
        .iter()
        .filter(|op| op.resource().is_some_and(|list| world.own.get(list).is_none()))
        .map(|op| op.template)
        .collect();
    assert!(
        missing.is_empty(),
        "nothing to try these on; add a line to `ground` or `person` of tests/api/contract/world.rs: {missing:#?}"
    );
    let callers: Vec<(Role, Client)> = Role::ALL.iter().map(|role| (*role, world.caller(*role))).collect();
    let caller = |role: Role| &callers.iter().find(|(r, _)| *r == role).expect("a caller").1;

    let mut attempts = Vec::new();
    for (operation, op) in operations.iter().enumerate() {
        for role in Role::ALL {
            for side in [Side::Own, Side::Foreign] {
                if side == Side::Own || is_about_objects(&world, op) {
                    attempts.push(Attempt { operation, role, side });
                }
            }
        }
    }
    // What must be refused goes first, so that no earlier change hides that it is not; what changes something goes
    // last, one after the other.
    let changes = |a: &Attempt| {
        let op = &operations[a.operation];
        !op.is_read() && !["403", "404"].contains(&expected(op, a.role, a.side))
    };
    let (last, first): (Vec<Attempt>, Vec<Attempt>) = attempts.into_iter().partition(changes);
    let answer = async |a: Attempt| {
        let answer = outcome(&world, &operations[a.operation], a, caller(a.role)).await;
        ((a.operation, a.role.name(), a.side), answer)
    };
    let mut outcomes: BTreeMap<(usize, &str, Side), String> =
        futures::stream::iter(first).map(answer).buffer_unordered(8).collect().await;
    for attempt in last {
        let (key, answer) = answer(attempt).await;
        outcomes.insert(key, answer);
    }

    let mut wrong = Vec::new();
    for ((operation, role, side), outcome) in &outcomes {
        let op = &operations[*operation];
        let role = *Role::ALL.iter().find(|r| r.name() == *role).expect("a role");
        let expected = expected(op, role, *side);
        if outcome != expected {
            wrong.push(format!("{} {role:?} {side:?}: {outcome}, not {expected}", op.id));
        }
    }
    let table = table(&operations, &outcomes);
    assert!(wrong.is_empty(), "{}\n\n{table}", wrong.join("\n"));
    insta::assert_snapshot!("matrix", table);
}

/// Whether there is an inside and an outside: operations about one object, and lists of seeded ones.
fn is_about_objects(world: &World, op: &Operation) -> bool {
    op.resource().is_some() || (op.is_read() && world.own.get(op.template).is_some())
}

fn grant(op: &Operation, role: Role) -> Option<Scope> {
    op.permission.and_then(|p: Permission| policy::grant(role, p))
}

/// What the policy promises: refused without a grant; everything with reach over all; otherwise what is one's own, and
/// nothing of what is not.
fn expected(op: &Operation, role: Role, side: Side) -> &'static str {
    if let Some(known) = DEVIATIONS.iter().find(|d| d.operation == op.id && d.roles.contains(&role)) {
        return if side == Side::Own { known.own } else { known.foreign };
    }
    match (grant(op, role), side) {
        (None, _) => "403",
        (Some(Scope::All), _) | (Some(_), Side::Own) => "ok",
        (Some(_), Side::Foreign) if op.resource().is_some() => "404",
        (Some(_), Side::Foreign) => "hidden",
    }
}

async fn outcome(world: &World, op: &Operation, attempt: Attempt, who: &Client) -> String {
    let object = |list: &str| match attempt.side {
        Side::Own => world.own.get(list),
        Side::Foreign => world.foreign(attempt.role, list),
    };
    let mut call = world.call(op, op.resource().and_then(object));
    let listed = object(op.template).filter(|_| op.is_read() && op.resource().is_none());
    if listed.is_some() {
        call.query.push(("limit".to_owned(), "200".to_owned()));
    }
    if op.id == "me_change_password" {
        world.forget_wrong_passwords().await;
    }
    // What is to be deleted must be found, and stay for the next.
    let found = expected(op, attempt.role, attempt.side) == "ok" && op.method == Method::DELETE;
    let answer = op.send_matching(who, &call, if found { "\"0\"" } else { "*" }).await;
    match listed {
        Some(id) if answer.status == 200 => {
            let items = answer.body["items"].as_array().expect("items");
            let is_in = items.iter().any(|item| item["id"] == id.to_string());
            if is_in { "ok" } else { "hidden" }.to_owned()
        }
        _ => word(&answer),
    }
}

/// `ok` also when a rule refuses: the object was found.
fn word(answer: &Answer) -> String {
    match answer.status {
        200..=299 | 409 | 412 => "ok".to_owned(),
        403 | 404 => answer.status.to_string(),
        _ => format!("{} {:?}", answer.problem(), answer.faults()),
    }
}

/// One line for each operation, one column for each role: how far the grant reaches, and what came back for an own and
/// for a foreign object.
fn table(operations: &[Operation], outcomes: &BTreeMap<(usize, &str, Side), String>) -> String {
    let mut table = format!("{:<62}", "");
    for role in Role::ALL {
        let _ = write!(table, "{:<20}", role.name());
    }
    for (i, op) in operations.iter().enumerate() {
        let _ = write!(table, "\n{:<62}", format!("{:<6} {}", op.method.as_str(), op.template));
        for role in Role::ALL {
            let of = |side| outcomes.get(&(i, role.name(), side)).map(String::as_str);
            let cell = match (grant(op, role), of(Side::Own), of(Side::Foreign)) {
                (None, Some("403"), Some("403") | None) => "-".to_owned(),
                (grant, own, foreign) => {
                    let reach = grant.map_or("-", Scope::name);
                    let foreign = foreign.map(|f| format!("/{f}")).unwrap_or_default();
                    format!("{reach} {}{foreign}", own.unwrap_or_default())
                }
            };
            let _ = write!(table, "{cell:<20}");
        }
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn every_deviation_is_one() {
    let operations = operations();
    for known in DEVIATIONS {
        let op = operations.iter().find(|op| op.id == known.operation);
        let op = op.unwrap_or_else(|| panic!("{} is no operation", known.operation));
        assert!(known.roles.iter().all(|role| grant(op, *role).is_some()), "{}", known.operation);
    }
}
