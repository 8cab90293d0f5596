-- Schema 11. What somebody pasted in, until it becomes a case or has had its time. Truth: no
-- op says it, and nothing of it is in a table from which anything goes to another site.

PRAGMA user_version = 11;

CREATE TABLE pastes (
    number INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32), -- of text and photo
    author BLOB NOT NULL CHECK (length(author) = 32), -- who pasted it in
    wall INTEGER NOT NULL, -- claimed
    left_s INTEGER NOT NULL CHECK (left_s >= 0), -- of running time
    text TEXT NOT NULL, -- empty: a photo alone
    type TEXT NOT NULL, -- of the photo; empty: there is none
    size INTEGER NOT NULL CHECK (size >= 0), -- bytes of the photo
    key BLOB NOT NULL CHECK (length(key) IN (0, 32)) -- of its pieces
) STRICT;

CREATE TABLE paste_pieces (
    paste INTEGER NOT NULL REFERENCES pastes (number),
    piece INTEGER NOT NULL CHECK (piece >= 0),
    bytes BLOB NOT NULL, -- sealed
    PRIMARY KEY (paste, piece)
) STRICT;
