#include "tests/sim/sim_aside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct id sim_aside(struct sim_county *f, const struct id *scope, struct draft *draft,
                    const struct id *parent, bool is_withheld)
{
    struct buf bytes = {0}, kept = {0};
    struct op op;
    struct forgery forgery = {
        .seed = world_steward_seed(f->fengyuan),
        .draft = draft,
        .scope = scope,
        .of = f->fengyuan,
        .parents = parent,
        .parents_len = parent != NULL,
        .wall = 1790000000,
    };
    struct id id = sim_forge(&forgery, &bytes);
    assert_int_equal(op_decode_bytes(&op, buf_bytes(&bytes), NULL), STATUS_OK);
    assert_int_equal(op_rebuild(&op), STATUS_OK);
    op_encode(&op, is_withheld ? 0 : UINT32_MAX, &kept);
    assert_int_equal(world_admit(f->world, f->fengyuan, buf_bytes(&kept)), STATUS_OK);
    world_run(f->world, 0);
    buf_deinit(&bytes);
    buf_deinit(&kept);
    draft_deinit(draft);
    return id;
}
