use serde::{Deserialize, Serialize};

use crate::effectiveness::disclosure::{is_few, may_join};
use crate::evaluation::evaluations::Phase;
use crate::evaluation::questionnaires::{Answer, AnswerValue, Instrument, Item, ItemKind, Scoring, counted};
use statistics::{AnswerCounts, ItemSums, PairSums};

/// Steps of a question that is right or wrong.
const RIGHT_OR_WRONG: u8 = 2;
/// What a right answer counts, so that sums of a test are in percent.
const RIGHT: i64 = 100;

/// When the forms are asked whose answers count: once a person, as the same form asked thrice is no three forms.
pub const fn phases(instrument: Instrument) -> &'static [Phase] {
    match instrument {
        Instrument::Knowledge => &[Phase::Baseline, Phase::Close],
        Instrument::Reaction | Instrument::ThenTest => &[Phase::Close],
        Instrument::Behaviour
        | Instrument::SelfBehaviour
        | Instrument::Environment
        | Instrument::Beneficiary => &[Phase::ThreeMonths],
        Instrument::Quality => &[Phase::OnRequest],
        Instrument::Other => &[],
    }
}

/// The items of a form that count: the scales, of a test the questions with a right answer.
pub fn scored<'a>(form: &Scoring<'a>) -> impl Iterator<Item = &'a Item> {
    let is_test = form.instrument.is_test();
    form.items.iter().filter(
        move |item| {
            if is_test { item.correct.is_some() } else { item.kind == ItemKind::Scale }
        },
    )
}

/// The answers to one item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAnswers {
    /// By step; of a test wrong and right. A reversed item is turned round.
    pub answers: AnswerCounts,
    /// Forms that say nothing: "not observed" where the form offers that, otherwise a blank.
    pub left_out: u64,
}

impl ItemAnswers {
    fn forms(&self) -> u64 {
        self.answers.n() + self.left_out
    }

    fn merge(&mut self, other: &Self) {
        self.answers.merge(&other.answers);
        self.left_out += other.left_out;
    }

    /// Whether the figures of an item may move by these.
    fn may_be_added(&self) -> bool {
        let given = self.answers.n();
        may_join(self.forms()) && !is_few(given) && !self.answers.is_unanimous_low()
    }
}

/// How many forms there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormCounts {
    /// Offerings that asked for the form.
    pub offerings: usize,
    /// Forms asked for.
    pub invited: usize,
    /// Forms handed in.
    pub handed_in: usize,
    /// Of these, those that leave out more than their rule allows: they count nowhere else.
    pub invalid: usize,
}

/// What forms of one questionnaire came to; adding two of them is putting their forms together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FormSums {
    /// How many there are.
    pub counts: FormCounts,
    /// Of forms that answer every item that counts.
    pub complete: ItemSums,
    /// Of each item that counts, in the form's order.
    pub items: Vec<ItemAnswers>,
    /// Of people rated by both: by their supervisor (before) and by themselves (after).
    pub beside: PairSums,
}

impl FormSums {
    /// Adds up the filled-in forms of one offering.
    pub fn of<'a>(
        form: &Scoring<'_>,
        invited: usize,
        filled_in: impl IntoIterator<Item = &'a [Answer]>,
    ) -> Self {
        let items: Vec<&Item> = scored(form).collect();
        let steps = |item: &Item| if form.instrument.is_test() { RIGHT_OR_WRONG } else { item.highest() };
        let mut sums = Self {
            counts: FormCounts { offerings: 1, invited, ..FormCounts::default() },
            complete: ItemSums::new(items.len()),
            items: items
                .iter()
                .map(|item| ItemAnswers { answers: AnswerCounts::new(steps(item)), left_out: 0 })
                .collect(),
            beside: PairSums::default(),
        };
        filled_in.into_iter().for_each(|answers| sums.add(form, &items, answers));
        sums
    }

    fn add(&mut self, form: &Scoring<'_>, items: &[&Item], answers: &[Answer]) {
        self.counts.handed_in += 1;
        if !form.is_valid(answers) {
            self.counts.invalid += 1;
            return;
        }
        let mut values = Vec::with_capacity(items.len());
        for (item, of_item) in items.iter().zip(&mut self.items) {
            let answer = answers.iter().find(|answer| answer.item == item.code);
            let step = answer.and_then(|answer| step(form, item, answer));
            match step {
                Some(step) => of_item.answers.add(step),
                None => of_item.left_out += 1,
            }
            // A question that was left out is a wrong one.
            values.push(if form.instrument.is_test() {
                Some(if step == Some(RIGHT_OR_WRONG) { RIGHT } else { 0 })
            } else {
                step.map(i64::from)
            });
        }
        if !items.is_empty() {
            self.complete.add(&values);
        }
    }

    /// Adds the forms of other people.
    pub fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        self.complete.merge(&other.complete);
        self.items.resize(self.items.len().max(other.items.len()), ItemAnswers::default());
        for (item, more) in self.items.iter_mut().zip(&other.items) {
            item.merge(more);
        }
        self.beside.merge(&other.beside);
    }
}

impl FormCounts {
    /// Forms handed in that count.
    pub fn valid(&self) -> usize {
        self.handed_in.saturating_sub(self.invalid)
    }

    fn merge(&mut self, other: &Self) {
        self.offerings += other.offerings;
        self.invited += other.invited;
        self.handed_in += other.handed_in;
        self.invalid += other.invalid;
    }
}

/// What is known of a questionnaire from the first day of a quarter on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// What its figures are of.
    pub shown: FormSums,
    /// What would have moved them by fewer than thirty forms, and waits for more.
    pub waiting: FormSums,
}

impl Standing {
    /// Adds the forms of a quarter. Each part (the counts, the complete forms, each item, the people rated by both) moves
    /// by thirty forms or more, or not at all: then what two quarters differ by passes every gate that the whole passes.
    pub fn add(&mut self, released: &FormSums) {
        self.waiting.merge(released);
        let Self { shown, waiting } = self;
        if may_join(waiting.counts.handed_in) {
            shown.counts.merge(&std::mem::take(&mut waiting.counts));
        }
        if may_join(waiting.complete.n) {
            shown.complete.merge(&std::mem::take(&mut waiting.complete));
        }
        if may_join(waiting.beside.n) {
            shown.beside.merge(&std::mem::take(&mut waiting.beside));
        }
        shown.items.resize(shown.items.len().max(waiting.items.len()), ItemAnswers::default());
        for (item, more) in shown.items.iter_mut().zip(&mut waiting.items) {
            if more.may_be_added() {
                item.merge(&std::mem::take(more));
            }
        }
    }
}

/// The forms of everybody asked before now, where one form is asked twice of the same person: those of the last time.
pub fn last_time<T: Copy>(forms: &[(Phase, T)]) -> Vec<T> {
    let last = forms.iter().map(|(phase, _)| *phase).max();
    forms.iter().filter(|(phase, _)| Some(*phase) == last).map(|(_, form)| *form).collect()
}

fn step(form: &Scoring<'_>, item: &Item, answer: &Answer) -> Option<u8> {
    if !form.instrument.is_test() {
        return counted(item, answer);
    }
    let AnswerValue::Text(chosen) = answer.value.as_ref()? else { return None };
    Some(if item.correct.as_ref() == Some(chosen) { RIGHT_OR_WRONG } else { RIGHT_OR_WRONG - 1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effectiveness::disclosure::MOVED_BY;
    use crate::evaluation::questionnaires::{Draft, environment, reaction};
    use proptest::prelude::*;
    use serde_json::json;

    fn scoring(draft: &Draft) -> Scoring<'_> {
        Scoring {
            instrument: draft.instrument(),
            max_blank_percent: draft.max_blank_percent,
            items: &draft.items,
        }
    }

    /// A form with these steps, in the order of its scales.
    fn form(draft: &Draft, steps: &[Option<u8>]) -> Vec<Answer> {
        let scales = draft.items.iter().filter(|item| item.kind == ItemKind::Scale);
        let answer = |(item, step): (&Item, &Option<u8>)| {
            serde_json::from_value(json!({"item": item.code, "value": step})).unwrap()
        };
        scales.zip(steps).map(answer).collect()
    }

    fn sums(draft: &Draft, forms: &[Vec<Option<u8>>]) -> FormSums {
        let forms: Vec<Vec<Answer>> = forms.iter().map(|steps| form(draft, steps)).collect();
        FormSums::of(&scoring(draft), forms.len() + 2, forms.iter().map(Vec::as_slice))
    }

    fn class(n: usize, first: Option<u8>) -> Vec<Vec<Option<u8>>> {
        let other = |i: usize| Some(u8::try_from(2 + i % 3).unwrap());
        (0..n).map(|i| vec![first, other(i), other(i + 1), other(i), other(i), other(i)]).collect()
    }

    #[test]
    fn answers_are_counted_by_item_and_only_whole_forms_are_multiplied() {
        let draft = environment();
        let mut forms = class(4, Some(5));
        forms.push(vec![None; 6]);
        let found = sums(&draft, &forms);
        let FormCounts { offerings, invited, handed_in, invalid } = found.counts;
        assert_eq!((offerings, invited, handed_in, invalid), (1, 7, 5, 0));
        assert_eq!((found.complete.n, found.complete.sums[0]), (4, 20));
        assert_eq!((found.items[0].answers.0.clone(), found.items[0].left_out), (vec![0, 0, 0, 0, 4], 1));
        assert_eq!(found.items.len(), 6);
    }

    #[test]
    fn a_form_that_leaves_out_too_much_counts_as_invalid_and_nowhere_else() {
        let mut draft = reaction();
        draft.max_blank_percent = Some(5);
        draft.items.iter_mut().for_each(|item| item.not_observed = false);
        let whole = vec![Some(4); 14];
        let blank = vec![None; 14];
        let found = sums(&draft, &[whole, blank]);
        assert_eq!((found.counts.handed_in, found.counts.invalid, found.complete.n), (2, 1, 1));
        assert!(found.items.iter().all(|item| item.forms() == 1));
    }

    #[test]
    fn a_question_of_a_test_that_is_left_out_is_wrong() {
        let test: Vec<Item> = serde_json::from_value(json!([
            {"code": "q1", "kind": "choice", "text": {"vi": "?"}, "reverse": false, "correct": "a"},
            {"code": "q2", "kind": "choice", "text": {"vi": "?"}, "reverse": false, "correct": "b"},
            {"code": "said", "kind": "choice", "text": {"vi": "?"}, "reverse": false},
        ]))
        .unwrap();
        let form = Scoring { instrument: Instrument::Knowledge, max_blank_percent: None, items: &test };
        let given = |q1, q2| -> Vec<Answer> {
            serde_json::from_value(json!([{"item": "q1", "value": q1}, {"item": "q2", "value": q2}])).unwrap()
        };
        let forms = [given(json!("a"), json!(null)), given(json!("a"), json!("a"))];
        let found = FormSums::of(&form, 2, forms.iter().map(Vec::as_slice));
        assert_eq!((found.complete.n, found.complete.sums.clone()), (2, vec![200, 0]));
        assert_eq!(found.items[0].answers.0, [0, 2]);
        assert_eq!((found.items[1].answers.0.clone(), found.items[1].left_out), (vec![1, 0], 1));
    }

    #[test]
    fn figures_move_by_thirty_forms_or_not_at_all() {
        let draft = environment();
        let mut standing = Standing::default();
        standing.add(&sums(&draft, &class(29, Some(4))));
        assert_eq!((standing.shown.counts.handed_in, standing.waiting.counts.handed_in), (0, 29));
        assert_eq!((standing.shown.complete.n, standing.shown.items[0].forms()), (0, 0));
        standing.add(&sums(&draft, &class(1, Some(4))));
        assert_eq!((standing.shown.counts.handed_in, standing.waiting.counts.handed_in), (30, 0));
        assert_eq!((standing.shown.counts.offerings, standing.shown.complete.n), (2, 30));
        let before = standing.shown.clone();
        standing.add(&sums(&draft, &class(7, Some(1))));
        assert_eq!(standing.shown, before, "seven wait");
    }

    #[test]
    fn an_item_that_few_answer_waits_without_keeping_the_others() {
        let draft = environment();
        let mut forms = class(40, None);
        forms.iter_mut().take(4).for_each(|form| form[0] = Some(2));
        let mut standing = Standing::default();
        standing.add(&sums(&draft, &forms));
        assert_eq!((standing.shown.items[0].forms(), standing.shown.items[1].forms()), (0, 40));
        assert_eq!((standing.shown.complete.n, standing.waiting.complete.n), (0, 4));
        standing.add(&sums(&draft, &class(30, Some(1))));
        assert_eq!((standing.shown.items[0].forms(), standing.shown.complete.n), (70, 34));
        let mut alike = Standing::default();
        alike.add(&sums(&draft, &class(40, Some(2))));
        assert_eq!(alike.shown.items[0].forms(), 0, "all of them on two would tell what each said");
    }

    #[test]
    fn a_form_that_was_asked_twice_counts_as_it_was_asked_last() {
        let asked = [(Phase::Baseline, 1), (Phase::Close, 2), (Phase::Baseline, 3), (Phase::Close, 4)];
        assert_eq!(last_time(&asked), [2, 4]);
        assert_eq!(last_time(&asked[..1]), [1]);
        assert!(last_time::<u8>(&[]).is_empty());
    }

    proptest! {
        /// Whatever comes in whatever portions: nothing is lost, and no part of any two states differs by one to 29 forms.
        #[test]
        fn no_two_states_differ_by_few(
            classes in proptest::collection::vec((1_usize..45, proptest::option::of(1_u8..=5)), 1..12)
        ) {
            let draft = environment();
            let mut standing = Standing::default();
            let mut all = FormSums::default();
            for (n, first) in classes {
                let before = standing.shown.clone();
                let released = sums(&draft, &class(n, first));
                all.merge(&released);
                standing.add(&released);
                let by = |now: usize, then: usize| now == then || now >= then + MOVED_BY;
                let now = &standing.shown;
                prop_assert!(by(now.counts.handed_in, before.counts.handed_in));
                prop_assert!(by(now.complete.n as usize, before.complete.n as usize));
                for (place, item) in now.items.iter().enumerate() {
                    let then = before.items.get(place).map_or(0, ItemAnswers::forms);
                    prop_assert!(by(item.forms() as usize, then as usize));
                }
                let mut together = standing.shown.clone();
                together.merge(&standing.waiting);
                prop_assert_eq!(&together.counts, &all.counts);
                prop_assert_eq!(&together.complete, &all.complete);
                for (item, whole) in together.items.iter().zip(&all.items) {
                    prop_assert_eq!(item, whole);
                }
            }
            let stored = serde_json::to_value(&standing.shown).unwrap();
            prop_assert_eq!(serde_json::from_value::<FormSums>(stored).unwrap(), standing.shown);
        }
    }
}
