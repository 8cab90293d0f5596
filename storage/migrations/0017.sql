-- Schema 17. Fields that came withheld while other machines of the site may show them. Truth:
-- no op says of itself who may have more of it.

PRAGMA user_version = 17;

CREATE TABLE unshown (
    number INTEGER PRIMARY KEY, -- in the order in which they came; none comes twice
    op BLOB NOT NULL UNIQUE CHECK (length(op) = 32),
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)) -- 0: it is whole, or erased
) STRICT;
