//! From the answers on one form to one score.

use super::thresholds::SCALE_ANSWERED_PERCENT;

/// The mean of the answered items of a 1 to 5 scale, items marked in `reverse` counted as 6 - x.
///
/// «Not observed» is none, neither a 3 nor a 0. There is no score when fewer than 80 % are answered, when an
/// answer lies outside the scale, or when the two slices do not describe the same items.
pub fn scale_score(answers: &[Option<u8>], reverse: &[bool]) -> Option<f64> {
    if answers.len() != reverse.len() || answers.iter().flatten().any(|answer| !(1..=5).contains(answer)) {
        return None;
    }
    let scored: Vec<u32> = answers
        .iter()
        .zip(reverse)
        .filter_map(|(answer, reversed)| answer.map(|answer| if *reversed { 6 - answer } else { answer }))
        .map(u32::from)
        .collect();
    let enough = !scored.is_empty() && scored.len() * 100 >= answers.len() * SCALE_ANSWERED_PERCENT;
    enough.then(|| f64::from(scored.iter().sum::<u32>()) / scored.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        type Case<'a> = (&'a [Option<u8>], &'a [bool], Option<f64>);
        let plain = [false; 5];
        let cases: [Case; 9] = [
            (&[Some(4), Some(4), Some(5), Some(3), Some(4)], &plain, Some(4.0)),
            (&[Some(4), Some(4), Some(5), Some(3), None], &plain, Some(4.0)),
            (&[Some(4), Some(4), Some(5), None, None], &plain, None),
            (&[Some(5), Some(1)], &[false, true], Some(5.0)),
            (&[Some(2), Some(3)], &[true, true], Some(3.5)),
            (&[], &[], None),
            (&[None; 5], &plain, None),
            (&[Some(0), Some(6)], &[false, true], None),
            (&[Some(3), Some(3)], &[false], None),
        ];
        for (answers, reverse, expected) in cases {
            assert_eq!(scale_score(answers, reverse), expected, "{answers:?}");
        }
    }
}
