//! Rules about the database: properties of all migrations and constraints.

mod audit;
mod constraints;
mod lint;
mod migrations;
mod printer;
mod search;

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The single column `line` of a query.
async fn lines(connection: &mut AsyncPgConnection, query: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(query).load(connection).await.expect("a query");
    rows.into_iter().map(|r| r.line).collect()
}
