//! The one shape in which a number leaves the service.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Grade, Reason};

/// Whether a figure has a value, and if not, which gate closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "ok")]
pub enum Status {
    /// The figure may be shown.
    Ok,
    /// Too few people yet; `n` and `n_needed` show how many are missing.
    InsufficientData,
    /// Hidden, because it would show what single people answered.
    Suppressed,
    /// There is enough data, but the formula has no answer for it.
    Undefined,
}

/// What one unit of a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "points_of_5")]
pub enum Unit {
    /// Points of a scale from 1 to 5.
    #[serde(rename = "points_of_5")]
    PointsOf5,
    /// Points of a scale from 1 to 5 for each half-day away from work.
    #[serde(rename = "points_of_5_per_half_day")]
    PointsOf5PerHalfDay,
    /// Points of a statutory form, 1 to 10.
    #[serde(rename = "points_of_10")]
    PointsOf10,
    /// Points of the official work score, 0 to 100.
    #[serde(rename = "points_of_100")]
    PointsOf100,
    /// A share of people, 0 to 100.
    Percent,
    /// A difference of two percentages, such as a gain in a knowledge test.
    PercentagePoints,
    /// Standard deviations.
    Standardised,
    /// A number without a unit, such as an agreement, a reliability or a slope.
    Coefficient,
}

/// A number with everything needed to read it, or the words why there is none.
///
/// The fields are private and checked by the constructors: a figure never holds NaN or an infinity, an open
/// figure always has a value, and a suppressed one never shows how many answered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Figure {
    /// Whether there is a value, and if not, which gate closed.
    status: Status,
    /// Why there is no value; null when the status is `ok`.
    #[schema(required, example = json!(null))]
    reason: Option<Reason>,
    /// The unrounded number. Null unless the status is `ok`, with two exceptions: where everybody changed alike
    /// (`zero_variance_of_change`) the change itself is given, without an interval, and where items contradict each
    /// other (`check_reverse_scored_items`) the alpha below 0.
    #[schema(required, example = 0.35)]
    value: Option<f64>,
    /// What one unit of the value is.
    unit: Unit,
    /// Lower and upper end of the 95 % interval.
    #[schema(required, min_items = 2, max_items = 2, example = json!([0.131, 0.569]))]
    ci95: Option<[f64; 2]>,
    /// The two-sided probability of such a value without any effect, by the distribution that the interval is of; for
    /// families of tests, and never shown beside a single figure.
    #[serde(skip)]
    p: Option<f64>,
    /// Whether the interval is probably too narrow, because few supervisors rated the people of a group: what they see
    /// together is less than it seems (fewer than ten in all, or than five of one group). Of how good a form is, and of second
    /// raters, always: people of one class or one rater are counted like strangers.
    #[schema(example = false)]
    probably_too_narrow: bool,
    /// How many people (or pairs of ratings of one person) the figure rests on; null when suppressed.
    #[schema(required, example = 12)]
    n: Option<usize>,
    /// How many it takes for the figure to be shown.
    #[schema(required, example = 10)]
    n_needed: Option<usize>,
    /// How many were asked.
    #[schema(required, example = 12)]
    n_invited: Option<usize>,
    /// How far the study design carries a conclusion.
    #[schema(required)]
    evidence_grade: Option<Grade>,
}

impl Figure {
    /// Makes a figure that may be shown; a value or interval that is not finite makes it undefined instead.
    pub fn ok(value: f64, ci95: Option<[f64; 2]>, unit: Unit, n: usize) -> Self {
        let finite = value.is_finite() && ci95.is_none_or(|ends| ends.iter().all(|end| end.is_finite()));
        let undefined = Self::closed(Reason::NotFinite, unit, n);
        if finite {
            Self { status: Status::Ok, reason: None, value: Some(value), ci95, ..undefined }
        } else {
            undefined
        }
    }

    /// Makes a figure without a value; the reason decides its status, and a suppressed one forgets `n`.
    pub fn closed(reason: Reason, unit: Unit, n: usize) -> Self {
        let status = reason.status();
        Self {
            status,
            reason: Some(reason),
            value: None,
            unit,
            ci95: None,
            p: None,
            probably_too_narrow: false,
            n: (status != Status::Suppressed).then_some(n),
            n_needed: None,
            n_invited: None,
            evidence_grade: None,
        }
    }

    /// Adds the value that a figure reveals although it is undefined: the change everybody had in common, or an alpha
    /// below 0. For any other reason nothing is added.
    pub(super) fn telling(mut self, value: Option<f64>) -> Self {
        let told = [Reason::ZeroVarianceOfChange, Reason::CheckReverseScoredItems];
        if self.reason.is_some_and(|reason| told.contains(&reason)) {
            self.value = value.filter(|value| value.is_finite());
        }
        self
    }

    /// Replaces the interval of an open figure, with the probability that belongs to it, unless the new one is not finite.
    pub(super) fn with_inference(mut self, ci95: [f64; 2], p: f64) -> Self {
        if self.status == Status::Ok && ci95.iter().all(|end| end.is_finite()) {
            (self.ci95, self.p) = (Some(ci95), probability(p));
        }
        self
    }

    /// Adds the probability that belongs to the interval of an open figure.
    pub(super) fn with_p(mut self, p: Option<f64>) -> Self {
        if self.status == Status::Ok {
            self.p = p.and_then(probability);
        }
        self
    }

    /// Says whether the interval is probably too narrow.
    pub(super) fn doubtful(self, probably_too_narrow: bool) -> Self {
        Self { probably_too_narrow, ..self }
    }

    /// The figure for each of so many: value and interval divided, all else as it is. Of none there is no such figure.
    #[must_use]
    pub fn per(self, amount: f64, unit: Unit) -> Self {
        if self.status == Status::Ok && !(amount > 0.0 && amount.is_finite()) {
            return Self { evidence_grade: self.evidence_grade, ..Self::closed(Reason::NotFinite, unit, 0) };
        }
        let divided = |points: f64| points / amount;
        Self { unit, value: self.value.map(divided), ci95: self.ci95.map(|ends| ends.map(divided)), ..self }
    }

    /// Adds how many people the figure needs.
    #[must_use]
    pub fn needing(mut self, n_needed: usize) -> Self {
        self.n_needed = Some(n_needed);
        self
    }

    /// Adds how many people were asked.
    #[must_use]
    pub fn invited(mut self, n_invited: usize) -> Self {
        self.n_invited = Some(n_invited);
        self
    }

    /// Adds how far the study design carries a conclusion.
    #[must_use]
    pub fn graded(mut self, grade: Grade) -> Self {
        self.evidence_grade = Some(grade);
        self
    }

    /// Says whether there is a value, and if not, which gate closed.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Says why there is no value.
    pub fn reason(&self) -> Option<Reason> {
        self.reason
    }

    /// The unrounded number.
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// What one unit of the value is.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// Lower and upper end of the 95 % interval.
    pub fn ci95(&self) -> Option<[f64; 2]> {
        self.ci95
    }

    /// The two-sided probability of such a value without any effect, if the figure is an effect with an interval.
    pub fn p(&self) -> Option<f64> {
        self.p
    }

    /// Whether the interval is probably too narrow: few supervisors rated, or the people of one count like strangers.
    pub fn probably_too_narrow(&self) -> bool {
        self.probably_too_narrow
    }

    /// How many people the figure rests on; none when suppressed.
    pub fn n(&self) -> Option<usize> {
        self.n
    }

    /// How many people it takes for the figure to be shown.
    pub fn n_needed(&self) -> Option<usize> {
        self.n_needed
    }

    /// How many were asked.
    pub fn n_invited(&self) -> Option<usize> {
        self.n_invited
    }

    /// How far the study design carries a conclusion.
    pub fn evidence_grade(&self) -> Option<Grade> {
        self.evidence_grade
    }
}

fn probability(p: f64) -> Option<f64> {
    Some(p).filter(|p| (0.0..=1.0).contains(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_and_infinities_cannot_be_shown() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for figure in [
                Figure::ok(bad, None, Unit::PointsOf5, 12),
                Figure::ok(1.0, Some([bad, 2.0]), Unit::PointsOf5, 12),
                Figure::ok(1.0, Some([0.0, bad]), Unit::PointsOf5, 12),
            ] {
                assert_eq!(figure.status(), Status::Undefined);
                assert_eq!(figure.reason(), Some(Reason::NotFinite));
                assert_eq!((figure.value(), figure.ci95()), (None, None));
            }
        }
    }

    #[test]
    fn a_suppressed_figure_forgets_n() {
        let figure = Figure::closed(Reason::FewerThan5, Unit::PointsOf5, 3).needing(5).invited(12);
        assert_eq!((figure.n(), figure.n_needed(), figure.n_invited()), (None, Some(5), Some(12)));
    }

    #[test]
    fn json_has_every_field_and_the_public_names() {
        let figure = Figure::ok(0.35, Some([0.125, 0.5]), Unit::PointsOf5, 12).graded(Grade::A);
        let json = serde_json::to_string(&figure).unwrap();
        assert_eq!(
            json,
            r#"{"status":"ok","reason":null,"value":0.35,"unit":"points_of_5","ci95":[0.125,0.5],"probably_too_narrow":false,"n":12,"n_needed":null,"n_invited":null,"evidence_grade":"A"}"#
        );
        let closed = Figure::closed(Reason::NBelow2, Unit::PointsOf100, 1);
        let json = serde_json::to_value(closed).unwrap();
        assert_eq!((&json["status"], &json["reason"]), (&"insufficient_data".into(), &"n_below_2".into()));
    }

    #[test]
    fn the_published_schema_gives_types_names_and_examples() {
        use utoipa::PartialSchema;
        let schema = serde_json::to_value(Figure::schema()).unwrap();
        assert_eq!(schema["required"].as_array().unwrap().len(), 10);
        assert_eq!(schema["properties"]["value"]["type"], serde_json::json!(["number", "null"]));
        for name in ["value", "ci95", "n", "n_needed", "n_invited"] {
            assert!(!schema["properties"][name]["example"].is_null(), "{name} has no example: {schema}");
        }
        for named in [Status::schema(), Unit::schema(), Reason::schema(), Grade::schema()] {
            let named = serde_json::to_value(named).unwrap();
            assert!(named["enum"].as_array().unwrap().contains(&named["example"]), "{named}");
        }
        let reasons = serde_json::to_value(Reason::schema()).unwrap();
        assert!(reasons.to_string().contains("\"fewer_than_5\""));
    }
}
