DROP INDEX accounts_kind_idx;
