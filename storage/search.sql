-- Statements of store_search.c: which words stand in which scope.

-- STMT: postings_of
-- store_search_put
SELECT token, places FROM postings WHERE scope = ?1 ORDER BY token

-- STMT: posting_put
-- store_search_put
INSERT INTO postings (scope, token, places) VALUES (?1, ?2, ?3)
ON CONFLICT (scope, token) DO UPDATE SET places = excluded.places

-- STMT: posting_delete
-- store_search_put
DELETE FROM postings WHERE scope = ?1 AND token = ?2

-- STMT: postings_clear
-- store_scopes_clear
DELETE FROM postings

-- STMT: posting_seek
-- store_search_seek
SELECT scope FROM postings WHERE token = ?1 AND scope <= ?2 ORDER BY scope DESC LIMIT 1

-- STMT: posting_places
-- store_search_places
SELECT places FROM postings WHERE scope = ?1 AND token = ?2

-- STMT: scope_at
-- store_search_scope
SELECT id, kind, site, view, digest, ops_len, founded_seq, touched_seq FROM scopes WHERE
    number = ?1 AND digest IS NOT NULL

-- STMT: dump_postings
-- store_dump
-- SCAN: it reads all of them
SELECT s.id, p.token, p.places FROM scopes s JOIN postings p ON p.scope = s.number
ORDER BY s.id, p.token
