-- Schema 15. Bundles: what was written for other sites and read of their machines, and what
-- they said there. Truth: no op says it. Of scopes that a pair shares alone, and nothing of it
-- is in a table from which anything goes to another site.

PRAGMA user_version = 15;

CREATE TABLE bundle_sites (
    site BLOB PRIMARY KEY NOT NULL CHECK (length(site) = 32),
    written INTEGER NOT NULL, -- the number of the last bundle for it
    acked INTEGER NOT NULL, -- of the last one that it says to have read
    acked_seq INTEGER NOT NULL, -- ops up to here were in what that one, or a session, said
    acked_wall INTEGER NOT NULL -- claimed; 0: it never said so
) STRICT;

CREATE TABLE bundles_made (
    site BLOB NOT NULL CHECK (length(site) = 32),
    number INTEGER NOT NULL,
    seq INTEGER NOT NULL, -- of the last op when it was made
    wall INTEGER NOT NULL, -- claimed
    ops INTEGER NOT NULL, -- that it carries
    is_written INTEGER NOT NULL CHECK (is_written IN (0, 1)), -- whoever asked for it said so
    PRIMARY KEY (site, number)
) STRICT;

CREATE TABLE bundles_read (
    node BLOB PRIMARY KEY NOT NULL CHECK (length(node) = 32), -- that wrote them
    site BLOB NOT NULL CHECK (length(site) = 32),
    number INTEGER NOT NULL, -- of the last one whose beginning was read
    wall INTEGER NOT NULL -- claimed
) STRICT;
CREATE INDEX bundles_read_site ON bundles_read (site);

CREATE TABLE bundle_held (
    site BLOB NOT NULL CHECK (length(site) = 32),
    scope BLOB NOT NULL CHECK (length(scope) = 32),
    head BLOB NOT NULL CHECK (length(head) = 32), -- it holds this one and what lies beneath
    PRIMARY KEY (site, scope, head)
) STRICT;

CREATE TABLE bundle_lacks (
    site BLOB NOT NULL CHECK (length(site) = 32),
    op BLOB NOT NULL CHECK (length(op) = 32), -- of whose file it lacks something
    PRIMARY KEY (site, op)
) STRICT;

CREATE TABLE bundle_tell (
    site BLOB NOT NULL CHECK (length(site) = 32),
    scope BLOB NOT NULL CHECK (length(scope) = 32), -- of which it brought what was here
    number INTEGER NOT NULL, -- of the first bundle that says so; 0: none yet
    PRIMARY KEY (site, scope)
) STRICT;
