/* status, site, sync, node at, node invite, node renew, node revoke: the node as a whole,
 * and its site's nodes. */
#include <inttypes.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/invite_qr.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/peer_table.h"
#include "cli/person_table.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/table.h"
#include "proto/pairing_link.h"

#define SYNC_TIMEOUT_DEFAULT_S 60
#define SYNC_TIMEOUT_MAX_S 86400

static void print_number(FILE *out, const char *label, struct bytes map, const char *name)
{
    struct bytes raw;
    if (answer_field(map, name, &raw))
        outline_field(out, label, raw);
}

/* What a mediator sent because of danger to life, and no steward stood by since. */
static void print_unconfirmed(FILE *out, struct bytes result)
{
    struct bytes ids;
    if (answer_list(result, "unconfirmed").left > 0 &&
        answer_field(result, "unconfirmed", &ids))
        outline_field(out, "unconfirmed", ids);
}

/* Its age, and whether the node's own one failed. */
static enum exit_code print_backup(struct cli *cli)
{
    struct bytes result;
    char when[24];
    enum exit_code code = ask(cli, ASK_ANYBODY, "backup.status", NULL, &result);
    if (code != EXIT_DONE)
        return code;
    struct bytes state = answer_text(result, "state");
    time_text(when, answer_uint(result, "written_wall"));
    if (bytes_equal_str(state, "never"))
        fputs("\nThere is no backup yet: fengqiao backup write --stick FOLDER\n",
              cli->out);
    else
        fprintf(cli->out, "\nLast backup %s, %s\n", when,
                bytes_equal_str(state, "failed") ? "and the one that the node makes by "
                                                   "itself failed: fengqiao backup status"
                : bytes_equal_str(state, "due")  ? "another one is due"
                                                 : "recent");
    return EXIT_DONE;
}

static enum exit_code run_status(struct cli *cli)
{
    struct bytes result, seals;
    enum exit_code code = ask(cli, ASK_ANYBODY, "status", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    FILE *out = cli->out;
    outline_text(out, "name", answer_text(result, "name"));
    outline_text(out, "tier", answer_text(result, "tier"));
    reply_site(out, "site", answer_bin(result, "site"));
    outline_text(out, "network", answer_text(result, "network"));
    outline_text(out, "version", answer_text(result, "version"));
    print_number(out, "persons", result, "persons");
    print_number(out, "cases", result, "cases");
    print_number(out, "escalations", result, "escalations");
    print_number(out, "records", result, "ops");
    print_number(out, "waiting", result, "waiting");
    print_number(out, "set apart", result, "quarantined");
    if (answer_field(result, "seals", &seals)) {
        print_number(out, "seals", seals, "size");
        print_number(out, "cosigned", seals, "cosigned");
    }
    print_unconfirmed(out, result);
    if (answer_uint(result, "notices") > 0)
        print_number(out, "to be erased", result, "notices");
    if (answer_uint(result, "pastes") > 0)
        print_number(out, "pasted in", result, "pastes");
    if (answer_uint(result, "pastes_ending") > 0)
        print_number(out, "soon gone", result, "pastes_ending");
    if (answer_text(result, "loss").len > 0)
        outline_text(out, "disk", answer_text(result, "loss"));
    if (answer_text(result, "mended").len > 0)
        outline_text(out, "disk", answer_text(result, "mended"));
    if (answer_is_true(result, "unscrubbed"))
        outline_text(
            out, "disk",
            bytes_str("what was erased may still stand in gaps of the file; make "
                      "room for two more copies of it, then start the node again"));
    fputc('\n', out);
    peer_table_print(out, result);
    return print_backup(cli);
}

static void print_links(FILE *out, struct bytes result)
{
    struct bytes link;
    static const char *const titles[] = {"linked site", "is our", "signed by", "site"};
    struct table table;
    table_init(&table, titles, 4);
    struct answer_list rows = answer_list(result, "links");
    while (answer_next(&rows, &link)) {
        table_text(&table, answer_text(link, "name"));
        table_text(&table, answer_text(link, "as"));
        table_words(&table, answer_is_true(link, "both") ? "both" : "one side so far");
        table_id(&table, answer_bin(link, "site"));
    }
    table_print(&table, out, "Not linked to another site.");
    table_deinit(&table);
}

static void print_nodes(FILE *out, struct bytes result)
{
    struct bytes node;
    static const char *const titles[] = {"node", "", "agreed with this one", "key"};
    struct table table;
    table_init(&table, titles, 4);
    struct answer_list rows = answer_list(result, "nodes");
    while (answer_next(&rows, &node)) {
        struct bytes name = answer_text(node, "name");
        if (name.len > 0)
            table_text(&table, name);
        else
            table_words(&table, "the first");
        if (answer_is_true(node, "revoked"))
            table_mark(&table, true, "revoked");
        else
            table_mark(&table,
                       answer_is_true(node, "is_this") ||
                           answer_is_true(node, "connected"),
                       answer_is_true(node, "is_this") ? "this one" : "connected");
        table_time(&table, answer_uint(node, "agreed_at"));
        table_key(&table, answer_bin(node, "key"));
    }
    table_print(&table, out, "No nodes.");
    table_deinit(&table);
}

static enum exit_code run_site(struct cli *cli)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_ANYBODY, "site", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    outline_text(cli->out, "name", answer_text(result, "name"));
    outline_text(cli->out, "tier", answer_text(result, "tier"));
    reply_site(cli->out, "site", answer_bin(result, "site"));
    if (answer_text(result, "words").len > 0)
        outline_text(cli->out, "joined last", answer_text(result, "words"));
    fputc('\n', cli->out);
    person_table_print(cli->out, result);
    fputc('\n', cli->out);
    print_nodes(cli->out, result);
    fputc('\n', cli->out);
    print_links(cli->out, result);
    return EXIT_DONE;
}

static void print_sites(FILE *out, struct bytes result, const char *name,
                        const char *label)
{
    struct bytes raw;
    if (answer_list(result, name).left > 0 && answer_field(result, name, &raw))
        outline_field(out, label, raw);
}

static enum exit_code run_sync(struct cli *cli)
{
    uint64_t timeout_s;
    bool does_wait = options_has(cli->options, "wait");
    bool is_number = options_number(cli->options, "timeout", &timeout_s);
    if (!is_number || timeout_s > SYNC_TIMEOUT_MAX_S)
        return cli_usage(cli, "--timeout is a number of seconds, at most %d",
                         SYNC_TIMEOUT_MAX_S);
    if (!options_has(cli->options, "timeout"))
        timeout_s = SYNC_TIMEOUT_DEFAULT_S;
    struct request request = {0};
    struct bytes result;
    request_bool(&request, "wait", does_wait);
    request_uint(&request, "timeout_s", timeout_s);
    enum exit_code code = ask(cli, ASK_ANYBODY, "sync", &request, &result);
    if (code != EXIT_DONE)
        return code;
    bool is_waiting = answer_list(result, "waiting").left > 0;
    if (cli->options->is_json) {
        code = ask_print_json(cli, result);
    } else if (!does_wait) {
        fputs("Asked the node to talk to its peers now.\n", cli->out);
    } else {
        print_sites(cli->out, result, "agreed", "agreed with");
        print_sites(cli->out, result, "waiting", "waiting for");
        if (!is_waiting)
            fputs("Everything is handed over and received.\n", cli->out);
    }
    return does_wait && is_waiting && code == EXIT_DONE ? EXIT_UNREACHABLE : code;
}

static enum exit_code run_revoke(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    request_text(&request, "node", cli->options->words[0]);
    enum exit_code code = ask(cli, ASK_PERSON, "node.revoke", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    FILE *out = cli->out;
    fprintf(
        out,
        "Revoked. Other sites refuse that machine as soon as they hear of it; what it "
        "signed before\nstands, in %" PRIu64 " scopes.\n",
        answer_uint(result, "covered"));
    fprintf(out,
            "It had the whole site: %" PRIu64 " cases and %" PRIu64
            " records, and the signing keys of its persons under\ntheir PINs. Where it "
            "was stolen, give new keys to those persons (person renew).\n",
            answer_uint(result, "cases"), answer_uint(result, "records"));
    return EXIT_DONE;
}

static enum exit_code run_renew(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    if (options_has(cli->options, "again"))
        request_bool(&request, "again", true);
    enum exit_code code = ask(cli, ASK_PERSON, "node.renew", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    uint64_t neighbours = answer_uint(result, "neighbours");
    fprintf(cli->out,
            "This machine has other keys. The old ones are revoked; what they signed "
            "stands, in %" PRIu64 " scopes.\n",
            answer_uint(result, "covered"));
    if (neighbours > 0)
        fprintf(cli->out,
                "%" PRIu64 " neighbours hear of it when they connect (fengqiao sync "
                "--wait) or by a stick (fengqiao bundle\nwrite). Until then who has the "
                "old keys can still speak to them.\n",
                neighbours);
    fputs("Backups go into another, empty folder from now on: fengqiao backup write "
          "--stick FOLDER\nAn older backup brings the old keys back; keep it no longer "
          "than until the new one is tried.\n",
          cli->out);
    return EXIT_DONE;
}

static enum exit_code run_at(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    if (!strrchr(cli->options->words[1], ':'))
        return cli_usage(cli, "the address is a host and a port, as 192.168.1.20:7450");
    request_text(&request, "node", cli->options->words[0]);
    request_text(&request, "at", cli->options->words[1]);
    enum exit_code code = ask(cli, ASK_PERSON, "node.at", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    fputs("It is dialed there from now on.\n", cli->out);
    return EXIT_DONE;
}

static enum exit_code run_invite(struct cli *cli)
{
    struct bytes result;
    enum exit_code code = ask(cli, ASK_PERSON, "node.invite", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    fprintf(
        cli->out,
        "Type these six words on the new machine. They work once, for %" PRIu64
        " minutes, and give it\nthe whole of this site.\nThere: fengqiaod join --dir D "
        "--name NAME --at %s --code CODE\n\n",
        answer_uint(result, "expires_in_s") / 60, invite_qr_where(cli));
    invite_qr_print(cli, PAIRING_LINK_MACHINE, answer_text(result, "code"));
    printable_print(cli->out, answer_text(result, "code"));
    fputc('\n', cli->out);
    return EXIT_DONE;
}

const struct verb cmd_node_verbs[] = {
    {
        .name = "status",
        .arguments = "",
        .help = "What this node is, what it holds and how its peers stand.",
        .example = "status",
        .run = run_status,
    },
    {
        .name = "site",
        .arguments = "",
        .help = "The site's id, its persons, its nodes and its links.\n"
                "The id is what an auditor needs: fengqiao verify --trust SITE",
        .example = "site",
        .run = run_site,
    },
    {
        .name = "sync",
        .arguments = "[--wait] [--timeout S]",
        .help = "Talk to the peers now.\n"
                "With --wait until all agree, 60 seconds at most or as --timeout says; "
                "exit code 5 where a peer\ndid not answer.",
        .example = "sync --wait --timeout 120",
        .run = run_sync,
        .options = {{.name = "wait"}, {.name = "timeout", .value = "S"}},
    },
    {
        .name = "node invite",
        .arguments = "[--qr] [--at HOST:PORT]",
        .help =
            "Make a code by which another machine becomes a node of this site.\n"
            "It gets everything that this one has, cases included. The code stands "
            "alone on the last line;\nit works once, for ten minutes. Afterwards both "
            "machines show the same two words (site).\n--qr shows it as a QR code, too, "
            "with the address that --at says.",
        .example = "node invite",
        .run = run_invite,
        .options = {{.name = "qr"}, {.name = "at", .value = "HOST:PORT"}},
    },
    {
        .name = "node at",
        .arguments = "NODE HOST:PORT",
        .help = "Say where another machine of this site is dialed, once its address has "
                "changed.\nNODE is its name or its key, as fengqiao site shows them.",
        .example = "node at 山上 192.168.1.20:7450",
        .words_min = 2,
        .words_max = 2,
        .run = run_at,
    },
    {
        .name = "node renew",
        .arguments = "[--again]",
        .help = "Give this machine other keys, where somebody may have the ones it has.\n"
                "The node runs on, with all that it holds. The old keys are revoked and "
                "what they signed is covered;\nneighbours take the new ones when they "
                "connect, or from a stick. Say it after restoring a backup of a\nmachine "
                "that was stolen. --again: though neighbours have not heard of the last "
                "time yet; those have to\nbe paired anew.",
        .example = "node renew",
        .run = run_renew,
        .options = {{.name = "again"}},
    },
    {
        .name = "node revoke",
        .arguments = "NODE",
        .help = "Take the rights of a machine away that was lost or stolen.\n"
                "NODE is its name or its key, as fengqiao site shows them. A site's only "
                "machine cuts itself\noff: no other site talks to it any more.",
        .example = "node revoke 旧电脑",
        .words_min = 1,
        .words_max = 1,
        .run = run_revoke,
    },
    {.name = NULL},
};
