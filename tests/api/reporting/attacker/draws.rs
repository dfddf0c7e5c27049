//! Classes whose seats were drawn by lot: who was left waiting is whom the trained are compared with.

use super::world::SECOND;

/// A draw of seats.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    pub seats: usize,
    /// People left waiting. They are matched to those with a seat one by one, so that fewer than those leave some without
    /// a match.
    pub waiting: usize,
    /// Those of them who sat in the course elsewhere before they were rated again.
    pub crossed_over: usize,
}

/// Some that everybody abode by, and one that too many who waited did not.
pub const DRAWS: [Draw; 3] = [
    Draw { seats: 14, waiting: 11, crossed_over: 1 },
    Draw { seats: 16, waiting: 10, crossed_over: 0 },
    Draw { seats: 16, waiting: 12, crossed_over: 2 },
];
/// The first of their classes; the others follow.
pub const FIRST_DRAWN: usize = SECOND + 1;
/// The small class in which those sat who crossed over.
pub const ELSEWHERE: usize = FIRST_DRAWN + DRAWS.len();
/// All of these begin on one day, before all other classes: so the questionnaires' first figures are of them alone.
pub const DRAWN_DAY: &str = "2025-06-02";

impl Draw {
    /// That of a class, if its seats were drawn.
    pub fn of(lesson: usize) -> Option<Self> {
        DRAWS.get(lesson.checked_sub(FIRST_DRAWN)?).copied()
    }

    /// Whether nothing but the lot decided who was trained, up to a tenth of those who waited.
    pub fn is_abided_by(self) -> bool {
        10 * self.crossed_over <= self.waiting
    }
}
