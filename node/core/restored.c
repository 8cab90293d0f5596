#include "node/core/restored.h"

#include <string.h>

#include "node/core/session.h"
#include "proto/bundle.h"
#include "storage/store_bundles.h"
#include "storage/store_confirmed.h"

#define NAME "restored"  /* [site that has agreed since …] */
#define AS "restored-as" /* id of the restore: random */
/* Lives of a machine, one behind the other or side by side, give numbers of bundles that
 * are apart by chance: between one and two times this. */
#define LEAP (UINT64_C(1) << 40)
/* Far enough for every leap that can follow. */
#define NUMBER_MAX (UINT64_C(1) << 62)

static enum status write_state(struct store *store, const struct id_list *told)
{
    struct buf value = {0};
    pack_array(&value, told->len);
    for (uint32_t i = 0; i < told->len; i++)
        pack_bin(&value, told->ids[i].bytes, ID_SIZE);
    enum status status = buf_status(&value);
    if (status == STATUS_OK)
        status = store_meta_put(store, NAME, buf_bytes(&value));
    buf_deinit(&value);
    return status;
}

static enum status read_value(struct bytes value, struct id_list *told)
{
    struct pack_reader reader = pack_reader_of(value);
    uint32_t count = 0;
    enum status status = pack_read_array(&reader, &count, NULL);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct id site;
        status = pack_read_fixed(&reader, site.bytes, ID_SIZE, NULL);
        if (status == STATUS_OK)
            id_list_push(told, &site);
    }
    if (status != STATUS_OK)
        return STATUS_CORRUPT;
    return told->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

/* NOT_FOUND: it never was. */
static enum status read_state(struct core *core, struct id_list *told)
{
    struct buf value = {0};
    *told = (struct id_list){0};
    enum status status = store_meta_get(core->store, NAME, &value);
    if (status == STATUS_OK)
        status = read_value(buf_bytes(&value), told);
    buf_deinit(&value);
    if (status != STATUS_OK)
        id_list_deinit(told);
    else
        id_list_sort(told);
    return core_check(core, status);
}

static uint64_t leap_of(const uint8_t random[static 5])
{
    uint64_t leap = 0;
    for (int i = 0; i < 5; i++)
        leap = leap << 8 | random[i];
    return LEAP + leap;
}

enum status restored_mark(struct store *store, const struct rng *rng)
{
    const struct id_list none = {0};
    struct id id;
    rng_fill(rng, "restore", NULL, id.bytes, ID_SIZE);
    enum status status = store_meta_put(store, AS, bytes_of(id.bytes, ID_SIZE));
    if (status == STATUS_OK)
        status = store_bundle_leap(store, leap_of(id.bytes));
    return status == STATUS_OK ? write_state(store, &none) : status;
}

enum status restored_as(struct store *store, struct id *id)
{
    struct buf value = {0};
    *id = (struct id){{0}};
    enum status status = store_meta_get(store, AS, &value);
    if (status == STATUS_OK && value.len != ID_SIZE)
        status = STATUS_CORRUPT;
    if (status == STATUS_OK)
        memcpy(id->bytes, value.data, ID_SIZE);
    buf_deinit(&value);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status restored_least_number(struct core *core, uint64_t *least)
{
    static const struct id never = {{0}};
    struct id id;
    enum status status = restored_as(core->store, &id);
    *least = id_equal(&id, &never) ? 0 : leap_of(id.bytes);
    return core_check(core, status);
}

/* NOT_FOUND: there is nothing to say to that site. */
static enum status pack_message(struct core *core, const struct id *site,
                                struct buf *message)
{
    struct id_list told;
    enum status status = read_state(core, &told);
    if (status != STATUS_OK)
        return status;
    bool is_told = id_list_has(&told, site);
    id_list_deinit(&told);
    if (is_told)
        return STATUS_NOT_FOUND;
    pack_array(message, 1);
    pack_str(message, "restored");
    return STATUS_OK;
}

void restored_tell(struct core *core, struct session *session)
{
    struct buf message = {0};
    /* A failure of ours shows at the commit. */
    if (pack_message(core, &session->site, &message) == STATUS_OK)
        session_send(session, &message);
    buf_deinit(&message);
}

enum status restored_write(struct core *core, const struct id *site, struct buf *payload)
{
    struct buf message = {0};
    enum status status = pack_message(core, site, &message);
    if (status == STATUS_OK)
        bundle_add(payload, &message);
    buf_deinit(&message);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status restored_heard(struct core *core, const struct id *site,
                           const uint8_t machine[static 32])
{
    core_trace(core, "peer restored");
    enum status status = store_confirmed_forget(core->store, machine);
    if (status == STATUS_OK)
        status = store_bundle_forget(core->store, site);
    return core_check(core, status);
}

enum status restored_agreed(struct core *core, const struct id *site)
{
    struct id_list told;
    enum status status = read_state(core, &told);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    if (!id_list_has(&told, site)) {
        id_list_push(&told, site);
        status = told.failed ? STATUS_NO_MEMORY : write_state(core->store, &told);
        /* What was withheld may be shown now. */
        core->changes++;
    }
    id_list_deinit(&told);
    return core_check(core, status);
}

static enum status tell_again(struct core *core, const struct id *site)
{
    struct id_list told, others = {0};
    enum status status = read_state(core, &told);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    for (uint32_t i = 0; i < told.len; i++)
        if (!id_equal(&told.ids[i], site))
            id_list_push(&others, &told.ids[i]);
    status = others.failed ? STATUS_NO_MEMORY : write_state(core->store, &others);
    core->changes++;
    id_list_deinit(&others);
    id_list_deinit(&told);
    return status;
}

enum status restored_other_life(struct core *core, const struct id *site, uint64_t number)
{
    struct store_bundle_site of;
    uint8_t random[5];
    enum status status = store_bundle_site(core->store, site, &of);
    if (status != STATUS_OK || number <= of.written || number > NUMBER_MAX)
        return core_check(core, status);
    core_trace(core, "another life wrote bundles");
    rng_fill(&core->rng, "bundles", site->bytes, random, sizeof(random));
    status = store_bundle_behind(core->store, site, number + leap_of(random));
    if (status == STATUS_OK)
        status = tell_again(core, site);
    return core_check(core, status);
}

struct sharing {
    const struct id *own, *other;
    const struct id_list *told;
    bool is_open; /* one of them has not agreed yet */
};

static enum status look_at_pair(void *context, const struct id *site)
{
    struct sharing *sharing = context;
    bool is_other = sharing->other != NULL && id_equal(site, sharing->other);
    if (!is_other && !id_equal(site, sharing->own) && !id_list_has(sharing->told, site))
        sharing->is_open = true;
    return STATUS_OK;
}

enum status restored_withholds(struct core *core, const struct id *scope,
                               const struct id *founder, const struct id *other,
                               bool *withholds)
{
    struct id_list told;
    *withholds = false;
    if (id_equal(founder, &core->site))
        return STATUS_OK;
    enum status status = read_state(core, &told);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    struct sharing sharing = {&core->site, other, &told, false};
    status = store_scope_pairs(core->store, scope, look_at_pair, &sharing);
    *withholds = sharing.is_open;
    id_list_deinit(&told);
    return core_check(core, status);
}
