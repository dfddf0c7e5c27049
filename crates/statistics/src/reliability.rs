//! Whether the items of a questionnaire measure one thing: Cronbach's alpha and what goes with it.
//!
//! Say «internal consistency», not «valid».

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Reason,
    agreement::Coefficient,
    tails::f_quantile,
    thresholds::{ALPHA_BARS, TAIL},
};

/// Sums over complete forms of each item and of each product of two items; additive over forms.
///
/// Answers are whole numbers as scored, reverse-worded items already turned round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ItemSums {
    /// Complete forms.
    pub n: i64,
    /// Sum of each item.
    pub sums: Vec<i64>,
    /// Sum of each product of two items: of item 1 with items 1, 2, ..., of item 2 with items 2, 3, ..., and so on.
    pub products: Vec<i64>,
}

/// The internal consistency of a scale, as far as it can be computed; not yet fit to be shown, see
/// [`reliability_figures`](super::reliability_figures).
#[derive(Debug, Clone, PartialEq)]
pub struct Reliability {
    /// Complete forms.
    pub n: usize,
    /// Items.
    pub items: usize,
    /// Cronbach's alpha with the interval of Feldt, or why there is none. Negative where items contradict each other,
    /// mostly because one was not turned round.
    pub alpha: Result<Coefficient, Reason>,
    /// Standard error of measurement of one person's sum of all items, in points of that sum.
    pub standard_error: Option<f64>,
    /// McDonald's omega of one common factor, in closed form, for three items; none for other numbers (it needs a
    /// fitted model) and where no such factor explains them.
    pub omega: Option<f64>,
    /// Each item among the others.
    pub each: Vec<ItemReliability>,
}

/// One item among the others of its scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItemReliability {
    /// Correlation with the sum of the other items; none where either is constant.
    pub rest_correlation: Option<f64>,
    /// Alpha of the others without it; none for fewer than two others.
    pub alpha_without: Option<f64>,
}

/// What an internal consistency suffices for, by the lower end of its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "groups")]
pub enum ReliabilityUse {
    /// For nothing yet.
    Nothing,
    /// For the mean of a group.
    Groups,
    /// For comparing groups.
    ComparingGroups,
    /// For a decision on one person.
    Persons,
}

impl ReliabilityUse {
    /// By the lower end of the interval of alpha.
    pub fn of(lower: f64) -> Self {
        let [groups, comparing, persons] = ALPHA_BARS;
        match lower {
            lower if lower >= persons => Self::Persons,
            lower if lower >= comparing => Self::ComparingGroups,
            lower if lower >= groups => Self::Groups,
            _ => Self::Nothing,
        }
    }
}

impl ItemSums {
    /// No forms yet of a scale with so many items.
    pub fn new(items: usize) -> Self {
        Self { n: 0, sums: vec![0; items], products: vec![0; items * (items + 1) / 2] }
    }

    /// Sums forms of a scale with so many items; incomplete ones are left out.
    pub fn of(items: usize, forms: &[Vec<Option<i64>>]) -> Self {
        let mut sums = Self::new(items);
        for form in forms {
            sums.add(form);
        }
        sums
    }

    /// Adds one form if it is complete, and says whether it was.
    pub fn add(&mut self, form: &[Option<i64>]) -> bool {
        let Some(answers) = form.iter().copied().collect::<Option<Vec<i64>>>() else { return false };
        if answers.len() != self.sums.len() {
            return false;
        }
        self.n = self.n.saturating_add(1);
        for (sum, answer) in self.sums.iter_mut().zip(&answers) {
            *sum = sum.saturating_add(*answer);
        }
        let later = |place: usize| answers.iter().skip(place);
        let pairs =
            answers.iter().enumerate().flat_map(|(place, one)| later(place).map(move |other| (one, other)));
        for (product, (one, other)) in self.products.iter_mut().zip(pairs) {
            *product = product.saturating_add(one.saturating_mul(*other));
        }
        true
    }

    /// Adds the forms of other people and says whether they were of the same number of items; others stay out. Sums of no
    /// items yet take over those of the first forms.
    pub fn merge(&mut self, other: &Self) -> bool {
        if self.sums.is_empty() {
            *self = other.clone();
            return true;
        }
        if self.sums.len() != other.sums.len() || self.products.len() != other.products.len() {
            return false;
        }
        self.n = self.n.saturating_add(other.n);
        let mine = self.sums.iter_mut().chain(&mut self.products);
        for (sum, more) in mine.zip(other.sums.iter().chain(&other.products)) {
            *sum = sum.saturating_add(*more);
        }
        true
    }

    /// The covariances times n(n - 1), exactly.
    fn covariances(&self) -> Covariances {
        let items = self.sums.len();
        let mut products = self.products.iter();
        let mut cells = vec![vec![0_i128; items]; items];
        for (row, one) in self.sums.iter().enumerate() {
            for (column, other) in self.sums.iter().enumerate().skip(row) {
                let product = products.next().copied().unwrap_or_default();
                let value = i128::from(self.n) * i128::from(product) - i128::from(*one) * i128::from(*other);
                for (row, column) in [(row, column), (column, row)] {
                    if let Some(cell) = cells.get_mut(row).and_then(|cells| cells.get_mut(column)) {
                        *cell = value;
                    }
                }
            }
        }
        Covariances(cells)
    }

    /// Whether a sum has hit the end of its type, or the list of products is not that of the items.
    fn broken(&self) -> bool {
        let items = self.sums.len();
        self.products.contains(&i64::MAX) || self.products.len() != items * (items + 1) / 2
    }
}

/// A symmetric table of covariances in a common unit.
struct Covariances(Vec<Vec<i128>>);

impl Covariances {
    fn total(&self) -> i128 {
        self.0.iter().flatten().sum()
    }

    fn variances(&self) -> impl Iterator<Item = i128> {
        self.0.iter().enumerate().map(|(item, row)| row.get(item).copied().unwrap_or_default())
    }

    /// Alpha; none of fewer than two items or without any spread of their sum.
    fn alpha(&self) -> Option<f64> {
        let items = self.0.len() as i128;
        let total = self.total();
        let between = total - self.variances().sum::<i128>();
        // One division, so that copies give exactly 1.
        (items > 1 && total > 0).then(|| (items * between) as f64 / ((items - 1) * total) as f64)
    }

    fn without(&self, item: usize) -> Self {
        let others = |row: &Vec<i128>| {
            row.iter().enumerate().filter(|(place, _)| *place != item).map(|(_, cell)| *cell).collect()
        };
        Self(
            self.0
                .iter()
                .enumerate()
                .filter(|(place, _)| *place != item)
                .map(|(_, row)| others(row))
                .collect(),
        )
    }

    /// Correlation of an item with the sum of the others.
    fn rest_correlation(&self, item: usize) -> Option<f64> {
        let row = self.0.get(item)?;
        let own = *row.get(item)?;
        let with_rest = row.iter().sum::<i128>() - own;
        let of_rest = self.without(item).total();
        (own > 0 && of_rest > 0).then(|| with_rest as f64 / (own as f64).sqrt() / (of_rest as f64).sqrt())
    }

    /// Omega of three items, whose loadings follow from their three covariances; none where these do not all point
    /// one way, or an item would be explained by more than all of its variance.
    fn omega(&self) -> Option<f64> {
        let [first, second, third] = self.0.as_slice() else { return None };
        let (one, two, three) = (*first.get(1)? as f64, *first.get(2)? as f64, *second.get(2)? as f64);
        if one <= 0.0 || two <= 0.0 || three <= 0.0 {
            return None;
        }
        let explained = [one * two / three, one * three / two, two * three / one];
        let own = [*first.first()?, *second.get(1)?, *third.get(2)?].map(|variance| variance as f64);
        let fits = explained.iter().zip(&own).all(|(explained, own)| explained <= own);
        let common = explained.iter().map(|square| square.sqrt()).sum::<f64>().powi(2);
        fits.then(|| common / self.total() as f64)
    }
}

/// Measures the internal consistency of a scale.
pub fn reliability(sums: &ItemSums) -> Reliability {
    let items = sums.sums.len();
    // Sums that hit an end would overflow what follows.
    let covariances = if sums.broken() { Covariances(Vec::new()) } else { sums.covariances() };
    let alpha = alpha(sums, &covariances);
    let n = usize::try_from(sums.n).unwrap_or(0);
    let usable = n > 1 && !sums.broken();
    let variance = covariances.total() as f64 / (sums.n as f64 * (sums.n as f64 - 1.0));
    let each = |item: usize| ItemReliability {
        rest_correlation: covariances.rest_correlation(item).filter(|_| usable),
        alpha_without: covariances.without(item).alpha().filter(|_| usable),
    };
    Reliability {
        n,
        items,
        alpha,
        standard_error: alpha.ok().map(|alpha| (variance * (1.0 - alpha.value).max(0.0)).sqrt()),
        omega: covariances.omega().filter(|_| usable),
        each: (0..items).map(each).collect(),
    }
}

fn alpha(sums: &ItemSums, covariances: &Covariances) -> Result<Coefficient, Reason> {
    match (sums.sums.len(), sums.n) {
        (..2, _) => Err(Reason::TooFewItems),
        (_, ..1) => Err(Reason::NoCompleteRows),
        (_, 1) => Err(Reason::NBelow2),
        _ if sums.broken() => Err(Reason::NotFinite),
        (items, n) => {
            let value = covariances.alpha().ok_or(Reason::NoSpreadBetweenPeople)?;
            Ok(Coefficient { value, ci95: feldt(value, n as f64, items as f64) })
        }
    }
}

/// The interval of Feldt (1965); none where every item is the same, which would claim certainty.
fn feldt(alpha: f64, n: f64, items: f64) -> Option<[f64; 2]> {
    let (df1, df2) = (n - 1.0, (n - 1.0) * (items - 1.0));
    let end = |probability: f64| Some(1.0 - (1.0 - alpha) * f_quantile(probability, df1, df2)?);
    let ends = [end(1.0 - TAIL)?, end(TAIL)?];
    (alpha < 1.0 && ends.iter().all(|end| end.is_finite())).then_some(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(forms: &[&[i64]]) -> Reliability {
        let items = forms.first().map_or(0, |form| form.len());
        let forms: Vec<Vec<Option<i64>>> =
            forms.iter().map(|form| form.iter().copied().map(Some).collect()).collect();
        reliability(&ItemSums::of(items, &forms))
    }

    #[test]
    fn too_few_forms_or_items() {
        assert_eq!(reliability(&ItemSums::new(3)).alpha, Err(Reason::NoCompleteRows));
        assert_eq!(reliability(&ItemSums::default()).alpha, Err(Reason::TooFewItems));
        assert_eq!(of(&[&[1], &[2]]).alpha, Err(Reason::TooFewItems));
        assert_eq!(of(&[&[1, 2]]).alpha, Err(Reason::NBelow2));
        let incomplete = ItemSums::of(2, &[vec![Some(1), None], vec![Some(1)], vec![Some(1), Some(2)]]);
        assert_eq!(incomplete.n, 1);
    }

    #[test]
    fn no_spread_and_nothing_but_copies() {
        assert_eq!(of(&[&[3, 3], &[3, 3]]).alpha, Err(Reason::NoSpreadBetweenPeople));
        // One rises as the other falls: the sum is constant.
        assert_eq!(of(&[&[1, 5], &[5, 1]]).alpha, Err(Reason::NoSpreadBetweenPeople));
        assert_eq!(of(&[&[1, 1], &[4, 4]]).alpha, Ok(Coefficient { value: 1.0, ci95: None }));
    }

    #[test]
    fn a_constant_item_is_kept_without_correlation() {
        let found = of(&[&[3, 1, 2], &[3, 4, 4], &[3, 2, 3]]);
        assert!(found.alpha.is_ok());
        assert_eq!(found.each[0].rest_correlation, None);
        assert!(found.each[1].rest_correlation.is_some() && found.each[0].alpha_without.is_some());
        assert_eq!(found.omega, None);
    }

    #[test]
    fn forms_add_up_and_other_scales_stay_out() {
        let forms: Vec<Vec<Option<i64>>> =
            [[1, 2, 4], [3, 3, 5], [2, 1, 1]].map(|form| form.map(Some).to_vec()).to_vec();
        let mut sums = ItemSums::of(3, &forms[..1]);
        assert!(sums.merge(&ItemSums::of(3, &forms[1..])));
        assert_eq!(sums, ItemSums::of(3, &forms));
        assert!(!sums.merge(&ItemSums::new(2)) && !sums.merge(&ItemSums::default()));
        assert_eq!(sums, ItemSums::of(3, &forms));
        assert_eq!(sums.products.len(), 6);
        let mut none = ItemSums::default();
        assert!(none.merge(&sums));
        assert_eq!(none, sums);
    }

    #[test]
    fn sums_that_do_not_fit_are_refused() {
        let sums = ItemSums { n: 5, sums: vec![1, 2], products: vec![i64::MAX, 1, 2] };
        assert_eq!(reliability(&sums).alpha, Err(Reason::NotFinite));
        let sums = ItemSums { n: 5, sums: vec![1, 2], products: vec![1] };
        assert_eq!(reliability(&sums).alpha, Err(Reason::NotFinite));
    }

    #[test]
    fn bars_at_their_borders() {
        use ReliabilityUse::{ComparingGroups, Groups, Nothing, Persons};
        for (lower, expected) in [
            (0.6999, Nothing),
            (0.70, Groups),
            (0.7999, Groups),
            (0.80, ComparingGroups),
            (0.8999, ComparingGroups),
            (0.90, Persons),
            (f64::NAN, Nothing),
        ] {
            assert_eq!(ReliabilityUse::of(lower), expected, "{lower}");
        }
    }
}
