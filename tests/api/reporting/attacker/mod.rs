//! The attacker of section 13 of the measurement model. He reads every published figure, as everybody who may, of every
//! day and period; he knows who took part where, under whom and in which unit, and how the figures are made. He does
//! not know what anybody answered, and wants to.
//!
//! Who waits where seats were drawn by lot he sees in the draw. Of the figures about a questionnaire he knows from which
//! quarter on they are of which forms.
//!
//! He has three means: differences of published sets (also of one report on two days), elimination for whatever follows
//! from all sums together, and a linear programme for what the ends of the scale add to that.
//!
//! That he can find people is shown where there are some to find: in small examples, and in the seeded world itself, when
//! he is given what one of the rules hides.
//!
//! Two things are shown by design, and he is allowed to see them: that all had full marks (unanimity is hidden only at
//! the low end, where it would hurt, and named ratings are no secret of those who were rated), and the change of a group
//! that changed alike (`zero_variance_of_change`; no single person is singled out by it).

mod algebra;
mod chance;
mod draws;
mod figures;
mod hidden;
mod knowledge;
mod learning;
mod programme;
mod questionnaires;
mod reading;
mod roster;
mod world;

use std::collections::BTreeSet;
use std::time::Instant;

use algebra::given_away;
use knowledge::{Kind, Knowledge, Unknown, all};
use programme::{Programme, about_the_same};
use reading::Reader;
use roster::Roster;
use thuocdo::access::policy::{Scope, grant};
use thuocdo::access::{Permission, Role};
use world::{FULL_MARKS, World};

/// One step of a rating of five behaviours.
const STEP: f64 = 0.2;

#[tokio::test]
async fn who_reads_all_that_is_published_recovers_nobody() {
    let world = World::new(2026).await;
    let published = figures::published(&world).await;
    let reader = Reader::new(&world, &published.rows);
    let mut knowledge = reader.read(&published);
    reader.roster.learn_forms(&mut knowledge);
    true_to(&world, &knowledge);
    assert!(knowledge.figures > 5_000, "he has read little: {}", knowledge.figures);

    assert_eq!(knowledge.differences(), [], "of two published sets");
    assert_eq!(given_away(&knowledge), Vec::<Vec<Unknown>>::new(), "by elimination");
    assert_eq!(too_close(&world, &knowledge), [], "within the ends of the scale");

    for (rule, hidden) in reader.hidden() {
        let kinds = hidden.iter().flatten().map(|(of, _)| of.kind).collect();
        let mut careless = about_the_same(&knowledge, &kinds);
        hidden.into_iter().for_each(|set| careless.learn(set, None));
        assert!(!given_away(&careless).is_empty(), "{rule}: not needed, so this world does not prove it");
    }
}

/// The attacker's equations are all true, so he did not mistake whom a figure is of.
fn true_to(world: &World, knowledge: &Knowledge) {
    for (weights, sum) in &knowledge.equations {
        if let Some(sum) = sum {
            let truth: f64 = weights.iter().map(|(of, weight)| *weight as f64 * world.truth(of)).sum();
            assert!((truth - sum).abs() < 1e-6, "{truth} is not {sum}: {weights:?}");
        }
    }
}

/// Whose answers the linear programme knows to less than a step, but for those with full marks, whom it must know.
fn too_close(world: &World, knowledge: &Knowledge) -> Vec<(Kind, Vec<usize>)> {
    let start = Instant::now();
    let programmes = Programme::all(knowledge);
    let perfect = |kind| Roster { world }.in_lessons(&[FULL_MARKS], kind);
    let (mut found, mut by_design, mut solved) = (Vec::new(), BTreeSet::new(), 0);
    let mut narrowest = f64::INFINITY;
    for (range, members) in programmes.iter().flat_map(Programme::ranges) {
        let kind = range.of.kind;
        let truth = world.truth(&range.of);
        assert!(range.least - 1e-6 <= truth && truth <= range.most + 1e-6, "{range:?} without {truth}");
        solved += 2;
        let steps = range.width() / step(kind);
        if steps > 1.0 - 1e-6 {
            narrowest = narrowest.min(steps);
        } else if members.iter().all(|who| perfect(kind).contains(who)) {
            by_design.insert(kind);
        } else {
            found.push((kind, members.to_vec()));
        }
    }
    let sizes = programmes.iter().map(Programme::size);
    let (unknowns, equations) = sizes.fold((0, 0), |sum, size| (sum.0 + size.0, sum.1 + size.1));
    eprintln!(
        "{} figures, {} sums; {unknowns} unknowns, {equations} independent; {solved} programmes in {:.1?}; narrowest {narrowest:.2} steps",
        knowledge.figures,
        knowledge.equations.len(),
        start.elapsed(),
    );
    let unanimous = (0..4).map(Kind::Scale).chain([Kind::Before, Kind::Form]).collect();
    assert_eq!(by_design, unanimous, "he sees unanimity where there is any");
    found
}

/// One step of the scale: nobody's answer may be known more closely.
fn step(kind: Kind) -> f64 {
    match kind {
        Kind::Test | Kind::Learned => 10.0,
        Kind::Scale(_) | Kind::Condition(_) | Kind::Said(_) => 1.0,
        Kind::Score | Kind::ScoreChange | Kind::ColleagueScore | Kind::ColleagueScoreChange => 1.0,
        _ => STEP,
    }
}

/// What became of official scores quarter by quarter he does not read: those who may, may read everybody's scores.
#[test]
fn who_may_read_work_scores_may_read_everybodys_ratings() {
    let readers: Vec<Role> =
        Role::ALL.into_iter().filter(|role| grant(*role, Permission::WorkScoreRead).is_some()).collect();
    assert!(!readers.is_empty());
    for role in readers {
        assert_eq!(grant(role, Permission::RatingRead), Some(Scope::All), "{role:?}");
    }
}

/// What the attacker can do, shown where there is something to find.
mod his_means {
    use super::*;

    fn knowing(sums: &[(&[usize], f64)]) -> Knowledge {
        let mut knowledge = Knowledge::default();
        sums.iter().for_each(|(group, sum)| knowledge.learn(all(Kind::Form, group), Some(*sum)));
        knowledge
    }

    fn recovered(knowledge: &Knowledge) -> Vec<usize> {
        let programme = Programme::of(knowledge);
        let ranges = programme.ranges();
        let mut found: Vec<usize> =
            ranges.iter().filter(|(range, _)| range.width() < STEP).flat_map(|(_, of)| of.to_vec()).collect();
        found.sort_unstable();
        found
    }

    /// A total of twelve and the same without one: the vector of the measurement model.
    #[test]
    fn a_set_minus_another_leaves_one() {
        let twelve: Vec<usize> = (0..12).collect();
        let leaky = knowing(&[(&twelve, 47.0), (&twelve[1..], 45.0)]);
        let one = vec![Unknown { kind: Kind::Form, who: 0 }];
        assert_eq!(leaky.differences(), [(Kind::Form, vec![0])]);
        assert_eq!(given_away(&leaky), [one]);
        assert_eq!(recovered(&leaky), [0]);
    }

    /// No two of the sets are nested, yet the first two minus the third are two people.
    #[test]
    fn elimination_sees_what_pairs_of_sets_do_not() {
        let rows: [Vec<usize>; 2] = [(0..8).collect(), (8..16).collect()];
        let column: Vec<usize> = (1..8).chain(9..16).collect();
        let leaky = knowing(&[(&rows[0], 30.0), (&rows[1], 30.0), (&column, 55.0)]);
        assert_eq!(leaky.differences(), []);
        let two = [0, 8].map(|who| Unknown { kind: Kind::Form, who });
        assert_eq!(given_away(&leaky), [two.to_vec()]);
        assert!(recovered(&leaky).is_empty(), "of the two together he knows the sum alone");
    }

    /// Nothing follows from the sums alone, but two people with ten points have five each.
    #[test]
    fn the_programme_knows_the_ends_of_the_scale() {
        let five: Vec<usize> = (0..5).collect();
        let unanimous = knowing(&[(&five, 25.0)]);
        assert!(given_away(&unanimous).is_empty());
        assert_eq!(recovered(&unanimous), five);
        assert!(recovered(&knowing(&[(&five, 24.0)])).is_empty());
    }
}
