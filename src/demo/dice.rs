//! Chance that repeats: everything random in the demo ministry comes from one seed, never from the machine.

use chrono::{DateTime, Utc};
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use uuid::{Builder, Uuid};

/// The stream of chance of one build, and its ids.
pub struct Dice {
    stream: ChaCha8Rng,
    made: u32,
}

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self { stream: ChaCha8Rng::seed_from_u64(seed), made: 0 }
    }

    /// A time-ordered id (UUIDv7) of something that was made at a moment. The service's own clock only makes ids of
    /// now; the demo's past must sort where it happened.
    pub fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        self.made = self.made.wrapping_add(1);
        let mut tail = [0; 10];
        self.stream.fill_bytes(&mut tail);
        // Behind the bits of version and variant stands a counter, so that ids of one moment keep their order.
        let [_, high, middle, low] = self.made.to_be_bytes();
        for (place, byte) in tail.iter_mut().zip([0, high, 0, middle, low]) {
            *place = byte;
        }
        Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }

    /// An id that tells nothing (UUIDv4), for anonymous rows.
    pub fn anonymous_id(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.stream.fill_bytes(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        self.stream.random_range(low..=high.max(low))
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, chance: i32) -> bool {
        self.between(1, 100) <= chance
    }

    /// Roughly normal, mean 0 and standard deviation 1, never beyond 6.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.stream.random_range(0.0..1.0)).sum::<f64>() - 6.0
    }

    /// One of a list; none of an empty one.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        list.choose(&mut self.stream).copied()
    }

    /// One of a list whose entries carry how often they occur.
    pub fn weighted(&mut self, list: &[(&'static str, i32)]) -> &'static str {
        let mut left = self.between(1, list.iter().map(|(_, w)| w).sum::<i32>().max(1));
        for (name, weight) in list {
            left -= weight;
            if left <= 0 {
                return name;
            }
        }
        ""
    }

    /// Mix a list.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for place in (1..list.len()).rev() {
            let other = self.stream.random_range(0..=place);
            list.swap(place, other);
        }
    }
}
