use super::*;
use crate::effectiveness::measures::Compared;
use statistics::{PairSums, Raters, Unit, regression_figures};

/// Ratings before and after, in fifths of a point.
fn fifths(of: &[(i64, i64)]) -> PairSums {
    let mut sums = PairSums::default();
    of.iter().for_each(|(before, after)| sums.add(before * 2_000, after * 2_000));
    sums
}

/// People of one offering beside others; everybody has a rater of one's own.
fn beside(trained: PairSums, comparison: PairSums) -> OfferingSums {
    let raters = [trained, comparison].map(|group| Raters::by_people(group.changes()));
    let compared = Compared { trained, comparison, raters: raters.clone(), ..Compared::default() };
    let compared = if comparison.n > 0 { vec![compared] } else { Vec::new() };
    let [own, _] = raters;
    OfferingSums { same_rater: trained, trained, raters: vec![own], compared, ..OfferingSums::default() }
}

/// Twelve people beside ten others.
fn worked() -> OfferingSums {
    let trained = fifths(&[
        (15, 19),
        (17, 19),
        (16, 18),
        (14, 16),
        (13, 15),
        (18, 17),
        (16, 19),
        (12, 15),
        (18, 19),
        (17, 20),
        (17, 18),
        (13, 18),
    ]);
    let comparison = fifths(&[
        (14, 15),
        (15, 15),
        (17, 18),
        (15, 16),
        (12, 14),
        (16, 16),
        (17, 18),
        (16, 16),
        (17, 16),
        (19, 19),
    ]);
    let mut sums = beside(trained, comparison);
    sums.flow.participants = 12;
    (sums.flow.follow_up_due, sums.flow.follow_up_answered) = (12, 12);
    sums
}

fn say(locale: Locale, sums: &OfferingSums, floor: Floor) -> String {
    say_expecting(locale, sums, floor, None)
}

fn say_expecting(
    locale: Locale,
    sums: &OfferingSums,
    floor: Floor,
    expected: Option<&RegressionFigures>,
) -> String {
    let facts = Facts {
        behaviour: &Behaviour::of(sums, 0.25, floor),
        expected,
        sums,
        follow_up: FollowUp::ThreeMonths,
        floor,
        as_of: "2026-11-23".parse().unwrap(),
        is_unit: false,
    };
    of_behaviour(locale, &facts)
}

#[test]
fn the_worked_example() {
    assert_eq!(
        say(Locale::Vi, &worked(), Floor::Standard),
        "Sau 3 tháng, mức độ thực hiện hành vi trong công việc do lãnh đạo trực tiếp đánh giá tăng 0,45 điểm (thang \
         5); nhóm không học (10 người) tăng 0,10. Phần tăng thêm 0,35 điểm, khoảng tin cậy 95% của chênh lệch từ \
         0,13 đến 0,57: có cải thiện, mức độ chưa chắc chắn. Nếu lãnh đạo đã ưu ái người \
         đi học từ 0,13 điểm trở lên thì không còn nói được là có cải thiện. 12/12 người có đủ hai lần đánh giá. Mức bằng chứng: A (mức \
         3/5 theo thang Maryland)."
    );
    assert_eq!(
        say(Locale::En, &worked(), Floor::Standard),
        "After 3 months, work behaviour as rated by the supervisor rose by 0.45 points (of 5); the untrained \
         group (10 people) rose by 0.10. The difference is a gain of 0.35 points, 95 % interval of the difference \
         0.13 to 0.57: improvement, size uncertain. If supervisors had favoured the trained by 0.13 \
         points, no improvement could be said. 12 of 12 people were rated both times. Evidence grade: A \
         (Maryland level 3 of 5)."
    );
}

/// Twelve people who rose by 0.45 from 3.10, beside what others were rated before.
#[test]
fn what_is_to_be_expected_without_any_effect_is_said_beside_the_change() {
    let trained = worked().trained;
    let mut alone = OfferingSums { flow: worked().flow, ..beside(trained, PairSums::default()) };
    alone.flow.for_weakness = 12;
    let figures = Behaviour::of(&alone, 0.25, Floor::Standard).figures;
    let said = |locale, others: Figure| {
        let expected = regression_figures(&figures.before, &figures.change, others);
        say_expecting(locale, &alone, Floor::Standard, Some(&expected))
    };
    let others = |mean: f64| Figure::ok(mean, None, Unit::PointsOf5, 40);
    let en = said(Locale::En, others(3.6));
    assert!(
        en.contains(
            ". Of the gain of 0.45, about 0.25 is to be expected without any effect, as those sent were rated low before \
             (assuming a reliability of 0.5). 12 of 12 people"
        ),
        "{en}"
    );
    let vi = said(Locale::Vi, others(3.6));
    assert!(
        vi.contains(
            "Trong mức tăng 0,45 điểm, khoảng 0,25 điểm có thể xảy ra dù khóa học không có tác dụng, vì trước khóa học, \
             những người được cử đi bị đánh giá thấp (giả định độ tin cậy là 0,5)."
        ),
        "{vi}"
    );
    let starts = |mean: f64, words: &str| {
        let en = said(Locale::En, others(mean));
        assert!(en.contains(words), "{en}");
    };
    starts(
        4.6,
        "A gain of about 0.75 is to be expected without any effect, as those sent were rated low before",
    );
    starts(
        2.6,
        "A loss of about 0.25 is to be expected without any effect, as those sent were rated high before",
    );
    assert!(!said(Locale::En, others(3.1)).contains("without any effect"));
    let few = Figure::closed(Reason::FewerThanNeeded, Unit::PointsOf5, 20);
    assert!(!said(Locale::En, few).contains("without any effect"));
}

#[test]
fn without_a_comparison_group_nothing_is_said_of_one() {
    let trained = worked().trained;
    let alone = OfferingSums { flow: worked().flow, ..beside(trained, PairSums::default()) };
    let vi = say(Locale::Vi, &alone, Floor::Standard);
    assert!(
        vi.contains(
            "tăng 0,45 điểm (thang 5), khoảng tin cậy 95% của thay đổi từ 0,25 đến 0,65: tăng rõ so với trước khóa học."
        ),
        "{vi}"
    );
    assert!(
        vi.ends_with(
            "Không có nhóm so sánh nên chưa biết phần thay đổi nào là nhờ khóa học. Mức bằng chứng: B (mức 1/5 theo \
             thang Maryland)."
        ),
        "{vi}"
    );
    let few =
        OfferingSums { flow: worked().flow, ..beside(trained, fifths(&[(15, 16), (16, 16), (15, 17)])) };
    let en = say(Locale::En, &few, Floor::Standard);
    assert!(en.contains("The comparison group (3 people) is too small to compare with"), "{en}");
}

#[test]
fn who_has_no_match_is_counted_and_compared_with_nobody() {
    let mut sums = worked();
    sums.merge(&beside(fifths(&[(15, 16), (14, 16), (16, 16), (15, 18), (14, 15)]), PairSums::default()));
    let en = say(Locale::En, &sums, Floor::Standard);
    assert!(
        en.contains(
            "Of these 17 people, 12 can be compared with untrained colleagues; they rose by 0.45, the untrained \
             group (10 people) rose by 0.10. The difference is a gain of 0.35 points"
        ),
        "{en}"
    );
}

#[test]
fn a_verdict_says_why_it_says_less_than_its_interval() {
    let mut sums = worked();
    let few = |sums: PairSums, raters: u128| {
        let mut of = Raters::default();
        (0..sums.n)
            .for_each(|i| of.add(uuid::Uuid::from_u128(i as u128 % raters), sums.changes().sum / sums.n));
        of
    };
    sums.compared[0].raters = [few(sums.trained, 3), few(sums.comparison(), 10)];
    let vi = say(Locale::Vi, &sums, Floor::Standard);
    assert!(
        vi.contains(
            "chưa thể kết luận (vì có ít người đánh giá). Khoảng tin cậy này có thể quá hẹp vì có ít lãnh đạo đánh giá \
             nhóm đã học (3 người) hoặc nhóm không học (10 người)."
        ),
        "{vi}"
    );
    let others: Vec<(i64, i64)> = (0..10).map(|i| (20 + i % 2, 21)).collect();
    let apart = OfferingSums { flow: worked().flow, ..beside(worked().trained, fifths(&others)) };
    let en = say(Locale::En, &apart, Floor::Standard);
    assert!(en.contains("the two groups already differed before the course"), "{en}");
    assert!(en.contains("Evidence grade: B (Maryland level 2 of 5)."), "{en}");
}

#[test]
fn where_each_group_changed_alike_both_changes_are_said() {
    let alike = beside(fifths(&[(15, 17); 10]), fifths(&[(15, 15); 10]));
    assert_eq!(
        say(Locale::En, &alike, Floor::Standard),
        "There is no interval, as all of each group changed alike: those trained rose by 0.40 points, the untrained \
         group did not change. The difference is a gain of 0.40 points."
    );
}

#[test]
fn too_few_says_how_many_and_until_when() {
    let mut sums = OfferingSums { trained: fifths(&[(15, 19); 7]), ..worked() };
    sums.due_on = "2026-12-02".parse().ok();
    assert_eq!(
        say(Locale::Vi, &sums, Floor::Standard),
        "Chưa đủ dữ liệu: mới có 7/10 cặp đánh giá cần thiết; hạn còn 9 ngày."
    );
    sums.due_on = "2026-11-22".parse().ok();
    assert_eq!(
        say(Locale::En, &sums, Floor::Standard),
        "Not enough data: 7 of the 10 pairs of ratings needed; the deadline has passed."
    );
    sums.due_on = None;
    assert!(say(Locale::Vi, &sums, Floor::Lecturer).contains("7/30 cặp từ 0/3 lớp"));
}

#[test]
fn an_open_window_and_small_groups_have_different_words() {
    let mut sums = OfferingSums { due_on: "2026-12-02".parse().ok(), ..OfferingSums::default() };
    sums.flow.awaiting = 12;
    assert_eq!(
        say(Locale::Vi, &sums, Floor::Standard),
        "Chưa công bố: đã có 12 cặp đánh giá; kết quả được tính một lần khi hết hạn; hạn còn 9 ngày."
    );
    sums.flow.awaiting = 0;
    sums.flow.withheld = 12;
    assert_eq!(
        say(Locale::En, &sums, Floor::Standard),
        "Hidden to protect those who were rated (only groups under 5)."
    );
}

#[test]
fn everybody_alike_is_undefined() {
    let alike = beside(fifths(&[(15, 18); 10]), PairSums::default());
    assert_eq!(
        say(Locale::Vi, &alike, Floor::Standard),
        "Không tính được: mọi người thay đổi như nhau (tăng 0,60 điểm)."
    );
}

#[test]
fn numbers_of_both_languages() {
    assert_eq!(number(Locale::Vi, -1.005), "-1,00");
    assert_eq!(number(Locale::En, 0.125), "0.12");
    assert_eq!(number(Locale::En, -0.004), "0.00");
}
