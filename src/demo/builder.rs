//! What is being built: chance, calendar and rows, and what must not happen twice at once.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::calendar::Calendar;
use super::dice::Dice;
use super::rows::Rows;

/// The ministry so far.
pub struct Builder {
    seed: u64,
    pub dice: Dice,
    pub calendar: Calendar,
    pub rows: Rows,
    /// Half-days on which a person is in class or away.
    pub busy: HashSet<(Uuid, i32)>,
    /// Half-days on which a lecturer teaches.
    pub teaching: HashSet<(Uuid, i32)>,
    /// Who was ever nominated for a course: never its comparison group.
    pub chosen: HashSet<(Uuid, Uuid)>,
}

impl Builder {
    pub fn new(seed: u64, now: DateTime<Utc>, today: NaiveDate) -> Self {
        Self {
            seed,
            dice: Dice::new(seed),
            calendar: Calendar::new(now, today),
            rows: Rows::default(),
            busy: HashSet::new(),
            teaching: HashSet::new(),
            chosen: HashSet::new(),
        }
    }

    /// Do something with chance of its own, so that nothing else in the ministry changes because of it.
    pub fn aside<T>(&mut self, own: u64, work: impl FnOnce(&mut Self) -> T) -> T {
        let chance = std::mem::replace(&mut self.dice, Dice::new(self.seed ^ own));
        let done = work(self);
        self.dice = chance;
        done
    }

    pub fn is_free(&self, person: Uuid, half_days: &[i32]) -> bool {
        half_days.iter().all(|h| !self.busy.contains(&(person, *h)))
    }

    pub fn occupy(&mut self, person: Uuid, half_days: &[i32]) {
        self.busy.extend(half_days.iter().map(|h| (person, *h)));
    }
}
