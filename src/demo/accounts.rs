//! One account per role, named like the role. All of them have the same password, which everybody may know: it is
//! hashed once and the hash is shared, since a hash for each would hide nothing and only take longer.

use uuid::Uuid;

use super::builder::Builder;
use super::catalogue::{Catalogue, SCHOOL};
use super::ministry::Ministry;
use super::rows::{Account, RoleAssignment};
use super::units::{HCVT, TCCB};
use crate::identity::secrets;

/// Password of every demo account, and secret of the machine client.
pub const PASSWORD: &str = "thuocdo-demo";
/// The machine client.
pub const CLIENT: &str = "hr-portal";

/// Name, what one can do with it, further role.
pub const ACCOUNTS: [(&str, &str, Option<&str>); 8] = [
    ("training_officer", "runs the training year for the whole ministry", Some("employee")),
    ("unit_head", "heads Phòng Hành chính - Văn thư: nominates and rates its people", Some("employee")),
    ("institute", "the ministry's own school: catalogue, rosters, results, own scores", None),
    ("hr_portal", "what the HR portal may do, as a person", None),
    ("leader", "decides plans and nominations, reads every report", Some("employee")),
    ("employee", "a clerk of that division: record, gaps, evaluations", None),
    ("auditor", "reads everything that was decided", None),
    ("system_admin", "accounts and clients", None),
];

/// What the other steps ask about the accounts.
#[derive(Default)]
pub struct Accounts {
    /// The account of the training officer.
    pub officer: Uuid,
    unit_head: Uuid,
    /// The employee behind the account `employee`.
    pub employee: Uuid,
}

impl Accounts {
    /// Who nominates for a unit: its head where the head has an account, the training officer otherwise.
    pub fn nominator(&self, unit_code: &str) -> Uuid {
        if unit_code == HCVT { self.unit_head } else { self.officer }
    }
}

pub fn build(b: &mut Builder, ministry: &Ministry, catalogue: &Catalogue, secret_hash: &str) -> Accounts {
    let at = b.calendar.morning(b.calendar.day(-600));
    let mut accounts = Accounts::default();
    let officer = ministry.staff(TCCB).nth(3);
    let clerk = ministry.staff(HCVT).find(|p| !p.is_leadership);
    let deputy_minister = ministry.staff("BCT").nth(1);
    for (name, _, further) in ACCOUNTS {
        let person = match name {
            "training_officer" => officer,
            "unit_head" => ministry.head(HCVT),
            "leader" => deputy_minister,
            "employee" => clerk,
            _ => None,
        };
        let id = b.dice.id(at);
        b.rows.accounts.push(Account {
            id,
            username: name.to_owned(),
            display_name: person.map_or_else(|| name.replace('_', " "), |p| p.name.clone()),
            kind: "person",
            secret_hash: secret_hash.to_owned(),
            employee_id: person.map(|p| p.id),
            institute_id: catalogue.institutes.get(SCHOOL).copied().filter(|_| name == "institute"),
            is_active: true,
            created_at: at,
            updated_at: at,
        });
        for role in std::iter::once(name).chain(further) {
            let unit_id = ministry.unit(HCVT).filter(|_| role == "unit_head");
            give(b, id, role, unit_id);
        }
        match name {
            "training_officer" => accounts.officer = id,
            "unit_head" => accounts.unit_head = id,
            "employee" => accounts.employee = person.map(|p| p.id).unwrap_or_default(),
            _ => {}
        }
    }
    let id = b.dice.id(at);
    b.rows.accounts.push(Account {
        id,
        username: CLIENT.to_owned(),
        display_name: "Cổng thông tin nhân sự".to_owned(),
        kind: "machine",
        secret_hash: secrets::stored(PASSWORD),
        employee_id: None,
        institute_id: None,
        is_active: true,
        created_at: at,
        updated_at: at,
    });
    give(b, id, "hr_portal", None);
    accounts
}

fn give(b: &mut Builder, account_id: Uuid, role: &'static str, unit_id: Option<Uuid>) {
    let created_at = b.calendar.morning(b.calendar.day(-600));
    b.rows.role_assignments.push(RoleAssignment {
        id: b.dice.id(created_at),
        account_id,
        role,
        unit_id,
        created_at,
    });
}
