#include "node/core/remembered.h"

#include "crypto/secret.h"
#include "node/core/state.h"

/* What is written in this turn is folded at its end. */
static bool is_quiet(const struct core *core)
{
    return core->touched.len == 0 && core->changed.len == 0;
}

static bool is_same(const struct remembered_key *a, const struct remembered_key *b)
{
    return a->limit == b->limit && a->changes == b->changes && a->today == b->today &&
           a->is_overdue_only == b->is_overdue_only && a->is_trusted == b->is_trusted;
}

bool remembered_get(struct core *core, const struct remembered_key *key, struct buf *out)
{
    const struct remembered *remembered = &core->remembered[key->method];
    if (!remembered->is_there || !is_quiet(core) || !is_same(&remembered->key, key))
        return false;
    buf_append(out, &remembered->answer);
    return true;
}

void remembered_forget(struct core *core)
{
    for (int i = 0; i < REMEMBERED_METHODS; i++) {
        struct remembered *remembered = &core->remembered[i];
        if (remembered->answer.data != NULL) /* titles of cases */
            secret_wipe(remembered->answer.data, remembered->answer.len);
        buf_clear(&remembered->answer);
        remembered->is_there = false;
    }
}

void remembered_put(struct core *core, const struct remembered_key *key,
                    struct bytes answer)
{
    struct remembered *remembered = &core->remembered[key->method];
    buf_clear(&remembered->answer);
    remembered->is_there = false;
    if (!is_quiet(core))
        return;
    buf_add(&remembered->answer, answer.data, answer.len);
    remembered->is_there = !remembered->answer.failed;
    remembered->key = *key;
}

void remembered_deinit(struct core *core)
{
    for (int i = 0; i < REMEMBERED_METHODS; i++) {
        buf_deinit(&core->remembered[i].answer);
        core->remembered[i] = (struct remembered){0};
    }
}
