-- Run one by one at open, in this order, by store_open.c. docs/STORAGE.md says why.

-- STMT: trusted_schema
PRAGMA trusted_schema = OFF

-- STMT: cell_size_check
-- Looks at each page as it is read, so that damage is told and not followed.
PRAGMA cell_size_check = ON

-- STMT: mmap_size
-- A damaged card must answer with an error and not with a signal.
PRAGMA mmap_size = 0

-- STMT: locking
-- Before WAL: one owner, and no shared-memory file.
-- EXPECT: exclusive
PRAGMA locking_mode = EXCLUSIVE

-- STMT: synchronous
PRAGMA synchronous = EXTRA

-- STMT: secure_delete
-- What is erased is overwritten with zeros.
-- EXPECT: 1
PRAGMA secure_delete = ON

-- STMT: journal_mode
-- EXPECT: wal
PRAGMA journal_mode = WAL

-- STMT: journal_size_limit
-- What stays of the WAL's file after a checkpoint: all that it grows to.
-- EXPECT: 16777216
PRAGMA journal_size_limit = 16777216

-- STMT: wal_autocheckpoint
-- 16 MiB: ids are spread over their whole index, so a longer WAL writes a page less often.
-- EXPECT: 4096
PRAGMA wal_autocheckpoint = 4096

-- STMT: cache_size
-- 4 MiB, whatever the size of the file: what a turn writes fits in, and is written once.
PRAGMA cache_size = -4096

-- STMT: temp_store
PRAGMA temp_store = MEMORY

-- STMT: foreign_keys
PRAGMA foreign_keys = ON

-- STMT: wal_checkpoint
-- Begins with an empty WAL.
-- EXPECT: 0
PRAGMA wal_checkpoint(TRUNCATE)

-- STMT: synchronous_holds
-- EXPECT: 3
PRAGMA synchronous

-- STMT: foreign_keys_hold
-- EXPECT: 1
PRAGMA foreign_keys
