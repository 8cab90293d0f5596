#include "cli/reply.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/saved_file.h"
#include "crypto/key.h"

enum exit_code reply_op(struct cli *cli, struct bytes result, const char *words)
{
    if (cli->options->is_json)
        return ask_print_json(cli, result);
    struct bytes op = answer_bin(result, "op");
    char text[13] = "";
    if (op.len >= 6)
        hex_encode(text, op.data, 6);
    fprintf(cli->out, "%s%s%s%s\n", words, *text ? " (op " : "", text, *text ? ")" : "");
    return EXIT_DONE;
}

void reply_lacks(FILE *out, struct bytes result)
{
    uint64_t lacks = answer_uint(result, "lacks");
    if (lacks > 0)
        fprintf(out,
                "It has no effect yet: it waits for %" PRIu64
                " more steward%s. They say: fengqiao quorum show, quorum approve\n",
                lacks, lacks == 1 ? "" : "s");
}

enum exit_code reply_step(struct cli *cli, const char *method, struct request *request,
                          const char *words)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_PERSON, method, request, &result);
    return code == EXIT_DONE ? reply_op(cli, result, words) : code;
}

static void reply_named(FILE *out, const char *label, const char *prefix,
                        struct bytes bytes)
{
    char text[KEY_TEXT_SIZE];
    if (bytes.len != KEY_SIZE)
        return;
    key_to_text(text, prefix, bytes.data);
    outline_text(out, label, bytes_str(text));
}

void reply_site(FILE *out, const char *label, struct bytes site)
{
    reply_named(out, label, "fqs1", site);
}

void reply_key(FILE *out, const char *label, struct bytes key)
{
    reply_named(out, label, "fqk1", key);
}

enum exit_code reply_file_check(struct cli *cli, const char *out, const char *what)
{
    if (strcmp(out, "-") != 0)
        return EXIT_DONE;
    if (cli->options->is_json)
        return cli_usage(cli, "--json and --out - exclude each other");
    if (isatty(fileno(cli->out)))
        return cli_usage(cli, "%s does not go to a terminal; name a file with --out",
                         what);
    return EXIT_DONE;
}

enum exit_code reply_contents(struct cli *cli, struct bytes result, const char *name,
                              struct bytes *bytes)
{
    struct err err = {0};
    *bytes = answer_bin(result, name);
    if (bytes->len > 0)
        return EXIT_DONE;
    enum status status =
        err_set(&err, STATUS_INVALID,
                "the node's answer holds no file; are node and client of one version?");
    return cli_refuse(cli, status, &err);
}

enum exit_code reply_file(struct cli *cli, const char *out, struct bytes result)
{
    struct bytes bytes;
    struct err err = {0};
    enum exit_code code = reply_contents(cli, result, "bytes", &bytes);
    if (code != EXIT_DONE)
        return code;
    if (strcmp(out, "-") == 0) {
        (void)fwrite(bytes.data, 1, bytes.len, cli->out); /* cli_run looks at ferror */
        return EXIT_DONE;
    }
    enum status status = saved_file_write(out, bytes, &err);
    if (status != STATUS_OK)
        return cli_refuse(cli, status, &err);
    if (cli->options->is_json) {
        fprintf(cli->out, "{\"bytes\":%zu}\n", bytes.len);
        return EXIT_DONE;
    }
    printable_print(cli->out, bytes_str(out));
    fprintf(cli->out, " is written: %zu bytes.\n", bytes.len);
    return EXIT_DONE;
}
