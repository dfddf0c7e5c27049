//! Official work scores.

use chrono::{Days, Months, NaiveDate};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use thuocdo::db::schema;
use thuocdo::evaluation::score_panels;
use uuid::Uuid;

use super::{Ground, morning};
use crate::support::seed::day;

impl Ground {
    /// Somebody who was sent to no course.
    pub async fn colleague(&self) -> Uuid {
        self.system(async |tx| self.employee(tx, self.unit).await).await
    }

    /// The background loop's part: add up the scores of a quarter, if one is complete. Whether one was.
    pub async fn seal(&self) -> bool {
        self.system(async |tx| score_panels::seal(tx).await).await
    }

    pub async fn rename_course(&self, title: &str) {
        use schema::courses as t;
        self.system(async |tx| {
            diesel::update(t::table.find(self.course)).set(t::title.eq(title)).execute(tx.conn()).await?;
            Ok(())
        })
        .await;
    }

    /// Quarterly official scores of 2026 and after, as they were known on a day; a later call for the same quarter is
    /// a correction.
    pub async fn score(&self, employee: Uuid, known_on: &str, quarters: &[(i32, u32, f64)]) {
        self.score_under("decree_335_2025", employee, known_on, quarters).await;
    }

    pub async fn score_under(
        &self,
        regime: &str,
        employee: Uuid,
        known_on: &str,
        quarters: &[(i32, u32, f64)],
    ) {
        let quarters: Vec<_> = quarters.iter().map(|(year, n, score)| (*year, n * 3 - 2, *score)).collect();
        self.rate_periods(regime, ("quarter", 3), employee, known_on, &quarters).await;
    }

    /// Monthly official scores of 2026 and after, as they were known on a day.
    pub async fn score_months(&self, employee: Uuid, known_on: &str, months: &[(i32, u32, f64)]) {
        self.rate_periods("decree_335_2025", ("month", 1), employee, known_on, months).await;
    }

    /// Scores of periods that begin in a year and a month.
    async fn rate_periods(
        &self,
        regime: &str,
        (kind, months): (&str, u32),
        employee: Uuid,
        known_on: &str,
        periods: &[(i32, u32, f64)],
    ) {
        use schema::performance_ratings as t;
        self.system(async |tx| {
            for (year, month, score) in periods {
                let start = NaiveDate::from_ymd_opt(*year, *month, 1).expect("a day");
                let same = t::table
                    .filter(t::employee_id.eq(employee))
                    .filter(t::period_kind.eq(kind))
                    .filter(t::period_start.eq(start));
                let revision: i64 = same.count().get_result(tx.conn()).await?;
                diesel::update(same).set(t::is_current.eq(false)).execute(tx.conn()).await?;
                let id = tx.new_id();
                diesel::insert_into(t::table)
                    .values((
                        t::id.eq(id),
                        t::employee_id.eq(employee),
                        t::regime.eq(regime),
                        t::period_kind.eq(kind),
                        t::period_start.eq(start),
                        t::period_end.eq(start + Months::new(months) - Days::new(1)),
                        t::score.eq(score),
                        t::class.eq("good"),
                        t::revision.eq(i32::try_from(revision).expect("few") + 1),
                        t::is_current.eq(true),
                        t::created_at.eq(morning(day(known_on))),
                    ))
                    .execute(tx.conn())
                    .await?;
            }
            Ok(())
        })
        .await;
    }
}
