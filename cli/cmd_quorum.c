/* quorum show, set, approve, withdraw; recovery show, name: acts that take several
 * stewards, and the recovery key. */
#include <inttypes.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/recovery_file.h"
#include "cli/reply.h"
#include "cli/table.h"

/* ---- what waits ---- */

static const char *what_of(struct bytes waiting)
{
    static const struct {
        const char *kind, *what;
    } rows[] = {{"person", "a steward"},
                {"node", "a machine"},
                {"quorum", "another quorum"},
                {"recovery", "a recovery key"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (bytes_equal_str(answer_text(waiting, "kind"), rows[i].kind))
            return rows[i].what;
    return "something newer";
}

static void add_name(struct table *table, struct bytes waiting)
{
    uint64_t number = answer_uint(waiting, "number");
    if (number > 0)
        table_uint(table, number);
    else if (answer_text(waiting, "name").len > 0)
        table_text(table, answer_text(waiting, "name"));
    else
        table_key(table, answer_bin(waiting, "key"));
}

static void add_count(struct table *table, struct bytes waiting)
{
    char text[48];
    (void)snprintf(text, sizeof(text), "%" PRIu32 " of %" PRIu64,
                   answer_list(waiting, "by").left, answer_uint(waiting, "need"));
    table_words(table, text);
}

static void print_waiting(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"waits",    "",   "proposed by",
                                         "stewards", "by", "id"};
    struct bytes waiting;
    struct table table;
    table_init(&table, titles, 6);
    struct answer_list rows = answer_list(result, "waiting");
    while (answer_next(&rows, &waiting)) {
        table_words(&table, what_of(waiting));
        add_name(&table, waiting);
        table_text(&table, answer_text(waiting, "proposed_by"));
        add_count(&table, waiting);
        table_field(&table, waiting, "by");
        table_id(&table, answer_bin(waiting, "op"));
    }
    table_print(&table, out, "Nothing waits for stewards.");
    table_deinit(&table);
}

static enum exit_code run_show(struct cli *cli)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_ANYBODY, "quorum.show", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    uint64_t quorum = answer_uint(result, "quorum"),
             stewards = answer_uint(result, "stewards");
    fprintf(cli->out,
            "It takes %" PRIu64 " of %" PRIu64
            " stewards to add a steward or a machine.\n\n",
            quorum, stewards);
    if (quorum > stewards)
        fputs("There are fewer stewards than that: the recovery key alone can add one "
              "(person add --recovery-file).\n\n",
              cli->out);
    print_waiting(cli->out, result);
    return EXIT_DONE;
}

/* ---- saying something ---- */

/* Signs, with the recovery key where it was brought, and says what it lacks. */
static enum exit_code say(struct cli *cli, const char *method, struct request *request,
                          const char *done)
{
    struct bytes result;
    enum exit_code code = recovery_file_unlock(cli);
    if (code != EXIT_DONE) {
        request_deinit(request);
        return code;
    }
    code = ask(cli, ASK_PERSON, method, request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    code = reply_op(cli, result, done);
    reply_lacks(cli->out, result);
    return code;
}

static enum exit_code run_set(struct cli *cli)
{
    struct request request = {0};
    uint64_t number;
    if (!options_positive(cli->options, "stewards", &number))
        return cli_usage(cli, "--stewards is a number");
    request_uint(&request, "number", number);
    return say(cli, "quorum.set", &request, "Signed.");
}

static enum exit_code run_approve(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "op", cli->options->words[0]);
    return say(cli, "quorum.approve", &request, "Approved.");
}

static enum exit_code run_withdraw(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "op", cli->options->words[0]);
    return reply_step(cli, "quorum.withdraw", &request, "Taken back.");
}

static enum exit_code run_recovery_show(struct cli *cli)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_ANYBODY, "recovery.show", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    reply_key(cli->out, "in force", answer_bin(result, "key"));
    if (answer_uint(result, "overruled") > 0)
        fprintf(cli->out,
                "Named beside it, and without power: %" PRIu64
                ". Look whether the key above is on your newest sheet;\nif not, make a "
                "new sheet (fengqiaod new-sheet) and name it.\n",
                answer_uint(result, "overruled"));
    return EXIT_DONE;
}

static enum exit_code run_recovery_name(struct cli *cli)
{
    struct request request = {0};
    request_text(&request, "key", cli->options->words[0]);
    enum exit_code code = say(cli, "recovery.name", &request, "Signed.");
    if (code == EXIT_DONE && !cli->options->is_json)
        fputs("Once it is in force, the old sheet opens old backups and does nothing "
              "else. Begin the next backup in an\nempty folder, and destroy the old ones "
              "when that was tried.\n",
              cli->out);
    return code;
}

const struct verb cmd_quorum_verbs[] = {
    {
        .name = "quorum show",
        .arguments = "",
        .help = "How many stewards it takes, and what waits for them.\n"
                "That is: to add a steward or a machine, or to change this number or the "
                "recovery key.",
        .example = "quorum show",
        .run = run_show,
    },
    {
        .name = "quorum set",
        .arguments = "--stewards N [--recovery-file FILE]",
        .help = "Let it take N stewards to add a steward or a machine.\n"
                "N is at most as many as there are. It takes as many as before to change "
                "it. Revoking takes one\nsteward, always, and does not lower it; the "
                "recovery key alone is enough for all.",
        .example = "quorum set --stewards 2",
        .run = run_set,
        .options = {{.name = "stewards", .value = "N", .is_required = true},
                    RECOVERY_FILE_OPTION},
    },
    {
        .name = "quorum approve",
        .arguments = "ID [--recovery-file FILE]",
        .help = "Approve what waits for more stewards.\n"
                "ID is the one that quorum show gives. Who signs is said by --as NAME.",
        .example = "quorum approve 0123456789ab --as 王某",
        .words_min = 1,
        .words_max = 1,
        .run = run_approve,
        .options = {RECOVERY_FILE_OPTION},
    },
    {
        .name = "quorum withdraw",
        .arguments = "ID",
        .help = "Take back what waits for more stewards.\n"
                "Whoever proposed it ends it so, for good; who approved it takes the own "
                "word back. What has\nenough stewards stands: see person revoke, node "
                "revoke.",
        .example = "quorum withdraw 0123456789ab",
        .words_min = 1,
        .words_max = 1,
        .run = run_withdraw,
    },
    {
        .name = "recovery show",
        .arguments = "",
        .help = "Which recovery key is in force.\n"
                "Compare it with the newest sheet: fengqiaod new-sheet showed the same.",
        .example = "recovery show",
        .run = run_recovery_show,
    },
    {
        .name = "recovery name",
        .arguments = "KEY [--recovery-file FILE]",
        .help = "Put a new recovery key in the place of the old one.\n"
                "KEY is the line that begins with fqk1, as fengqiaod new-sheet shows it. "
                "It takes as many stewards\nas quorum show says, or the old key alone, "
                "from FILE.",
        .example = "recovery name fqk1...",
        .words_min = 1,
        .words_max = 1,
        .run = run_recovery_name,
        .options = {RECOVERY_FILE_OPTION},
    },
    {.name = NULL},
};
