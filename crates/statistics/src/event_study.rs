//! What happened to scores around a course that different people attended in different quarters.
//!
//! Group-time effects after Callaway and Sant'Anna (2021), without covariates: people first trained in quarter `g` are
//! compared, in quarter `t`, with everybody who is not yet trained in either of the two quarters that are compared,
//! those who are never trained included. All changes are against the last quarter before the course (a universal base
//! period). The effects are then averaged by quarters since the course (event time), with weights by the number of
//! people; standard errors are analytical, by influence functions, and contain that the weights are estimated. Effects
//! and standard errors are those of the reference implementation `csdid` (`tests/golden/event_study.py`).
//!
//! Regressions with one effect for all quarters ("two-way fixed effects") compare the later trained with the earlier
//! trained and can even have the wrong sign; this is why they are not used.

mod linear;
mod panel;
mod sensitivity;
#[cfg(test)]
pub(super) mod tests;

pub use panel::PanelSums;
pub use sensitivity::Sensitivity;

use self::linear::Linear;
use super::student::t_quantile;

/// The first event time looked at: a year before the course.
pub const FIRST_EVENT: i32 = -4;
/// The last: the fourth quarter of the year that the course begins in.
pub const LAST_EVENT: i32 = 3;
/// The quarter before the course: all changes are against it.
pub const BASE_EVENT: i32 = -1;

/// People who were first trained in the same quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrainedGroup<'a> {
    /// In which of the quarters, counted from 0. Those of the first quarter have nothing before the course.
    pub first: usize,
    /// Their scores.
    pub scores: &'a PanelSums,
}

/// From how many people on an effect is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Least {
    /// Trained people for each event time.
    pub trained: i64,
    /// People whom each group is compared with.
    pub comparison: i64,
}

/// The effect at an event time, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventEffect {
    /// Quarters since the one in which people were first trained: 0 is that quarter, negative ones lie before it.
    pub event: i32,
    /// By how much more the trained changed since the quarter before the course than those not yet trained.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The 95 % interval of this value alone; none without any spread.
    pub ci95: Option<[f64; 2]>,
    /// Trained people it is of.
    pub trained: i64,
    /// Different people they are compared with.
    pub comparison: i64,
    /// Groups the trained are from.
    pub groups: usize,
}

/// The mean of the effects from the quarter of the course on, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanAfter {
    /// The mean.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its 95 % interval; none without any spread.
    pub ci95: Option<[f64; 2]>,
    /// Trained people in the quarter with the fewest.
    pub trained: i64,
    /// People of the comparison in the quarter with the fewest.
    pub comparison: i64,
    /// Over how many quarters it goes.
    pub quarters: usize,
}

/// What happened around a course.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EventStudy {
    /// In order of event time; only those with enough people, and without the base.
    pub effects: Vec<EventEffect>,
    /// By how much more the trained changed than the others from one quarter to the next, at the event times before the
    /// course: what should be zero if both groups moved alike.
    pub trends_before: Vec<EventEffect>,
    /// How many effects and trends are left out for want of people.
    pub dropped: usize,
    /// The mean of the effects from the quarter of the course on, as far as they follow each other without a gap.
    pub after: Option<MeanAfter>,
    /// How large a violation of equal trends the mean after the course withstands.
    pub sensitivity: Option<Sensitivity>,
}

/// Estimates what happened around a course.
///
/// `never` are the people who were not trained in any of the quarters. Groups over other quarters than theirs, or first
/// trained outside of them, have no part in it.
pub fn event_study(groups: &[TrainedGroup<'_>], never: &PanelSums, least: Least) -> EventStudy {
    let design = Design::new(groups, never, least);
    let of_effects = || {
        let events = (FIRST_EVENT..=LAST_EVENT).filter(|event| *event != BASE_EVENT);
        events.map(|event| (event, Base::LastBefore))
    };
    let of_trends = || (FIRST_EVENT..0).map(|event| (event, Base::QuarterBefore));
    let effects: Vec<Estimate> = of_effects().filter_map(|(event, base)| design.at(event, base)).collect();
    let trends: Vec<Estimate> = of_trends().filter_map(|(event, base)| design.at(event, base)).collect();
    let possible = of_effects().chain(of_trends()).filter(|(event, base)| design.is_possible(*event, *base));
    let dropped = possible.count().saturating_sub(effects.len() + trends.len());
    let after: Vec<&Estimate> = (0..)
        .zip(effects.iter().filter(|of| of.event >= 0))
        .take_while(|(at, of)| *at == of.event)
        .map(|(_, of)| of)
        .collect();
    let mean = design.mean(&after);
    let sensitivity =
        mean.as_ref().and_then(|mean| sensitivity::breakdown(&design, mean, after.len(), &trends));
    EventStudy {
        effects: effects.iter().map(|of| of.shown(&design)).collect(),
        trends_before: trends.iter().map(|of| of.shown(&design)).collect(),
        dropped,
        after: mean.map(|of| of.shown(&design).over(after.len())),
        sensitivity,
    }
}

/// Which quarter a change is against.
#[derive(Debug, Clone, Copy)]
enum Base {
    /// The last quarter before the course.
    LastBefore,
    /// The quarter before the one looked at.
    QuarterBefore,
}

/// Everybody: the groups, and those never trained behind them.
struct Design<'a> {
    groups: Vec<(Option<usize>, &'a PanelSums)>,
    quarters: usize,
    least: Least,
}

/// An estimate with the people it rests on.
struct Estimate {
    event: i32,
    effect: Linear,
    trained: i64,
    /// Different people of the comparison, and the fewest that a group is compared with.
    comparison: i64,
    fewest: i64,
    groups: usize,
}

/// The change of one group between two quarters, and the groups whose change it is compared with.
struct Comparison {
    quarter: usize,
    against: usize,
    compared_with: Vec<usize>,
    people: i64,
}

/// The effect on one group in one quarter.
struct Cell {
    group: usize,
    effect: Linear,
    compared_with: Vec<usize>,
}

impl<'a> Design<'a> {
    fn new(groups: &[TrainedGroup<'a>], never: &'a PanelSums, least: Least) -> Self {
        let quarters = never.quarters();
        let usable = groups.iter().filter(|group| {
            group.scores.quarters() == quarters && (1..quarters).contains(&group.first) && group.scores.n > 0
        });
        let mut all: Vec<_> = usable.map(|group| (Some(group.first), group.scores)).collect();
        all.push((None, never));
        Self { groups: all, quarters, least }
    }

    fn scores(&self) -> Vec<&PanelSums> {
        self.groups.iter().map(|(_, scores)| *scores).collect()
    }

    fn people(&self, groups: impl Iterator<Item = usize>) -> i64 {
        groups.filter_map(|at| self.groups.get(at)).map(|(_, scores)| scores.n).sum()
    }

    /// The mean over the groups at an event time.
    fn at(&self, event: i32, base: Base) -> Option<Estimate> {
        let cells: Vec<Cell> =
            (0..self.groups.len()).filter_map(|group| self.cell(group, event, base)).collect();
        let trained = self.people(cells.iter().map(|cell| cell.group));
        if trained < self.least.trained.max(1) {
            return None;
        }
        let mut effect = Linear::zero(self.groups.len(), self.quarters);
        for cell in &cells {
            let share = self.people(std::iter::once(cell.group)) as f64 / trained as f64;
            effect.add(share, &cell.effect);
        }
        // The weights are shares of the people there happen to be, and so uncertain themselves.
        for cell in &cells {
            effect.add_constant(cell.group, (cell.effect.value - effect.value) / trained as f64);
        }
        let mut others: Vec<usize> =
            cells.iter().flat_map(|cell| cell.compared_with.iter().copied()).collect();
        others.sort_unstable();
        others.dedup();
        let fewest = cells.iter().map(|cell| self.people(cell.compared_with.iter().copied())).min();
        Some(Estimate {
            event,
            effect,
            trained,
            comparison: self.people(others.into_iter()),
            fewest: fewest.unwrap_or_default(),
            groups: cells.len(),
        })
    }

    /// Whether there is anybody at an event time, and anybody to compare with, be they ever so few.
    fn is_possible(&self, event: i32, base: Base) -> bool {
        (0..self.groups.len()).any(|group| self.comparison(group, event, base).is_some())
    }

    /// What is compared for a group at an event time; none outside of the quarters, and without anybody to compare with.
    fn comparison(&self, group: usize, event: i32, base: Base) -> Option<Comparison> {
        let (first, _) = self.groups.get(group)?;
        let first = i32::try_from((*first)?).ok()?;
        let quarter = usize::try_from(first + event).ok().filter(|quarter| *quarter < self.quarters)?;
        let against = match base {
            Base::LastBefore => usize::try_from(first - 1).ok()?,
            Base::QuarterBefore => quarter.checked_sub(1)?,
        };
        let later = quarter.max(against);
        let is_untrained = |at: &usize| {
            *at != group
                && self.groups.get(*at).is_some_and(|(first, _)| first.is_none_or(|first| first > later))
        };
        let compared_with: Vec<usize> = (0..self.groups.len()).filter(is_untrained).collect();
        let people = self.people(compared_with.iter().copied());
        (people > 0).then_some(Comparison { quarter, against, compared_with, people })
    }

    /// The effect on a group at an event time; none without enough people to compare with.
    fn cell(&self, group: usize, event: i32, base: Base) -> Option<Cell> {
        let Comparison { quarter, against, compared_with, people } = self.comparison(group, event, base)?;
        if people < self.least.comparison {
            return None;
        }
        let (_, trained) = self.groups.get(group)?;
        let (n, m) = (trained.people(), people as f64);
        let change = |scores: &PanelSums| scores.mean(quarter) - scores.mean(against);
        let compared = || compared_with.iter().filter_map(|at| Some((*at, self.groups.get(*at)?.1)));
        let change_of_others =
            compared().map(|(_, scores)| scores.people() * change(scores)).sum::<f64>() / m;
        let mut effect = Linear::zero(self.groups.len(), self.quarters);
        effect.value = change(trained) - change_of_others;
        effect.add_coefficient(group, quarter, 1.0 / n);
        effect.add_coefficient(group, against, -1.0 / n);
        for (at, scores) in compared() {
            effect.add_coefficient(at, quarter, -1.0 / m);
            effect.add_coefficient(at, against, 1.0 / m);
            effect.add_constant(at, -(change(scores) - change_of_others) / m);
        }
        Some(Cell { group, effect, compared_with })
    }

    /// The mean of estimates, each with the same weight.
    fn mean(&self, of: &[&Estimate]) -> Option<Estimate> {
        let mut effect = Linear::zero(self.groups.len(), self.quarters);
        for estimate in of {
            effect.add(1.0 / of.len() as f64, &estimate.effect);
        }
        // Who counts later counts at the first event time as well; the fewest anywhere decide about the interval.
        let first = of.first()?;
        let fewest = |count: fn(&Estimate) -> i64| of.iter().map(|estimate| count(estimate)).min();
        Some(Estimate {
            event: first.event,
            effect,
            trained: fewest(|of| of.trained)?,
            comparison: fewest(|of| of.comparison)?,
            fewest: fewest(|of| of.fewest)?,
            groups: of.iter().map(|estimate| estimate.groups).max()?,
        })
    }
}

impl EventEffect {
    /// The same numbers as those of a mean over so many quarters.
    fn over(self, quarters: usize) -> MeanAfter {
        let Self { value, standard_error, ci95, trained, comparison, .. } = self;
        MeanAfter { value, standard_error, ci95, trained, comparison, quarters }
    }
}

impl Estimate {
    fn standard_error(&self, design: &Design<'_>) -> f64 {
        self.effect.standard_error(&design.scores())
    }

    /// Degrees of freedom of the smaller side: its people, less one for each mean that was taken of them.
    fn freedom(&self) -> i64 {
        let groups = i64::try_from(self.groups).unwrap_or(i64::MAX);
        self.trained.saturating_sub(groups).min(self.fewest.saturating_sub(1))
    }

    /// By what the standard error is multiplied for half an interval. The standard error divides sums of squares by the
    /// numbers of people; of few people this is too small, by the factor that is put right here.
    fn half_width(&self, standard_error: f64, quantile: impl Fn(f64) -> f64) -> Option<f64> {
        let freedom = self.freedom();
        if freedom < 1 || standard_error <= 0.0 {
            return None;
        }
        let sides = [
            (self.trained, self.trained.saturating_sub(i64::try_from(self.groups).ok()?)),
            (self.fewest, self.fewest.saturating_sub(1)),
        ];
        let small = sides.map(|(people, free)| people as f64 / free as f64).into_iter().fold(1.0, f64::max);
        Some(quantile(freedom as f64) * small.sqrt() * standard_error)
    }

    fn shown(&self, design: &Design<'_>) -> EventEffect {
        let standard_error = self.standard_error(design);
        let value = self.effect.value;
        EventEffect {
            event: self.event,
            value,
            standard_error,
            ci95: self.half_width(standard_error, t_quantile).map(|half| [value - half, value + half]),
            trained: self.trained,
            comparison: self.comparison,
            groups: self.groups,
        }
    }
}
