#include "node/core/case_number.h"

#include <stdio.h>
#include <string.h>

#include "proto/date.h"
#include "proto/pack.h"

/* [commit at which the loss was noticed, series]. A restored store counts its commits
 * anew, so that the number of losses has to be the same as well. */
#define META_SERIES "series"
#define DRAWN 1000          /* series of one loss */
#define LOSSES_SHOWN 100000 /* so that a number has an end */
#define COUNT_END 100000000

/* Of a wall clock in UTC, so that numbers that were given stay as they are; 0 where it is
 * not known. */
static uint64_t year_of(uint64_t wall)
{
    return wall == 0 ? 0 : date_year(date_of_seconds(wall, 0));
}

static enum status draw_series(struct core *core, const struct store_loss *loss,
                               uint64_t *series)
{
    uint8_t drawn[8];
    uint64_t number = 0;
    struct buf row = {0};
    rng_fill(&core->rng, "series", core->site.bytes, drawn, sizeof(drawn));
    for (size_t i = 0; i < sizeof(drawn); i++)
        number = number << 8 | drawn[i];
    *series = loss->times % LOSSES_SHOWN * DRAWN + number % DRAWN;
    pack_array(&row, 2);
    pack_uint(&row, loss->at);
    pack_uint(&row, *series);
    enum status status = buf_status(&row);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, META_SERIES, buf_bytes(&row));
    buf_deinit(&row);
    return status;
}

/* 0: nothing was ever lost. A row that is of an older loss, or cannot be read, is as good
 * as none. */
static enum status find_series(struct core *core, uint64_t *series)
{
    struct store_loss loss;
    struct buf row = {0};
    uint64_t at;
    uint32_t elements;
    *series = 0;
    enum status status = store_loss_last(core->store, &loss);
    if (status != STATUS_OK || loss.kind == LOSS_NONE)
        return status;
    status = store_meta_get(core->store, META_SERIES, &row);
    struct pack_reader reader = pack_reader_of(buf_bytes(&row));
    bool is_of_loss = status == STATUS_OK &&
                      pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
                      pack_read_uint(&reader, &at, NULL) == STATUS_OK &&
                      pack_read_uint(&reader, series, NULL) == STATUS_OK &&
                      at == loss.at && *series / DRAWN == loss.times % LOSSES_SHOWN;
    buf_deinit(&row);
    if (is_of_loss || (status != STATUS_OK && status != STATUS_NOT_FOUND))
        return status;
    return draw_series(core, &loss, series);
}

enum status case_number_next(struct core *core, char number[static CASE_NUMBER_SIZE])
{
    char prefix[CASE_NUMBER_SIZE];
    struct buf last = {0};
    uint64_t series, highest = 0;
    enum status status = find_series(core, &series);
    if (status != STATUS_OK)
        return core_check(core, status);
    int len = snprintf(prefix, sizeof(prefix), "%04u-",
                       (unsigned)(year_of(core->wall) % 10000));
    if (series > 0)
        (void)snprintf(prefix + len, sizeof(prefix) - (size_t)len, "%llu-",
                       (unsigned long long)series);
    status = store_number_last(core->store, bytes_str(prefix), &last);
    for (size_t i = strlen(prefix); status == STATUS_OK && i < last.len; i++)
        highest = highest * 10 + (uint64_t)(last.data[i] - '0');
    buf_deinit(&last);
    (void)snprintf(number, CASE_NUMBER_SIZE, "%.15s%04llu", prefix,
                   (unsigned long long)(highest + 1) % COUNT_END);
    return core_check(core, status);
}
