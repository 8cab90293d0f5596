-- Schema 14. What the node keeps for those who come over the network: devices that are signed
-- in, answers that are given again, forms that were not sent yet, wrong PINs. Truth: no op says
-- it, and nothing of it is in a table from which anything goes to another site.

PRAGMA user_version = 14;

CREATE TABLE devices (
    number INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32), -- of its token
    person BLOB NOT NULL CHECK (length(person) = 32), -- whose it is
    label TEXT NOT NULL, -- empty: none
    since INTEGER NOT NULL, -- claimed
    seen INTEGER NOT NULL -- claimed
) STRICT;
CREATE INDEX devices_person ON devices (person);

CREATE TABLE onces (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    once BLOB NOT NULL UNIQUE CHECK (length(once) = 32), -- digest of a person's 16 bytes
    asked BLOB NOT NULL CHECK (length(asked) = 32), -- digest of method and arguments
    answer BLOB NOT NULL
) STRICT;

CREATE TABLE form_drafts (
    person BLOB NOT NULL CHECK (length(person) = 32), -- who writes it
    form TEXT NOT NULL,
    wall INTEGER NOT NULL, -- claimed
    fields BLOB NOT NULL, -- a canonical map
    PRIMARY KEY (person, form)
) STRICT;

CREATE TABLE pin_tries (
    person BLOB PRIMARY KEY NOT NULL CHECK (length(person) = 32),
    count INTEGER NOT NULL CHECK (count > 0) -- since the last right one
) STRICT;
