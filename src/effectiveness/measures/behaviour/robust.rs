//! What the raters say of how sure the figures are.

use uuid::Uuid;

use super::super::sums::OfferingSums;
use super::comparison::{Comparison, Headline};
use statistics::{ClusterRobust, Raters, cluster_robust_change, cluster_robust_difference, with_raters};

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
    pub fn of(sums: &OfferingSums) -> Self {
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
    pub(super) fn cancels(&self) -> bool {
        self.under_both.iter().zip(&self.people).all(|(shared, all)| 2 * shared > *all)
    }

    /// The figures with intervals that know of the raters.
    pub(super) fn on(&self, figures: Comparison) -> Comparison {
        Comparison {
            change: with_raters(figures.change, &self.change).figure,
            difference: with_raters(figures.difference, &self.difference).figure,
            ..figures
        }
    }

    /// Raters of the trained and of the comparison group in the headline.
    pub(super) fn of_headline(&self, figures: &Comparison) -> [usize; 2] {
        match figures.headline {
            Headline::Difference => self.compared_raters,
            Headline::Change => [self.change_raters, 0],
        }
    }
}
