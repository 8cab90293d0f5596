/*
 * recovery_key: the recovery key of a site as a person brings it back: 24 words or the
 * line "fqr1…", from a file or typed on the terminal without an echo.
 */
#ifndef FENGQIAO_NODE_IO_RECOVERY_KEY_H
#define FENGQIAO_NODE_IO_RECOVERY_KEY_H

#include "crypto/key.h"
#include "proto/err.h"

/* seed: in secret memory of the caller, who wipes it; zero where it is not OK. file NULL:
 * the terminal, where words may come in several lines. INVALID says what is wrong with
 * what was brought (empty, too long, the word that is not in the list, how many there
 * are, a check that does not hold, the key of the backups instead), or that there is
 * neither a file nor a terminal; NOT_FOUND, IO: the file; CLOSED: interrupted; NO_MEMORY.
 */
enum status recovery_key_read(uint8_t seed[static KEY_SEED_SIZE], const char *file,
                              struct err *err) MUST_USE;

#endif
