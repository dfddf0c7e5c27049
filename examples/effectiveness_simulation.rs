//! How often are the figures of effectiveness right? Courses made up by dice, of which the truth is known.
//!
//! Writes the report on standard output, the same bytes each time:
//!
//! ```sh
//! cargo run --release --example effectiveness_simulation > docs/effectiveness-simulation.md
//! ```

use std::io::Write;

use thuocdo::evaluation::statistics::{
    ClusterSums, EvidenceInput, Figure, Grade, Moments, PairMoments, Respondents, Unit, Verdict,
    ancova_figures, ancova_from, attrition, cluster_robust_change, cluster_robust_difference,
    difference_figures, difference_from, evidence_grade, expected_regression, headline_verdict,
    paired_figures, paired_from, regression_figures, settled, settled_by_both, thresholds::SMALLEST_CHANGE,
    verdict, with_lost_unchanged, with_raters,
};

#[path = "../src/evaluation/statistics/simulated.rs"]
mod simulated;

use simulated::{Dice, Drawn, Person, World, holds, pairs, rated, truth};

/// Courses drawn for each row of each table.
const RUNS: u32 = 10_000;

/// People drawn to know the truth of a world.
const TRUTH: usize = 400_000;

fn main() -> std::io::Result<()> {
    let report = [
        introduction(),
        coverage_section(),
        few_raters_section(),
        no_effect_section(),
        power_section(),
        follow_up_section(),
        regression_section(),
        CONCLUSION.to_owned(),
    ];
    std::io::stdout().lock().write_all(report.join("\n").as_bytes())
}

/// A share of the runs, in percent.
fn percent(count: u32) -> String {
    format!("{:.1}", 100.0 * f64::from(count) / f64::from(RUNS))
}

/// Points with two decimals, without a minus before nothing.
fn points(value: f64) -> String {
    let text = format!("{value:.2}");
    if text == "-0.00" { "0.00".to_owned() } else { text }
}

/// A row of a table.
fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let line = "|---".repeat(head.len()) + "|\n";
    let body: String = rows.iter().map(|cells| row(cells)).collect();
    row(&head) + &line + &body
}

/// A seed that belongs to a row and to nothing else.
fn seed(section: u64, place: usize) -> u64 {
    1_000 * section + place as u64
}

const PLAIN: World = World { level: 3.0, effect: 0.0, eye: 0.0, shared: false };

fn introduction() -> String {
    format!(
        "# How often the figures of effectiveness are right\n\n\
         Written by `cargo run --release --example effectiveness_simulation`; each row of each table is {RUNS} courses \
         drawn by seeded dice, through the functions the service itself calls. A share of {RUNS} runs is known to \
         about half a percentage point.\n\n\
         **The world.** A person's score is the mean of five answers from 1 to 5, given by the supervisor before and \
         after. It varies by the person (standard deviation 0.50 points), by the occasion (0.35), by the question \
         (0.60), and people gain more or less than others (0.20). One supervisor has four people. In some worlds the \
         supervisors' yardsticks move between the two occasions (0.25): then people under one supervisor rise and \
         fall together. «Ceiling» starts at 4.3 instead of 3.0, where many answers are already 5. The true change is \
         that of the scores, after rounding and after the ends of the scale, from {TRUTH} people; it is less than \
         what people gained inside.\n"
    )
}

/// The figure of the difference as the service shows it, and whether it is labelled «probably too narrow».
fn shown_difference(drawn: &Drawn) -> (Figure, bool) {
    let [trained, comparison] =
        [&drawn.trained, &drawn.comparison].map(|group| PairMoments::of(&pairs(group)));
    let found = difference_from(&trained, &comparison);
    let figure = difference_figures(&found, Unit::PointsOf5, Respondents::Named).difference;
    let sums = ClusterSums::of(&rated(&drawn.trained), &rated(&drawn.comparison));
    let shown = with_raters(figure, &cluster_robust_difference(&sums));
    (shown.figure, shown.probably_too_narrow)
}

/// How often each interval holds the truth.
#[derive(Default)]
struct Coverage {
    change: u32,
    change_by_raters: u32,
    welch: u32,
    by_raters: u32,
    shown: u32,
    labelled: u32,
    g_av: u32,
}

fn coverage(world: &World, trained: usize, comparison: usize, seed: u64) -> (Coverage, [f64; 3]) {
    let mut dice = Dice::new(seed);
    let truth = truth(world, TRUTH, &mut dice);
    let [change, difference, standardised] = truth;
    let mut found = Coverage::default();
    let held = |ends: Option<[f64; 2]>, truth: f64| u32::from(ends.is_some_and(|ends| holds(ends, truth)));
    for _ in 0..RUNS {
        let drawn = world.draw(trained, comparison, &mut dice);
        let moments = [&drawn.trained, &drawn.comparison].map(|group| PairMoments::of(&pairs(group)));
        let [of_trained, of_comparison] = &moments;
        let effect = paired_from(of_trained).inference.ok();
        found.change += held(effect.map(|effect| effect.ci95), change);
        found.g_av += held(effect.map(|effect| effect.g_av_ci95), standardised);
        let sums = ClusterSums::of(&rated(&drawn.trained), &rated(&drawn.comparison));
        let alone = cluster_robust_change(&sums).inference.ok();
        found.change_by_raters += held(alone.map(|alone| alone.ci95), change);
        let welch = difference_from(of_trained, of_comparison).inference.ok();
        found.welch += held(welch.map(|welch| welch.ci95), difference);
        let robust = cluster_robust_difference(&sums).inference.ok();
        found.by_raters += held(robust.map(|robust| robust.ci95), difference);
        let (figure, labelled) = shown_difference(&drawn);
        found.shown += held(figure.ci95(), difference);
        found.labelled += u32::from(labelled);
    }
    (found, truth)
}

fn coverage_row(name: &str, world: &World, trained: usize, comparison: usize, seed: u64) -> Vec<String> {
    let (found, [change, difference, standardised]) = coverage(world, trained, comparison, seed);
    vec![
        name.to_owned(),
        format!("{trained} + {comparison}"),
        [change, difference, standardised].map(points).join(" / "),
        percent(found.change),
        percent(found.change_by_raters),
        percent(found.welch),
        percent(found.by_raters),
        percent(found.shown),
        percent(found.labelled),
        percent(found.g_av),
    ]
}

const COVERAGE_HEAD: [&str; 10] = [
    "world",
    "people",
    "true change / difference / g_av",
    "change, t",
    "change, by raters",
    "difference, Welch",
    "difference, by raters",
    "**difference, as shown**",
    "labelled «probably too narrow»",
    "g_av",
];

fn coverage_section() -> String {
    let learning = World { effect: 0.5, ..PLAIN };
    let worlds = [
        ("no effect", PLAIN),
        ("effect", learning),
        ("effect, yardsticks move", World { eye: 0.25, ..learning }),
        (
            "effect, yardsticks move, same supervisors in both groups",
            World { eye: 0.25, shared: true, ..learning },
        ),
        ("effect, ceiling", World { level: 4.3, ..learning }),
        ("effect, ceiling, yardsticks move", World { level: 4.3, eye: 0.25, ..learning }),
    ];
    let sizes = [12, 24, 60];
    let rows: Vec<Vec<String>> = worlds
        .iter()
        .flat_map(|(name, world)| sizes.iter().map(move |size| (name, world, *size)))
        .enumerate()
        .map(|(place, (name, world, size))| coverage_row(name, world, size, size, seed(1, place)))
        .collect();
    format!(
        "## Do the intervals hold the truth?\n\n\
         A 95 % interval should hold the true value in 95 of 100 courses. With fewer than ten supervisors the service \
         shows the interval of Welch with a label; from ten on the one by raters, and where one group has fewer than \
         ten, the wider of both. Where one group has fewer than five, the label stays.\n\n{}",
        table(&COVERAGE_HEAD, &rows)
    )
}

fn few_raters_section() -> String {
    let world = World { effect: 0.5, eye: 0.25, ..PLAIN };
    let rows: Vec<Vec<String>> =
        [(12, 28), (12, 60), (16, 60), (20, 60), (20, 20), (24, 60), (24, 24), (28, 28), (40, 60), (60, 12)]
            .iter()
            .enumerate()
            .map(|(place, (trained, comparison))| {
                let name = format!("{} and {} supervisors", trained / 4, comparison / 4);
                coverage_row(&name, &world, *trained, *comparison, seed(2, place))
            })
            .collect();
    format!(
        "## When one of the groups has few supervisors\n\n\
         Yardsticks move; the trained have the first number of supervisors, the comparison group the second.\n\n{}",
        table(&COVERAGE_HEAD, &rows)
    )
}

const VERDICTS: [Verdict; 5] = [
    Verdict::ClearImprovement,
    Verdict::ImprovementSizeUncertain,
    Verdict::PracticallyNoChange,
    Verdict::CannotTellYet,
    Verdict::Worse,
];

const VERDICT_HEAD: [&str; 8] = [
    "world",
    "people",
    "true difference",
    "clear improvement",
    "improvement, size uncertain",
    "practically no change",
    "cannot tell yet",
    "worse",
];

/// How often each verdict falls.
fn verdicts(world: &World, size: usize, dice: &mut Dice) -> [u32; 5] {
    let mut counts = [0; 5];
    for _ in 0..RUNS {
        let (figure, _) = shown_difference(&world.draw(size, size, dice));
        let word = figure.ci95().map(|ends| verdict(ends, SMALLEST_CHANGE));
        for (count, kind) in counts.iter_mut().zip(VERDICTS) {
            *count += u32::from(word == Some(kind));
        }
    }
    counts
}

fn verdict_row(name: &str, world: &World, size: usize, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let [_, difference, _] = truth(world, TRUTH, &mut dice);
    let counts = verdicts(world, size, &mut dice);
    let head = [name.to_owned(), format!("{size} + {size}"), points(difference)];
    head.into_iter().chain(counts.into_iter().map(percent)).collect()
}

fn no_effect_section() -> String {
    let worlds = [
        ("no effect", PLAIN),
        ("no effect, yardsticks move", World { eye: 0.25, ..PLAIN }),
        ("no effect, yardsticks move, same supervisors", World { eye: 0.25, shared: true, ..PLAIN }),
        ("no effect, ceiling", World { level: 4.3, ..PLAIN }),
    ];
    let rows: Vec<Vec<String>> = worlds
        .iter()
        .flat_map(|(name, world)| [12, 24, 60].map(move |size| (name, world, size)))
        .enumerate()
        .map(|(place, (name, world, size))| verdict_row(name, world, size, seed(3, place)))
        .collect();
    format!(
        "## What is said of a course that does nothing?\n\n\
         Verdicts on the difference as shown, against a smallest change that matters of {SMALLEST_CHANGE} points. \
         «Clear improvement» must stay below 2.5 %; both improvements together are what an interval may claim by \
         chance.\n\n{}",
        table(&VERDICT_HEAD, &rows)
    )
}

fn power_section() -> String {
    let rows: Vec<Vec<String>> = [0.125, 0.25, 0.5, 0.75, 1.0]
        .iter()
        .flat_map(|effect| [12, 24, 60].map(move |size| (World { effect: *effect, ..PLAIN }, size)))
        .enumerate()
        .map(|(place, (world, size))| verdict_row("no cluster", &world, size, seed(4, place)))
        .collect();
    format!(
        "## How large must an effect be to be seen?\n\n\
         The same verdicts for true effects. A course of twelve finds «clear improvement» only where the effect is \
         very large; that is why «cannot tell yet» is never worded as «no effect».\n\n{}",
        table(&VERDICT_HEAD, &rows)
    )
}

/// Which of the trained are rated again.
#[derive(Clone, Copy)]
enum Lost {
    AtRandom,
    LowBefore,
    LowGain,
}

impl Lost {
    /// Who is more likely to be rated again.
    fn pull(self, person: &Person) -> f64 {
        match self {
            Self::AtRandom => 0.0,
            Self::LowBefore => person.before / 0.66,
            Self::LowGain => (person.after - person.before) / 0.66,
        }
    }

    /// The people rated again, and those lost.
    fn split(self, people: &[Person], kept: usize, dice: &mut Dice) -> (Vec<Person>, Vec<Person>) {
        let mut ranked: Vec<(f64, Person)> =
            people.iter().map(|person| (self.pull(person) + dice.normal(), *person)).collect();
        ranked.sort_by(|left, right| right.0.total_cmp(&left.0));
        let people: Vec<Person> = ranked.into_iter().map(|(_, person)| person).collect();
        let (kept, lost) = people.split_at(kept.min(people.len()));
        (kept.to_vec(), lost.to_vec())
    }
}

fn improved(word: Option<Verdict>) -> u32 {
    u32::from(matches!(word, Some(Verdict::ClearImprovement | Verdict::ImprovementSizeUncertain)))
}

/// Sixty were trained, so many are rated again; what is said, and what of it stands.
fn follow_up_row(name: &str, lost: Lost, kept: usize, effect: f64, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let world = World { effect, ..PLAIN };
    let [_, difference, _] = truth(&world, TRUTH, &mut dice);
    let (mut sum, mut held, mut claimed, mut stood, mut flagged) = (0.0, 0, 0, 0, 0);
    let mut grades = [0; 4];
    for _ in 0..RUNS {
        let drawn = world.draw(60, 60, &mut dice);
        let (rated_again, gone) = lost.split(&drawn.trained, kept, &mut dice);
        let before = |people: &[Person]| people.iter().map(|person| person.before).collect::<Vec<f64>>();
        let attrition_flagged = attrition(&before(&rated_again), &before(&gone)).flagged;
        let evidence = evidence_grade(&EvidenceInput {
            supervisor_pairs: kept,
            comparison_pairs: 60,
            follow_ups_due: 60,
            follow_ups_answered: kept,
            attrition_flagged,
            ..EvidenceInput::default()
        });
        let others = PairMoments::of(&pairs(&drawn.comparison));
        let figure = |trained: &[(f64, f64)]| {
            let found = difference_from(&PairMoments::of(trained), &others);
            difference_figures(&found, Unit::PointsOf5, Respondents::Named).difference
        };
        let observed = figure(&pairs(&rated_again));
        let bounded = figure(&with_lost_unchanged(&pairs(&rated_again), &before(&gone)));
        let word = |figure: &Figure| headline_verdict(figure, SMALLEST_CHANGE, &evidence);
        let stands =
            word(&observed).map(|found| settled(found, word(&bounded).unwrap_or(Verdict::CannotTellYet)));
        sum += observed.value().unwrap_or(f64::NAN);
        held += u32::from(observed.ci95().is_some_and(|ends| holds(ends, difference)));
        claimed += improved(observed.ci95().map(|ends| verdict(ends, SMALLEST_CHANGE)));
        stood += improved(stands);
        flagged += u32::from(attrition_flagged);
        for (count, grade) in grades.iter_mut().zip([Grade::A, Grade::B, Grade::C, Grade::D]) {
            *count += u32::from(evidence.grade == grade);
        }
    }
    let grades: Vec<String> = ["A", "B", "C", "D"]
        .iter()
        .zip(grades)
        .filter(|(_, count)| *count > 0)
        .map(|(grade, count)| format!("{grade} {}", percent(count)))
        .collect();
    vec![
        name.to_owned(),
        format!("{kept} of 60"),
        points(difference),
        points(sum / f64::from(RUNS)),
        percent(held),
        percent(claimed),
        percent(stood),
        percent(flagged),
        grades.join(", "),
    ]
}

fn follow_up_section() -> String {
    let kinds = [
        ("at random", Lost::AtRandom),
        ("low scores before", Lost::LowBefore),
        ("small gains", Lost::LowGain),
    ];
    let mut rows = Vec::new();
    for (effect, kept) in [(0.0, 24), (0.5, 24), (0.5, 48), (0.0, 48), (0.0, 23)] {
        for (name, lost) in kinds {
            rows.push(follow_up_row(name, lost, kept, effect, seed(5, rows.len())));
        }
    }
    let head = [
        "who is lost",
        "rated again",
        "true difference",
        "mean found",
        "interval holds",
        "improvement claimed by the interval",
        "**improvement that stands**",
        "attrition flagged",
        "grades (%)",
    ];
    format!(
        "## When many are not rated again\n\n\
         Sixty were trained; the comparison group of sixty is complete. «Stands» means: after the bound in which the \
         lost did not change, and with no verdict below 40 % follow-up.\n\n{}",
        table(&head, &rows)
    )
}

/// The weakest of two hundred are sent to a course that does nothing; what is said.
#[derive(Default)]
struct Weakest {
    change: f64,
    expected: f64,
    by_change: u32,
    by_remaining: u32,
    by_assumed: u32,
    against_any: u32,
    agreed_by_annex: u32,
    against_waiting: u32,
}

fn weakest(sent: usize, reliability: f64, seed: u64) -> Weakest {
    let mut dice = Dice::new(seed);
    let mut found = Weakest::default();
    for _ in 0..RUNS {
        let mut pool = PLAIN.draw(200, 0, &mut dice).trained;
        let mean = pool.iter().map(|person| person.before).sum::<f64>() / pool.len() as f64;
        // Equal scores stay in the order they were drawn in, which is random.
        pool.sort_by(|left, right| left.before.total_cmp(&right.before));
        let (weak, others) = pool.split_at(2 * sent);
        let every_second = |rest: usize| -> Vec<(f64, f64)> {
            let chosen: Vec<Person> = weak
                .iter()
                .enumerate()
                .filter(|(place, _)| place % 2 == rest)
                .map(|(_, person)| *person)
                .collect();
            pairs(&chosen)
        };
        let trained = PairMoments::of(&every_second(0));
        let waiting = PairMoments::of(&every_second(1));
        let any = PairMoments::of(&pairs(others));
        let adjusted =
            ancova_figures(&ancova_from(&trained, &any), Unit::PointsOf5, Respondents::Named).effect;
        let change = paired_figures(&paired_from(&trained), Unit::PointsOf5, Respondents::Named).change;
        let claims = |figure: &Figure| improved(figure.ci95().map(|ends| verdict(ends, SMALLEST_CHANGE)));
        let against = |others: &PairMoments| {
            difference_figures(&difference_from(&trained, others), Unit::PointsOf5, Respondents::Named)
                .difference
        };
        let without = |rho: Option<f64>| {
            expected_regression(trained.before.mean, mean, rho)
                .map(|expected| regression_figures(&change, &expected))
        };
        found.change += change.value().unwrap_or(f64::NAN) / f64::from(RUNS);
        found.by_change += claims(&change);
        if let Some(figures) = without(Some(reliability)) {
            found.expected += figures.expected.value().unwrap_or(f64::NAN) / f64::from(RUNS);
            found.by_remaining += claims(&figures.remaining);
        }
        found.by_assumed += without(None).map_or(0, |figures| claims(&figures.remaining));
        let unmatched = against(&any);
        let word = unmatched.ci95().map(|ends| verdict(ends, SMALLEST_CHANGE));
        found.against_any += claims(&unmatched);
        found.agreed_by_annex += improved(word.map(|word| settled_by_both(word, &unmatched, &adjusted)));
        found.against_waiting += claims(&against(&waiting));
    }
    found
}

fn regression_section() -> String {
    let mut dice = Dice::new(seed(6, 999));
    let everybody = PairMoments::of(&pairs(&PLAIN.draw(TRUTH, 0, &mut dice).trained));
    let spread = |moments: &Moments| moments.ss.sqrt();
    let reliability = everybody.cross / spread(&everybody.before) / spread(&everybody.after);
    let rows: Vec<Vec<String>> = [12, 24, 48]
        .iter()
        .enumerate()
        .map(|(place, sent)| {
            let found = weakest(*sent, reliability, seed(6, place));
            vec![
                format!("{sent}"),
                points(found.change),
                points(found.expected),
                percent(found.by_change),
                percent(found.by_remaining),
                percent(found.by_assumed),
                percent(found.against_any),
                percent(found.agreed_by_annex),
                percent(found.against_waiting),
            ]
        })
        .collect();
    let head = [
        "sent",
        "mean change found",
        "expected untaught",
        "improvement by the change alone",
        "by what remains, reliability known",
        "by what remains, 0.5 assumed",
        "by the difference to any others",
        "the same, where the annex agrees",
        "**by the difference to a waiting list**",
    ];
    format!(
        "## When the weakest are sent\n\n\
         Of two hundred people the weakest are sent (every second of the lowest scores; the others of these are the \
         waiting list) to a course that does nothing. The reliability of one score is {reliability:.2}. Shares of \
         courses in which an improvement is claimed.\n\n{}",
        table(&head, &rows)
    )
}

const CONCLUSION: &str = "\
## What this says

**Where the figures keep their promise.** Without moving yardsticks the t interval of the change, the interval of Welch \
and that of g_av hold the truth in 93 to 96 of 100 courses, from twelve people on and also at the ceiling (g_av of \
twelve people at the ceiling: just below 93). A course that does nothing is called a «clear improvement» in fewer than \
1 of 100 cases, in every world and size tried. At the ceiling the intervals are right, but about a change that the \
scale has cut down: a gain of 0.50 shows as 0.35. Hence the warning about the ceiling.

**Where they do not.**

1. *People under one supervisor.* If yardsticks move, intervals that count people (t, Welch, g_av) hold the truth in \
   90 to 93 of 100 courses, not 95, however many people there are; more people do not help, more supervisors do. From \
   ten supervisors on `with_raters` gives the interval by raters, or the wider of both while one group has fewer than \
   ten, which holds in 93 to 97. With fewer than ten in all, or fewer than five in one group, nothing repairs it: the \
   interval says «probably too narrow», and it is (91 to 94). The interval by raters alone would be worse there (86 \
   with three supervisors against fifteen), which is why it is not simply used everywhere. There is no such interval \
   for g_av: read it as a size, not as a proof. With the same supervisors in both groups, the difference cancels their \
   moves, and Welch is a little too wide instead.
2. *Twelve people.* Against twelve others they find «clear improvement» in 13 of 100 courses with a true difference of \
   0.49, and in 39 with 0.72. «Cannot tell yet» is the usual answer and means what it says.
3. *The lost.* If those who gained little are not rated again, the interval is wrong (it holds in 12 of 100 courses \
   with 40 % follow-up, in 72 with 80 %), and the data cannot show why. Assuming that the lost did not change takes \
   back most claims (88 to 15 of 100 at 40 %), but not all: with 80 % follow-up of a course that does nothing, 22 of \
   100 still stand. No formula repairs that; follow-up does. The price is paid by honest courses too: with 40 % \
   rated again, chosen at random, 84 of 100 intervals claim a true effect of 0.49, and 16 of these claims stand.
4. *The attrition flag* is raised in 35 to 44 of 100 courses that lost people purely at random: a standardised \
   difference of 0.25 between such small groups is common by chance. It is cautious, and costs honest courses a grade.
5. *The weakest are sent.* The change alone claims an improvement in 78 to 88 of 100 courses that do nothing, and the \
   difference to any other colleagues in 86 to nearly all: they had nothing to regain. A waiting list, or colleagues \
   of the same baseline, brings that to the 2.5 that chance allows. So does the annex: an improvement that the \
   analysis at equal baselines does not confirm becomes «cannot tell yet» (`settled_by_both`). Taking off the expected \
   regression works where the reliability assumed is near the true one, as here (0.5 against 0.52).

**What is not in here.** Moving yardsticks of one size only; four people per supervisor; effects that depend on the \
supervisor; ratings that follow the rating class. Two things would make all of it worse: supervisors who want the \
course to look good, and baselines collected after the course.
";
