#include "node/page/spots.h"

#include "node/page/peek.h"
#include "proto/pack.h"

#define SPOTS_SHOWN_MAX 60

enum status spots_prepare(const struct visit *visit, struct pairs *values)
{
    struct pack_reader reader;
    struct buf list = {0};
    uint32_t count = peek_list(peek_in(visit_answer(visit, "round"), "unseen"), &reader);
    uint32_t shown = count < SPOTS_SHOWN_MAX ? count : SPOTS_SHOWN_MAX;
    pack_array(&list, shown);
    for (uint32_t i = 0; i < shown; i++) {
        struct bytes spot = peek_next(&reader);
        buf_add(&list, spot.data, spot.len);
    }
    pairs_raw(values, "spots", buf_bytes(&list));
    pairs_uint(values, "spots_left", count - shown);
    enum status status = buf_status(&list);
    buf_deinit(&list);
    return status;
}
