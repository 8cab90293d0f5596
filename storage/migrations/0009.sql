-- Schema 9. How long closed cases have been closed, by a clock that was trusted, and how long
-- the notice has stood that something of one will be erased. Truth: no op says it.

PRAGMA user_version = 9;

CREATE TABLE retention (
    scope BLOB PRIMARY KEY CHECK (length(scope) = 32),
    closed_at INTEGER NOT NULL DEFAULT 0 CHECK (closed_at >= 0), -- 0: not known yet
    due INTEGER NOT NULL DEFAULT 0 CHECK (due BETWEEN 0 AND 2), -- what the notice is about
    notice_s INTEGER NOT NULL DEFAULT 0 CHECK (notice_s >= 0) -- of running time
) STRICT, WITHOUT ROWID;
