/* recall, recall list: a record that went up, or all of a case, is called back, and who
 * has answered. */
#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/table.h"

#include <string.h>

static enum exit_code ask_recall(struct cli *cli, const char *what,
                                 struct client_answer *answer)
{
    struct request request = {0};
    request_text(&request, what, cli->options->words[0]);
    request_text(&request, "reason", options_value(cli->options, "reason"));
    return ask_answer(cli, ASK_PERSON, "escalation.recall", &request, answer);
}

/* A number of a case has a hyphen, which no id has. An id is looked for among the records
 * first, for that recalls the least. */
static enum exit_code run_recall(struct cli *cli)
{
    const char *word = cli->options->words[0];
    bool is_number = strchr(word, '-') != NULL;
    struct client_answer answer;
    struct err err = {0};
    enum exit_code code = ask_recall(cli, is_number ? "case" : "escalation", &answer);
    if (code == EXIT_DONE && answer.status == STATUS_NOT_FOUND && !is_number)
        code = ask_recall(cli, "case", &answer);
    if (code != EXIT_DONE)
        return code;
    if (answer.status == STATUS_NOT_FOUND && !is_number) {
        enum status status =
            err_set(&err, STATUS_NOT_FOUND,
                    "there is no escalation and no case %.70s here", word);
        return cli_refuse(cli, status, &err);
    }
    if (answer.status != STATUS_OK)
        return ask_refused(cli, &answer);
    struct answer_list rows = answer_list(answer.result, "recalled");
    if (rows.left > 1 && !cli->options->is_json)
        fprintf(cli->out, "These are %u records of one case.\n", rows.left);
    return reply_op(cli, answer.result,
                    "Recalled, for good. Whoever holds it erases it when this reaches "
                    "them; who has, says: fengqiao recall list");
}

/* What may hold it all the same, in the words of each site that answered: whole, for a
 * table would cut them. */
static void print_backups(FILE *out, struct bytes recall)
{
    struct bytes one;
    struct answer_list rows = answer_list(recall, "answered");
    while (answer_next(&rows, &one)) {
        struct bytes backups = answer_text(one, "backups");
        if (backups.len == 0)
            continue;
        printable_print(out, answer_text(one, "site_name"));
        fputs(" says: ", out);
        printable_print(out, backups);
        fputc('\n', out);
    }
}

/* One table: who erased it and when, then who has not said so yet. */
static void print_answers(FILE *out, struct bytes recall)
{
    static const char *const titles[] = {"site", "machine", "erased"};
    struct bytes one;
    struct table table;
    table_init(&table, titles, 3);
    struct answer_list rows = answer_list(recall, "answered");
    while (answer_next(&rows, &one)) {
        table_text(&table, answer_text(one, "site_name"));
        table_id(&table, answer_bin(one, "node"));
        table_time(&table, answer_uint(one, "wall"));
    }
    rows = answer_list(recall, "missing");
    while (answer_next(&rows, &one)) {
        table_text(&table, answer_text(one, "site_name"));
        table_id(&table, answer_bin(one, "node"));
        table_words(&table, "not yet");
    }
    table_print(&table, out, "No other site ever held it.");
    table_deinit(&table);
    print_backups(out, recall);
}

static enum exit_code run_list(struct cli *cli)
{
    struct bytes result, one, id;
    enum exit_code code = ask(cli, ASK_ANYBODY, "recall.list", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    struct answer_list rows = answer_list(result, "recalls");
    if (rows.left == 0)
        fputs("Nothing was recalled.\n", cli->out);
    while (answer_next(&rows, &one)) {
        if (answer_field(one, "escalation", &id))
            outline_field(cli->out, "escalation", id);
        outline_text(cli->out, "from", answer_text(one, "site_name"));
        outline_text(cli->out, "title", answer_text(one, "title"));
        outline_text(cli->out, "reason", answer_text(one, "reason"));
        print_answers(cli->out, one);
        if (rows.left > 0)
            fputc('\n', cli->out);
    }
    return EXIT_DONE;
}

const struct verb cmd_recall_verbs[] = {
    {
        .name = "recall",
        .arguments = "CASE|ESCALATION --reason R",
        .help =
            "Call a record back, for good: that one, or whatever of the case is still "
            "with others.\n"
            "Every machine that holds it erases what it holds of the village's words; "
            "headers and signatures\nremain. No answer that the village had not seen "
            "counts any more. Sharing it again is a new escalation.",
        .example = "recall 2026-0001 --reason 当事人撤回同意",
        .words_min = 1,
        .words_max = 1,
        .run = run_recall,
        .options = {{.name = "reason", .value = "R", .is_required = true}},
    },
    {
        .name = "recall list",
        .arguments = "",
        .help =
            "What was recalled, which machines have erased it, and which have not said "
            "so yet.",
        .example = "recall list",
        .run = run_list,
    },
    {.name = NULL},
};
