use std::collections::BTreeSet;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures::StreamExt;
use serde_json::Value;
use thuocdo::access::{Role, policy};
use thuocdo::clock::random_id;
use thuocdo::db::schema::{
    accounts, certificates, employees, evaluations, nominations, participants, sessions,
};
use thuocdo::demo::PASSWORD;
use uuid::Uuid;

use super::document::{Call, Operation, operations};
use super::probe::{Opening, Place, difference, nonsense, openings, refer};
use super::world::referred;
use crate::demo::with_ministry;
use crate::support::TestApp;
use crate::support::app::DOCUMENT;
use crate::support::client::Client;

/// Operations that an institute may call, and those that are open to everybody.
fn open_to_an_institute() -> impl Iterator<Item = Operation> {
    let granted = |op: &Operation| op.permission.is_none_or(|p| policy::grant(Role::Institute, p).is_some());
    operations().into_iter().filter(granted)
}

/// Somebody on the roster of another institute and not on one's own, by everything that names the person.
struct Person {
    ids: Vec<Uuid>,
    words: Vec<String>,
}

/// What is one's own, for requests that are good but for the value that is tried.
struct Own {
    offering: Uuid,
    participant: Uuid,
    session: Uuid,
    who: Client,
}

#[tokio::test]
async fn an_institute_cannot_find_out_who_else_there_is() {
    let app = with_ministry().await;
    let who = app.sign_in("institute", PASSWORD).await;
    let institute: Uuid = who.get("/v1/me").await.body["institute_id"].as_str().unwrap().parse().unwrap();
    let person = on_another_roster(&app, institute).await;
    let own = own(&app, institute, who).await;
    a_cursor_of_somebody_elses_list_opens_nothing(&own, &app.sign_in("training_officer", PASSWORD).await)
        .await;

    let (reads, changes): (Vec<Operation>, Vec<Operation>) =
        open_to_an_institute().partition(Operation::is_read);

    let mut asked = 0;
    let mut probes = Vec::new();
    for op in reads {
        let call = own.call(&op).await;
        let tried = tries(&op, &person);
        asked += tried.len();
        probes.extend(
            tried
                .into_iter()
                .map(|(place, hidden, nothing)| (op.clone(), call.clone(), place, hidden, nothing)),
        );
    }
    let mut leaks: Vec<String> = futures::stream::iter(probes)
        .map(async |(op, call, place, hidden, nothing)| {
            difference(&op, &own.who, &call, &place, &hidden, &nothing).await
        })
        .buffer_unordered(8)
        .filter_map(std::future::ready)
        .collect()
        .await;
    for op in changes {
        let call = own.call(&op).await;
        // What can be done once is done: the answers that follow differ by nothing else.
        op.send(&own.who, &call).await;
        for (place, hidden, nothing) in tries(&op, &person) {
            asked += 1;
            leaks.extend(difference(&op, &own.who, &call, &place, &hidden, &nothing).await);
        }
    }
    assert!(leaks.is_empty(), "{} leaks\n{}", leaks.len(), leaks.join("\n\n"));
    assert!(asked > 300, "{asked} questions are too few to be the whole document");
}

/// Each place of an operation with each value of its kind, and a value of nothing that looks like it.
fn tries(op: &Operation, person: &Person) -> Vec<(Place, String, String)> {
    let values = |opening: &Opening| -> Vec<(String, String)> {
        if opening.is_id {
            person.ids.iter().map(|id| (id.to_string(), like(*id).to_string())).collect()
        } else {
            person.words.iter().map(|word| (word.clone(), nonsense(word))).collect()
        }
    };
    let all = openings(op).into_iter();
    all.flat_map(|o| values(&o).into_iter().map(move |(hidden, nothing)| (o.place.clone(), hidden, nothing)))
        .collect()
}

/// An id of the same moment that nothing has.
fn like(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128() ^ (random_id().as_u128() & 0xFFFF_FFFF_FFFF))
}

async fn on_another_roster(app: &TestApp, institute: Uuid) -> Person {
    app.system(async |tx| {
        let (here, there) = diesel::alias!(participants as here, participants as there);
        let at_home = here
            .filter(here.field(participants::employee_id).eq(employees::id))
            .filter(here.field(participants::institute_id).eq(institute));
        let elsewhere = there
            .inner_join(
                certificates::table.on(certificates::participant_id.eq(there.field(participants::id))),
            )
            .filter(there.field(participants::employee_id).eq(employees::id));
        let (employee, code, name, email): (Uuid, String, String, String) = employees::table
            .filter(not(exists(at_home)))
            .filter(exists(elsewhere))
            .filter(exists(evaluations::table.filter(evaluations::subject_id.eq(employees::id))))
            .order(employees::code)
            .select((employees::id, employees::code, employees::full_name, employees::email))
            .first(tx.conn())
            .await?;
        let (participant, nomination, offering): (Uuid, Uuid, Uuid) = participants::table
            .inner_join(certificates::table)
            .filter(participants::employee_id.eq(employee))
            .select((participants::id, participants::nomination_id, participants::offering_id))
            .first(tx.conn())
            .await?;
        let (certificate, number): (Uuid, String) = certificates::table
            .filter(certificates::participant_id.eq(participant))
            .select((certificates::id, certificates::number))
            .first(tx.conn())
            .await?;
        let evaluation: Uuid = evaluations::table
            .filter(evaluations::subject_id.eq(employee))
            .select(evaluations::id)
            .first(tx.conn())
            .await?;
        let request: Uuid = nominations::table
            .filter(nominations::employee_id.eq(employee))
            .filter(nominations::id.ne(nomination))
            .select(nominations::id)
            .first(tx.conn())
            .await
            .optional()?
            .unwrap_or(nomination);
        let (account, now, username) = (tx.new_id(), tx.now, code.to_lowercase());
        diesel::insert_into(accounts::table)
            .values((
                accounts::id.eq(account),
                accounts::username.eq(&username),
                accounts::display_name.eq(&name),
                accounts::kind.eq("person"),
                accounts::secret_hash.eq("none"),
                accounts::employee_id.eq(employee),
                accounts::is_active.eq(true),
                accounts::created_at.eq(now),
                accounts::updated_at.eq(now),
            ))
            .execute(tx.conn())
            .await?;
        Ok(Person {
            ids: vec![employee, nomination, request, participant, certificate, evaluation, offering, account],
            words: vec![code, email, name, number],
        })
    })
    .await
    .expect("somebody learns elsewhere")
}

async fn own(app: &TestApp, institute: Uuid, who: Client) -> Own {
    app.system(async |tx| {
        let (participant, offering): (Uuid, Uuid) = participants::table
            .filter(participants::institute_id.eq(institute))
            .filter(participants::status.eq("not_completed"))
            .select((participants::id, participants::offering_id))
            .first(tx.conn())
            .await?;
        let session = sessions::table
            .filter(sessions::offering_id.eq(offering))
            .select(sessions::id)
            .first(tx.conn())
            .await?;
        Ok(Own { offering, participant, session, who })
    })
    .await
    .expect("a roster")
}

impl Own {
    /// The operation as the example has it, about and with what is one's own.
    async fn call(&self, op: &Operation) -> Call {
        let id = match op.resource() {
            Some(list) => self.first(list).await,
            None => None,
        };
        let mut call = op.call(&id.unwrap_or_default().to_string());
        if let Some(body) = &mut call.body {
            let mut lists = BTreeSet::new();
            refer(body, "", &mut |member, _| {
                lists.extend(referred(member));
                None
            });
            let mut known = Vec::new();
            for list in lists {
                known.push((list, self.first(list).await));
            }
            refer(body, "", &mut |member, is_id| {
                let list = referred(member).filter(|_| is_id)?;
                let (_, id) = known.iter().find(|(l, _)| *l == list)?;
                id.map(|id| id.to_string())
            });
        }
        call
    }

    /// The first of a list that one sees.
    async fn first(&self, list: &str) -> Option<Uuid> {
        match list {
            "/v1/offerings" => Some(self.offering),
            "/v1/offerings/{id}/participants" => Some(self.participant),
            "session" => Some(self.session),
            _ => {
                let page = self.who.get(&format!("{list}?limit=1")).await;
                page.body["items"][0]["id"].as_str().and_then(|id| id.parse().ok())
            }
        }
    }
}

/// A cursor serves the account that it was made for, and is refused to everybody else like one that is forged.
async fn a_cursor_of_somebody_elses_list_opens_nothing(own: &Own, officer: &Client) {
    let who = &own.who;
    let mut stolen = 0;
    for op in open_to_an_institute().filter(|op| op.query().any(|(name, _)| name == "cursor")) {
        let list = own.call(&op).await;
        let page = |who: &Client, cursor: Option<String>, limit: &str| {
            let mut call = list.clone();
            call.query.push(("limit".to_owned(), limit.to_owned()));
            call.query.extend(cursor.map(|c| ("cursor".to_owned(), c)));
            let (op, who) = (op.clone(), who.clone());
            async move { op.send(&who, &call).await }
        };
        let theirs = page(officer, None, "1").await;
        let Some(cursor) = theirs.body["next_cursor"].as_str() else { continue };
        stolen += 1;
        let answer = page(who, Some(cursor.to_owned()), "200").await;
        assert_eq!(answer.problem(), "400 cursor.invalid", "{}: a cursor serves its own account only", op.id);
        let (body, tag) = cursor.split_once('.').unwrap();
        let moved = format!("{}{body}.{tag}", if body.starts_with('e') { 'f' } else { 'e' });
        for forged in [moved, format!("{body}."), body.to_owned(), "x.y".to_owned()] {
            let answer = page(who, Some(forged), "200").await;
            assert_eq!(answer.problem(), "400 cursor.invalid", "{}", op.id);
        }
    }
    assert!(stolen >= 5, "{stolen} lists have a second page");
}

/// Members of answers that an institute must never get, whatever the operation.
const NEVER: [&str; 14] = [
    "birth_date",
    "category",
    "class",
    "employee_code",
    "employee_id",
    "gaps",
    "held_level",
    "score",
    "rating",
    "ratings",
    "respondent_id",
    "stand_in_id",
    "subject_name",
    "succession_entry_id",
];
/// What it writes, it may read; who one is oneself is no secret.
const ONES_OWN: [&str; 1] = ["me_get"];

/// An institute sees of people what a roster shows: no scores, gaps, ratings or succession lists.
#[test]
fn no_answer_to_an_institute_has_a_member_for_what_it_must_not_know() {
    for op in open_to_an_institute().filter(|op| !ONES_OWN.contains(&op.id)) {
        let mut members = BTreeSet::new();
        for schema in op.answers() {
            collect(schema, &mut BTreeSet::new(), &mut members);
        }
        let told: Vec<&str> = NEVER.into_iter().filter(|member| members.contains(*member)).collect();
        assert!(told.is_empty(), "{} tells an institute {told:?}", op.id);
    }
}

fn collect(schema: &'static Value, seen: &mut BTreeSet<&'static str>, members: &mut BTreeSet<&'static str>) {
    match schema {
        Value::Object(parts) => {
            if let Some(target) = parts.get("$ref").and_then(Value::as_str)
                && seen.insert(target)
            {
                collect(DOCUMENT.pointer(target.trim_start_matches('#')).unwrap(), seen, members);
            }
            if let Some(properties) = parts.get("properties").and_then(Value::as_object) {
                members.extend(properties.keys().map(String::as_str));
            }
            parts
                .iter()
                .filter(|(word, _)| *word != "example")
                .for_each(|(_, part)| collect(part, seen, members));
        }
        Value::Array(parts) => parts.iter().for_each(|part| collect(part, seen, members)),
        _ => {}
    }
}
