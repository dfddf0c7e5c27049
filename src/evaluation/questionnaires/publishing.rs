//! What speaks against publishing a form: a form that is published never changes, so every fault is found before.

use super::instrument::{Instrument, Mould};
use super::items::{Item, ItemKind, STATUTORY_STEPS, USUAL_STEPS};
use super::model::Draft;
use crate::error::{Faults, FieldError};

impl Draft {
    /// What speaks against publishing it: every fault at once.
    pub fn faults(&self) -> Faults {
        let instrument = self.instrument();
        if instrument.is_made_of_course() {
            // Change the course's behaviours instead.
            return FieldError::new("/code", "reserved_code").into();
        }
        let mut faults = instrument.mould().map(|mould| self.misfits(mould)).unwrap_or_default();
        match instrument {
            Instrument::Knowledge => faults.extend(self.test_faults()),
            Instrument::Quality => faults.append(self.statutory_faults()),
            _ => {}
        }
        for (i, item) in self.items.iter().enumerate() {
            faults.append(self.item_faults(i, item));
        }
        faults
    }

    /// The codes of shipped forms are bound to what these forms are for.
    fn misfits(&self, mould: Mould) -> Faults {
        let must = |holds: bool, pointer: &str, allowed: String| {
            (!holds).then(|| FieldError::new(pointer, "not_allowed").with("allowed", allowed))
        };
        let of_course = match (mould.of_course, self.course_id) {
            (true, None) => Some(FieldError::new("/course_id", "required")),
            (false, Some(_)) => must(false, "/course_id", "null".to_owned()),
            _ => None,
        };
        [
            must(self.level == mould.level, "/level", mould.level.to_string()),
            must(self.audience == mould.audience, "/audience", mould.audience.name().to_owned()),
            must(self.is_anonymous == mould.is_anonymous, "/is_anonymous", mould.is_anonymous.to_string()),
            of_course,
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// A test without a right option has no score.
    fn test_faults(&self) -> Option<FieldError> {
        let scored = self.items.iter().any(|item| item.correct.is_some());
        (!scored).then(|| FieldError::new("/items", "no_correct_option"))
    }

    /// A statutory form says what prescribes it, and asks for 1 to 10 points by criterion (Circular 10/2017/TT-BNV).
    fn statutory_faults(&self) -> Faults {
        let basis = self.legal_basis.is_none().then(|| FieldError::new("/legal_basis", "required"));
        let scales = self.items.iter().enumerate().filter(|(_, item)| item.kind == ItemKind::Scale);
        let of_items = scales.flat_map(|(i, item)| {
            let steps = (item.highest() != STATUTORY_STEPS).then(|| {
                FieldError::new(format!("/items/{i}/steps"), "not_allowed").with("allowed", STATUTORY_STEPS)
            });
            let section = item.section.is_none();
            [steps, section.then(|| FieldError::new(format!("/items/{i}/section"), "required"))]
        });
        basis.into_iter().chain(of_items.flatten()).collect()
    }

    fn item_faults(&self, i: usize, item: &Item) -> Faults {
        let before = self.items.get(..i).unwrap_or_default();
        let at = |member: &str| format!("/items/{i}{member}");
        let mut faults = Faults::default();
        if before.iter().any(|other| other.code == item.code) {
            faults.push(FieldError::new(at("/code"), "duplicate"));
        }
        let mut sections = before.iter().filter_map(|other| other.section.as_ref());
        if let Some(section) = &item.section
            && sections.any(|other| other.code == section.code && other.text != section.text)
        {
            faults.push(FieldError::new(at("/section/text"), "section_differs"));
        }
        if item.kind == ItemKind::Scale {
            faults.append(self.scale_faults(item, before, at));
        } else {
            let strange = [
                (item.steps.is_some(), "/steps"),
                (item.reverse, "/reverse"),
                (item.not_observed, "/not_observed"),
                (item.anchors.is_some(), "/anchors"),
            ];
            faults.extend(inapplicable(strange, at));
        }
        if item.kind == ItemKind::Choice {
            faults.append(self.choice_faults(item, at));
        } else {
            let strange = [(item.options.is_some(), "/options"), (item.correct.is_some(), "/correct")];
            faults.extend(inapplicable(strange, at));
        }
        faults
    }

    /// Scales have five steps or ten, the same in the whole form: their mean would say nothing otherwise.
    fn scale_faults(&self, item: &Item, before: &[Item], at: impl Fn(&str) -> String) -> Faults {
        let steps = item.highest();
        let first = before.iter().find(|other| other.kind == ItemKind::Scale).map(Item::highest);
        if ![USUAL_STEPS, STATUTORY_STEPS].contains(&steps) {
            return FieldError::new(at("/steps"), "not_allowed").with("allowed", "5, 10").into();
        }
        let mut faults = Faults::default();
        if first.is_some_and(|first| first != steps) {
            faults.push(FieldError::new(at("/steps"), "mixed_steps"));
        }
        let (worded, all) = (item.anchors.as_ref().map_or(0, Vec::len), usize::from(steps));
        if worded > all {
            faults.push(FieldError::new(at("/anchors"), "too_many").with("limit", all));
        } else if worded > 2 && worded < all {
            faults.push(FieldError::new(at("/anchors"), "too_few").with("limit", all));
        }
        faults
    }

    fn choice_faults(&self, item: &Item, at: impl Fn(&str) -> String) -> Faults {
        let Some(options) = &item.options else {
            return FieldError::new(at("/options"), "required").into();
        };
        let mut faults = Faults::default();
        for (n, option) in options.iter().enumerate() {
            if options.iter().take(n).any(|before| before.code == option.code) {
                faults.push(FieldError::new(at(&format!("/options/{n}/code")), "duplicate"));
            }
        }
        match &item.correct {
            Some(_) if !self.instrument().is_test() => {
                faults.push(FieldError::new(at("/correct"), "not_applicable"));
            }
            Some(correct) if options.iter().all(|option| option.code != *correct) => {
                let codes: Vec<&str> = options.iter().map(|option| option.code.as_str()).collect();
                let fault = FieldError::new(at("/correct"), "not_allowed");
                faults.push(fault.with("allowed", codes.join(", ")));
            }
            _ => {}
        }
        faults
    }
}

fn inapplicable<const N: usize>(
    members: [(bool, &str); N],
    at: impl Fn(&str) -> String,
) -> impl Iterator<Item = FieldError> {
    members
        .into_iter()
        .filter(|(given, _)| *given)
        .map(move |(_, member)| FieldError::new(at(member), "not_applicable"))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::instrument::Audience;
    use super::super::items::{Choice, Section, Words};
    use super::*;

    fn item(code: &str, kind: ItemKind) -> Item {
        Item {
            code: code.to_owned(),
            kind,
            text: words("?"),
            section: None,
            steps: (kind == ItemKind::Scale).then_some(USUAL_STEPS),
            reverse: false,
            not_observed: false,
            anchors: None,
            options: None,
            correct: None,
        }
    }

    fn words(vi: &str) -> Words {
        Words { vi: vi.to_owned(), en: None }
    }

    fn question(code: &str, correct: Option<&str>) -> Item {
        let options = ["a", "b"].map(|code| Choice { code: code.to_owned(), text: words(code) });
        Item {
            options: Some(options.into()),
            correct: correct.map(str::to_owned),
            ..item(code, ItemKind::Choice)
        }
    }

    fn statutory(code: &str, section: &str) -> Item {
        Item {
            steps: Some(STATUTORY_STEPS),
            section: Some(Section { code: section.to_owned(), text: words(section) }),
            ..item(code, ItemKind::Scale)
        }
    }

    fn draft(code: &str, items: Vec<Item>) -> Draft {
        let mould = Instrument::of(code).mould();
        Draft {
            code: code.to_owned(),
            revision: 1,
            title: "Phiếu".to_owned(),
            title_en: None,
            introduction: None,
            level: mould.map_or(2, |m| m.level),
            audience: mould.map_or(Audience::Supervisor, |m| m.audience),
            course_id: mould.filter(|m| m.of_course).map(|_| Uuid::nil()),
            is_anonymous: mould.is_some_and(|m| m.is_anonymous),
            legal_basis: None,
            max_blank_percent: None,
            items,
        }
    }

    fn faults(draft: &Draft) -> Vec<String> {
        draft.faults().iter().map(|f| format!("{} {}", f.pointer, f.code)).collect()
    }

    #[test]
    fn items_fit_their_kind() {
        let mut text = item("a", ItemKind::Text);
        text.reverse = true;
        text.options = Some(Vec::new());
        let form = draft("own", vec![item("a", ItemKind::Scale), text, item("c", ItemKind::Choice)]);
        assert_eq!(
            faults(&form),
            [
                "/items/1/code duplicate",
                "/items/1/reverse not_applicable",
                "/items/1/options not_applicable",
                "/items/2/options required"
            ]
        );
    }

    #[test]
    fn codes_of_shipped_forms_keep_their_meaning() {
        for code in ["behaviour-KH01", "self-behaviour-KH01", "then-KH01"] {
            assert_eq!(faults(&draft(code, vec![])), ["/code reserved_code"]);
        }
        for (code, wrong) in [("reaction", Audience::Supervisor), ("environment", Audience::Supervisor)] {
            let mut form = draft(code, vec![]);
            assert_eq!(faults(&form), [""; 0]);
            (form.level, form.audience, form.is_anonymous) = (2, wrong, false);
            form.course_id = Some(Uuid::nil());
            assert_eq!(
                faults(&form),
                [
                    "/level not_allowed",
                    "/audience not_allowed",
                    "/is_anonymous not_allowed",
                    "/course_id not_allowed"
                ]
            );
        }
        assert_eq!(faults(&draft("own", vec![])), [""; 0]);
    }

    #[test]
    fn scales_of_one_form_have_the_same_steps_and_words_for_all_or_for_the_ends() {
        let scale = |code: &str, steps: u8, anchors: usize| Item {
            steps: Some(steps),
            anchors: Some(vec![words("?"); anchors]),
            ..item(code, ItemKind::Scale)
        };
        let good = vec![scale("a", 10, 2), scale("b", 10, 10)];
        assert_eq!(faults(&draft("own", good)), [""; 0]);
        let bad = vec![scale("a", 5, 6), scale("b", 10, 5), scale("c", 7, 2)];
        assert_eq!(
            faults(&draft("own", bad)),
            [
                "/items/0/anchors too_many",
                "/items/1/steps mixed_steps",
                "/items/1/anchors too_few",
                "/items/2/steps not_allowed"
            ]
        );
    }

    #[test]
    fn a_test_has_right_options_and_nothing_else_has() {
        let code = "knowledge-KH01-a";
        assert_eq!(faults(&draft(code, vec![question("q1", Some("a"))])), [""; 0]);
        assert_eq!(faults(&draft(code, vec![question("q1", None)])), ["/items no_correct_option"]);
        assert_eq!(faults(&draft(code, vec![question("q1", Some("c"))])), ["/items/0/correct not_allowed"]);
        let own = draft("own", vec![question("q1", Some("a"))]);
        assert_eq!(faults(&own), ["/items/0/correct not_applicable"]);
        let mut of_no_course = draft(code, vec![question("q1", Some("a"))]);
        of_no_course.course_id = None;
        assert_eq!(faults(&of_no_course), ["/course_id required"]);
    }

    #[test]
    fn a_statutory_form_has_a_basis_criteria_and_ten_steps() {
        let mut form = draft("quality-10-2017", vec![statutory("a", "programme"), statutory("b", "course")]);
        form.legal_basis = Some("10/2017/TT-BNV".to_owned());
        assert_eq!(faults(&form), [""; 0]);
        form.items = vec![item("a", ItemKind::Scale), item("t", ItemKind::Text)];
        form.legal_basis = None;
        assert_eq!(
            faults(&form),
            ["/legal_basis required", "/items/0/steps not_allowed", "/items/0/section required"]
        );
        let mut other = statutory("b", "programme");
        other.section = Some(Section { code: "programme".to_owned(), text: words("another") });
        form.items = vec![statutory("a", "programme"), other];
        form.legal_basis = Some("10/2017/TT-BNV".to_owned());
        assert_eq!(faults(&form), ["/items/1/section/text section_differs"]);
    }
}
