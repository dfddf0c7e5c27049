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

        /// The words that a row with this code and name is found by. Tables of lists that are searched have them in the
        /// column `search_words`.
        fn search_words(
            code: diesel::sql_types::Nullable<diesel::sql_types::Text>,
            name: diesel::sql_types::Nullable<diesel::sql_types::Text>,
        ) -> diesel::sql_types::Text;

        /// Whether such words match all of the patterns of `text::search_patterns`.
        fn search_finds(
            words: diesel::sql_types::Text,
            patterns: diesel::sql_types::Array<diesel::sql_types::Text>,
        ) -> diesel::sql_types::Bool;

        /// The beginnings of such words, as the indexes of long lists hold them.
        fn search_prefixes(
            words: diesel::sql_types::Text,
        ) -> diesel::sql_types::Array<diesel::sql_types::Text>;

        /// Whether so many rows of a list match that reading it in its order finds a page soon.
        fn search_is_common(
            list: diesel::sql_types::Text,
            patterns: diesel::sql_types::Array<diesel::sql_types::Text>,
            key: diesel::sql_types::Nullable<diesel::sql_types::Text>,
            after: diesel::sql_types::Nullable<diesel::sql_types::Text>,
        ) -> diesel::sql_types::Bool;
    }
}
pub(super) use functions::{advisory_xact_lock, search_is_common, set_config};
pub(crate) use functions::{lower, people_stay, search_finds, search_prefixes, search_words};
