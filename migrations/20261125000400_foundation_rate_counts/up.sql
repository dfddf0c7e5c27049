-- How often a caller asked for a route in a window, summed over all replicas. The key is a keyed hash: neither address
-- nor name stands here. Unlogged: after a crash the counts start anew, which costs a window and no data.
CREATE UNLOGGED TABLE rate_counts (
    window_start timestamptz NOT NULL,
    key bytea NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT rate_counts_pkey PRIMARY KEY (window_start, key)
);
