/*
 * sim_files: files of a case that go up with its record, for the tests of this folder:
 * made, consented to, released, listed and read at any site of the sample county.
 */
#ifndef FENGQIAO_TESTS_SIM_FILES_H
#define FENGQIAO_TESTS_SIM_FILES_H

#include "tests/sim/sim_county.h"

/* A case that may go up as soon as its party consents to more than its fields. */
void files_case(struct sim_county *f, char number[static 32]);
/* The op that attaches a file to it. */
struct id files_attach(struct sim_county *f, const char *number, const char *name,
                       struct bytes file);
/* files: as the API reads a list, "[a.txt,b.txt]". */
void files_consent(struct sim_county *f, const char *number, const char *files);
enum status files_release_status(struct sim_county *f, const char *number,
                                 const char *files, struct buf *out);
/* The record in hex. */
void files_release(struct sim_county *f, const char *number, const char *files,
                   char hex[static 65]);
/* A text of so many bytes that says its tag again and again; the caller's. */
struct buf files_text(const char *tag, size_t len);
/* The one file of a record that a node lists, and how much of it is there. False: it
 * lists none. */
bool files_listed(struct sim_county *f, struct world_node *node, const char *record,
                  char id[static 2 * ID_SIZE + 1], uint64_t *here, uint64_t *lacking);
/* What a node gives of the one file of a record, which has to be what is wanted. */
enum status files_get(struct sim_county *f, struct world_node *node, const char *record,
                      struct bytes wanted);
/* Bytes of pieces that a node keeps. */
uint64_t files_bytes_kept(struct world_node *node);

#endif
