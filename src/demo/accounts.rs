//! One account per role, named like the role. All of them have the same password, which everybody may know: it is
//! hashed once and the hash is shared, since a hash for each would hide nothing and only take longer.

use uuid::Uuid;

use super::builder::Builder;
use super::catalogue::{Catalogue, SCHOOL};
use super::ministry::Ministry;
use super::rows::{Account, Delegation, RoleAssignment};
use super::units::{HCVT, TCCB};
use crate::identity::secrets;

/// Password of every demo account, and secret of the machine client.
pub const PASSWORD: &str = "thuocdo-demo";
/// The machine client.
pub const CLIENT: &str = "hr-portal";

/// Name, and a further role. What one can do with it is said by `demo-account-...` in `locales`.
pub const ACCOUNTS: [(&str, Option<&str>); 8] = [
    ("training_officer", Some("employee")),
    ("unit_head", Some("employee")),
    ("institute", None),
    ("hr_portal", None),
    ("leader", Some("employee")),
    ("employee", None),
    ("auditor", None),
    ("system_admin", None),
];

/// A second institute, beside the ministry's own school: code, its person's account, its machine client.
pub const OTHER_INSTITUTE: (&str, &str, &str) = ("DHCNHN", "institute_dhcnhn", "dhcnhn-lms");
/// Makes the chance of its accounts another than the ministry's.
const OTHERS_CHANCE: u64 = 0x6f74_6865;
/// The same of the delegation.
const DEPUTY_CHANCE: u64 = 0x6465_7075;

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
    let (mut accounts, mut clerk_account) = (Accounts::default(), Uuid::nil());
    let officer = ministry.staff(TCCB).nth(3);
    let clerk = ministry.staff(HCVT).find(|p| !p.is_leadership);
    let deputy_minister = ministry.staff("BCT").nth(1);
    for (name, further) in ACCOUNTS {
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
            "employee" => {
                accounts.employee = person.map(|p| p.id).unwrap_or_default();
                clerk_account = id;
            }
            _ => {}
        }
    }
    b.aside(OTHERS_CHANCE, |b| other_institute(b, catalogue, secret_hash));
    b.aside(DEPUTY_CHANCE, |b| deputy(b, ministry, &accounts, clerk_account));
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

/// The unit's head travels in these weeks, and the clerk acts for the head.
fn deputy(b: &mut Builder, ministry: &Ministry, accounts: &Accounts, clerk_account: Uuid) {
    let Some(unit_id) = ministry.unit(HCVT) else { return };
    let at = b.calendar.morning(b.calendar.day(-7));
    b.rows.delegations.push(Delegation {
        id: b.dice.id(at),
        unit_id,
        principal_account_id: accounts.unit_head,
        deputy_account_id: clerk_account,
        reason: Some("Đi công tác".to_owned()),
        valid_from: b.calendar.day(-3),
        valid_to: b.calendar.day(25),
        created_at: at,
        updated_at: at,
    });
}

/// An account and a client, so that two institutes can be told apart.
fn other_institute(b: &mut Builder, catalogue: &Catalogue, secret_hash: &str) {
    let at = b.calendar.morning(b.calendar.day(-600));
    let (code, person, machine) = OTHER_INSTITUTE;
    for (username, kind, words) in
        [(person, "person", "Phòng Quản lý đào tạo"), (machine, "machine", "Hệ thống quản lý học tập")]
    {
        let id = b.dice.id(at);
        b.rows.accounts.push(Account {
            id,
            username: username.to_owned(),
            display_name: format!("{words} {code}"),
            kind,
            secret_hash: secret_hash.to_owned(),
            employee_id: None,
            institute_id: catalogue.institutes.get(code).copied(),
            is_active: true,
            created_at: at,
            updated_at: at,
        });
        give(b, id, "institute", None);
    }
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
