//! A statement with its parameters, some of which take other values each time.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Object identifier of the type `uuid`.
const UUID: u32 = 2950;

/// What is put into a parameter in place of what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// The value of a variable, by its place.
    Variable(usize),
    /// A new random id: of a row that is inserted.
    NewId,
}

/// How a value is written where it is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// The sixteen bytes of an id.
    Bytes,
    /// The thirty-six characters of an id, or any text.
    Text,
}

/// Where something else is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// First byte that is replaced.
    pub at: usize,
    /// How many are replaced.
    pub length: usize,
    /// By what.
    pub what: What,
    /// Written how.
    pub part: Part,
}

/// A parameter as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// Whether it was sent in binary format.
    pub is_binary: bool,
    /// Its bytes; none for NULL.
    pub value: Option<Vec<u8>>,
    /// What changes, in rising order and without overlap.
    pub slots: Vec<Slot>,
}

impl Param {
    /// Its bytes with some values of the variables.
    pub fn with(&self, variables: &[String]) -> Option<Vec<u8>> {
        let value = self.value.as_ref()?;
        if self.slots.is_empty() {
            return Some(value.clone());
        }
        let (mut made, mut from) = (Vec::with_capacity(value.len()), 0);
        for slot in &self.slots {
            made.extend_from_slice(value.get(from..slot.at).unwrap_or_default());
            let text = match slot.what {
                What::Variable(place) => variables.get(place).cloned().unwrap_or_default(),
                What::NewId => thuocdo::clock::random_id().to_string(),
            };
            match (slot.part, text.parse::<Uuid>()) {
                (Part::Bytes, Ok(id)) => made.extend_from_slice(id.as_bytes()),
                _ => made.extend_from_slice(text.as_bytes()),
            }
            from = slot.at + slot.length;
        }
        made.extend_from_slice(value.get(from..).unwrap_or_default());
        Some(made)
    }
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Its text.
    pub sql: String,
    /// Object identifiers of the types of its parameters, as they were declared; 0 where none was.
    pub types: Vec<u32>,
    /// Its parameters; none of a statement that was sent as text alone.
    pub params: Option<Vec<Param>>,
}

impl Statement {
    /// Whether it only begins or ends a transaction.
    pub fn is_transaction(&self) -> bool {
        let word = self.sql.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        matches!(
            word.trim_end_matches(';'),
            "BEGIN" | "START" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE"
        )
    }

    /// Find the values of variables in its parameters, as bytes or text of an id, or as a whole text; and ids that name what
    /// it inserts.
    fn find(&mut self, variables: &[String]) {
        let inserts = self.sql.to_ascii_uppercase().contains("INSERT INTO");
        for (place, param) in self.params.iter_mut().flatten().enumerate() {
            let Some(value) = &param.value else { continue };
            for (variable, text) in variables.iter().enumerate() {
                let id = text.parse::<Uuid>().ok();
                let mut forms = vec![(text.as_bytes().to_vec(), Part::Text)];
                forms.extend(id.map(|id| (id.as_bytes().to_vec(), Part::Bytes)));
                for (form, part) in forms {
                    for at in places(value, &form) {
                        // Short texts occur by chance.
                        if id.is_some() || form.len() == value.len() {
                            let what = What::Variable(variable);
                            param.slots.push(Slot { at, length: form.len(), what, part });
                        }
                    }
                }
            }
            let is_id = self.types.get(place) == Some(&UUID) && value.len() == 16;
            if inserts && is_id && param.slots.is_empty() {
                param.slots.push(Slot { at: 0, length: 16, what: What::NewId, part: Part::Bytes });
            }
            param.slots.sort_by_key(|slot| slot.at);
            param.slots.dedup_by_key(|slot| slot.at);
        }
    }
}

fn places(text: &[u8], part: &[u8]) -> Vec<usize> {
    if part.is_empty() {
        return Vec::new();
    }
    text.windows(part.len()).enumerate().filter(|(_, window)| *window == part).map(|(at, _)| at).collect()
}

/// The statements of one request, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// The statements.
    pub statements: Vec<Statement>,
}

impl Recording {
    /// The recording of a request that was about some values, made ready to be sent with others.
    #[must_use]
    pub fn about(mut self, variables: &[String]) -> Self {
        self.statements.iter_mut().for_each(|statement| statement.find(variables));
        self
    }

    /// Without what begins and ends transactions: what a bare server sends for a read.
    #[must_use]
    pub fn reading(mut self) -> Self {
        self.statements.retain(|statement| !statement.is_transaction());
        self
    }
}

/// What the bare server answers with.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Recordings {
    /// Address of the database.
    pub url: String,
    /// One employee; the only variable is the id.
    pub employee: Recording,
    /// Pages of lists.
    pub lists: Vec<Recording>,
    /// Searches.
    pub searches: Vec<Recording>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0199f0c4-5a7e-7000-8000-000000000001";
    const OTHER: &str = "0199f0c4-5a7e-7000-8000-000000000002";

    fn recorded(sql: &str, types: &[u32], values: &[&[u8]]) -> Statement {
        let param = |value: &&[u8]| Param { is_binary: true, value: Some(value.to_vec()), slots: Vec::new() };
        let params = Some(values.iter().map(param).collect());
        Statement { sql: sql.to_owned(), types: types.to_vec(), params }
    }

    #[test]
    fn variables_are_found_and_replaced() {
        let id: Uuid = ID.parse().unwrap();
        let json = format!("{{\"id\":\"{ID}\"}}");
        let array = [&[0, 0, 0, 1][..], id.as_bytes(), &[7]].concat();
        let statement =
            recorded("SELECT 1", &[2950, 25, 2951, 23], &[id.as_bytes(), json.as_bytes(), &array, b"9"]);
        let recording = Recording { statements: vec![statement] }.about(&[ID.to_owned(), "9".to_owned()]);
        let params = recording.statements[0].params.as_ref().unwrap();
        let with = |place: usize| params[place].with(&[OTHER.to_owned(), "10".to_owned()]).unwrap();
        let other: Uuid = OTHER.parse().unwrap();
        assert_eq!(with(0), other.as_bytes());
        assert_eq!(with(1), json.replace(ID, OTHER).as_bytes());
        assert_eq!(with(2), [&[0, 0, 0, 1][..], other.as_bytes(), &[7]].concat());
        assert_eq!(with(3), b"10");
    }

    #[test]
    fn what_is_inserted_gets_an_id_of_its_own() {
        let id: Uuid = ID.parse().unwrap();
        let insert = recorded("INSERT INTO outbox (id) VALUES ($1)", &[2950], &[id.as_bytes()]);
        let select = recorded("SELECT $1", &[2950], &[id.as_bytes()]);
        let recording = Recording { statements: vec![insert, select] }.about(&[]);
        let value = |at: usize| recording.statements[at].params.as_ref().unwrap()[0].with(&[]).unwrap();
        assert_ne!(value(0), id.as_bytes());
        assert_eq!(value(1), id.as_bytes());
    }

    #[test]
    fn transactions_are_recognised() {
        let is = |sql: &str| recorded(sql, &[], &[]).is_transaction();
        assert!(is("BEGIN") && is("COMMIT;") && is("rollback to savepoint a") && !is("SELECT 1"));
    }
}
