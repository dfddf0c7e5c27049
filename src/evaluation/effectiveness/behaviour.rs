//! Level 3, the headline: behaviour at work, rated by the supervisor.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::sums::{Flow, Sums, count};
use crate::evaluation::statistics::thresholds::{
    BASELINE_GAP, BASELINES_COMPARABLE, LECTURER_OFFERINGS, LECTURER_PAIRS, PAIRS_SHOWN,
};
use crate::evaluation::statistics::{
    self, AncovaFigures, BaselineFigures, ClusterRobust, Evidence, EvidenceInput, EvidenceReason, Figure,
    Moments, PairMoments, PairedFigures, Raters, Reason, Respondents, Status, Unit, Verdict, ancova_figures,
    ancova_within, attrition_from, baseline_figures, baselines_within, by_few_raters, changes_within,
    cluster_robust_change, cluster_robust_difference, depends_on_method, difference_figures,
    difference_within, evidence_grade, evidence_reasons, group_change_figure, headline_verdict,
    maryland_level, paired_figures, paired_from, settled_by_both, verdict, weaker, with_raters,
};

/// Which figure the verdict, the effect size and the sentence rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "difference")]
pub enum Headline {
    /// The change of the trained minus that of the comparison group.
    Difference,
    /// The change of the trained alone, as there is no comparison group of ten.
    Change,
}

/// How many pairs a subject's figures need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// Ten pairs.
    Standard,
    /// Thirty pairs from three offerings: a lecturer is one of many causes.
    Lecturer,
}

impl Floor {
    /// How many pairs it takes.
    pub(super) fn pairs(self) -> usize {
        match self {
            Floor::Standard => PAIRS_SHOWN,
            Floor::Lecturer => LECTURER_PAIRS,
        }
    }

    /// Whether they come from too few offerings.
    pub(super) fn refuses(self, offerings: usize) -> bool {
        self == Floor::Lecturer && offerings < LECTURER_OFFERINGS
    }
}

/// Before, after, and against the comparison group, in some unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Mean of the trained before.
    pub before: Figure,
    /// Mean of the trained after.
    pub after: Figure,
    /// After minus before.
    pub change: Figure,
    /// The change of those of the trained who have a match: the first part of the difference.
    pub matched_change: Figure,
    /// The change of the colleagues matched to them: what is taken off.
    pub comparison_change: Figure,
    /// By how much more the trained changed, within each offering.
    pub difference: Figure,
    /// Size of the headline in standard deviations.
    pub effect_size: Figure,
    /// Which figure decides.
    pub headline: Headline,
}

/// Level 3 of one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Behaviour {
    /// Before, after, and against the comparison group.
    pub figures: Comparison,
    /// The headline without the pairs whose rater changed.
    pub same_rater: Figure,
    /// How alike both groups were before the course.
    pub baselines: BaselineFigures,
    /// Both groups compared at equal baselines: the annex.
    pub at_equal_baselines: AncovaFigures,
    /// Whether the annex contradicts the difference.
    pub depends_on_method: bool,
    /// The headline if the course did nothing for those who were not rated again: what is said of it must survive this.
    pub bounded: Figure,
    /// The headline in a word; none while a gate is closed or too few follow-ups came in.
    pub verdict: Option<Verdict>,
    /// Why the verdict says less than the interval of the headline does; none where it says the same.
    pub limits: Vec<Limit>,
    /// By how many points of 5 supervisors would have to favour the trained for an improvement to vanish; none where none
    /// is said.
    pub tipping_point: Option<f64>,
    /// How far the study design carries a conclusion.
    pub evidence: Evidence,
    /// Where the grade starts, and each step down.
    pub reasons: Vec<EvidenceReason>,
    /// Level on the Maryland Scientific Methods Scale, 0 to 3.
    pub maryland_level: u8,
    /// Supervisors of the trained and of the comparison group in the headline.
    pub raters: [usize; 2],
}

/// Why a verdict says less than the interval of its figure does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "baselines_differ")]
pub enum Limit {
    /// It says less if the course did nothing for those who were not rated again.
    LostUnchanged,
    /// The comparison at equal baselines does not say the same.
    DependsOnMethod,
    /// Before the course both groups were more than 0.25 standard deviations apart.
    BaselinesDiffer,
    /// Fewer than ten supervisors rated, or fewer than five one of the groups: the interval is probably too narrow.
    FewRaters,
    /// Most were nominated for a weakness and are compared with nobody: they would have risen untaught.
    ChosenForWeakness,
    /// The evidence is of grade D, by which nothing can be called effective.
    WeakEvidence,
}

impl Comparison {
    /// Compare the trained with the colleagues matched to them, offering by offering, or say why not.
    pub fn of(sums: &Sums, unit: Unit, floor: Floor) -> Self {
        let n = count(sums.trained.n);
        if let Some((reason, n)) = closed(&sums.flow, n, floor) {
            let needed = floor.pairs();
            return Self::closed(
                Figure::closed(reason, unit, n).needing(needed),
                Figure::closed(reason, Unit::Standardised, n).needing(needed),
            );
        }
        let (trained, offerings) = (PairMoments::from(&sums.trained), offerings(sums));
        let PairedFigures { before, after, change, effect_size } =
            paired_figures(&paired_from(&trained), unit, Respondents::Named);
        let found = difference_within(&offerings);
        let mut between = difference_figures(&found, unit, Respondents::Named);
        if found.n_comparison == 0 {
            between.difference = Figure::closed(Reason::NoComparisonGroup, unit, 0).needing(PAIRS_SHOWN);
        }
        let compared = found.n_trained >= floor.pairs()
            && found.n_comparison >= PAIRS_SHOWN
            && !floor.refuses(offerings.len());
        if !compared && floor == Floor::Lecturer && between.difference.status() == Status::Ok {
            between.difference =
                Figure::closed(Reason::FewerThanNeeded, unit, found.n_trained).needing(floor.pairs());
        }
        // What the difference is made of is shown with it and never alone.
        let [matched_change, comparison_change] = changes_within(&offerings).map(|group| {
            if compared { group_change_figure(&group, unit, Respondents::Named) } else { between.difference }
        });
        Self {
            before,
            after,
            change,
            matched_change,
            comparison_change,
            difference: between.difference,
            effect_size: if compared { between.effect_size } else { effect_size },
            headline: if compared { Headline::Difference } else { Headline::Change },
        }
    }

    fn closed(figure: Figure, effect_size: Figure) -> Self {
        Self {
            before: figure,
            after: figure,
            change: figure,
            matched_change: figure,
            comparison_change: figure,
            difference: figure,
            effect_size,
            headline: Headline::Change,
        }
    }

    /// Only what changed. The rating before is the same at each follow-up, but some are missing at one of them: two
    /// means (or spreads) of it, of nearly the same people, would tell the rating of those who differ.
    fn without_levels(self) -> Self {
        let [before, after, effect_size] = [self.before, self.after, self.effect_size].map(hidden);
        Self { before, after, effect_size, ..self }
    }

    /// The figure that decides.
    pub fn decisive(&self) -> Figure {
        match self.headline {
            Headline::Difference => self.difference,
            Headline::Change => self.change,
        }
    }
}

/// Why there is nothing to show of `n` pairs, and how many there are with those that may not be counted (yet).
pub(super) fn closed(flow: &Flow, n: usize, floor: Floor) -> Option<(Reason, usize)> {
    let known = n + flow.withheld + flow.awaiting;
    if n >= floor.pairs() && !floor.refuses(flow.offerings) {
        None
    } else if known == 0 && flow.instrument_changed > 0 {
        Some((Reason::InstrumentChanged, flow.instrument_changed))
    } else if known == 0 {
        Some((Reason::NoCompletePairs, 0))
    } else if known < floor.pairs() || floor.refuses(flow.offerings) {
        Some((Reason::FewerThanNeeded, known))
    } else if flow.awaiting > 0 {
        Some((Reason::WindowOpen, known))
    } else {
        Some((Reason::SmallGroups, known))
    }
}

/// The two groups of each offering that has both.
fn offerings(sums: &Sums) -> Vec<[PairMoments; 2]> {
    sums.compared.iter().map(|of| [&of.trained, &of.comparison].map(PairMoments::from)).collect()
}

impl Behaviour {
    /// What a later follow-up may tell beside the first.
    #[must_use]
    pub fn later(self) -> Self {
        let AncovaFigures { effect, slope } = self.at_equal_baselines;
        // The annex is made of levels, and so are the baselines.
        let at_equal_baselines = AncovaFigures { effect: hidden(effect), slope: hidden(slope) };
        let BaselineFigures { trained, comparison, standardised } = self.baselines;
        let [trained, comparison, standardised] = [trained, comparison, standardised].map(hidden);
        let baselines = BaselineFigures { trained, comparison, standardised };
        Self { figures: self.figures.without_levels(), at_equal_baselines, baselines, ..self }
    }

    /// Measure a subject's people; `smallest_change` in points of 5.
    pub fn of(sums: &Sums, smallest_change: f64, floor: Floor) -> Self {
        let robust = Robust::of(sums);
        let mut figures = robust.on(Comparison::of(sums, Unit::PointsOf5, floor));
        let baselines = baselines(sums, &figures);
        let raters = robust.of_headline(&figures);
        let input = evidence(sums, &figures, &baselines);
        let (evidence, reasons) = (evidence_grade(&input), evidence_reasons(&input));
        for figure in [&mut figures.change, &mut figures.difference] {
            *figure = asked(*figure, sums, evidence);
        }
        let bounded = bounded(sums, &figures, floor);
        let at_equal_baselines = at_equal_baselines(sums, &figures);
        let method = Method {
            difference: Comparison::of(sums, Unit::PointsOf5, floor).difference,
            adjusted: at_equal_baselines.effect,
            smallest_change,
        };
        let compared = figures.headline == Headline::Difference;
        let said = said(&figures.decisive(), smallest_change, &evidence).map(|mut said| {
            said.limit(Limit::LostUnchanged, |word| {
                weaker(word, words(&bounded, smallest_change).unwrap_or(Verdict::CannotTellYet))
            });
            if compared {
                said.limit(Limit::DependsOnMethod, |word| method.leaves(word));
                said.limit(Limit::BaselinesDiffer, |word| by_baselines(word, &baselines));
            }
            if compared && figures.difference.probably_too_narrow() && !robust.cancels() {
                said.limit(Limit::FewRaters, |word| by_few_raters(word, robust.difference.fewest));
            }
            if reasons.contains(&EvidenceReason::WeaknessMajority) {
                said.limit(Limit::ChosenForWeakness, unless_improved);
            }
            said
        });
        let verdict = said.as_ref().map(|said| said.word);
        Self {
            tipping_point: tipping_point(&figures.decisive(), verdict),
            same_rater: asked(same_rater(sums, floor), sums, evidence),
            depends_on_method: compared && method.matters(),
            maryland_level: maryland_level(&input),
            baselines,
            at_equal_baselines,
            bounded,
            figures,
            verdict,
            limits: said.map(|said| said.limits).unwrap_or_default(),
            reasons,
            evidence,
            raters,
        }
    }
}

/// The lower end of an interval that says «improvement»: were the trained favoured by so much, it would reach 0 (the bias
/// that explains an effect away, as in VanderWeele and Ding 2017).
fn tipping_point(headline: &Figure, verdict: Option<Verdict>) -> Option<f64> {
    let improved = matches!(verdict, Some(Verdict::ClearImprovement | Verdict::ImprovementSizeUncertain));
    headline.ci95().filter(|_| improved).map(|[low, _]| low)
}

/// A verdict, and why it says less than its interval.
struct Said {
    /// What the interval says.
    interval: Verdict,
    /// What is left of it.
    word: Verdict,
    limits: Vec<Limit>,
}

impl Said {
    /// Say what a reason leaves of the interval's verdict; of what several leave, the weaker stands.
    fn limit(&mut self, limit: Limit, leaves: impl Fn(Verdict) -> Verdict) {
        let left = leaves(self.interval);
        if left != self.interval {
            self.word = weaker(self.word, left);
            self.limits.push(limit);
        }
    }
}

/// What the interval of a headline says; none while it is closed or too few follow-ups came in.
fn said(headline: &Figure, smallest_change: f64, evidence: &Evidence) -> Option<Said> {
    let word = words(headline, smallest_change).filter(|_| evidence.verdict_allowed)?;
    let mut said = Said { interval: word, word, limits: Vec::new() };
    said.limit(Limit::WeakEvidence, |word| {
        headline_verdict(headline, smallest_change, evidence).unwrap_or(word)
    });
    Some(said)
}

fn words(figure: &Figure, smallest_change: f64) -> Option<Verdict> {
    let ci95 = figure.ci95().filter(|_| figure.status() == Status::Ok)?;
    Some(verdict(ci95, smallest_change))
}

/// The two ways to compare both groups. Both count people: that people share raters is not what they differ in.
struct Method {
    difference: Figure,
    adjusted: Figure,
    smallest_change: f64,
}

impl Method {
    fn matters(&self) -> bool {
        depends_on_method(&self.difference, &self.adjusted, self.smallest_change)
    }

    fn leaves(&self, word: Verdict) -> Verdict {
        settled_by_both(word, &self.difference, &self.adjusted, self.smallest_change)
    }
}

/// Groups that differed before the course move apart or together untaught: whichever way, that is no effect of it.
fn by_baselines(word: Verdict, baselines: &BaselineFigures) -> Verdict {
    if differ(baselines) && word != Verdict::PracticallyNoChange { Verdict::CannotTellYet } else { word }
}

/// A verdict that says nothing of an improvement.
fn unless_improved(word: Verdict) -> Verdict {
    match word {
        Verdict::ClearImprovement | Verdict::ImprovementSizeUncertain => Verdict::CannotTellYet,
        other => other,
    }
}

/// Whether both groups were too far apart before: for how much people differ, and by enough to make an effect that matters.
fn differ(baselines: &BaselineFigures) -> bool {
    let BaselineFigures { trained, comparison, standardised } = baselines;
    let gap = trained.value().zip(comparison.value()).map(|(one, other)| (one - other).abs());
    // Where nobody within a group differs, there is no standard deviation, and any gap is one of the groups.
    gap.is_some_and(|gap| gap >= BASELINE_GAP)
        && standardised.value().is_none_or(|apart| apart.abs() > BASELINES_COMPARABLE)
}

fn evidence(sums: &Sums, figures: &Comparison, baselines: &BaselineFigures) -> EvidenceInput {
    let flow = &sums.flow;
    let lost = |pairs: statistics::Sums, lost: statistics::Sums| {
        attrition_from(&Moments::from(&pairs), &Moments::from(&lost)).flagged
    };
    let mut comparison_lost = statistics::Sums::default();
    sums.compared.iter().for_each(|of| comparison_lost.merge(&of.comparison_lost));
    EvidenceInput {
        supervisor_pairs: count(sums.trained.n),
        rater_changed_pairs: flow.rater_changed,
        compared_pairs: count(sums.matched().n),
        comparison_pairs: match figures.headline {
            Headline::Difference => count(sums.comparison().n),
            Headline::Change => 0,
        },
        self_pairs: flow.self_pairs,
        follow_ups_due: flow.follow_up_due,
        follow_ups_answered: flow.follow_up_answered,
        attrition_flagged: lost(sums.trained.baselines(), sums.lost)
            || lost(sums.comparison().baselines(), comparison_lost),
        comparison_due: sums.compared.iter().map(|of| of.comparison_due).sum(),
        comparison_answered: count(sums.comparison().n),
        baselines_differ: differ(baselines),
        few_raters: figures.decisive().probably_too_narrow(),
        nominated: flow.participants,
        nominated_for_weakness: flow.for_weakness,
    }
}

/// How alike both groups were, where the difference itself may be shown.
fn baselines(sums: &Sums, figures: &Comparison) -> BaselineFigures {
    let found = baselines_within(&offerings(sums));
    let n = [count(sums.matched().n), count(sums.comparison().n)];
    let found = baseline_figures(&found, n, Unit::PointsOf5, Respondents::Named);
    match figures.headline {
        Headline::Difference => found,
        Headline::Change => BaselineFigures {
            trained: shut(figures, Unit::PointsOf5),
            comparison: shut(figures, Unit::PointsOf5),
            standardised: shut(figures, Unit::Standardised),
        },
    }
}

/// A figure that is closed for the same reason as the difference.
fn shut(figures: &Comparison, unit: Unit) -> Figure {
    let difference = &figures.difference;
    Figure::closed(
        difference.reason().unwrap_or(Reason::SmallGroups),
        unit,
        difference.n().unwrap_or_default(),
    )
    .needing(difference.n_needed().unwrap_or(PAIRS_SHOWN))
}

/// The headline if nobody who was lost had changed, with an interval as the headline has one: as much wider than that of
/// people as the headline's is, because people share raters. Otherwise the bound could say less, or more, for the method
/// alone. Where nobody was lost it is the headline.
fn bounded(sums: &Sums, figures: &Comparison, floor: Floor) -> Figure {
    if sums.lost.n == 0 {
        return figures.decisive();
    }
    let half =
        |figure: &Figure| figure.ci95().map(|[low, high]| (high - low) / 2.0).filter(|half| *half > 0.0);
    // With the lost, more may be compared than without: the bound is of what the headline is of.
    let like_headline = |of: Comparison| match figures.headline {
        Headline::Difference => of.difference,
        Headline::Change => of.change,
    };
    let bound = like_headline(Comparison::of(&sums.with_lost_unchanged(), Unit::PointsOf5, floor));
    let by_people = like_headline(Comparison::of(sums, Unit::PointsOf5, floor));
    let widths = half(&figures.decisive()).zip(half(&by_people)).zip(half(&bound)).zip(bound.value());
    match (widths, bound.status()) {
        (Some((((headline, people), bounded), value)), Status::Ok) => {
            let half = bounded * headline / people;
            Figure::ok(value, Some([value - half, value + half]), bound.unit(), bound.n().unwrap_or_default())
        }
        _ => bound,
    }
}

/// The headline without the pairs whose rater changed; hidden where those could be told by subtraction.
fn same_rater(sums: &Sums, floor: Floor) -> Figure {
    if sums.same_rater.n == 0 && sums.trained.n > 0 {
        Figure::closed(Reason::SmallGroups, Unit::PointsOf5, 0).needing(floor.pairs())
    } else {
        Comparison::of(&sums.by_same_rater(), Unit::PointsOf5, floor).decisive()
    }
}

/// The annex: both groups compared at equal baselines, where the difference itself may be shown.
fn at_equal_baselines(sums: &Sums, figures: &Comparison) -> AncovaFigures {
    match figures.headline {
        Headline::Difference => {
            ancova_figures(&ancova_within(&offerings(sums)), Unit::PointsOf5, Respondents::Named)
        }
        Headline::Change => {
            AncovaFigures { effect: shut(figures, Unit::PointsOf5), slope: shut(figures, Unit::Coefficient) }
        }
    }
}

fn hidden(figure: Figure) -> Figure {
    match figure.status() {
        Status::Ok => Figure::closed(Reason::SmallGroups, figure.unit(), 0)
            .needing(figure.n_needed().unwrap_or(PAIRS_SHOWN)),
        _ => figure,
    }
}

/// The headline alone.
pub fn headline(sums: &Sums, floor: Floor) -> Figure {
    let figures = Robust::of(sums).on(Comparison::of(sums, Unit::PointsOf5, floor));
    let input = evidence(sums, &figures, &baselines(sums, &figures));
    asked(figures.decisive(), sums, evidence_grade(&input))
}

/// What the raters say of how sure a change and a difference are: people under one rater are not independent.
pub struct Robust {
    /// Of the change of the trained.
    pub change: ClusterRobust,
    /// Of the difference from the comparison group.
    pub difference: ClusterRobust,
    /// Raters of those who changed, and of both groups that are compared.
    change_raters: usize,
    compared_raters: [usize; 2],
    /// Of both groups, people whose rater rated somebody of the other group of the offering as well; and all people.
    under_both: [i64; 2],
    people: [i64; 2],
}

impl Robust {
    /// Of some people; each rater is one witness, in however many offerings.
    pub fn of(sums: &Sums) -> Self {
        let compared: Vec<[&Raters<Uuid>; 2]> = sums.compared.iter().map(|of| of.raters.each_ref()).collect();
        let of: Vec<&Raters<Uuid>> = sums.raters.iter().collect();
        let change = cluster_robust_change(&of);
        let compared_raters = [0, 1].map(|group| {
            let group: Vec<&Raters<Uuid>> =
                compared.iter().filter_map(|pair| pair.get(group).copied()).collect();
            cluster_robust_change(&group).clusters
        });
        let difference = cluster_robust_difference(&compared);
        let (mut under_both, mut people) = ([0; 2], [0; 2]);
        let shared = |own: &Raters<Uuid>, beside: &Raters<Uuid>| -> i64 {
            own.by.iter().filter(|(rater, _)| beside.by.contains_key(rater)).map(|(_, people)| people.n).sum()
        };
        for [one, other] in &compared {
            under_both[0] += shared(one, other);
            under_both[1] += shared(other, one);
            people[0] += one.people();
            people[1] += other.people();
        }
        Self { change_raters: change.clusters, compared_raters, change, difference, under_both, people }
    }

    /// Whether most people of each group have a rater who rated the other group as well: then a yardstick that moved is in
    /// both changes, and not in their difference.
    fn cancels(&self) -> bool {
        self.under_both.iter().zip(&self.people).all(|(shared, all)| 2 * shared > *all)
    }

    fn on(&self, figures: Comparison) -> Comparison {
        Comparison {
            change: with_raters(figures.change, &self.change).figure,
            difference: with_raters(figures.difference, &self.difference).figure,
            ..figures
        }
    }

    fn of_headline(&self, figures: &Comparison) -> [usize; 2] {
        match figures.headline {
            Headline::Difference => self.compared_raters,
            Headline::Change => [self.change_raters, 0],
        }
    }
}

fn asked(figure: Figure, sums: &Sums, evidence: Evidence) -> Figure {
    figure.invited(sums.whole_flow().follow_up_due).graded(evidence.grade)
}

#[cfg(test)]
mod tests {
    use super::super::sums::Compared;
    use super::*;
    use crate::evaluation::statistics::{Grade, PairSums};

    fn sample(trained: &[(f64, f64)], comparison: &[(f64, f64)], lost: &[f64]) -> Sums {
        let [all, others] = [trained, comparison].map(PairSums::of);
        let each = |group: &PairSums| Raters::by_people(group.changes());
        let of = Compared {
            trained: all,
            comparison: others,
            raters: [each(&all), each(&others)],
            ..Compared::default()
        };
        let mut sums = Sums {
            trained: all,
            same_rater: all,
            lost: statistics::Sums::of(lost),
            raters: vec![each(&all)],
            compared: if comparison.is_empty() { Vec::new() } else { vec![of] },
            ..Sums::default()
        }
        .alone();
        sums.flow.offerings = 3;
        sums.flow.follow_up_due = trained.len() + lost.len();
        sums.flow.follow_up_answered = trained.len();
        sums
    }

    fn rising(n: usize, by: f64) -> Vec<(f64, f64)> {
        (0..n).map(|i| (3.0, 3.0 + by + if i % 2 == 0 { 0.1 } else { -0.1 })).collect()
    }

    #[test]
    fn a_comparison_group_of_ten_takes_over_the_headline() {
        let found = |others: &[(f64, f64)]| {
            Behaviour::of(&sample(&rising(12, 0.6), others, &[]), 0.25, Floor::Standard)
        };
        let alone = found(&rising(9, 0.6));
        assert_eq!((alone.figures.headline, alone.evidence.grade), (Headline::Change, Grade::B));
        assert_eq!(alone.verdict, Some(Verdict::ClearImprovement));
        let compared = found(&rising(10, 0.6));
        assert_eq!((compared.figures.headline, compared.evidence.grade), (Headline::Difference, Grade::A));
        assert_eq!(compared.verdict, Some(Verdict::PracticallyNoChange));
    }

    #[test]
    fn a_later_follow_up_tells_what_changed_and_no_levels() {
        let mut trained = rising(12, 0.6);
        trained.iter_mut().zip(0..).for_each(|(pair, i)| pair.0 -= f64::from(i % 3) / 10.0);
        let of = |trained: &[(f64, f64)]| Behaviour::of(&sample(trained, &[], &[]), 0.25, Floor::Standard);
        let (first, later) = (of(&trained), of(&trained).later());
        let levels =
            |found: &Behaviour| [found.figures.before, found.figures.after, found.figures.effect_size];
        assert!(levels(&first).iter().all(|figure| figure.status() == Status::Ok));
        for figure in levels(&later) {
            assert_eq!((figure.status(), figure.value(), figure.n()), (Status::Suppressed, None, None));
        }
        assert_eq!(
            (later.figures.change, later.figures.difference, later.verdict),
            (first.figures.change, first.figures.difference, first.verdict)
        );
        // What is closed anyway says so.
        assert_eq!(levels(&of(&trained[..4]).later()), levels(&of(&trained[..4])));
    }

    #[test]
    fn the_lost_can_unsettle_a_verdict() {
        let trained = rising(12, 0.4);
        let verdict =
            |lost: &[f64]| Behaviour::of(&sample(&trained, &[], lost), 0.25, Floor::Standard).verdict;
        assert_eq!(verdict(&[]), Some(Verdict::ClearImprovement));
        assert_eq!(verdict(&[3.0; 6]), Some(Verdict::ImprovementSizeUncertain));
        assert_eq!(verdict(&[3.0; 20]), None, "under 40 % came back");
    }

    /// What was concluded stays, however many forms of another offering are still to come.
    #[test]
    fn an_open_window_changes_no_verdict() {
        let of = |sums: &Sums| Behaviour::of(sums, 0.25, Floor::Standard);
        let released = sample(&rising(12, 0.6), &rising(12, 0.0), &[]);
        let mut whole = released.clone();
        whole.merge(&sample(&[], &[], &[3.0; 31]).counted());
        assert_eq!(of(&whole).verdict, of(&released).verdict);
        assert_eq!(of(&whole).evidence, of(&released).evidence);
        assert_eq!(whole.whole_flow().follow_up_due, 12 + 31, "but they are counted");
    }

    /// Where nobody of a group differs from another, a gap is measured in no standard deviation, and is all the surer.
    #[test]
    fn groups_that_are_each_alike_and_far_apart_are_not_comparable() {
        let others: Vec<(f64, f64)> = (0..12).map(|i| (4.0, 4.0 + f64::from(i % 2) / 5.0)).collect();
        let found = Behaviour::of(&sample(&rising(12, 0.6), &others, &[]), 0.25, Floor::Standard);
        assert_eq!(found.baselines.standardised.value(), None);
        assert_eq!((found.verdict, found.maryland_level), (Some(Verdict::CannotTellYet), 2));
        assert!(found.limits.contains(&Limit::BaselinesDiffer), "{:?}", found.limits);
    }

    /// The weaker were trained: they gain more, but no more than others from such baselines.
    #[test]
    fn a_verdict_that_depends_on_the_method_cannot_be_told() {
        let rising = |from: f64| {
            let person = |i: usize| {
                let before = from + (i % 4) as f64 / 5.0;
                (before, 0.5 * before + 2.0 + if (i / 4).is_multiple_of(2) { 0.1 } else { -0.1 })
            };
            (0..20).map(person).collect::<Vec<_>>()
        };
        let found = Behaviour::of(&sample(&rising(2.0), &rising(3.2), &[]), 0.25, Floor::Standard);
        assert!(found.figures.difference.ci95().is_some_and(|[low, _]| low > 0.25));
        assert!(found.at_equal_baselines.effect.ci95().is_some_and(|[low, high]| low < 0.0 && high > 0.0));
        assert_eq!((found.verdict, found.depends_on_method), (Some(Verdict::CannotTellYet), true));
    }

    #[test]
    fn a_lecturer_needs_thirty_pairs_from_three_offerings() {
        let closed = |pairs, offerings| {
            let mut sample = sample(&rising(pairs, 0.4), &[], &[]);
            sample.flow.offerings = offerings;
            let change = Behaviour::of(&sample, 0.25, Floor::Lecturer).figures.change;
            (change.status(), change.n_needed())
        };
        assert_eq!(closed(30, 3), (Status::Ok, Some(10)));
        assert_eq!(closed(29, 3), (Status::InsufficientData, Some(30)));
        assert_eq!(closed(30, 2), (Status::InsufficientData, Some(30)));
    }

    #[test]
    fn people_rated_on_other_forms_only_are_undefined() {
        let mut sample = sample(&[], &[], &[]);
        sample.flow.instrument_changed = 4;
        let figure = Behaviour::of(&sample, 0.25, Floor::Standard).figures.change;
        assert_eq!(figure.reason(), Some(Reason::InstrumentChanged));
    }
}
