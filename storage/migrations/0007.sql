-- Schema 7. Attachments: sealed pieces of files, each once under its digest, and the ops
-- that name them. Both are truth: ops hold digests, not pieces.

PRAGMA user_version = 7;

CREATE TABLE chunks (
    number INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE chunk_uses (
    op BLOB NOT NULL CHECK (length(op) = 32),
    piece INTEGER NOT NULL, -- of the file, 0 and up
    chunk INTEGER NOT NULL REFERENCES chunks (number),
    PRIMARY KEY (op, piece)
) STRICT, WITHOUT ROWID;
CREATE INDEX chunk_uses_by_chunk ON chunk_uses (chunk);
