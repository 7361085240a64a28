-- Instants are UTC ticks of 100 ns. Entities stand as workspace/kind/key. Text compares by its UTF-8 bytes.

-- Turns as appended: one row per entity and batch. Clustered, so that an entity's turns are one read.
-- Tables with large values keep them out of their key's tree: a seek in a tree without row ids reads every large value that it compares with.
CREATE TABLE turns (
    entity TEXT NOT NULL,
    version INTEGER NOT NULL,       -- after the last of these turns
    first_version INTEGER NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (entity, version)
);

CREATE TABLE snapshots (
    entity TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    state BLOB NOT NULL
);

-- Effects that wait for the turn that they cause. Sequences come from marks: they never fall, not even when the newest row is gone.
CREATE TABLE outbox (
    sequence INTEGER NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    version INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    target TEXT NOT NULL,
    report INTEGER NOT NULL,
    payload BLOB NOT NULL,
    parked_reason TEXT,
    parked_at INTEGER
);
CREATE UNIQUE INDEX outbox_effect ON outbox (source, version, ordinal);
CREATE UNIQUE INDEX outbox_report ON outbox (source, target) WHERE report = 1;
CREATE INDEX outbox_parked ON outbox (sequence) WHERE parked_at IS NOT NULL;

-- Numbers handed out in blocks: the value is above every one in use.
CREATE TABLE marks (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE timers (
    entity TEXT NOT NULL,
    name TEXT NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (entity, name)
) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due, entity, name);

CREATE TABLE requests (
    workspace TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    reply BLOB,
    at INTEGER NOT NULL,            -- when it was opened
    PRIMARY KEY (workspace, key)
) WITHOUT ROWID;

CREATE TABLE identities (
    workspace TEXT NOT NULL,
    identity TEXT NOT NULL,
    contact TEXT NOT NULL,
    PRIMARY KEY (workspace, identity)
) WITHOUT ROWID;
CREATE INDEX identities_contact ON identities (workspace, contact);

CREATE TABLE rows (
    workspace TEXT NOT NULL,
    tbl TEXT NOT NULL,
    key TEXT NOT NULL,
    item TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (workspace, tbl, key, item)
);

CREATE TABLE leads (
    workspace TEXT NOT NULL,
    lead TEXT NOT NULL,
    state TEXT NOT NULL,
    stage TEXT,
    pool TEXT,
    campaign TEXT NOT NULL,
    contact TEXT NOT NULL,
    person TEXT,
    slot TEXT,
    captured_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    closed_at INTEGER,
    promise_broken INTEGER NOT NULL,
    PRIMARY KEY (workspace, lead)
) WITHOUT ROWID;
-- A row is rewritten at each step of its lead: every index here is paid for each time.
CREATE INDEX leads_state ON leads (workspace, state, lead);
CREATE INDEX leads_pool ON leads (workspace, pool, lead) WHERE pool IS NOT NULL;
CREATE INDEX leads_campaign ON leads (workspace, campaign, lead);
CREATE INDEX leads_person ON leads (workspace, person, lead) WHERE person IS NOT NULL AND closed_at IS NULL;
