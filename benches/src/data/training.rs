//! Offerings, their sessions, and who took part in them.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use thuocdo::clock::first_moment;
use thuocdo::half_day::{Half, HalfDay};
use thuocdo::participation::nominations::RULE_SET;
use uuid::Uuid;

use super::chance::Kind;
use super::copy::{Copy, Value};
use super::institutes::LECTURERS_EACH;
use super::{COURSES, Making};

/// Working days over which offerings are spread, the newest being the last before today: two years. A prime, so that steps
/// of any width reach all of them.
const DAYS: u64 = 521;
/// Working days between one offering and the next, so that few offerings are spread as well as many.
const STEP: u64 = 197;
/// Days before an offering on which its participants are nominated.
const NOMINATED_BEFORE: u64 = 40;
/// Days before an offering on which nominations are decided.
const DECIDED_BEFORE: u64 = 30;

/// An offering: one working day, a session in the morning and one in the afternoon.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Place among all offerings.
    pub place: u64,
    /// Place of its course.
    pub course: u64,
    /// Its day.
    pub day: NaiveDate,
    /// Number of participants.
    pub participants: u64,
    /// Participations in all offerings before it.
    pub first: u64,
    /// How many offerings share each day, and the place of this one among them.
    slots: u64,
    slot: u64,
}

impl Run {
    /// Its two half-days.
    pub fn half_days(&self) -> [i32; 2] {
        [Half::Morning, Half::Afternoon].map(|half| HalfDay::new(self.day, half).0)
    }

    /// When its records were made.
    pub fn made_at(&self) -> DateTime<Utc> {
        first_moment(self.day - Days::new(NOMINATED_BEFORE))
    }
}

/// The working days before today, the newest first; so many.
fn working_days(today: NaiveDate) -> Vec<NaiveDate> {
    let is_worked = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    today.iter_days().rev().skip(1).filter(is_worked).take(DAYS as usize).collect()
}

impl Making<'_> {
    /// All offerings, in the order of their places.
    pub fn runs(&self) -> impl Iterator<Item = Run> {
        let (days, size) = (working_days(self.today), self.size);
        (0..size.offerings).filter_map(move |place| {
            let day = *days.get(usize::try_from(place * STEP % DAYS).ok()?)?;
            let (participants, first) = size.class(place);
            let (slots, slot) = (size.offerings.div_ceil(DAYS), place / DAYS);
            Some(Run { place, course: place % COURSES, day, participants, first, slots, slot })
        })
    }

    /// Place of the employee who takes part in an offering under a number. Offerings of one day share their day with
    /// others but no employee: nobody sits in two classes at once.
    pub fn participant(&self, run: &Run, number: u64) -> u64 {
        let in_slot = (self.size.employees - run.slot).div_ceil(run.slots);
        let start = self.chance.below(Kind::Offering, run.place, 1, in_slot);
        run.slot + run.slots * ((start + number) % in_slot)
    }

    /// Id of an offering.
    pub fn offering(&self, run: &Run) -> Uuid {
        self.chance.id(Kind::Offering, run.place, run.made_at())
    }

    /// Id of the participation under a number.
    pub fn participation(&self, run: &Run, number: u64) -> Uuid {
        self.chance.id(Kind::Participant, run.first + number, run.made_at())
    }

    fn nomination(&self, run: &Run, number: u64) -> Uuid {
        self.chance.id(Kind::Nomination, run.first + number, run.made_at())
    }
}

/// Write them all.
pub async fn write(making: &Making<'_>, say: &mut dyn FnMut(String)) -> anyhow::Result<()> {
    let enough =
        making.runs().all(|run| run.participants <= (making.size.employees - run.slot).div_ceil(run.slots));
    anyhow::ensure!(enough, "there are more participants in an offering than employees to send");
    let count = offerings(making).await?;
    say(format!("offerings: {count}"));
    sessions(making).await?;
    nominations(making).await?;
    half_days(making).await?;
    let count = participants(making).await?;
    say(format!("participations: {count}"));
    Ok(())
}

async fn offerings(making: &Making<'_>) -> anyhow::Result<u64> {
    let columns = [
        "id",
        "code",
        "course_id",
        "institute_id",
        "mode",
        "attendance",
        "location",
        "seats",
        "nominations_close_on",
        "status",
        "first_half_day",
        "last_half_day",
        "created_at",
        "updated_at",
    ];
    let mut copy = Copy::begin(making.client, "offerings", &columns).await?;
    for run in making.runs() {
        let ([first, last], at) = (run.half_days(), run.made_at());
        let code = format!("LH-{:05}", run.place);
        let row = [
            making.offering(&run).into(),
            (&code).into(),
            making.course(run.course).into(),
            making.institute(Making::institute_of(run.course)).into(),
            "in_person".into(),
            "full_time".into(),
            "Hà Nội".into(),
            i32::try_from(run.participants)?.max(1).into(),
            (run.day - Days::new(DECIDED_BEFORE)).into(),
            "closed".into(),
            first.into(),
            last.into(),
            at.into(),
            first_moment(run.day).into(),
        ];
        copy.row(&row).await?;
    }
    copy.finish().await
}

async fn sessions(making: &Making<'_>) -> anyhow::Result<()> {
    let columns = ["id", "offering_id", "half_day", "periods", "topic", "lecturer_id"];
    let mut copy = Copy::begin(making.client, "sessions", &columns).await?;
    for run in making.runs() {
        for (number, half_day) in (0..).zip(run.half_days()) {
            let institute = Making::institute_of(run.course);
            let row = [
                making.chance.id(Kind::Session, run.place * 2 + number, run.made_at()).into(),
                making.offering(&run).into(),
                half_day.into(),
                4_i32.into(),
                "Nội dung theo chương trình".into(),
                making.lecturer(institute, (run.place + number) % LECTURERS_EACH).into(),
            ];
            copy.row(&row).await?;
        }
    }
    copy.finish().await.map(|_| ())
}

async fn nominations(making: &Making<'_>) -> anyhow::Result<()> {
    let columns = [
        "id",
        "offering_id",
        "course_id",
        "institute_id",
        "employee_id",
        "unit_id",
        "basis",
        "motive",
        "outside_plan_reason",
        "expected_effect",
        "status",
        "checks",
        "rule_set",
        "nominated_by",
        "decided_at",
        "created_at",
        "updated_at",
    ];
    let mut copy = Copy::begin(making.client, "nominations", &columns).await?;
    for run in making.runs() {
        let decided = first_moment(run.day - Days::new(DECIDED_BEFORE));
        for number in 0..run.participants {
            let employee = making.participant(&run, number);
            let unit = Making::unit_of(employee);
            let row = [
                making.nomination(&run, number).into(),
                making.offering(&run).into(),
                making.course(run.course).into(),
                making.institute(Making::institute_of(run.course)).into(),
                making.employee(employee).into(),
                making.unit(unit).into(),
                "position_need".into(),
                "planned".into(),
                "Đáp ứng yêu cầu vị trí việc làm".into(),
                "Áp dụng vào công việc hằng ngày".into(),
                "approved".into(),
                Value::Json("[]"),
                RULE_SET.into(),
                making.account_of_head(unit).into(),
                decided.into(),
                run.made_at().into(),
                decided.into(),
            ];
            copy.row(&row).await?;
        }
    }
    copy.finish().await.map(|_| ())
}

async fn half_days(making: &Making<'_>) -> anyhow::Result<()> {
    let columns = ["employee_id", "half_day", "nomination_id"];
    let mut copy = Copy::begin(making.client, "nomination_half_days", &columns).await?;
    for run in making.runs() {
        for number in 0..run.participants {
            let employee = making.employee(making.participant(&run, number));
            for half_day in run.half_days() {
                copy.row(&[employee.into(), half_day.into(), making.nomination(&run, number).into()]).await?;
            }
        }
    }
    copy.finish().await.map(|_| ())
}

async fn participants(making: &Making<'_>) -> anyhow::Result<u64> {
    let columns = [
        "id",
        "nomination_id",
        "offering_id",
        "institute_id",
        "employee_id",
        "unit_id",
        "number",
        "status",
        "attendance_percent",
        "created_at",
        "updated_at",
    ];
    let mut copy = Copy::begin(making.client, "participants", &columns).await?;
    for run in making.runs() {
        let over = first_moment(run.day + Days::new(1));
        for number in 0..run.participants {
            let employee = making.participant(&run, number);
            let row = [
                making.participation(&run, number).into(),
                making.nomination(&run, number).into(),
                making.offering(&run).into(),
                making.institute(Making::institute_of(run.course)).into(),
                making.employee(employee).into(),
                making.unit(Making::unit_of(employee)).into(),
                i32::try_from(number + 1)?.into(),
                "completed".into(),
                100.0_f64.into(),
                run.made_at().into(),
                over.into(),
            ];
            copy.row(&row).await?;
        }
    }
    copy.finish().await
}
