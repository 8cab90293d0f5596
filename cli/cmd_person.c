/* person add, list, pin, revoke: who may sign for this site. */
#include <inttypes.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/person_table.h"
#include "cli/pin.h"
#include "cli/reply.h"

static enum exit_code run_add(struct cli *cli)
{
    const char *name = cli->options->words[0];
    const char *file = options_value(cli->options, "pin-file");
    struct err err = {0};
    struct pin pin = {0};
    struct request request = {0};
    struct bytes result;
    enum status status =
        file ? pin_from_file(&pin, file, &err) : pin_choose(&pin, name, cli->err, &err);
    if (status != STATUS_OK) {
        pin_wipe(&pin);
        return cli_refuse(cli, status, &err);
    }
    /* Room at once: a buffer that grows leaves copies of the PIN behind. */
    (void)buf_reserve(&request.values, 1024);
    request_bytes_text(&request, "pin", bytes_of(pin.text, pin.len));
    pin_wipe(&pin);
    request_text(&request, "name", name);
    request_text(&request, "role", options_value(cli->options, "role"));
    enum exit_code code = ask(cli, ASK_PERSON, "person.add", &request, &result);
    if (code != EXIT_DONE || cli->options->is_json)
        return code == EXIT_DONE ? ask_print_json(cli, result) : code;
    fputs("Added.\n", cli->out);
    reply_key(cli->out, "key", answer_bin(result, "key"));
    return EXIT_DONE;
}

/* The PIN that unlocks is the old one, which the change asks for once more. */
static enum exit_code change_pin(struct cli *cli, const struct pin *old,
                                 const struct pin *pin)
{
    struct request request = {0};
    struct bytes result;
    (void)buf_reserve(&request.values, 1024);
    request_text(&request, "person", cli->options->as);
    request_bytes_text(&request, "pin", bytes_of(old->text, old->len));
    enum exit_code code = ask(cli, ASK_ANYBODY, "unlock", &request, &result);
    if (code != EXIT_DONE)
        return code;
    (void)buf_reserve(&request.values, 1024);
    request_bytes_text(&request, "old", bytes_of(old->text, old->len));
    request_bytes_text(&request, "pin", bytes_of(pin->text, pin->len));
    code = ask(cli, ASK_ANYBODY, "person.pin", &request, &result);
    if (code != EXIT_DONE || cli->options->is_json)
        return code == EXIT_DONE ? ask_print_json(cli, result) : code;
    fputs("Changed. The old PIN opens nothing more.\n", cli->out);
    return EXIT_DONE;
}

static enum exit_code run_pin(struct cli *cli)
{
    const char *file = options_value(cli->options, "pin-file");
    const char *whose = cli->options->as;
    struct err err = {0};
    struct pin old = {0}, pin = {0};
    enum status status = pin_read(&old, whose, cli->err, &err);
    if (status == STATUS_OK && file)
        status = pin_from_file(&pin, file, &err);
    if (status == STATUS_OK && !file)
        status = pin_choose(&pin, whose, cli->err, &err);
    enum exit_code code =
        status == STATUS_OK ? change_pin(cli, &old, &pin) : cli_refuse(cli, status, &err);
    pin_wipe(&old);
    pin_wipe(&pin);
    return code;
}

static enum exit_code run_list(struct cli *cli)
{
    struct bytes result;
    struct bytes persons;
    enum exit_code code = ask(cli, ASK_ANYBODY, "site", NULL, &result);
    if (code != EXIT_DONE)
        return code;
    if (cli->options->is_json && answer_field(result, "persons", &persons)) {
        struct buf map = {0};
        pack_map(&map, 1);
        pack_str(&map, "persons");
        buf_add(&map, persons.data, persons.len);
        code = ask_print_json(cli, buf_bytes(&map));
        buf_deinit(&map);
        return code;
    }
    person_table_print(cli->out, result);
    return EXIT_DONE;
}

static enum exit_code run_revoke(struct cli *cli)
{
    struct request request = {0};
    struct bytes result;
    request_text(&request, "person", cli->options->words[0]);
    enum exit_code code = ask(cli, ASK_PERSON, "person.revoke", &request, &result);
    if (code != EXIT_DONE || cli->options->is_json)
        return code == EXIT_DONE ? ask_print_json(cli, result) : code;
    fprintf(cli->out,
            "Revoked. The site stands by what was signed before, in %" PRIu64
            " scopes; nothing after it counts.\n",
            answer_uint(result, "covered"));
    return EXIT_DONE;
}

const struct verb cmd_person_verbs[] = {
    {
        .name = "person add",
        .arguments = "NAME --role ROLE [--pin-file FILE]",
        .help =
            "Make a key for a person and give it a role.\n"
            "Roles: steward, mediator, desk, observer, auditor, judge, authority. The "
            "new PIN is the first\nline of FILE, or is typed twice on the terminal.",
        .example = "person add 李某 --role mediator --pin-file pin.txt",
        .words_min = 1,
        .words_max = 1,
        .run = run_add,
        .options = {{.name = "role", .value = "ROLE", .is_required = true},
                    {.name = "pin-file", .value = "FILE"}},
    },
    {
        .name = "person list",
        .arguments = "",
        .help = "Who may sign for this site, with roles and keys.",
        .example = "person list",
        .run = run_list,
    },
    {
        .name = "person pin",
        .arguments = "[--pin-file FILE]",
        .help =
            "Change the PIN of the person who signs (--as NAME; else the steward).\n"
            "The new one is the first line of FILE, or is typed twice on the terminal. A "
            "PIN that was lost\ncannot be made anew: a steward revokes the person and "
            "adds it again.",
        .example = "person pin --as 李某",
        .run = run_pin,
        .options = {{.name = "pin-file", .value = "FILE"}},
    },
    {
        .name = "person revoke",
        .arguments = "NAME",
        .help = "Take a key's rights away and stand by what it signed so far.\n"
                "NAME is a name or a key.",
        .example = "person revoke 李某",
        .words_min = 1,
        .words_max = 1,
        .run = run_revoke,
    },
    {.name = NULL},
};
