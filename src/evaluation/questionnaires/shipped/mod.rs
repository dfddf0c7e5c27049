//! The forms that come with the service, in words. Each item asks one thing, on a scale that fits it: how often, where
//! something was done or was so; how far one agrees, where learners judge a course; how far one is satisfied in the
//! statutory forms, since that is how quality is defined (Circular 10/2017/TT-BNV, Art. 2).
//!
//! A form is published once, when it is first needed, and is what the ministry asks from then on until an officer
//! publishes another revision: other words here reach only those who have not asked it yet.

mod behaviour;
mod beneficiary;
mod drafting;
mod environment;
mod quality;
mod reaction;

use super::instrument::Instrument;

pub use behaviour::{Taught, made_of_course};
pub use beneficiary::{BENEFICIARY_ITEMS, beneficiary};
pub use drafting::anchors;
pub use environment::{ENVIRONMENT_ITEMS, environment};
pub use quality::{quality_03_2023, quality_10_2017};
pub use reaction::{COMMENTS_PER_REACTION, REACTION_SCALES, reaction};

/// What the code of the test before a course ends in.
const FIRST_TEST: &str = "-a";
/// What the code of the test after a course ends in.
pub const SECOND_TEST: &str = "-b";

/// The codes of the two parallel tests of a course: the first is asked before it, the second after it.
pub fn knowledge_codes(course: &str) -> [String; 2] {
    [FIRST_TEST, SECOND_TEST].map(|form| format!("{}{course}{form}", Instrument::Knowledge.prefix()))
}

#[cfg(test)]
mod tests {
    use super::super::items::{ItemKind, Words};
    use super::drafting::{AGREEMENT, FREQUENCY, worded};
    use super::*;

    #[test]
    fn every_shipped_form_may_be_published_and_speaks_both_languages() {
        for form in [reaction(), environment(), beneficiary(), quality_10_2017(), quality_03_2023()] {
            let faults = form.faults();
            assert!(faults.is_empty(), "{}: {faults:?}", form.code);
            assert!(form.title_en.is_some() && form.introduction.is_some());
            let both = |words: &Words| {
                let en = words.en.as_ref().expect("English");
                [words.vi.chars().count(), en.chars().count()].iter().all(|n| (1..=1000).contains(n))
            };
            for item in &form.items {
                let parts = item.anchors.iter().flatten().chain(item.section.as_ref().map(|s| &s.text));
                let options = item.options.iter().flatten().map(|option| &option.text);
                assert!(parts.chain(options).chain([&item.text]).all(both), "{}", item.code);
            }
            assert!(both(form.introduction.as_ref().expect("an introduction")));
        }
    }

    #[test]
    fn learners_say_how_far_they_agree_and_everybody_else_how_often() {
        for (form, steps) in [(reaction(), AGREEMENT), (environment(), FREQUENCY), (beneficiary(), FREQUENCY)]
        {
            let scales = form.items.iter().filter(|item| item.kind == ItemKind::Scale);
            for item in scales {
                assert_eq!(item.anchors, Some(worded(&steps)), "{} {}", form.code, item.code);
            }
        }
    }
}
