/*
 * check_bytes: bytes in memory checked as an evidence file.
 */
#ifndef FENGQIAO_TESTS_CHECK_BYTES_H
#define FENGQIAO_TESTS_CHECK_BYTES_H

#include "cli/evidence.h"

/* Fills evidence anew. */
enum status check_bytes(struct evidence *evidence, struct bytes bytes,
                        const struct id *trust) MUST_USE;

#endif
