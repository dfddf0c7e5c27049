//! What learners say of the course and of their offices, and units of the course, as it is shown: figures, names of
//! items, one sentence.

use serde::Serialize;
use utoipa::ToSchema;

use super::sentence::{count, number, of_reaction};
use super::sentence_dto::SentenceDto;
use crate::effectiveness::measures::form_items::{FormItem, FormItems};
use crate::effectiveness::measures::reaction::{Reaction, Scale};
use crate::i18n::{Locale, text};
use statistics::thresholds::BARRIER_LIMIT;
use statistics::{Figure, Status};

/// Level 1: anonymous reactions, counted only when an offering's forms are final (a week after its last day). An
/// offering with fewer than five forms is hidden, and left out of every total; so is a scale that one to four of its
/// forms lack, as their scores would follow.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "mean": {"status": "ok", "reason": null, "value": 4.2, "unit": "points_of_5", "ci95": [3.8, 4.6], "probably_too_narrow": false, "n": 15, "n_needed": 5, "n_invited": 18, "evidence_grade": null},
    "response_rate": {"status": "ok", "reason": null, "value": 83.3, "unit": "percent", "ci95": [60.8, 94.2], "probably_too_narrow": false, "n": 18, "n_needed": 5, "n_invited": 18, "evidence_grade": null},
    "scales": [{"scale": "relevance",
        "mean": {"status": "ok", "reason": null, "value": 4.4, "unit": "points_of_5", "ci95": [4.0, 4.8], "probably_too_narrow": false, "n": 15, "n_needed": 5, "n_invited": 18, "evidence_grade": null},
        "top_two": {"status": "ok", "reason": null, "value": 80.0, "unit": "percent", "ci95": [54.8, 93.0], "probably_too_narrow": false, "n": 15, "n_needed": 5, "n_invited": 18, "evidence_grade": null}}],
    "sentence": {"vi": "Học viên chấm 4,20 điểm (thang 5); 15/18 phiếu.", "en": "Learners gave 4.20 points of 5; 15 of 18 forms."}
}))]
pub struct ReactionDto {
    /// Mean of the forms, points of 5.
    pub mean: Figure,
    /// Forms handed in of those asked for, percent.
    pub response_rate: Figure,
    /// The scales that were answered, in the form's order: relevance for one's work first.
    pub scales: Vec<ReactionScaleDto>,
    /// The reaction in one sentence.
    pub sentence: SentenceDto,
}

/// One scale of the reaction form.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReactionScaleDto {
    /// `relevance`, `engagement`, `lecturer` or `organisation`.
    #[schema(example = "relevance")]
    pub scale: &'static str,
    /// Mean of the forms, points of 5.
    pub mean: Figure,
    /// Share of forms of 4 points and more, percent.
    pub top_two: Figure,
}

/// What it took to use what was learned: six conditions at work in the four weeks before the form of three months after,
/// as the learners anonymously saw them, 1 (never) to 5 (always). Counted once, when the window has closed. An offering
/// with fewer than five forms is hidden, and left out of every total; so is an item that one to four of its forms lack.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "response_rate": {"status": "ok", "reason": null, "value": 66.7, "unit": "percent", "ci95": [43.7, 83.7], "probably_too_narrow": false, "n": 18, "n_needed": 5, "n_invited": 18, "evidence_grade": null},
    "items": [{"item": "time", "name": {"vi": "thời gian", "en": "time"},
        "mean": {"status": "ok", "reason": null, "value": 2.4, "unit": "points_of_5", "ci95": [1.9, 2.9], "probably_too_narrow": false, "n": 12, "n_needed": 5, "n_invited": 18, "evidence_grade": null},
        "bottom_two": {"status": "ok", "reason": null, "value": 58.3, "unit": "percent", "ci95": [32.0, 80.7], "probably_too_narrow": false, "n": 12, "n_needed": 5, "n_invited": 18, "evidence_grade": null}}],
    "barrier_limit": 3.0,
    "barriers": [{"item": "time", "name": {"vi": "thời gian", "en": "time"}}],
    "sentence": {"vi": "Điều kiện áp dụng còn hạn chế, hạn chế nhất nêu trước: thời gian (2,40 điểm, thang 5); 12/18 phiếu.", "en": "Barriers to using what was learned, the worst first: time (2.40 points of 5); 12 of 18 forms."}
}))]
pub struct EnvironmentDto {
    /// Forms handed in of those asked for, percent.
    pub response_rate: Figure,
    /// The conditions that were answered, in the form's order: `chance`, `supervisor`, `peers`, `time`, `resources`,
    /// `recognition`.
    pub items: Vec<VoiceDto>,
    /// A condition whose mean lies under this, points of 5, is a barrier: on average it is there less often than
    /// sometimes.
    #[schema(example = 3.0)]
    pub barrier_limit: f64,
    /// The conditions that are barriers, the worst first. One whose mean is hidden is none.
    pub barriers: Vec<BarrierDto>,
    /// The barriers in one sentence.
    pub sentence: SentenceDto,
}

/// What the heads of the units that sent people say three months after, 1 (never) to 5 (always). Their forms bear a name,
/// yet are shown as if they did not: five of an offering at least, or it is hidden and left out of every total.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "response_rate": {"status": "ok", "reason": null, "value": 85.7, "unit": "percent", "ci95": [48.7, 97.4], "probably_too_narrow": false, "n": 7, "n_needed": 5, "n_invited": 7, "evidence_grade": null},
    "items": [{"item": "used", "name": {"vi": "áp dụng điều đã học", "en": "used what they had learned"},
        "mean": {"status": "ok", "reason": null, "value": 3.83, "unit": "points_of_5", "ci95": [3.04, 4.62], "probably_too_narrow": false, "n": 6, "n_needed": 5, "n_invited": 7, "evidence_grade": null},
        "bottom_two": {"status": "ok", "reason": null, "value": 0.0, "unit": "percent", "ci95": [0.0, 39.0], "probably_too_narrow": false, "n": 6, "n_needed": 5, "n_invited": 7, "evidence_grade": null}}],
    "sentence": {"vi": "Đơn vị cử người đi đào tạo, bồi dưỡng đánh giá mức độ thường xuyên áp dụng điều đã học: 3,83 điểm (thang 5); 6/7 phiếu.", "en": "Units gave 3.83 points of 5 for how often those they sent used what they had learned; 6 of 7 forms."}
}))]
pub struct BeneficiaryDto {
    /// Forms handed in of those asked for, percent; one for each unit and offering.
    pub response_rate: Figure,
    /// The items that were answered, in the form's order: `used`, `shared`, `on_time`, `rework` (turned round: 5 is
    /// never), `served`.
    pub items: Vec<VoiceDto>,
    /// The first item in one sentence.
    pub sentence: SentenceDto,
}

/// What forms say of one item.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoiceDto {
    /// Code of the item.
    #[schema(example = "time")]
    pub item: &'static str,
    /// What it is about, in a few words.
    pub name: SentenceDto,
    /// Mean of the answers, points of 5.
    pub mean: Figure,
    /// Share of answers of 2 points and less: never or rarely, percent.
    pub bottom_two: Figure,
}

/// Condition at work that hinders the use of what was learned.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"item": "time", "name": {"vi": "thời gian", "en": "time"}}))]
pub struct BarrierDto {
    /// Code of the item, whose figures are among the items.
    pub item: &'static str,
    /// What is lacking, in a few words.
    pub name: SentenceDto,
}

impl From<Reaction> for ReactionDto {
    fn from(reaction: Reaction) -> Self {
        Self {
            mean: reaction.mean,
            response_rate: reaction.response_rate,
            scales: reaction.scales.iter().map(ReactionScaleDto::from).collect(),
            sentence: SentenceDto::of(|locale| of_reaction(locale, &reaction)),
        }
    }
}

impl From<&Scale> for ReactionScaleDto {
    fn from(scale: &Scale) -> Self {
        Self { scale: scale.name, mean: scale.mean, top_two: scale.top_two }
    }
}

impl From<FormItems> for EnvironmentDto {
    fn from(form_items: FormItems) -> Self {
        let barrier = |form_item: &FormItem| BarrierDto { item: form_item.item, name: name(form_item.item) };
        Self {
            response_rate: form_items.response_rate,
            items: form_items.items.iter().map(VoiceDto::from).collect(),
            barrier_limit: BARRIER_LIMIT,
            barriers: form_items.barriers().into_iter().map(barrier).collect(),
            sentence: SentenceDto::of(|locale| of_environment(locale, &form_items)),
        }
    }
}

impl From<FormItems> for BeneficiaryDto {
    fn from(form_items: FormItems) -> Self {
        Self {
            response_rate: form_items.response_rate,
            items: form_items.items.iter().map(VoiceDto::from).collect(),
            sentence: SentenceDto::of(|locale| of_beneficiary(locale, &form_items)),
        }
    }
}

impl From<&FormItem> for VoiceDto {
    fn from(form_item: &FormItem) -> Self {
        Self {
            item: form_item.item,
            name: name(form_item.item),
            mean: form_item.mean,
            bottom_two: form_item.bottom_two,
        }
    }
}

/// What an item of the two forms is about.
fn name(item: &str) -> SentenceDto {
    SentenceDto::of(|locale| named(locale, item))
}

fn named(locale: Locale, item: &str) -> String {
    text(locale, &format!("voices-item-{}", item.replace('_', "-")), &[])
}

fn of_environment(locale: Locale, form_items: &FormItems) -> String {
    if !form_items.is_told() {
        return untold(locale, form_items);
    }
    let barriers = form_items.barriers();
    let mut args = answered(&form_items.response_rate);
    if barriers.is_empty() {
        args.push(("limit", number(locale, BARRIER_LIMIT)));
        return text(locale, "voices-no-barrier", &args);
    }
    args.push(("barriers", barriers.into_iter().map(|v| measured(locale, v)).collect::<Vec<_>>().join(", ")));
    text(locale, "voices-barriers", &args)
}

fn measured(locale: Locale, barrier: &FormItem) -> String {
    let score = number(locale, barrier.mean.value().unwrap_or_default());
    text(locale, "voices-barrier", &[("name", named(locale, barrier.item)), ("score", score)])
}

fn of_beneficiary(locale: Locale, form_items: &FormItems) -> String {
    let used = form_items
        .items
        .iter()
        .find(|form_item| form_item.item == "used")
        .and_then(|form_item| form_item.mean.value());
    let Some(score) = used else { return untold(locale, form_items) };
    let mut args = answered(&form_items.response_rate);
    args.push(("score", number(locale, score)));
    text(locale, "voices-beneficiary", &args)
}

/// Why there is nothing to show.
fn untold(locale: Locale, form_items: &FormItems) -> String {
    let rate = &form_items.response_rate;
    match rate.status() {
        Status::Suppressed => text(locale, "effectiveness-suppressed", &[]),
        _ if form_items.items.is_empty() => {
            text(locale, "effectiveness-reaction-none", &[("needed", count(rate.n_needed()))])
        }
        _ => text(locale, "voices-hidden", &[]),
    }
}

/// Forms handed in and asked for. The rate shows them both, so nothing is shown here that it does not show.
fn answered(rate: &Figure) -> Vec<(&'static str, String)> {
    let invited = rate.n_invited().unwrap_or_default();
    let answered = rate.value().unwrap_or_default() / 100.0 * invited as f64;
    vec![("answered", format!("{answered:.0}")), ("invited", invited.to_string())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effectiveness::measures::Tally;
    use crate::evaluation::questionnaires::{
        BENEFICIARY_ITEMS, Draft, ENVIRONMENT_ITEMS, beneficiary, environment,
    };
    use serde_json::{from_value, json};

    /// So many forms: the items in their order have the steps in theirs, and every other form one step less.
    fn form_items(draft: &Draft, items: &[&'static str], n: usize, steps: &[u8]) -> FormItems {
        let mut tally = Tally { invited: 8, ..Tally::default() };
        for form in 0..n {
            let less = u8::try_from(form % 2).unwrap();
            let answers: Vec<_> = items
                .iter()
                .zip(steps)
                .map(|(item, step)| json!({"item": item, "value": step - less}))
                .collect();
            tally.add_by_item(&draft.items, &from_value::<Vec<_>>(json!(answers)).unwrap(), None);
        }
        FormItems::of(&[tally], items)
    }

    #[test]
    fn barriers_in_both_languages() {
        let found = form_items(&environment(), &ENVIRONMENT_ITEMS, 6, &[4, 5, 4, 2, 4, 3]);
        assert_eq!(
            of_environment(Locale::Vi, &found),
            "Điều kiện áp dụng còn hạn chế, hạn chế nhất nêu trước: thời gian (1,50 điểm, thang 5), sự ghi nhận của cơ \
             quan (2,50 điểm, thang 5); 6/8 phiếu."
        );
        assert_eq!(
            of_environment(Locale::En, &found),
            "Barriers to using what was learned, the worst first: time (1.50 points of 5), recognition (2.50 points of \
             5); 6 of 8 forms."
        );
        let dto = EnvironmentDto::from(found);
        assert_eq!(dto.barriers.iter().map(|b| b.item).collect::<Vec<_>>(), ["time", "recognition"]);
        assert_eq!(dto.items.len(), 6);
    }

    #[test]
    fn without_barriers_that_is_said_and_so_is_silence() {
        let say = |n, steps: &[u8]| {
            of_environment(Locale::En, &form_items(&environment(), &ENVIRONMENT_ITEMS, n, steps))
        };
        assert_eq!(
            say(6, &[4, 5, 4, 4, 4, 4]),
            "No barrier to using what was learned: every condition that is shown has 3.00 points of 5 or more; 6 of 8 \
             forms."
        );
        assert_eq!(say(4, &[4; 6]), "Hidden to protect those who answered (fewer than 5 forms).");
        assert_eq!(say(0, &[]), "No final forms yet; at least 5 are needed.");
    }

    #[test]
    fn units_are_told_by_whether_it_was_used() {
        let found = form_items(&beneficiary(), &BENEFICIARY_ITEMS, 6, &[4, 3, 4, 2, 4]);
        assert_eq!(
            of_beneficiary(Locale::Vi, &found),
            "Đơn vị cử người đi đào tạo, bồi dưỡng đánh giá mức độ thường xuyên áp dụng điều đã học: 3,50 điểm (thang \
             5); 6/8 phiếu."
        );
        let few = form_items(&beneficiary(), &BENEFICIARY_ITEMS, 4, &[4; 5]);
        assert_eq!(of_beneficiary(Locale::Vi, &few), "Ẩn để bảo vệ danh tính (dưới 5 phiếu).");
    }

    #[test]
    fn every_item_has_a_name() {
        for item in ENVIRONMENT_ITEMS.iter().chain(&BENEFICIARY_ITEMS) {
            let SentenceDto { vi, en } = name(item);
            assert!(!vi.contains("voices-item") && !en.contains("voices-item") && vi != en, "{item}");
        }
    }
}
