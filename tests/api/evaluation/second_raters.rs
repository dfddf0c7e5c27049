//! Who rates somebody's work beside the supervisor: named by the head, asked like the supervisor, and counted apart.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use thuocdo::access::Role;
use thuocdo::db::schema;
use uuid::Uuid;

use super::given::{FIRST, Given, rating};
use crate::support::client::{Answer, Client};
use crate::support::seed::id;

/// A participant of the division, and somebody elsewhere who receives the person's work.
struct Scene {
    g: Given,
    an: Uuid,
    participant: Uuid,
    customer: Uuid,
    /// A position whose people are compared with nobody here.
    expert: Uuid,
}

impl Scene {
    async fn new() -> Self {
        let g = Given::new().await;
        let expert = g.app.position("EXPERT", "expert", None).await;
        let an = g.clerk_in(g.division, "AN").await;
        let participant = g.enrol(g.offering, an).await;
        let customer = g.app.employee("KHACH", "Nguyễn Văn KHACH", g.ministry, expert).await;
        g.schedule().await;
        Self { g, an, participant, customer, expert }
    }

    /// Somebody of the agency who is nobody's comparison.
    async fn expert(&self, code: &str) -> Uuid {
        self.g.app.employee(code, code, self.g.agency, self.expert).await
    }

    fn path(&self) -> String {
        path(self.participant)
    }

    /// The person takes part again, as another participant.
    async fn come_back(&self) -> Uuid {
        let nomination = self.g.app.nomination(self.g.offering, self.an, "withdrawn").await;
        self.change(format!("UPDATE nominations SET status = 'approved' WHERE id = '{nomination}'")).await;
        self.g.app.participant(nomination, "enrolled").await
    }

    fn head(&self) -> Client {
        self.g.app.as_head(self.g.division, Some(self.g.head))
    }

    async fn name(&self, version: &str, rater: Uuid) -> Value {
        self.head().put(&self.path(), version, named(rater)).await.expect_status(200)
    }

    /// The forms about a person that a second rater is asked for, by phase: phase, state, respondent, excuse.
    async fn second_of(&self, subject: Uuid) -> Vec<(String, String, String, Value)> {
        let mut found: Vec<_> = self
            .tasks(subject, "second")
            .await
            .into_iter()
            .map(|t| {
                let text = |member: &str| t[member].as_str().unwrap().to_owned();
                (text("opens_on"), (text("phase"), text("state"), text("respondent_id"), t["excuse"].clone()))
            })
            .collect();
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        found.into_iter().map(|(_, of)| of).collect()
    }

    async fn second(&self) -> Vec<(String, String, String, Value)> {
        self.second_of(self.an).await
    }

    async fn states(&self) -> Vec<String> {
        self.second().await.into_iter().map(|(_, state, ..)| state).collect()
    }

    async fn excuses(&self) -> Vec<Value> {
        self.second().await.into_iter().map(|(.., excuse)| excuse).collect()
    }

    async fn tasks(&self, subject: Uuid, rater: &str) -> Vec<Value> {
        let tasks = self.g.tasks("?instrument=behaviour").await;
        let is_it = |t: &Value| t["subject_id"] == subject.to_string() && t["rater"] == rater;
        tasks.into_iter().filter(is_it).collect()
    }

    async fn task(&self, rater: &str, phase: &str) -> Value {
        let tasks = self.tasks(self.an, rater).await;
        tasks.into_iter().find(|t| t["phase"] == phase).unwrap_or_else(|| panic!("no {phase} of the {rater}"))
    }

    async fn change(&self, statement: String) {
        let run = async |tx: &mut thuocdo::db::Tx<'_>| {
            diesel::sql_query(&statement).execute(tx.conn()).await?;
            Ok(())
        };
        self.g.app.system(run).await.expect("the database takes it");
    }
}

fn path(participant: Uuid) -> String {
    format!("/v1/participants/{participant}/second-rater")
}

fn named(rater: Uuid) -> Value {
    json!({"employee_id": rater, "relation": "internal_customer"})
}

#[tokio::test]
async fn a_head_names_somebody_who_answers_the_same_form_in_the_same_windows() {
    let s = Scene::new().await;
    let head = s.head();
    let nobody = head.get(&s.path()).await;
    assert_eq!((nobody.version(), &nobody.body["employee_id"]), ("0", &Value::Null));
    assert_eq!(head.put(&s.path(), "\"1\"", named(s.customer)).await.problem(), "412 resource.changed");
    let first = head.put(&s.path(), "\"0\"", named(s.customer)).await;
    assert_eq!((first.status, first.version()), (200, "1"));
    assert_eq!(first.body["phases"], json!(["baseline", "three_months", "six_months"]));
    assert_eq!((&first.body["relation"], &first.body["ended"]), (&json!("internal_customer"), &Value::Null));
    assert_eq!(first.body["full_name"], Value::Null, "somebody of the ministry whom the head does not see");
    let officer = s.g.app.as_role(Role::TrainingOfficer);
    assert_eq!(officer.get(&s.path()).await.body["full_name"], "Nguyễn Văn KHACH");
    assert_eq!(s.g.schedule().await, 0, "everybody is asked already");

    for phase in ["baseline", "three_months", "six_months"] {
        let (first, second) = (s.task("first", phase).await, s.task("second", phase).await);
        for member in ["questionnaire_id", "opens_on", "due_on", "subject_id", "participant_id", "unit_id"] {
            assert_eq!(first[member], second[member], "{phase} {member}");
        }
        assert_eq!(second["respondent_id"], s.customer.to_string());
    }

    s.g.travel("2026-03-10");
    let rater = s.g.app.as_employee(s.customer);
    let mine = rater.all("/v1/evaluations?mine=true&state=open").await;
    assert_eq!(mine.iter().map(|t| t["rater"].as_str().unwrap()).collect::<Vec<_>>(), ["second"]);
    rater.post(&Given::response(&mine[0]), rating(3)).await.expect_status(200);
    let answered = format!("/v1/evaluations/{}", id(&mine[0]));
    assert!(rater.get(&answered).await.body["answers"].is_array());
    assert_eq!(officer.get(&answered).await.body["answers"], Value::Null, "as of the supervisor's rating");
    assert_eq!(s.head().get(&answered).await.problem(), "404 resource.not_found");
    let supervisors = s.task("first", "baseline").await;
    s.head_as_employee().post(&Given::response(&supervisors), rating(4)).await.expect_status(200);
}

impl Scene {
    fn head_as_employee(&self) -> Client {
        self.g.app.as_employee(self.g.head)
    }
}

#[tokio::test]
async fn forms_go_to_who_is_named_anew_and_answers_stay() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.g.travel("2026-03-10");
    let rater = s.g.app.as_employee(s.customer);
    rater.post(&Given::response(&s.task("second", "baseline").await), rating(3)).await.expect_status(200);
    let other = s.expert("KHAC").await;
    let changed = s.name("\"1\"", other).await;
    assert_eq!(changed["phases"], json!(["three_months", "six_months"]), "no change can be shown");
    let whose: Vec<_> = s.second().await.into_iter().map(|(_, state, whose, _)| (state, whose)).collect();
    let [before, after] = [s.customer, other].map(|id| id.to_string());
    let of = |state: &str, whose: &String| (state.to_owned(), whose.clone());
    assert_eq!(whose, [of("answered", &before), of("scheduled", &after), of("scheduled", &after)]);

    assert_eq!(s.head().delete(&s.path(), "\"1\"").await.problem(), "412 resource.changed");
    assert_eq!(s.head().delete(&s.path(), "\"2\"").await.status, 204);
    assert_eq!(s.states().await, ["answered", "excused", "excused"]);
    assert_eq!(s.excuses().await[1..], [json!("second_rater_removed"), json!("second_rater_removed")]);
    let nobody = s.head().get(&s.path()).await;
    assert_eq!((nobody.version(), &nobody.body["employee_id"]), ("3", &Value::Null));
    assert_eq!(s.head().delete(&s.path(), "\"3\"").await.problem(), "404 resource.not_found");
    s.g.schedule().await;
    assert_eq!(s.states().await, ["answered", "excused", "excused"]);

    let again = s.name("\"3\"", s.customer).await;
    assert_eq!(again["phases"], json!(["baseline", "three_months", "six_months"]));
    assert_eq!(s.states().await, ["answered", "scheduled", "scheduled"]);
    s.g.schedule().await;
    assert_eq!(s.states().await, ["answered", "scheduled", "scheduled"]);
}

#[tokio::test]
async fn who_is_named_later_is_asked_for_what_is_still_to_come() {
    let s = Scene::new().await;
    s.g.travel(FIRST);
    assert_eq!(s.name("\"0\"", s.customer).await["phases"], json!(["three_months", "six_months"]));
    s.g.travel_after(112);
    let later = s.expert("SAU").await;
    assert_eq!(s.name("\"1\"", later).await["phases"], json!(["six_months"]));
    s.g.travel_after(210);
    assert_eq!(
        s.name("\"2\"", s.customer).await["phases"],
        json!(["three_months", "six_months"]),
        "the last day"
    );
    s.g.travel_after(211);
    let late = s.head().put(&s.path(), "\"3\"", named(later)).await;
    assert_eq!(
        (late.problem(), &late.body["reason"]),
        ("409 second_rater.not_possible".into(), &json!("too_late"))
    );
}

#[tokio::test]
async fn who_cannot_rate_is_refused() {
    let s = Scene::new().await;
    let g = &s.g;
    let colleague = g.clerk_in(g.agency, "BINH").await;
    let trained = g.clerk_in(g.agency, "CHI").await;
    g.enrol(g.offering, trained).await;
    let (left, restricted) = (s.expert("DUNG").await, s.expert("EM").await);
    g.schedule().await;
    g.leave(left).await;
    s.change(format!("UPDATE employees SET restricted = true WHERE id = '{restricted}'")).await;
    let faults = async |rater: Uuid| s.head().put(&s.path(), "\"0\"", named(rater)).await.faults();
    assert_eq!(faults(s.an).await, ["/employee_id rater_is_subject"]);
    assert_eq!(faults(g.head).await, ["/employee_id rater_is_supervisor"]);
    // Of people whom the head does not see it is not said why; of those whom the director sees, that they take part.
    assert_eq!(faults(trained).await, ["/employee_id rater_unfit"]);
    let by_director = async |rater: Uuid| {
        let director = g.app.as_head(g.agency, Some(g.director));
        director.put(&s.path(), "\"0\"", named(rater)).await.faults()
    };
    assert_eq!(by_director(trained).await, ["/employee_id rater_takes_part"]);
    assert_eq!(by_director(restricted).await, ["/employee_id rater_unfit"]);
    for nobody in [left, restricted, Uuid::from_u128(7)] {
        assert_eq!(faults(nobody).await, ["/employee_id rater_unfit"]);
    }
    let compared: Vec<Value> = g.tasks("?instrument=behaviour").await;
    let compared = compared.iter().find(|t| t["subject_group"] == "comparison").expect("a comparison");
    assert_eq!(compared["subject_id"], colleague.to_string());
    assert_eq!(faults(colleague).await, ["/employee_id rater_unfit"]);
    assert_eq!(by_director(colleague).await, ["/employee_id rater_takes_part"]);
    let wrong =
        s.head().put(&s.path(), "\"0\"", json!({"employee_id": g.director, "relation": "friend"})).await;
    assert_eq!(wrong.faults(), ["/relation not_allowed"]);
    assert_eq!(s.second().await, []);

    g.withdraw(s.participant).await;
    let gone = s.head().put(&s.path(), "\"0\"", named(g.director)).await;
    assert_eq!(
        (gone.problem(), &gone.body["reason"]),
        ("409 second_rater.not_possible".into(), &json!("withdrawn"))
    );
    s.change(format!("UPDATE participants SET status = 'enrolled' WHERE id = '{}'", s.participant)).await;
    g.set_offering_status("cancelled").await;
    let off = s.head().put(&s.path(), "\"0\"", named(g.director)).await;
    assert_eq!(off.body["reason"], "cancelled");
}

#[tokio::test]
async fn the_heads_of_the_unit_and_officers_choose_and_nobody_else() {
    let s = Scene::new().await;
    let g = &s.g;
    let foreign = g.app.unit("KHAC", Some(g.ministry)).await;
    let body = || named(s.customer);
    let put = async |who: Client, version: &str| who.put(&s.path(), version, body()).await;
    assert_eq!(put(g.app.as_head(foreign, None), "\"0\"").await.problem(), "404 resource.not_found");
    assert_eq!(g.app.as_head(foreign, None).get(&s.path()).await.problem(), "404 resource.not_found");
    for who in [g.app.as_institute(g.institute), g.app.as_employee(s.an), g.app.as_role(Role::HrPortal)] {
        assert_eq!(who.get(&s.path()).await.problem(), "403 permission.missing");
        assert_eq!(who.put(&s.path(), "\"0\"", body()).await.problem(), "403 permission.missing");
        assert_eq!(who.delete(&s.path(), "\"0\"").await.problem(), "403 permission.missing");
    }
    for who in [g.app.as_role(Role::Leader), g.app.as_role(Role::Auditor)] {
        assert_eq!(who.get(&s.path()).await.status, 200);
        assert_eq!(who.put(&s.path(), "\"0\"", body()).await.problem(), "403 permission.missing");
    }
    assert_eq!(put(g.app.as_head(g.agency, Some(g.director)), "\"0\"").await.status, 200, "the unit above");
    assert_eq!(put(g.app.as_role(Role::TrainingOfficer), "\"1\"").await.status, 200);
    // Who moves away is the new head's.
    s.change(format!("UPDATE employees SET unit_id = '{foreign}' WHERE id = '{}'", s.an)).await;
    assert_eq!(s.head().get(&s.path()).await.problem(), "404 resource.not_found");
    assert_eq!(g.app.as_head(foreign, None).get(&s.path()).await.status, 200);
}

#[tokio::test]
async fn second_ratings_move_and_end_with_the_offering_and_the_person() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.g.move_offering("2026-04-06".parse().unwrap(), 5).await;
    s.g.schedule().await;
    let windows = async |rater: &str| {
        let mut windows: Vec<_> = s
            .tasks(s.an, rater)
            .await
            .iter()
            .map(|t| {
                [t["opens_on"].clone(), t["due_on"].clone(), t["moved_days"].clone()].map(|v| v.to_string())
            })
            .collect();
        windows.sort();
        windows
    };
    assert_eq!(windows("second").await[0][0], "\"2026-03-23\"");
    assert_eq!(windows("first").await, windows("second").await);
    s.g.absent(s.an, "2026-05-04", "2026-06-30").await;
    s.g.schedule().await;
    assert_eq!(windows("second").await[1][2], "58");
    assert_eq!(windows("first").await, windows("second").await);

    s.g.withdraw(s.participant).await;
    s.g.schedule().await;
    assert_eq!(s.excuses().await, vec![json!("participant_withdrawn"); 3]);
    // Who comes back keeps the second rater.
    let again = s.come_back().await;
    s.g.schedule().await;
    assert_eq!(s.states().await, ["scheduled"; 3]);
    assert_eq!(s.head().get(&path(again)).await.body["employee_id"], s.customer.to_string());

    s.g.set_offering_status("cancelled").await;
    s.g.schedule().await;
    assert_eq!(s.excuses().await, vec![json!("offering_cancelled"); 3]);
}

#[tokio::test]
async fn who_withdraws_twice_keeps_the_rater_named_last() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.g.withdraw(s.participant).await;
    let second_time = s.come_back().await;
    let other = s.expert("KHAC").await;
    s.head().put(&path(second_time), "\"0\"", named(other)).await.expect_status(200);
    s.g.withdraw(second_time).await;
    let third_time = s.come_back().await;
    for _ in 0..2 {
        s.g.schedule().await;
        assert_eq!(s.head().get(&path(third_time)).await.body["employee_id"], other.to_string());
        let whose: Vec<_> = s.second().await.into_iter().map(|(_, state, whose, _)| (state, whose)).collect();
        assert_eq!(whose, vec![("scheduled".to_owned(), other.to_string()); 3]);
    }
    assert_eq!(s.head().get(&path(s.participant)).await.body["employee_id"], s.customer.to_string());
}

#[tokio::test]
async fn nobody_chooses_who_rates_their_own_work() {
    let s = Scene::new().await;
    let own = path(s.g.enrol(s.g.offering, s.g.head).await);
    let refused = |answer: Answer| (answer.problem(), answer.body["reason"].clone());
    let own_work = ("409 second_rater.not_possible".to_owned(), json!("own_work"));
    assert_eq!(s.head().get(&own).await.problem(), "404 resource.not_found");
    assert_eq!(refused(s.head().put(&own, "\"0\"", named(s.customer)).await), own_work);
    assert_eq!(refused(s.head().delete(&own, "\"0\"").await), own_work);
    // An officer who takes part decides for everybody else.
    let officer = s.g.app.as_actor(|actor| {
        actor.roles = vec![Role::TrainingOfficer, Role::Employee];
        actor.employee_id = Some(s.g.head);
    });
    assert_eq!(officer.get(&own).await.problem(), "404 resource.not_found");
    assert_eq!(refused(officer.put(&own, "\"0\"", named(s.customer)).await), own_work);
    assert_eq!(officer.get(&s.path()).await.status, 200);
    let director = s.g.app.as_head(s.g.agency, Some(s.g.director));
    director.put(&own, "\"0\"", named(s.customer)).await.expect_status(200);
    assert_eq!(refused(s.head().delete(&own, "\"1\"").await), own_work);
}

#[tokio::test]
async fn who_gave_the_supervisors_rating_does_not_give_the_second_one_beside_it() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.g.travel("2026-03-10");
    s.head_as_employee()
        .post(&Given::response(&s.task("first", "baseline").await), rating(4))
        .await
        .expect_status(200);
    let successor = s.expert("MOI").await;
    s.g.app.set_head(s.g.division, successor).await;
    let officer = s.g.app.as_role(Role::TrainingOfficer);
    let changed = officer.put(&s.path(), "\"1\"", named(s.g.head)).await.expect_status(200);
    assert_eq!(changed["phases"], json!(["three_months", "six_months"]));
    assert_eq!(s.excuses().await, [json!("rater_is_supervisor"), Value::Null, Value::Null]);
    s.g.schedule().await;
    assert_eq!(s.states().await, ["excused", "scheduled", "scheduled"]);
    officer.put(&s.path(), "\"2\"", named(s.customer)).await.expect_status(200);
    assert_eq!(s.states().await, ["open", "scheduled", "scheduled"], "somebody else can give it");
}

#[tokio::test]
async fn beside_an_excused_supervisor_nobody_is_asked() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    let officer = s.g.app.as_role(Role::TrainingOfficer);
    let excuse = format!("/v1/evaluations/{}/excuse", id(&s.task("first", "three_months").await));
    officer.post(&excuse, json!({"reason": "Nghỉ thai sản"})).await.expect_status(200);
    for _ in 0..2 {
        s.g.schedule().await;
        assert_eq!(s.states().await, ["scheduled", "excused", "scheduled"]);
        assert_eq!(s.excuses().await[1], "supervisor_excused", "the officer's words are about somebody else");
    }
}

#[tokio::test]
async fn a_second_rater_stands_for_comparison_with_nobody_of_the_offering() {
    let s = Scene::new().await;
    let rater = s.g.clerk_in(s.g.agency, "BINH").await;
    s.name("\"0\"", rater).await;
    let compared = async || -> Vec<Value> {
        s.g.schedule().await;
        let tasks = s.g.tasks("?instrument=behaviour&phase=baseline").await;
        let others = tasks.into_iter().filter(|t| t["subject_group"] == "comparison");
        others.map(|t| t["subject_id"].clone()).collect()
    };
    assert_eq!(compared().await, Vec::<Value>::new());
    let colleague = s.g.clerk_in(s.g.agency, "CHI").await;
    assert_eq!(compared().await, [colleague.to_string()]);
    assert_eq!(s.states().await, ["scheduled"; 3]);
}

/// What runs every minute looks at no offering whose last window is over, unless an absence moved it.
#[tokio::test]
async fn a_rater_whose_window_an_absence_moved_is_followed_after_the_last_window() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.g.travel_after(1);
    s.g.absent(s.an, "2026-05-04", "2026-06-30").await;
    s.g.schedule().await;
    let six_months = s.task("second", "six_months").await;
    assert_eq!(six_months["moved_days"], 58);
    s.g.travel_after(230);
    s.g.leave(s.customer).await;
    s.g.schedule().await;
    assert_eq!(s.excuses().await[2], "rater_left");
    // Who is named then is asked at once, and followed on.
    let next = s.expert("SAU").await;
    assert_eq!(s.name("\"2\"", next).await["phases"], json!(["six_months"]));
    s.g.leave(next).await;
    s.g.schedule().await;
    assert_eq!(s.excuses().await[2], "rater_left");
}

/// Events of choices that ended.
async fn events_of_ends(s: &Scene) -> Vec<Value> {
    s.g.app
        .system(async |tx| {
            use schema::outbox as t;
            Ok(t::table.filter(t::kind.eq("second_rater.ended")).select(t::data).load(tx.conn()).await?)
        })
        .await
        .expect("events")
}

/// How a choice ends, and what is said of it; `to_heads`: what the director reads of it.
async fn ended(s: &Scene, reason: &str, to_heads: &str) {
    s.g.schedule().await;
    assert_eq!(s.excuses().await, vec![json!(reason); 3]);
    let officer = s.g.app.as_role(Role::TrainingOfficer);
    let choice = officer.get(&s.path()).await;
    assert_eq!((choice.version(), &choice.body["ended"]), ("2", &json!(reason)));
    let director = s.g.app.as_head(s.g.agency, Some(s.g.director));
    assert_eq!(director.get(&s.path()).await.body["ended"], to_heads);
    s.g.schedule().await;
    assert_eq!(officer.get(&s.path()).await.version(), "2");
    assert_eq!(
        events_of_ends(s).await,
        [json!({"participant_id": s.participant})],
        "once, without the reason"
    );
    let states: Vec<_> = s.tasks(s.an, "first").await.iter().map(|t| t["state"].clone()).collect();
    assert!(!states.contains(&json!("excused")), "the supervisor is still asked: {states:?}");
}

#[tokio::test]
async fn a_rater_who_leaves_is_asked_no_more() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.g.leave(s.customer).await;
    ended(&s, "rater_left", "rater_not_available").await;
    let next = s.expert("SAU").await;
    assert_eq!(s.name("\"2\"", next).await["phases"], json!(["baseline", "three_months", "six_months"]));
}

#[tokio::test]
async fn a_rater_who_restricts_the_use_of_data_or_is_sent_as_well_is_asked_no_more() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.change(format!("UPDATE employees SET restricted = true WHERE id = '{}'", s.customer)).await;
    ended(&s, "rater_restricted", "rater_not_available").await;
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.g.enrol(s.g.offering, s.customer).await;
    ended(&s, "rater_takes_part", "rater_not_available").await;
}

#[tokio::test]
async fn a_head_sees_that_own_people_take_part_and_not_that_they_restricted_the_use_of_data() {
    let s = Scene::new().await;
    let own = s.expert("SAU").await;
    s.name("\"0\"", own).await;
    s.change(format!("UPDATE employees SET restricted = true WHERE id = '{own}'")).await;
    ended(&s, "rater_restricted", "rater_not_available").await;
    let s = Scene::new().await;
    let own = s.expert("SAU").await;
    s.name("\"0\"", own).await;
    s.g.enrol(s.g.offering, own).await;
    ended(&s, "rater_takes_part", "rater_takes_part").await;
}

#[tokio::test]
async fn two_ratings_by_one_person_are_no_agreement() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.g.app.set_head(s.g.division, s.customer).await;
    ended(&s, "rater_is_supervisor", "rater_is_supervisor").await;
}

#[tokio::test]
async fn whose_work_changes_with_the_unit_is_rated_by_the_new_supervisor_alone() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.change(format!("UPDATE employees SET unit_id = '{}' WHERE id = '{}'", s.g.agency, s.an)).await;
    ended(&s, "subject_moved", "subject_moved").await;
}

#[tokio::test]
async fn a_new_head_takes_over_the_supervisors_forms_and_no_others() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    let successor = s.expert("MOI").await;
    s.g.app.set_head(s.g.division, successor).await;
    s.g.travel("2026-03-05");
    s.g.schedule().await;
    assert_eq!(s.task("first", "baseline").await["respondent_id"], successor.to_string());
    assert_eq!(s.task("second", "baseline").await["respondent_id"], s.customer.to_string());
    // Also when who gave the rating before is compared.
    s.g.travel("2026-06-05");
    s.g.schedule().await;
    assert_eq!(s.task("second", "three_months").await["rater_changed"], false);
    assert_eq!(s.task("first", "three_months").await["rater_changed"], false);
}

#[tokio::test]
async fn the_second_rater_is_reminded_like_the_supervisor() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.g.travel("2026-03-16");
    s.g.schedule().await;
    for rater in ["first", "second"] {
        assert!(s.task(rater, "baseline").await["reminded_at"].is_string(), "{rater}");
    }
    let next = s.expert("SAU").await;
    s.name("\"1\"", next).await;
    assert!(s.task("second", "baseline").await["reminded_at"].is_null(), "somebody else was reminded");
}

#[tokio::test]
async fn who_took_over_as_supervisor_is_found_before_the_form_opens() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    // The head who is asked now is named beside the successor: of the open form there would be two by one person.
    s.g.travel("2026-03-10");
    let successor = s.expert("MOI").await;
    s.g.app.set_head(s.g.division, successor).await;
    let officer = s.g.app.as_role(Role::TrainingOfficer);
    let old_head = officer.put(&s.path(), "\"1\"", named(s.g.head)).await;
    assert_eq!(old_head.faults(), ["/employee_id rater_is_supervisor"], "still asked for the open form");
    s.g.travel(FIRST);
    let officer = s.g.app.as_role(Role::TrainingOfficer);
    officer.put(&s.path(), "\"1\"", named(s.g.head)).await.expect_status(200);
    let first: Vec<Uuid> =
        s.g.app
            .system(async |tx| {
                use schema::evaluations as t;
                Ok(t::table
                    .filter(t::rater.eq("second"))
                    .filter(t::status.eq("pending"))
                    .select(t::respondent_id)
                    .filter(t::phase.ne("baseline"))
                    .load(tx.conn())
                    .await?)
            })
            .await
            .unwrap();
    assert_eq!(first, [s.g.head; 2]);
}

#[tokio::test]
async fn a_person_learns_from_their_own_data_that_there_is_a_second_rater_and_no_more() {
    let s = Scene::new().await;
    s.name("\"0\"", s.customer).await;
    s.change(format!("UPDATE employees SET restricted = true WHERE id = '{}'", s.customer)).await;
    s.g.schedule().await;
    let mut seen = Vec::new();
    for person in [s.an, s.customer] {
        let client = s.g.app.as_employee(person);
        let asked = client.post("/v1/personal-data-requests", json!({"kind": "view"})).await;
        let place = asked.header("location").to_owned();
        s.g.app.as_role(Role::TrainingOfficer).act(&format!("{place}/fulfil")).await.expect_status(200);
        let export = client.get(&format!("{place}/export")).await.expect_status(200);
        let record = &export["data"]["second_raters"][0];
        seen.push([record["as_rater"].clone(), record["relation"].clone(), record["ended"].clone()]);
    }
    let of_the_person = [json!(false), Value::Null, json!("rater_not_available")];
    assert_eq!(seen, [of_the_person, [json!(true), json!("internal_customer"), json!("rater_restricted")]]);
}
