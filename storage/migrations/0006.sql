-- Schema 6: which words stand in which scope, and where (derived). After this migration
-- nothing is in it; the node fills it when it opens the store next.

PRAGMA user_version = 6;

-- By scope, so that what one fold changes lies side by side.
CREATE TABLE postings (
    scope INTEGER NOT NULL REFERENCES scopes (number),
    token TEXT NOT NULL,
    places BLOB NOT NULL,
    PRIMARY KEY (scope, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX postings_by_token ON postings (token, scope);
