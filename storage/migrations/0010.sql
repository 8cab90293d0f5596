-- Schema 10. Pieces of files that went up with a record, which this node may have and has
-- not. Derived: folding the record names them again.

PRAGMA user_version = 10;

CREATE TABLE lacking (
    op BLOB NOT NULL CHECK (length(op) = 32),
    piece INTEGER NOT NULL, -- of the file, 0 and up
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    scope BLOB NOT NULL CHECK (length(scope) = 32),
    PRIMARY KEY (op, piece)
) STRICT, WITHOUT ROWID;
