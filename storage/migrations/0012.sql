-- Schema 12. What waits is found without reading what is settled; what a notice stands of,
-- without walking all that is closed.

PRAGMA user_version = 12;

-- Up to which claimed second something may have to be done; 0: nothing, the largest: always.
ALTER TABLE listings ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;
CREATE INDEX listings_waiting ON listings (kind, waits, founded) WHERE waits > 0;

CREATE INDEX retention_noticed ON retention (due) WHERE due > 0;

-- What was listed before is listed anew when the node starts (node/core/listing.c).
INSERT OR REPLACE INTO meta (name, value) SELECT 'unlisted', x'01'
WHERE EXISTS (SELECT 1 FROM scopes);
