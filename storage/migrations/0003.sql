-- Schema 3: for each pair of sites (ours and another), what both may hold. The pair's row
-- and site say with whom this node reconciles: truth. Derived: all the rest. A pair is
-- filled when the node first reconciles with that site; after this migration there is none.

PRAGMA user_version = 3;

-- Trees of items, one for each pair: a node of a tree in bytes (tree.c).
CREATE TABLE nodes (
    number INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE pairs (
    number INTEGER PRIMARY KEY,
    site BLOB NOT NULL UNIQUE CHECK (length(site) = 32),
    root INTEGER NOT NULL, -- of its tree
    scopes_len INTEGER NOT NULL CHECK (scopes_len >= 0),
    lattice BLOB NOT NULL CHECK (length(lattice) = 2048) -- of the digests of its scopes
) STRICT;

CREATE TABLE shared (
    scope INTEGER NOT NULL REFERENCES scopes (number),
    pair INTEGER NOT NULL REFERENCES pairs (number),
    PRIMARY KEY (scope, pair)
) STRICT, WITHOUT ROWID;
CREATE INDEX shared_by_pair ON shared (pair);
