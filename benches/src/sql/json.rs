//! Rows as JSON, straight from what Postgres sent.

use std::error::Error;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};
use uuid::Uuid;

/// Rows, each an object with a member for each column.
pub struct Rows<'a>(pub &'a [Row]);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for row in self.0 {
            list.serialize_element(&Object(row))?;
        }
        list.end()
    }
}

/// A row as an object.
pub struct Object<'a>(pub &'a Row);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len()))?;
        for (place, column) in self.0.columns().iter().enumerate() {
            let value: Option<Raw<'_>> = self.0.try_get(place).map_err(serde::ser::Error::custom)?;
            object.serialize_entry(column.name(), &value.map(|raw| Value { raw, kind: column.type_() }))?;
        }
        object.end()
    }
}

/// The bytes of a value.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A value with its type.
struct Value<'a> {
    raw: Raw<'a>,
    kind: &'a Type,
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = self.raw.0;
        let number = || bytes.iter().fold(0_i64, |number, byte| number << 8 | i64::from(*byte));
        match *self.kind {
            Type::UUID => serializer.serialize_some(&Uuid::from_slice(bytes).unwrap_or_default()),
            Type::BOOL => serializer.serialize_bool(bytes != [0]),
            Type::INT2 => serializer.serialize_i16(i16::from_sql(self.kind, bytes).unwrap_or_default()),
            Type::INT4 => serializer.serialize_i32(i32::from_sql(self.kind, bytes).unwrap_or_default()),
            Type::INT8 => serializer.serialize_i64(number()),
            Type::FLOAT8 => serializer.serialize_f64(f64::from_sql(self.kind, bytes).unwrap_or_default()),
            Type::DATE => {
                let days = i32::from_sql(&Type::INT4, bytes).unwrap_or_default();
                let day = chrono::NaiveDate::from_ymd_opt(2000, 1, 1)
                    .and_then(|first| first.checked_add_signed(chrono::TimeDelta::days(days.into())));
                serializer.serialize_some(&day)
            }
            Type::TIMESTAMPTZ => {
                let at = chrono::DateTime::from_timestamp_micros(number() + 946_684_800_000_000);
                serializer.serialize_some(&at)
            }
            _ => serializer.serialize_str(&String::from_utf8_lossy(bytes)),
        }
    }
}
