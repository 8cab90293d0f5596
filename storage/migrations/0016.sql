-- Schema 16. More kinds of alarms, and what tells a bundle from another one of its number.

PRAGMA user_version = 16;

CREATE TABLE alarms_of_all_kinds (
    site BLOB NOT NULL CHECK (length(site) = 32),
    node BLOB NOT NULL CHECK (length(node) = 32),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 5),
    wall INTEGER NOT NULL, -- of the last time
    times INTEGER NOT NULL,
    ops INTEGER NOT NULL, -- that were missing, all times together
    PRIMARY KEY (site, node, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO alarms_of_all_kinds (site, node, kind, wall, times, ops)
SELECT site, node, kind, wall, times, ops FROM alarms;
DROP TABLE alarms;
ALTER TABLE alarms_of_all_kinds RENAME TO alarms;

-- Of the payload of the part 0 that was read last; empty: read by an earlier version.
ALTER TABLE bundles_read ADD COLUMN digest BLOB NOT NULL DEFAULT x'';
