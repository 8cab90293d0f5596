#include "tests/sim/sim_laptop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "node/cases/view.h"

struct world_node *sim_laptop(struct sim_county *f)
{
    return world_join(f->world, f->fengyuan, "山上", "laptop:1");
}

struct id sim_laptop_case(struct sim_county *f, struct world_node *node,
                          const char *title, char hex[static 65])
{
    struct buf out = {0};
    struct id scope;
    SIM_SAY(f, node, &out, "case.new", "category", "邻里", "title", title, "narrative",
            LAPTOP_CANARY, "context", "去年修过一次沟。", "parties", "[张某=甲方]");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    hex_encode(hex, scope.bytes, ID_SIZE);
    buf_deinit(&out);
    return scope;
}

/* Where the ops came in another order, places in the store differ, and nothing else. */
static enum status copy_view(void *context, const struct store_scope *scope)
{
    buf_add(context, scope->digest.bytes, ID_SIZE);
    buf_add(context, scope->view.data, scope->view.len);
    return STATUS_OK;
}

uint64_t sim_scopes(struct world_node *node, enum scope_kind kind)
{
    uint64_t count = 0;
    assert_int_equal(store_scopes_count(world_store(node), kind, &count), STATUS_OK);
    return count;
}

void sim_assert_alike(struct sim_county *f, struct world_node *a, struct world_node *b)
{
    struct id scope;
    enum scope_kind kind;
    int64_t number = 0;
    uint32_t len = 0;
    while (store_scope_next(world_store(a), &number, &scope, &kind) == STATUS_OK) {
        struct buf here = {0}, there = {0};
        assert_int_equal(store_scope_get(world_store(a), &scope, copy_view, &here),
                         STATUS_OK);
        assert_int_equal(store_scope_get(world_store(b), &scope, copy_view, &there),
                         STATUS_OK);
        assert_int_equal(here.len, there.len);
        assert_memory_equal(here.data, there.data, here.len);
        buf_deinit(&here);
        buf_deinit(&there);
        len++;
    }
    assert_true(len > 0);
    for (int i = SCOPE_CHARTER; i <= SCOPE_BULLETIN; i++)
        assert_int_equal(sim_scopes(a, (enum scope_kind)i),
                         sim_scopes(b, (enum scope_kind)i));
    struct world_node *both[] = {a, b};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sim_status(f, both[i], "quarantined"), 0);
        assert_int_equal(sim_status(f, both[i], "waiting"), 0);
    }
}
