-- Schema 4. What each site brings is counted, and so is what of it waits. Both are truth.

PRAGMA user_version = 4;

-- What a site brought that is held here, in the graph or waiting, and how much it may.
CREATE TABLE sources (
    site BLOB PRIMARY KEY CHECK (length(site) = 32),
    ops INTEGER NOT NULL DEFAULT 0 CHECK (ops >= 0),
    bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    refused INTEGER NOT NULL DEFAULT 0, -- beyond its quota, since that was set last
    ops_max INTEGER CHECK (ops_max >= 0), -- NULL: as proto/limits.h says
    bytes_max INTEGER CHECK (bytes_max >= 0)
) STRICT, WITHOUT ROWID;

-- Who brought an op that waits.
CREATE TABLE guests (
    number INTEGER PRIMARY KEY, -- the lower, the longer it waits
    op BLOB NOT NULL UNIQUE CHECK (length(op) = 32),
    site BLOB NOT NULL CHECK (length(site) = 32),
    size INTEGER NOT NULL,
    is_left INTEGER NOT NULL DEFAULT 0 -- by a round that has ended
) STRICT;
CREATE INDEX guests_by_site ON guests (site, is_left, number);
