#include "node/core/daily_backup.h"

#include <stdio.h>
#include <string.h>

#include "node/core/state.h"
#include "proto/pack.h"

#define DAILY "backup-daily" /* [ran_s, wall, why it failed] */

void core_back_up(struct core *core, uint64_t every_s)
{
    core->daily = (struct daily_clock){.is_on = true, .every_s = every_s};
}

static enum status read_row(struct bytes value, struct daily_backup *daily)
{
    struct pack_reader reader = pack_reader_of(value);
    uint32_t elements;
    struct bytes why = {0};
    enum status status = pack_read_array(&reader, &elements, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &daily->ran_s, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &daily->wall, NULL);
    if (status == STATUS_OK)
        status = pack_read_str(&reader, &why, NULL);
    if (status != STATUS_OK || why.len > DAILY_BACKUP_TEXT_MAX)
        return STATUS_CORRUPT;
    if (why.len > 0)
        memcpy(daily->failed, why.data, why.len);
    daily->failed[why.len] = '\0';
    return STATUS_OK;
}

/* The first one is due at once: whoever asked for them sees whether it goes. */
enum status daily_backup_get(struct core *core, struct daily_backup *daily)
{
    struct buf value = {0};
    *daily = (struct daily_backup){.ran_s = core->daily.every_s};
    enum status status = store_meta_get(core->store, DAILY, &value);
    if (status == STATUS_OK)
        status = read_row(buf_bytes(&value), daily);
    buf_deinit(&value);
    return core_check(core, status == STATUS_NOT_FOUND ? STATUS_OK : status);
}

static enum status keep(struct core *core, const struct daily_backup *daily)
{
    struct buf value = {0};
    pack_array(&value, 3);
    pack_uint(&value, daily->ran_s);
    pack_uint(&value, daily->wall);
    pack_str(&value, daily->failed);
    enum status status = buf_status(&value);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, DAILY, buf_bytes(&value));
    buf_deinit(&value);
    return core_check(core, status);
}

/* It ran less than until the next one is due. */
static void look_again(struct core *core, uint64_t ran_s)
{
    struct daily_clock *clock = &core->daily;
    uint64_t left_s = clock->every_s - ran_s;
    clock->next_ms = core->now_ms +
                     1000 * (left_s < DAILY_BACKUP_STEP_S ? left_s : DAILY_BACKUP_STEP_S);
}

void daily_backup_tick(struct core *core)
{
    struct daily_clock *clock = &core->daily;
    struct daily_backup daily;
    if (!clock->is_on || clock->is_running || core->is_ending ||
        core->now_ms < clock->next_ms)
        return;
    if (daily_backup_get(core, &daily) != STATUS_OK)
        return; /* it shows at the commit */
    if (clock->has_looked)
        daily.ran_s += (core->now_ms - clock->looked_ms) / 1000;
    clock->has_looked = true;
    clock->looked_ms = core->now_ms;
    if (keep(core, &daily) != STATUS_OK)
        return;
    if (daily.ran_s < clock->every_s) {
        look_again(core, daily.ran_s);
        return;
    }
    clock->is_running = true;
    (void)core_act(core, ACTION_BACKUP); /* without memory the turn fails */
}

uint64_t daily_backup_deadline(const struct core *core)
{
    const struct daily_clock *clock = &core->daily;
    bool waits = clock->is_on && !clock->is_running && !core->is_ending;
    return waits ? clock->next_ms : UINT64_MAX;
}

/* What a terminal or a page has to show is a line of text that ends with a whole
 * character; empty where nothing was said, and nowhere else. */
static void copy_line(char out[static DAILY_BACKUP_TEXT_MAX + 1], struct bytes why)
{
    struct buf text = {0};
    size_t len = why.len;
    out[0] = '\0';
    if (len == 0)
        return;
    if (len > DAILY_BACKUP_TEXT_MAX)
        len = DAILY_BACKUP_TEXT_MAX;
    while (len > 0 && len < why.len && (why.data[len] & 0xc0) == 0x80)
        len--;
    pack_str_bytes(&text, bytes_of(why.data, len));
    if (len == 0 || buf_status(&text) != STATUS_OK ||
        pack_check(buf_bytes(&text), NULL) != STATUS_OK) {
        why = bytes_str("it failed");
        len = why.len;
    }
    (void)snprintf(out, DAILY_BACKUP_TEXT_MAX + 1, "%.*s", (int)len,
                   (const char *)why.data);
    for (char *at = out; *at != '\0'; at++)
        if ((uint8_t)*at < ' ')
            *at = ' ';
    buf_deinit(&text);
}

void daily_backup_done(struct core *core, struct bytes why)
{
    struct daily_clock *clock = &core->daily;
    struct daily_backup daily = {.wall = core->wall};
    uint64_t again_s =
        clock->every_s < DAILY_BACKUP_AGAIN_S ? clock->every_s : DAILY_BACKUP_AGAIN_S;
    if (!clock->is_running)
        return;
    clock->is_running = false;
    clock->looked_ms = core->now_ms;
    copy_line(daily.failed, why);
    if (why.len > 0)
        daily.ran_s = clock->every_s - again_s;
    look_again(core, daily.ran_s);
    core->changes++;
    core_trace(core, "backup daily ok=%d", why.len == 0);
    (void)keep(core, &daily); /* a failure of ours shows at the commit */
}
