#include "node/core/instance.h"

#include <string.h>

#include "node/core/alarm.h"
#include "node/core/session.h"

struct heard {
    uint8_t instance[INSTANCE_SIZE];
    bool is_copy; /* an alarm told of it and of those heard beside it */
};

/* Of one machine; the one that was heard last is the last. */
struct history {
    uint8_t heard_by[INSTANCE_SIZE]; /* the start of this machine that wrote it … */
    uint64_t heard_ms;               /* … and when, by its own time */
    uint32_t len;
    struct heard heard[INSTANCES_KEPT];
};

static const uint8_t *own(struct core *core)
{
    if (!core->has_instance)
        rng_fill(&core->rng, "instance", NULL, core->instance, sizeof(core->instance));
    core->has_instance = true;
    return core->instance;
}

/* --- kept: [heard by, when, [instance, is a copy, …]] --- */

#define NAME_SIZE (sizeof("instances:") + 64)

static void name_of(char name[static NAME_SIZE], const uint8_t machine[static 32])
{
    memcpy(name, "instances:", sizeof("instances:") - 1);
    hex_encode(name + sizeof("instances:") - 1, machine, 32);
}

static enum status read_value(struct bytes value, struct history *history)
{
    struct pack_reader reader = pack_reader_of(value);
    uint32_t elements, count = 0;
    enum status status = pack_read_array(&reader, &elements, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(&reader, history->heard_by, INSTANCE_SIZE, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &history->heard_ms, NULL);
    if (status == STATUS_OK)
        status = pack_read_array(&reader, &count, NULL);
    if (status != STATUS_OK || count > 2 * INSTANCES_KEPT)
        return STATUS_CORRUPT;
    for (history->len = 0; history->len < count / 2; history->len++) {
        struct heard *heard = &history->heard[history->len];
        struct pack_item flag = {.type = PACK_NIL};
        status = pack_read_fixed(&reader, heard->instance, INSTANCE_SIZE, NULL);
        if (status == STATUS_OK)
            status = pack_next(&reader, &flag, NULL);
        if (status != STATUS_OK || flag.type != PACK_BOOL)
            return STATUS_CORRUPT;
        heard->is_copy = flag.number != 0;
    }
    return STATUS_OK;
}

static enum status load(struct core *core, const uint8_t machine[static 32],
                        struct history *history)
{
    char name[NAME_SIZE];
    struct buf value = {0};
    *history = (struct history){.len = 0};
    name_of(name, machine);
    enum status status = store_meta_get(core->store, name, &value);
    if (status == STATUS_OK)
        status = read_value(buf_bytes(&value), history);
    buf_deinit(&value);
    return status == STATUS_NOT_FOUND ? STATUS_OK : core_check(core, status);
}

static enum status save(struct core *core, const uint8_t machine[static 32],
                        const struct history *history)
{
    char name[NAME_SIZE];
    struct buf value = {0};
    pack_array(&value, 3);
    pack_bin(&value, own(core), INSTANCE_SIZE);
    pack_uint(&value, core->now_ms);
    pack_array(&value, 2 * history->len);
    for (uint32_t i = 0; i < history->len; i++) {
        pack_bin(&value, history->heard[i].instance, INSTANCE_SIZE);
        pack_bool(&value, history->heard[i].is_copy);
    }
    name_of(name, machine);
    enum status status = buf_status(&value);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, name, buf_bytes(&value));
    buf_deinit(&value);
    return core_check(core, status);
}

/* --- said and heard --- */

void instance_say(struct core *core, struct session *session)
{
    struct buf message = {0};
    if (session->minor < SESSION_MINOR_INSTANCE)
        return; /* it would end the session */
    pack_array(&message, 2);
    pack_str(&message, "instance");
    pack_bin(&message, own(core), INSTANCE_SIZE);
    session_send(session, &message);
    buf_deinit(&message);
}

static void tell(struct session *session)
{
    struct buf message = {0};
    pack_array(&message, 1);
    pack_str(&message, "copy");
    session_send(session, &message);
    buf_deinit(&message);
}

static uint32_t find(const struct history *history, const uint8_t *instance)
{
    uint32_t at = 0;
    while (at < history->len &&
           memcmp(history->heard[at].instance, instance, INSTANCE_SIZE) != 0)
        at++;
    return at;
}

/* A connection of a start that is over may be read late, behind one of its successor. Who
 * answered a handshake that began after the last one was heard was alive after that. */
static bool is_fresh(struct core *core, const struct session *session,
                     const struct history *history)
{
    return memcmp(history->heard_by, own(core), INSTANCE_SIZE) != 0 ||
           session->opened_ms > history->heard_ms;
}

/* That one becomes the last. */
static void move_back(struct history *history, uint32_t at)
{
    struct heard heard = history->heard[at];
    memmove(&history->heard[at], &history->heard[at + 1],
            (history->len - at - 1) * sizeof(heard));
    history->heard[history->len - 1] = heard;
}

static void push(struct history *history, const uint8_t *instance)
{
    if (history->len == INSTANCES_KEPT)
        move_back(history, 0);
    else
        history->len++;
    struct heard *last = &history->heard[history->len - 1];
    *last = (struct heard){.is_copy = false};
    memcpy(last->instance, instance, INSTANCE_SIZE);
}

/* It runs beside each that was heard since. Did no alarm tell of one of them? */
static bool mark_copies(struct history *history, uint32_t at)
{
    bool is_news = false;
    for (uint32_t i = at; i < history->len; i++) {
        is_news = is_news || !history->heard[i].is_copy;
        history->heard[i].is_copy = true;
    }
    return is_news;
}

static enum status came_back(struct core *core, struct session *session,
                             struct history *history, uint32_t at)
{
    bool is_news = mark_copies(history, at);
    move_back(history, at);
    tell(session);
    return is_news ? alarm_raise(core, &session->site, session->peer_key, ALARM_COPY, 0)
                   : STATUS_OK;
}

enum status instance_heard(struct core *core, struct session *session,
                           struct pack_reader *reader)
{
    uint8_t instance[INSTANCE_SIZE];
    struct history history;
    enum status status = pack_read_fixed(reader, instance, sizeof(instance), NULL);
    if (status != STATUS_OK || session->has_instance)
        return STATUS_INVALID;
    session->has_instance = true;
    status = load(core, session->peer_key, &history);
    if (status != STATUS_OK)
        return status;
    uint32_t at = find(&history, instance);
    if (history.len > 0 && (at == history.len - 1 || !is_fresh(core, session, &history)))
        return STATUS_OK;
    if (at < history.len)
        status = came_back(core, session, &history, at);
    else
        push(&history, instance);
    return status == STATUS_OK ? save(core, session->peer_key, &history) : status;
}

enum status instance_forget(struct core *core, const uint8_t machine[static 32])
{
    char name[NAME_SIZE];
    name_of(name, machine);
    return core_check(core, store_meta_remove(core->store, name));
}

enum status instance_told(struct core *core, struct session *session)
{
    if (session->has_been_told)
        return STATUS_INVALID;
    session->has_been_told = true;
    core_trace(core, "peer says that two copies of this machine run: stop one of them");
    return alarm_raise(core, &session->site, session->peer_key, ALARM_TOLD, 0);
}
