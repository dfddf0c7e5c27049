//! How others were rated before: the level that people who were sent for a weakness return to without any course.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::model::count;
use super::sums::OfferingSums;
use crate::effectiveness::disclosure::is_enough;
use statistics::thresholds::{OTHERS_COUNTED_BY, OTHERS_OFFERINGS, OTHERS_PEOPLE, OTHERS_STEP};
use statistics::{self, Figure, Moments, Reason, Unit};

/// How people who were not sent for a weakness were rated before, by questionnaire, over the newest offerings.
#[derive(Debug, Default)]
pub struct Others(BTreeMap<Uuid, Known>);

/// The same on one questionnaire.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    ratings: statistics::ScoreSums,
    offerings: usize,
}

impl Others {
    /// Put together what may be in totals; one to four others of an offering do not count.
    pub fn of(offerings: &[OfferingSums]) -> Self {
        let mut found = Self::default();
        for sums in offerings.iter().map(OfferingSums::for_totals) {
            for (form, of) in sums.forms.iter().filter(|(_, of)| is_enough(of.others.n)) {
                let known = found.0.entry(*form).or_default();
                known.ratings.merge(&of.others);
                known.offerings += 1;
            }
        }
        found
    }

    /// Their mean before, on the questionnaires by which a subject's people were rated and weighted by these people. It is
    /// closed where somebody's questionnaire is not known, and where on one of them there are too few others.
    pub fn mean_before(&self, sums: &OfferingSums) -> Figure {
        let closed = |people: usize| Figure::closed(Reason::FewerThanNeeded, Unit::PointsOf5, people);
        let rated: Vec<(&Uuid, i64)> = sums
            .forms
            .iter()
            .map(|(form, of)| (form, of.trained))
            .filter(|(_, trained)| *trained > 0)
            .collect();
        let all: i64 = rated.iter().map(|(_, trained)| trained).sum();
        if all == 0 || all != sums.trained.n {
            return closed(0).needing(OTHERS_PEOPLE);
        }
        let (mut people, mut points) = (0, 0.0);
        for (form, trained) in rated {
            let known = self.0.get(form).copied().unwrap_or_default();
            if known.people() < OTHERS_PEOPLE {
                return closed(known.people()).needing(OTHERS_PEOPLE);
            }
            people += known.people();
            points += trained as f64 * known.mean();
        }
        Figure::ok(points / all as f64, None, Unit::PointsOf5, people).needing(OTHERS_PEOPLE)
    }
}

impl Known {
    /// How many there are, rounded down; those of a single offering are none.
    fn people(&self) -> usize {
        let people = if self.offerings < OTHERS_OFFERINGS { 0 } else { count(self.ratings.n) };
        people - people % OTHERS_COUNTED_BY
    }

    /// Their mean, rounded to a step.
    fn mean(&self) -> f64 {
        // Divided and not multiplied: 3.3, and not 3.3000000000000003.
        (Moments::from(&self.ratings).mean / OTHERS_STEP).round() / (1.0 / OTHERS_STEP).round()
    }
}

#[cfg(test)]
mod tests {
    use super::super::on_form::OnForm;
    use super::super::pairs::{Observed, Pair, State};
    use super::super::rows::Rows;
    use super::*;
    use statistics::Status;

    const GENERAL: Uuid = Uuid::from_u128(1);
    const OF_COURSE: Uuid = Uuid::from_u128(2);

    fn pair(form: Uuid, before: f64) -> Pair {
        Pair { form, before, after: before + 0.4, ..Pair::default() }
    }

    fn person(form: Uuid, before: f64, for_weakness: bool) -> Observed {
        let pair = Some(pair(form, before));
        Observed { state: State::Answered, pair, for_weakness, ..Observed::default() }
    }

    fn offering(people: &[Observed]) -> OfferingSums {
        let people: Vec<&Observed> = people.iter().collect();
        OfferingSums::of_behaviour(&people, &Rows::of_behaviour(&people))
    }

    /// So many people whom nobody sent for a weakness.
    fn planned(form: Uuid, people: usize, before: f64) -> OfferingSums {
        offering(&vec![person(form, before, false); people])
    }

    fn weak(form: Uuid, people: usize) -> OfferingSums {
        offering(&vec![person(form, 2.8, true); people])
    }

    fn gate(figure: &Figure) -> (Status, Option<usize>, Option<usize>) {
        (figure.status(), figure.n(), figure.n_needed())
    }

    #[test]
    fn others_are_those_not_sent_for_a_weakness_and_the_colleagues_of_all() {
        let mut sent = person(GENERAL, 2.8, true);
        sent.comparison = vec![pair(GENERAL, 3.2), pair(OF_COURSE, 3.4)];
        let forms = offering(&[sent, person(GENERAL, 3.6, false)]).forms;
        assert_eq!(forms[&GENERAL], OnForm { trained: 2, others: statistics::ScoreSums::of(&[3.2, 3.6]) });
        assert_eq!(forms[&OF_COURSE], OnForm { trained: 0, others: statistics::ScoreSums::of(&[3.4]) });
    }

    #[test]
    fn thirty_others_of_two_offerings_make_a_mean() {
        let found = |offerings: &[OfferingSums]| Others::of(offerings).mean_before(&weak(GENERAL, 12));
        let mean = found(&[planned(GENERAL, 15, 3.4), planned(GENERAL, 17, 3.2), weak(GENERAL, 12)]);
        assert!(mean.value().is_some_and(|mean| (mean - 3.3).abs() < 1e-12), "3.294 rounded: {mean:?}");
        assert_eq!(mean.n(), Some(30), "32 rounded down");
        let closed = |people| (Status::InsufficientData, Some(people), Some(OTHERS_PEOPLE));
        assert_eq!(
            gate(&found(&[planned(GENERAL, 40, 3.4)])),
            closed(0),
            "one offering would be known from it"
        );
        assert_eq!(gate(&found(&[planned(GENERAL, 15, 3.4), planned(GENERAL, 14, 3.2)])), closed(20));
        assert_eq!(gate(&found(&vec![planned(GENERAL, 4, 3.4); 20])), closed(0), "classes of one to four");
        assert_eq!(gate(&found(&vec![planned(OF_COURSE, 20, 3.4); 2])), closed(0), "another questionnaire");
    }

    /// Beside people who were sent for a weakness, too, one to four others could be found by subtraction.
    #[test]
    fn one_to_four_others_of_an_offering_do_not_count() {
        let with_others = |others: usize| {
            let weak = std::iter::repeat_n(person(GENERAL, 2.8, true), 10);
            offering(&weak.chain(vec![person(GENERAL, 3.4, false); others]).collect::<Vec<_>>())
        };
        let people =
            |others: usize| Others::of(&vec![with_others(others); 10]).mean_before(&weak(GENERAL, 12)).n();
        assert_eq!([4, 5].map(people), [Some(0), Some(50)]);
    }

    #[test]
    fn questionnaires_weigh_as_many_as_they_rated() {
        let others = Others::of(&[
            planned(GENERAL, 20, 3.2),
            planned(GENERAL, 20, 3.2),
            planned(OF_COURSE, 15, 3.8),
            planned(OF_COURSE, 15, 3.8),
        ]);
        let mut total = weak(GENERAL, 10);
        total.merge(&weak(OF_COURSE, 5));
        let mean = others.mean_before(&total);
        assert!(mean.value().is_some_and(|mean| (mean - 3.4).abs() < 1e-12), "{mean:?}");
        assert_eq!(mean.n(), Some(70));
        // What was added up before the service kept questionnaires may rest on any.
        total.merge(&OfferingSums { forms: BTreeMap::new(), ..weak(GENERAL, 5) });
        assert_eq!(
            gate(&others.mean_before(&total)),
            (Status::InsufficientData, Some(0), Some(OTHERS_PEOPLE))
        );
        assert_eq!(others.mean_before(&OfferingSums::default()).value(), None);
    }
}
