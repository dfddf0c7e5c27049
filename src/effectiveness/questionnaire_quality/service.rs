use uuid::Uuid;

use super::model::Row;
use crate::db::Tx;
use crate::effectiveness::form_quality;
use crate::error::{Error, Result};
use crate::evaluation::questionnaires::{self, Filter};
use crate::page::{Page, PageRequest};

/// A page of questionnaires with what is known of them.
///
/// # Errors
/// Not found for a questionnaire that does not exist.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Row>> {
    let forms = questionnaires::list(tx, filter, page).await?;
    if filter.id.is_some() && page.after.is_none() && forms.items.is_empty() {
        return Err(Error::NotFound("questionnaire"));
    }
    let ids: Vec<Uuid> = forms.items.iter().map(|form| form.id).collect();
    let mut known = form_quality::known(tx, &ids).await?;
    Ok(forms.map(|form| {
        let known = known.remove(&form.id).unwrap_or_default();
        Row { quality: known.figures(&form), form, known }
    }))
}
