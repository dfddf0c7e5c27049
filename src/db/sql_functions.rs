//! The SQL functions we call.

mod functions {
    #[diesel::declare_sql_function]
    extern "SQL" {
        /// Wait for a lock that ends with the transaction.
        #[sql_name = "pg_advisory_xact_lock"]
        fn advisory_xact_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Text;

        /// Until the unit of work ends, nobody is moved to another unit.
        fn people_stay() -> diesel::sql_types::Text;

        /// A text in lower case, as the database makes it.
        fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;

        /// Change a setting, with `is_local` until the transaction ends; gives its new value.
        fn set_config(
            name: diesel::sql_types::Text,
            value: diesel::sql_types::Text,
            is_local: diesel::sql_types::Bool,
        ) -> diesel::sql_types::Text;

        /// A code and a name without case and accents, to be compared with `text::search_patterns`. Every list that is
        /// searched has an index on it.
        fn searchable(
            code: diesel::sql_types::Nullable<diesel::sql_types::Text>,
            name: diesel::sql_types::Nullable<diesel::sql_types::Text>,
        ) -> diesel::sql_types::Text;
    }
}
pub(super) use functions::{advisory_xact_lock, set_config};
pub(crate) use functions::{lower, people_stay, searchable};
