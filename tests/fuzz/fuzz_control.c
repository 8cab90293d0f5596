/*
 * fuzz_control: what a client of the control socket may ask of a node.
 *   input  requests, one after the other: kind(1) ‖ …
 *   kind   255: raw: len(2) ‖ bytes; else a method of the table, and for each of its
 *          arguments a value(1): 0 to 63 left out, else of one of many types
 * Each request is answered once, well formed and by its number; a refusal leaves no op
 * behind; the node never stops (rig.c).
 */
#include "fuzz.h"

#include "node/core/api.h"
#include "rig.h"

#define REQUESTS_MAX 12
#define ARGUMENTS_MAX 12

static struct rig *rig;

struct answers {
    uint32_t len;
    uint64_t number; /* of the last one */
    bool is_ok;
};

static void hear_reply(void *context, struct bytes reply)
{
    struct answers *answers = context;
    struct pack_reader reader = pack_reader_of(reply);
    uint32_t elements;
    struct bytes name, result;
    char word[32];
    HOLDS(pack_read_array(&reader, &elements, NULL) == STATUS_OK && elements == 3);
    HOLDS(pack_read_uint(&reader, &answers->number, NULL) == STATUS_OK);
    HOLDS(pack_read_str(&reader, &name, NULL) == STATUS_OK && name.len < sizeof(word));
    HOLDS(pack_value(&reader, 1, &result, NULL) == STATUS_OK && pack_at_end(&reader));
    (void)snprintf(word, sizeof(word), "%.*s", (int)name.len, (const char *)name.data);
    answers->is_ok = status_from_name(word) == STATUS_OK;
    HOLDS(answers->is_ok == (strcmp(word, "OK") == 0));
    /* A refusal says something. */
    struct pack_reader text = pack_reader_of(result);
    HOLDS(answers->is_ok ||
          (pack_read_str(&text, &name, NULL) == STATUS_OK && name.len > 0));
    answers->len++;
}

/* --- requests --- */

struct name {
    const char *at;
    size_t len;
};

static int compare_names(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    int order = memcmp(x->at, y->at, x->len < y->len ? x->len : y->len);
    return order != 0 ? order : (int)x->len - (int)y->len;
}

static void put_hex(struct buf *out, uint8_t number, size_t digits)
{
    char hex[2 * ID_SIZE + 1];
    const struct id *id =
        number < RIG_SCOPES ? &rig->scopes[number] : &rig->ops[number % rig->ops_len].id;
    hex_encode(hex, id->bytes, ID_SIZE);
    pack_str_bytes(out, bytes_of(hex, digits));
}

static void put_texts(struct buf *out, uint8_t number, bool as_pairs)
{
    static const char *const texts[] = {"title", "context",   "narrative", "parties",
                                        "甲",    "A\x1b[31m", "",          "no-such"};
    uint32_t count = number & 3;
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++) {
        if (as_pairs)
            pack_array(out, 2);
        pack_str(out, texts[((number >> 2) + i) & 7]);
        if (as_pairs)
            pack_str(out, texts[number >> 3 & 7]);
    }
}

static void put_long(struct buf *out, size_t len)
{
    static char text[20000];
    memset(text, 'x', sizeof(text));
    pack_str_bytes(out, bytes_of(text, len));
}

/* Words that mean something to some method, in the order of the arguments' names. */
static void put_word(struct buf *out, uint8_t number)
{
    static const char *const words[] = {
        "keep",      "escalate", "refer",    "ask",     "yes",        "no",       "oral",
        "signed",    "steward",  "desk",     "246810",  "135791",     "陈某",     "李某",
        "2026-0001", "2026-",    "title",    "context", "category",   "closed",   "",
        "outside:1", "x",        "guardian", "青河镇",  "registered", "narrative"};
    pack_str(out, words[number % (sizeof(words) / sizeof(words[0]))]);
}

static void put_value(struct buf *out, uint8_t kind, struct fuzz_input *input)
{
    uint8_t number = fuzz_u8(input);
    switch (kind & 15) {
    case 0:
    case 1:
    case 2:
    case 3:
        put_word(out, number);
        break;
    case 4:
    case 5:
        put_hex(out, number, 2 * ID_SIZE);
        break;
    case 6:
        put_hex(out, number, number % 70 < 64 ? number % 70 : 8);
        break;
    case 7:
        put_texts(out, number, false);
        break;
    case 8:
        put_texts(out, number, true);
        break;
    case 9:
        pack_bool(out, number & 1);
        break;
    case 10:
        pack_uint(out, number & 1 ? UINT64_MAX - number : number);
        break;
    case 11:
        pack_nil(out);
        break;
    case 12:
        pack_bin(out, rig->ops[number % rig->ops_len].id.bytes, number & 1 ? 32 : 31);
        break;
    case 13:
        put_long(out, (size_t)number * 78);
        break;
    default:
        pack_str_bytes(out, bytes_str("甲乙丙丁"));
        break;
    }
}

static void put_arguments(struct buf *out, const char *names, struct fuzz_input *input)
{
    struct name sorted[ARGUMENTS_MAX];
    uint8_t kinds[ARGUMENTS_MAX];
    uint32_t len = 0, kept = 0;
    for (const char *at = names; *at != '\0'; at += strspn(at, " ")) {
        HOLDS(len < ARGUMENTS_MAX);
        sorted[len] = (struct name){at, strcspn(at, " ")};
        at += sorted[len++].len;
    }
    qsort(sorted, len, sizeof(sorted[0]), compare_names);
    for (uint32_t i = 0; i < len; i++) {
        uint8_t kind = fuzz_u8(input);
        if (kind < 64)
            continue;
        sorted[kept] = sorted[i];
        kinds[kept++] = kind;
    }
    pack_map(out, kept);
    for (uint32_t i = 0; i < kept; i++) {
        pack_str_bytes(out, bytes_of(sorted[i].at, sorted[i].len));
        put_value(out, kinds[i], input);
    }
}

/* False: raw bytes, which may carry any number or none. */
static bool put_request(struct buf *out, uint64_t number, struct fuzz_input *input)
{
    uint8_t kind = fuzz_u8(input);
    if (kind == 255) {
        struct bytes raw = fuzz_take(input, fuzz_u16(input));
        buf_add(out, raw.data, raw.len);
        return false;
    }
    const struct api_method *method = &api_methods[kind % api_methods_len];
    pack_array(out, 3);
    pack_uint(out, number);
    pack_str(out, method->name);
    put_arguments(out, method->arguments, input);
    return true;
}

/* --- one after the other --- */

static uint64_t ops_len(void)
{
    uint64_t private, shared;
    HOLDS(store_ops_count(rig->store, TREE_PRIVATE, &private) == STATUS_OK);
    HOLDS(store_ops_count(rig->store, TREE_SHARED, &shared) == STATUS_OK);
    return private + shared;
}

/* Jobs run, dials fail, and who waits for a sync waits until his time is over. */
static void settle(const struct answers *answers, uint32_t expected)
{
    for (int i = 0; i < 8 && answers->len < expected; i++) {
        while (rig->jobs_len > 0)
            rig_run_job(rig, 0);
        if (rig->dialed != 0)
            rig_event(rig,
                      (struct event){.type = EVENT_CONN_CLOSED, .conn = rig->dialed});
        rig->dialed = 0;
        if (answers->len == expected)
            break;
        rig->now_ms += 86400000;
        rig_event(rig, (struct event){.type = EVENT_TICK});
    }
    HOLDS(answers->len == expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    struct answers answers = {0};
    struct rig_ears ears = {.reply = hear_reply, .context = &answers};
    struct buf request = {0};
    rig = rig_get();
    rig_reset(rig, &ears);
    for (uint32_t i = 1; i <= REQUESTS_MAX && input.len > 0; i++) {
        uint64_t before = ops_len();
        buf_clear(&request);
        bool is_ours = put_request(&request, i, &input);
        rig_request(rig, buf_bytes(&request));
        settle(&answers, i);
        HOLDS(!is_ours || answers.number == i);
        HOLDS(answers.is_ok || ops_len() == before);
    }
    rig_check_memory();
    buf_deinit(&request);
    rig_finish(rig);
    return 0;
}
