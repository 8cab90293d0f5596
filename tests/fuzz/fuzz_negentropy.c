/*
 * fuzz_negentropy: any message is answered within the limit by one that the other side
 * can read, or refused without a trace; two honest sides find exactly their difference.
 *   input  flags(1): bit 0 a frame limit; bits 1 to 2: 0 answer, 1 continue, else
 *          reconcile ‖ answer, continue: len(1) of our set ‖ message; reconcile: runs of
 *          owner and count(1) ‖ timestamp(1) ‖ seed(1)
 */
#include "fuzz.h"

#include "crypto/digest.h"
#include "proto/err.h"
#include "proto/negentropy.h"
#include "proto/negentropy_set.h"

#define ENTRIES_MAX 1024
#define ROUNDS_FUZZ_MAX 256

struct entry {
    uint8_t id[NEGENTROPY_ID_SIZE];
    uint64_t timestamp;
    bool is_ours, is_theirs, is_had, is_needed;
};

static void make_id(uint8_t id[static NEGENTROPY_ID_SIZE], uint8_t timestamp,
                    uint8_t seed, uint8_t i)
{
    uint8_t parts[] = {timestamp, seed, i};
    digest_of(id, "fuzz", parts, sizeof(parts));
}

/* --- one message from nowhere --- */

static enum status count_id(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    size_t *count = context;
    (*count) += id != NULL;
    return STATUS_OK;
}

static void set_of(struct negentropy_set *set, size_t len)
{
    negentropy_set_init(set);
    for (size_t i = 0; i < len; i++) {
        uint8_t id[NEGENTROPY_ID_SIZE];
        make_id(id, 0, (uint8_t)(i >> 8), (uint8_t)i);
        HOLDS(negentropy_set_add(set, i / 3, id) == STATUS_OK);
    }
    HOLDS(negentropy_set_seal(set) == STATUS_OK);
    HOLDS(negentropy_set_len(set) == len);
}

/* The other side, which has nothing, can read it. */
static void check_readable(struct bytes message, bool is_answer)
{
    struct negentropy_set empty;
    struct negentropy other;
    struct buf out = {0};
    size_t count = 0;
    bool done;
    struct negentropy_sink sink = {&count, count_id, count_id};
    set_of(&empty, 0);
    negentropy_init(&other, negentropy_set_source(&empty), 0);
    if (is_answer)
        HOLDS(negentropy_continue(&other, message, &out, &sink, &done, NULL) ==
              STATUS_OK);
    else
        HOLDS(negentropy_answer(&other, message, &out, NULL) == STATUS_OK);
    buf_deinit(&out);
    negentropy_deinit(&other);
    negentropy_set_deinit(&empty);
}

static void run_message(struct fuzz_input *input, bool is_answer, size_t limit)
{
    struct negentropy_set set;
    struct negentropy n;
    struct buf out = {0};
    struct err err;
    size_t count = 0, len = fuzz_u8(input);
    bool done = false;
    struct negentropy_sink sink = {&count, count_id, count_id};
    struct bytes message = bytes_of(input->at, input->len);
    set_of(&set, len < 128 ? len : 2 * len);
    negentropy_init(&n, negentropy_set_source(&set), limit);
    buf_add_u8(&out, 0xee);

    enum status status = is_answer
                             ? negentropy_answer(&n, message, &out, &err)
                             : negentropy_continue(&n, message, &out, &sink, &done, &err);
    if (status != STATUS_OK) {
        HOLDS(status == STATUS_INVALID || (!is_answer && status == STATUS_UNSUPPORTED));
        HOLDS(out.len == 1 && err.text[0] != '\0');
        HOLDS(count == 0);
    } else {
        HOLDS(done == (out.len == 1));
        HOLDS(limit == 0 || out.len - 1 <= limit);
        if (!done) {
            HOLDS(out.data[1] == NEGENTROPY_VERSION);
            check_readable(bytes_of(out.data + 1, out.len - 1), is_answer);
        }
    }
    HOLDS(out.data[0] == 0xee);
    buf_deinit(&out);
    negentropy_deinit(&n);
    negentropy_set_deinit(&set);
}

/* --- two honest sides --- */

static struct entry entries[ENTRIES_MAX];
static size_t entries_len;

static int compare_entries(const void *a, const void *b)
{
    const struct entry *one = a, *other = b;
    return memcmp(one->id, other->id, NEGENTROPY_ID_SIZE);
}

static void read_entries(struct fuzz_input *input)
{
    size_t len = 0;
    while (input->len > 0 && len < ENTRIES_MAX) {
        uint8_t flags = fuzz_u8(input), timestamp = fuzz_u8(input), seed = fuzz_u8(input);
        for (uint8_t i = 0; i <= (flags & 63) && len < ENTRIES_MAX; i++) {
            struct entry *entry = &entries[len++];
            *entry = (struct entry){.timestamp = timestamp};
            make_id(entry->id, timestamp, seed, i);
            entry->is_ours = flags >> 6 != 1;
            entry->is_theirs = flags >> 6 != 2;
        }
    }
    qsort(entries, len, sizeof(entries[0]), compare_entries);
    entries_len = 0;
    for (size_t i = 0; i < len; i++) {
        struct entry *last = entries_len > 0 ? &entries[entries_len - 1] : NULL;
        if (last == NULL || compare_entries(last, &entries[i]) != 0) {
            entries[entries_len++] = entries[i];
            continue;
        }
        last->is_ours = last->is_ours || entries[i].is_ours;
        last->is_theirs = last->is_theirs || entries[i].is_theirs;
    }
}

static struct entry *find_entry(const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct entry wanted;
    memcpy(wanted.id, id, NEGENTROPY_ID_SIZE);
    struct entry *entry =
        bsearch(&wanted, entries, entries_len, sizeof(entries[0]), compare_entries);
    HOLDS(entry != NULL);
    return entry;
}

static enum status on_have(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    find_entry(id)->is_had = true;
    return STATUS_OK;
}

static enum status on_need(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    find_entry(id)->is_needed = true;
    return STATUS_OK;
}

static void fill_sets(struct negentropy_set *ours, struct negentropy_set *theirs)
{
    negentropy_set_init(ours);
    negentropy_set_init(theirs);
    for (size_t i = 0; i < entries_len; i++) {
        const struct entry *entry = &entries[i];
        if (entry->is_ours)
            HOLDS(negentropy_set_add(ours, entry->timestamp, entry->id) == STATUS_OK);
        if (entry->is_theirs)
            HOLDS(negentropy_set_add(theirs, entry->timestamp, entry->id) == STATUS_OK);
    }
    HOLDS(negentropy_set_seal(ours) == STATUS_OK);
    HOLDS(negentropy_set_seal(theirs) == STATUS_OK);
}

static void run_reconcile(struct fuzz_input *input, size_t limit, bool probes)
{
    struct negentropy_set our_set, their_set;
    struct negentropy ours, theirs;
    struct buf question = {0}, answer = {0};
    struct negentropy_sink sink = {NULL, on_have, on_need};
    bool done = false;
    read_entries(input);
    fill_sets(&our_set, &their_set);
    negentropy_init(&ours, negentropy_set_source(&our_set), limit);
    negentropy_init(&theirs, negentropy_set_source(&their_set), limit);
    HOLDS((probes ? negentropy_probe(&ours, &question)
                  : negentropy_initiate(&ours, &question)) == STATUS_OK);
    for (int round = 0; !done; round++) {
        HOLDS(round < ROUNDS_FUZZ_MAX);
        buf_clear(&answer);
        HOLDS(negentropy_answer(&theirs, buf_bytes(&question), &answer, NULL) ==
              STATUS_OK);
        HOLDS(limit == 0 || answer.len <= limit);
        buf_clear(&question);
        HOLDS(negentropy_continue(&ours, buf_bytes(&answer), &question, &sink, &done,
                                  NULL) == STATUS_OK);
        HOLDS(limit == 0 || question.len <= limit);
    }
    for (size_t i = 0; i < entries_len; i++) {
        const struct entry *entry = &entries[i];
        HOLDS(entry->is_had == (entry->is_ours && !entry->is_theirs));
        HOLDS(entry->is_needed == (entry->is_theirs && !entry->is_ours));
    }
    buf_deinit(&question);
    buf_deinit(&answer);
    negentropy_deinit(&ours);
    negentropy_deinit(&theirs);
    negentropy_set_deinit(&our_set);
    negentropy_set_deinit(&their_set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    uint8_t flags = fuzz_u8(&input);
    size_t limit = flags & 1 ? NEGENTROPY_FRAME_MIN : 0;
    uint8_t mode = flags >> 1 & 3;
    if (mode < 2)
        run_message(&input, mode == 0, limit);
    else
        run_reconcile(&input, limit, mode == 3);
    return 0;
}
