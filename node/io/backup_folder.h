/*
 * backup_folder: the files of a backup, fengqiao-backup-0001.age and on, as the client
 * wrote them. Whoever had the folder in hand may have put anything under these names.
 */
#ifndef FENGQIAO_NODE_IO_BACKUP_FOLDER_H
#define FENGQIAO_NODE_IO_BACKUP_FOLDER_H

#include "proto/bytes.h"
#include "proto/err.h"

/* Appends what the slot (1 to BACKUP_SLOTS_MAX) holds. NOT_FOUND: nothing; INVALID: no
 * plain file of 1 to BUNDLE_FILE_MAX bytes; IO. */
enum status backup_folder_read(int folder_fd, unsigned slot, struct buf *file,
                               struct err *err) MUST_USE;

#endif
