/* audit, audit sample, audit explain, audit note: whether all that a node holds is as it
 * should be, a sample that nobody chose, the story of a record, and what an auditor found
 * (docs/LEDGER.md). */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/ask.h"
#include "cli/file_audit.h"
#include "cli/findings.h"
#include "cli/options.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/reply.h"
#include "cli/shortage.h"
#include "cli/table.h"
#include "crypto/digest.h"
#include "proto/pack.h"

/* ---- audit ---- */

/* Pages put together as one answer. */
struct audited {
    struct buf rows;
    uint32_t len;
    uint64_t failing, left_out, ops, scopes, seals;
    bool is_clock_trusted;
    char after[48];
};

/* False: the node would have us begin again where we are. */
static bool take_page(struct audited *audited, struct bytes result)
{
    struct bytes row, looked = {0}, next = answer_text(result, "next");
    struct answer_list rows = answer_list(result, "findings");
    while (answer_next(&rows, &row)) {
        buf_add(&audited->rows, row.data, row.len);
        audited->len++;
    }
    (void)answer_field(result, "looked", &looked); /* nothing was */
    audited->failing += answer_uint(result, "failing");
    audited->left_out += answer_uint(result, "left_out");
    audited->ops += answer_uint(looked, "ops");
    audited->scopes += answer_uint(looked, "scopes");
    audited->seals += answer_uint(looked, "seals");
    audited->is_clock_trusted = answer_is_true(result, "clock_trusted");
    if (next.len >= sizeof(audited->after) ||
        (next.len > 0 && bytes_equal_str(next, audited->after)))
        return false;
    if (next.len > 0)
        memcpy(audited->after, next.data, next.len);
    audited->after[next.len] = '\0';
    return true;
}

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static void pack_whole(const struct audited *audited, struct buf *out)
{
    pack_map(out, 5);
    pack_str(out, "clock_trusted");
    pack_bool(out, audited->is_clock_trusted);
    pack_number(out, "failing", audited->failing);
    pack_str(out, "findings");
    pack_array(out, audited->len);
    buf_append(out, &audited->rows);
    pack_number(out, "left_out", audited->left_out);
    pack_str(out, "looked");
    pack_map(out, 3);
    pack_number(out, "ops", audited->ops);
    pack_number(out, "scopes", audited->scopes);
    pack_number(out, "seals", audited->seals);
}

static const struct err in_circles = {
    .text = "the node gives the same page again and again; ask anew"};

static enum exit_code ask_pages(struct cli *cli, struct audited *audited)
{
    struct progress progress;
    enum exit_code code = EXIT_DONE;
    progress_init(&progress, cli->err, "cases, records and charters looked at");
    do {
        struct request request = {0};
        struct bytes result;
        if (audited->after[0] != '\0')
            request_text(&request, "after", audited->after);
        code = ask(cli, ASK_ANYBODY, "audit", &request, &result);
        if (code != EXIT_DONE)
            break;
        if (!take_page(audited, result))
            code = cli_refuse(cli, STATUS_INVALID, &in_circles);
        progress_show(&progress, audited->scopes);
    } while (code == EXIT_DONE && audited->after[0] != '\0');
    progress_clear(&progress);
    return code;
}

static void print_audited(FILE *out, const struct audited *audited, struct bytes whole)
{
    findings_print(out, whole, "Nothing was found.");
    if (audited->left_out > 0)
        fprintf(out, "%" PRIu64 " more findings of these are not listed.\n",
                audited->left_out);
    if (!audited->is_clock_trusted)
        fputs("The clock of this machine is not trusted: nobody can tell what is "
              "overdue.\n",
              out);
    fprintf(out,
            "Looked at %" PRIu64 " cases, records and charters with %" PRIu64
            " ops, and at %" PRIu64 " seals. ",
            audited->scopes, audited->ops, audited->seals);
    if (audited->failing > 0)
        fprintf(out, "%" PRIu64 " of the findings fail.\n", audited->failing);
    else
        fputs("Nothing fails.\n", out);
}

static enum exit_code run_audit(struct cli *cli)
{
    struct audited audited = {.len = 0};
    struct buf whole = {0};
    if (options_has(cli->options, "file"))
        return file_audit(cli);
    enum exit_code code = ask_pages(cli, &audited);
    if (code == EXIT_DONE) {
        pack_whole(&audited, &whole);
        if (buf_status(&whole) != STATUS_OK)
            code = cli_refuse(cli, STATUS_NO_MEMORY, &(struct err){.text = ""});
    }
    if (code == EXIT_DONE && cli->options->is_json)
        code = ask_print_json(cli, buf_bytes(&whole));
    else if (code == EXIT_DONE)
        print_audited(cli->out, &audited, buf_bytes(&whole));
    buf_deinit(&whole);
    buf_deinit(&audited.rows);
    return code == EXIT_DONE && audited.failing > 0 ? EXIT_UNVERIFIED : code;
}

/* ---- audit sample ---- */

/* Of all pages the lowest ranks, ascending. */
struct drawn {
    struct bytes *rows; /* owned copies */
    uint64_t len, max, after;
    bool has_more;
};

static int compare_ranks(struct bytes a, struct bytes b)
{
    return bytes_compare(answer_bin(a, "rank"), answer_bin(b, "rank"));
}

static bool put(struct drawn *drawn, struct bytes row)
{
    if (drawn->len == drawn->max && compare_ranks(drawn->rows[drawn->len - 1], row) <= 0)
        return true;
    uint8_t *copy = malloc(row.len);
    if (copy == NULL)
        return false;
    memcpy(copy, row.data, row.len);
    if (drawn->len == drawn->max)
        free((void *)(uintptr_t)drawn->rows[--drawn->len].data); /* its copy */
    uint64_t at = drawn->len++;
    for (; at > 0 && compare_ranks(drawn->rows[at - 1], row) > 0; at--)
        drawn->rows[at] = drawn->rows[at - 1];
    drawn->rows[at] = bytes_of(copy, row.len);
    return true;
}

static enum exit_code draw_page(struct cli *cli, struct drawn *drawn)
{
    struct request request = {0};
    struct bytes result, row;
    request_text(&request, "draw_seed", options_value(cli->options, "seed"));
    request_text(&request, "site", options_value(cli->options, "site"));
    request_uint(&request, "n", drawn->max);
    if (options_has(cli->options, "cases"))
        request_bool(&request, "cases", true);
    if (drawn->has_more)
        request_uint(&request, "after", drawn->after);
    enum exit_code code = ask(cli, ASK_ANYBODY, "audit.sample", &request, &result);
    if (code != EXIT_DONE)
        return code;
    struct answer_list rows = answer_list(result, "sample");
    while (answer_next(&rows, &row))
        if (!put(drawn, row))
            return cli_refuse(cli, STATUS_NO_MEMORY, &(struct err){.text = ""});
    uint64_t next = answer_uint(result, "next");
    if (next != 0 && next <= drawn->after)
        return cli_refuse(cli, STATUS_INVALID, &in_circles);
    drawn->has_more = next != 0;
    drawn->after = next;
    return EXIT_DONE;
}

static enum exit_code print_drawn(struct cli *cli, const struct drawn *drawn)
{
    static const char *const titles[] = {"", "kind", "where", "site", "state"};
    struct buf whole = {0};
    struct table table;
    enum exit_code code = EXIT_DONE;
    if (cli->options->is_json) {
        pack_map(&whole, 1);
        pack_str(&whole, "sample");
        pack_array(&whole, (uint32_t)drawn->len);
        for (uint64_t i = 0; i < drawn->len; i++)
            buf_add(&whole, drawn->rows[i].data, drawn->rows[i].len);
        code = buf_status(&whole) == STATUS_OK
                   ? ask_print_json(cli, buf_bytes(&whole))
                   : cli_refuse(cli, STATUS_NO_MEMORY, &(struct err){.text = ""});
        buf_deinit(&whole);
        return code;
    }
    table_init(&table, titles, 5);
    for (uint64_t i = 0; i < drawn->len; i++) {
        table_uint(&table, i + 1);
        table_text(&table, answer_text(drawn->rows[i], "kind"));
        findings_where(&table, drawn->rows[i]);
        table_text(&table, answer_text(drawn->rows[i], "site_name"));
        table_text(&table, answer_text(drawn->rows[i], "state"));
    }
    table_print(&table, cli->out, "There is nothing to draw from.");
    table_deinit(&table);
    return code;
}

static enum exit_code run_sample(struct cli *cli)
{
    struct drawn drawn = {.len = 0};
    if (!options_positive(cli->options, "n", &drawn.max) || drawn.max > 400)
        return cli_usage(cli, "--n is how many are drawn: 1 to 400");
    drawn.rows = calloc(drawn.max, sizeof(*drawn.rows));
    if (drawn.rows == NULL)
        return cli_refuse(cli, STATUS_NO_MEMORY, &(struct err){.text = ""});
    enum exit_code code;
    do
        code = draw_page(cli, &drawn);
    while (code == EXIT_DONE && drawn.has_more);
    if (code == EXIT_DONE)
        code = print_drawn(cli, &drawn);
    for (uint64_t i = 0; i < drawn.len; i++)
        free((void *)(uintptr_t)drawn.rows[i].data); /* its copy */
    free(drawn.rows);
    return code;
}

/* ---- audit explain ---- */

static void print_seal(FILE *out, struct bytes step)
{
    struct bytes seal, witness;
    char when[24];
    if (!answer_field(step, "seal", &seal) || seal.data[0] == 0xc0) {
        fputs("not sealed yet", out);
        return;
    }
    time_text(when, answer_uint(seal, "wall"));
    fprintf(out, "seal %" PRIu64 " of %s", answer_uint(seal, "place"), when);
    struct answer_list rows = answer_list(seal, "cosigned");
    fputs(rows.left == 0 ? ", cosigned by nobody yet" : ", cosigned by ", out);
    for (bool is_first = true; answer_next(&rows, &witness); is_first = false) {
        struct bytes name = {0};
        (void)answer_as_text(witness, &name); /* nothing is written where it is none */
        fputs(is_first ? "" : ", ", out);
        printable_print(out, name);
    }
}

static void print_step(FILE *out, uint64_t number, struct bytes step)
{
    struct bytes op = answer_bin(step, "op"), refused = answer_text(step, "refused");
    struct bytes site = answer_text(step, "author_site");
    char when[24], hex[2 * 6 + 1] = "";
    time_text(when, answer_uint(step, "wall"));
    if (op.len >= 6)
        hex_encode(hex, op.data, 6);
    fprintf(out, "%3" PRIu64 ". %s  ", number, when);
    if (answer_text(step, "author_name").len > 0) {
        printable_print(out, answer_text(step, "author_name"));
        fputs(site.len > 0 ? " of " : "", out);
    } else
        fputs("a machine of ", out);
    printable_print(out, site);
    fputc(' ', out);
    printable_print(out, answer_text(step, "says"));
    if (refused.len > 0) {
        fputs(" - without effect: ", out);
        printable_print(out, refused);
    }
    fprintf(out, "\n     op %s, place %" PRIu64 " of the ledger, ", hex,
            answer_uint(step, "position"));
    print_seal(out, step);
    fputc('\n', out);
}

static enum exit_code run_explain(struct cli *cli)
{
    struct request request = {0};
    struct bytes result, step;
    request_text(&request, "escalation", cli->options->words[0]);
    enum exit_code code = ask(cli, ASK_ANYBODY, "audit.explain", &request, &result);
    if (code != EXIT_DONE)
        return code;
    uint64_t failing = answer_uint(result, "failing"), number = 0;
    if (cli->options->is_json) {
        code = ask_print_json(cli, result);
        return code == EXIT_DONE && failing > 0 ? EXIT_UNVERIFIED : code;
    }
    struct answer_list rows = answer_list(result, "steps");
    while (answer_next(&rows, &step))
        print_step(cli->out, ++number, step);
    if (answer_uint(result, "steps_left_out") > 0)
        fprintf(cli->out, "%" PRIu64 " later steps are not shown.\n",
                answer_uint(result, "steps_left_out"));
    fputc('\n', cli->out);
    findings_print(cli->out, result, "Nothing was found.");
    return failing > 0 ? EXIT_UNVERIFIED : EXIT_DONE;
}

/* ---- audit note ---- */

/* H("fengqiao/1/evidence-file", the file), which b2sum finds too (docs/LEDGER.md). */
static enum exit_code digest_evidence(struct cli *cli, const char *path,
                                      uint8_t out[static DIGEST_SIZE])
{
    uint8_t bytes[16384];
    struct digest digest;
    struct err err = {0};
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return cli_refuse(cli,
                          err_set(&err, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
                                  "%s: %s", path, strerror(errno)),
                          &err);
    digest_init(&digest, "fengqiao/1/evidence-file");
    for (size_t len; (len = fread(bytes, 1, sizeof(bytes), file)) > 0;)
        digest_add(&digest, bytes, len);
    digest_final(&digest, out);
    bool has_failed = ferror(file) != 0;
    (void)fclose(file); /* it was only read */
    if (has_failed)
        return cli_refuse(
            cli, err_set(&err, STATUS_IO, "%s: it cannot be read to its end", path),
            &err);
    return EXIT_DONE;
}

static enum exit_code run_note(struct cli *cli)
{
    const char *word = cli->options->words[0];
    const char *evidence = options_value(cli->options, "evidence");
    struct request request = {0};
    struct buf owned = {0};
    struct bytes text;
    uint8_t digest[DIGEST_SIZE];
    enum exit_code code =
        ask_input(cli, options_value(cli->options, "text"), &owned, &text);
    if (code == EXIT_DONE && evidence != NULL)
        code = digest_evidence(cli, evidence, digest);
    if (code == EXIT_DONE) {
        request_text(&request, strchr(word, '-') != NULL ? "case" : "escalation", word);
        request_text(&request, "verdict", options_value(cli->options, "verdict"));
        request_bytes_text(&request, "text", text);
        if (evidence != NULL) {
            request_begin(&request, "evidence");
            pack_bin(&request.values, digest, sizeof(digest));
            request_end(&request);
        }
        code =
            reply_step(cli, "audit.note", &request, "Noted, for everybody who holds it.");
    }
    buf_deinit(&owned);
    return code;
}

const struct verb cmd_audit_verbs[] = {
    {
        .name = "audit",
        .arguments = "[--file FILE --trust SITE]",
        .help =
            "Look whether all that this node holds is as it should be.\n"
            "What is held and given away is covered by a rule; what went up was triaged "
            "and consented to before;\nwho answered had opened it; what was recalled was "
            "erased; cases were closed with an outcome and a\nfollow-up; seals fit the "
            "ledger; what is overdue is named. Exit code 3: a finding fails. What is "
            "open\nstill has time.\n"
            "With --file an evidence file is looked at instead, without a node: it is "
            "verified, and what those did\nwho wrote its cases and escalations is "
            "audited. For consents give it both: evidence --site --cases.",
        .example = "audit --file village.evidence --trust fqs1...",
        .run = run_audit,
        .options = {{.name = "file", .value = "FILE"},
                    {.name = "trust", .value = "SITE"}},
    },
    {
        .name = "audit sample",
        .arguments = "--n N --seed S [--site SITE] [--cases]",
        .help =
            "Draw records that nobody chose.\n"
            "The same seed draws the same of whoever holds the same; with --site, the "
            "records of that site alone;\nwith --cases, the cases of this site too.",
        .example = "audit sample --n 5 --seed 2026-11-28 --site 枫源村",
        .run = run_sample,
        .options = {{.name = "n", .value = "N", .is_required = true},
                    {.name = "seed", .value = "S", .is_required = true},
                    {.name = "site", .value = "SITE"},
                    {.name = "cases"}},
    },
    {
        .name = "audit explain",
        .arguments = "ESCALATION",
        .help =
            "Tell the story of a record, step by step.\n"
            "Who did what, when as it is claimed, its op, its place in the ledger, and "
            "the seal under which it\nstood there. Nothing of what was said.",
        .example = "audit explain 33fead5a",
        .words_min = 1,
        .words_max = 1,
        .run = run_explain,
    },
    {
        .name = "audit note",
        .arguments = "CASE|ESCALATION --verdict W --text T [--evidence FILE]",
        .help =
            "Note what an audit found, signed by an auditor of a site that holds it.\n"
            "W is one of: holds, doubts, fails. Of the file its digest goes along. A "
            "case is named by its number.",
        .example = "audit note 33fead5a --verdict holds --text 逐条核对无误",
        .words_min = 1,
        .words_max = 1,
        .run = run_note,
        .options = {{.name = "verdict", .value = "W", .is_required = true},
                    {.name = "text", .value = "T", .is_required = true},
                    {.name = "evidence", .value = "FILE"}},
    },
    {.name = NULL},
};
