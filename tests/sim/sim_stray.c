#include "tests/sim/sim_stray.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

void stray_ask_to_read(struct world_node *node, uint64_t client, struct bytes file)
{
    struct buf request = {0};
    pack_array(&request, 3);
    pack_uint(&request, 1);
    pack_str(&request, "bundle.read");
    pack_map(&request, 1);
    pack_str(&request, "file");
    pack_bin(&request, file.data, file.len);
    world_event(node, EVENT_CLIENT_CLOSED, client, (struct bytes){0});
    world_event(node, EVENT_CLIENT_OPENED, client, (struct bytes){0});
    world_event(node, EVENT_CLIENT_REQUEST, client, buf_bytes(&request));
    buf_deinit(&request);
}

/* One more person, as its steward would appoint her. */
static void forge(struct world_node *node, uint32_t number, struct buf *op)
{
    const uint8_t seed[32] = {0x77, (uint8_t)number, (uint8_t)(number >> 8)};
    struct draft draft;
    uint8_t key[32];
    char name[32];
    (void)snprintf(name, sizeof(name), "外%u", (unsigned)number);
    key_sign_public(key, seed);
    draft_init(&draft, "person", world_site(node));
    draft_bin(&draft, "key", key, 32);
    draft_text(&draft, "name", bytes_str(name));
    draft_text(&draft, "role", bytes_str("observer"));
    struct forgery forgery = {.seed = world_steward_seed(node),
                              .draft = &draft,
                              .scope = draft.scope,
                              .of = node};
    (void)sim_forge(&forgery, op);
    draft_deinit(&draft);
}

void stray_begin(struct sim_county *f, struct world_node *from, struct world_node *node,
                 uint32_t number)
{
    struct buf op = {0}, message = {0}, payload = {0};
    struct sign_pair pair;
    struct bundle_header header = stick_header(from, node, &pair);
    forge(node, number, &op);
    pack_array(&message, 4);
    pack_str(&message, "ops");
    pack_array(&message, 0);
    pack_array(&message, 1);
    buf_append(&message, &op);
    pack_uint(&message, 0);
    header.part = 1; /* of whatever bundle: the ops are what counts */
    bundle_begin(&payload, &header);
    bundle_add(&payload, &message);
    assert_int_equal(bundle_end(&payload, &header, &pair), STATUS_OK);
    struct buf file = stick_seal(node, &payload);
    world_hold_jobs(node);
    stray_ask_to_read(node, STRAY_READER, buf_bytes(&file));
    world_run(f->world, 0);
    world_return_job(node); /* it is opened, and its op is looked at */
    world_run(f->world, 0);
    buf_deinit(&file);
    buf_deinit(&op);
    buf_deinit(&message);
    buf_deinit(&payload);
}
