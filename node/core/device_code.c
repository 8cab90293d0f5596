#include "node/core/device_code.h"

#include "crypto/secret.h"
#include "node/core/state.h"

#define CODE_BYTES 16

/* RFC 4648 base32 in lower case without padding; the last character has three bits. */
static void write_code(char text[static DEVICE_CODE_LEN + 1],
                       const uint8_t random[static CODE_BYTES])
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint32_t bits = 0, held = 0;
    size_t at = 0;
    for (size_t i = 0; i < CODE_BYTES; i++) {
        bits = bits << 8 | random[i];
        held += 8;
        while (held >= 5) {
            held -= 5;
            text[at++] = alphabet[bits >> held & 31];
        }
    }
    text[at++] = alphabet[bits << (5 - held) & 31];
    text[at] = '\0';
}

void device_code_close(struct device_code *code)
{
    secret_wipe(code, sizeof(*code));
}

static void close_old(struct core *core)
{
    for (int i = 0; i < DEVICE_CODES_MAX; i++) {
        struct device_code *code = &core->device_codes.codes[i];
        if (code->is_open && core->now_ms >= code->expires_ms)
            device_code_close(code);
    }
}

enum status device_code_new(struct core *core, const struct id *person,
                            const struct device_code **out, struct err *err)
{
    struct device_code *code = NULL;
    uint8_t random[CODE_BYTES];
    close_old(core);
    for (int i = 0; i < DEVICE_CODES_MAX; i++)
        if (!core->device_codes.codes[i].is_open)
            code = &core->device_codes.codes[i];
    if (code == NULL)
        return err_set(err, STATUS_BUSY,
                       "%d invitations for devices are open; use one, or wait 10 minutes",
                       DEVICE_CODES_MAX);
    rng_fill(&core->rng, "device-code", core->site.bytes, random, sizeof(random));
    write_code(code->text, random);
    secret_wipe(random, sizeof(random));
    code->is_open = true;
    code->person = *person;
    code->expires_ms = core->now_ms + DEVICE_CODE_LIFETIME_MS;
    *out = code;
    return STATUS_OK;
}

static void note_wrong(struct core *core)
{
    struct device_codes *codes = &core->device_codes;
    if (core->now_ms - codes->wrong_since_ms >= DEVICE_CODE_LIFETIME_MS)
        codes->wrong = 0;
    if (codes->wrong == 0)
        codes->wrong_since_ms = core->now_ms;
    if (++codes->wrong < DEVICE_CODES_WRONG_MAX)
        return;
    core_trace(core, "device codes are closed wrong=%d", DEVICE_CODES_WRONG_MAX);
    secret_wipe(codes, sizeof(*codes));
}

enum status device_code_find(struct core *core, struct bytes text,
                             struct device_code **out, struct err *err)
{
    char typed[DEVICE_CODE_LEN];
    *out = NULL;
    close_old(core);
    for (size_t i = 0; text.len == sizeof(typed) && i < text.len; i++) {
        char c = (char)text.data[i];
        typed[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    for (int i = 0; text.len == sizeof(typed) && i < DEVICE_CODES_MAX; i++) {
        struct device_code *code = &core->device_codes.codes[i];
        if (code->is_open && secret_equal(code->text, typed, sizeof(typed)))
            *out = code;
    }
    if (*out != NULL)
        return STATUS_OK;
    note_wrong(core);
    return err_set(err, STATUS_DENIED,
                   "the code is wrong, used or older than 10 minutes; ask for a new one");
}

void device_codes_close_of(struct core *core, const struct id *person)
{
    for (int i = 0; i < DEVICE_CODES_MAX; i++) {
        struct device_code *code = &core->device_codes.codes[i];
        if (code->is_open && id_equal(&code->person, person))
            device_code_close(code);
    }
}
