//! What is drawn for a row depends on the seed, on the table and on the place of the row, and on nothing before it.

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// What something is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named like the thing that it is drawn for")]
pub enum Kind {
    Unit,
    Position,
    Employee,
    Account,
    Role,
    Institute,
    Lecturer,
    Course,
    Offering,
    Session,
    Nomination,
    Participant,
    Rating,
    Reaction,
    Before,
    After,
    Answer,
    Import,
}

/// Draws that repeat.
#[derive(Debug, Clone, Copy)]
pub struct Chance {
    seed: u64,
}

impl Chance {
    /// The draws of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A number for the row at a place; `salt` distinguishes several of one row.
    pub fn number(self, kind: Kind, place: u64, salt: u64) -> u64 {
        let mut state = mix(self.seed ^ mix(kind as u64 + 1));
        state = mix(state ^ place);
        mix(state ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number from 0 to one less than `below`.
    pub fn below(self, kind: Kind, place: u64, salt: u64, below: u64) -> u64 {
        self.number(kind, place, salt) % below.max(1)
    }

    /// Roughly normal, mean 0 and standard deviation 1.
    pub fn normal(self, kind: Kind, place: u64, salt: u64) -> f64 {
        let drawn = self.number(kind, place, salt);
        // The sum of four evenly spread numbers; its variance is a third.
        let sum: f64 = drawn.to_be_bytes().chunks(2).map(|two| f64::from(pair(two)) / 65_536.0 - 0.5).sum();
        sum * 3.0_f64.sqrt()
    }

    /// One of some values, each as often as its weight says.
    pub fn weighted<T: Copy>(self, kind: Kind, place: u64, salt: u64, list: &[(T, u64)]) -> Option<T> {
        let mut left = self.below(kind, place, salt, list.iter().map(|(_, weight)| weight).sum());
        for (value, weight) in list {
            if left < *weight {
                return Some(*value);
            }
            left -= weight;
        }
        None
    }

    /// The id of the row at a place: time-ordered (UUIDv7) by the moment it was made, as the service makes them.
    pub fn id(self, kind: Kind, place: u64, at: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        let mut tail = [0; 10];
        let drawn = self.number(kind, place, 101).to_be_bytes();
        let more = self.number(kind, place, 102).to_be_bytes();
        for (byte, from) in tail.iter_mut().zip(drawn.into_iter().chain(more)) {
            *byte = from;
        }
        Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }

    /// An id that shows nothing (UUIDv4), for anonymous rows.
    pub fn anonymous_id(self, kind: Kind, place: u64) -> Uuid {
        let high = u128::from(self.number(kind, place, 103));
        let low = u128::from(self.number(kind, place, 104));
        Builder::from_random_bytes((high << 64 | low).to_be_bytes()).into_uuid()
    }
}

fn pair(two: &[u8]) -> u16 {
    two.iter().fold(0, |number, byte| number << 8 | u16::from(*byte))
}

/// Spreads the bits of a number (the finaliser of SplitMix64: Steele, Lea and Flood 2014).
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_repeat_and_spread() {
        let chance = Chance::new(1);
        assert_eq!(chance.number(Kind::Unit, 5, 0), Chance::new(1).number(Kind::Unit, 5, 0));
        assert_ne!(chance.number(Kind::Unit, 5, 0), Chance::new(2).number(Kind::Unit, 5, 0));
        assert_ne!(chance.number(Kind::Unit, 5, 0), chance.number(Kind::Course, 5, 0));
        let drawn: Vec<f64> = (0..10_000).map(|place| chance.normal(Kind::Answer, place, 0)).collect();
        let mean = drawn.iter().sum::<f64>() / 10_000.0;
        let variance = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 10_000.0;
        assert!(mean.abs() < 0.05 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
    }

    #[test]
    fn ids_are_different_and_in_order_of_time() {
        let chance = Chance::new(1);
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert!(
            chance.id(Kind::Unit, 9, at(1_000)) < chance.id(Kind::Unit, 1, at(1_001)),
            "the moment comes first"
        );
        assert_ne!(chance.id(Kind::Unit, 1, at(1)), chance.id(Kind::Unit, 2, at(1)));
        assert_eq!(chance.anonymous_id(Kind::Answer, 1).get_version_num(), 4);
    }
}
