//! Which form a participant is asked to fill in.

use std::collections::HashMap;

use uuid::Uuid;

use super::super::model::Phase;
use super::queries::{self, Lack};
use crate::db::Tx;
use crate::error::Result;
use crate::evaluation::questionnaires::{self, Instrument};

/// The forms of one round, each made or looked up once.
pub struct Forms {
    /// What participants were asked before.
    in_use: HashMap<(Uuid, Instrument), Uuid>,
    /// By course: the test before, the test after.
    tests: HashMap<Uuid, [Uuid; 2]>,
    /// What is asked of those who were not asked before. Forms for every course are under no course's id.
    newest: HashMap<(Instrument, Uuid), Uuid>,
}

impl Forms {
    /// What is known beforehand about those who lack something.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn of(tx: &mut Tx<'_>, lacks: &[Lack]) -> Result<Self> {
        let distinct = |key: fn(&Lack) -> Uuid| {
            let mut ids: Vec<Uuid> = lacks.iter().map(key).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        Ok(Self {
            in_use: queries::forms_in_use(tx, &distinct(|lack| lack.participant_id)).await?,
            tests: questionnaires::tests(tx, &distinct(|lack| lack.course_id)).await?,
            newest: HashMap::new(),
        })
    }

    /// The form to ask: what was asked before is asked again, whatever has become of the course meanwhile; of tests the
    /// one for before or the one for after. None where a course has no test.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn asked(&mut self, tx: &mut Tx<'_>, lack: &Lack) -> Result<Option<Uuid>> {
        if lack.instrument == Instrument::Knowledge {
            let pair = self.tests.get(&lack.course_id);
            return Ok(
                pair.map(|[before, after]| if lack.phase == Phase::Baseline { *before } else { *after })
            );
        }
        if let Some(form) = self.in_use.get(&(lack.participant_id, lack.instrument)) {
            return Ok(Some(*form));
        }
        let of_course = lack.instrument.mould().is_some_and(|mould| mould.of_course);
        let key = (lack.instrument, if of_course { lack.course_id } else { Uuid::nil() });
        if let Some(form) = self.newest.get(&key) {
            return Ok(Some(*form));
        }
        let form = questionnaires::ensure(tx, lack.instrument, lack.course_id).await?;
        self.newest.insert(key, form);
        Ok(Some(form))
    }
}
