/* What the system, the node or the memory refuses: each verb says so, with its exit code,
 * and no file is half there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "cli/evidence.h"
#include "cli/saved_file.h"
#include "crypto/key.h"
#include "proto/limits.h"
#include "proto/pack.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/cli/evidence_maker.h"
#include "tests/unit/cli/fake_node.h"
#include "tests/unit/cli/run_cli.h"

#define CALLS_MAX 200

static struct fake_node node;

static void answering(struct bytes method, struct bytes arguments, unsigned call,
                      struct buf *out)
{
    (void)arguments;
    (void)call;
    pack_str(out, "OK");
    if (bytes_equal_str(method, "evidence")) {
        pack_map(out, 2);
        pack_str(out, "bytes");
        pack_bin(out, "the bytes of a file", 19);
        pack_str(out, "ops");
        pack_uint(out, 8);
        return;
    }
    pack_map(out, 1);
    pack_str(out, "op");
    pack_bin(out, "abcdefgh", 8);
}

static int open_house(void **state)
{
    (void)state;
    fake_node_start(&node, answering);
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    assert_null(fail_call_stop());
    fake_node_stop(&node);
    return 0;
}

/* ---- a call of the system ---- */

/* Each call fails once; whoever says that it is done has said it all. */
static void refuse_each(const char *const words[], const char *input, int error)
{
    struct run_cli whole = run_cli_reading(words, input, strlen(input));
    if (whole.code != EXIT_DONE)
        fail_msg("%s", whole.err);
    const char *refused = "";
    for (uint64_t at = 0; refused != NULL; at++) {
        /* These are the test's own, before the client begins: dup2 and such do not count.
         */
        fail_call_after(NULL, at, error);
        struct run_cli run = run_cli_reading(words, input, strlen(input));
        refused = fail_call_stop();
        if (run.code == EXIT_DONE)
            assert_string_equal(run.out, whole.out);
        else if (run.err_len == 0)
            fail_msg("%s was refused, and nothing was said", refused);
        run_cli_deinit(&run);
        assert_true(at < CALLS_MAX);
    }
    run_cli_deinit(&whole);
}

static void what_the_system_refuses_is_said(void **state)
{
    const char *const note[] = {"case", "note", "1", "-", NULL};
    const char *const status[] = {"case", "identity", "1", "--party",
                                  "张某", "--phone",  "-", NULL};
    (void)state;
    refuse_each(note, "来过\n", EIO);
    refuse_each(note, "来过\n", EINTR); /* asked once more, where that is the way */
    refuse_each(status, "13900000000\n", EIO);
    refuse_each(status, "13900000000\n", EINTR);
}

static void a_connection_that_breaks_is_told_from_one_that_fails(void **state)
{
    static const struct {
        const char *call;
        int error;
        const char *said;
    } rows[] = {{"socket", EMFILE, "no socket can be made"},
                {"connect", EACCES, "belongs to another user"},
                {"connect", EPERM, "belongs to another user"},
                {"connect", ENOTDIR, "start it with: fengqiaod run"},
                {"connect", EAGAIN, "control.sock: "},
                {"connect", ECONNREFUSED, "start it with: fengqiaod run"},
                {"send", EPIPE, "the node ended the connection"},
                {"send", ECONNRESET, "the node ended the connection"},
                {"send", EIO, "writing to the node failed"},
                {"recv", ECONNRESET, "the node ended the connection"},
                {"recv", EIO, "reading from the node failed"}};
    const char *const words[] = {"case", "note", "1", "t", NULL};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fail_call_after(rows[i].call, 0, rows[i].error);
        struct run_cli run = run_cli(words);
        assert_string_equal(fail_call_stop(), rows[i].call);
        assert_int_equal(run.code, EXIT_FAILED);
        assert_int_equal(run.out_len, 0);
        if (strstr(run.err, rows[i].said) == NULL)
            fail_msg("row %zu: %s", i, run.err);
        run_cli_deinit(&run);
    }
}

/* A script may hand the PIN over as well. */
static void a_pin_may_come_from_standard_input(void **state)
{
    const char *const words[] = {"case", "note", "1", "t", NULL};
    (void)state;
    assert_int_equal(setenv("FENGQIAO_PIN_FILE", "-", 1), 0);
    struct run_cli run = run_cli_reading(words, "246810", 6); /* without a line's end */
    assert_int_equal(run.code, EXIT_DONE);
    run_cli_deinit(&run);
    run = run_cli_reading(words, "", 0);
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "standard input: the PIN is empty"));
    run_cli_deinit(&run);
}

static void a_private_line_is_read_from_a_file_that_is_there(void **state)
{
    char path[96];
    (void)state;
    (void)snprintf(path, sizeof(path), "%s/pin", node.dir); /* any text will do */
    const char *const words[] = {"case", "identity", "1",  "--party",
                                 "张某", "--phone",  path, NULL};
    struct run_cli run = run_cli(words);
    assert_int_equal(run.code, EXIT_DONE);
    run_cli_deinit(&run);
    fail_call_after("open", 0, EACCES);
    run = run_cli(words);
    assert_string_equal(fail_call_stop(), "open");
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, path));
    run_cli_deinit(&run);
    const char *const nowhere[] = {"case", "identity", "1",         "--party",
                                   "张某", "--phone",  "/no/where", NULL};
    run = run_cli(nowhere);
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "/no/where: "));
    run_cli_deinit(&run);
}

/* ---- answers that are cut or odd ---- */

static enum status receive(const void *data, size_t len)
{
    int ends[2];
    struct client client = {.is_open = true};
    struct client_answer answer;
    struct err err = {0};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(write(ends[1], data, len), len);
    (void)close(ends[1]);
    client.fd = ends[0];
    enum status status = client_receive(&client, &answer, &err);
    if (status != STATUS_OK)
        assert_true(err.text[0] != '\0');
    client_close(&client);
    client_close(&client); /* a closed one is nothing */
    return status;
}

static void M1_an_answer_that_is_cut_or_odd_is_refused(void **state)
{
    /* length ‖ [1, "OK", nil] */
    static const char whole[] = "\0\0\0\x06\x93\x01\xa2OK\xc0";
    static const struct {
        const char *bytes;
        size_t len;
        enum status status;
    } rows[] = {
        {"\xff\xff\xff\xff\x93", 5, STATUS_TOO_LARGE},
        {"\0\0\0\0", 4, STATUS_INVALID},                      /* nothing at all */
        {"\0\0\0\x01\xc1", 5, STATUS_INVALID},                /* no MessagePack */
        {"\0\0\0\x01\xc0", 5, STATUS_INVALID},                /* no list */
        {"\0\0\0\x05\x92\x01\xa2OK", 9, STATUS_INVALID},      /* of two */
        {"\0\0\0\x06\x93\xc0\xa2OK\xc0", 10, STATUS_INVALID}, /* without a number */
        {"\0\0\0\x06\x93\x02\xa2OK\xc0", 10, STATUS_INVALID}, /* out of turn */
        {"\0\0\0\x04\x93\x01\x07\xc0", 8, STATUS_INVALID},    /* without a word */
        {"\0\0\0\x1e\x93\x01\xb9"
         "ABCDEFGHIJKLMNOPQRSTUVWXY"
         "\xc0\xc0",
         34, STATUS_INVALID},
        {"\0\0\0\x1d\x93\x01\xb9"
         "ABCDEFGHIJKLMNOPQRSTUVWXY"
         "\xc0",
         33, STATUS_INVALID}, /* a word longer than any */
    };
    (void)state;
    assert_int_equal(receive(whole, 10), STATUS_OK);
    for (size_t len = 0; len < 10; len++)
        assert_int_equal(receive(whole, len), STATUS_CLOSED);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (receive(rows[i].bytes, rows[i].len) != rows[i].status)
            fail_msg("row %zu", i);
}

static void a_request_that_is_too_long_is_not_sent(void **state)
{
    int ends[2];
    struct client client = {.is_open = true};
    struct buf arguments = {0};
    struct err err = {0};
    uint8_t byte;
    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    client.fd = ends[0];
    assert_non_null(buf_reserve(&arguments, CONTROL_MESSAGE_MAX));
    memset(arguments.data, 0, CONTROL_MESSAGE_MAX);
    arguments.len = CONTROL_MESSAGE_MAX;
    assert_int_equal(client_send(&client, "case.new", buf_bytes(&arguments), &err),
                     STATUS_TOO_LARGE);
    assert_int_equal(recv(ends[1], &byte, 1, 0), -1);
    buf_deinit(&arguments);
    client_close(&client);
    (void)close(ends[1]);
}

/* ---- files ---- */

/* How many there are in the node's folder besides its socket and the PIN. */
static bool is_alone(const char *name)
{
    char pattern[128];
    (void)snprintf(pattern, sizeof(pattern),
                   "ls %s | grep -vxE 'pin|control.sock|%s' > "
                   "/dev/null",
                   node.dir, name);
    return system(pattern) != 0; // NOLINT: a folder of the test's own
}

static void D2_a_file_is_there_whole_or_as_it_was(void **state)
{
    char path[96], text[64];
    (void)state;
    (void)snprintf(path, sizeof(path), "%s/case.evidence", node.dir);
    const char *const words[] = {"evidence", "3f2a91c0", "--out", path, NULL};
    const char *refused = "";
    for (uint64_t at = 0; refused != NULL; at++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        (void)fputs("as it was", file);
        assert_int_equal(fclose(file), 0);
        fail_call_after(NULL, at, ENOSPC);
        struct run_cli run = run_cli(words);
        refused = fail_call_stop();
        file = fopen(path, "r");
        assert_non_null(file);
        size_t len = fread(text, 1, sizeof(text) - 1, file);
        text[len] = '\0';
        assert_int_equal(fclose(file), 0);
        if (run.code == EXIT_DONE)
            assert_string_equal(text, "the bytes of a file");
        else {
            assert_true(strcmp(text, "as it was") == 0 ||
                        strstr(run.err, "is written, but") != NULL);
            assert_true(run.err_len > 0);
        }
        assert_true(is_alone("case.evidence"));
        run_cli_deinit(&run);
        assert_true(at < CALLS_MAX);
    }
}

/* What interrupts is done once more, what a stick does not know is passed over, and of
 * two failures the first one is told. */
static void D2_a_file_is_written_though_a_call_is_odd(void **state)
{
    static const struct {
        const char *call;
        uint64_t after;
        int error;
        const char *beside;
        enum status status;
    } rows[] = {{"write", 0, EINTR, NULL, STATUS_OK},
                {"fsync", 1, EINVAL, NULL, STATUS_OK}, /* of the directory */
                {"write", 0, EFBIG, NULL, STATUS_FULL},
                {"write", 0, ENOSPC, "close", STATUS_FULL}};
    char path[96];
    (void)state;
    (void)snprintf(path, sizeof(path), "%s/case.evidence", node.dir);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err err = {0};
        (void)unlink(path);
        if (rows[i].beside)
            fail_call_for_good(rows[i].call, rows[i].after, rows[i].error);
        else
            fail_call_after(rows[i].call, rows[i].after, rows[i].error);
        if (rows[i].beside)
            fail_call_beside(rows[i].beside);
        assert_int_equal(saved_file_write(path, bytes_str("whole"), &err),
                         rows[i].status);
        assert_string_equal(fail_call_stop(), rows[i].call);
        assert_true((access(path, F_OK) == 0) == (rows[i].status == STATUS_OK));
        assert_true(is_alone("case.evidence"));
    }
}

static void what_is_no_place_for_a_file_is_said(void **state)
{
    char path[5000];
    struct err err = {0};
    struct bytes data = bytes_str("x");
    (void)state;
    assert_int_equal(saved_file_write(node.dir, data, &err), STATUS_EXISTS);
    assert_non_null(strstr(err.text, "is not a plain file"));
    (void)snprintf(path, sizeof(path), "%s/no/such/place", node.dir);
    assert_int_equal(saved_file_write(path, data, &err), STATUS_IO);
    assert_non_null(strstr(err.text, "NOT written"));
    memset(path, 'a', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(saved_file_write(path, data, &err), STATUS_IO);
    /* Beside us, without a slash in its name. */
    fail_call_after("mkstemp", 0, EDQUOT);
    assert_int_equal(saved_file_write("case.evidence", data, &err), STATUS_FULL);
    assert_string_equal(fail_call_stop(), "mkstemp");
}

/* ---- verify ---- */

/* What becomes of a file on its way. */
enum damage {
    DAMAGE_NONE,
    DAMAGE_FRAMING, /* of a record: its first byte */
    DAMAGE_ID,      /* as recorded */
    DAMAGE_AUTHOR,  /* in the op's bytes */
    DAMAGE_CUT,     /* before the end */
};

static void spoil(const struct maker *maker, struct buf *bytes,
                  const struct maker_span *spans, enum damage damage)
{
    uint64_t at = spans[MAKER_OPENED].from;
    if (damage == DAMAGE_FRAMING)
        bytes->data[at] ^= 1;
    else if (damage == DAMAGE_ID)
        bytes->data[at + 5] ^= 1;
    else if (damage == DAMAGE_AUTHOR) {
        uint8_t *author = memmem(bytes->data + at, bytes->len - at,
                                 maker_op(maker, MAKER_OPENED)->author, 32);
        assert_non_null(author);
        author[7] ^= 1;
    } else if (damage == DAMAGE_CUT)
        bytes->len -= 6; /* 92 a3 "end" and the count */
}

static void write_evidence(const char *path, char trusted[static KEY_TEXT_SIZE],
                           const struct maker_wish *wish, enum damage damage)
{
    static struct maker_span spans[1300];
    struct maker *maker = maker_new(wish);
    struct buf bytes = {0};
    maker_file(maker, &MAKER_WHOLE, &bytes, spans);
    spoil(maker, &bytes, spans, damage);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
    key_to_text(trusted, "fqs1", maker_op(maker, MAKER_FOUND_TOWNSHIP)->id.bytes);
    buf_deinit(&bytes);
    maker_free(maker);
}

/* The text of a reason is asked for by the C library, on our behalf. */
int __wrap_vasprintf(char **out, const char *format, va_list arguments);
int __real_vasprintf(char **out, const char *format, va_list arguments);
int __wrap___vasprintf_chk(char **out, int flag, const char *format, va_list arguments);

int __wrap_vasprintf(char **out, const char *format, va_list arguments)
{
    if (fail_memory_at_this_place())
        return -1;
    return __real_vasprintf(out, format, arguments);
}

int __wrap___vasprintf_chk(char **out, int flag, const char *format, va_list arguments)
{
    (void)flag;
    return __wrap_vasprintf(out, format, arguments);
}

/* Memory ends once on each way to an allocation that was not taken before. */
static void expect_no_verdict_without_memory(const char *const words[],
                                             const struct run_cli *whole)
{
    bool has_failed = true;
    while (has_failed) {
        fail_memory_at_new_place();
        fail_memory_in();
        struct run_cli run = run_cli(words);
        (void)fail_memory_out();
        has_failed = fail_memory_stop();
        if (run.code == EXIT_FAILED)
            assert_true(run.err_len > 0);
        else {
            /* A record that does not hold is named, whatever else is not shown. */
            assert_int_equal(run.code, whole->code);
            if (run.code == EXIT_DONE)
                assert_string_equal(run.out, whole->out);
        }
        run_cli_deinit(&run);
    }
}

/* A verdict is a verdict: where memory ends or the disk fails, there is none. */
static void C2_without_memory_or_disk_there_is_no_verdict(void **state)
{
    static const struct {
        struct maker_wish wish;
        enum damage damage;
        enum exit_code code;
    } rows[] = {{{.is_in_danger = true}, DAMAGE_NONE, EXIT_DONE},
                {{.is_recalled = true, .advices = 3}, DAMAGE_NONE, EXIT_DONE},
                {{.is_half_linked = true}, DAMAGE_NONE, EXIT_UNVERIFIED},
                {{.advices = 2}, DAMAGE_FRAMING, EXIT_UNVERIFIED},
                {{.advices = 2}, DAMAGE_ID, EXIT_UNVERIFIED},
                {{.advices = 2}, DAMAGE_AUTHOR, EXIT_UNVERIFIED}};
    char path[96], trusted[KEY_TEXT_SIZE];
    (void)state;
    (void)snprintf(path, sizeof(path), "%s/case.evidence", node.dir);
    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        write_evidence(path, trusted, &rows[i / 2].wish, rows[i / 2].damage);
        const char *const words[] = {
            "verify", path, "--trust", trusted, i % 2 ? "--json" : NULL, NULL};
        struct run_cli whole = run_cli(words);
        assert_int_equal(whole.code, rows[i / 2].code);
        expect_no_verdict_without_memory(words, &whole);
        const char *refused = "";
        for (uint64_t at = 0; refused != NULL; at++) {
            fail_call_after(NULL, at, EIO);
            struct run_cli run = run_cli(words);
            refused = fail_call_stop();
            if (run.code == EXIT_FAILED)
                assert_true(run.err_len > 0);
            else
                assert_string_equal(run.out, whole.out);
            run_cli_deinit(&run);
        }
        run_cli_deinit(&whole);
    }
}

/* More records than are looked at together and than the first index has room for; and the
 * same from a pipe, whose size nobody knows before. */
static void C2_a_long_file_without_memory_has_no_verdict(void **state)
{
    static const struct maker_wish wish = {.advices = 1200};
    char path[96], piped[128], trusted[KEY_TEXT_SIZE];
    (void)state;
    (void)snprintf(path, sizeof(path), "%s/long.evidence", node.dir);
    (void)snprintf(piped, sizeof(piped), "cat %s", path);
    for (int i = 0; i < 2; i++) {
        write_evidence(path, trusted, &wish, i == 0 ? DAMAGE_NONE : DAMAGE_CUT);
        const char *const words[] = {"verify", path, "--trust", trusted, NULL};
        struct run_cli whole = run_cli(words);
        assert_int_equal(whole.code, i == 0 ? EXIT_DONE : EXIT_UNVERIFIED);
        expect_no_verdict_without_memory(words, &whole);
        run_cli_deinit(&whole);
        struct evidence evidence = {0};
        struct id trust;
        struct err err = {0};
        FILE *pipe = popen(piped, "r"); // NOLINT: a file of the test's own
        assert_non_null(pipe);
        assert_true(key_from_text(trust.bytes, "fqs1", trusted));
        assert_int_equal(evidence_check_stream(&evidence, pipe, &trust, NULL, &err),
                         STATUS_OK);
        assert_true(evidence_holds(&evidence) == (i == 0));
        assert_int_equal(evidence.records, 1207);
        assert_int_equal(pclose(pipe), 0);
        evidence_deinit(&evidence);
    }
    (void)unlink(path);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(what_the_system_refuses_is_said),
        A_TEST(a_connection_that_breaks_is_told_from_one_that_fails),
        A_TEST(a_pin_may_come_from_standard_input),
        A_TEST(a_private_line_is_read_from_a_file_that_is_there),
        A_TEST(M1_an_answer_that_is_cut_or_odd_is_refused),
        A_TEST(a_request_that_is_too_long_is_not_sent),
        A_TEST(D2_a_file_is_there_whole_or_as_it_was),
        A_TEST(D2_a_file_is_written_though_a_call_is_odd),
        A_TEST(what_is_no_place_for_a_file_is_said),
        A_TEST(C2_without_memory_or_disk_there_is_no_verdict),
        A_TEST(C2_a_long_file_without_memory_has_no_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
