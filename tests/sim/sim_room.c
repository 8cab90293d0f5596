#include "tests/sim/sim_room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "storage/store_sources.h"

void sim_put_guest(struct store *store, const struct id *record, const struct id *site,
                   uint32_t number)
{
    static const struct id missing = {{0xdd}};
    struct op op = {.id = {{0xcc}}, .scope = *record, .time = 5};
    memcpy(op.id.bytes + 1, &number, sizeof(number));
    memcpy(op.id.bytes + 8, site->bytes, 8);
    enum status status =
        store_op_add(store, &op, bytes_str("an op"), SCOPE_ESCALATION, TREE_WAITING);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(store_guest_add(store, &op.id, site, 5), STATUS_OK);
    assert_int_equal(store_wait_add(store, &op.id, &missing), STATUS_OK);
}

void sim_fill_room(struct sim_county *f, uint32_t each)
{
    struct store *store = world_store(f->township);
    struct id record = sim_escalate(f, f->xikou, "别村的");
    world_set_offline(f->world, f->xikou, true);
    assert_int_equal(store_begin(store), STATUS_OK);
    for (uint32_t i = 0; i < WAITING_OPS_MAX; i++) {
        struct id site = {{0xbb}};
        uint32_t number = i / each;
        memcpy(site.bytes + 1, &number, sizeof(number));
        sim_put_guest(store, &record, &site, i);
    }
    assert_int_equal(store_commit(store), STATUS_OK);
}
