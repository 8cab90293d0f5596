-- Schema 5. What machines of peers have said that they hold, and where one holds less after
-- all. Both are truth.

PRAGMA user_version = 5;

-- The machine with that Noise key holds all ops of the scope that are in the graph here and
-- whose position in the ledger is below place: so many ops.
CREATE TABLE confirmed (
    node BLOB NOT NULL CHECK (length(node) = 32),
    scope INTEGER NOT NULL,
    place INTEGER NOT NULL,
    ops INTEGER NOT NULL,
    PRIMARY KEY (node, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE alarms (
    site BLOB NOT NULL CHECK (length(site) = 32),
    node BLOB NOT NULL CHECK (length(node) = 32),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 2),
    wall INTEGER NOT NULL, -- of the last time
    times INTEGER NOT NULL,
    ops INTEGER NOT NULL, -- that were missing, all times together
    PRIMARY KEY (site, node, kind)
) STRICT, WITHOUT ROWID;
