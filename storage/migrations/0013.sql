-- Schema 13. Which site brought a piece: its quota gets the bytes back when the piece goes.
-- Of what was brought before nobody knows, and it stays counted.

PRAGMA user_version = 13;

ALTER TABLE chunk_uses ADD COLUMN site BLOB CHECK (site IS NULL OR length(site) = 32);
