#include "tests/conform/conform_negentropy.h"

#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/negentropy.h"
#include "proto/negentropy_set.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct driver {
    struct negentropy_set set;
    struct negentropy session;
    struct buf message; /* the peer's */
    struct buf out;
    size_t frame_size_limit;
    bool initiator;
};

/* Decimal digits and nothing else. */
static bool parse_number(const char *text, uint64_t *value)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0';
}

static enum status read_limit(struct driver *d, struct err *err)
{
    const char *text = getenv("FRAMESIZELIMIT");
    uint64_t limit = 0;
    if (text != NULL && text[0] != '\0' && !parse_number(text, &limit))
        return err_set(err, STATUS_INVALID, "FRAMESIZELIMIT is not a number");
    if (limit != 0 && limit < NEGENTROPY_FRAME_MIN)
        return err_set(err, STATUS_INVALID, "FRAMESIZELIMIT is below %d",
                       NEGENTROPY_FRAME_MIN);
    d->frame_size_limit = (size_t)limit;
    return STATUS_OK;
}

static void print_hex(const char *word, const uint8_t *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    (void)printf("%s,", word); /* a closed pipe shows in fflush */
    for (size_t i = 0; i < len; i++) {
        (void)putchar(digits[data[i] >> 4]);
        (void)putchar(digits[data[i] & 15]);
    }
    (void)putchar('\n');
}

static enum status print_have(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    print_hex("have", id, NEGENTROPY_ID_SIZE);
    return STATUS_OK;
}

static enum status print_need(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    print_hex("need", id, NEGENTROPY_ID_SIZE);
    return STATUS_OK;
}

static enum status print_message(const struct driver *d, struct err *err)
{
    if (d->frame_size_limit != 0 && d->out.len > d->frame_size_limit)
        return err_set(err, STATUS_TOO_LARGE, "a message of %zu bytes exceeds the limit",
                       d->out.len);
    print_hex("msg", d->out.data, d->out.len);
    return STATUS_OK;
}

static enum status do_item(struct driver *d, char *arguments, struct err *err)
{
    uint8_t id[NEGENTROPY_ID_SIZE];
    uint64_t timestamp;
    char *comma = strchr(arguments, ',');
    if (d->set.sealed || comma == NULL)
        return err_set(err, STATUS_INVALID, "item,TIME,ID belongs before seal");
    *comma = '\0';
    if (!parse_number(arguments, &timestamp) || !hex_decode(id, sizeof(id), comma + 1))
        return err_set(err, STATUS_INVALID, "item wants a number and 64 hex digits");
    return negentropy_set_add(&d->set, timestamp, id);
}

static enum status do_seal(struct driver *d, struct err *err)
{
    if (d->set.sealed)
        return err_set(err, STATUS_INVALID, "sealed already");
    enum status status = negentropy_set_seal(&d->set);
    if (status == STATUS_OK)
        negentropy_init(&d->session, negentropy_set_source(&d->set), d->frame_size_limit);
    return status;
}

static enum status do_initiate(struct driver *d, struct err *err)
{
    if (!d->set.sealed || d->initiator)
        return err_set(err, STATUS_INVALID, "initiate belongs behind seal, once");
    d->initiator = true;
    buf_clear(&d->out);
    enum status status = negentropy_initiate(&d->session, &d->out);
    return status == STATUS_OK ? print_message(d, err) : status;
}

static enum status do_message(struct driver *d, const char *hex, struct err *err)
{
    static const struct negentropy_sink sink = {NULL, print_have, print_need};
    bool done = false;
    if (!d->set.sealed)
        return err_set(err, STATUS_INVALID, "msg belongs behind seal");
    size_t len = strlen(hex) / 2;
    buf_clear(&d->message);
    buf_clear(&d->out);
    uint8_t *raw = buf_reserve(&d->message, len + 1); /* never NULL for none */
    if (raw == NULL)
        return STATUS_NO_MEMORY;
    if (!hex_decode(raw, len, hex))
        return err_set(err, STATUS_INVALID, "msg wants hex digits");
    struct bytes message = bytes_of(raw, len);
    enum status status;
    if (d->initiator)
        status = negentropy_continue(&d->session, message, &d->out, &sink, &done, err);
    else
        status = negentropy_answer(&d->session, message, &d->out, err);
    if (status != STATUS_OK)
        return status;
    if (!done)
        return print_message(d, err);
    (void)puts("done"); /* a closed pipe shows in fflush */
    return STATUS_OK;
}

static enum status do_line(struct driver *d, char *line, struct err *err)
{
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] == '\0')
        return STATUS_OK;
    if (strncmp(line, "item,", 5) == 0)
        return do_item(d, line + 5, err);
    if (strcmp(line, "seal") == 0)
        return do_seal(d, err);
    if (strcmp(line, "initiate") == 0)
        return do_initiate(d, err);
    if (strncmp(line, "msg,", 4) == 0)
        return do_message(d, line + 4, err);
    return err_set(err, STATUS_INVALID, "an unknown word");
}

int conform_negentropy(void)
{
    struct driver d = {0};
    struct err err = {0};
    char *line = NULL;
    size_t capacity = 0;
    unsigned long number = 0;
    negentropy_set_init(&d.set);
    enum status status = read_limit(&d, &err);
    while (status == STATUS_OK && getline(&line, &capacity, stdin) >= 0) {
        number++;
        status = do_line(&d, line, &err);
        if (fflush(stdout) != 0 && status == STATUS_OK)
            status = STATUS_IO;
    }
    if (status == STATUS_OK && ferror(stdin))
        status = STATUS_IO;
    if (status != STATUS_OK)
        (void)fprintf(stderr, "line %lu: %s\n", number, err_text(&err, status));
    free(line);
    buf_deinit(&d.message);
    buf_deinit(&d.out);
    negentropy_deinit(&d.session);
    negentropy_set_deinit(&d.set);
    return status == STATUS_OK ? 0 : 1;
}
