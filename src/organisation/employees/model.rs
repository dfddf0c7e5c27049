use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::employees;
use crate::db::text_enum;
use crate::error::FieldError;
use crate::text;

/// Legal standing of an employee: it decides which decrees apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EmployeeCategory {
    /// Cán bộ.
    Cadre,
    /// Công chức.
    CivilServant,
    /// Viên chức.
    PublicEmployee,
    /// Người lao động hợp đồng.
    ContractWorker,
}

text_enum!(EmployeeCategory {
    Cadre = "cadre",
    CivilServant = "civil_servant",
    PublicEmployee = "public_employee",
    ContractWorker = "contract_worker",
});

/// Whether an employee works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EmployeeStatus {
    /// Works.
    Active,
    /// Away for long.
    OnLeave,
    /// Works here no more.
    Left,
}

text_enum!(EmployeeStatus {
    Active = "active",
    OnLeave = "on_leave",
    Left = "left",
});

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
}

/// A row of a batch: refers to unit and position by code.
#[derive(Debug, Clone)]
pub struct BatchRow {
    pub unit_code: String,
    pub job_position_code: String,
    /// Its `unit_id` and `job_position_id` are nil until the codes are looked up.
    pub draft: Draft,
}

/// What changes; absent members stay. `name_key` and `search_text` follow from the name.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = employees)]
pub struct Change {
    pub full_name: Option<String>,
    pub name_key: Option<String>,
    pub search_text: Option<String>,
    pub email: Option<String>,
    pub phone: Option<Option<String>>,
    pub unit_id: Option<Uuid>,
    pub job_position_id: Option<Uuid>,
    pub category: Option<EmployeeCategory>,
    pub status: Option<EmployeeStatus>,
    pub birth_date: Option<Option<NaiveDate>>,
    pub joined_on: Option<NaiveDate>,
}

/// What search looks in: name and code, without case and accents.
pub fn search_text(full_name: &str, code: &str) -> String {
    text::fold(&format!("{full_name} {code}"))
}

/// Nobody joins before birth.
pub fn check_dates(birth_date: Option<NaiveDate>, joined_on: NaiveDate) -> Vec<FieldError> {
    if birth_date.is_some_and(|birth| birth >= joined_on) {
        vec![FieldError::new("/joined_on", "date_order")]
    } else {
        Vec::new()
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
    pub fn with_derived(mut self, code: &str) -> Self {
        if let Some(name) = &self.full_name {
            self.name_key = Some(text::name_sort_key(name));
            self.search_text = Some(search_text(name, code));
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
        let change =
            Change { full_name: Some("Đỗ Thị Ân".to_owned()), ..Change::default() }.with_derived("NV-01");
        assert_eq!(change.search_text.as_deref(), Some("do thi an nv-01"));
        assert_eq!(change.name_key, Some(text::name_sort_key("Đỗ Thị Ân")));
        assert_eq!(Change::default().with_derived("NV-01").name_key, None);
    }
}
