-- Statements of store_form_drafts.c: forms that were not sent yet.

-- STMT: form_draft_put
-- store_form_draft_put
INSERT INTO form_drafts (person, form, wall, fields) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (person, form) DO UPDATE SET wall = excluded.wall, fields = excluded.fields

-- STMT: form_draft_get
-- store_form_draft_get
SELECT form, wall, fields FROM form_drafts WHERE person = ?1 AND form = ?2

-- STMT: form_draft_all
-- store_form_drafts
SELECT form, wall, fields FROM form_drafts WHERE person = ?1 ORDER BY form

-- STMT: form_draft_remove
-- store_form_draft_remove
DELETE FROM form_drafts WHERE person = ?1 AND form = ?2

-- STMT: form_draft_remove_of
-- store_form_drafts_remove_of
DELETE FROM form_drafts WHERE person = ?1
