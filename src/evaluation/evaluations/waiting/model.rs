use chrono::Days;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::model::AnswerBatch;
use crate::error::{Error, Result};
use crate::tokens::seals::Seals;

/// How long figures wait for answers that cannot be opened, from the day on which they would be shown.
pub const KEY_PATIENCE: Days = Days::new(7);

/// Least length of what is sealed; longer texts are brought to the next power of two. Nearly all answers look the same:
/// a form without many words stays below it.
const LENGTH: usize = 4096;

/// What is sealed of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    /// The answers, as they will be stored.
    pub answers: Value,
    /// Bits of the score: a decimal number might come back as its neighbour.
    score: Option<u64>,
}

impl Contents {
    /// Answers with their score.
    pub fn new(answers: Value, score: Option<f64>) -> Self {
        Self { answers, score: score.map(f64::to_bits) }
    }

    /// The score.
    pub fn score(&self) -> Option<f64> {
        self.score.map(f64::from_bits)
    }

    /// Sealed for a place, where alone it can be opened.
    ///
    /// # Errors
    /// As [`Seals::seal`].
    pub fn sealed(&self, seals: &Seals, batch: AnswerBatch) -> Result<Vec<u8>> {
        let mut text = serde_json::to_vec(self).map_err(Error::internal)?;
        // Blanks after a JSON text mean nothing.
        text.resize(text.len().next_power_of_two().max(LENGTH), b' ');
        seals.seal(&batch.name(), text)
    }

    /// What was sealed for a place; none where that cannot be opened.
    pub fn opened(seals: &Seals, batch: AnswerBatch, sealed: &[u8]) -> Option<Self> {
        serde_json::from_slice(&seals.open(&batch.name(), sealed)?).ok()
    }

    /// With a mark in the place of a text; none where the text does not occur.
    ///
    /// # Errors
    /// [`Error::Internal`] when the answers are no JSON afterwards.
    pub fn without(&self, text: &str, mark: &str) -> Result<Option<Self>> {
        let quoted = serde_json::to_string(text).map_err(Error::internal)?;
        let wanted = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(&quoted);
        let answers = self.answers.to_string();
        if !answers.contains(wanted) {
            return Ok(None);
        }
        let answers = serde_json::from_str(&answers.replace(wanted, mark)).map_err(Error::internal)?;
        Ok(Some(Self { answers, score: self.score }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::evaluation::evaluations::{Phase, RespondentGroup};
    use crate::tokens::Keys;

    #[test]
    fn answers_look_alike_and_come_back_as_they_were() {
        let keys = Keys::new(&Keys::generate_pkcs8().unwrap(), "test").unwrap();
        let batch = |phase| AnswerBatch {
            offering_id: Uuid::from_u128(1),
            questionnaire_id: Uuid::from_u128(2),
            phase,
            group: RespondentGroup::Learner,
        };
        let sealed = |words: &str| {
            let contents = Contents::new(json!([{"item": "t", "value": words}]), Some(11.0 / 3.0));
            let sealed = contents.sealed(keys.seals(), batch(Phase::Close)).unwrap();
            assert_eq!(Contents::opened(keys.seals(), batch(Phase::Close), &sealed), Some(contents));
            assert_eq!(Contents::opened(keys.seals(), batch(Phase::SixMonths), &sealed), None);
            sealed.len()
        };
        assert_eq!(sealed("Tốt"), sealed(&"Cần thêm ví dụ. ".repeat(150)));
        assert_eq!(sealed(&"x".repeat(5000)), sealed(&"x".repeat(8000)));
    }

    #[test]
    fn a_text_is_replaced_where_it_occurs() {
        let contents = Contents::new(json!([{"item": "t", "value": "Cô \"Thoa\" giúp."}]), Some(4.0));
        assert_eq!(contents.without("Bình", "(đã xóa)").unwrap(), None);
        let without = contents.without("Cô \"Thoa\"", "(đã xóa)").unwrap().unwrap();
        assert_eq!(without.answers, json!([{"item": "t", "value": "(đã xóa) giúp."}]));
        assert_eq!(without.score(), Some(4.0));
    }
}
