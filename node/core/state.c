#include "node/core/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"

void id_list_push(struct id_list *list, const struct id *id)
{
    if (list->len == list->capacity) {
        uint32_t capacity = list->capacity == 0 ? 16 : 2 * list->capacity;
        struct id *ids = realloc(list->ids, capacity * sizeof(*ids));
        if (ids == NULL) {
            list->failed = true;
            return;
        }
        list->ids = ids;
        list->capacity = capacity;
    }
    list->ids[list->len++] = *id;
}

static int compare_ids(const void *a, const void *b)
{
    return id_compare(a, b);
}

void id_list_sort(struct id_list *list)
{
    if (list->len < 2)
        return;
    qsort(list->ids, list->len, sizeof(*list->ids), compare_ids);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < list->len; i++)
        if (!id_equal(&list->ids[i], &list->ids[kept - 1]))
            list->ids[kept++] = list->ids[i];
    list->len = kept;
}

bool id_list_has(const struct id_list *sorted, const struct id *id)
{
    return sorted->len > 0 && bsearch(id, sorted->ids, sorted->len, sizeof(*sorted->ids),
                                      compare_ids) != NULL;
}

void id_list_clear(struct id_list *list)
{
    list->len = 0;
}

void id_list_deinit(struct id_list *list)
{
    free(list->ids);
    *list = (struct id_list){0};
}

void signer_wipe(struct signer *signer)
{
    secret_free(signer->pair);
    *signer = (struct signer){0};
}

bool signer_copy(struct signer *to, const struct signer *from)
{
    signer_wipe(to);
    to->pair = secret_new(sizeof(*to->pair));
    if (to->pair == NULL)
        return false;
    *to->pair = *from->pair;
    memcpy(to->key, from->key, 32);
    return true;
}

struct action *core_act(struct core *core, enum action_type type)
{
    if (core->actions_len == core->actions_capacity) {
        uint32_t capacity = 2 * core->actions_capacity;
        struct action *actions = realloc(core->actions, capacity * sizeof(*actions));
        if (actions == NULL) {
            (void)core_check(core, STATUS_NO_MEMORY);
            return NULL;
        }
        core->actions = actions;
        core->actions_capacity = capacity;
    }
    struct action *action = &core->actions[core->actions_len++];
    *action = (struct action){.type = type};
    return action;
}

void core_trace(struct core *core, const char *format, ...)
{
    struct action *action = core_act(core, ACTION_TRACE);
    if (action == NULL)
        return;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(action->text, sizeof(action->text), format, args); /* cut is fine */
    va_end(args);
}

enum status core_check(struct core *core, enum status status)
{
    bool is_ours = status == STATUS_IO || status == STATUS_FULL ||
                   status == STATUS_CORRUPT || status == STATUS_NO_MEMORY;
    if (is_ours && core->store_status == STATUS_OK)
        core->store_status = status;
    return status;
}
