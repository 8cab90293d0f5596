/* card set, list, show, activate: what is to be done when something happens, and by whom.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/table.h"

/* --- card set --- */

/* "ROLE:WHO": what stands before and behind the first colon, a full-width one too. */
static bool split(const char *text, struct bytes *before, const char **behind)
{
    const char *colon = strchr(text, ':'), *wide = strstr(text, "：");
    if (wide != NULL && (colon == NULL || wide < colon)) {
        *before = bytes_of(text, (size_t)(wide - text));
        *behind = wide + strlen("：");
    } else if (colon != NULL) {
        *before = bytes_of(text, (size_t)(colon - text));
        *behind = colon + 1;
    } else {
        return false;
    }
    return before->len > 0 && **behind != '\0';
}

static bool add_roles(const struct options *options, struct request *request)
{
    struct buf rows = {0};
    struct bytes role;
    const char *text, *who;
    uint32_t len = 0;
    bool is_good = true;
    for (; is_good && (text = options_nth(options, "role", len)) != NULL; len++) {
        is_good = split(text, &role, &who);
        if (!is_good)
            break;
        pack_array(&rows, 2);
        pack_str_bytes(&rows, role);
        pack_str(&rows, who);
    }
    request_begin(request, "roles");
    pack_array(&request->values, len);
    buf_append(&request->values, &rows);
    request_end(request);
    buf_deinit(&rows);
    return is_good;
}

/* "ROLE:DAYS:TEXT" */
static bool add_step(const char *text, struct buf *rows)
{
    struct bytes role, days;
    const char *rest, *what;
    char digits[8];
    if (!split(text, &role, &rest) || !split(rest, &days, &what) ||
        days.len >= sizeof(digits))
        return false;
    memcpy(digits, days.data, days.len);
    digits[days.len] = '\0';
    if (strspn(digits, "0123456789") != days.len)
        return false;
    pack_array(rows, 3);
    pack_str_bytes(rows, role);
    pack_str(rows, what);
    pack_uint(rows, strtoull(digits, NULL, 10));
    return true;
}

static bool add_steps(const struct options *options, struct request *request)
{
    struct buf rows = {0};
    const char *text;
    uint32_t len = 0;
    bool is_good = true;
    for (; is_good && (text = options_nth(options, "step", len)) != NULL; len++)
        is_good = add_step(text, &rows);
    request_begin(request, "steps");
    pack_array(&request->values, is_good ? len : 0);
    if (is_good)
        buf_append(&request->values, &rows);
    request_end(request);
    buf_deinit(&rows);
    return is_good;
}

static enum exit_code run_set(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    enum exit_code code = EXIT_DONE;
    if (!add_roles(options, &request))
        code = cli_usage(cli, "--role is a role and who has it, as 指挥:村主任");
    else if (!add_steps(options, &request))
        code =
            cli_usage(cli, "--step is a role, days after the start, and what to do, as "
                           "指挥:0:通知各户");
    if (code == EXIT_DONE) {
        request_text(&request, "title", options->words[0]);
        request_text(&request, "trigger", options_value(options, "trigger"));
        code = reply_step(cli, "card.set", &request, "The card is kept.");
    }
    request_deinit(&request);
    return code;
}

/* --- card list, show --- */

static enum exit_code run_list(struct cli *cli)
{
    static const char *const titles[] = {"title", "when", "versions", "in conflict",
                                         "activated"};
    struct bytes result, one;
    struct table table;
    enum exit_code code = ask(cli, ASK_ANYBODY, "card.list", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    table_init(&table, titles, 5);
    struct answer_list rows = answer_list(result, "cards");
    while (answer_next(&rows, &one)) {
        table_text(&table, answer_text(one, "title"));
        table_text(&table, answer_text(one, "trigger"));
        table_uint(&table, answer_uint(one, "versions"));
        table_mark(&table, answer_uint(one, "conflicts") > 0, "yes");
        table_uint(&table, answer_uint(one, "activations"));
    }
    table_print(&table, cli->out, "There are no plan cards here.");
    table_deinit(&table);
    return EXIT_DONE;
}

/* One line a role or a step: its parts with two blanks between. */
static void print_rows(FILE *out, const char *label, struct bytes version,
                       const char *name)
{
    struct bytes row, part;
    struct answer_list rows = answer_list(version, name);
    fprintf(out, "%s\n", label);
    while (answer_next(&rows, &row)) {
        struct answer_list parts = answer_elements(row);
        while (answer_next(&parts, &part)) {
            fputs("  ", out);
            outline_value(out, part, 2);
        }
        fputc('\n', out);
    }
}

static void print_versions(FILE *out, struct bytes result)
{
    struct bytes version;
    char text[24];
    struct answer_list rows = answer_list(result, "versions");
    while (answer_next(&rows, &version)) {
        struct bytes op = answer_bin(version, "op");
        char hex[13] = "";
        if (op.len >= 6)
            hex_encode(hex, op.data, 6);
        time_text(text, answer_uint(version, "wall"));
        fprintf(out, "\nversion %s of %s%s\n", hex, text,
                answer_is_true(version, "stands") ? "" : " (there is a later one)");
        outline_text(out, "when", answer_text(version, "trigger"));
        print_rows(out, "roles", version, "roles");
        print_rows(out, "steps (role, what, days after the start)", version, "steps");
    }
}

static void print_activations(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"activated on", "case", "version", "why"};
    struct bytes one;
    struct table table;
    struct answer_list rows = answer_list(result, "activations");
    if (rows.left == 0)
        return;
    fputc('\n', out);
    table_init(&table, titles, 4);
    while (answer_next(&rows, &one)) {
        table_text(&table, answer_text(one, "day"));
        table_text(&table, answer_text(one, "number"));
        table_id(&table, answer_bin(one, "version"));
        table_text(&table, answer_text(one, "reason"));
    }
    table_print(&table, out, "");
    table_deinit(&table);
}

static enum exit_code run_show(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct bytes result;
    if (options->words_len > 0)
        request_text(&request, "title", options->words[0]);
    enum exit_code code = ask(cli, ASK_ANYBODY, "card.show", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    outline_text(cli->out, "title", answer_text(result, "title"));
    if (answer_list(result, "conflicts").left > 0)
        fputs("Two versions stand side by side: keep a new one to settle that.\n",
              cli->out);
    print_versions(cli->out, result);
    print_activations(cli->out, result);
    return EXIT_DONE;
}

/* --- card activate --- */

static enum exit_code run_activate(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct bytes result;
    if (options_has(options, "case") == options_has(options, "category"))
        return cli_usage(cli,
                         "its tasks belong into a case: --case NUMBER, or --category "
                         "C for a new one");
    request_text(&request, "title", options->words[0]);
    request_text(&request, "case", options_value(options, "case"));
    request_text(&request, "category", options_value(options, "category"));
    request_text(&request, "day", options_value(options, "day"));
    request_text(&request, "reason", options_value(options, "reason"));
    request_text(&request, "version", options_value(options, "version"));
    enum exit_code code = ask(cli, ASK_PERSON, "card.activate", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    fprintf(cli->out, "Activated: %llu tasks. The case:\n",
            (unsigned long long)answer_uint(result, "tasks"));
    printable_print(cli->out, answer_text(result, "number"));
    fputc('\n', cli->out);
    return EXIT_DONE;
}

const struct verb cmd_card_verbs[] = {
    {
        .name = "card set",
        .arguments = "TITLE --trigger T --role ROLE:WHO… --step ROLE:DAYS:TEXT…",
        .help = "Keep a plan card, or a new version of it; a steward does.\n"
                "WHO is an office, DAYS are counted from the day on which the card is "
                "activated.",
        .example = "card set 防汛 --trigger 水位过警戒线 --role 指挥:村主任 --step "
                   "指挥:0:通知各户",
        .words_min = 1,
        .words_max = 1,
        .run = run_set,
        .options = {{.name = "trigger", .value = "T", .is_required = true},
                    {.name = "role",
                     .value = "ROLE:WHO",
                     .is_required = true,
                     .may_repeat = true},
                    {.name = "step",
                     .value = "ROLE:DAYS:TEXT",
                     .is_required = true,
                     .may_repeat = true}},
    },
    {
        .name = "card list",
        .arguments = "",
        .help = "The plan cards, and when each is for.",
        .example = "card list",
        .run = run_list,
    },
    {
        .name = "card show",
        .arguments = "[TITLE]",
        .help = "A plan card in all its versions, and when it was activated.",
        .example = "card show 防汛",
        .words_max = 1,
        .run = run_show,
    },
    {
        .name = "card activate",
        .arguments = "TITLE (--case NUMBER | --category C) [--reason R] [--day "
                     "YYYY-MM-DD] [--version V]",
        .help = "Its steps become tasks of a case, each with its owner and its day.\n"
                "Without --day it is today; V, by its first 8 digits, where two versions "
                "stand.",
        .example = "card activate 防汛 --category 安全 --reason 上游来水",
        .words_min = 1,
        .words_max = 1,
        .run = run_activate,
        .options = {{.name = "case", .value = "NUMBER"},
                    {.name = "category", .value = "C"},
                    {.name = "reason", .value = "R"},
                    {.name = "day", .value = "YYYY-MM-DD"},
                    {.name = "version", .value = "V"}},
    },
    {.name = NULL},
};
