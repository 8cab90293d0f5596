/* evidence: an escalation, a case, the site or a period, and everything it takes to check
 * it, as a file, which the node gives a part at a time. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/calendar_day.h"
#include "cli/options.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/reply.h"
#include "cli/saved_file.h"
#include "cli/shortage.h"
#include "proto/json.h"

#define PART_SIZE (1024 * 1024) /* of one answer, about */

struct taking {
    struct cli *cli;
    const char *file;
    uint64_t from, to;   /* of a period */
    struct buf after;    /* from where the node goes on; empty: from the beginning */
    uint64_t ops, bytes; /* so far */
    struct progress progress;
    enum exit_code code; /* why it ended, which was said */
};

/* --- what is asked for --- */

static enum exit_code check_about(struct taking *taking)
{
    const struct options *options = taking->cli->options;
    const char *period = options_value(options, "period");
    bool is_of_site = options_has(options, "site") || period != NULL;
    if (options->words_len + options_has(options, "case") + options_has(options, "site") +
            options_has(options, "period") !=
        1)
        return cli_usage(taking->cli,
                         "evidence is about one thing: an escalation, --case N, --site, "
                         "or --period FROM..TO");
    if (options_has(options, "cases") && !is_of_site)
        return cli_usage(taking->cli, "--cases goes with --site or --period");
    if (period != NULL && !calendar_day_period(period, &taking->from, &taking->to))
        return cli_usage(taking->cli, "--period is two days of the calendar, as "
                                      "2026-11-01..2026-11-30");
    return EXIT_DONE;
}

static enum exit_code ask_part(struct taking *taking, struct bytes *result)
{
    struct cli *cli = taking->cli;
    const struct options *options = cli->options;
    struct request request = {0};
    if (options->words_len > 0)
        request_text(&request, "escalation", options->words[0]);
    request_text(&request, "case", options_value(options, "case"));
    if (options_has(options, "site"))
        request_bool(&request, "site", true);
    if (options_has(options, "period")) {
        request_uint(&request, "since", taking->from);
        request_uint(&request, "until", taking->to);
    }
    if (options_has(options, "cases"))
        request_bool(&request, "cases", true);
    if (options_value(options, "withhold"))
        request_words(&request, "withhold", options_value(options, "withhold"));
    request_uint(&request, "size", PART_SIZE);
    if (taking->after.len > 0) {
        request_begin(&request, "after");
        pack_bin(&request.values, taking->after.data, taking->after.len);
        request_end(&request);
    }
    return ask(cli, options_has(options, "cases") ? ASK_PERSON : ASK_ANYBODY, "evidence",
               &request, result);
}

/* --- the file, part by part --- */

/* fn writes a part; what it says in err is told by whoever is asked for the whole. */
typedef enum status part_fn(struct taking *taking, const char *part, struct bytes bytes,
                            struct err *err);

static enum status take_all(struct taking *taking, part_fn *fn, const char *part,
                            struct err *err)
{
    do {
        struct bytes result, bytes;
        taking->code = ask_part(taking, &result);
        if (taking->code == EXIT_DONE)
            taking->code = reply_contents(taking->cli, result, "bytes", &bytes);
        if (taking->code != EXIT_DONE)
            return STATUS_CLOSED;
        struct bytes next = answer_bin(result, "next");
        buf_clear(&taking->after);
        buf_add(&taking->after, next.data, next.len);
        taking->ops = answer_uint(result, "ops");
        taking->bytes += bytes.len;
        enum status status = buf_status(&taking->after);
        if (status == STATUS_OK)
            status = fn(taking, part, bytes, err);
        if (status != STATUS_OK)
            return status;
        progress_show(&taking->progress, taking->ops);
    } while (taking->after.len > 0);
    return STATUS_OK;
}

static enum status save_part(struct taking *taking, const char *part, struct bytes bytes,
                             struct err *err)
{
    return saved_file_add(taking->file, part, bytes, err);
}

static enum status save_all(void *context, const char *part, struct err *err)
{
    return take_all(context, save_part, part, err);
}

static enum status print_part(struct taking *taking, const char *part, struct bytes bytes,
                              struct err *err)
{
    (void)part;
    (void)err;
    (void)fwrite(bytes.data, 1, bytes.len,
                 taking->cli->out); /* cli_run looks at ferror */
    return STATUS_OK;
}

/* --- what was written --- */

static enum exit_code print_saved(const struct taking *taking)
{
    struct cli *cli = taking->cli;
    if (cli->options->is_json) {
        struct buf text = {0};
        json_add_text(&text, bytes_str(taking->file));
        if (buf_status(&text) == STATUS_OK)
            fprintf(cli->out,
                    "{\"bytes\":%" PRIu64 ",\"file\":%.*s,\"ops\":%" PRIu64 "}\n",
                    taking->bytes, (int)text.len, (const char *)text.data, taking->ops);
        else
            shortage_note();
        buf_deinit(&text);
        return EXIT_DONE;
    }
    printable_print(cli->out, bytes_str(taking->file));
    fprintf(cli->out, " is written: %" PRIu64 " records, %" PRIu64 " bytes.\n",
            taking->ops, taking->bytes);
    if ((options_has(cli->options, "site") || options_has(cli->options, "period")) &&
        !options_has(cli->options, "cases"))
        fputs("Cases are not in it; a steward adds them with --cases.\n", cli->out);
    fputs("Anybody checks it with: fengqiao verify FILE --trust SITE\n", cli->out);
    return EXIT_DONE;
}

static enum exit_code take(struct taking *taking)
{
    struct cli *cli = taking->cli;
    struct err err = {0};
    bool is_stream = strcmp(taking->file, "-") == 0;
    progress_init(&taking->progress, cli->err, "records written");
    enum status status = is_stream
                             ? take_all(taking, print_part, NULL, &err)
                             : saved_file_make(taking->file, save_all, taking, &err);
    progress_clear(&taking->progress);
    buf_deinit(&taking->after);
    if (taking->code != EXIT_DONE)
        return taking->code;
    if (status != STATUS_OK)
        return cli_refuse(cli, status, &err);
    return is_stream ? EXIT_DONE : print_saved(taking);
}

static enum exit_code run_evidence(struct cli *cli)
{
    struct taking taking = {
        .cli = cli, .file = options_value(cli->options, "out"), .code = EXIT_DONE};
    bool is_stream = strcmp(taking.file, "-") == 0;
    int fd = fileno(cli->out);
    if (is_stream && cli->options->is_json)
        return cli_usage(cli, "--json and --out - exclude each other");
    if (is_stream && fd >= 0 && isatty(fd))
        return cli_usage(cli,
                         "evidence is not text and does not go to a terminal; name a "
                         "file");
    enum exit_code code = check_about(&taking);
    return code == EXIT_DONE ? take(&taking) : code;
}

const struct verb cmd_evidence_verbs[] = {
    {
        .name = "evidence",
        .arguments = "[ESCALATION] --out FILE [--case N] [--site] [--period FROM..TO]\n"
                     "[--cases] [--withhold WHAT]",
        .help =
            "Write an escalation and all that it takes to check it into a file.\n"
            "Or one case; or the site: its charter, what it holds, and with --cases, by "
            "a "
            "steward's word, its\ncases; or what of that has something of a period, from "
            "a day to a day. Seals and their cosignatures\nsay by which day each record "
            "was here. The file is there whole or not at all; \"-\" is standard\noutput. "
            "--withhold leaves contents out that its reader need not see, and every "
            "signature still\nholds: fields by their names, or classes of them (record, "
            "context, parties, consent, talk; all:\nevents and proofs alone), with "
            "commas "
            "between.",
        .example = "evidence 3f2a91c0 --out case.evidence --withhold parties,context",
        .words_max = 1,
        .run = run_evidence,
        .options = {{.name = "out", .value = "FILE", .is_required = true},
                    {.name = "case", .value = "N"},
                    {.name = "site"},
                    {.name = "period", .value = "FROM..TO"},
                    {.name = "cases"},
                    {.name = "withhold", .value = "WHAT"}},
    },
    {.name = NULL},
};
