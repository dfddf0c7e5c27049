//! Search in long lists: `q` is answered by reading the list in its order while that finds a page soon, and by the index
//! on the beginnings of words otherwise. Neither alone is cheap for both `nguyen`, which every third name has, and a code.

use diesel_async::RunQueryDsl;

use super::Tx;
use super::sql_functions::search_is_common;
use crate::error::Result;
use crate::text;

/// A list with an index on `search_prefixes(search_words)`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Searched<'a> {
    /// The table.
    pub(crate) table: &'static str,
    /// The column of a text by which the list is ordered, if it is not ordered by id, and where the page begins in it.
    pub(crate) order: Option<(&'static str, Option<&'a str>)>,
}

impl Searched<'static> {
    /// A list that is ordered by id.
    pub(crate) fn by_id(table: &'static str) -> Self {
        Self { table, order: None }
    }
}

/// The conditions that find the rows of a long list.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    /// What the words of a row must match, one for each word that is asked for: for `search_finds`.
    pub(crate) patterns: Vec<String>,
    /// Beginnings of the same words, which the index must hold: for `search_prefixes`. None where the list is read in its
    /// order.
    pub(crate) prefixes: Option<Vec<String>>,
}

impl Search {
    /// How to find what is asked for in a list. Its statement looks at a few rows and is not limited to the reach of the
    /// caller: it decides how rows are found, not which.
    ///
    /// # Errors
    /// As any statement.
    pub(crate) async fn weighed(tx: &mut Tx<'_>, asked: &str, list: Searched<'_>) -> Result<Self> {
        let patterns = text::search_patterns(asked);
        let (key, after) = list.order.unzip();
        let is_common: bool = diesel::select(search_is_common(list.table, &patterns, key, after.flatten()))
            .get_result(tx.conn())
            .await?;
        let prefixes = (!is_common).then(|| text::search_prefixes(asked));
        Ok(Self { patterns, prefixes })
    }
}
