//! Comments are no sum. Their wording can give a writer away, so that twice as many forms are needed as for a mean; and a
//! comment that is listed on one day and not on another belongs to the one form by which the two days differ, so that they
//! are read of exactly the forms that were counted when the window closed, or not at all.

use statistics::thresholds::COMMENT_FLOOR;
use statistics::{Reason, comment_gate};

/// The smallest number of forms whose comments may be read.
pub const COMMENTS_FLOOR: usize = COMMENT_FLOOR;

/// Why the comments of an offering's forms may not be read, if so: `counted` is how many forms there were when the window
/// had closed, none before; `forms` is how many there are now.
pub fn hidden_comments(counted: Option<usize>, forms: usize) -> Option<Reason> {
    let Some(counted) = counted else { return Some(Reason::WindowOpen) };
    comment_gate(counted).or((counted != forms).then_some(Reason::SmallGroups))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_forms_are_read_and_only_those_that_were_counted() {
        let found = [(None, 12), (Some(9), 9), (Some(10), 10), (Some(11), 12)];
        let expected = [Some(Reason::WindowOpen), Some(Reason::FewerThan10), None, Some(Reason::SmallGroups)];
        assert_eq!(found.map(|(counted, forms)| hidden_comments(counted, forms)), expected);
    }
}
