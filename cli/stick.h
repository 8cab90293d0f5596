/*
 * stick: bundles as files on a stick, or in any folder. Their names are fixed and tell
 * nobody anything: fengqiao-001.age to fengqiao-999.age. A folder is never listed, no
 * file is ever replaced, and what was written is read again before it counts.
 */
#ifndef FENGQIAO_CLI_STICK_H
#define FENGQIAO_CLI_STICK_H

#include "proto/bytes.h"
#include "proto/err.h"

#define STICK_NAME_SIZE sizeof("fengqiao-backup-0001.age")

/* What the files of a folder are: a backup's are fengqiao-backup-0001.age and on. */
enum stick_series { STICK_BUNDLES, STICK_BACKUP };

/* The last slot of a series; the first is 1. */
unsigned stick_slots(enum stick_series series);
/* The name of a slot. */
void stick_name(char name[static STICK_NAME_SIZE], enum stick_series series,
                unsigned slot);

/* Writes file (1 to BUNDLE_FILE_MAX bytes) into the first free slot of the folder dir and
 * says which one. FULL: no room, or no slot; BUSY: another client writes there;
 * CORRUPT: what is read back is something else; CLOSED: the folder is not there, or not
 * any more; TOO_LARGE; IO. Then err begins with "NOT written" and says what to do, and
 * no slot holds what failed. */
enum status stick_write(const char *dir, enum stick_series series, struct bytes file,
                        char name[static STICK_NAME_SIZE], struct err *err) MUST_USE;

/* Appends what the slot holds. NOT_FOUND: nothing; INVALID: no plain file of one name, an
 * empty one, or one whose size changed meanwhile; TOO_LARGE; IO; NO_MEMORY. CLOSED: it is
 * the folder that is not there, or not any more, and no other slot will do better. file
 * is as it was but for OK. */
enum status stick_read(const char *dir, enum stick_series series, unsigned slot,
                       struct buf *file, struct err *err) MUST_USE;

/* Removes the file of a slot if it holds these bytes. EXISTS: it holds something else,
 * and stays; otherwise as stick_read, and BUSY. */
enum status stick_remove(const char *dir, enum stick_series series, unsigned slot,
                         struct bytes expected, struct err *err) MUST_USE;

#endif
