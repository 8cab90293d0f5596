/* peer invite, join, list, quota, clear: pairing, who is paired, how much each may bring,
 * what was seen of it. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/invite_qr.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/peer_table.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "proto/pairing_link.h"

#define CODE_WORDS 6
#define CODE_MAX PAIRING_LINK_CODE_SIZE

static enum exit_code run_invite(struct cli *cli)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_PERSON, "peer.invite", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    fprintf(cli->out,
            "Read these six words to the other side. They work once, for %" PRIu64
            " minutes.\nThere: fengqiao peer join CODE --at %s\n\n",
            answer_uint(result, "expires_in_s") / 60, invite_qr_where(cli));
    invite_qr_print(cli, PAIRING_LINK_SITE, answer_text(result, "code"));
    printable_print(cli->out, answer_text(result, "code"));
    fputc('\n', cli->out);
    return EXIT_DONE;
}

/* Six words, joined by single spaces, however they were typed. */
static bool join_code(const char *const typed[], uint32_t typed_len,
                      char out[static CODE_MAX])
{
    size_t len = 0;
    uint32_t words = 0;
    for (uint32_t i = 0; i < typed_len; i++) {
        for (const char *at = typed[i]; *at;) {
            at += strspn(at, " \t-");
            size_t word_len = strcspn(at, " \t-");
            if (word_len == 0)
                break;
            if (++words > CODE_WORDS || len + word_len + 2 > CODE_MAX)
                return false;
            if (len > 0)
                out[len++] = ' ';
            memcpy(out + len, at, word_len);
            len += word_len;
            at += word_len;
        }
    }
    out[len] = '\0';
    return words == CODE_WORDS;
}

static enum exit_code run_join(struct cli *cli)
{
    char code_text[CODE_MAX], link_code[CODE_MAX];
    struct request request = {0};
    struct bytes result;
    const char *const *typed = cli->options->words, *in_link = link_code;
    const char *at = options_value(cli->options, "at"), *link_at = NULL;
    bool is_link = pairing_link_read(typed[0], PAIRING_LINK_SITE, link_code, &link_at);
    if (!is_link && pairing_link_is(typed[0]))
        return cli_usage(cli, "that link does not invite a site");
    if (at == NULL)
        at = link_at;
    if (!join_code(is_link ? &in_link : typed, is_link ? 1 : cli->options->words_len,
                   code_text))
        return cli_usage(cli, "a pairing code has six words");
    if (at != NULL && !strrchr(at, ':'))
        return cli_usage(cli, "--at is an address and a port, as 192.168.1.10:7450");
    request_text(&request, "code", code_text);
    if (at != NULL)
        request_text(&request, "at", at);
    else
        fputs("Looking for who made that code on this network; it takes up to 65 "
              "seconds.\n",
              cli->err);
    enum exit_code code = ask(cli, ASK_PERSON, "peer.join", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    fputs("Paired. Both screens must show the same two words.\n", cli->out);
    outline_text(cli->out, "with", answer_text(result, "name"));
    reply_site(cli->out, "site", answer_bin(result, "site"));
    outline_text(cli->out, "words", answer_text(result, "words"));
    return EXIT_DONE;
}

static enum exit_code run_list(struct cli *cli)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_ANYBODY, "peer.list", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    peer_table_print(cli->out, result);
    return EXIT_DONE;
}

/* "200000000", or "200M": K, M and G are powers of 1024. */
static bool parse_amount(const char *text, uint64_t *amount)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    unsigned shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    if (errno != 0 || text[0] < '0' || text[0] > '9' || end[shift > 0] != '\0' ||
        number > UINT64_MAX >> shift)
        return false;
    *amount = (uint64_t)number << shift;
    return true;
}

static bool add_amount(struct cli *cli, struct request *request, const char *name)
{
    uint64_t amount;
    const char *text = options_value(cli->options, name);
    if (!text)
        return true;
    if (!parse_amount(text, &amount))
        return false;
    request_uint(request, name, amount);
    return true;
}

static enum exit_code run_quota(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    request_text(&request, "site", cli->options->words[0]);
    if (!add_amount(cli, &request, "ops") || !add_amount(cli, &request, "bytes")) {
        request_deinit(&request);
        return cli_usage(cli, "a quota is a number, such as 500000 or 200M");
    }
    enum exit_code code = ask(cli, ASK_PERSON, "peer.quota", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    fprintf(cli->out,
            "It brought %" PRIu64 " records of at most %" PRIu64 ", %" PRIu64
            " bytes of at most %" PRIu64 ".\n",
            answer_uint(result, "ops"), answer_uint(result, "ops_max"),
            answer_uint(result, "bytes"), answer_uint(result, "bytes_max"));
    return EXIT_DONE;
}

static enum exit_code run_clear(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    request_text(&request, "site", cli->options->words[0]);
    enum exit_code code = ask(cli, ASK_PERSON, "peer.clear", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    fprintf(cli->out, "Cleared: %" PRIu64 ".\n", answer_uint(result, "cleared"));
    return EXIT_DONE;
}

const struct verb cmd_peer_verbs[] = {
    {
        .name = "peer invite",
        .arguments = "[--qr] [--at HOST:PORT]",
        .help = "Make a pairing code for another site.\n"
                "The code stands alone on the last line; it works once, for ten "
                "minutes. --qr shows it as a\nQR code, too, with the address that --at "
                "says; what it holds is a CODE for peer join.",
        .example = "peer invite --qr --at 192.168.1.10:7450",
        .run = run_invite,
        .options = {{.name = "qr"}, {.name = "at", .value = "HOST:PORT"}},
    },
    {
        .name = "peer join",
        .arguments = "CODE [--at HOST:PORT]",
        .help = "Pair with the site that made the code.\n"
                "CODE is six words, in quotes or not. The site that invites becomes our "
                "parent. Without --at\nthis node has to run with --beacon: it finds the "
                "other one, if that does, too, on this network.",
        .example = "peer join bamo ceti dulu fana gise hota --at 192.168.1.10:7450",
        .words_min = 1,
        .words_max = CODE_WORDS,
        .run = run_join,
        .options = {{.name = "at", .value = "HOST:PORT"}},
    },
    {
        .name = "peer list",
        .arguments = "",
        .help =
            "The paired sites: heard when, agreed when, how much waits to go there, how "
            "many records\neach brought.",
        .example = "peer list",
        .run = run_list,
    },
    {
        .name = "peer quota",
        .arguments = "SITE [--ops N] [--bytes N]",
        .help = "How much a site may bring that is held here, and has brought.\nA "
                "steward sets "
                "it; N may end in K, M or G. What was refused beyond it comes as soon as "
                "there "
                "is\nroom. Charters, revocations and answers to our own matters come "
                "nevertheless.",
        .example = "peer quota 枫源村 --bytes 2G",
        .words_min = 1,
        .words_max = 1,
        .run = run_quota,
        .options = {{.name = "ops", .value = "N"}, {.name = "bytes", .value = "N"}},
    },
    {
        .name = "peer clear",
        .arguments = "SITE",
        .help =
            "A steward has looked into the alarms about a site: they are cleared.\nAn "
            "alarm says that a site lacked records that it had confirmed to hold (an "
            "older copy was\nrestored there, or its disk loses what it says is saved), "
            "claimed what cannot be, or that\ntwo copies of a machine run at once. "
            "This site's own name clears those about its own machines.",
        .example = "peer clear 枫源村",
        .words_min = 1,
        .words_max = 1,
        .run = run_clear,
    },
    {.name = NULL},
};
