use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::{Builder, Uuid};

use super::model::Kept;
use crate::catalogue::institutes::InstituteStatus;
use crate::clock::vietnamese_day;
use crate::db::Tx;
use crate::db::schema::{
    absences, idempotency_keys, institutes, outbox, personal_data_requests, security_events,
};
use crate::error::Result;
use crate::half_day::{Half, HalfDay};

/// Delete what is older than a moment; gives how much it was. Nothing of what somebody has to decide about.
pub async fn delete(tx: &mut Tx<'_>, kept: Kept, before: DateTime<Utc>) -> Result<usize> {
    let day = vietnamese_day(before);
    let done = match kept {
        Kept::IdempotencyKeys => {
            diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(before)))
                .execute(tx.conn())
                .await?
        }
        // Ids follow time, and have an index.
        Kept::Events => {
            diesel::delete(outbox::table.filter(outbox::id.lt(first_id(before)))).execute(tx.conn()).await?
        }
        Kept::SecurityEvents => {
            diesel::delete(security_events::table.filter(security_events::id.lt(first_id(before))))
                .execute(tx.conn())
                .await?
        }
        // The row stays, for what refers to it; who may be asked for goes.
        Kept::RefusedApplications => {
            let over = institutes::table
                .filter(institutes::status.eq(InstituteStatus::Refused))
                .filter(institutes::updated_at.lt(before))
                .filter(institutes::contact_email.ne("").or(institutes::contact_name.ne("")));
            diesel::update(over)
                .set((
                    institutes::contact_email.eq(""),
                    institutes::contact_name.eq(""),
                    institutes::applicant_hash.eq(None::<Vec<u8>>),
                    institutes::application_secret_hash.eq(None::<Vec<u8>>),
                ))
                .execute(tx.conn())
                .await?
        }
        Kept::Absences => {
            let first = HalfDay::new(day, Half::Morning).0;
            diesel::delete(absences::table.filter(absences::last_half_day.lt(first)))
                .execute(tx.conn())
                .await?
        }
        Kept::PersonalDataRequests => {
            diesel::delete(personal_data_requests::table.filter(personal_data_requests::decided_on.lt(day)))
                .execute(tx.conn())
                .await?
        }
        _ => 0,
    };
    Ok(done)
}

/// The lowest time-ordered id of a moment.
fn first_id(at: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}
