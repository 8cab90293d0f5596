/*
 * sim_stick: a stick that carries bundles between the nodes of a sample county, for the
 * tests of this folder: written by one, read by another, as the client would do it.
 */
#ifndef FENGQIAO_TESTS_SIM_STICK_H
#define FENGQIAO_TESTS_SIM_STICK_H

#include "proto/bundle.h"
#include "tests/sim/sim_county.h"

#define STICK_FILES_MAX 32

struct stick {
    struct buf files[STICK_FILES_MAX];
    uint32_t len;
    uint64_t number, ops, pieces; /* of the last bundle that was written on it */
};

/* All parts of a bundle for a site, by its name, and the word that they are there. */
void stick_write(struct sim_county *f, struct world_node *from, const char *to,
                 struct stick *stick);
/* The same, where it may be refused. */
enum status stick_try_write(struct sim_county *f, struct world_node *from, const char *to,
                            struct stick *stick);
/* What reading one file of it came to. */
struct stick_read {
    uint64_t ops, news, refused, pieces, pieces_new, no_room;
    bool is_old, is_last;
};
enum status stick_read_one(struct sim_county *f, struct world_node *node,
                           struct bytes file, struct stick_read *read);
/* All files of it, each of which has to go well, counted together. */
struct stick_read stick_read(struct sim_county *f, struct world_node *node,
                             const struct stick *stick);
/* A payload as its writer would not write it, sealed for that node; the caller's. */
struct buf stick_seal(struct world_node *reader, const struct buf *payload);
/* The same, and read. */
enum status stick_read_forged(struct sim_county *f, struct world_node *reader,
                              const struct buf *payload);
/* Of the only part of a bundle from one site to another; pair becomes its signer's. */
struct bundle_header stick_header(struct world_node *from, struct world_node *to,
                                  struct sign_pair *pair);
/* The payload of a file for that node; the caller's. */
struct buf stick_open(struct world_node *node, struct bytes file);
/* A member of the row that the node's bundle.list has for a site. */
uint64_t stick_waits(struct sim_county *f, struct world_node *node,
                     const struct world_node *site, const char *member);
void stick_deinit(struct stick *stick);

#endif
