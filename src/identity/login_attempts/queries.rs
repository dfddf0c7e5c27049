use base16ct::lower::encode_string as hex;
use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Bytea, Nullable, Timestamptz};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;

use super::model::{
    Attempt, DAY, FREE_FAILURES_TOGETHER, Failures, History, KNOWN_FOR, PEOPLE_OF_A_PLACE, UNDECIDED_FOR,
    WINDOW,
};
use crate::db::Tx;
use crate::db::schema::login_attempts::{dsl, table};
use crate::error::Result;

type Moment = Option<DateTime<Utc>>;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<BigInt>)]
    count: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    undecided: Option<i64>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last: Moment,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    succeeded: Moment,
    #[diesel(sql_type = Nullable<BigInt>)]
    of_the_day: Option<i64>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    since: Moment,
}

impl Row {
    fn failures(&self) -> Failures {
        Failures { count: self.count.unwrap_or(0), undecided: self.undecided.unwrap_or(0), last: self.last }
    }
}

/// What is known of a name and a place: one query over three short ranges of indexes.
pub async fn history(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<History> {
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT failures::bigint AS count, trying::bigint AS undecided, last_failed_at AS last, \
            last_succeeded_at AS succeeded, day_failures::bigint AS of_the_day, day_started_at AS since \
            FROM (SELECT) always LEFT JOIN login_attempts ON name_hash = $1 AND address_hash = $2 \
         UNION ALL SELECT sum(failures), sum(trying) FILTER (WHERE last_failed_at > $4), max(last_failed_at), \
            NULL, NULL, NULL FROM login_attempts WHERE name_hash = $1 AND last_failed_at > $3 \
         UNION ALL SELECT sum(failures), sum(trying) FILTER (WHERE last_failed_at > $4), max(last_failed_at), \
            NULL, NULL, NULL FROM login_attempts WHERE address_hash = $2 AND last_failed_at > $3",
    )
    .bind::<Bytea, _>(&attempt.name)
    .bind::<Bytea, _>(&attempt.place)
    .bind::<Timestamptz, _>(tx.now - WINDOW)
    .bind::<Timestamptz, _>(tx.now - UNDECIDED_FOR)
    .load(tx.conn())
    .await?;
    let [pair, name, place] = rows.as_slice() else {
        return Ok(History::default());
    };
    let (name, place) = (name.failures(), place.failures());
    let people = if place.count > FREE_FAILURES_TOGETHER { people(tx, attempt).await? } else { 0 };
    Ok(History {
        pair: pair.failures(),
        name,
        place,
        people,
        succeeded: pair.succeeded,
        day: (pair.of_the_day.unwrap_or(0), pair.since),
    })
}

/// How many names are at home in the place of an attempt.
async fn people(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<i64> {
    let at_home = table
        .filter(dsl::address_hash.eq(&attempt.place).and(dsl::last_succeeded_at.gt(tx.now - KNOWN_FOR)))
        .count();
    let names: i64 = at_home.get_result(tx.conn()).await?;
    Ok(names.min(PEOPLE_OF_A_PLACE))
}

/// Who tries the same pair, and strangers who try the same name or come from the same place, take turns from here on
/// until the unit of work ends, so that many guesses side by side are counted like guesses in a row.
pub async fn take_turns(tx: &mut Tx<'_>, attempt: &Attempt, is_known: bool) -> Result<()> {
    // Always in this order, so that nobody waits in a circle.
    if !is_known {
        tx.lock(&format!("login name {}", hex(&attempt.name))).await?;
        tx.lock(&format!("login place {}", hex(&attempt.place))).await?;
    }
    diesel::insert_into(table)
        .values((dsl::name_hash.eq(&attempt.name), dsl::address_hash.eq(&attempt.place), dsl::failures.eq(0)))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    table
        .find((&attempt.name, &attempt.place))
        .select(dsl::failures)
        .for_update()
        .first::<i32>(tx.conn())
        .await?;
    Ok(())
}

/// Count an attempt as failed, until it turns out to be right.
pub async fn begin(tx: &mut Tx<'_>, attempt: &Attempt, history: &History) -> Result<()> {
    let now = tx.now;
    let (failures, of_the_day, since) = history.after_failure(now);
    let number = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    diesel::update(table.find((&attempt.name, &attempt.place)))
        .set((
            dsl::failures.eq(number(failures)),
            dsl::last_failed_at.eq(Some(now)),
            dsl::trying.eq(dsl::trying + 1),
            dsl::day_failures.eq(number(of_the_day)),
            dsl::day_started_at.eq(Some(since)),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The attempt was wrong: nobody needs to wait for it any more.
pub async fn decide(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<()> {
    diesel::update(table.find((&attempt.name, &attempt.place)).filter(dsl::trying.gt(0)))
        .set(dsl::trying.eq(dsl::trying - 1))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The attempt was right: it was no failure of the day either.
pub async fn succeed(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<()> {
    let now = tx.now;
    diesel::update(table.find((&attempt.name, &attempt.place)))
        .set((dsl::failures.eq(0), dsl::trying.eq(0), dsl::last_succeeded_at.eq(Some(now))))
        .execute(tx.conn())
        .await?;
    diesel::update(table.find((&attempt.name, &attempt.place)).filter(dsl::day_failures.gt(0)))
        .set(dsl::day_failures.eq(dsl::day_failures - 1))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Remember that a name is at home in a place, once a day.
pub async fn recognise(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<()> {
    let now = tx.now;
    let remembered = diesel::insert_into(table)
        .values((
            dsl::name_hash.eq(&attempt.name),
            dsl::address_hash.eq(&attempt.place),
            dsl::failures.eq(0),
            dsl::last_succeeded_at.eq(Some(now)),
        ))
        .on_conflict((dsl::name_hash, dsl::address_hash))
        .do_update()
        .set(dsl::last_succeeded_at.eq(Some(now)));
    let is_old = dsl::last_succeeded_at.is_null().or(dsl::last_succeeded_at.lt(now - DAY));
    diesel::query_dsl::methods::FilterDsl::filter(remembered, is_old).execute(tx.conn()).await?;
    Ok(())
}

pub async fn delete_old(tx: &mut Tx<'_>) -> Result<()> {
    let (failed, succeeded) = (tx.now - DAY, tx.now - KNOWN_FOR);
    diesel::delete(
        table
            .filter(dsl::last_failed_at.is_null().or(dsl::last_failed_at.le(failed)))
            .filter(dsl::last_succeeded_at.is_null().or(dsl::last_succeeded_at.le(succeeded))),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
