-- Exclusion constraints over plain columns, and accent-free search by trigram. Both ship with Postgres (contrib) and are trusted.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
