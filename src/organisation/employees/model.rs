use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::employees;
use crate::db::text_enum;
use crate::error::{Faults, FieldError};
use crate::text;

/// Legal category of an employee (cadre, civil servant, public employee, contract worker): it decides which
/// decrees apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum EmployeeCategory {
    /// Cadre (cán bộ).
    Cadre,
    /// Civil servant (công chức).
    CivilServant,
    /// Public employee (viên chức).
    PublicEmployee,
    /// Contract worker (người lao động hợp đồng).
    ContractWorker,
}

text_enum!(EmployeeCategory);

/// Employment status of an employee: active, on long leave, or left the ministry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum EmployeeStatus {
    /// Works in the ministry.
    Active,
    /// On long leave.
    OnLeave,
    /// No longer works in the ministry.
    Left,
}

text_enum!(EmployeeStatus);

/// An employee as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = employees, check_for_backend(diesel::pg::Pg))]
pub struct Employee {
    /// Id.
    pub id: Uuid,
    /// Code of the HR portal.
    pub code: String,
    /// Family name, middle name, given name.
    pub full_name: String,
    /// Place in the Vietnamese order of names.
    pub name_key: String,
    /// Address at work, in lower case.
    pub email: String,
    /// E.164.
    pub phone: Option<String>,
    /// The unit.
    pub unit_id: Uuid,
    /// The job position.
    pub job_position_id: Uuid,
    /// Legal standing.
    pub category: EmployeeCategory,
    /// Whether the person works.
    pub status: EmployeeStatus,
    /// Birthday.
    pub birth_date: Option<NaiveDate>,
    /// First day of service.
    pub joined_on: NaiveDate,
    /// Personal identification number, twelve digits.
    pub personal_number: Option<String>,
    /// Whether the person restricted what is done with the data beyond what the law assigns.
    pub restricted: bool,
    /// When the person's identity was erased.
    pub erased_at: Option<DateTime<Utc>>,
    /// Raised with every change.
    pub version: i32,
    /// When the record was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// An employee as told by the HR portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub code: String,
    pub full_name: String,
    pub email: String,
    pub phone: Option<String>,
    pub unit_id: Uuid,
    pub job_position_id: Uuid,
    pub category: EmployeeCategory,
    pub status: EmployeeStatus,
    pub birth_date: Option<NaiveDate>,
    pub joined_on: NaiveDate,
    pub personal_number: Option<String>,
}

/// A row of a batch: refers to unit and position by code.
#[derive(Debug, Clone)]
pub struct BatchRow {
    pub unit_code: String,
    pub job_position_code: String,
    /// Its `unit_id` and `job_position_id` are nil until the codes are looked up.
    pub draft: Draft,
}

/// What changes; absent members stay. `name_key` follows from the name.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = employees)]
pub struct Change {
    pub full_name: Option<String>,
    pub name_key: Option<String>,
    pub email: Option<String>,
    pub phone: Option<Option<String>>,
    pub unit_id: Option<Uuid>,
    pub job_position_id: Option<Uuid>,
    pub category: Option<EmployeeCategory>,
    pub status: Option<EmployeeStatus>,
    pub birth_date: Option<Option<NaiveDate>>,
    pub joined_on: Option<NaiveDate>,
    pub personal_number: Option<Option<String>>,
    pub restricted: Option<bool>,
}

/// What a person wants corrected; absent members are right as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrections {
    /// Family name, middle name, given name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub full_name: Option<String>,
    /// Address at work, in lower case.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<String>,
    /// E.164.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phone: Option<String>,
    /// Birthday.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub birth_date: Option<NaiveDate>,
    /// Personal identification number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub personal_number: Option<String>,
}

impl From<Corrections> for Change {
    fn from(corrections: Corrections) -> Self {
        Self {
            full_name: corrections.full_name,
            email: corrections.email,
            phone: corrections.phone.map(Some),
            birth_date: corrections.birth_date.map(Some),
            personal_number: corrections.personal_number.map(Some),
            ..Self::default()
        }
    }
}

/// Stands where a name was erased. Stored, so it is in the language of the records.
pub const ERASED: &str = "(đã xóa)";

/// Nobody joins before birth, and a personal number says when its holder was born.
pub fn check_person(
    birth_date: Option<NaiveDate>,
    joined_on: NaiveDate,
    personal_number: Option<&str>,
) -> Faults {
    let mut faults = Faults::default();
    if birth_date.is_some_and(|birth| birth >= joined_on) {
        faults.push(FieldError::new("/joined_on", "date_order"));
    }
    if let (Some(birth), Some(number)) = (birth_date, personal_number)
        && birth_year(number) != Some(birth.year())
    {
        faults.push(FieldError::new("/personal_number", "personal_number_birth"));
    }
    faults
}

/// Whether a text is a personal identification number (Decree 137/2015/NĐ-CP, Art. 13): twelve digits, without a check
/// digit. The first three name the province of birth; an unknown one is no fault, since codes come and go.
pub fn is_personal_number(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The year of birth that a personal number states: its fourth digit tells century and sex (0 and 1 for the 1900s, 2
/// and 3 for the 2000s, and so on), the next two the year (Circular 07/2016/TT-BCA, Art. 7).
fn birth_year(number: &str) -> Option<i32> {
    let century = i32::try_from(number.chars().nth(3)?.to_digit(10)? / 2).ok()?;
    Some(1900 + 100 * century + number.get(4..6)?.parse::<i32>().ok()?)
}

/// A personal number as everybody may see it: `001******345`.
pub fn mask_personal_number(number: &str) -> String {
    mask(number, 3)
}

/// A telephone number as everybody may see it: the country code and the last three digits.
pub fn mask_phone(e164: &str) -> String {
    mask(e164, "+84".len())
}

/// All but the first characters and the last three as stars.
fn mask(text: &str, head: usize) -> String {
    let tail = text.chars().count().saturating_sub(3);
    text.chars().enumerate().map(|(i, c)| if i < head || i >= tail { c } else { '*' }).collect()
}

/// Purpose of reading sensitive data of a person (Law 91/2025/QH15 requires one): issue of a certificate,
/// contract or decision, request of the person concerned, verification, or the caller's own data. It is a
/// fixed list so that no personal information enters a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(title = "IdentityPurpose")]
pub enum IdentityPurpose {
    /// A certificate is issued for the person.
    CertificateIssue,
    /// A contract or a decision about the person is drawn up.
    ContractOrDecision,
    /// The person made a request about the data.
    DataSubjectRequest,
    /// The data are compared with a document.
    Verification,
    /// Callers read their own data.
    OwnData,
}

impl IdentityPurpose {
    /// The word of the API and of the audit log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CertificateIssue => "certificate_issue",
            Self::ContractOrDecision => "contract_or_decision",
            Self::DataSubjectRequest => "data_subject_request",
            Self::Verification => "verification",
            Self::OwnData => "own_data",
        }
    }
}

/// A Vietnamese telephone number in E.164: mobile numbers have ten digits (03, 05, 07, 08, 09), landlines eleven (02).
/// Spaces, dots and hyphens are ignored; the country code 84 may be written.
pub fn phone_e164(written: &str) -> Option<String> {
    let digits: String = written
        .strip_prefix('+')
        .unwrap_or(written)
        .chars()
        .filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')'))
        .collect();
    let national = match digits.strip_prefix("84") {
        Some(rest) => rest.strip_prefix('0').unwrap_or(rest),
        None if written.starts_with('+') => return None,
        None => digits.strip_prefix('0')?,
    };
    let length = match national.chars().next()? {
        '3' | '5' | '7' | '8' | '9' => 9,
        '2' => 10,
        _ => return None,
    };
    let good = national.len() == length && national.chars().all(|c| c.is_ascii_digit());
    good.then(|| format!("+84{national}"))
}

impl Change {
    /// Let what follows from the name follow it.
    #[must_use]
    pub fn with_derived(mut self) -> Self {
        if let Some(name) = &self.full_name {
            self.name_key = Some(text::name_sort_key(name));
        }
        self
    }
}

impl Employee {
    /// Whether the HR portal tells nothing new.
    pub fn is_as(&self, draft: &Draft) -> bool {
        *draft
            == Draft {
                code: self.code.clone(),
                full_name: self.full_name.clone(),
                email: self.email.clone(),
                phone: self.phone.clone(),
                unit_id: self.unit_id,
                job_position_id: self.job_position_id,
                category: self.category,
                status: self.status,
                birth_date: self.birth_date,
                joined_on: self.joined_on,
                personal_number: self.personal_number.clone(),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_telephone_numbers_are_stored_in_one_form() {
        for (written, stored) in [
            ("0912 345 678", "+84912345678"),
            ("0912.345.678", "+84912345678"),
            ("84912345678", "+84912345678"),
            ("+84 912 345 678", "+84912345678"),
            ("+84 (0)912-345-678", "+84912345678"),
            ("024 2220 2222", "+842422202222"),
        ] {
            assert_eq!(phone_e164(written).as_deref(), Some(stored), "{written}");
        }
        for wrong in [
            "",
            "0",
            "912345678",
            "0112345678",
            "01612345678",
            "09123456789",
            "0912x45678",
            "+1 912 345 678",
            "02422202",
        ] {
            assert_eq!(phone_e164(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_follows_from_the_name_follows_it() {
        let change = Change { full_name: Some("Đỗ Thị Ân".to_owned()), ..Change::default() }.with_derived();
        assert_eq!(change.name_key, Some(text::name_sort_key("Đỗ Thị Ân")));
        assert_eq!(Change::default().with_derived().name_key, None);
    }

    /// The vectors of the rule's own table: a man born in 1999 and in 2099, and the example of Circular 07/2016.
    #[test]
    fn a_personal_number_tells_the_year_of_birth() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let faults = |number: &str, birth: &str| {
            check_person(Some(day(birth)), day("2120-01-01"), Some(number)).iter().count()
        };
        assert_eq!(faults("001099012345", "1999-05-19"), 0);
        assert_eq!(faults("001099012345", "2099-05-19"), 1);
        assert_eq!(faults("087084000999", "1984-01-01"), 0);
        assert_eq!(faults("001303012345", "2003-12-31"), 0);
        assert_eq!(faults("999084000999", "1984-01-01"), 0, "an unknown province is tolerated");
        assert!(check_person(None, day("2120-01-01"), Some("001099012345")).is_empty());
        assert!(is_personal_number("087084000999"));
        for wrong in ["", "08708400099", "0870840009991", "08708400099x", "０８７０８４０００９９９"]
        {
            assert!(!is_personal_number(wrong), "{wrong}");
        }
    }

    #[test]
    fn masks_show_too_little_to_call_or_to_identify() {
        assert_eq!(mask_personal_number("001099012345"), "001******345");
        assert_eq!(mask_phone("+84912345678"), "+84******678");
        assert_eq!(mask_phone("+842422202222"), "+84*******222");
    }
}
