#include "proto/negentropy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "proto/err.h"

#define BUCKETS 16
/* What is kept free under the frame limit for the id list that reaches it, the skip
 * before it and the fingerprint after it: 44 + 79 + 19 bytes at most. */
#define FRAME_RESERVE 200

enum mode {
    MODE_SKIP,
    MODE_FINGERPRINT,
    MODE_ID_LIST,
};

struct bound {
    uint64_t timestamp;
    size_t id_len;
    uint8_t id[NEGENTROPY_ID_SIZE]; /* zero behind id_len */
};

struct range {
    struct bound upper;
    enum mode mode;
    const uint8_t *fingerprint; /* FINGERPRINT: borrowed */
    const uint8_t *ids;         /* ID_LIST: borrowed, ids_len ids */
    size_t ids_len;
};

struct reader {
    const uint8_t *at;
    const uint8_t *end;
    struct bound last;
};

struct writer {
    struct buf *out;
    size_t start; /* where this message begins in out */
    uint64_t last_timestamp;
};

struct negentropy_theirs {
    const uint8_t *id;
    bool held;
};

static const struct bound bound_infinity = {.timestamp = NEGENTROPY_INFINITY};

/* ---- reading: a message becomes ranges here, and nowhere else ---- */

static const uint8_t *read_bytes(struct reader *r, size_t len)
{
    if (len > (size_t)(r->end - r->at))
        return NULL;
    const uint8_t *bytes = r->at;
    r->at += len;
    return bytes;
}

static bool read_varint(struct reader *r, uint64_t *value)
{
    *value = 0;
    if (r->at < r->end && *r->at == 0x80)
        return false; /* longer than needed */
    while (r->at < r->end && *value <= UINT64_MAX >> 7) {
        uint8_t digit = *r->at++;
        *value = *value << 7 | (digit & 0x7f);
        if ((digit & 0x80) == 0)
            return true;
    }
    return false;
}

static bool read_timestamp(struct reader *r, uint64_t *timestamp)
{
    uint64_t number;
    if (!read_varint(r, &number))
        return false;
    *timestamp = NEGENTROPY_INFINITY;
    if (number == 0)
        return true;
    /* Nothing but infinity follows infinity, and no offset leads to it. */
    if (number - 1 >= NEGENTROPY_INFINITY - r->last.timestamp)
        return false;
    *timestamp = r->last.timestamp + (number - 1);
    return true;
}

static bool read_bound(struct reader *r, struct bound *bound)
{
    *bound = (struct bound){0};
    uint64_t id_len;
    if (!read_timestamp(r, &bound->timestamp))
        return false;
    if (!read_varint(r, &id_len) || id_len > NEGENTROPY_ID_SIZE)
        return false;
    const uint8_t *id = read_bytes(r, (size_t)id_len);
    if (id == NULL)
        return false;
    bound->id_len = (size_t)id_len;
    memcpy(bound->id, id, bound->id_len);
    if (bound->timestamp == r->last.timestamp &&
        memcmp(bound->id, r->last.id, NEGENTROPY_ID_SIZE) < 0)
        return false;
    r->last = *bound;
    return true;
}

static bool read_range(struct reader *r, struct range *range)
{
    *range = (struct range){0};
    uint64_t mode, ids_len;
    if (!read_bound(r, &range->upper))
        return false;
    if (!read_varint(r, &mode) || mode > MODE_ID_LIST)
        return false;
    range->mode = (enum mode)mode;
    switch (range->mode) { /* never: another mode, which was refused above */
    case MODE_SKIP:
        return true;
    case MODE_FINGERPRINT:
        range->fingerprint = read_bytes(r, NEGENTROPY_FINGERPRINT_SIZE);
        return range->fingerprint != NULL;
    case MODE_ID_LIST:
        if (!read_varint(r, &ids_len))
            return false;
        if (ids_len > (size_t)(r->end - r->at) / NEGENTROPY_ID_SIZE)
            return false;
        range->ids_len = (size_t)ids_len;
        range->ids = read_bytes(r, range->ids_len * NEGENTROPY_ID_SIZE);
        return true;
    }
    return false;
}

/* The ranges behind the version byte. */
static struct reader reader_of(struct bytes message)
{
    return (struct reader){.at = message.data + 1, .end = message.data + message.len};
}

/* OK, UNSUPPORTED for another version; INVALID unless every range reads well. */
static enum status message_check(struct bytes message, struct err *err)
{
    if (message.len == 0)
        return err_set(err, STATUS_INVALID, "negentropy: the message is empty");
    if ((message.data[0] & 0xf0) != (NEGENTROPY_VERSION & 0xf0))
        return err_set(err, STATUS_INVALID, "negentropy: no version byte");
    if (message.data[0] != NEGENTROPY_VERSION)
        return err_set(err, STATUS_UNSUPPORTED, "negentropy: version %d is not known",
                       message.data[0] & 0x0f);
    struct reader r = reader_of(message);
    struct range range;
    while (r.at < r.end)
        if (!read_range(&r, &range))
            return err_set(err, STATUS_INVALID,
                           "negentropy: malformed range before byte %zu of %zu",
                           (size_t)(r.at - message.data), message.len);
    return STATUS_OK;
}

/* ---- writing ---- */

static struct writer writer_begin(struct buf *out)
{
    struct writer w = {.out = out, .start = out->len};
    buf_add_u8(out, NEGENTROPY_VERSION);
    return w;
}

/* Takes the message back where it failed, the reading of the set included. */
static enum status writer_end(struct writer *w, const struct negentropy_source *set,
                              enum status status)
{
    enum status read = set->status(set->context);
    if (read != STATUS_OK)
        status = read;
    if (status == STATUS_OK)
        status = buf_status(w->out);
    if (status != STATUS_OK)
        w->out->len = w->start;
    return status;
}

static void write_varint(struct writer *w, uint64_t value)
{
    uint8_t raw[NEGENTROPY_VARINT_MAX];
    buf_add(w->out, raw, negentropy_varint(raw, value));
}

static void write_range(struct writer *w, const struct bound *upper, enum mode mode)
{
    bool infinite = upper->timestamp == NEGENTROPY_INFINITY;
    write_varint(w, infinite ? 0 : upper->timestamp - w->last_timestamp + 1);
    w->last_timestamp = upper->timestamp;
    write_varint(w, upper->id_len);
    buf_add(w->out, upper->id, upper->id_len);
    write_varint(w, mode);
}

static void fingerprint_of(const struct negentropy_source *set, size_t begin, size_t end,
                           uint8_t out[static NEGENTROPY_FINGERPRINT_SIZE])
{
    struct negentropy_sum sum;
    set->sum(set->context, begin, end, &sum);
    negentropy_sum_fingerprint(&sum, end - begin, out);
}

static void write_fingerprint(struct writer *w, const struct negentropy_source *set,
                              size_t begin, size_t end, const struct bound *upper)
{
    uint8_t fingerprint[NEGENTROPY_FINGERPRINT_SIZE];
    fingerprint_of(set, begin, end, fingerprint);
    write_range(w, upper, MODE_FINGERPRINT);
    buf_add(w->out, fingerprint, sizeof(fingerprint));
}

static void write_ids(struct writer *w, const struct negentropy_source *set, size_t begin,
                      size_t end, const struct bound *upper)
{
    write_range(w, upper, MODE_ID_LIST);
    write_varint(w, end - begin);
    for (size_t i = begin; i < end; i++) {
        struct negentropy_item item;
        set->item(set->context, i, &item);
        buf_add(w->out, item.id, NEGENTROPY_ID_SIZE);
    }
}

/* The shortest bound before item `index`, which has one before it. */
static struct bound bound_before(const struct negentropy_source *set, size_t index)
{
    struct negentropy_item before, after;
    set->item(set->context, index - 1, &before);
    set->item(set->context, index, &after);
    struct bound bound = {.timestamp = after.timestamp};
    if (before.timestamp != after.timestamp)
        return bound;
    size_t shared = 0;
    while (shared < NEGENTROPY_ID_SIZE - 1 && before.id[shared] == after.id[shared])
        shared++;
    bound.id_len = shared + 1;
    memcpy(bound.id, after.id, bound.id_len);
    return bound;
}

static struct bound bound_at(const struct negentropy_source *set, size_t index)
{
    struct negentropy_item item;
    set->item(set->context, index, &item);
    struct bound bound = {.timestamp = item.timestamp, .id_len = NEGENTROPY_ID_SIZE};
    memcpy(bound.id, item.id, NEGENTROPY_ID_SIZE);
    return bound;
}

static size_t set_len(const struct negentropy_source *set)
{
    return set->len(set->context);
}

/* Says more about [begin, end): its ids where they are few, else finer fingerprints. */
static void write_split(struct writer *w, const struct negentropy_source *set,
                        size_t begin, size_t end, const struct bound *upper)
{
    size_t len = end - begin;
    if (len < 2 * BUCKETS) {
        write_ids(w, set, begin, end, upper);
        return;
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        size_t next = begin + len / BUCKETS + (i < len % BUCKETS);
        struct bound bound = *upper;
        if (next < end)
            bound = bound_before(set, next);
        write_fingerprint(w, set, begin, next, &bound);
        begin = next;
    }
}

/* ---- a session ---- */

/* One pass over the peer's ranges. Initiator where sink is set. */
struct pass {
    struct negentropy *n;
    struct writer w;
    const struct negentropy_sink *sink;
    struct bound upper; /* of the range before */
    size_t next;        /* first item behind it */
    bool skipped;       /* the ranges up to `upper` need no words, and none are written */
    bool full;          /* the frame limit is reached, the message complete */
};

void negentropy_init(struct negentropy *n, struct negentropy_source set,
                     size_t frame_size_limit)
{
    assert(frame_size_limit == 0 || frame_size_limit >= NEGENTROPY_FRAME_MIN);
    *n = (struct negentropy){.set = set, .frame_size_limit = frame_size_limit};
}

void negentropy_deinit(struct negentropy *n)
{
    if (n == NULL)
        return;
    free(n->theirs);
    *n = (struct negentropy){0};
}

enum status negentropy_initiate(const struct negentropy *n, struct buf *out)
{
    struct writer w = writer_begin(out);
    write_split(&w, &n->set, 0, set_len(&n->set), &bound_infinity);
    return writer_end(&w, &n->set, STATUS_OK);
}

enum status negentropy_probe(const struct negentropy *n, struct buf *out)
{
    struct writer w = writer_begin(out);
    write_fingerprint(&w, &n->set, 0, set_len(&n->set), &bound_infinity);
    return writer_end(&w, &n->set, STATUS_OK);
}

static bool is_full(const struct pass *pass, size_t end)
{
    size_t limit = pass->n->frame_size_limit;
    return limit != 0 && end - pass->w.start > limit - FRAME_RESERVE;
}

/* Writes the skip that stands out, before the next range that says something. */
static void pass_unskip(struct pass *pass)
{
    if (pass->skipped)
        write_range(&pass->w, &pass->upper, MODE_SKIP);
    pass->skipped = false;
}

/* Completes a message that has reached the limit: the fingerprint of what is left makes
 * the peer come back to it. */
static void pass_finish(struct pass *pass, size_t rest)
{
    const struct negentropy_source *set = &pass->n->set;
    write_fingerprint(&pass->w, set, rest, set_len(set), &bound_infinity);
    pass->full = true;
}

static bool is_fingerprint_of(const struct negentropy_source *set, size_t begin,
                              size_t end,
                              const uint8_t theirs[static NEGENTROPY_FINGERPRINT_SIZE])
{
    uint8_t ours[NEGENTROPY_FINGERPRINT_SIZE];
    fingerprint_of(set, begin, end, ours);
    return memcmp(ours, theirs, sizeof(ours)) == 0;
}

static void pass_compare(struct pass *pass, const struct range *range, size_t end)
{
    const struct negentropy_source *set = &pass->n->set;
    if (is_fingerprint_of(set, pass->next, end, range->fingerprint)) {
        pass->skipped = true;
        return;
    }
    size_t mark = pass->w.out->len;
    pass_unskip(pass);
    write_split(&pass->w, set, pass->next, end, &range->upper);
    if (!is_full(pass, pass->w.out->len))
        return;
    /* The split does not fit and remains unsaid. As in the reference the last fingerprint
     * begins behind it: it lacks what the peer holds in this range, so the peer will ask
     * again. Where the peer holds nothing there it must hold ours, or nobody would. */
    bool is_empty = is_fingerprint_of(set, 0, 0, range->fingerprint);
    pass->w.out->len = mark;
    pass_finish(pass, is_empty ? pass->next : end);
}

/* Responder: our ids in the range, as many as the frame holds. Gives where the list ends.
 */
static size_t pass_list(struct pass *pass, const struct range *range, size_t end)
{
    const struct negentropy_source *set = &pass->n->set;
    struct bound upper = range->upper;
    size_t cut = pass->next;
    while (cut < end &&
           !is_full(pass, pass->w.out->len + (cut - pass->next) * NEGENTROPY_ID_SIZE))
        cut++;
    if (cut < end)
        upper = bound_at(set, cut);
    pass_unskip(pass);
    write_ids(&pass->w, set, pass->next, cut, &upper);
    if (is_full(pass, pass->w.out->len))
        pass_finish(pass, cut);
    return cut;
}

static int theirs_compare(const void *a, const void *b)
{
    const struct negentropy_theirs *left = a, *right = b;
    return memcmp(left->id, right->id, NEGENTROPY_ID_SIZE);
}

/* The peer's list, sorted, each id once. */
static enum status theirs_take(struct negentropy *n, const struct range *range,
                               size_t *len)
{
    *len = 0;
    if (range->ids_len > n->theirs_capacity) {
        void *theirs = realloc(n->theirs, range->ids_len * sizeof(*n->theirs));
        if (theirs == NULL)
            return STATUS_NO_MEMORY;
        n->theirs = theirs;
        n->theirs_capacity = range->ids_len;
    }
    for (size_t i = 0; i < range->ids_len; i++)
        n->theirs[i] = (struct negentropy_theirs){range->ids + i * NEGENTROPY_ID_SIZE, 0};
    if (range->ids_len > 0)
        qsort(n->theirs, range->ids_len, sizeof(*n->theirs), theirs_compare);
    for (size_t i = 0; i < range->ids_len; i++)
        if (*len == 0 || theirs_compare(&n->theirs[*len - 1], &n->theirs[i]) != 0)
            n->theirs[(*len)++] = n->theirs[i];
    return STATUS_OK;
}

/* Initiator: the peer's list against ours; the range is settled by it. */
static enum status pass_match(struct pass *pass, const struct range *range, size_t end)
{
    struct negentropy *n = pass->n;
    size_t len;
    enum status status = theirs_take(n, range, &len);
    for (size_t i = pass->next; i < end && status == STATUS_OK; i++) {
        struct negentropy_item item;
        n->set.item(n->set.context, i, &item);
        status = n->set.status(n->set.context);
        if (status != STATUS_OK)
            break;
        struct negentropy_theirs *found = NULL;
        if (len > 0)
            found = bsearch(&(struct negentropy_theirs){item.id, false}, n->theirs, len,
                            sizeof(*n->theirs), theirs_compare);
        if (found != NULL)
            found->held = true;
        else
            status = pass->sink->on_have(pass->sink->context, item.id);
    }
    for (size_t i = 0; i < len && status == STATUS_OK; i++)
        if (!n->theirs[i].held)
            status = pass->sink->on_need(pass->sink->context, n->theirs[i].id);
    pass->skipped = true;
    return status;
}

/* Every range of a checked message in turn. */
static enum status pass_run(struct pass *pass, struct bytes message)
{
    const struct negentropy_source *set = &pass->n->set;
    struct reader r = reader_of(message);
    enum status status = STATUS_OK;
    while (r.at < r.end && !pass->full && status == STATUS_OK) {
        struct range range;
        bool is_range = read_range(&r, &range);
        assert(is_range);
        size_t end = set->lower_bound(set->context, pass->next, range.upper.timestamp,
                                      range.upper.id);
        switch (range.mode) { /* never: another mode; read_range refuses it */
        case MODE_SKIP:
            pass->skipped = true;
            break;
        case MODE_FINGERPRINT:
            pass_compare(pass, &range, end);
            break;
        case MODE_ID_LIST:
            if (pass->sink != NULL)
                status = pass_match(pass, &range, end);
            else
                end = pass_list(pass, &range, end);
            break;
        }
        pass->next = end;
        pass->upper = range.upper;
    }
    return status;
}

enum status negentropy_answer(struct negentropy *n, struct bytes message, struct buf *out,
                              struct err *err)
{
    enum status status = message_check(message, err);
    if (status != STATUS_OK && status != STATUS_UNSUPPORTED)
        return status;
    struct pass pass = {.n = n, .w = writer_begin(out)};
    if (status == STATUS_OK)
        status = pass_run(&pass, message);
    else
        status = STATUS_OK; /* our version byte alone lets the peer try again */
    return writer_end(&pass.w, &n->set, status);
}

enum status negentropy_continue(struct negentropy *n, struct bytes message,
                                struct buf *out, const struct negentropy_sink *sink,
                                bool *done, struct err *err)
{
    *done = false;
    enum status status = message_check(message, err);
    if (status != STATUS_OK)
        return status;
    struct pass pass = {.n = n, .w = writer_begin(out), .sink = sink};
    status = pass_run(&pass, message);
    status = writer_end(&pass.w, &n->set, status);
    if (status != STATUS_OK)
        return status;
    if (out->len - pass.w.start == 1) {
        *done = true;
        out->len = pass.w.start;
    }
    return STATUS_OK;
}
