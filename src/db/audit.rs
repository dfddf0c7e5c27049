//! What a unit of work writes into the audit log: its events and the reads it notes. Changed rows are written by triggers
//! (`migrations/*_administration_audit`), which are told here who asks.

use diesel::ExpressionMethods;
use diesel_async::RunQueryDsl;
use serde_json::json;
use uuid::Uuid;

use super::events::{Event, Read};
use super::schema::{audit_log, outbox};
use super::sql_functions::set_config;
use super::tx::Tx;
use crate::error::Result;

/// The setting the triggers read; it ends with the transaction.
const CONTEXT: &str = "thuocdo.context";

/// The expression that hands a context to the triggers, to be selected beside other things.
pub(crate) fn set_context(context: String) -> set_config<&'static str, String, bool> {
    set_config(CONTEXT, context, true)
}

impl Tx<'_> {
    /// Note in the audit log that sensitive data of an object was read, and for what. No event for others.
    pub fn note_read(&mut self, kind: &'static str, subject_id: Uuid, purpose: &str) {
        self.reads.push(Read { kind, subject_id, purpose: purpose.to_owned() });
    }

    /// Who asks for what, as the triggers read it.
    pub(crate) fn audit_context(&self, permission: &str, request_id: &str) -> String {
        let principal = self.actor.on_behalf_of.as_ref();
        json!({
            "at": self.now, "actor_id": self.actor.id, "actor_name": self.actor.name,
            "on_behalf_of_id": principal.map(|p| p.account_id), "on_behalf_of_name": principal.map(|p| &p.name),
            "permission": permission, "request_id": request_id,
        })
        .to_string()
    }

    /// Tell the triggers who asks for what, until the transaction ends.
    pub(crate) async fn tell_audit(&mut self, permission: &str, request_id: &str) -> Result<()> {
        let context = self.audit_context(permission, request_id);
        diesel::select(set_context(context)).execute(self.conn).await?;
        Ok(())
    }

    /// One entry for each event and each noted read.
    async fn write_audit(&mut self, events: &[Event], permission: &str, request_id: &str) -> Result<()> {
        let reads = std::mem::take(&mut self.reads);
        let principal = self.actor.on_behalf_of.as_ref();
        let happened = events.iter().map(|e| (e.kind, e.subject_id, None));
        let read = reads.iter().map(|r| (r.kind, r.subject_id, Some(r.purpose.as_str())));
        let entries: Vec<_> = happened
            .chain(read)
            .map(|(kind, subject_id, purpose)| {
                (
                    audit_log::occurred_at.eq(self.now),
                    audit_log::actor_id.eq(self.actor.id),
                    audit_log::actor_name.eq(&self.actor.name),
                    audit_log::on_behalf_of_id.eq(principal.map(|p| p.account_id)),
                    audit_log::on_behalf_of_name.eq(principal.map(|p| &p.name)),
                    audit_log::permission.eq(permission),
                    audit_log::request_id.eq(request_id),
                    audit_log::kind.eq(kind),
                    audit_log::subject_id.eq(subject_id),
                    audit_log::purpose.eq(purpose),
                )
            })
            .collect();
        if !entries.is_empty() {
            diesel::insert_into(audit_log::table).values(&entries).execute(self.conn).await?;
        }
        Ok(())
    }

    /// Into the audit log and, what others may learn of, into the outbox.
    pub(crate) async fn write_events(&mut self, permission: &str, request_id: &str) -> Result<()> {
        let events = std::mem::take(&mut self.events);
        self.write_audit(&events, permission, request_id).await?;
        if events.is_empty() {
            return Ok(());
        }
        let (now, clock) = (self.now, self.clock);
        let out: Vec<_> = events
            .into_iter()
            .map(|e| {
                (
                    outbox::id.eq(clock.new_id()),
                    outbox::kind.eq(e.kind),
                    outbox::subject_id.eq(e.subject_id),
                    outbox::data.eq(e.data),
                    outbox::occurred_at.eq(now),
                )
            })
            .collect();
        diesel::insert_into(outbox::table).values(out).execute(self.conn).await?;
        Ok(())
    }
}
