use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, Draft, Employee, EmployeeCategory, EmployeeStatus};
use crate::db::schema::employees;
use crate::db::{Search, Searched, Tx, search_finds, search_prefixes};
use crate::error::{Error, Result};
use crate::organisation::reach::{below, listed, visible};
use crate::page::{Page, PageRequest, Position};
use crate::text;

type Boxed = employees::BoxedQuery<'static, Pg>;

pub struct Filter {
    pub code: Option<String>,
    pub q: Option<String>,
    pub unit_id: Option<Uuid>,
    pub job_position_id: Option<Uuid>,
    pub category: Option<EmployeeCategory>,
    pub status: Option<EmployeeStatus>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Employee>> {
    let narrow = |mut query: Boxed| {
        if let Some(code) = &filter.code {
            query = query.filter(employees::code.eq(code.clone()));
        }
        if let Some(position) = filter.job_position_id {
            query = query.filter(employees::job_position_id.eq(position));
        }
        if let Some(category) = filter.category {
            query = query.filter(employees::category.eq(category));
        }
        if let Some(status) = filter.status {
            query = query.filter(employees::status.eq(status));
        }
        query
    };
    let query = if let Some(asked) = &filter.q {
        let after = page.after_key();
        let order = Some(("name_key", after.as_ref().map(|(key, _)| key.as_str())));
        let Search { patterns, prefixes } =
            Search::weighed(tx, asked, Searched { table: "employees", order }).await?;
        let found =
            |query: Boxed| narrow(query).filter(search_finds(employees::search_words, patterns.clone()));
        if let Some(prefixes) = prefixes {
            // The index leads to few people, wherever these work: the units need not be gone through.
            let mut query =
                found(visible(tx)).filter(search_prefixes(employees::search_words).contains(prefixes));
            if let Some(unit) = filter.unit_id {
                query = query.filter(employees::unit_id.eq_any(below(vec![unit])));
            }
            if let Some((key, id)) = after {
                query = query
                    .filter(employees::name_key.ge(key.clone()))
                    .filter(employees::name_key.gt(key).or(employees::id.gt(id)));
            }
            query.order((employees::name_key, employees::id)).limit(page.rows_to_read())
        } else {
            listed(tx, filter.unit_id, page, |query, _| found(query))
        }
    } else {
        listed(tx, filter.unit_id, page, |query, _| narrow(query))
    };
    let rows = query.select(Employee::as_select()).load(tx.conn()).await?;
    Ok(Page::cut(rows, page, |e| Position::key(&e.name_key, e.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Employee> {
    visible(tx)
        .filter(employees::id.eq(id))
        .select(Employee::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("employee"))
}

/// The employees with these codes, by code.
pub async fn by_code(tx: &mut Tx<'_>, codes: &[&str]) -> Result<HashMap<String, Employee>> {
    let codes: Vec<String> = codes.iter().map(|c| (*c).to_owned()).collect();
    let rows: Vec<Employee> = visible(tx)
        .filter(employees::code.eq_any(codes))
        .select(Employee::as_select())
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|e| (e.code.clone(), e)).collect())
}

/// Code of the employee that each of these addresses belongs to.
pub async fn code_by_email(tx: &mut Tx<'_>, emails: &[&str]) -> Result<HashMap<String, String>> {
    let rows: Vec<(String, String)> = employees::table
        .filter(employees::email.eq_any(emails))
        .select((employees::email, employees::code))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Code of the employee that each of these personal numbers belongs to.
pub async fn code_by_personal_number(tx: &mut Tx<'_>, numbers: &[&str]) -> Result<HashMap<String, String>> {
    let rows: Vec<(Option<String>, String)> = employees::table
        .filter(employees::personal_number.eq_any(numbers))
        .select((employees::personal_number, employees::code))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().filter_map(|(number, code)| Some((number?, code))).collect())
}

#[derive(Insertable)]
#[diesel(table_name = employees)]
struct Row<'a> {
    id: Uuid,
    code: &'a str,
    full_name: &'a str,
    name_key: String,
    email: &'a str,
    phone: Option<&'a str>,
    unit_id: Uuid,
    job_position_id: Uuid,
    category: EmployeeCategory,
    status: EmployeeStatus,
    birth_date: Option<NaiveDate>,
    joined_on: NaiveDate,
    personal_number: Option<&'a str>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> Row<'a> {
    fn new(id: Uuid, draft: &'a Draft, now: DateTime<Utc>) -> Self {
        Self {
            id,
            code: &draft.code,
            full_name: &draft.full_name,
            name_key: text::name_sort_key(&draft.full_name),
            email: &draft.email,
            phone: draft.phone.as_deref(),
            unit_id: draft.unit_id,
            job_position_id: draft.job_position_id,
            category: draft.category,
            status: draft.status,
            birth_date: draft.birth_date,
            joined_on: draft.joined_on,
            personal_number: draft.personal_number.as_deref(),
            created_at: now,
            updated_at: now,
        }
    }
}

pub async fn insert(tx: &mut Tx<'_>, draft: &Draft) -> Result<Employee> {
    let row = Row::new(tx.new_id(), draft, tx.now);
    Ok(diesel::insert_into(employees::table)
        .values(row)
        .returning(Employee::as_returning())
        .get_result(tx.conn())
        .await?)
}

/// Create the employees with new codes and replace the others, in one statement. The id counts for new ones only.
pub async fn upsert(tx: &mut Tx<'_>, drafts: &[(Uuid, Draft)]) -> Result<()> {
    let now = tx.now;
    let rows: Vec<Row<'_>> = drafts.iter().map(|(id, d)| Row::new(*id, d, now)).collect();
    diesel::insert_into(employees::table)
        .values(rows)
        .on_conflict(employees::code)
        .do_update()
        .set((
            employees::full_name.eq(excluded(employees::full_name)),
            employees::name_key.eq(excluded(employees::name_key)),
            employees::email.eq(excluded(employees::email)),
            employees::phone.eq(excluded(employees::phone)),
            employees::unit_id.eq(excluded(employees::unit_id)),
            employees::job_position_id.eq(excluded(employees::job_position_id)),
            employees::category.eq(excluded(employees::category)),
            employees::status.eq(excluded(employees::status)),
            employees::birth_date.eq(excluded(employees::birth_date)),
            employees::joined_on.eq(excluded(employees::joined_on)),
            employees::personal_number.eq(excluded(employees::personal_number)),
            employees::version.eq(employees::version + 1),
            employees::updated_at.eq(excluded(employees::updated_at)),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Change an employee that still has the version that was read.
pub async fn update(tx: &mut Tx<'_>, employee: &Employee, change: Change) -> Result<Employee> {
    let now = tx.now;
    diesel::update(
        employees::table
            .filter(employees::id.eq(employee.id))
            .filter(employees::version.eq(employee.version)),
    )
    .set((change, employees::version.eq(employee.version + 1), employees::updated_at.eq(now)))
    .returning(Employee::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}
