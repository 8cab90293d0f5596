/* agreement new: what the parties of a case have agreed. */
#include "cli/options.h"
#include "cli/party.h"
#include "cli/reply.h"
#include "proto/pack.h"

#define CITES_MAX 16

/* False: somebody has no alias or no role. */
static bool add_parties(const struct options *options, struct request *request)
{
    struct party_list parties = {0};
    const char *text;
    for (uint32_t n = 0; (text = options_nth(options, "party", n)); n++)
        if (!party_add(&parties, text) && !party_add_role(&parties, text))
            return false;
    party_request(&parties, request);
    return true;
}

/* Clauses of village rules by their numbers; a number may hold any character. */
static bool add_clauses(const struct options *options, struct request *request)
{
    uint32_t len = 0;
    while (options_nth(options, "clause", len) != NULL)
        len++;
    if (len > CITES_MAX)
        return false;
    if (len == 0)
        return true;
    request_begin(request, "clauses");
    pack_array(&request->values, len);
    for (uint32_t n = 0; n < len; n++)
        pack_str(&request->values, options_nth(options, "clause", n));
    request_end(request);
    return true;
}

static enum exit_code run_new(struct cli *cli)
{
    const struct options *options = cli->options;
    struct request request = {0};
    struct buf owned = {0};
    struct bytes terms;
    enum exit_code code = ask_input(cli, options_value(options, "terms"), &owned, &terms);
    if (code != EXIT_DONE)
        goto free_owned;
    request_text(&request, "case", options->words[0]);
    request_bytes_text(&request, "terms", terms);
    request_text(&request, "facts", options_value(options, "facts"));
    request_text(&request, "dispute", options_value(options, "dispute"));
    request_text(&request, "manner", options_value(options, "manner"));
    request_text(&request, "deadline", options_value(options, "deadline"));
    if (!add_parties(options, &request))
        code = cli_usage(cli,
                         "--party is an alias and a role, as 张某:applicant; at most %d",
                         PARTIES_MAX);
    else if (!add_clauses(options, &request))
        code = cli_usage(cli, "at most %d clauses can be cited", CITES_MAX);
    else
        code =
            reply_step(cli, "agreement.new", &request, "The agreement is written down.");
free_owned:
    request_deinit(&request);
    buf_deinit(&owned);
    return code;
}

const struct verb cmd_agreement_verbs[] = {
    {
        .name = "agreement new",
        .arguments = "CASE --terms T [--party ALIAS:ROLE]... [--facts F] [--dispute D]\n"
                     "       [--manner M] [--deadline DAY] [--clause NUMBER]...",
        .help = "Write down what the parties have agreed.\n"
                "Where nobody is named they are those of the case. --clause cites the "
                "village rules as they\nstand today. Terms of \"-\" are read from "
                "standard input; a day is 2026-12-31.",
        .example = "agreement new 2026-0001 --terms 双方各出一人疏通水沟 --deadline "
                   "2026-12-31 --clause 第三条",
        .words_min = 1,
        .words_max = 1,
        .run = run_new,
        .options = {{.name = "terms", .value = "T", .is_required = true},
                    {.name = "party", .value = "ALIAS:ROLE", .may_repeat = true},
                    {.name = "facts", .value = "F"},
                    {.name = "dispute", .value = "D"},
                    {.name = "manner", .value = "M"},
                    {.name = "deadline", .value = "DAY"},
                    {.name = "clause", .value = "NUMBER", .may_repeat = true}},
    },
    {.name = NULL},
};
