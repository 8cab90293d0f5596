#include "cli/reply.h"

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/outline.h"
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
