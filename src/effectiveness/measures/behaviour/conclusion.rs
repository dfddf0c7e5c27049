//! From the interval of a headline to what may be said of it.

use serde::Serialize;
use utoipa::ToSchema;

use statistics::{
    Evidence, Figure, Status, Verdict, depends_on_method, headline_verdict, settled_by_both, verdict, weaker,
};

/// Why a verdict says less than the interval of its figure does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "baselines_differ")]
pub enum Limit {
    /// It says less if the course did nothing for those who were not rated again.
    LostUnchanged,
    /// The comparison at equal baselines does not say the same.
    DependsOnMethod,
    /// Before the course both groups were more than 0.25 standard deviations, and 0.125 points, apart.
    BaselinesDiffer,
    /// Fewer than ten supervisors rated, or fewer than five one of the groups: the interval is probably too narrow.
    FewRaters,
    /// Most were nominated for a weakness and are compared with nobody: they might have risen untaught.
    ChosenForWeakness,
    /// The evidence is of grade D, by which nothing can be called effective.
    WeakEvidence,
}

/// The lower end of an interval that says «improvement», or of its bound where that is lower: were the trained favoured by
/// so much, it would reach 0 (the bias that explains an effect away, as in VanderWeele and Ding 2017).
pub fn tipping_point(headline: &Figure, bounded: &Figure, verdict: Option<Verdict>) -> Option<f64> {
    let improved = matches!(verdict, Some(Verdict::ClearImprovement | Verdict::ImprovementSizeUncertain));
    let low = |figure: &Figure| figure.ci95().map(|[low, _]| low);
    let headline = low(headline).filter(|_| improved)?;
    Some(low(bounded).map_or(headline, |bounded| headline.min(bounded)))
}

/// A verdict, and why it says less than its interval.
pub struct Conclusion {
    /// What the interval says.
    interval: Verdict,
    /// What is left of it.
    pub word: Verdict,
    /// What took something off.
    pub limits: Vec<Limit>,
}

impl Conclusion {
    /// What the interval of a headline says; none while it is closed or too few follow-ups came in.
    pub fn of(headline: &Figure, smallest_change: f64, evidence: &Evidence) -> Option<Self> {
        let word = words(headline, smallest_change).filter(|_| evidence.verdict_allowed)?;
        let mut found = Self { interval: word, word, limits: Vec::new() };
        found.limit(Limit::WeakEvidence, |word| {
            headline_verdict(headline, smallest_change, evidence).unwrap_or(word)
        });
        Some(found)
    }

    /// Say what a reason leaves of the interval's verdict; where there are several reasons, the weaker verdict is
    /// given.
    pub fn limit(&mut self, limit: Limit, leaves: impl Fn(Verdict) -> Verdict) {
        let left = leaves(self.interval);
        if left != self.interval {
            self.word = weaker(self.word, left);
            self.limits.push(limit);
        }
    }
}

/// What an interval says; none of a figure that is closed.
pub fn words(figure: &Figure, smallest_change: f64) -> Option<Verdict> {
    let ci95 = figure.ci95().filter(|_| figure.status() == Status::Ok)?;
    Some(verdict(ci95, smallest_change))
}

/// The two ways to compare both groups. Both count people: that people share raters is not what they differ in.
pub struct Method {
    /// The difference as it is.
    pub difference: Figure,
    /// At equal baselines.
    pub adjusted: Figure,
    /// Points of 5.
    pub smallest_change: f64,
}

impl Method {
    /// Whether they do not say the same.
    pub fn matters(&self) -> bool {
        depends_on_method(&self.difference, &self.adjusted, self.smallest_change)
    }

    /// What they leave of a verdict together.
    pub fn leaves(&self, word: Verdict) -> Verdict {
        settled_by_both(word, &self.difference, &self.adjusted, self.smallest_change)
    }
}

/// A verdict that says nothing of an improvement.
pub fn unless_improved(word: Verdict) -> Verdict {
    match word {
        Verdict::ClearImprovement | Verdict::ImprovementSizeUncertain => Verdict::CannotTellYet,
        other => other,
    }
}
