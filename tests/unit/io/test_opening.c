/* A sealed file that is opened in a child, which is this program itself, and waited for:
 * what it holds, or why nobody knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>

#include "crypto/age_writer.h"
#include "crypto/rng.h"
#include "node/io/key_child.h"
#include "node/io/opening.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"

#define CALLS_MAX 200

static const char payload[] = "what a backup holds";
static uint8_t secret[KEY_SIZE];
static struct buf file;

static bool add(void *context, const uint8_t *bytes, size_t len)
{
    buf_add(context, bytes, len);
    return true;
}

static int seal(void **state)
{
    struct rng rng = rng_system();
    uint8_t recipient[1][KEY_SIZE];
    struct age_writer *writer = malloc(sizeof(*writer));
    (void)state;
    assert_non_null(writer);
    memset(secret, 0x42, sizeof(secret));
    key_dh_public(recipient[0], secret);
    assert_int_equal(age_writer_begin(writer, (const uint8_t(*)[KEY_SIZE])recipient, 1,
                                      &rng, NULL, add, &file),
                     AGE_MORE);
    assert_int_equal(age_writer_put(writer, payload, sizeof(payload)), AGE_MORE);
    assert_int_equal(age_writer_end(writer), AGE_WHOLE);
    free(writer);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    buf_deinit(&file);
    return 0;
}

/* Either all of it, or the machine is to blame. */
static void expect(enum age_verdict verdict, const struct buf *plain)
{
    if (verdict == AGE_WHOLE) {
        assert_int_equal(plain->len, sizeof(payload));
        assert_memory_equal(plain->data, payload, sizeof(payload));
    } else {
        assert_int_equal(plain->len, 0);
    }
}

static void a_file_is_opened_by_its_key_and_no_other(void **state)
{
    struct buf plain = {0};
    uint8_t other[KEY_SIZE] = {7};
    (void)state;
    assert_int_equal(opening_run(buf_bytes(&file), secret, &plain), AGE_WHOLE);
    expect(AGE_WHOLE, &plain);
    buf_deinit(&plain);
    assert_int_equal(opening_run(buf_bytes(&file), other, &plain), AGE_NO_MATCH);
    expect(AGE_NO_MATCH, &plain);
    buf_deinit(&plain);
    assert_int_equal(opening_run(bytes_str("none"), secret, &plain), AGE_BAD_HEADER);
    expect(AGE_BAD_HEADER, &plain);
    buf_deinit(&plain);
}

static void what_is_refused_on_the_way_opens_nothing(void **state)
{
    const char *refused = "";
    (void)state;
    for (uint64_t at = 0; refused != NULL; at++) {
        struct buf plain = {0};
        assert_true(at < CALLS_MAX);
        fail_call_after(NULL, at, ENOMEM);
        enum age_verdict verdict = opening_run(buf_bytes(&file), secret, &plain);
        refused = fail_call_stop();
        if (verdict != AGE_WHOLE)
            assert_int_equal(verdict, AGE_NO_MEMORY);
        expect(verdict, &plain);
        buf_deinit(&plain);
    }
}

static void without_memory_nothing_is_opened(void **state)
{
    bool has_failed = true;
    (void)state;
    for (uint64_t at = 0; has_failed; at++) {
        struct buf plain = {0};
        assert_true(at < CALLS_MAX);
        fail_memory_after(at, false);
        fail_memory_in();
        enum age_verdict verdict = opening_run(buf_bytes(&file), secret, &plain);
        has_failed = fail_memory_stop();
        assert_int_equal(verdict, has_failed ? AGE_NO_MEMORY : AGE_WHOLE);
        if (!has_failed)
            expect(verdict, &plain);
        buf_deinit(&plain);
    }
}

int main(int argc, char *argv[])
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_opened_by_its_key_and_no_other),
        cmocka_unit_test(what_is_refused_on_the_way_opens_nothing),
        cmocka_unit_test(without_memory_nothing_is_opened),
    };
    if (argc == 2 && strcmp(argv[1], BUNDLE_CHILD_WORD) == 0)
        key_child_main(true);
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, seal, forget);
}
