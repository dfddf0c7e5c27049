//! What a form is for. It follows from its code, so that a form and its purpose cannot disagree.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use crate::db::text_enum;

/// Purpose of a questionnaire: learners' reaction to a course (`reaction`), a test of knowledge
/// (`knowledge`), the supervisor's rating of behaviour at work (`behaviour`), the learner's rating of the
/// same behaviour (`self_behaviour`), the learner's view, after the course, of the time before it
/// (`then_test`), conditions at work (`environment`), the view of the unit that nominated (`beneficiary`),
/// the statutory form on quality (`quality`), or another purpose (`other`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Instrument {
    /// What learners say of a course when it ends; anonymous.
    Reaction,
    /// A test of what learners know, before and after.
    Knowledge,
    /// The supervisor's rating of behaviour at work.
    Behaviour,
    /// The learner's own rating of the same behaviours: context, never pooled with the supervisor's.
    SelfBehaviour,
    /// The learner, when the course has ended, about the time before it.
    ThenTest,
    /// Whether the learner's office lets what was learned be used; anonymous.
    Environment,
    /// What the unit that nominated says of the course.
    Beneficiary,
    /// The statutory form on the quality of training; anonymous.
    Quality,
    /// A form of an officer's own.
    Other,
}

text_enum!(Instrument);

/// Group of people who answer a questionnaire: the learner (`learner`), the direct superior of the learner or
/// of a comparable colleague (`supervisor`), or the unit that sent the learners (`beneficiary_unit`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Audience {
    /// Who attended.
    Learner,
    /// Who leads the person whose work is rated.
    Supervisor,
    /// The unit that is served by those who attended.
    BeneficiaryUnit,
}

text_enum!(Audience);

/// Kirkpatrick's level of forms about the reaction of learners.
pub const REACTION_LEVEL: i16 = 1;
/// Kirkpatrick's level of forms about behaviour at work.
pub const BEHAVIOUR_LEVEL: i16 = 3;

/// What all forms of an instrument have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mould {
    /// Kirkpatrick's level. The figures on reaction read level 1 and those on behaviour the named forms of level 3, so
    /// nothing else may have these levels: a look back is no rating (2), and for a unit's word and for the statutory
    /// form, which looks at everything at once, 4 is left.
    pub level: i16,
    /// Who answers it.
    pub audience: Audience,
    /// Whether answers are stored without the person and the time.
    pub is_anonymous: bool,
    /// Whether it belongs to one course.
    pub of_course: bool,
}

impl Instrument {
    /// What a form with a code is for.
    pub fn of(code: &str) -> Self {
        const WHOLE: [(&str, Instrument); 3] = [
            ("reaction", Instrument::Reaction),
            ("environment", Instrument::Environment),
            ("beneficiary", Instrument::Beneficiary),
        ];
        const PREFIXES: [Instrument; 5] = [
            Instrument::Knowledge,
            Instrument::Behaviour,
            Instrument::SelfBehaviour,
            Instrument::ThenTest,
            Instrument::Quality,
        ];
        let whole = WHOLE.iter().find(|(whole, _)| *whole == code).map(|(_, found)| *found);
        let begun = || PREFIXES.into_iter().find(|i| code.starts_with(i.prefix()));
        whole.or_else(begun).unwrap_or(Self::Other)
    }

    /// What its codes begin with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Reaction => "reaction",
            Self::Knowledge => "knowledge-",
            Self::Behaviour => "behaviour-",
            Self::SelfBehaviour => "self-behaviour-",
            Self::ThenTest => "then-",
            Self::Environment => "environment",
            Self::Beneficiary => "beneficiary",
            Self::Quality => "quality-",
            Self::Other => "",
        }
    }

    /// What its forms have in common; nothing for those of officers' own.
    pub const fn mould(self) -> Option<Mould> {
        use Audience::{BeneficiaryUnit, Learner, Supervisor};
        let (level, audience, is_anonymous, of_course) = match self {
            Self::Reaction => (REACTION_LEVEL, Learner, true, false),
            Self::Knowledge => (2, Learner, false, true),
            Self::ThenTest => (2, Learner, false, true),
            Self::Behaviour => (BEHAVIOUR_LEVEL, Supervisor, false, true),
            Self::SelfBehaviour => (BEHAVIOUR_LEVEL, Learner, false, true),
            Self::Environment => (BEHAVIOUR_LEVEL, Learner, true, false),
            Self::Beneficiary => (4, BeneficiaryUnit, false, false),
            Self::Quality => (4, Learner, true, false),
            Self::Other => return None,
        };
        Some(Mould { level, audience, is_anonymous, of_course })
    }

    /// Whether its answers are right or wrong.
    pub const fn is_test(self) -> bool {
        matches!(self, Self::Knowledge)
    }

    /// Whether its forms are made of a course's behaviours, so that nobody publishes them.
    pub const fn is_made_of_course(self) -> bool {
        matches!(self, Self::Behaviour | Self::SelfBehaviour | Self::ThenTest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_says_what_a_form_is_for() {
        let cases = [
            ("reaction", Instrument::Reaction),
            ("reaction-2", Instrument::Other),
            ("environment", Instrument::Environment),
            ("beneficiary", Instrument::Beneficiary),
            ("behaviour-KH01", Instrument::Behaviour),
            ("self-behaviour-KH01", Instrument::SelfBehaviour),
            ("then-KH01", Instrument::ThenTest),
            ("knowledge-KH01-a", Instrument::Knowledge),
            ("quality-10-2017", Instrument::Quality),
            ("confidence", Instrument::Other),
        ];
        for (code, expected) in cases {
            assert_eq!(Instrument::of(code), expected, "{code}");
        }
    }

    #[test]
    fn figures_find_only_what_is_theirs() {
        let all = [
            Instrument::Reaction,
            Instrument::Knowledge,
            Instrument::Behaviour,
            Instrument::SelfBehaviour,
            Instrument::ThenTest,
            Instrument::Environment,
            Instrument::Beneficiary,
            Instrument::Quality,
        ];
        let where_ = |test: fn(Mould) -> bool| -> Vec<Instrument> {
            all.into_iter().filter(|i| i.mould().is_some_and(test)).collect()
        };
        assert_eq!(where_(|m| m.level == REACTION_LEVEL), [Instrument::Reaction]);
        let named = where_(|m| m.level == BEHAVIOUR_LEVEL && !m.is_anonymous);
        assert_eq!(named, [Instrument::Behaviour, Instrument::SelfBehaviour]);
    }
}
