//! The story that must work, end to end, through HTTP only, by the actors themselves, in eight chapters.
//!
//! Its people sign in with their own passwords; the crowd beside them (clerks who answer a form) carries tokens of its
//! own making. The only thing the test does behind the API is to let time pass: it moves the clock and lets the
//! background loop have its minute.

mod cast;

use cast::{Cast, answers_after, answers_before, scale};
use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::support::seed::day;

#[tokio::test]
async fn the_story_of_a_course_on_state_secrets() {
    let mut cast = Cast::gather().await;
    cast.chapter_1_the_portal_loads_the_ministry().await;
    cast.chapter_2_an_institute_registers_and_posts_a_course().await;
    cast.chapter_3_a_head_nominates_three_officials().await;
    cast.chapter_4_seats_are_taken_and_the_waiting_list_moves().await;
    cast.chapter_6_supervisors_rate_before_the_course().await;
    cast.chapter_5_the_institute_delivers_and_certifies().await;
    cast.chapter_6_learners_stay_anonymous_and_supervisors_rate_again().await;
    cast.chapter_7_the_report_says_whether_work_got_better().await;
    cast.chapter_8_the_institute_answers_and_the_next_plan_starts_from_the_gaps().await;
}

impl Cast {
    /// 1. The HR portal loads units, positions with their requirements, and employees; later, quarterly ratings.
    async fn chapter_1_the_portal_loads_the_ministry(&mut self) {
        self.travel_to("2026-07-06").await;
        let portal = &self.portal;
        let bct =
            self.add("/v1/units", json!({"code": "BCT", "name": "Bộ Công Thương", "kind": "ministry"})).await;
        let vp = json!({"code": "VP", "name": "Văn phòng Bộ", "kind": "ministry_office", "parent_id": bct});
        let vp = self.add("/v1/units", vp).await;
        for (code, name, kind, parent) in [
            ("HCVT", "Phòng Hành chính - Văn thư", "division", &vp),
            ("CCN", "Cục Công nghiệp", "agency", &bct),
        ] {
            let id = self
                .add("/v1/units", json!({"code": code, "name": name, "kind": kind, "parent_id": parent}))
                .await;
            self.ids.insert(code.to_owned(), id);
        }
        let secrets =
            json!({"code": "BMNN", "name": "Bảo vệ bí mật nhà nước", "content_area": "professional_skill"});
        let secrets = self.add("/v1/competencies", secrets).await;
        for (code, name, group, lead) in
            [("TP", "Trưởng phòng", "head", true), ("CVVT", "Chuyên viên văn thư", "clerk", false)]
        {
            let position = json!({"code": code, "name": name, "position_group": group, "is_leadership": lead,
                "max_consecutive_absence_days": 5});
            let position = self.add("/v1/job-positions", position).await;
            let requirement = json!({"competency_id": secrets, "level": 3, "is_hard": true,
                "legal_basis": "Luật Bảo vệ bí mật nhà nước", "valid_from": "2026-01-01"});
            portal
                .post(&format!("/v1/job-positions/{position}/requirements"), requirement)
                .await
                .expect_status(201);
            self.ids.insert(code.to_owned(), position);
        }
        self.ids.insert("BMNN".to_owned(), secrets);
        self.load_employees().await;

        // Loading again is harmless: the portal repeats what it is not sure of.
        let again = self.load_employees().await;
        assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(0)), "{again}");
        self.load_ratings(&[("2026-01-01", 74.0), ("2026-04-01", 75.0)]).await;
    }

    /// 2. An institute registers, is approved, posts a course with two offerings: three days, or six mornings online.
    async fn chapter_2_an_institute_registers_and_posts_a_course(&mut self) {
        let apply = json!({"code": "TDT", "name": "Trường Đào tạo, Bồi dưỡng cán bộ Công Thương Trung ương",
            "kind": "ministry_school", "contact_email": "daotao@example.edu.vn", "contact_name": "Phòng Đào tạo"});
        let institute = self.app.public().post("/v1/institutes/apply", apply).await.expect_status(201);
        let institute = institute["id"].as_str().unwrap().to_owned();
        self.sign_in_institute(&institute).await;

        let early = self.institute.post("/v1/courses", self.course()).await;
        assert_eq!(early.problem(), "409 institute.not_approved");
        let decision = json!({"decision_number": "2646/QĐ-BCT"});
        self.officer.post(&format!("/v1/institutes/{institute}/approve"), decision).await.expect_status(200);

        let course = self.institute.post("/v1/courses", self.course()).await.expect_status(201);
        let course = course["id"].as_str().unwrap().to_owned();
        self.institute.act(&format!("/v1/courses/{course}/submit")).await.expect_status(200);
        self.officer.act(&format!("/v1/courses/{course}/approve")).await.expect_status(200);
        self.institute.act(&format!("/v1/courses/{course}/publish")).await.expect_status(200);
        let lecturer = json!({"full_name": "Trần Quang Minh", "degree": "master", "role": "principal_lecturer",
            "subjects": ["Bảo vệ bí mật nhà nước"]});
        let lecturer = self.institute.post("/v1/lecturers", lecturer).await.expect_status(201);
        self.ids.insert("lecturer".to_owned(), lecturer["id"].as_str().unwrap().to_owned());
        self.ids.insert("institute".to_owned(), institute);
        self.ids.insert("course".to_owned(), course);
        self.schedule("IN-PERSON", "in_person", 20, &["2026-08-04", "2026-08-05", "2026-08-06"], true).await;
        let mornings = ["2026-08-10", "2026-08-11", "2026-08-12", "2026-08-13", "2026-08-14", "2026-08-17"];
        self.schedule("ONLINE", "online", 12, &mornings, false).await;
    }

    /// 3. A unit head looks at the gaps of her unit and nominates three officials; the third one's dates are refused,
    ///    because on Tuesday morning too few would be left; she accepts the online offering that is proposed instead.
    async fn chapter_3_a_head_nominates_three_officials(&mut self) {
        let unit = self.id("HCVT");
        let gaps = self.hanh.all(&format!("/v1/units/{unit}/gaps")).await;
        assert_eq!(gaps.len(), 6, "five clerks and the head lack the competency: {gaps:#?}");
        let suggestions = self.hanh.get(&format!("/v1/employees/{}/suggestions", self.id("An"))).await;
        let suggestions = suggestions.expect_status(200);
        assert_eq!(
            suggestions["items"].as_array().unwrap().len(),
            2,
            "both offerings close the gap: {suggestions:#}"
        );

        let rule = json!({"unit_id": unit, "position_group": "clerk", "minimum_present": 2});
        self.hanh.post("/v1/coverage-rules", rule).await.expect_status(201);
        let duty = json!({"employee_id": self.id("Dũng"), "kind": "duty", "starts_on": "2026-08-04",
            "starts_half": "morning", "ends_on": "2026-08-04", "ends_half": "morning"});
        self.hanh.post("/v1/absences", duty).await.expect_status(201);

        for clerk in ["An", "Bình"] {
            let nomination =
                self.hanh.post("/v1/nominations", self.need(clerk, "IN-PERSON")).await.expect_status(201);
            self.remember_nomination(clerk, &nomination);
        }
        let planned = json!({"employee_id": self.id("Cường"), "job_position_id": self.id("TP"),
            "decision_number": "15/QĐ-BCT", "valid_from": "2026-01-01", "valid_to": "2031-01-01"});
        let planned = self.officer.post("/v1/succession-lists", planned).await.expect_status(201);
        let mut third = self.need("Cường", "IN-PERSON");
        third["basis"] = json!("succession");
        third["succession_entry_id"] = planned["id"].clone();

        let refused = self.hanh.post("/v1/nominations", third.clone()).await;
        assert_eq!(refused.problem(), "409 nomination.refused");
        let checks = refused.body["checks"].as_array().unwrap();
        let failed: Vec<&Value> = checks.iter().filter(|c| c["verdict"] == "fail").collect();
        assert_eq!(failed.len(), 1, "{failed:#?}");
        assert_eq!(failed[0]["code"], "coverage");
        let half_days = failed[0]["facts"]["half_days"].as_array().unwrap();
        assert_eq!(half_days.len(), 6, "the check shows every half-day");
        let short = |h: &&Value| h["present"].as_i64() < h["minimum"].as_i64();
        let half_days: Vec<&Value> = half_days.iter().filter(short).collect();
        assert_eq!(half_days.len(), 1, "only Tuesday morning is short: {half_days:#?}");
        assert_eq!((&half_days[0]["date"], &half_days[0]["half"]), (&json!("2026-08-04"), &json!("morning")));
        assert_eq!((&half_days[0]["present"], &half_days[0]["minimum"]), (&json!(1), &json!(2)));
        let alternatives = refused.body["alternatives"].as_array().unwrap();
        assert_eq!(alternatives.len(), 1);
        assert_eq!(alternatives[0]["offering_id"], self.id("ONLINE"));

        third["offering_id"] = alternatives[0]["offering_id"].clone();
        let accepted = self.hanh.post("/v1/nominations", third).await.expect_status(201);
        self.remember_nomination("Cường", &accepted);
    }

    /// 4. The training officer approves; seats are taken without overselling; the waiting list moves by itself.
    async fn chapter_4_seats_are_taken_and_the_waiting_list_moves(&mut self) {
        // The Industry Agency's head nominates twelve for the eleven seats that the online offering has left.
        for i in 1..=12 {
            let clerk = format!("CCN-{i:02}");
            let nomination =
                self.khoi.post("/v1/nominations", self.need(&clerk, "ONLINE")).await.expect_status(201);
            self.remember_nomination(&clerk, &nomination);
        }
        for clerk in ["An", "Bình", "Cường"] {
            assert_eq!(self.approve(clerk).await["status"], "approved");
        }
        for i in 1..=11 {
            assert_eq!(self.approve(&format!("CCN-{i:02}")).await["status"], "approved");
        }
        assert_eq!(self.approve("CCN-12").await["status"], "waitlisted");
        assert_eq!(self.roster("ONLINE").await.len(), 12);

        let withdrawn = format!("/v1/nominations/{}/withdraw", self.nomination("CCN-11"));
        self.khoi.post(&withdrawn, json!({"reason": "Đi công tác đột xuất."})).await.expect_status(200);
        let waiting = self.khoi.get(&format!("/v1/nominations/{}", self.nomination("CCN-12"))).await;
        assert_eq!(waiting.body["status"], "approved", "the waiting list moved");
        assert_eq!(self.roster("ONLINE").await.iter().filter(|p| p["status"] == "enrolled").count(), 12);
        let seen = self.institute.get("/v1/employees").await;
        assert_eq!(seen.problem(), "403 permission.missing", "an institute meets participants only");
    }

    /// 6, first half. Questionnaires come due by themselves: supervisors rate before the course.
    async fn chapter_6_supervisors_rate_before_the_course(&mut self) {
        self.travel_to("2026-07-30").await;
        let rated = self.supervisors_answer("baseline", answers_before).await;
        assert_eq!(rated, 28, "fourteen who go, and a comparable colleague of each");
    }

    /// 5. The institute records attendance and results; who meets the conditions gets a certificate that anyone can
    ///    verify; competencies and records update themselves.
    async fn chapter_5_the_institute_delivers_and_certifies(&mut self) {
        for offering in ["IN-PERSON", "ONLINE"] {
            let path = format!("/v1/offerings/{}/confirm", self.id(offering));
            self.institute.act(&path).await.expect_status(200);
        }
        self.travel_to("2026-08-06").await;
        self.deliver("IN-PERSON", |_| 82.0).await;
        self.learners_react(&["An", "Bình"]).await;
        self.travel_to("2026-08-17").await;
        // One fails the test: 49.9 % of the scale.
        self.deliver("ONLINE", |i| if i == 0 { 49.9 } else { 70.0 }).await;
        let in_person = self.certify("IN-PERSON").await;
        assert_eq!(in_person["issued"].as_array().unwrap().len(), 2);
        let online = self.certify("ONLINE").await;
        assert_eq!(online["issued"].as_array().unwrap().len(), 11);
        assert_eq!(online["not_issued"].as_array().unwrap().len(), 1, "{online:#}");

        let number = in_person["issued"][0]["number"].as_str().unwrap();
        let code = in_person["issued"][0]["check_code"].as_str().unwrap();
        assert_eq!(number, "TDT-2026-000001");
        let public = self
            .app
            .public()
            .get(&format!("/v1/certificates/{number}/verification?code={code}"))
            .await
            .expect_status(200);
        assert_eq!(public["valid"], true);
        let gaps = self.hanh.all(&format!("/v1/units/{}/gaps", self.id("HCVT"))).await;
        assert!(gaps.len() < 6, "the certificates closed gaps");
    }

    /// 6. Learners stay anonymous; the same supervisor rates the same behaviours three and six months after.
    async fn chapter_6_learners_stay_anonymous_and_supervisors_rate_again(&mut self) {
        self.travel_to("2026-08-18").await;
        let online: Vec<String> = self.trained().into_iter().filter(|l| l != "An" && l != "Bình").collect();
        self.learners_react(&online).await;
        self.travel_to("2026-11-09").await;
        assert_eq!(self.supervisors_answer("three_months", answers_after).await, 28);
        self.travel_to("2027-02-10").await;
        assert_eq!(self.supervisors_answer("six_months", answers_after).await, 28);
        self.travel_to("2027-07-05").await;
        let later = [("2026-07-01", 75.0), ("2026-10-01", 77.0), ("2027-01-01", 80.0), ("2027-04-01", 81.0)];
        self.load_ratings(&later).await;
        // The official scores are released a month after the second quarter that counts.
        self.travel_to("2027-07-31").await;
    }

    /// 7. The report compares work before and after, against comparable colleagues who were not trained.
    async fn chapter_7_the_report_says_whether_work_got_better(&mut self) {
        let report = self.leader.get("/v1/reports/effectiveness?by=course").await.expect_status(200);
        let course = &report["items"][0];
        let behaviour = &course["behaviour"];
        assert_eq!(behaviour["verdict"], "clear_improvement", "{course:#}");
        assert_eq!(course["evidence"]["grade"], "B");
        // The two in person are in no total: subtracting the online class would reveal their ratings.
        assert_eq!(course["follow_up"]["pairs_used"], 12);
        assert_eq!(course["follow_up"]["pairs_withheld"], 2);
        let difference = &behaviour["difference"];
        assert_eq!((&difference["status"], &difference["n"]), (&json!("ok"), &json!(12)));
        let (found, expected) = (behaviour["change"]["value"].as_f64().unwrap(), self.expected_change());
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
        assert!(difference["ci95"][0].as_f64().unwrap() > 0.25);
        assert_eq!(course["reaction"]["mean"]["status"], "ok");
        assert_eq!(course["work_score"]["change"]["status"], "ok", "{:#}", course["work_score"]);

        // Two people are no statistic: the in-person offering alone says so.
        let one = format!("/v1/reports/effectiveness?by=offering&id={}", self.id("IN-PERSON"));
        let one = self.leader.get(&one).await.expect_status(200);
        assert_eq!(one["items"][0]["behaviour"]["difference"]["status"], "insufficient_data");
        assert_eq!(one["items"][0]["behaviour"]["verdict"], Value::Null);
        for by in ["lecturer", "institute", "unit"] {
            let report =
                self.leader.get(&format!("/v1/reports/effectiveness?by={by}")).await.expect_status(200);
            assert!(!report["items"].as_array().unwrap().is_empty(), "by {by}");
        }
    }

    /// 8. The institute sees its own score, answers, and records the corrective action; next year's plan starts from
    ///    the gaps that are left.
    async fn chapter_8_the_institute_answers_and_the_next_plan_starts_from_the_gaps(&mut self) {
        let own = self.institute.get("/v1/reports/effectiveness?by=institute").await.expect_status(200);
        assert_eq!(own["items"][0]["subject"]["code"], "TDT");
        let finding = json!({"course_id": self.id("course"), "offering_id": self.id("ONLINE"),
            "finding": "Một học viên không đạt bài kiểm tra: cần thêm bài thực hành.", "reply_due_on": "2027-08-01"});
        let action = self.officer.post("/v1/corrective-actions", finding).await.expect_status(201);
        let action = format!("/v1/corrective-actions/{}", action["id"].as_str().unwrap());
        let reply = json!({"reply": "Nhà trường đồng ý.", "action": "Thêm một buổi thực hành trực tuyến.",
            "action_owner": "Trần Quang Minh", "action_due_on": "2027-10-01"});
        self.institute.post(&format!("{action}/reply"), reply).await.expect_status(200);
        assert_eq!(self.officer.act(&format!("{action}/close")).await.expect_status(200)["status"], "closed");

        let unit = self.id("HCVT");
        let gaps = self.officer.all(&format!("/v1/units/{unit}/gaps")).await;
        assert!((3..=4).contains(&gaps.len()), "{gaps:#?}");
        let plan = json!({"year": 2028, "title": "Kế hoạch đào tạo, bồi dưỡng năm 2028"});
        let plan = self.officer.post("/v1/training-plans", plan).await.expect_status(201);
        let plan = format!("/v1/training-plans/{}", plan["id"].as_str().unwrap());
        let line = json!({"unit_id": unit, "course_id": self.id("course"), "quota": gaps.len()});
        self.officer.post(&format!("{plan}/lines"), line).await.expect_status(201);
        self.officer.act(&format!("{plan}/submit")).await.expect_status(200);
        let decision = json!({"decision_number": "3012/QĐ-BCT"});
        let plan = self.leader.post(&format!("{plan}/approve"), decision).await.expect_status(200);
        assert_eq!(plan["status"], "approved");
    }

    fn course(&self) -> Value {
        json!({
            "code": "BMNN-24", "title": "Bảo vệ bí mật nhà nước", "content_area": "professional_skill",
            "objectives": "Xác định đúng độ mật; soạn thảo, giao nhận, lưu giữ tài liệu mật đúng quy định.",
            "periods": 24, "obligation": "mandatory", "behaviours": [
                "Xác định đúng độ mật khi soạn thảo", "Đăng ký tài liệu mật trong ngày",
                "Không soạn tài liệu mật trên máy nối mạng", "Giao nhận tài liệu mật có ký nhận",
                "Hướng dẫn đồng nghiệp làm đúng"],
            "builds": [{"competency_id": self.id("BMNN"), "level": 3}],
            "audience": [self.id("CVVT"), self.id("TP")]
        })
    }

    async fn schedule(&mut self, code: &str, mode: &str, seats: i32, days: &[&str], whole_days: bool) {
        let halves: &[&str] = if whole_days { &["morning", "afternoon"] } else { &["morning"] };
        let sessions: Vec<Value> = days
            .iter()
            .flat_map(|date| halves.iter().map(move |half| (date, half)))
            .map(|(date, half)| {
                json!({"date": date, "half": half, "periods": 4, "topic": "Nghiệp vụ bảo mật",
                    "lecturer_id": self.id("lecturer")})
            })
            .collect();
        let offering = json!({"code": code, "course_id": self.id("course"), "mode": mode, "seats": seats,
            "attendance": if whole_days { "full_time" } else { "part_time" }, "location": "Hà Nội",
            "nominations_close_on": "2026-07-31", "sessions": sessions});
        let offering = self.institute.post("/v1/offerings", offering).await.expect_status(201);
        let id = offering["id"].as_str().unwrap().to_owned();
        self.institute.act(&format!("/v1/offerings/{id}/open")).await.expect_status(200);
        self.ids.insert(code.to_owned(), id);
    }

    fn need(&self, clerk: &str, offering: &str) -> Value {
        json!({"employee_id": self.id(clerk), "offering_id": self.id(offering), "basis": "position_need",
            "motive": "planned", "outside_plan_reason": "Yêu cầu mới của vị trí việc làm trong năm.",
            "expected_effect": "Tài liệu mật được đăng ký trong ngày."})
    }

    /// Every learner answers the anonymous form at the end of the course.
    async fn learners_react(&self, learners: &[impl AsRef<str>]) {
        for learner in learners {
            let learner = self.id(learner.as_ref());
            let client = self.app.as_employee(learner.parse().unwrap());
            let owed = client.all("/v1/evaluations?mine=true&state=open&instrument=reaction").await;
            assert_eq!(owed.len(), 1, "{owed:#?}");
            let path = format!("/v1/evaluations/{}", owed[0]["id"].as_str().unwrap());
            let form = client.get(&path).await.expect_status(200);
            let answers: Vec<Value> = form["questionnaire"]["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| match item["kind"].as_str() {
                    Some("scale") => json!({"item": item["code"], "value": 4}),
                    _ => json!({"item": item["code"], "value": "Cần thêm bài thực hành."}),
                })
                .collect();
            client.post(&format!("{path}/response"), json!({"answers": answers})).await.expect_status(200);
            let twice = client.post(&format!("{path}/response"), json!({"answers": scale(&[1; 5])})).await;
            assert_eq!(twice.problem(), "409 evaluation.not_open");
        }
    }

    async fn travel_to(&mut self, date: &str) {
        let date: NaiveDate = day(date);
        self.app.travel_to(date);
        thuocdo::worker::tick(&self.app.gate).await.expect("the background loop works");
        self.sign_in().await;
    }
}
