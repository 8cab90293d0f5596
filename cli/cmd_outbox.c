/* outbox, outbox send: what changed since it went up, seen before it leaves. */
#include <inttypes.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/yes.h"
#include "proto/pack.h"

/* One field: where it goes, what it said there and says now, and why it may not go. */
static void print_row(FILE *out, struct bytes row)
{
    struct bytes value, id = answer_bin(row, "escalation");
    char hex[13] = "";
    if (id.len >= 6)
        hex_encode(hex, id.data, 6);
    printable_print(out, answer_text(row, "number"));
    fprintf(out, " to %s: ", hex);
    printable_print(out, answer_text(row, "field"));
    fputc('\n', out);
    if (answer_field(row, "was", &value))
        outline_field(out, "  was", value);
    if (answer_field(row, "is", &value))
        outline_field(out, "  now", value);
    if (answer_text(row, "held").len > 0)
        outline_text(out, "  stays here", answer_text(row, "held"));
}

static void print_rows(FILE *out, struct bytes result, const char *list)
{
    struct bytes row;
    struct answer_list rows = answer_list(result, list);
    while (answer_next(&rows, &row))
        print_row(out, row);
}

/* What one answer has no room for: it was not shown, and so it is not sent. */
static void print_left_out(FILE *out, struct bytes result)
{
    uint64_t left_out = answer_uint(result, "left_out");
    if (left_out > 0)
        fprintf(out,
                "and %" PRIu64 " more, which cannot be shown at once: they stay here, "
                "and are shown when these are sent.\n",
                left_out);
}

static enum exit_code run_list(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    if (cli->options->words_len > 0)
        request_text(&request, "case", cli->options->words[0]);
    enum exit_code code = ask(cli, ASK_ANYBODY, "outbox", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    print_rows(cli->out, result, "rows");
    print_left_out(cli->out, result);
    if (answer_list(result, "rows").left == 0)
        fputs("Nothing waits.\n", cli->out);
    return EXIT_DONE;
}

/* What would leave: on err, for what was sent stands on out. Keeps in request what was
 * seen. */
static enum exit_code look(struct cli *cli, const char *name, struct request *request)
{
    struct request asked = {0};
    struct bytes result;
    if (strcmp(name, "all") != 0)
        request_text(&asked, "case", name);
    enum exit_code code = ask(cli, ASK_ANYBODY, "outbox", &asked, &result);
    if (code != EXIT_DONE)
        return code;
    struct bytes seen = answer_bin(result, "seen");
    request_text(request, "case", name);
    request_begin(request, "seen");
    pack_bin(&request->values, seen.data, seen.len);
    request_end(request);
    if (cli->options->is_json || answer_list(result, "rows").left == 0)
        return EXIT_DONE;
    fputs("These fields leave, but for what stays here:\n", cli->err);
    print_rows(cli->err, result, "rows");
    print_left_out(cli->err, result);
    return yes_is_asked(cli) ? yes_ask(cli, "Send it?", "nothing was sent") : EXIT_DONE;
}

static void print_sent(FILE *out, struct bytes result)
{
    struct bytes one, value;
    struct answer_list rows = answer_list(result, "sent");
    while (answer_next(&rows, &one)) {
        struct bytes id = answer_bin(one, "escalation");
        char hex[13] = "";
        if (id.len >= 6)
            hex_encode(hex, id.data, 6);
        fprintf(out, "Sent to %s: ", hex);
        if (answer_field(one, "fields", &value))
            outline_value(out, value, 4);
        fputc('\n', out);
    }
}

/* The node sends what was looked at, or nothing. */
static enum exit_code run_send(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    enum exit_code code = look(cli, cli->options->words[0], &request);
    if (code != EXIT_DONE) {
        request_deinit(&request);
        return code;
    }
    code = ask(cli, ASK_PERSON, "outbox.send", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    print_rows(cli->out, result, "held");
    print_sent(cli->out, result);
    print_left_out(cli->out, result);
    return EXIT_DONE;
}

const struct verb cmd_outbox_verbs[] = {
    {
        .name = "outbox",
        .arguments = "[CASE]",
        .help =
            "What changed in cases since they went up, and waits here.\nThe field, what "
            "it said there, what it says now. Only fields that were released are in "
            "it.",
        .example = "outbox 2026-0001",
        .words_max = 1,
        .run = run_list,
    },
    {
        .name = "outbox send",
        .arguments = "CASE|all [--yes]",
        .help =
            "A steward sends what the outbox shows, and nothing else.\n"
            "It is shown once more; on a terminal it waits for a yes, which --yes "
            "skips. Where something else\nwould leave by then, nothing does. What a "
            "party does not consent to any more stays here,\nand what cannot be shown at "
            "once is for the next time.",
        .example = "outbox send 2026-0001",
        .words_min = 1,
        .words_max = 1,
        .run = run_send,
        .options = {{.name = "yes"}},
    },
    {.name = NULL},
};
