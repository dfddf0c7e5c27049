use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::Entry;
use crate::catalogue::offerings::not_cancelled;
use crate::db::Tx;
use crate::db::schema::{certificates, courses, institutes, offerings, participants};
use crate::error::Result;
use crate::organisation::employees::visible_ids;
use crate::participation::certificates::CertificateStatus;

/// Every offering a person within reach takes or took part in, newest first; cancelled ones never took place.
pub async fn entries(tx: &mut Tx<'_>, employee_id: Uuid) -> Result<Vec<Entry>> {
    Ok(participants::table
        .inner_join(offerings::table.inner_join(courses::table))
        .inner_join(institutes::table)
        .left_join(
            certificates::table.on(certificates::participant_id
                .eq(participants::id)
                .and(certificates::status.eq(CertificateStatus::Issued))),
        )
        .filter(participants::employee_id.eq_any(visible_ids(tx)))
        .filter(participants::employee_id.eq(employee_id))
        .filter(not_cancelled())
        .order((offerings::first_half_day.desc(), participants::id.desc()))
        .select(Entry::as_select())
        .load(tx.conn())
        .await?)
}
