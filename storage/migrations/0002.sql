-- Schema 2. What is set apart has numbers for good, and is counted for each site.

PRAGMA user_version = 2;

-- A number is never given twice: a steward names rows by it.
CREATE TABLE quarantine_numbered (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    op BLOB NOT NULL CHECK (length(op) = 32),
    site BLOB NOT NULL CHECK (length(site) = 32),
    wall INTEGER NOT NULL,
    reason TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
INSERT INTO quarantine_numbered (number, digest, op, site, wall, reason, bytes)
SELECT number, digest, op, site, wall, reason, bytes FROM quarantine;
DROP TABLE quarantine;
ALTER TABLE quarantine_numbered RENAME TO quarantine;
CREATE INDEX quarantine_by_op ON quarantine (op);
CREATE INDEX quarantine_by_site ON quarantine (site, number);
