/* evidence: an escalation and everything it takes to check it, as a file. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "proto/json.h"
#include "cli/options.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/saved_file.h"
#include "cli/shortage.h"

static void print_saved(struct cli *cli, const char *file, uint64_t ops, size_t len)
{
    if (cli->options->is_json) {
        struct buf text = {0};
        json_add_text(&text, bytes_str(file));
        if (buf_status(&text) == STATUS_OK)
            fprintf(cli->out, "{\"bytes\":%zu,\"file\":%.*s,\"ops\":%" PRIu64 "}\n", len,
                    (int)text.len, (const char *)text.data, ops);
        else
            shortage_note();
        buf_deinit(&text);
        return;
    }
    printable_print(cli->out, bytes_str(file));
    fprintf(cli->out,
            " is written: %" PRIu64 " records, %zu bytes.\n"
            "Anybody checks it with: fengqiao verify FILE --trust SITE\n",
            ops, len);
}

static enum exit_code run_evidence(struct cli *cli)
{
    const char *file = options_value(cli->options, "out");
    bool is_stream = strcmp(file, "-") == 0;
    struct request request = {0};
    struct bytes result;
    struct err err = {0};
    int fd = fileno(cli->out);
    if (is_stream && cli->options->is_json)
        return cli_usage(cli, "--json and --out - exclude each other");
    if (is_stream && fd >= 0 && isatty(fd))
        return cli_usage(cli,
                         "evidence is not text and does not go to a terminal; name a "
                         "file");
    request_text(&request, "escalation", cli->options->words[0]);
    if (options_value(cli->options, "withhold"))
        request_words(&request, "withhold", options_value(cli->options, "withhold"));
    enum exit_code code = ask(cli, ASK_ANYBODY, "evidence", &request, &result);
    if (code != EXIT_DONE)
        return code;
    struct bytes bytes;
    code = reply_contents(cli, result, "bytes", &bytes);
    if (code != EXIT_DONE)
        return code;
    if (is_stream) {
        (void)fwrite(bytes.data, 1, bytes.len, cli->out); /* cli_run looks at ferror */
        return EXIT_DONE;
    }
    enum status status = saved_file_write(file, bytes, &err);
    if (status != STATUS_OK)
        return cli_refuse(cli, status, &err);
    print_saved(cli, file, answer_uint(result, "ops"), bytes.len);
    return EXIT_DONE;
}

const struct verb cmd_evidence_verbs[] = {
    {
        .name = "evidence",
        .arguments = "ESCALATION --out FILE [--withhold WHAT]",
        .help = "Write an escalation and all that it takes to check it into a file.\n"
                "The file is there whole or not at all; \"-\" is standard output. "
                "--withhold leaves contents out\nthat its reader need not see, and every "
                "signature still holds: fields by their names, or\nclasses of them "
                "(record, context, parties, consent, talk), with commas between.",
        .example = "evidence 3f2a91c0 --out case.evidence --withhold parties,context",
        .words_min = 1,
        .words_max = 1,
        .run = run_evidence,
        .options = {{.name = "out", .value = "FILE", .is_required = true},
                    {.name = "withhold", .value = "WHAT"}},
    },
    {.name = NULL},
};
