/* seal list, witnessed, request, add, proofs, proof, check: what binds machines to what
 * they held (docs/LEDGER.md). check needs no node. */
#include <inttypes.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/given_file.h"
#include "cli/number.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/reply.h"
#include "cli/saved_file.h"
#include "cli/shortage.h"
#include "cli/table.h"
#include "proto/json.h"
#include "proto/seal_proof.h"

/* ---- list ---- */

static void print_seals(FILE *out, struct bytes log)
{
    static const char *const titles[] = {"seal",    "kind",   "when",
                                         "private", "shared", "pause, hours"};
    struct bytes seal;
    struct table table;
    table_init(&table, titles, 6);
    struct answer_list rows = answer_list(log, "seals");
    while (answer_next(&rows, &seal)) {
        uint64_t hours = answer_uint(seal, "gap") / 3600;
        table_uint(&table, answer_uint(seal, "place"));
        table_text(&table, answer_text(seal, "kind"));
        table_time(&table, answer_uint(seal, "wall"));
        table_uint(&table, answer_uint(seal, "private"));
        table_uint(&table, answer_uint(seal, "shared"));
        if (hours > 0)
            table_uint(&table, hours);
        else
            table_words(&table, "");
    }
    table_print(&table, out, "None of its seals is shown.");
    table_deinit(&table);
}

/* Names of witnesses are long, and never cut. */
static void print_cosigned(FILE *out, struct bytes log)
{
    struct bytes row;
    struct answer_list rows = answer_list(log, "cosigned");
    if (rows.left == 0)
        fputs("No witness has cosigned it yet.\n", out);
    while (answer_next(&rows, &row)) {
        struct bytes site = answer_text(row, "site");
        fprintf(out, "%" PRIu64 " cosigned by ", answer_uint(row, "size"));
        printable_print(out, answer_text(row, "witness"));
        if (site.len > 0) {
            fputs(" of ", out);
            printable_print(out, site);
        }
        fputc('\n', out);
    }
}

static void print_log(FILE *out, struct bytes log)
{
    char size[24];
    (void)snprintf(size, sizeof(size), "%" PRIu64, answer_uint(log, "size"));
    outline_text(out, "log", answer_text(log, "origin"));
    if (answer_text(log, "former").len > 0)
        outline_text(out, "goes on from", answer_text(log, "former"));
    outline_text(out, "seals", bytes_str(size));
    print_cosigned(out, log);
    print_seals(out, log);
}

static enum exit_code run_list(struct cli *cli)
{
    struct request request = {0};
    struct bytes result, log;
    uint64_t limit = 0;
    bool is_first = true;
    if (!options_positive(cli->options, "limit", &limit))
        return cli_usage(cli, "--limit takes a number of seals");
    if (limit > 0)
        request_uint(&request, "limit", limit);
    enum exit_code code = ask(cli, ASK_ANYBODY, "seal.list", &request, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    struct answer_list rows = answer_list(result, "logs");
    if (rows.left == 0)
        fputs("This machine has sealed nothing yet.\n", cli->out);
    for (; answer_next(&rows, &log); is_first = false) {
        if (!is_first)
            fputc('\n', cli->out);
        print_log(cli->out, log);
    }
    return EXIT_DONE;
}

/* ---- witnessed ---- */

static enum exit_code run_witnessed(struct cli *cli)
{
    static const char *const titles[] = {"site", "seals", "seen", "", "machine"};
    struct bytes result, log;
    enum exit_code code = ask(cli, ASK_ANYBODY, "seal.witnessed", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    struct table table;
    table_init(&table, titles, 5);
    struct answer_list rows = answer_list(result, "logs");
    while (answer_next(&rows, &log)) {
        table_text(&table, answer_text(log, "name"));
        table_uint(&table, answer_uint(log, "size"));
        table_time(&table, answer_uint(log, "wall"));
        table_mark(&table, answer_is_true(log, "closed"), "closed");
        table_key(&table, answer_bin(log, "machine"));
    }
    table_print(&table, cli->out, "This machine watches no logs of others.");
    table_deinit(&table);
    return EXIT_DONE;
}

/* ---- a witness that is no peer ---- */

static enum exit_code save(struct cli *cli, const char *path, struct bytes bytes)
{
    struct err err = {0};
    enum status status = saved_file_write(path, bytes, &err);
    if (status != STATUS_OK)
        return cli_refuse(cli, status, &err);
    if (cli->options->is_json) {
        fprintf(cli->out, "{\"bytes\":%zu}\n", bytes.len);
        return EXIT_DONE;
    }
    printable_print(cli->out, bytes_str(path));
    fprintf(cli->out, " is written: %zu bytes.\n", bytes.len);
    return EXIT_DONE;
}

static enum exit_code run_request(struct cli *cli)
{
    const char *out = options_value(cli->options, "out");
    struct request request = {0};
    struct bytes result;
    uint64_t old = 0;
    if (!options_number(cli->options, "old", &old))
        return cli_usage(cli, "--old takes the number of seals that the witness saw");
    if (options_has(cli->options, "old"))
        request_uint(&request, "old", old);
    if (options_has(cli->options, "witness"))
        request_text(&request, "witness", options_value(cli->options, "witness"));
    enum exit_code code = ask(cli, ASK_ANYBODY, "seal.request", &request, &result);
    if (code != EXIT_DONE)
        return code;
    struct bytes text = answer_text(result, "request");
    if (out != NULL)
        return save(cli, out, text);
    if (cli->options->is_json)
        return ask_print_json(cli, result);
    if (text.len > 0)
        (void)fwrite(text.data, 1, text.len, cli->out); /* cli_run looks at ferror */
    return EXIT_DONE;
}

static enum exit_code run_add(struct cli *cli)
{
    struct request request = {0};
    struct buf file = {0};
    struct bytes result;
    enum exit_code code =
        given_file_read(cli, cli->options->words[0], NOTE_SIZE_MAX, &file);
    if (code == EXIT_DONE && !note_text_is_valid(buf_bytes(&file)))
        code = cli_refuse(cli, STATUS_INVALID,
                          &(struct err){.text = "this is no answer of a witness: it is "
                                                "not lines of text"});
    if (code == EXIT_DONE) {
        request_bytes_text(&request, "note", buf_bytes(&file));
        request_text(&request, "witness", options_value(cli->options, "witness"));
        code = ask(cli, ASK_PERSON, "seal.add", &request, &result);
    }
    buf_deinit(&file);
    if (code != EXIT_DONE || cli->options->is_json)
        return code == EXIT_DONE ? ask_print_json(cli, result) : code;
    printable_print(cli->out, answer_text(result, "witness"));
    fprintf(cli->out, " has cosigned %" PRIu64 " seals.\n", answer_uint(result, "size"));
    return EXIT_DONE;
}

/* ---- proofs ---- */

static enum exit_code run_proofs(struct cli *cli)
{
    static const char *const titles[] = {"number", "since", "site", "what", "machine"};
    struct bytes result, proof;
    enum exit_code code = ask(cli, ASK_ANYBODY, "seal.proofs", NULL, &result);
    if (ask_is_said(cli, &code, result))
        return code;
    struct table table;
    table_init(&table, titles, 5);
    struct answer_list rows = answer_list(result, "proofs");
    while (answer_next(&rows, &proof)) {
        bool is_fork = bytes_equal_str(answer_text(proof, "kind"), "fork");
        char origin[SEAL_ORIGIN_SIZE];
        uint8_t machine[KEY_SIZE];
        struct bytes text = answer_text(proof, "origin");
        (void)snprintf(origin, sizeof(origin), "%.*s", (int)text.len,
                       (const char *)text.data);
        bool is_known = seal_origin_key(origin, machine);
        table_uint(&table, answer_uint(proof, "number"));
        table_time(&table, answer_uint(proof, "wall"));
        table_text(&table, answer_text(proof, "name"));
        table_words(&table, is_fork ? "two histories" : "fewer seals than before");
        table_key(&table, bytes_of(machine, is_known ? KEY_SIZE : 0));
    }
    table_print(&table, cli->out, "There is no proof against a machine here.");
    table_deinit(&table);
    return EXIT_DONE;
}

static enum exit_code run_proof(struct cli *cli)
{
    const char *out = options_value(cli->options, "out");
    struct request request = {0};
    struct bytes result, file;
    uint64_t number;
    if (!number_read(cli->options->words[0], &number) || number == 0)
        return cli_usage(cli, "N is a number, as fengqiao seal proofs shows it");
    request_uint(&request, "number", number);
    enum exit_code code = ask(cli, ASK_ANYBODY, "seal.proof", &request, &result);
    if (code == EXIT_DONE)
        code = reply_contents(cli, result, "file", &file);
    return code == EXIT_DONE ? save(cli, out, file) : code;
}

/* ---- prove ---- */

static enum exit_code run_prove(struct cli *cli)
{
    const char *out = options_value(cli->options, "out");
    struct request request = {0};
    struct bytes result, file;
    uint64_t place;
    if (!number_read(cli->options->words[0], &place))
        return cli_usage(cli, "PLACE is a number, as fengqiao seal list shows it");
    request_uint(&request, "place", place);
    enum exit_code code = ask(cli, ASK_ANYBODY, "seal.prove", &request, &result);
    if (code == EXIT_DONE)
        code = reply_contents(cli, result, "file", &file);
    uint64_t size = answer_uint(result, "size");
    bool is_cosigned = answer_is_true(result, "cosigned");
    if (code == EXIT_DONE)
        code = save(cli, out, file);
    if (code == EXIT_DONE && !cli->options->is_json)
        fprintf(cli->out,
                "It proves that the seal stands in the log of %" PRIu64
                " seals, which %s.\n",
                size, is_cosigned ? "a witness has cosigned" : "no witness has cosigned");
    return code;
}

/* ---- check ---- */

static void print_proved(struct cli *cli, const struct seal_proof *proof,
                         const uint8_t machine[static KEY_SIZE])
{
    uint64_t one = proof->checkpoint.size, other = proof->request.checkpoint.size;
    struct bytes origin = proof->checkpoint.origin; /* letters and digits, as judged */
    char key[KEY_TEXT_SIZE];
    key_to_text(key, "fqk1", machine);
    if (cli->options->is_json) {
        fprintf(cli->out,
                "{\"kind\":\"%s\",\"machine\":\"%s\",\"origin\":\"%.*s\",\"proved\":true,"
                "\"seals\":[%" PRIu64 ",%" PRIu64 "]}\n",
                seal_proof_word(proof->kind), key, (int)origin.len,
                (const char *)origin.data, one, other);
        return;
    }
    if (proof->kind == SEAL_PROOF_FORK)
        fprintf(cli->out,
                "PROVED: a machine showed two histories.\n"
                "It signed a log of %" PRIu64 " seals and one of %" PRIu64
                " that does not begin with it.\n",
                one, other);
    else
        fprintf(cli->out,
                "PROVED: a machine showed fewer seals than before.\n"
                "It signed a log of %" PRIu64 " seals, and later one of %" PRIu64
                ", where it says itself that it was shown the first.\n",
                one, other);
    fputs("It runs twice, an older copy was put in its place, or somebody has its key.\n"
          "The log and the machine:\n",
          cli->out);
    fprintf(cli->out, "%.*s\n%s\n", (int)origin.len, (const char *)origin.data, key);
}

static void print_unproved(struct cli *cli, const char *reason)
{
    struct buf text = {0};
    if (!cli->options->is_json) {
        fputs("It proves nothing: ", cli->out);
        printable_print(cli->out, bytes_str(reason));
        fputs(".\n", cli->out);
        return;
    }
    json_add_text(&text, bytes_str(reason));
    if (buf_status(&text) == STATUS_OK)
        fprintf(cli->out, "{\"proved\":false,\"reason\":%.*s}\n", (int)text.len,
                (const char *)text.data);
    else
        shortage_note();
    buf_deinit(&text);
}

static enum exit_code check(struct cli *cli, struct bytes file)
{
    struct seal_proof proof;
    uint8_t machine[KEY_SIZE];
    struct err err = {0};
    enum status status = seal_proof_read(&proof, file, &err);
    if (status == STATUS_OK)
        status = seal_proof_judge(&proof, machine, &err);
    if (status == STATUS_OK)
        print_proved(cli, &proof, machine);
    else
        print_unproved(cli, err_text(&err, status));
    return status == STATUS_OK ? EXIT_DONE : EXIT_UNVERIFIED;
}

static enum exit_code run_check(struct cli *cli)
{
    struct buf file = {0};
    enum exit_code code = cli_try_library(cli);
    if (code == EXIT_DONE)
        code = given_file_read(cli, cli->options->words[0], SEAL_PROOF_MAX, &file);
    if (code == EXIT_DONE)
        code = check(cli, buf_bytes(&file));
    buf_deinit(&file);
    return code;
}

const struct verb cmd_seal_verbs[] = {
    {
        .name = "seal list",
        .arguments = "[--limit N]",
        .help =
            "The seals of this machine, one a day, and which witnesses cosigned them.\n"
            "Behind each: how many entries of cases (private) and of all else (shared) "
            "it "
            "seals; nobody\nelse is told these numbers. A machine that was restored, or "
            "has another key, goes on in\nanother log.",
        .example = "seal list --limit 7",
        .run = run_list,
        .options = {{.name = "limit", .value = "N"}},
    },
    {
        .name = "seal witnessed",
        .arguments = "",
        .help = "The machines of other sites whose seals this one watches, and how far.",
        .example = "seal witnessed",
        .run = run_witnessed,
    },
    {
        .name = "seal prove",
        .arguments = "PLACE --out FILE",
        .help =
            "That a seal stands in the log, as a file that other people's tools check "
            "(C2SP tlog-proof).\n"
            "It is under the newest checkpoint that a witness cosigned, if any; the "
            "seal itself goes along\nas extra. What it seals stays closed.",
        .example = "seal prove 12 --out seal.tlog-proof",
        .words_min = 1,
        .words_max = 1,
        .run = run_prove,
        .options = {{.name = "out", .value = "FILE", .is_required = true}},
    },
    {
        .name = "seal request",
        .arguments = "[--witness VKEY] [--old N] [--out FILE]",
        .help =
            "A request to a witness that is no peer, for it to cosign the newest seal.\n"
            "It is the body of add-checkpoint (C2SP tlog-witness). VKEY is the witness's "
            "verifier key;\nwithout it the one that answered last. N is how many seals "
            "it "
            "saw, where that is not known\nhere.",
        .example = "seal request --out request.txt",
        .run = run_request,
        .options = {{.name = "witness", .value = "VKEY"},
                    {.name = "old", .value = "N"},
                    {.name = "out", .value = "FILE"}},
    },
    {
        .name = "seal add",
        .arguments = "FILE --witness VKEY",
        .help =
            "A steward brings the answer of a witness that is no peer.\n"
            "FILE holds the lines of its cosignature, or the whole checkpoint with them; "
            "\"-\" is standard\ninput. What does not hold under VKEY, its verifier key, "
            "is refused.",
        .example = "seal add answer.txt --witness example.com/w+1234abcd+BA...",
        .words_min = 1,
        .words_max = 1,
        .run = run_add,
        .options = {{.name = "witness", .value = "VKEY", .is_required = true}},
    },
    {
        .name = "seal proofs",
        .arguments = "",
        .help = "Proofs against machines that showed two histories, or fewer seals than "
                "before.",
        .example = "seal proofs",
        .run = run_proofs,
    },
    {
        .name = "seal proof",
        .arguments = "N --out FILE",
        .help = "One of them as a file, which anybody can check who has nothing else.",
        .example = "seal proof 1 --out proof.txt",
        .words_min = 1,
        .words_max = 1,
        .run = run_proof,
        .options = {{.name = "out", .value = "FILE", .is_required = true}},
    },
    {
        .name = "seal check",
        .arguments = "FILE",
        .help =
            "Check a proof against a machine, without a node.\n"
            "Exit code 0: it is proved, and the last line is the key of the machine. 3: "
            "it proves nothing.\n\"-\" is standard input.",
        .example = "seal check proof.txt",
        .words_min = 1,
        .words_max = 1,
        .run = run_check,
    },
    {.name = NULL},
};
