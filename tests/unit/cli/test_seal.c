/* What a person sees of seals, and a proof that is checked without a node. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "tests/support/forked.h"
#include "tests/unit/cli/against.h"

#define ARGUMENTS(...)                                                                   \
    (const char *const[])                                                                \
    {                                                                                    \
        __VA_ARGS__, NULL                                                                \
    }

#define REQUEST "old 0\n\nfengqiao/fqk1x/00\n1\nAAAA\n\n— fengqiao/fqk1x/00 AAAA\n"
#define LINES "— witness.example AAAA\n"
#define VKEY "witness.example+00000000+AAAA"

/* A file with that text; its path is good until the next call. */
static const char *file_with(const char *text)
{
    static char path[64];
    (void)snprintf(path, sizeof(path), "/tmp/fengqiao-seal-%ld", (long)getpid());
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* --- a machine that is not honest --- */

static void liar_init(struct forked *liar)
{
    uint8_t seed[KEY_SEED_SIZE] = {3};
    forked_init(liar, seed);
}

static struct run_cli check(const struct buf *file, const char *option)
{
    return run_cli_reading(ARGUMENTS("seal", "check", "-", option), (char *)file->data,
                           file->len);
}

/* --- check --- */

static void a_proof_says_in_words_what_is_proved_and_of_whom(void **state)
{
    struct forked liar;
    struct buf file = {0};
    liar_init(&liar);
    forked_proof(&liar, SEAL_PROOF_FORK, &file);
    struct run_cli run = check(&file, NULL);
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out,
                           "PROVED: a machine showed two histories.\nIt signed a "
                           "log of 1 seals and one of 2 that does not begin with "
                           "it.\n"));
    assert_non_null(strstr(run.out, liar.origin));
    /* The last line is the key. */
    assert_int_equal(run.out[run.out_len - 1], '\n');
    run.out[run.out_len - 1] = '\0';
    assert_string_equal(strrchr(run.out, '\n') + 1, liar.key);
    run_cli_deinit(&run);
    buf_clear(&file);

    forked_proof(&liar, SEAL_PROOF_BACK, &file);
    run = check(&file, NULL);
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(
        strstr(run.out, "PROVED: a machine showed fewer seals than before.\n"));
    assert_non_null(
        strstr(run.out, "a log of 2 seals, and later one of 1, where it says"));
    run_cli_deinit(&run);
    buf_deinit(&file);
}

static void a_proof_as_json_names_kind_machine_and_log(void **state)
{
    struct forked liar;
    struct buf file = {0};
    char expected[512];
    liar_init(&liar);
    forked_proof(&liar, SEAL_PROOF_BACK, &file);
    (void)snprintf(expected, sizeof(expected),
                   "{\"kind\":\"back\",\"machine\":\"%s\",\"origin\":\"%s\","
                   "\"proved\":true,\"seals\":[2,1]}\n",
                   liar.key, liar.origin);

    struct run_cli run = check(&file, "--json");

    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, expected);
    run_cli_deinit(&run);
    buf_deinit(&file);
}

static void I5_a_proof_of_which_a_byte_is_another_proves_nothing(void **state)
{
    struct forked liar;
    struct buf file = {0};
    liar_init(&liar);
    forked_proof(&liar, SEAL_PROOF_FORK, &file);
    for (size_t at = 0; at < file.len; at += 37) {
        file.data[at] ^= 1;
        struct run_cli run = check(&file, NULL);
        assert_int_equal(run.code, EXIT_UNVERIFIED);
        assert_memory_equal(run.out, "It proves nothing: ", 19);
        run_cli_deinit(&run);
        file.data[at] ^= 1;
    }
    buf_deinit(&file);
}

static void what_is_no_proof_proves_nothing(void **state)
{
    struct buf file = {0};
    buf_add(&file, "\x1b[2J", 4);
    struct run_cli run = check(&file, "--json");
    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_string_equal(
        run.out, "{\"proved\":false,\"reason\":\"its first line is not "
                 "'fengqiao/seal-proof/1 fork' or 'fengqiao/seal-proof/1 back'\"}\n");
    run_cli_deinit(&run);
    static char text[SEAL_PROOF_MAX + 2];
    memset(text, 'a', sizeof(text) - 1);
    const char *path = file_with(text);
    run = run_cli(ARGUMENTS("seal", "check", path));
    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_non_null(strstr(run.out, "it is larger than"));
    run_cli_deinit(&run);
    assert_int_equal(unlink(path), 0);
    buf_deinit(&file);

    run = run_cli(ARGUMENTS("seal", "check", "/nowhere/proof"));
    assert_int_equal(run.code, EXIT_FAILED);
    assert_string_equal(run.out, "");
    run_cli_deinit(&run);
    run = run_cli(ARGUMENTS("seal", "check"));
    assert_int_equal(run.code, EXIT_USAGE);
    run_cli_deinit(&run);
}

/* --- what a node says --- */

static void pack_pair(struct buf *out, const char *name, const char *text)
{
    pack_str(out, name);
    pack_str(out, text);
}

static void pack_count(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static void pack_seal(struct buf *out, uint64_t place, const char *kind, uint64_t gap)
{
    pack_map(out, 6);
    pack_count(out, "gap", gap);
    pack_pair(out, "kind", kind);
    pack_count(out, "place", place);
    pack_count(out, "private", 40 + place);
    pack_count(out, "shared", 70 + place);
    pack_count(out, "wall", 1790000000);
}

static void pack_log(struct buf *out, bool is_first)
{
    pack_map(out, 6);
    pack_str(out, "cosigned");
    pack_array(out, is_first);
    if (is_first) {
        pack_map(out, 3);
        pack_pair(out, "site", "青河镇\x1b[2J");
        pack_count(out, "size", 2);
        pack_pair(out, "witness", "fengqiao/fqk1w");
    }
    pack_str(out, "former");
    if (is_first)
        pack_str(out, "fengqiao/fqk1x/old");
    else
        pack_nil(out);
    pack_pair(out, "origin", is_first ? "fengqiao/fqk1x/new" : "fengqiao/fqk1x/old");
    pack_str(out, "root");
    pack_bin(out, "01234567890123456789012345678901", 32);
    pack_str(out, "seals");
    pack_array(out, is_first ? 2 : 0);
    if (is_first) {
        pack_seal(out, 1, "gap", 90000);
        pack_seal(out, 0, "begin", 0);
    }
    pack_count(out, "size", 2);
}

static void pack_witnessed(struct buf *out)
{
    pack_map(out, 8);
    pack_str(out, "closed");
    pack_bool(out, true);
    pack_str(out, "machine");
    pack_bin(out, "01234567890123456789012345678901", 32);
    pack_pair(out, "name", "枫源村\x1b[2J");
    pack_pair(out, "origin", "fengqiao/fqk1x/old");
    pack_str(out, "site");
    pack_bin(out, "01234567890123456789012345678901", 32);
    pack_count(out, "size", 12);
    pack_pair(out, "successor", "fengqiao/fqk1x/new");
    pack_count(out, "wall", 1790000000);
}

static void pack_proof(struct buf *out, uint64_t number, const char *kind)
{
    struct forked liar;
    liar_init(&liar);
    pack_map(out, 6);
    pack_pair(out, "kind", kind);
    pack_pair(out, "name", "枫源村");
    pack_count(out, "number", number);
    pack_pair(out, "origin", number == 1 ? liar.origin : "no log");
    pack_str(out, "site");
    pack_nil(out);
    pack_count(out, "wall", 1790000000);
}

static void pack_list(struct buf *out, const char *name, uint32_t len)
{
    pack_str(out, "OK");
    pack_map(out, 1);
    pack_str(out, name);
    pack_array(out, len);
}

static void answer(struct bytes method, struct bytes arguments, unsigned call,
                   struct buf *out)
{
    if (bytes_equal_str(method, "unlock")) {
        pack_str(out, "OK");
        pack_map(out, 0);
    } else if (bytes_equal_str(method, "seal.list")) {
        pack_list(out, "logs", 2);
        pack_log(out, true);
        pack_log(out, false);
    } else if (bytes_equal_str(method, "seal.witnessed")) {
        pack_list(out, "logs", 1);
        pack_witnessed(out);
    } else if (bytes_equal_str(method, "seal.proofs")) {
        pack_list(out, "proofs", 2);
        pack_proof(out, 1, "fork");
        pack_proof(out, 2, "back");
    } else if (bytes_equal_str(method, "seal.proof") &&
               answer_uint(arguments, "number") == 1) {
        pack_str(out, "OK");
        pack_map(out, 1);
        pack_str(out, "file");
        pack_bin(out, "a proof\n", 8);
    } else if (bytes_equal_str(method, "seal.prove") &&
               answer_uint(arguments, "place") < 2) {
        pack_str(out, "OK");
        pack_map(out, 3);
        pack_str(out, "cosigned");
        pack_bool(out, answer_uint(arguments, "place") == 0);
        pack_str(out, "file");
        pack_bin(out, "a proof\n", 8);
        pack_count(out, "size", 2);
    } else if (bytes_equal_str(method, "seal.request") &&
               answer_uint(arguments, "old") <= 2) {
        pack_str(out, "OK");
        pack_map(out, 3);
        pack_count(out, "old", answer_uint(arguments, "old"));
        pack_pair(out, "request", REQUEST);
        pack_count(out, "size", 2);
    } else if (bytes_equal_str(method, "seal.add") &&
               bytes_equal_str(answer_text(arguments, "note"), LINES) &&
               bytes_equal_str(answer_text(arguments, "witness"), VKEY)) {
        pack_str(out, "OK");
        pack_map(out, 2);
        pack_count(out, "size", 2);
        pack_pair(out, "witness", "witness.example");
    } else {
        fake_node_say_text(out, "UNVERIFIED", "that witness did not sign this");
    }
}

static void M4_logs_are_listed_with_seals_and_witnesses_escaped(void **state)
{
    struct run_cli run = run_against(answer, ARGUMENTS("seal", "list", "--limit", "5"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "fengqiao/fqk1x/new\n"));
    assert_non_null(
        strstr(run.out, "2 cosigned by fengqiao/fqk1w of 青河镇\\u001b[2J\n"));
    assert_non_null(strstr(run.out, "gap"));
    assert_non_null(strstr(run.out, "25\n")); /* hours */
    assert_non_null(strstr(run.out, "No witness has cosigned it yet.\n"));
    assert_non_null(strstr(run.out, "None of its seals is shown.\n"));
    assert_null(strchr(run.out, '\x1b'));
    run_cli_deinit(&run);
}

static void logs_of_others_are_listed_with_their_machines_whole(void **state)
{
    char key[KEY_TEXT_SIZE];
    key_to_text(key, "fqk1", (const uint8_t *)"01234567890123456789012345678901");
    struct run_cli run = run_against(answer, ARGUMENTS("seal", "witnessed"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, key));
    assert_non_null(strstr(run.out, "closed"));
    assert_null(strchr(run.out, '\x1b'));
    run_cli_deinit(&run);
}

static void proofs_are_listed_by_what_they_prove(void **state)
{
    struct forked liar;
    liar_init(&liar);
    struct run_cli run = run_against(answer, ARGUMENTS("seal", "proofs"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "two histories"));
    assert_non_null(strstr(run.out, "fewer seals than before"));
    assert_non_null(strstr(run.out, liar.key));
    run_cli_deinit(&run);
}

static void assert_file(const char *path, const char *text)
{
    char got[512] = "";
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    got[fread(got, 1, sizeof(got) - 1, file)] = '\0';
    (void)fclose(file);
    assert_string_equal(got, text);
}

static void a_proof_and_a_request_become_files(void **state)
{
    char path[] = "/tmp/fengqiao-seal-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);

    struct run_cli run =
        run_against(answer, ARGUMENTS("seal", "proof", "1", "--out", path));
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, " is written: 8 bytes.\n"));
    assert_file(path, "a proof\n");
    run_cli_deinit(&run);
    run = run_against(answer, ARGUMENTS("seal", "prove", "0", "--out", path));
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "2 seals, which a witness has cosigned"));
    assert_file(path, "a proof\n");
    run_cli_deinit(&run);
    run = run_against(answer, ARGUMENTS("seal", "prove", "1", "--out", path));
    assert_non_null(strstr(run.out, "which no witness has cosigned"));
    run_cli_deinit(&run);
    run = run_against(answer, ARGUMENTS("seal", "prove", "1", "--out", path, "--json"));
    assert_string_equal(run.out, "{\"bytes\":8}\n");
    run_cli_deinit(&run);
    run = run_against(answer, ARGUMENTS("seal", "prove", "2", "--out", path));
    assert_int_equal(run.code, EXIT_UNVERIFIED);
    run_cli_deinit(&run);
    run = run_against(answer, ARGUMENTS("seal", "request", "--out", path, "--json"));
    assert_int_equal(run.code, EXIT_DONE);
    assert_file(path, REQUEST);
    run_cli_deinit(&run);
    assert_int_equal(unlink(path), 0);
    run = run_against(answer, ARGUMENTS("seal", "proof", "2", "--out", path));
    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_int_equal(access(path, F_OK), -1);
    run_cli_deinit(&run);
    run = run_against(answer, ARGUMENTS("seal", "proof", "1", "--out", "/nowhere/f"));
    assert_int_equal(run.code, EXIT_FAILED);
    run_cli_deinit(&run);
}

static void a_request_goes_to_the_output_as_it_is(void **state)
{
    struct run_cli run = run_against(
        answer, ARGUMENTS("seal", "request", "--old", "1", "--witness", VKEY));
    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, REQUEST);
    run_cli_deinit(&run);
    run = run_against(answer, ARGUMENTS("seal", "request", "--json"));
    assert_memory_equal(run.out, "{\"old\":0,\"request\":\"old 0\\n\\n", 29);
    run_cli_deinit(&run);
}

static void an_answer_of_a_witness_is_brought_from_a_file(void **state)
{
    const char *path = file_with(LINES);
    struct run_cli run =
        run_against(answer, ARGUMENTS("seal", "add", path, "--witness", VKEY));
    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, "witness.example has cosigned 2 seals.\n");
    run_cli_deinit(&run);
    run =
        run_against(answer, ARGUMENTS("seal", "add", path, "--witness", VKEY, "--json"));
    assert_string_equal(run.out, "{\"size\":2,\"witness\":\"witness.example\"}\n");
    run_cli_deinit(&run);
    run = run_against(answer, ARGUMENTS("seal", "add", path, "--witness", "other"));
    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_string_equal(run.out, "");
    run_cli_deinit(&run);

    run = run_against(answer,
                      ARGUMENTS("seal", "add", file_with("\xff\n"), "--witness", VKEY));
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "it is not lines of text"));
    run_cli_deinit(&run);
    assert_int_equal(unlink(path), 0);
    run = run_against(answer, ARGUMENTS("seal", "add", path, "--witness", VKEY));
    assert_int_equal(run.code, EXIT_FAILED);
    run_cli_deinit(&run);
}

static void what_is_no_number_is_wrong_use(void **state)
{
    static const char *const lines[][6] = {
        {"seal", "list", "--limit", "0"},
        {"seal", "list", "--limit", "x"},
        {"seal", "request", "--old", "-1"},
        {"seal", "proof", "0", "--out", "f"},
        {"seal", "proof", "x", "--out", "f"},
        {"seal", "proof", "1"},
        {"seal", "add", "f"},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct run_cli run = run_cli(lines[i]);
        assert_int_equal(run.code, EXIT_USAGE);
        assert_string_equal(run.out, "");
        run_cli_deinit(&run);
    }
}

static void nothing(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    pack_list(out, bytes_equal_str(method, "seal.proofs") ? "proofs" : "logs", 0);
}

static void where_there_is_nothing_that_is_said(void **state)
{
    static const struct {
        const char *verb, *said;
    } rows[] = {
        {"list", "This machine has sealed nothing yet.\n"},
        {"witnessed", "This machine watches no logs of others.\n"},
        {"proofs", "There is no proof against a machine here.\n"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct run_cli run = run_against(nothing, ARGUMENTS("seal", rows[i].verb));
        assert_int_equal(run.code, EXIT_DONE);
        assert_string_equal(run.out, rows[i].said);
        run_cli_deinit(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_says_in_words_what_is_proved_and_of_whom),
        cmocka_unit_test(a_proof_as_json_names_kind_machine_and_log),
        cmocka_unit_test(I5_a_proof_of_which_a_byte_is_another_proves_nothing),
        cmocka_unit_test(what_is_no_proof_proves_nothing),
        cmocka_unit_test(M4_logs_are_listed_with_seals_and_witnesses_escaped),
        cmocka_unit_test(logs_of_others_are_listed_with_their_machines_whole),
        cmocka_unit_test(proofs_are_listed_by_what_they_prove),
        cmocka_unit_test(a_proof_and_a_request_become_files),
        cmocka_unit_test(a_request_goes_to_the_output_as_it_is),
        cmocka_unit_test(an_answer_of_a_witness_is_brought_from_a_file),
        cmocka_unit_test(what_is_no_number_is_wrong_use),
        cmocka_unit_test(where_there_is_nothing_that_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
