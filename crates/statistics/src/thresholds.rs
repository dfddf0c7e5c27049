//! Every number a gate, a flag or a grade compares with, each with its source.

/// Answers an anonymous score needs: the usual default of survey services (Viva Glint, Lattice, Betterworks).
pub const PRIVACY_FLOOR: usize = 5;

/// Whether people are too few to be shown, or to be left by subtraction: one to four. Nobody gives nobody away.
pub const fn is_few(people: usize) -> bool {
    people > 0 && people < PRIVACY_FLOOR
}

/// Forms that anonymous comments need; double, because wording gives its writer away (same sources).
pub const COMMENT_FLOOR: usize = 10;

/// Anonymous answers that all agree at or below this value are hidden: the whole group would be exposed.
pub const UNANIMOUS_LOW: f64 = 2.0;

/// A score from here on is one of the top two answers of five.
pub const TOP_TWO: f64 = 4.0;

/// An offering whose learners give it less, points of 5, is asked for a corrective action. The statutory forms call 6 of
/// 10 and more good (Circular 10/2017/TT-BNV); this is the same share of a scale of 5.
pub const REACTION_LIMIT: f64 = 3.0;

/// A score up to here is one of the bottom two answers of five: never or rarely.
pub const BOTTOM_TWO: f64 = 2.0;

/// What it takes to use what was learned is a barrier where its mean lies under this, points of 5: on average it is there
/// less often than «sometimes», the middle of the scale.
pub const BARRIER_LIMIT: f64 = 3.0;

/// Invitations a response rate needs: even with 10 invited, 60 % has the interval 0.31 to 0.83.
pub const INVITED_SHOWN: usize = 5;

/// Pairs a change needs in each group: `d_z` = 0.6 has the interval [-0.09, 1.26] with 10, [-0.39, 1.53] with 5.
pub const PAIRS_SHOWN: usize = 10;

/// Pairs from which grade A or B is called firm: the interval of `d_z` = 0.6 then excludes 0 ([0.12, 1.07]).
pub const PAIRS_FIRM: usize = 20;

/// Below this share of trained people who are compared with a colleague the evidence grade falls one step.
pub const COMPARED_HALF: f64 = 0.50;

/// Below this share of follow-ups the evidence grade falls one step.
pub const FOLLOW_UP_FULL: f64 = 0.60;

/// Below this share of follow-ups there is no verdict at all.
pub const FOLLOW_UP_MINIMUM: f64 = 0.40;

/// Above this standardised difference of baselines, those who answered differed from those who did not.
pub const ATTRITION_SMD: f64 = 0.25;

/// Above this share of pairs whose rater changed the evidence grade falls one step.
pub const RATER_CHANGED: f64 = 0.30;

/// Above this share nominated for weakness, regression to the mean alone would look like an improvement.
pub const WEAKNESS_MAJORITY: f64 = 0.50;

/// Percentage of its items a scale needs answered.
pub const SCALE_ANSWERED_PERCENT: usize = 80;

/// A standard deviation of at most this, times the largest magnitude (at least 1), is float noise: without
/// the rule, libraries answer t = 9e14 for changes that are all 0.1.
pub const ZERO_SPREAD: f64 = 1e-12;

/// The smallest change that matters in points of 5, unless the Ministry set another before the data came in.
pub const SMALLEST_CHANGE: f64 = 0.25;

/// Share of false discoveries that is put up with among those called significant.
pub const FALSE_DISCOVERIES: f64 = 0.05;
/// Reliability from which a group may be given a place: below it, most two-tier tables of physicians misplaced
/// many (Adams et al. 2010: 59 % were below, and 22 % in the wrong tier).
pub const RELIABILITY_PLACED: f64 = 0.70;
/// Groups that how they differ needs.
pub const GROUPS_COMPARED: usize = 5;
/// People a group in a list needs.
pub const GROUP_PEOPLE: usize = 5;
/// Courses they must come from, or its courses could not be known from the group.
pub const GROUP_COURSES: usize = 2;

/// People or forms that an agreement or a reliability needs: ICC(C,1) = 0.5 has the interval [-0.15, 0.85] with 10,
/// [0.18, 0.73] with 30.
pub const AGREEMENT_SHOWN: usize = 30;
/// Items that a reliability needs.
pub const ALPHA_ITEMS: usize = 3;
/// An item that correlates with the sum of the others by less measures something else (Nunnally and Bernstein 1994).
pub const ITEM_REST_LOW: f64 = 0.30;
/// Share of forms, percent, above which an item is often left out: a form needs four of five answers for its score.
pub const ITEM_LEFT_OUT: f64 = 20.0;
/// From which an agreement is called moderate, good, and (above it) excellent (Koo and Li 2016).
pub const AGREEMENT_BANDS: [f64; 3] = [0.5, 0.75, 0.9];
/// From which a lower end of alpha suffices for groups, for comparing groups, for decisions on one person.
pub const ALPHA_BARS: [f64; 3] = [0.70, 0.80, 0.90];
/// Above this alpha the items are copies of each other.
pub const ALPHA_COPIES: f64 = 0.95;

/// Retest reliability of a rating that nobody measured; one supervisor's administrative ratings have about 0.45
/// (Salgado and Moscoso 2019).
pub const RELIABILITY_ASSUMED: f64 = 0.5;
/// Reliabilities that what is to be expected without any effect is given for as well: a high one and a low one.
pub const RELIABILITY_BOUNDS: [f64; 2] = [0.7, 0.3];
/// People whose mean rating before is taken for the level that people sent for a weakness return to: with a standard
/// deviation of 0.6 its 95 % interval is 0.22 points to either side.
pub const OTHERS_PEOPLE: usize = 30;
/// Offerings they must come from.
pub const OTHERS_OFFERINGS: usize = 2;
/// Their mean is rounded to such steps, points of 5, so that it says nothing of a class.
pub const OTHERS_STEP: f64 = 0.05;
/// And their number down to such steps.
pub const OTHERS_COUNTED_BY: usize = 10;

/// Above this standardised difference of baselines, in either direction, two groups are not comparable (What Works
/// Clearinghouse, Procedures and Standards Handbook 5.0). Below it the difference must hold at equal baselines too; the
/// handbook asks that from 0.05 on, the service always.
pub const BASELINES_COMPARABLE: f64 = 0.25;

/// Points of 5 up to which two groups may be apart before in any case, half of [`SMALLEST_CHANGE`]: were all of it to close
/// untaught, it would not make an effect that matters. Where everybody is rated nearly alike, a few hundredths of a point
/// are many standard deviations.
pub const BASELINE_GAP: f64 = 0.125;

/// Above this share of best answers to a question, a rise could hardly show.
pub const MAXIMUM_SHARE: f64 = 0.50;

/// Larger scores, in points, are taken for none: no scale of the Ministry goes beyond 100.
pub const LARGEST_SCORE: f64 = 1e6;

/// Lower and upper tail probability outside a 95 % interval.
pub(super) const TAIL: f64 = 0.025;

/// Normal quantile of 0.975.
pub(super) const Z_975: f64 = 1.959_963_984_540_054;

/// Official scores from here on are at the ceiling: the class above which nobody can rise (Decree 335/2025).
pub const CEILING: f64 = 90.0;
/// Above this share of baselines at the ceiling, a change could hardly have shown.
pub const CEILING_SHARE: f64 = 0.50;
/// Pairs a lecturer's change needs: one lecturer's part is small beside the course's.
pub const LECTURER_PAIRS: usize = 30;
/// Offerings they must come from.
pub const LECTURER_OFFERINGS: usize = 3;
/// Raters below which the interval is probably too narrow, as people under one rater share that rater's eye.
pub const RATERS_INDEPENDENT: usize = 10;
/// Raters that each of two groups needs, or the interval of their difference is probably too narrow even if it
/// counts raters (docs/effectiveness-simulation.md).
pub const RATERS_PER_GROUP: usize = 5;

/// Chance with which a plan wants a difference to be seen (Cohen 1988: 0.80 by convention).
pub const POWER: f64 = 0.80;
/// Runs of a course that a plan proposes to put together at most: more are years.
pub const MOST_RUNS: usize = 12;
/// Comparison people for each trained person that a plan proposes at most: with 4, what is detectable is 21 % smaller than
/// with one, and with any number 29 %.
pub const MOST_COMPARED: usize = 4;
/// Standard deviation of a person's change, points of 5, where none was measured yet: that of a rating, which is about 0.6
/// for means of five items, as with a correlation of [`RELIABILITY_ASSUMED`] between two ratings both are the same.
pub const CHANGE_SD_ASSUMED: f64 = 0.60;
/// People whose changes a measured standard deviation needs: its 95 % interval is then -20 % to +34 %.
pub const CHANGE_SD_PEOPLE: usize = 30;
/// A measured standard deviation is rounded up to a whole number of such steps, points of 5, so that it says nothing of
/// the classes it comes from.
pub const CHANGE_SD_STEP: f64 = 0.05;
