use thuocdo::access::{Role, policy};
use thuocdo::clock::random_id;
use uuid::Uuid;

use super::document::{Operation, operations};
use super::probe::{Opening, Place, difference, nonsense, openings};
use super::world::{World, referred};
use crate::support::client::Client;

const LIMITED: [Role; 3] = [Role::UnitHead, Role::Employee, Role::Institute];

/// Operations that a role may call.
fn granted(role: Role) -> impl Iterator<Item = Operation> {
    let all = operations().into_iter();
    all.filter(move |op| op.permission.is_some_and(|p| policy::grant(role, p).is_some()))
}

/// Whatever a limited role reads, of its own objects and of foreign ones, page by page: nothing hidden is in it.
#[tokio::test]
async fn no_answer_holds_anything_from_outside() {
    let world = World::new().await;
    for role in LIMITED {
        let who = world.caller(role);
        let secrets = world.secrets(role);
        assert!(secrets.len() > 10, "{role:?} has something not to see");
        for op in granted(role).filter(Operation::is_read) {
            let objects: Vec<Option<Uuid>> = match op.resource() {
                Some(list) => vec![world.own.get(list), world.foreign(role, list)],
                None => vec![None],
            };
            for object in objects {
                let read = everything(&world, &op, &who, object).await;
                // The problem of a foreign object names the path that was asked for.
                let own = object.unwrap_or_default().to_string();
                for secret in secrets.iter().filter(|s| **s != own) {
                    assert!(!read.contains(secret.as_str()), "{} tells {role:?} of {secret}:\n{read}", op.id);
                }
            }
        }
    }
}

/// All pages of an answer, two rows at a time.
async fn everything(world: &World, op: &Operation, who: &Client, object: Option<Uuid>) -> String {
    let mut text = String::new();
    let mut call = world.call(op, object);
    let is_list = op.query().any(|(name, _)| name == "cursor");
    if is_list {
        call.query.push(("limit".to_owned(), "2".to_owned()));
    }
    loop {
        let answer = op.send(who, &call).await;
        text.push_str(&answer.body.to_string());
        let Some(cursor) = answer.body["next_cursor"].as_str() else { return text };
        call.query.retain(|(name, _)| name != "cursor");
        call.query.push(("cursor".to_owned(), cursor.to_owned()));
    }
}

/// A path, a filter or a body that names something outside one's reach is answered as if it named nothing.
#[tokio::test]
async fn what_lies_outside_cannot_be_distinguished_from_nothing() {
    let world = World::new().await;
    let mut leaks = Vec::new();
    for role in LIMITED {
        let who = world.caller(role);
        for op in granted(role) {
            let call = world.call(&op, op.resource().and_then(|list| world.own.get(list)));
            // What can be done once is done: the answers that follow differ by nothing else.
            op.send(&who, &call).await;
            for opening in openings(&op) {
                for (outside, nothing) in values(&world, role, &op, &opening) {
                    leaks.extend(difference(&op, &who, &call, &opening.place, &outside, &nothing).await);
                }
            }
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n\n"));
}

/// What lies outside a role's reach and could be named in a place, each with something of its form that is nothing.
fn values(world: &World, role: Role, op: &Operation, opening: &Opening) -> Vec<(String, String)> {
    if !opening.is_id {
        let words = world.words().into_iter().filter(|_| opening.place != Place::Path);
        return words.map(|word| (word.clone(), nonsense(&word))).collect();
    }
    // Who receives somebody's work may sit in any unit: a caller who knows the id can name them, and learns no more of them.
    if (op.id, opening.name.as_ref() as &str) == ("second_raters_name", "employee_id") {
        return Vec::new();
    }
    let hidden = world.hidden(role);
    let lists: Vec<&str> = match (&opening.place, referred(&opening.name)) {
        (Place::Path, _) => Vec::from_iter(op.resource()),
        (_, Some(list)) => vec![list],
        // A filter named `id` can be about anything.
        _ => hidden.keys().copied().collect(),
    };
    let outside = |list: &&str| {
        let near = hidden.get(*list).copied();
        // A colleague of one's own unit may be named to stand in, seen or not.
        near.and_then(|id| if opening.name == "stand_in_id" { world.stranger(list) } else { Some(id) })
    };
    lists.iter().filter_map(outside).map(|id| (id.to_string(), random_id().to_string())).collect()
}
