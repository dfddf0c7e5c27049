use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::model::Form;
use crate::db::Tx;
use crate::db::schema::{anonymous_responses, questionnaires};
use crate::error::{Error, Result};
use crate::evaluation::questionnaires::{Audience, Items};

/// The anonymous reactions (level 1) of an offering's learners, those to the newest form first.
pub async fn forms(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<Vec<Form>> {
    let rows: Vec<(Items, Value)> = anonymous_responses::table
        .inner_join(questionnaires::table)
        .filter(anonymous_responses::offering_id.eq(offering_id))
        .filter(questionnaires::level.eq(1))
        .filter(questionnaires::audience.eq(Audience::Learner))
        .order((questionnaires::revision.desc(), anonymous_responses::id))
        .select((questionnaires::items, anonymous_responses::answers))
        .load(tx.conn())
        .await?;
    let form = |(items, answers): (Items, Value)| {
        let answers = serde_json::from_value(answers).map_err(Error::internal)?;
        Ok(Form { items: items.0, answers })
    };
    rows.into_iter().map(form).collect()
}
