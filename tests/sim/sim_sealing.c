#include "tests/sim/sim_sealing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "storage/store_witness.h"
#include "tests/sim/outside.h"
#include "tests/support/forked.h"

/* A proof against fengyuan, of a log that is not watched any more. */
static void keep_proof(struct sim_county *f)
{
    struct store *store = world_store(f->township);
    struct forked forked;
    struct buf file = {0};
    forked_init(&forked, world_node_seed(f->fengyuan));
    forked_proof(&forked, SEAL_PROOF_FORK, &file);
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(
        store_seal_proof_add(store, forked.origin, 1790000000, buf_bytes(&file)),
        STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
    buf_deinit(&file);
}

void sim_fail_seals(struct sim_county *f, const struct sim_fault *fault)
{
    struct outside outside;
    struct buf out = {0}, lines = {0};
    struct bytes text;
    outside_init(&outside, 7, "witness.example");
    world_run(f->world, UINT64_C(3600) * 1000);
    keep_proof(f);
    SIM_SAY(f, f->township, &out, "seal.request");
    assert_true(view_map_text(buf_bytes(&out), "request", &text));
    outside_answer(&outside, text, false, &lines);
    const struct sim_request requests[] = {
        {VILLAGE, "seal.list", {NULL}, 0},
        {TOWNSHIP, "seal.list", {"limit", "#3"}, 0},
        {TOWNSHIP, "seal.witnessed", {NULL}, 0},
        {TOWNSHIP, "seal.proofs", {NULL}, 0},
        {TOWNSHIP, "seal.proof", {"number", "#1"}, 0},
        {TOWNSHIP, "seal.prove", {"place", "#0"}, 0},
        {TOWNSHIP, "seal.request", {"old", "#0"}, 0},
        {TOWNSHIP,
         "seal.add",
         {"note", (const char *)lines.data, "witness", outside.vkey},
         0},
        {TOWNSHIP, "seal.request", {NULL}, 0}, /* from what it said */
    };
    sim_fail_each_request(f, fault, requests, sizeof(requests) / sizeof(requests[0]));
    buf_deinit(&out);
    buf_deinit(&lines);
}
