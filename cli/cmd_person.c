/* person add, list, pin, renew, revoke: who may sign for this site. */
#include <inttypes.h>

#include "cli/answer.h"
#include "cli/options.h"
#include "cli/person_table.h"
#include "cli/pin.h"
#include "cli/recovery_file.h"
#include "cli/reply.h"
#include "crypto/key.h"

/* A new PIN for whoever it is; what fails is said, and nothing of it stays. */
static enum exit_code choose_pin(struct cli *cli, const char *whose, struct pin *pin)
{
    const char *file = options_value(cli->options, "pin-file");
    struct err err = {0};
    enum status status =
        file ? pin_from_file(pin, file, &err) : pin_choose(pin, whose, cli->err, &err);
    if (status == STATUS_OK)
        return EXIT_DONE;
    pin_wipe(pin);
    return cli_refuse(cli, status, &err);
}

static enum exit_code add(struct cli *cli, struct bytes name, struct bytes role,
                          const struct pin *pin, struct bytes *result)
{
    struct request request = {0};
    /* Room at once: a buffer that grows leaves copies of the PIN behind. */
    (void)buf_reserve(&request.values, 1024);
    request_bytes_text(&request, "pin", bytes_of(pin->text, pin->len));
    request_bytes_text(&request, "name", name);
    request_bytes_text(&request, "role", role);
    return ask(cli, ASK_PERSON, "person.add", &request, result);
}

static enum exit_code run_add(struct cli *cli)
{
    const char *name = cli->options->words[0];
    struct pin pin = {0};
    struct bytes result;
    enum exit_code code = choose_pin(cli, name, &pin);
    if (code == EXIT_DONE)
        code = recovery_file_unlock(cli);
    if (code != EXIT_DONE) {
        pin_wipe(&pin);
        return code;
    }
    code = add(cli, bytes_str(name), bytes_str(options_value(cli->options, "role")), &pin,
               &result);
    pin_wipe(&pin);
    if (ask_is_said(cli, &code, result))
        return code;
    fputs("Added.\n", cli->out);
    reply_key(cli->out, "key", answer_bin(result, "key"));
    reply_lacks(cli->out, result);
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
    if (ask_is_said(cli, &code, result))
        return code;
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
    if (ask_is_said(cli, &code, result))
        return code;
    fprintf(cli->out,
            "Revoked. The site stands by what was signed before, in %" PRIu64
            " scopes; nothing after it counts.\n",
            answer_uint(result, "covered"));
    return EXIT_DONE;
}

/* Whom a name or the text of a key means, as `site` lists them; false: nobody, or two. */
static bool find_person(struct bytes site, const char *who, struct bytes *person)
{
    struct bytes one;
    uint8_t key[32];
    bool is_key = key_from_text(key, "fqk1", who);
    uint32_t found = 0;
    struct answer_list persons = answer_list(site, "persons");
    while (answer_next(&persons, &one)) {
        bool fits = is_key ? bytes_equal(answer_bin(one, "key"), bytes_of(key, 32))
                           : bytes_equal_str(answer_text(one, "name"), who);
        if (!fits || answer_bin(one, "key").len != sizeof(key) ||
            answer_is_true(one, "revoked"))
            continue;
        *person = one;
        found++;
    }
    return found == 1;
}

static struct bytes first_role(struct bytes person)
{
    struct bytes raw, role = {0};
    struct answer_list roles = answer_list(person, "roles");
    if (answer_next(&roles, &raw))
        (void)answer_as_text(raw, &role); /* empty, and refused */
    return role;
}

/* Who that is, before somebody thinks of a PIN: *copy is the caller's. */
static enum exit_code look_up(struct cli *cli, const char *who, struct buf *copy,
                              struct bytes *person)
{
    struct bytes site;
    struct err err = {0};
    enum exit_code code = ask(cli, ASK_PERSON, "site", NULL, &site);
    if (code != EXIT_DONE)
        return code;
    buf_add(copy, site.data, site.len);
    if (copy->failed)
        return cli_refuse(cli, STATUS_NO_MEMORY, &err);
    if (find_person(buf_bytes(copy), who, person))
        return EXIT_DONE;
    (void)err_set(&err, STATUS_NOT_FOUND,
                  "nobody, or more than one, is called so; see: fengqiao person list");
    return cli_refuse(cli, STATUS_NOT_FOUND, &err);
}

/* Nothing but the lost PIN opens the old key: it is revoked, and the same person gets
 * another one. */
static enum exit_code renew(struct cli *cli, struct bytes person, const struct pin *pin)
{
    struct request request = {0};
    struct bytes result, name = answer_text(person, "name"), role = first_role(person);
    char key[KEY_TEXT_SIZE];
    key_to_text(key, "fqk1", answer_bin(person, "key").data);
    request_text(&request, "person", key);
    enum exit_code code = ask(cli, ASK_PERSON, "person.revoke", &request, &result);
    if (code != EXIT_DONE)
        return code;
    code = add(cli, name, role, pin, &result);
    if (code != EXIT_DONE) {
        fprintf(
            cli->err,
            "The old key is revoked, and there is no new one yet. Go on with: fengqiao "
            "person add %.*s --role %.*s\n",
            (int)name.len, (const char *)name.data, (int)role.len,
            (const char *)role.data);
        return code;
    }
    if (cli->options->is_json)
        return ask_print_json(cli, result);
    fprintf(cli->out,
            "Renewed: the old key counts no more, what it signed before stands. The "
            "person's devices are signed out;\ninvite each anew: fengqiao device invite "
            "--person %.*s\n",
            (int)name.len, (const char *)name.data);
    reply_key(cli->out, "key", answer_bin(result, "key"));
    reply_lacks(cli->out, result);
    return EXIT_DONE;
}

static enum exit_code run_renew(struct cli *cli)
{
    struct buf site = {0};
    struct bytes person;
    struct pin pin = {0};
    const char *who = cli->options->words[0];
    enum exit_code code = look_up(cli, who, &site, &person);
    if (code == EXIT_DONE)
        code = choose_pin(cli, who, &pin);
    if (code == EXIT_DONE)
        code = renew(cli, person, &pin);
    pin_wipe(&pin);
    buf_deinit(&site);
    return code;
}

const struct verb cmd_person_verbs[] = {
    {
        .name = "person add",
        .arguments = "NAME --role ROLE [--pin-file FILE] [--recovery-file FILE]",
        .help =
            "Make a key for a person and give it a role.\n"
            "Roles: steward, mediator, desk, observer, auditor, judge, authority. The "
            "new PIN is the first\nline of FILE, or is typed twice on the terminal. "
            "--recovery-file signs with the recovery key:\n24 words, or the line "
            "fqr1...",
        .example = "person add 李某 --role mediator --pin-file pin.txt",
        .words_min = 1,
        .words_max = 1,
        .run = run_add,
        .options = {{.name = "role", .value = "ROLE", .is_required = true},
                    {.name = "pin-file", .value = "FILE"},
                    RECOVERY_FILE_OPTION},
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
            "PIN that was lost\nopens nothing any more: see person renew.",
        .example = "person pin --as 李某",
        .run = run_pin,
        .options = {{.name = "pin-file", .value = "FILE"}},
    },
    {
        .name = "person renew",
        .arguments = "NAME [--pin-file FILE]",
        .help =
            "For somebody who lost the PIN: revoke the key and make another one, with "
            "a new PIN and the same role.\nWhat the old key signed stands. Nobody can "
            "find a lost PIN, nor open what was sealed to that key alone.",
        .example = "person renew 李某",
        .words_min = 1,
        .words_max = 1,
        .run = run_renew,
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
