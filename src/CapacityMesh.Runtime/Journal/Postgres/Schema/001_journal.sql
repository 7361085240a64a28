-- Instants are UTC ticks of 100 ns. Entities stand as workspace/kind/key. Text compares by its UTF-8 bytes, in every database alike.

-- Turns as appended: one row per entity and batch. The first version is the key: of two writers who saw the same head, however many turns each
-- brings, only one can have the next.
CREATE TABLE turns (
    entity text COLLATE "C" NOT NULL,
    first_version bigint NOT NULL,
    version bigint NOT NULL,        -- after the last of these turns
    payload bytea NOT NULL,
    PRIMARY KEY (entity, first_version)
);

CREATE TABLE snapshots (
    entity text COLLATE "C" NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    state bytea NOT NULL
);

-- Effects that wait for the turn that they cause. Sequences are handed out before their transactions commit, so across writers they appear out of
-- order: who follows this table without the lock of OutboxAsync reads only rows whose xid is below pg_snapshot_xmin(pg_current_snapshot()).
CREATE TABLE outbox (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    source text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    ordinal integer NOT NULL,
    target text COLLATE "C" NOT NULL,
    report boolean NOT NULL,
    payload bytea NOT NULL,
    parked_reason text,
    parked_at bigint
);
CREATE UNIQUE INDEX outbox_effect ON outbox (source, version, ordinal);
CREATE UNIQUE INDEX outbox_report ON outbox (source, target) WHERE report;
CREATE INDEX outbox_parked ON outbox (sequence) WHERE parked_at IS NOT NULL;

CREATE TABLE timers (
    entity text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    due bigint NOT NULL,
    PRIMARY KEY (entity, name)
);
CREATE INDEX timers_due ON timers (due, entity, name);

CREATE TABLE requests (
    workspace text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    body_hash text NOT NULL,
    reply bytea,
    at bigint NOT NULL,             -- when it was opened
    PRIMARY KEY (workspace, key)
);

CREATE TABLE identities (
    workspace text COLLATE "C" NOT NULL,
    identity text COLLATE "C" NOT NULL,
    contact text COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace, identity)
);
CREATE INDEX identities_contact ON identities (workspace, contact);

CREATE TABLE rows (
    workspace text COLLATE "C" NOT NULL,
    tbl text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (workspace, tbl, key, item)
);

CREATE TABLE leads (
    workspace text COLLATE "C" NOT NULL,
    lead text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    stage text COLLATE "C",
    pool text COLLATE "C",
    campaign text COLLATE "C" NOT NULL,
    contact text COLLATE "C" NOT NULL,
    person text COLLATE "C",
    slot text COLLATE "C",
    captured_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    closed_at bigint,
    promise_broken boolean NOT NULL,
    PRIMARY KEY (workspace, lead)
);
-- A row is rewritten at each step of its lead: every index here is paid for each time.
CREATE INDEX leads_state ON leads (workspace, state, lead);
CREATE INDEX leads_pool ON leads (workspace, pool, lead) WHERE pool IS NOT NULL;
CREATE INDEX leads_campaign ON leads (workspace, campaign, lead);
CREATE INDEX leads_person ON leads (workspace, person, lead) WHERE person IS NOT NULL AND closed_at IS NULL;
