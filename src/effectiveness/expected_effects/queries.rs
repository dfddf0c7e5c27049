use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::model::ExpectedEffect;
use crate::db::Tx;
use crate::db::schema::expected_effects;
use crate::error::{Error, Result};

fn parsed(effects: Value) -> Result<Vec<ExpectedEffect>> {
    serde_json::from_value(effects).map_err(Error::internal)
}

/// What is expected of some offerings, with its version; of those that nothing was declared of, nothing.
pub async fn of_offerings(
    tx: &mut Tx<'_>,
    offering_ids: &[Uuid],
) -> Result<HashMap<Uuid, (Vec<ExpectedEffect>, i32)>> {
    let rows: Vec<(Uuid, Value, i32)> = expected_effects::table
        .filter(expected_effects::offering_id.eq_any(offering_ids))
        .select((expected_effects::offering_id, expected_effects::effects, expected_effects::version))
        .load(tx.conn())
        .await?;
    rows.into_iter().map(|(id, effects, version)| Ok((id, (parsed(effects)?, version)))).collect()
}

/// Declare it anew, unless somebody else has since `version` was read (0: never declared).
pub async fn replace(
    tx: &mut Tx<'_>,
    offering_id: Uuid,
    effects: &[ExpectedEffect],
    version: i32,
) -> Result<()> {
    let now = tx.now;
    let effects = serde_json::to_value(effects).map_err(Error::internal)?;
    let changed = if version == 0 {
        diesel::insert_into(expected_effects::table)
            .values((
                expected_effects::offering_id.eq(offering_id),
                expected_effects::effects.eq(effects),
                expected_effects::version.eq(1),
                expected_effects::created_at.eq(now),
                expected_effects::updated_at.eq(now),
            ))
            .on_conflict_do_nothing()
            .execute(tx.conn())
            .await?
    } else {
        diesel::update(
            expected_effects::table.find(offering_id).filter(expected_effects::version.eq(version)),
        )
        .set((
            expected_effects::effects.eq(effects),
            expected_effects::version.eq(version + 1),
            expected_effects::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?
    };
    if changed == 1 { Ok(()) } else { Err(Error::Stale) }
}
