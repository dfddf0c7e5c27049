//! The effect set against the time it cost.

use serde::Serialize;
use utoipa::ToSchema;

use statistics::{Figure, Unit};

/// The headline of behaviour for each half-day that people were away from work. It shows which of two courses with a like
/// aim takes less time for what it brings; it is no price, and does not say that half as long a course would bring half.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "half_days_away": 4.0,
    "effect": {"status": "ok", "reason": null, "value": 0.0875, "unit": "points_of_5_per_half_day", "ci95": [0.033, 0.142], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": 12, "evidence_grade": "A"}
}))]
pub struct PerHalfDay {
    /// Half-days with a session, the mean over the people whom the headline is of; null while there are none.
    #[schema(required)]
    pub half_days_away: Option<f64>,
    /// The headline divided by it.
    pub effect: Figure,
}

/// The half-days of people put together.
#[derive(Debug, Clone, Copy, Default)]
pub struct HalfDays {
    people: i64,
    sum: i64,
}

impl HalfDays {
    /// Put people of an offering of so many half-days to the others.
    pub fn add(&mut self, people: i64, half_days: i64) {
        self.people += people;
        self.sum += people * half_days;
    }

    /// A headline for each of them.
    pub fn per(&self, headline: Figure) -> PerHalfDay {
        let mean = (self.people > 0).then(|| self.sum as f64 / self.people as f64);
        let effect = headline.per(mean.unwrap_or_default(), Unit::PointsOf5PerHalfDay);
        PerHalfDay { half_days_away: mean, effect }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statistics::Reason;

    #[test]
    fn half_days_are_those_of_the_people_and_not_of_the_offerings() {
        let mut half_days = HalfDays::default();
        half_days.add(30, 4);
        half_days.add(10, 8);
        let headline = Figure::ok(0.6, Some([0.4, 0.8]), Unit::PointsOf5, 40).needing(10);
        let found = half_days.per(headline);
        assert_eq!(found.half_days_away, Some(5.0));
        assert_eq!(found.effect.value(), Some(0.6 / 5.0));
        assert_eq!(found.effect.ci95(), Some([0.4 / 5.0, 0.8 / 5.0]));
        let (n, needed, unit) = (found.effect.n(), found.effect.n_needed(), found.effect.unit());
        assert_eq!((n, needed, unit), (Some(40), Some(10), Unit::PointsOf5PerHalfDay));
    }

    #[test]
    fn what_may_not_be_told_is_not_told_by_the_half_day_either() {
        let closed = Figure::closed(Reason::FewerThanNeeded, Unit::PointsOf5, 7);
        let found = HalfDays::default().per(closed);
        assert_eq!(found.half_days_away, None);
        assert_eq!((found.effect.reason(), found.effect.n()), (Some(Reason::FewerThanNeeded), Some(7)));
        let without_sessions = HalfDays::default().per(Figure::ok(0.6, None, Unit::PointsOf5, 40));
        assert_eq!(without_sessions.effect.value(), None);
    }
}
