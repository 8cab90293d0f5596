#include "node/core/carried.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct carried_message *carried_begin(struct carried *carried)
{
    assert(carried->len < SYNC_WINDOW);

    struct carried_message *message = &carried->messages[carried->len];
    id_list_clear(&message->records);
    message->ops_len = 0;
    return message;
}

static bool has_room(struct carried_message *message)
{
    if (message->records.len < message->positions_capacity)
        return true;
    uint32_t capacity = message->positions_capacity + 16;
    uint32_t *grown = realloc(message->positions, capacity * sizeof(*grown));
    if (grown == NULL)
        return false;
    message->positions = grown;
    message->positions_capacity = capacity;
    return true;
}

enum status carried_op(struct carried_message *message, const struct id *record)
{
    uint32_t position = message->ops_len++;
    if (record == NULL)
        return STATUS_OK;
    if (!has_room(message))
        return STATUS_NO_MEMORY;
    message->positions[message->records.len] = position;
    id_list_push(&message->records, record);
    return message->records.failed ? STATUS_NO_MEMORY : STATUS_OK;
}

void carried_sent(struct carried *carried)
{
    carried->len++;
}

/* What an acknowledgement did not keep: ascending positions, counted through the ops of
 * all messages that it is about. */
struct refused {
    struct pack_reader *reader;
    uint32_t left;
    uint64_t next; /* UINT64_MAX: no more */
    uint64_t end;  /* so many ops in all */
};

static enum status advance(struct refused *refused)
{
    uint64_t before = refused->next;
    refused->next = UINT64_MAX;
    if (refused->left == 0)
        return STATUS_OK;
    refused->left--;
    enum status status = pack_read_uint(refused->reader, &refused->next, NULL);
    if (status == STATUS_OK && (refused->next >= refused->end ||
                                (before != UINT64_MAX && refused->next <= before)))
        status = STATUS_TOO_LARGE;
    return status;
}

static enum status settle_message(struct core *core,
                                  const struct carried_message *message,
                                  const struct id *site, uint64_t base,
                                  struct refused *refused)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < message->records.len; i++) {
        uint64_t position = base + message->positions[i];
        while (status == STATUS_OK && refused->next < position)
            status = advance(refused);
        if (status == STATUS_OK && refused->next != position)
            status =
                core_check(core, store_delivery_put(core->store, &message->records.ids[i],
                                                    site, core->wall));
    }
    return status;
}

/* The oldest message's room becomes that of a later one. */
static void drop_oldest(struct carried *carried)
{
    struct carried_message oldest = carried->messages[0];
    memmove(&carried->messages[0], &carried->messages[1],
            (SYNC_WINDOW - 1) * sizeof(carried->messages[0]));
    carried->messages[SYNC_WINDOW - 1] = oldest;
    carried->len--;
}

enum status carried_acknowledged(struct core *core, struct carried *carried,
                                 const struct id *site, uint64_t count,
                                 struct pack_reader *reader)
{
    struct refused refused = {.reader = reader, .next = UINT64_MAX};
    uint64_t base = 0;
    enum status status = pack_read_array(reader, &refused.left, NULL);
    if (status == STATUS_OK && count > carried->len)
        status = STATUS_TOO_LARGE;
    if (status != STATUS_OK)
        return status;
    for (uint64_t i = 0; i < count; i++)
        refused.end += carried->messages[i].ops_len;
    status = advance(&refused);
    for (; status == STATUS_OK && count > 0; count--) {
        uint32_t ops_len = carried->messages[0].ops_len;
        status = settle_message(core, &carried->messages[0], site, base, &refused);
        base += ops_len;
        drop_oldest(carried);
    }
    while (status == STATUS_OK && refused.next != UINT64_MAX)
        status = advance(&refused);
    return status;
}

void carried_deinit(struct carried *carried)
{
    for (int i = 0; i < SYNC_WINDOW; i++) {
        id_list_deinit(&carried->messages[i].records);
        free(carried->messages[i].positions);
    }
    *carried = (struct carried){0};
}
