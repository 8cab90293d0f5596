#include "cli/ask.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "proto/json.h"
#include "cli/pin.h"
#include "cli/printable.h"
#include "proto/limits.h"
#include "proto/pack.h"

static enum exit_code ask_open(struct cli *cli)
{
    struct err err = {0};
    if (cli->client.is_open)
        return EXIT_DONE;
    if (!cli->options->dir || !*cli->options->dir)
        return cli_usage(cli, "where is the node? name its directory with --dir D or in "
                              "FENGQIAO_DIR");
    enum status status = client_open(&cli->client, cli->options->dir, &err);
    return status == STATUS_OK ? EXIT_DONE : cli_refuse(cli, status, &err);
}

static enum exit_code converse(struct cli *cli, const char *method,
                               struct request *request, struct client_answer *answer)
{
    struct err err = {0};
    struct buf arguments = {0};
    *answer = (struct client_answer){0};
    /* Room at once: see client_send. */
    (void)buf_reserve(&arguments, request->values.len + 512);
    enum status status = request_pack(request, &arguments);
    if (status == STATUS_OK)
        status = client_send(&cli->client, method, buf_bytes(&arguments), &err);
    buf_wipe(&arguments);
    request_deinit(request);
    if (status == STATUS_OK)
        status = client_receive(&cli->client, answer, &err);
    return status == STATUS_OK ? EXIT_DONE : cli_refuse(cli, status, &err);
}

static enum exit_code exchange(struct cli *cli, const char *method,
                               struct request *request, struct bytes *result)
{
    struct client_answer answer;
    enum exit_code code = converse(cli, method, request, &answer);
    if (code != EXIT_DONE)
        return code;
    if (answer.status != STATUS_OK)
        return ask_refused(cli, &answer);
    *result = answer.result;
    return EXIT_DONE;
}

static enum exit_code unlock(struct cli *cli)
{
    struct err err = {0};
    struct pin pin = {0};
    struct bytes result;
    struct request request = {0};
    enum status status = pin_read(&pin, cli->options->as, cli->err, &err);
    if (status != STATUS_OK) {
        pin_wipe(&pin);
        return cli_refuse(cli, status, &err);
    }
    /* Room for both at once: a buffer that grows leaves copies of the PIN behind. */
    (void)buf_reserve(&request.values, pin.len + strlen(cli->options->as) + 32);
    request_text(&request, "person", cli->options->as);
    request_bytes_text(&request, "pin", bytes_of(pin.text, pin.len));
    pin_wipe(&pin);
    enum exit_code code = exchange(cli, "unlock", &request, &result);
    cli->is_unlocked = code == EXIT_DONE;
    return code;
}

enum exit_code ask_ready(struct cli *cli, enum ask_who who)
{
    enum exit_code code = ask_open(cli);
    if (code == EXIT_DONE && who == ASK_PERSON && !cli->is_unlocked)
        code = unlock(cli);
    return code;
}

enum exit_code ask(struct cli *cli, enum ask_who who, const char *method,
                   struct request *request, struct bytes *result)
{
    struct request nothing = {0};
    *result = (struct bytes){0};
    enum exit_code code = ask_ready(cli, who);
    if (code == EXIT_DONE)
        return exchange(cli, method, request ? request : &nothing, result);
    if (request)
        request_deinit(request);
    return code;
}

enum exit_code ask_answer(struct cli *cli, enum ask_who who, const char *method,
                          struct request *request, struct client_answer *answer)
{
    enum exit_code code = ask_ready(cli, who);
    if (code == EXIT_DONE)
        return converse(cli, method, request, answer);
    request_deinit(request);
    return code;
}

struct bytes ask_reason(const struct client_answer *answer)
{
    struct bytes text = {0};
    (void)answer_as_text(answer->result, &text); /* no text reads as no sentence */
    return text.len > 0 ? text : bytes_str(status_text(answer->status));
}

enum exit_code ask_refused(struct cli *cli, const struct client_answer *answer)
{
    fputs("fengqiao: ", cli->err);
    printable_print_lines(cli->err, ask_reason(answer), 10);
    fprintf(cli->err, " (%s)\n", status_name(answer->status));
    return exit_code_of(answer->status);
}

bool ask_is_said(struct cli *cli, enum exit_code *code, struct bytes result)
{
    if (*code == EXIT_DONE && cli->options->is_json) {
        *code = ask_print_json(cli, result);
        return true;
    }
    return *code != EXIT_DONE;
}

enum exit_code ask_print_json(struct cli *cli, struct bytes result)
{
    struct buf text = {0};
    enum status status = json_add(&text, result);
    if (status == STATUS_OK) {
        (void)fwrite(text.data, 1, text.len, cli->out); /* cli_run looks at ferror */
        fputc('\n', cli->out);
    }
    buf_deinit(&text);
    return status == STATUS_OK ? EXIT_DONE : cli_refuse(cli, status, NULL);
}

static enum status read_input(struct buf *out, struct err *err)
{
    for (;;) {
        uint8_t *room = buf_reserve(out, 4096);
        if (!room)
            return STATUS_NO_MEMORY;
        ssize_t got = read(STDIN_FILENO, room, 4096);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(err, STATUS_IO, "standard input: %s", strerror(errno));
        if (got == 0)
            break;
        out->len += (size_t)got;
        if (out->len > OP_VALUE_MAX)
            return err_set(err, STATUS_TOO_LARGE,
                           "standard input: a text has at most %u bytes", OP_VALUE_MAX);
    }
    if (out->len >= 3 && memcmp(out->data, "\xef\xbb\xbf", 3) == 0)
        buf_drop(out, 3); /* a mark of UTF-8 is none of the text */
    while (out->len > 0 &&
           (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == '\r'))
        out->len--;
    if (out->len == 0)
        return err_set(err, STATUS_INVALID, "standard input: there is no text in it");
    if (!utf8_is_valid(buf_bytes(out)))
        return err_set(err, STATUS_INVALID, "standard input: the text is not UTF-8");
    return STATUS_OK;
}

enum exit_code ask_input(struct cli *cli, const char *argument, struct buf *owned,
                         struct bytes *text)
{
    struct err err = {0};
    if (strcmp(argument, "-") != 0) {
        *text = bytes_str(argument);
        return EXIT_DONE;
    }
    enum status status = read_input(owned, &err);
    if (status != STATUS_OK)
        return cli_refuse(cli, status, &err);
    *text = buf_bytes(owned);
    return EXIT_DONE;
}
