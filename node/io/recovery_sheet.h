/*
 * recovery_sheet: the file of `init --sheet`: a page to print, with the recovery key of a
 * site as words, as text and as what opens its backups.
 */
#ifndef FENGQIAO_NODE_IO_RECOVERY_SHEET_H
#define FENGQIAO_NODE_IO_RECOVERY_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/key.h"
#include "proto/err.h"
#include "proto/op.h"

struct recovery_sheet {
    int fd;
    const char *path; /* the caller's; NULL: none is wanted */
};

/* Borrowed; the seed is the owner's to wipe. */
struct recovery_facts {
    const char *name; /* of the site, checked by the core */
    const struct id *site;
    uint64_t wall; /* 0: unknown */
    const uint8_t *recovery_seed;
};

/* Makes the file, empty and for this user alone. EXISTS: something has that name, which
 * is left alone, or it cannot be made. Then, and where path is NULL, nothing is to be
 * closed, though it may be. */
enum status recovery_sheet_open(struct recovery_sheet *sheet, const char *path,
                                struct err *err) MUST_USE;
/* Writes the page, durably; nothing where none is wanted. IO, FULL, NO_MEMORY. */
enum status recovery_sheet_write(const struct recovery_sheet *sheet,
                                 const struct recovery_facts *facts,
                                 struct err *err) MUST_USE;
/* Closes it, and removes it unless it is kept. */
void recovery_sheet_close(struct recovery_sheet *sheet, bool is_kept);

#endif
