-- Schema 18. The ledger as hash trees (RFC 6962). Derived from the ids of ops in the order of
-- their positions.

PRAGMA user_version = 18;

-- The hash of the complete subtree over the leaves place * 2^level and the 2^level - 1 behind
-- it. What lies beneath level 4 is made from the ids when it is asked for.
CREATE TABLE ledger (
    tree INTEGER NOT NULL CHECK (tree BETWEEN 1 AND 2),
    level INTEGER NOT NULL CHECK (level BETWEEN 4 AND 63),
    place INTEGER NOT NULL CHECK (place >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (tree, level, place)
) STRICT, WITHOUT ROWID;

-- The seal logs of this machine (docs/LEDGER.md), one for each of its lives; truth. The last
-- one grows.
CREATE TABLE seal_logs (
    number INTEGER PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE seals (
    log INTEGER NOT NULL,
    place INTEGER NOT NULL CHECK (place >= 0), -- of the leaf
    leaf BLOB NOT NULL,
    secret BLOB NOT NULL CHECK (length(secret) = 32), -- opens it
    private_size INTEGER NOT NULL, -- of the trees that it seals
    shared_size INTEGER NOT NULL,
    PRIMARY KEY (log, place)
) STRICT, WITHOUT ROWID;

-- The newest checkpoint of a log that each witness cosigned: a whole note.
CREATE TABLE cosigned (
    log INTEGER NOT NULL,
    witness TEXT NOT NULL,
    size INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (log, witness)
) STRICT, WITHOUT ROWID;

-- Seal logs of others for which this machine is a witness: how far each has been seen.
CREATE TABLE witnessed (
    origin TEXT PRIMARY KEY,
    site BLOB NOT NULL CHECK (length(site) = 32),
    machine BLOB NOT NULL CHECK (length(machine) = 32), -- its signing key
    size INTEGER NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32),
    note BLOB NOT NULL, -- its checkpoint
    wall INTEGER NOT NULL, -- when it came
    successor TEXT -- the log that goes on from it; NULL: none
) STRICT, WITHOUT ROWID;
CREATE INDEX witnessed_by_machine ON witnessed (machine);

-- Proofs that a machine showed two histories, or fewer days than before, as files.
CREATE TABLE seal_proofs (
    number INTEGER PRIMARY KEY,
    origin TEXT NOT NULL,
    wall INTEGER NOT NULL,
    file BLOB NOT NULL,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32) -- of the file
) STRICT;
CREATE INDEX seal_proofs_by_origin ON seal_proofs (origin);

-- Alarms about them.
CREATE TABLE alarms_of_all_kinds (
    site BLOB NOT NULL CHECK (length(site) = 32),
    node BLOB NOT NULL CHECK (length(node) = 32),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 7),
    wall INTEGER NOT NULL, -- of the last time
    times INTEGER NOT NULL,
    ops INTEGER NOT NULL, -- that were missing, all times together
    PRIMARY KEY (site, node, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO alarms_of_all_kinds (site, node, kind, wall, times, ops)
SELECT site, node, kind, wall, times, ops FROM alarms;
DROP TABLE alarms;
ALTER TABLE alarms_of_all_kinds RENAME TO alarms;
