-- Schema 8. What lists are filtered and paged by. All of it is derived.

PRAGMA user_version = 8;

-- A row for each folded case and escalation, in the order in which they were founded here:
-- a place in it never changes, so that pages hold while others write.
CREATE TABLE listings (
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),
    founded INTEGER NOT NULL, -- seq of the founding op
    scope INTEGER NOT NULL UNIQUE REFERENCES scopes (number),
    site BLOB NOT NULL CHECK (length(site) = 32), -- of who founded it
    author BLOB NOT NULL CHECK (length(author) = 32), -- who founded it
    state TEXT NOT NULL,
    category TEXT NOT NULL,
    opened INTEGER NOT NULL, -- when it claims to have been founded
    conflicts INTEGER NOT NULL,
    sent INTEGER NOT NULL, -- escalations of a case
    minor INTEGER NOT NULL CHECK (minor IN (0, 1)),
    line BLOB CHECK (length(line) = 32), -- of a table that a case was taken from
    PRIMARY KEY (kind, founded)
) STRICT, WITHOUT ROWID;
CREATE INDEX listings_by_state ON listings (kind, state, founded);
CREATE INDEX listings_in_conflict ON listings (kind, founded) WHERE conflicts > 0;
CREATE INDEX listings_by_line ON listings (line) WHERE line IS NOT NULL;

CREATE TABLE listed_parties (
    alias TEXT NOT NULL,
    founded INTEGER NOT NULL,
    PRIMARY KEY (alias, founded)
) STRICT, WITHOUT ROWID;
CREATE INDEX listed_parties_by_founded ON listed_parties (founded);

-- The last number of a series is found without walking the series.
CREATE INDEX numbers_by_length ON numbers (length(number), number);

-- What was folded before is listed when the node starts (node/core/listing.c).
INSERT INTO meta (name, value) SELECT 'unlisted', x'01' WHERE EXISTS (SELECT 1 FROM scopes);
