/*
 * store_chunks: sealed pieces of files (crypto/chunk.h), each once under its digest, and
 * which ops name them. A piece is gone, free pages and WAL included, when the last op
 * that names it has dropped it and that is committed.
 */
#ifndef FENGQIAO_STORAGE_STORE_CHUNKS_H
#define FENGQIAO_STORAGE_STORE_CHUNKS_H

#include "proto/op.h"
#include "storage/store.h"

/* BLAKE2b-256 in the domain fengqiao/1/chunk. */
void store_chunk_digest(struct id *digest, struct bytes sealed);
/* Keeps piece number `piece` of the file that op names; the digest has to be its own. The
 * same again changes nothing. */
enum status store_chunk_add(struct store *store, const struct id *op, uint32_t piece,
                            const struct id *digest, struct bytes sealed) MUST_USE;
/* Appends the sealed bytes. NOT_FOUND. */
enum status store_chunk_get(struct store *store, const struct id *digest,
                            struct buf *sealed) MUST_USE;
/* The same of piece number `piece` of the file that op names. */
enum status store_chunk_of(struct store *store, const struct id *op, uint32_t piece,
                           struct buf *sealed) MUST_USE;
/* How many pieces of the file are here. */
enum status store_chunks_of(struct store *store, const struct id *op,
                            uint64_t *count) MUST_USE;
/* Bytes of all pieces. */
enum status store_chunks_size(struct store *store, uint64_t *bytes) MUST_USE;
/* That site brought the op's piece: its bytes count there (store_sources.h) until the op
 * names the piece no more. */
enum status store_chunk_brought(struct store *store, const struct id *op, uint32_t piece,
                                const struct id *site, uint64_t size) MUST_USE;
/* What from named is to's: two ops that name one file. */
enum status store_chunks_move(struct store *store, const struct id *from,
                              const struct id *to) MUST_USE;
/* The op names none of them any more. */
enum status store_chunks_drop(struct store *store, const struct id *op) MUST_USE;

#endif
