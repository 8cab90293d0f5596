/*
 * tlog_line: the lines of which checkpoints, proofs and requests to witnesses are made
 * (C2SP tlog-checkpoint, tlog-proof, tlog-witness). Each ends in a line feed.
 */
#ifndef FENGQIAO_PROTO_TLOG_LINE_H
#define FENGQIAO_PROTO_TLOG_LINE_H

#include "crypto/merkle.h"
#include "proto/bytes.h"
#include "proto/limits.h"

#define TLOG_SIZE_MAX INT64_MAX /* leaves of a tree */

/* The next line, without its end; left moves on behind it. False: no whole one is left.
 */
bool tlog_line_take(struct bytes *left, struct bytes *line);
/* Does the line begin with that word and a blank? Then it moves on behind them. */
bool tlog_line_begins(struct bytes *line, const char *word);
/* Decimal digits, no zero in front, at most TLOG_SIZE_MAX. */
bool tlog_line_number(struct bytes line, uint64_t *number);
bool tlog_line_hash(struct bytes line, struct merkle_hash *hash);
/* Lines of hashes and the empty one behind them. False also for more than fit. */
bool tlog_line_proof(struct bytes *left, struct merkle_hash proof[static TLOG_HASHES_MAX],
                     size_t *len);

/* word: what stands in front with a blank, or NULL. number: at most TLOG_SIZE_MAX. */
void tlog_line_add_number(struct buf *out, const char *word, uint64_t number);
void tlog_line_add_hash(struct buf *out, const struct merkle_hash *hash);
void tlog_line_add_proof(struct buf *out, const struct merkle_hash *proof, size_t len);

#endif
