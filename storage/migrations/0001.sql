-- Schema 1. The truth: meta, ops, waits, peers, deliveries, quarantine, and of scopes the
-- number and the id. Derived: the rest of scopes, heads, holders, numbers.

-- "FQDB" tells our files from other SQLite files.
PRAGMA application_id = 0x46514442;
PRAGMA user_version = 1;

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE scopes (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
    kind INTEGER NOT NULL DEFAULT 0 CHECK (kind BETWEEN 0 AND 4),
    site BLOB CHECK (length(site) = 32),
    digest BLOB CHECK (length(digest) = 32),
    ops_len INTEGER NOT NULL DEFAULT 0,
    founded_seq INTEGER NOT NULL DEFAULT 0,
    touched_seq INTEGER NOT NULL DEFAULT 0,
    view BLOB -- last, so that reading the others walks no overflow pages
) STRICT;
CREATE INDEX scopes_by_kind ON scopes (kind, touched_seq);

CREATE TABLE ops (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
    scope INTEGER NOT NULL REFERENCES scopes (number),
    time INTEGER NOT NULL CHECK (time > 0),
    wall INTEGER NOT NULL CHECK (wall >= 0),
    tree INTEGER NOT NULL CHECK (tree BETWEEN 0 AND 2),
    position INTEGER,
    bytes BLOB NOT NULL,
    CHECK ((tree = 0) = (position IS NULL))
) STRICT;
CREATE INDEX ops_by_scope ON ops (scope, time);
CREATE UNIQUE INDEX ops_by_position ON ops (tree, position) WHERE tree > 0;
CREATE INDEX ops_waiting ON ops (tree) WHERE tree = 0;

CREATE TABLE waits (
    op BLOB NOT NULL CHECK (length(op) = 32),
    missing BLOB NOT NULL CHECK (length(missing) = 32),
    PRIMARY KEY (missing, op)
) STRICT, WITHOUT ROWID;
CREATE INDEX waits_by_op ON waits (op);

CREATE TABLE heads (
    scope INTEGER NOT NULL REFERENCES scopes (number),
    id BLOB NOT NULL CHECK (length(id) = 32),
    PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE holders (
    site BLOB NOT NULL CHECK (length(site) = 32),
    scope INTEGER NOT NULL REFERENCES scopes (number),
    PRIMARY KEY (site, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX holders_by_scope ON holders (scope);

CREATE TABLE numbers (
    number TEXT NOT NULL,
    scope INTEGER NOT NULL REFERENCES scopes (number),
    PRIMARY KEY (number, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX numbers_by_scope ON numbers (scope);

CREATE TABLE peers (
    site BLOB NOT NULL CHECK (length(site) = 32),
    node_key BLOB NOT NULL CHECK (length(node_key) = 32),
    address TEXT NOT NULL,
    paired_at INTEGER NOT NULL,
    heard_at INTEGER NOT NULL,
    agreed_at INTEGER NOT NULL,
    is_parent INTEGER NOT NULL CHECK (is_parent IN (0, 1)),
    PRIMARY KEY (site, node_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    op BLOB NOT NULL CHECK (length(op) = 32),
    site BLOB NOT NULL CHECK (length(site) = 32),
    wall INTEGER NOT NULL,
    PRIMARY KEY (op, site)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
    number INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    op BLOB NOT NULL CHECK (length(op) = 32),
    site BLOB NOT NULL CHECK (length(site) = 32),
    wall INTEGER NOT NULL,
    reason TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX quarantine_by_op ON quarantine (op);
