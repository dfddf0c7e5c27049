CREATE INDEX CONCURRENTLY accounts_kind_idx ON accounts (kind, id);
