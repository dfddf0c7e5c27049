use crate::contract::document::encoded;
use crate::support::TestApp;
use crate::support::seed::{day, full_days};

/// Two hundred and fifty more courses and offerings, so that the indexes are asked.
async fn many_more(app: &TestApp) {
    app.at_the_database(
        "INSERT INTO courses (id, code, institute_id, title, content_area, objectives, periods, obligation, behaviours,
                smallest_change, minimum_attendance_percent, status, created_at, updated_at)
            SELECT gen_random_uuid(), 'KNS-' || lpad(n::text, 3, '0'), institute_id, 'Kỹ năng số', content_area,
                objectives, periods, obligation, behaviours, smallest_change, minimum_attendance_percent, status, now(),
                now()
            FROM courses, generate_series(1, 250) n;
        INSERT INTO offerings (id, code, course_id, institute_id, mode, attendance, location, seats,
                nominations_close_on, status, first_half_day, last_half_day, created_at, updated_at)
            SELECT gen_random_uuid(), 'L-' || c.code, c.id, o.institute_id, o.mode, o.attendance, 'Hải Phòng', o.seats,
                o.nominations_close_on, o.status, o.first_half_day, o.last_half_day, now(), now()
            FROM offerings o, courses c WHERE c.code LIKE 'KNS-%'",
    )
    .await;
}

#[tokio::test]
async fn an_offering_is_found_by_words_of_its_course_together_with_its_own() {
    let app = TestApp::spawn().await;
    let institute = app.institute("DHCN").await;
    let competency = app.competency("NL-01").await;
    let course = app.course("BMNN-DHCN", institute, competency).await;
    let lecturer = app.lecturer(institute, "Nguyễn Thị Minh Hà").await;
    app.offering("BM-2026-01", course, lecturer, 30, &full_days(day("2026-03-16"), 1)).await;
    many_more(&app).await;
    let staff = app.as_institute(institute);
    let found = async |asked: &str| -> Vec<String> {
        let rows = staff.all(&format!("/v1/offerings?limit=200&q={}", encoded(asked))).await;
        rows.iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
    };
    for asked in ["bmnn", "BMNN-DHCN hà nội", "ha noi", "khóa bm-2026", "noi khoa"] {
        assert_eq!(found(asked).await, ["BM-2026-01"], "{asked}");
    }
    for (asked, count) in [("ky nang", 250), ("hai phong so", 250), ("kns-04", 10), ("kns 042 hai", 1)] {
        assert_eq!(found(asked).await.len(), count, "{asked}");
    }
    let letters: String = ('a'..='z').chain('0'..='9').flat_map(|letter| [letter, ' ']).collect();
    for asked in ["bmnn hai phong", "ky nang ha noi", "ang", "%", letters.as_str()] {
        assert_eq!(found(asked).await, [""; 0], "{asked}");
    }
}
