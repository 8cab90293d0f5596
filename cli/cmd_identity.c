/* case identity: what is kept of a party beside the alias, sealed to the stewards. */
#include <string.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/pin.h"
#include "cli/private_line.h"
#include "cli/reply.h"
#include "crypto/secret.h"

/* Adds what stands in the file that the option names, if it was given. */
static enum exit_code add_private(struct cli *cli, struct request *request,
                                  const char *option, const char *name)
{
    const char *file = options_value(cli->options, option);
    struct private_line line = {0};
    struct err err = {0};
    if (!file)
        return EXIT_DONE;
    enum status status = private_line_read(&line, file, &err);
    if (status == STATUS_OK)
        request_bytes_text(request, name, bytes_of(line.text, line.len));
    private_line_wipe(&line);
    return status == STATUS_OK ? EXIT_DONE : cli_refuse(cli, status, &err);
}

static enum exit_code keep(struct cli *cli, const char *number)
{
    struct request request = {0};
    /* Room at once: a buffer that grows leaves copies behind. */
    (void)buf_reserve(&request.values, 4096);
    request_text(&request, "case", number);
    request_text(&request, "party", options_value(cli->options, "party"));
    enum exit_code code = add_private(cli, &request, "id-number", "id_number");
    if (code == EXIT_DONE)
        code = add_private(cli, &request, "phone", "phone");
    if (code == EXIT_DONE)
        return reply_step(cli, "case.identity", &request, "Kept, sealed.");
    request_deinit(&request);
    return code;
}

static void print_known(FILE *out, const char *label, struct bytes text)
{
    if (text.len > 0)
        outline_text(out, label, text);
}

static enum exit_code show(struct cli *cli, const char *number)
{
    struct request request = {0};
    struct bytes result;
    struct pin pin = {0};
    struct err err = {0};
    enum status status = pin_read(&pin, cli->options->as, cli->err, &err);
    if (status == STATUS_OK) {
        (void)buf_reserve(&request.values, 4096); /* as above */
        request_text(&request, "case", number);
        request_text(&request, "party", options_value(cli->options, "party"));
        request_text(&request, "person", cli->options->as);
        request_bytes_text(&request, "pin", bytes_of(pin.text, pin.len));
    }
    pin_wipe(&pin);
    if (status != STATUS_OK)
        return cli_refuse(cli, status, &err);
    enum exit_code code = ask(cli, ASK_ANYBODY, "case.identity_show", &request, &result);
    if (code != EXIT_DONE)
        return code;
    if (cli->options->is_json)
        return ask_print_json(cli, result);
    print_known(cli->out, "identity number", answer_text(result, "id_number"));
    print_known(cli->out, "phone", answer_text(result, "phone"));
    return EXIT_DONE;
}

static enum exit_code run_identity(struct cli *cli)
{
    const struct options *options = cli->options;
    bool shows = strcmp(options->words[0], "show") == 0;
    bool brings = options_has(options, "id-number") || options_has(options, "phone");
    if (shows && options->words_len == 2 && !brings)
        return show(cli, options->words[1]);
    if (!shows && options->words_len == 1 && brings)
        return keep(cli, options->words[0]);
    return cli_usage(cli, shows ? "case identity show names one case, and no file"
                                : "name one case, and --id-number, --phone or both");
}

const struct verb cmd_identity_verbs[] = {
    {
        .name = "case identity",
        .arguments = "NUMBER --party P [--id-number FILE] [--phone FILE]\n"
                     "       fengqiao case identity show NUMBER --party P",
        .help = "Keep an identity number or a phone number of a party, sealed to the "
                "stewards.\nEach is the first line of a FILE, or of standard input for "
                "\"-\"; both may be \"-\", a line each.\n\"show\" asks for a steward's "
                "PIN, shows it once, and the case says who looked.",
        .example = "case identity 2026-0001 --party 张某 --id-number - --phone -",
        .words_min = 1,
        .words_max = 2,
        .run = run_identity,
        .options = {{.name = "party", .value = "P", .is_required = true},
                    {.name = "id-number", .value = "FILE"},
                    {.name = "phone", .value = "FILE"}},
    },
    {.name = NULL},
};
