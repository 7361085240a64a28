-- What was committed, for those who follow: one row for each commit of a cluster's member, naming the turns that it appended. Transaction ids are
-- handed out before their transactions commit, so who follows reads only rows below pg_snapshot_xmin(pg_current_snapshot()): none comes before them later.
CREATE TABLE feed (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id() PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    entities text[] NOT NULL,
    first_versions bigint[] NOT NULL
);
CREATE INDEX feed_at ON feed (at);

-- Whose database this is: at most one row, written by the first member of a cluster.
CREATE TABLE owner (
    cluster text NOT NULL,
    only_one boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (only_one)
);
