//! What it takes to use what was learned, as learners see it, and what the units say that sent them: item by item.
//!
//! The forms of the units bear a name, yet they are shown as if they did not: an offering has few units, and one who
//! knows the others would know the last one's word. So both pass the gates of anonymous scales ([`super::reaction`]).
//! No mean of whole forms is shown beside the items: where few lack an item, the two together would show what those few
//! said of the others.

use super::form_counts::Tally;
use super::reaction::{hidden, mean_and_share};
use crate::effectiveness::disclosure::is_enough;
use statistics::thresholds::{BARRIER_LIMIT, BOTTOM_TWO};
use statistics::{Figure, Reason, Respondents, Status, Unit, response_rate};

/// What the forms of one subject say, item by item.
#[derive(Debug, Clone, PartialEq)]
pub struct FormItems {
    /// Forms handed in of those asked for, percent.
    pub response_rate: Figure,
    /// The items that were answered, in the form's order.
    pub items: Vec<FormItem>,
}

/// What the forms say of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct FormItem {
    /// Code of the item: `time`, `used`, ...
    pub item: &'static str,
    /// Mean of the answers, points of 5; reversed items are turned round.
    pub mean: Figure,
    /// Share of answers of 2 points and less (never or rarely), percent.
    pub bottom_two: Figure,
}

impl FormItems {
    /// Put offerings together, for the items of a form in its order. An offering of one to four forms, and an item that
    /// one to four of an offering's forms lack, are in no total.
    pub fn of<'a>(offerings: &[Tally], items: impl IntoIterator<Item = &'a &'static str>) -> Self {
        let is_known = |item: &&&'static str| offerings.iter().any(|tally| tally.scales.contains_key(**item));
        let form_item = |item: &&'static str| {
            let (mean, bottom_two) =
                mean_and_share(item, offerings, |tally| tally.answered, |value| value <= BOTTOM_TWO);
            FormItem { item, mean, bottom_two }
        };
        Self {
            response_rate: rate(offerings),
            items: items.into_iter().filter(is_known).map(form_item).collect(),
        }
    }

    /// The items whose mean may be shown and lies under [`BARRIER_LIMIT`], the worst first. Answers are whole steps, so
    /// a mean of exactly the limit is not under it.
    pub fn barriers(&self) -> Vec<&FormItem> {
        let level = |form_item: &FormItem| form_item.mean.value().unwrap_or(f64::INFINITY);
        let mut under: Vec<&FormItem> =
            self.items.iter().filter(|form_item| level(form_item) < BARRIER_LIMIT).collect();
        under.sort_by(|one, other| level(one).total_cmp(&level(other)));
        under
    }

    /// Whether any item's mean may be shown.
    pub fn is_told(&self) -> bool {
        self.items.iter().any(|form_item| form_item.mean.status() == Status::Ok)
    }
}

/// The response rate of the offerings of five forms and more.
fn rate(offerings: &[Tally]) -> Figure {
    let sum = |of: &[&Tally], count: fn(&Tally) -> usize| of.iter().map(|tally| count(tally)).sum::<usize>();
    let (shown, others): (Vec<&Tally>, Vec<&Tally>) =
        offerings.iter().partition(|tally| is_enough(tally.answered));
    let invited = |of: &[&Tally]| sum(of, |tally| tally.invited);
    if !shown.is_empty() {
        return response_rate(sum(&shown, |t| t.answered), invited(&shown), Respondents::Anonymous);
    }
    match sum(&others, |tally| tally.answered) {
        0 => response_rate(0, invited(&others), Respondents::Anonymous),
        _ => hidden(Reason::FewerThan5, Unit::Percent, invited(&others)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::questionnaires::{Answer, Draft, beneficiary, environment};
    use serde_json::json;

    const ITEMS: [&str; 3] = ["chance", "time", "recognition"];

    /// Forms that answer some items; no step is "not observed".
    fn forms(draft: &Draft, answers: &[&[(&str, Option<u8>)]]) -> Tally {
        let mut tally = Tally { invited: answers.len() + 1, ..Tally::default() };
        for form in answers {
            let given: Vec<Answer> = form
                .iter()
                .map(|(item, step)| serde_json::from_value(json!({"item": item, "value": step})).unwrap())
                .collect();
            tally.add_by_item(&draft.items, &given, None);
        }
        tally
    }

    /// A class that has the chance, and so much time.
    fn class(time: &[Option<u8>]) -> Tally {
        let forms_: Vec<Vec<(&str, Option<u8>)>> = time
            .iter()
            .zip([4, 5].iter().cycle())
            .map(|(time, chance)| vec![("chance", Some(*chance)), ("time", *time)])
            .collect();
        forms(&environment(), &forms_.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    fn told(offerings: &[Tally]) -> Vec<(&'static str, Option<f64>, Option<Reason>)> {
        let form_items = FormItems::of(offerings, &ITEMS);
        form_items.items.iter().map(|v| (v.item, v.mean.value(), v.mean.reason())).collect()
    }

    const SCARCE: [Option<u8>; 5] = [Some(1), Some(2), Some(2), Some(3), Some(2)];

    #[test]
    fn five_forms_tell_each_item_and_which_of_them_is_a_barrier() {
        let form_items = FormItems::of(&[class(&SCARCE)], &ITEMS);
        assert_eq!(told(&[class(&SCARCE)]), [("chance", Some(4.4), None), ("time", Some(2.0), None)]);
        assert_eq!(form_items.items[1].bottom_two.value(), Some(80.0));
        assert_eq!(form_items.items[1].mean.n(), Some(5));
        assert_eq!(form_items.barriers().iter().map(|v| v.item).collect::<Vec<_>>(), ["time"]);
        assert_eq!(form_items.response_rate.n_invited(), Some(6));
    }

    #[test]
    fn four_forms_are_hidden_and_in_no_total() {
        let (large, small) = (class(&SCARCE), class(&SCARCE[..4]));
        let alone = FormItems::of(std::slice::from_ref(&small), &ITEMS);
        for figure in [alone.items[0].mean, alone.items[1].bottom_two, alone.response_rate] {
            assert_eq!((figure.status(), figure.n(), figure.value()), (Status::Suppressed, None, None));
        }
        assert!(alone.barriers().is_empty() && !alone.is_told());
        assert_eq!(FormItems::of(&[large.clone(), small], &ITEMS), FormItems::of(&[large], &ITEMS));
    }

    #[test]
    fn an_item_that_few_forms_lack_is_hidden_and_the_others_are_not() {
        let lacking = |n: usize| {
            let mut time: Vec<Option<u8>> = SCARCE.iter().copied().cycle().take(10).collect();
            time.iter_mut().take(n).for_each(|step| *step = None);
            told(&[class(&time)])
        };
        for n in 1..5 {
            assert_eq!(lacking(n)[1], ("time", None, Some(Reason::SmallGroups)), "{n}");
            assert_eq!(lacking(n)[0].2, None);
        }
        assert_eq!(lacking(5)[1].2, None, "five are a group");
    }

    #[test]
    fn all_alike_on_the_worst_is_hidden() {
        assert_eq!(told(&[class(&[Some(1); 6])])[1], ("time", None, Some(Reason::UnanimousAnswers)));
    }

    #[test]
    fn barriers_lie_under_the_limit_and_the_worst_comes_first() {
        let barriers = |chance: u8, time: u8, recognition: u8| {
            let form = |less: u8| {
                vec![
                    ("chance", Some(chance - less)),
                    ("time", Some(time - less)),
                    ("recognition", Some(recognition - less)),
                ]
            };
            let forms_: Vec<_> = [0, 0, 0, 0, 1].map(form).into();
            let tally = forms(&environment(), &forms_.iter().map(Vec::as_slice).collect::<Vec<_>>());
            FormItems::of(&[tally], &ITEMS).barriers().iter().map(|v| v.item).collect::<Vec<_>>()
        };
        assert_eq!(barriers(3, 4, 2), ["recognition", "chance"], "1.8 before 2.8");
        assert!(barriers(4, 5, 4).is_empty());
        let exactly = class(&[Some(3), Some(3), Some(2), Some(4), Some(3)]);
        assert!(FormItems::of(&[exactly], &ITEMS).barriers().is_empty(), "a mean of 3 is no barrier");
    }

    #[test]
    fn work_sent_back_counts_against_the_course() {
        let form: &[(&str, Option<u8>)] = &[("rework", Some(5)), ("on_time", Some(4))];
        let other: &[(&str, Option<u8>)] = &[("rework", Some(4)), ("on_time", Some(4))];
        let tally = forms(&beneficiary(), &[form, form, form, form, other]);
        let form_items = FormItems::of(&[tally], &["rework", "on_time"]);
        assert_eq!(form_items.items[0].mean.value(), Some(1.2));
        assert_eq!(form_items.items[1].mean.value(), Some(4.0));
    }

    #[test]
    fn nobody_asked_and_nobody_answered() {
        assert_eq!(FormItems::of(&[], &ITEMS).response_rate.reason(), Some(Reason::NoInvitations));
        let silent = Tally { invited: 9, ..Tally::default() };
        let form_items = FormItems::of(&[silent], &ITEMS);
        assert_eq!((form_items.response_rate.value(), form_items.items.len()), (Some(0.0), 0));
    }
}
