//! The largest flow between two points of a small network, and the cut that stops it (Ford and Fulkerson 1956).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A capacity that no count of people reaches.
pub(super) const ENDLESS: u64 = u64::MAX / 4;

/// A network of points with capacities between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Network {
    arcs: BTreeMap<usize, BTreeMap<usize, u64>>,
}

/// What stops a flow.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cut {
    /// The largest flow, or the limit of the search if that came first.
    pub(super) flow: u64,
    /// The points still reached from the source when nothing more flows; of no meaning at the limit.
    pub(super) source_side: BTreeSet<usize>,
}

impl Network {
    /// Adds capacity from one point to another.
    pub(super) fn connect(&mut self, from: usize, to: usize, capacity: u64) {
        let arc = self.arcs.entry(from).or_default().entry(to).or_default();
        *arc = arc.saturating_add(capacity).min(ENDLESS);
        // A flow can be taken back along the reverse.
        self.arcs.entry(to).or_default().entry(from).or_default();
    }

    /// The largest flow from one point to another, looked for until it reaches `enough`.
    pub(super) fn cut(&self, from: usize, to: usize, enough: u64) -> Cut {
        let mut used = BTreeMap::<(usize, usize), i128>::new();
        let mut flow = 0_u64;
        loop {
            let reached = self.reach(from, to, &used);
            let path = path(&reached, from, to);
            if path.is_empty() || flow >= enough {
                return Cut { flow: flow.min(enough), source_side: reached.into_keys().collect() };
            }
            let free = path.iter().map(|(a, b)| self.free(*a, *b, &used)).min().unwrap_or(0);
            for (a, b) in path {
                *used.entry((a, b)).or_default() += i128::from(free);
                *used.entry((b, a)).or_default() -= i128::from(free);
            }
            flow = flow.saturating_add(free);
        }
    }

    fn free(&self, from: usize, to: usize, used: &BTreeMap<(usize, usize), i128>) -> u64 {
        let capacity = self.arcs.get(&from).and_then(|arcs| arcs.get(&to)).copied().unwrap_or(0);
        let left = i128::from(capacity) - used.get(&(from, to)).copied().unwrap_or(0);
        u64::try_from(left.max(0)).unwrap_or(u64::MAX)
    }

    /// Every point that more can flow to, with the point before it, the nearest first; ends at the target.
    fn reach(&self, from: usize, to: usize, used: &BTreeMap<(usize, usize), i128>) -> BTreeMap<usize, usize> {
        let mut before = BTreeMap::from([(from, from)]);
        let mut waiting = VecDeque::from([from]);
        while let Some(point) = waiting.pop_front() {
            for next in self.arcs.get(&point).into_iter().flat_map(BTreeMap::keys) {
                if !before.contains_key(next) && self.free(point, *next, used) > 0 {
                    before.insert(*next, point);
                    if *next == to {
                        return before;
                    }
                    waiting.push_back(*next);
                }
            }
        }
        before
    }
}

/// The steps from source to target, last first; none where it was not reached, or is the source.
fn path(before: &BTreeMap<usize, usize>, from: usize, to: usize) -> Vec<(usize, usize)> {
    let mut steps = Vec::new();
    let mut point = to;
    while point != from {
        let Some(previous) = before.get(&point) else { return Vec::new() };
        steps.push((*previous, point));
        point = *previous;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(arcs: &[(usize, usize, u64)]) -> Network {
        let mut network = Network::default();
        for (from, to, capacity) in arcs {
            network.connect(*from, *to, *capacity);
        }
        network
    }

    #[test]
    fn flows_and_their_cuts() {
        // The way over the middle must be taken back for the whole to flow.
        let found = network(&[(0, 1, 3), (0, 2, 2), (1, 2, 5), (1, 3, 2), (2, 3, 3)]).cut(0, 3, 100);
        assert_eq!((found.flow, found.source_side), (5, BTreeSet::from([0])));
        let narrow = network(&[(0, 1, 9), (1, 2, 4), (2, 3, 9)]);
        assert_eq!(narrow.cut(0, 3, 100), Cut { flow: 4, source_side: BTreeSet::from([0, 1]) });
        assert_eq!((narrow.cut(0, 3, 3).flow, narrow.cut(3, 0, 9).flow, narrow.cut(0, 7, 9).flow), (3, 0, 0));
        assert_eq!(network(&[(0, 1, 2), (0, 1, ENDLESS)]).cut(0, 1, u64::MAX).flow, ENDLESS);
    }
}
