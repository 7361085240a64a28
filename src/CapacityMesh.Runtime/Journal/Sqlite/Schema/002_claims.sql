-- Identities as they were claimed, one after the other; where each stands is known in memory (ClaimIndex). In a tree by identity, which is a keyed hash, every claim
-- would rewrite a page of its own.
CREATE TABLE claims (
    number INTEGER NOT NULL PRIMARY KEY,
    workspace TEXT NOT NULL,
    identity TEXT NOT NULL,
    contact TEXT NOT NULL
);
CREATE INDEX claims_contact ON claims (workspace, contact);

INSERT INTO claims (workspace, identity, contact) SELECT workspace, identity, contact FROM identities ORDER BY workspace, contact;
DROP TABLE identities;
