/* print: the papers of a case, as a page that any browser prints. */
#include <string.h>

#include "cli/options.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/saved_file.h"

static enum exit_code run_print(struct cli *cli)
{
    const struct options *options = cli->options;
    const char *file = options_value(options, "out");
    struct request request = {0};
    struct bytes result;
    struct err err = {0};
    if (strcmp(file, "-") == 0 && options->is_json)
        return cli_usage(cli, "--json and --out - exclude each other");
    request_text(&request, "case", options->words[0]);
    request_text(&request, "lang", options_value(options, "lang"));
    request_text(&request, "set", options_value(options, "set"));
    enum exit_code code = ask(cli, ASK_ANYBODY, "print", &request, &result);
    if (code != EXIT_DONE)
        return code;
    struct bytes html;
    code = reply_contents(cli, result, "html", &html);
    if (code != EXIT_DONE)
        return code;
    if (strcmp(file, "-") == 0) {
        (void)fwrite(html.data, 1, html.len, cli->out); /* cli_run looks at ferror */
        return EXIT_DONE;
    }
    enum status status = saved_file_write(file, html, &err);
    if (status != STATUS_OK)
        return cli_refuse(cli, status, &err);
    if (options->is_json) {
        fprintf(cli->out, "{\"bytes\":%zu}\n", html.len);
        return EXIT_DONE;
    }
    fputs("Written; open it in a browser and print it:\n", cli->err);
    printable_print(cli->out, bytes_str(file));
    fputc('\n', cli->out);
    return EXIT_DONE;
}

const struct verb cmd_print_verbs[] = {
    {
        .name = "print",
        .arguments = "CASE --out FILE [--set PAPER] [--lang zh_CN|en]",
        .help =
            "Write the papers of a case as a page that prints on A4 from any browser.\n"
            "PAPER is application, notice, record, agreement, follow-up, or all, "
            "which it is without\n--set. The page needs nothing else; \"-\" is "
            "standard output.",
        .example = "print 2026-0001 --set agreement --out agreement.html",
        .words_min = 1,
        .words_max = 1,
        .run = run_print,
        .options = {{.name = "out", .value = "FILE", .is_required = true},
                    {.name = "set", .value = "PAPER"},
                    {.name = "lang", .value = "LANG"}},
    },
    {.name = NULL},
};
