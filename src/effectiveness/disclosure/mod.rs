//! Disclosure control: which figures may be published side by side, so that nobody is singled out by them. Pure rules;
//! everything that is published about people asks here what it must withhold.
//!
//! # What is published
//!
//! A *figure* is a sum over a set of people, of one number of each: a rating before or after, a change, an answer. Means,
//! differences and intervals are made of such sums, so whatever they show, the sums show as well. Figures are published of
//! an offering and of parts of it, of totals over offerings, of units, and of the forms of a questionnaire; and all of
//! them on many days. People whom no published figure distinguishes are a *cell*: a figure is a set of cells.
//!
//! # Who the attacker is, and what he can compute
//!
//! He reads all figures of all days as everybody who may read any. He also knows who took part where, under whom and in
//! which unit, who answered, and these rules; that is, he knows of which people a figure is. He does not know what
//! anybody's number is. He can add figures to each other and subtract them, each as often as he likes. What comes out
//! gives each cell a weight. A set of people is *given away* where every weight is one within it and nought outside of
//! it: then the sum of these people follows from what is published, whatever their numbers are.
//!
//! # The rule
//!
//! No set of one to four people is given away ([`is_few`], [`FLOOR`]). A set of nobody gives nobody away. A figure that
//! breaks the rule by itself is withheld (*primary suppression*); so is a figure that breaks it together with others, or
//! else another one of these is withheld in its place (*secondary suppression*; Hundepool et al. 2012, Statistical
//! Disclosure Control, chapter 4).
//!
//! # One algorithm
//!
//! What is published side by side here always divides the same people in at most two ways, the *rows* and the *columns* of
//! a table: each person is in one cell, and each row and each column is a figure. [`withheld`] decides of any such table
//! what may be published; its own text proves that what it leaves gives no few away, and the tests compare it with an
//! attack by brute force. It works in two steps, of which the first is enough for a table of one row ([`withheld_parts`]):
//!
//! | what is published | the table | asks |
//! |---|---|---|
//! | a unit's quarter, beside the offerings that its people come from | rows are offerings (or both groups of an offering that is divided), columns are units | [`Figures`] |
//! | a part beside the whole: those by the same rater, with a match, with a second rater, forms that answer an item, complete forms | one row; the columns are the part and the rest | [`Nested`] |
//! | one sum on two days, where only more people come | one row, the later sum; the columns are those known earlier and those who came | [`Nested`], [`may_join`] |
//! | totals over offerings | one row; the columns are offerings. Few people are left out of the total, or wait for each other, so that no other offering need be withheld for them | [`is_few`], [`countable`] |
//! | a group by itself | one row and one column | [`is_few`], [`is_enough`] |
//!
//! An offering is divided in one way only: two divisions of its people can give few away although neither does, and how
//! many people are in both parts at once is not kept. With units it would be a table of three dimensions. So an
//! offering that is divided once shows no second division ([`Nested::leaves_anybody`]).
//!
//! # Rules that need more
//!
//! - Figures of official scores are corrected: the same people, with other numbers. [`revisions`] has the
//!   rule and its proof.
//! - Free text is no sum: [`hidden_comments`].
//! - An interval that counts raters shows what those who share one have in common: `few_share` and its neighbours in
//!   [`statistics::Raters`] apply the rule of this module to them where the interval is computed. So do the gates of
//!   single figures in [`statistics`], which also hide answers that all agree at the low end of a scale.
//!
//! # What remains
//!
//! Who knows four of five numbers knows the fifth, as with every floor. The rule for tables excludes sums of few people and
//! not differences between them: by how much one person's number is above another's may follow, and then neither number
//! does. And the ends of a scale narrow what a sum leaves open. What all of this comes to is tried on a seeded world by an
//! attacker who reads every report, in `tests/api/reporting/attacker`.

mod figures;
mod free_text;
mod groups;
mod max_flow;
mod nested;
#[cfg(test)]
pub mod oracle;
mod over_time;
mod parts;
pub mod revisions;
mod table;

pub use figures::Figures;
pub use free_text::{COMMENTS_FLOOR, hidden_comments};
pub use groups::{FLOOR, is_enough, is_few};
pub use nested::Nested;
pub use over_time::{MOVED_BY, countable, may_join};
pub use parts::withheld_parts;
pub use table::{Withheld, withheld};
