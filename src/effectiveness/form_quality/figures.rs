//! From what the forms came to, to what may be shown of a questionnaire.

use super::model::{FormSums, scored};
use crate::effectiveness::disclosure::{MOVED_BY, may_join};
use crate::evaluation::questionnaires::{Instrument, Item, Questionnaire, ScoreUnit};
use statistics::{
    AgreementFigures, Figure, ItemFigures, ItemSums, PairMoments, RatingTable, Reason, ReliabilityFigures,
    Respondents, Unit, agreement, agreement_figures, anonymous_share, item_figures, paired_from, reliability,
    reliability_figures, response_rate,
};

/// What may be shown of a questionnaire.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// Forms handed in of those asked for, percent.
    pub response_rate: Figure,
    /// Forms that do not leave out more than their rule allows, of those handed in, percent; none without such a rule.
    pub valid: Option<Figure>,
    /// Whether the items measure one thing.
    pub consistency: ReliabilityFigures,
    /// Item by item.
    pub items: Vec<QualityItem>,
    /// How learners rate themselves beside their supervisors, at the same time and on the same items; only of forms in
    /// which they rate themselves.
    pub beside: Option<AgreementFigures>,
}

/// What may be shown of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct QualityItem {
    /// The item.
    pub item: Item,
    /// The middle answer; none of a test.
    pub median: Option<Figure>,
    /// Share of the two best answers, of a test of the right ones, percent.
    pub best: Figure,
    /// Whether more than half gave the best answer, and whether the worst; none while closed, and of a test.
    pub ends: [Option<bool>; 2],
    /// Share of valid forms that leave it out, percent.
    pub left_out: Figure,
    /// Correlation with the sum of the other items.
    pub rest_correlation: Figure,
    /// Alpha of the others without it.
    pub alpha_without: Figure,
}

impl Quality {
    /// Puts the gates before what the forms came to, where so many forms are not counted yet.
    pub fn of(form: &Questionnaire, shown: &FormSums, waiting: usize) -> Self {
        let asked = Asked { form, waiting };
        let counts = shown.counts;
        let respondents = asked.respondents();
        let rule = form
            .max_blank_percent
            .map(|_| asked.settled(anonymous_share(counts.valid(), counts.handed_in, counts.invited)));
        let nothing = ItemSums::new(scored(&form.scoring()).count());
        let found = reliability(if shown.complete.n == 0 { &nothing } else { &shown.complete });
        let gates = reliability_figures(&found, asked.unit(), respondents);
        Self {
            response_rate: asked.settled(response_rate(counts.handed_in, counts.invited, respondents)),
            valid: rule,
            items: asked.items(shown, &gates),
            consistency: asked.consistency(gates),
            beside: (form.instrument == Instrument::SelfBehaviour).then(|| asked.beside(shown)),
        }
    }
}

/// A questionnaire, and how many of its forms are not counted yet.
struct Asked<'a> {
    form: &'a Questionnaire,
    waiting: usize,
}

impl Asked<'_> {
    fn respondents(&self) -> Respondents {
        if self.form.is_anonymous { Respondents::Anonymous } else { Respondents::Named }
    }

    fn unit(&self) -> Unit {
        match self.form.scoring().unit() {
            Some(ScoreUnit::Percent) => Unit::Percent,
            Some(ScoreUnit::PointsOf10) => Unit::PointsOf10,
            Some(ScoreUnit::PointsOf5) | None => Unit::PointsOf5,
        }
    }

    /// Where nothing is counted although there are forms, there are too few, or their quarter is not over.
    fn settled(&self, figure: Figure) -> Figure {
        let none = [Reason::NoCompleteRows, Reason::NoAnswers, Reason::NoInvitations];
        if self.waiting == 0 || !figure.reason().is_some_and(|reason| none.contains(&reason)) {
            return figure;
        }
        let reason = if may_join(self.waiting) { Reason::WindowOpen } else { Reason::FewerThanNeeded };
        Figure::closed(reason, figure.unit(), self.waiting).needing(MOVED_BY)
    }

    fn consistency(&self, figures: ReliabilityFigures) -> ReliabilityFigures {
        ReliabilityFigures {
            alpha: self.settled(figures.alpha),
            omega: figures.omega.map(|omega| self.settled(omega)),
            standard_error: self.settled(figures.standard_error),
            ..figures
        }
    }

    fn items(&self, shown: &FormSums, gates: &ReliabilityFigures) -> Vec<QualityItem> {
        let scoring = self.form.scoring();
        scored(&scoring)
            .enumerate()
            .map(|(place, item)| {
                let of_item = shown.items.get(place).cloned().unwrap_or_default();
                let among = gates.each.get(place);
                let invited = shown.counts.invited;
                let figures = item_figures(&of_item.answers, invited, self.respondents());
                let left_out = usize::try_from(of_item.left_out).unwrap_or(usize::MAX);
                let forms =
                    usize::try_from(of_item.answers.n()).unwrap_or(usize::MAX).saturating_add(left_out);
                let is_test = self.form.instrument.is_test();
                let ItemFigures { median, top_two, at_ceiling, at_floor } = figures;
                let right = usize::try_from(of_item.answers.best()).unwrap_or(usize::MAX);
                QualityItem {
                    item: item.clone(),
                    median: (!is_test).then(|| self.settled(median)),
                    best: self.settled(if is_test {
                        anonymous_share(right, forms, invited)
                    } else {
                        top_two
                    }),
                    ends: if is_test { [None; 2] } else { [at_ceiling, at_floor] },
                    left_out: self.settled(anonymous_share(left_out, forms, invited)),
                    rest_correlation: self.settled(among.map_or(gates.alpha, |item| item.rest_correlation)),
                    alpha_without: self.settled(among.map_or(gates.alpha, |item| item.alpha_without)),
                }
            })
            .collect()
    }

    fn beside(&self, shown: &FormSums) -> AgreementFigures {
        let moments = PairMoments::from(&shown.beside);
        let found = agreement(&RatingTable::of_pairs(&moments));
        let gap = paired_from(&moments);
        let figures = agreement_figures(&found, Some(&gap), self.unit(), Respondents::Named);
        AgreementFigures {
            absolute: self.settled(figures.absolute),
            consistency: self.settled(figures.consistency),
            absolute_of_mean: self.settled(figures.absolute_of_mean),
            bias: figures.bias.map(|bias| self.settled(bias)),
            ..figures
        }
    }
}
