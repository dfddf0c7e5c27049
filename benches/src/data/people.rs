//! Units, positions, employees, accounts and official scores.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use thuocdo::clock::first_moment;
use thuocdo::text;
use uuid::Uuid;

use super::chance::{Chance, Kind};
use super::copy::{Copy, Value};
use super::{Making, POSITIONS, QUARTERS, UNITS, UNITS_BELOW_MINISTRY, names};

/// Units on the third level.
const DIVISIONS: u64 = 80;
/// Accounts that belong to no unit head: name, kind, role.
const STAFF: [(&str, &str, &str); 4] = [
    ("bench_officer", "person", "training_officer"),
    ("bench_leader", "person", "leader"),
    ("bench_auditor", "person", "auditor"),
    ("bench_portal", "machine", "hr_portal"),
];

impl Making<'_> {
    /// Id of a unit; the first is the ministry.
    pub fn unit(&self, place: u64) -> Uuid {
        self.chance.id(Kind::Unit, place, self.beginning())
    }

    /// Place of the unit in which an employee works.
    pub fn unit_of(employee: u64) -> u64 {
        employee % UNITS
    }

    /// Place of the employee who heads a unit.
    pub fn head_of(unit: u64) -> u64 {
        unit
    }

    /// Place of the unit above a unit; the ministry has none.
    pub fn parent_of(unit: u64) -> Option<u64> {
        match unit {
            0 => None,
            _ if unit <= UNITS_BELOW_MINISTRY => Some(0),
            _ if unit <= UNITS_BELOW_MINISTRY + DIVISIONS => Some(1 + (unit - 1) % UNITS_BELOW_MINISTRY),
            _ => Some(1 + UNITS_BELOW_MINISTRY + (unit - 1) % DIVISIONS),
        }
    }

    /// Place of the employee who rates somebody's work: the head of the unit, and of a head the one above.
    pub fn supervisor_of(employee: u64) -> u64 {
        let unit = Self::unit_of(employee);
        let above = if Self::head_of(unit) == employee { Self::parent_of(unit).unwrap_or(1) } else { unit };
        Self::head_of(above)
    }

    /// Id of an employee.
    pub fn employee(&self, place: u64) -> Uuid {
        self.chance.id(Kind::Employee, place, self.beginning())
    }

    /// Id of a job position.
    pub fn position(&self, place: u64) -> Uuid {
        self.chance.id(Kind::Position, place, self.beginning())
    }

    /// Id of the account of a unit's head.
    pub fn account_of_head(&self, unit: u64) -> Uuid {
        self.chance.id(Kind::Account, unit, self.beginning())
    }
}

/// An employee, before units and positions are known by their ids.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table employees, which the migrations describe")]
pub struct EmployeeRow {
    pub code: String,
    pub full_name: String,
    pub name_key: String,
    pub email: String,
    pub phone: String,
    pub category: &'static str,
    pub status: &'static str,
    pub birth_date: NaiveDate,
    pub joined_on: NaiveDate,
    pub personal_number: String,
}

/// The employee at a place. `kind` and `prefix` distinguish those who are imported from those who are there.
pub fn employee(chance: Chance, kind: Kind, prefix: &str, place: u64) -> EmployeeRow {
    let full_name = names::full_name(chance, kind, place);
    let code = format!("{prefix}-{place:07}");
    let folded = text::fold(&full_name);
    let given = folded.split(' ').next_back().unwrap_or_default().to_owned();
    let born = 1965 + i32::try_from(chance.below(kind, place, 4, 35)).unwrap_or_default();
    let day = u32::try_from(1 + chance.below(kind, place, 5, 28)).unwrap_or(1);
    let month = u32::try_from(1 + chance.below(kind, place, 6, 12)).unwrap_or(1);
    let birth_date = NaiveDate::from_ymd_opt(born, month, day).unwrap_or_default();
    let joined_on = birth_date + Months::new(12 * 23);
    let sex = chance.below(kind, place, 7, 2);
    // Heads work: the first employee of each unit is its head.
    let state = if place < UNITS { 99 } else { chance.below(kind, place, 8, 100) };
    EmployeeRow {
        name_key: text::name_sort_key(&full_name),
        email: format!("{given}.{}@moit.gov.vn", code.to_lowercase()),
        phone: format!("+849{:08}", chance.below(kind, place, 9, 100_000_000)),
        category: match chance.below(kind, place, 10, 10) {
            0..=4 => "civil_servant",
            5..=8 => "public_employee",
            _ => "contract_worker",
        },
        status: match state {
            0..=2 => "left",
            3..=5 => "on_leave",
            _ => "active",
        },
        personal_number: format!("{}{sex}{:02}{:06}", province(prefix), born % 100, place % 1_000_000),
        birth_date,
        joined_on,
        full_name,
        code,
    }
}

/// The province of birth in a personal number, so that those who are imported have others.
fn province(prefix: &str) -> &'static str {
    if prefix == "NV" { "001" } else { "002" }
}

/// The columns of an employee that are written, in the order of [`EmployeeRow::values`].
pub const EMPLOYEE_COLUMNS: [&str; 15] = [
    "id",
    "code",
    "full_name",
    "name_key",
    "email",
    "phone",
    "unit_id",
    "job_position_id",
    "category",
    "status",
    "birth_date",
    "joined_on",
    "personal_number",
    "created_at",
    "updated_at",
];

impl EmployeeRow {
    /// Its values, with what is known of unit and position only where it is written.
    pub fn values(&self, ids: [Uuid; 3], at: DateTime<Utc>) -> [Value<'_>; 15] {
        let [id, unit, position] = ids;
        [
            id.into(),
            (&self.code).into(),
            (&self.full_name).into(),
            (&self.name_key).into(),
            (&self.email).into(),
            (&self.phone).into(),
            unit.into(),
            position.into(),
            self.category.into(),
            self.status.into(),
            self.birth_date.into(),
            self.joined_on.into(),
            (&self.personal_number).into(),
            at.into(),
            at.into(),
        ]
    }
}

/// Write them all.
pub async fn write(making: &Making<'_>, say: &mut dyn FnMut(String)) -> anyhow::Result<()> {
    units(making).await?;
    positions(making).await?;
    let count = employees(making).await?;
    say(format!("employees: {count}"));
    heads(making).await?;
    accounts(making).await?;
    if making.size.participations > 0 {
        let count = ratings(making).await?;
        say(format!("official scores: {count}"));
    }
    Ok(())
}

async fn units(making: &Making<'_>) -> anyhow::Result<()> {
    let at = making.beginning();
    let columns = ["id", "code", "name", "kind", "parent_id", "created_at", "updated_at"];
    let mut copy = Copy::begin(making.client, "units", &columns).await?;
    for place in 0..UNITS {
        let (kind, words) = match place {
            0 => ("ministry", "Bộ Công Thương".to_owned()),
            _ if place <= UNITS_BELOW_MINISTRY => ("agency", format!("Cục số {place}")),
            _ => ("division", format!("Phòng số {place}")),
        };
        let parent = Making::parent_of(place).map(|parent| making.unit(parent));
        let (id, code) = (making.unit(place), unit_code(place));
        let row =
            [id.into(), (&code).into(), (&words).into(), kind.into(), parent.into(), at.into(), at.into()];
        copy.row(&row).await?;
    }
    copy.finish().await.map(|_| ())
}

/// Code of a unit.
pub fn unit_code(place: u64) -> String {
    format!("DV-{place:03}")
}

/// Code of a job position.
pub fn position_code(place: u64) -> String {
    format!("VT-{place:02}")
}

async fn positions(making: &Making<'_>) -> anyhow::Result<()> {
    let at = making.beginning();
    let columns = ["id", "code", "name", "position_group", "is_leadership", "created_at", "updated_at"];
    let mut copy = Copy::begin(making.client, "job_positions", &columns).await?;
    for place in 0..POSITIONS {
        let (code, name) = (position_code(place), format!("Vị trí việc làm số {place}"));
        let group = format!("group_{}", place % 8);
        let row = [
            making.position(place).into(),
            (&code).into(),
            (&name).into(),
            (&group).into(),
            (place == 0).into(),
            at.into(),
            at.into(),
        ];
        copy.row(&row).await?;
    }
    copy.finish().await.map(|_| ())
}

async fn employees(making: &Making<'_>) -> anyhow::Result<u64> {
    let at = making.beginning();
    let mut copy = Copy::begin(making.client, "employees", &EMPLOYEE_COLUMNS).await?;
    for place in 0..making.size.employees {
        let row = employee(making.chance, Kind::Employee, "NV", place);
        let position = making.position(if place < UNITS { 0 } else { 1 + place % (POSITIONS - 1) });
        let ids = [making.employee(place), making.unit(Making::unit_of(place)), position];
        copy.row(&row.values(ids, at)).await?;
    }
    copy.finish().await
}

async fn heads(making: &Making<'_>) -> anyhow::Result<()> {
    let places = || 0..UNITS.min(making.size.employees);
    let units: Vec<String> = places().map(|place| making.unit(place).to_string()).collect();
    let heads: Vec<String> = places().map(|place| making.employee(place).to_string()).collect();
    let statement = "UPDATE units u SET head_employee_id = named.head::uuid
        FROM unnest($1::text[], $2::text[]) AS named (unit, head) WHERE u.id = named.unit::uuid";
    making.client.execute(statement, &[&units, &heads]).await?;
    Ok(())
}

async fn accounts(making: &Making<'_>) -> anyhow::Result<()> {
    let at = making.beginning();
    let heads = UNITS.min(making.size.employees);
    let columns = [
        "id",
        "username",
        "display_name",
        "kind",
        "secret_hash",
        "employee_id",
        "is_active",
        "created_at",
        "updated_at",
    ];
    // Nobody signs in with a password here: the runner makes its tokens with the key of the service.
    let no_secret = "!";
    let mut copy = Copy::begin(making.client, "accounts", &columns).await?;
    for place in 0..heads {
        let name = format!("head_{place:03}");
        let employee = making.employee(Making::head_of(place));
        let row = [
            making.account_of_head(place).into(),
            (&name).into(),
            (&name).into(),
            "person".into(),
            no_secret.into(),
            employee.into(),
            true.into(),
            at.into(),
            at.into(),
        ];
        copy.row(&row).await?;
    }
    for (place, (name, kind, _)) in (UNITS..).zip(STAFF) {
        let row = [
            making.account_of_head(place).into(),
            name.into(),
            name.into(),
            kind.into(),
            no_secret.into(),
            Value::Null,
            true.into(),
            at.into(),
            at.into(),
        ];
        copy.row(&row).await?;
    }
    copy.finish().await?;
    let columns = ["id", "account_id", "role", "unit_id", "created_at"];
    let mut copy = Copy::begin(making.client, "role_assignments", &columns).await?;
    let own = (0..heads).flat_map(|place| [(place, "unit_head"), (place, "employee")]);
    let staff = (UNITS..).zip(STAFF).map(|(place, (.., role))| (place, role));
    for (number, (place, role)) in (0..).zip(own.chain(staff)) {
        let unit = Some(making.unit(place)).filter(|_| role == "unit_head");
        let id = making.chance.id(Kind::Role, number, at);
        copy.row(&[id.into(), making.account_of_head(place).into(), role.into(), unit.into(), at.into()])
            .await?;
    }
    copy.finish().await.map(|_| ())
}

async fn ratings(making: &Making<'_>) -> anyhow::Result<u64> {
    let columns = [
        "id",
        "employee_id",
        "regime",
        "period_kind",
        "period_start",
        "period_end",
        "score",
        "class",
        "revision",
        "is_current",
        "created_at",
    ];
    let running = making.today.with_day(1).unwrap_or(making.today);
    let running = running - Months::new((running.month() - 1) % 3);
    let mut copy = Copy::begin(making.client, "performance_ratings", &columns).await?;
    for back in (1..=QUARTERS).rev() {
        let start = running - Months::new(3 * back);
        let end = start + Months::new(3) - Days::new(1);
        // Nothing is known before it happened: the newest quarter is pushed on the day after it.
        let pushed = first_moment((end + Days::new(10)).min(making.today));
        for place in 0..making.size.employees {
            let usual = 80.0 + 6.0 * making.chance.normal(Kind::Employee, place, 20);
            let drawn = usual + 3.0 * making.chance.normal(Kind::Rating, place, u64::from(back));
            let score = (drawn.clamp(40.0, 100.0) * 10.0).round() / 10.0;
            let class = match score {
                90.0.. => "excellent",
                70.0.. => "good",
                50.0.. => "completed",
                _ => "not_completed",
            };
            let number = place * u64::from(QUARTERS) + u64::from(back);
            let row = [
                making.chance.id(Kind::Rating, number, pushed).into(),
                making.employee(place).into(),
                "decree_335_2025".into(),
                "quarter".into(),
                start.into(),
                end.into(),
                score.into(),
                class.into(),
                1_i32.into(),
                true.into(),
                pushed.into(),
            ];
            copy.row(&row).await?;
        }
    }
    copy.finish().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_has_one_root_and_heads_are_rated_by_the_one_above() {
        assert!((1..UNITS).all(|unit| Making::parent_of(unit).is_some_and(|parent| parent < unit)));
        assert_eq!(Making::supervisor_of(7), 0, "the head of a unit below the ministry");
        assert_eq!(Making::supervisor_of(7 + UNITS), 7);
        assert!((0..2_000).all(|place| Making::supervisor_of(place) != place));
    }

    #[test]
    fn an_employee_is_as_the_service_would_store_one() {
        let row = employee(Chance::new(1), Kind::Employee, "NV", 42);
        assert_eq!(row.name_key, text::name_sort_key(&row.full_name));
        assert!(row.code.ends_with("-0000042") && row.personal_number.len() == 12);
        assert!(row.birth_date < row.joined_on);
    }
}
