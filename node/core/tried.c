#include "node/core/tried.h"

/* Between two looks: a minute, doubling to eight, below the silence that ends a session.
 */
#define LOOK_MS (60 * 1000)
#define LOOK_DOUBLINGS_MAX 3
/* Where both agree, news are pushed; this look is for what nobody thought of. */
#define AGREED_LOOK_MS (5 * 60 * 1000)
/* Everything is tried again at the first, second, fourth and each eighth look. */
#define LOOKS_PER_RETRY 8

static void forget(struct tried *tried)
{
    outgoing_clear(&tried->sent);
    id_list_deinit(&tried->wanted);
}

void tried_deinit(struct tried *tried)
{
    forget(tried);
}

static enum status sift_sent(struct tried *tried, struct outgoing *found)
{
    struct outgoing still = {0};
    enum status status = STATUS_OK;
    uint32_t kept = 0;
    for (uint32_t i = 0; status == STATUS_OK && i < found->len; i++) {
        if (outgoing_has(&tried->sent, found->seqs[i]))
            status = outgoing_push(&still, found->seqs[i]);
        else
            found->seqs[kept++] = found->seqs[i];
    }
    found->len = kept;
    outgoing_sort(&still);
    outgoing_clear(&tried->sent);
    tried->sent = still;
    return status;
}

static enum status sift_wanted(struct tried *tried, struct id_list *wanted)
{
    struct id_list still = {0};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < wanted->len; i++) {
        if (id_list_has(&tried->wanted, &wanted->ids[i]))
            id_list_push(&still, &wanted->ids[i]);
        else
            wanted->ids[kept++] = wanted->ids[i];
    }
    wanted->len = kept;
    id_list_sort(&still);
    id_list_deinit(&tried->wanted);
    tried->wanted = still;
    return still.failed ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status tried_sift(struct tried *tried, struct outgoing *found,
                       struct id_list *wanted)
{
    enum status status = sift_sent(tried, found);
    return status == STATUS_OK ? sift_wanted(tried, wanted) : status;
}

/* After a first sync these lists have a million entries: mostly there are none here yet,
 * and the round's own list becomes ours. */
static enum status take_sent(struct tried *tried, struct outgoing *moved)
{
    enum status status = STATUS_OK;
    if (tried->sent.len == 0) {
        outgoing_clear(&tried->sent);
        tried->sent = *moved;
        *moved = (struct outgoing){0};
    }
    for (uint32_t i = 0; status == STATUS_OK && i < moved->len; i++)
        status = outgoing_push(&tried->sent, moved->seqs[i]);
    outgoing_clear(moved);
    outgoing_sort(&tried->sent);
    return status;
}

static void take_wanted(struct tried *tried, struct id_list *wanted)
{
    if (tried->wanted.len == 0) {
        id_list_deinit(&tried->wanted);
        tried->wanted = *wanted;
        *wanted = (struct id_list){0};
    }
    for (uint32_t i = 0; i < wanted->len; i++)
        id_list_push(&tried->wanted, &wanted->ids[i]);
    id_list_deinit(wanted);
    id_list_sort(&tried->wanted);
}

enum status tried_take(struct tried *tried, struct outgoing *moved,
                       struct id_list *wanted)
{
    enum status status = take_sent(tried, moved);
    take_wanted(tried, wanted);
    return tried->wanted.failed ? STATUS_NO_MEMORY : status;
}

void tried_agreed(struct tried *tried, uint64_t now_ms)
{
    forget(tried);
    tried->looks = 0;
    tried->look_ms = now_ms + AGREED_LOOK_MS;
}

void tried_renew(struct tried *tried)
{
    forget(tried);
    tried->looks = 0;
    tried->look_ms = 0;
}

void tried_rest(struct tried *tried, uint64_t now_ms)
{
    uint32_t doublings =
        tried->looks < LOOK_DOUBLINGS_MAX ? tried->looks : LOOK_DOUBLINGS_MAX;
    if (now_ms < tried->look_ms)
        return; /* this round was for something new; the look stays where it was */
    tried->look_ms = now_ms + ((uint64_t)LOOK_MS << doublings);
    tried->looks++;
}

void tried_look(struct tried *tried)
{
    if (tried->looks <= 2 || tried->looks == 4 || tried->looks % LOOKS_PER_RETRY == 0)
        forget(tried);
}
