-- Statements of store_onces.c: answers that are given again.

-- STMT: once_insert
-- store_once_add
INSERT INTO onces (once, asked, answer) VALUES (?1, ?2, ?3)

-- STMT: once_get
-- store_once_get
SELECT asked, answer FROM onces WHERE once = ?1

-- STMT: once_forget
-- store_once_add
DELETE FROM onces WHERE number <= ?1
