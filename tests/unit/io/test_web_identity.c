/* The page's certificate authority: made once, kept, and refused where it is not sound.
 * What the disk, gnutls or the memory refuses is said, and nothing is half made. */
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
#include <sys/stat.h>
#include <unistd.h>

#include <gnutls/x509.h>

#include "node/io/web_identity.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"

#define WALL 1790000000 /* 2026 */
#define CALLS_MAX 200

static struct {
    char dir[40];
    int dir_fd;
} house;

static int open_house(void **state)
{
    (void)state;
    (void)snprintf(house.dir, sizeof(house.dir), "/tmp/fengqiao-identity-XXXXXX");
    assert_non_null(mkdtemp(house.dir));
    house.dir_fd = open(house.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(house.dir_fd >= 0);
    return 0;
}

static void forget_authority(void)
{
    (void)unlinkat(house.dir_fd, WEB_CA_NAME, 0); /* one or both may not be there */
    (void)unlinkat(house.dir_fd, WEB_CA_KEY_NAME, 0);
}

static int close_house(void **state)
{
    (void)state;
    assert_null(fail_call_stop());
    forget_authority();
    (void)close(house.dir_fd);
    assert_int_equal(rmdir(house.dir), 0); /* no part was left behind */
    return 0;
}

static enum status open_identity(struct web_identity *identity, struct err *err)
{
    *err = (struct err){0};
    return web_identity_open(identity, house.dir_fd, "192.168.4.1",
                             "pi.local:8443 pi  fd00::1 ", WALL, err);
}

/* It is refused so, a person reads why, and nothing is held. */
static void expect_refused(enum status expected, const char *said)
{
    struct web_identity identity;
    struct err err;
    assert_int_equal(open_identity(&identity, &err), expected);
    if (strstr(err.text, said) == NULL)
        fail_msg("%s", err.text);
    assert_null(identity.key);
    assert_null(identity.chain);
    assert_null(identity.authority);
}

static void put(const char *name, const char *text, size_t len, mode_t mode)
{
    (void)unlinkat(house.dir_fd, name, 0); /* it may not be there */
    int fd = openat(house.dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), len);
    assert_int_equal(close(fd), 0);
}

/* Both files as they are now; the caller frees. */
static char *read_file(const char *name)
{
    char *text = calloc(1, 8193);
    int fd = openat(house.dir_fd, name, O_RDONLY | O_CLOEXEC);
    assert_non_null(text);
    assert_true(fd >= 0 && read(fd, text, 8192) > 0);
    (void)close(fd);
    return text;
}

static gnutls_x509_crt_t certificate_of(const char *pem)
{
    gnutls_datum_t data = {(void *)(uintptr_t)pem, (unsigned)strlen(pem)};
    gnutls_x509_crt_t cert;
    assert_int_equal(gnutls_x509_crt_init(&cert), 0);
    assert_int_equal(gnutls_x509_crt_import(cert, &data, GNUTLS_X509_FMT_PEM), 0);
    return cert;
}

/* ---- made and kept ---- */

static void the_authority_is_made_once_and_the_certificate_at_each_start(void **state)
{
    struct web_identity first, second;
    struct err err;
    struct stat found;
    (void)state;
    assert_int_equal(open_identity(&first, &err), STATUS_OK);
    assert_int_equal(open_identity(&second, &err), STATUS_OK);

    assert_string_equal(first.authority, second.authority);
    assert_string_equal(first.fingerprint, second.fingerprint);
    assert_int_equal(strlen(first.fingerprint), 64);
    assert_string_not_equal(first.chain, second.chain);
    assert_string_not_equal(first.key, second.key);
    assert_int_equal(fstatat(house.dir_fd, WEB_CA_KEY_NAME, &found, 0), 0);
    assert_int_equal(found.st_mode & 07777, 0600);
    web_identity_close(&first);
    web_identity_close(&first); /* a zeroed one is nothing */
    web_identity_close(&second);
}

static uint64_t until_of(gnutls_x509_crt_t cert)
{
    return (uint64_t)gnutls_x509_crt_get_expiration_time(cert);
}

/* The end of 2049, or of 2037 where gnutls's time_t ends in 2038. */
static uint64_t last_day(void)
{
    return sizeof(time_t) == 4 ? 2145916799 : 2524521600;
}

static void the_certificate_holds_for_what_the_page_is_called(void **state)
{
    struct web_identity identity;
    struct err err;
    unsigned verdict = 0;
    (void)state;
    assert_int_equal(open_identity(&identity, &err), STATUS_OK);
    gnutls_x509_crt_t leaf = certificate_of(identity.chain);
    gnutls_x509_crt_t authority = certificate_of(identity.authority);

    assert_int_equal(gnutls_x509_crt_verify(leaf, &authority, 1,
                                            GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &verdict),
                     0);
    assert_int_equal(verdict, 0);
    assert_true(gnutls_x509_crt_check_hostname(leaf, "pi.local"));
    assert_true(gnutls_x509_crt_check_hostname(leaf, "pi"));
    assert_true(gnutls_x509_crt_check_hostname(leaf, "192.168.4.1"));
    assert_false(gnutls_x509_crt_check_hostname(leaf, "192.168.4.2"));
    assert_false(gnutls_x509_crt_check_hostname(leaf, "evil.example"));
    /* Phones refuse certificates that hold for more than 825 days. */
    assert_true(until_of(leaf) > WALL + 700ull * 86400);
    assert_true(until_of(leaf) < WALL + 825ull * 86400);
    assert_true(gnutls_x509_crt_get_activation_time(leaf) < WALL);
    gnutls_x509_crt_deinit(leaf);
    gnutls_x509_crt_deinit(authority);
    web_identity_close(&identity);
}

static void I9_without_a_clock_the_certificate_holds_for_any_day(void **state)
{
    struct web_identity identity;
    struct err err = {0};
    char name[300];
    (void)state;
    memset(name, 'a', sizeof(name)); /* longer than a name can be: it is left out */
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(web_identity_open(&identity, house.dir_fd, NULL, name, 0, &err),
                     STATUS_OK);
    gnutls_x509_crt_t leaf = certificate_of(identity.chain);
    gnutls_x509_crt_t authority = certificate_of(identity.authority);
    assert_true(gnutls_x509_crt_get_activation_time(leaf) == 1577836800);
    assert_true(until_of(leaf) == last_day());
    assert_true(gnutls_x509_crt_get_activation_time(authority) == 1577836800);
    assert_true(until_of(authority) == last_day());
    gnutls_x509_crt_deinit(authority);
    gnutls_x509_crt_deinit(leaf);
    web_identity_close(&identity);
    assert_int_equal(web_identity_open(&identity, house.dir_fd, "fd00::1", NULL, 0, &err),
                     STATUS_OK);
    leaf = certificate_of(identity.chain);
    assert_true(gnutls_x509_crt_check_hostname(leaf, "fd00::1"));
    gnutls_x509_crt_deinit(leaf);
    web_identity_close(&identity);
}

/* ---- not sound ---- */

static void half_an_authority_is_refused_and_left_alone(void **state)
{
    struct web_identity identity;
    struct err err;
    (void)state;
    assert_int_equal(open_identity(&identity, &err), STATUS_OK);
    char *key = read_file(WEB_CA_KEY_NAME), *cert = read_file(WEB_CA_NAME);
    assert_int_equal(unlinkat(house.dir_fd, WEB_CA_KEY_NAME, 0), 0);

    expect_refused(STATUS_CORRUPT, WEB_CA_KEY_NAME " is missing");

    char *after = read_file(WEB_CA_NAME);
    assert_string_equal(after, cert);
    /* A key alone is what a power cut leaves of a first start. */
    put(WEB_CA_KEY_NAME, key, strlen(key), 0600);
    assert_int_equal(unlinkat(house.dir_fd, WEB_CA_NAME, 0), 0);
    web_identity_close(&identity);
    assert_int_equal(open_identity(&identity, &err), STATUS_OK);
    web_identity_close(&identity);
    free(key);
    free(cert);
    free(after);
}

static void a_damaged_authority_is_refused_and_left_alone(void **state)
{
    struct web_identity identity;
    struct err err;
    (void)state;
    assert_int_equal(open_identity(&identity, &err), STATUS_OK);
    web_identity_close(&identity);
    char *key = read_file(WEB_CA_KEY_NAME), *cert = read_file(WEB_CA_NAME);
    forget_authority();
    assert_int_equal(open_identity(&identity, &err), STATUS_OK);
    web_identity_close(&identity);

    put(WEB_CA_KEY_NAME, key, strlen(key), 0600); /* of another authority */
    expect_refused(STATUS_CORRUPT, "do not belong together");
    put(WEB_CA_NAME, cert, strlen(cert), 0644);
    assert_int_equal(open_identity(&identity, &err), STATUS_OK);
    web_identity_close(&identity);

    put(WEB_CA_NAME, cert, strlen(cert) / 2, 0644);
    expect_refused(STATUS_CORRUPT, "do not belong together");
    put(WEB_CA_NAME, cert, strlen(cert), 0644);
    put(WEB_CA_KEY_NAME, key, strlen(key) / 2, 0600);
    expect_refused(STATUS_CORRUPT, "do not belong together");
    put(WEB_CA_KEY_NAME, "", 0, 0600);
    expect_refused(STATUS_CORRUPT, "is not what this node wrote");
    char *large = calloc(1, 8193);
    put(WEB_CA_KEY_NAME, large, 8193, 0600);
    expect_refused(STATUS_CORRUPT, "is not what this node wrote");
    free(large);
    free(key);
    free(cert);
}

static void a_key_that_others_may_read_is_refused(void **state)
{
    struct web_identity identity;
    struct err err;
    (void)state;
    assert_int_equal(open_identity(&identity, &err), STATUS_OK);
    web_identity_close(&identity);

    for (int bit = 0; bit < 6; bit++) {
        assert_int_equal(
            fchmodat(house.dir_fd, WEB_CA_KEY_NAME, (mode_t)(0600 | 1 << bit), 0), 0);
        expect_refused(STATUS_DENIED, "chmod 600 it");
    }
    assert_int_equal(fchmodat(house.dir_fd, WEB_CA_KEY_NAME, 0600, 0), 0);
    assert_int_equal(open_identity(&identity, &err), STATUS_OK);
    web_identity_close(&identity);
}

/* A device, a pipe or a folder of that name holds nobody up; a link leads nowhere. */
static void U1_what_is_no_file_is_refused(void **state)
{
    char path[80];
    (void)state;
    (void)snprintf(path, sizeof(path), "%s/" WEB_CA_NAME, house.dir);
    assert_int_equal(mkfifo(path, 0600), 0);
    expect_refused(STATUS_CORRUPT, "is not what this node wrote");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    expect_refused(STATUS_CORRUPT, "is not what this node wrote");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    expect_refused(STATUS_IO, WEB_CA_NAME ": ");
    assert_int_equal(unlink(path), 0);
}

/* ---- refused by others ---- */

/* Each call fails once; whether there is an authority already or not. */
static void refuse_each(bool is_there)
{
    bool was_refused = true;
    for (uint64_t at = 0; was_refused; at++) {
        struct web_identity identity;
        struct err err;
        forget_authority();
        if (is_there) {
            assert_int_equal(open_identity(&identity, &err), STATUS_OK);
            web_identity_close(&identity);
        }
        fail_call_after(NULL, at, EIO);
        enum status status = open_identity(&identity, &err);
        const char *refused = fail_call_stop();
        was_refused = refused != NULL;
        /* Nobody is told of what is only tidied up, or was read already. */
        bool is_tidying = was_refused && (strcmp(refused, "unlinkat") == 0 ||
                                          strcmp(refused, "close") == 0);
        if (was_refused && !is_tidying) {
            if (status == STATUS_OK)
                fail_msg("%s was refused, and nothing was said", refused);
            /* Sound files are never called damaged, or somebody would take them away. */
            assert_int_not_equal(status, STATUS_CORRUPT);
            assert_true(err.text[0] != '\0');
            assert_null(identity.key);
            assert_null(identity.authority);
        }
        web_identity_close(&identity);
        /* And all is well again as soon as nothing is refused. */
        assert_int_equal(open_identity(&identity, &err), STATUS_OK);
        web_identity_close(&identity);
        assert_true(at < CALLS_MAX);
    }
}

static void D2_whatever_is_refused_is_said_and_nothing_is_half_made(void **state)
{
    (void)state;
    refuse_each(false);
    refuse_each(true);
}

/* Where the library is at a loss, and not the memory. */
static void what_the_library_cannot_do_is_said(void **state)
{
    struct web_identity identity;
    struct err err = {0};
    (void)state;
    fail_call_after("gnutls_x509_crt_sign2", 0, EPROTO);
    assert_int_equal(open_identity(&identity, &err), STATUS_IO);
    assert_string_equal(fail_call_stop(), "gnutls_x509_crt_sign2");
    assert_non_null(strstr(err.text, "the page's certificate cannot be"));
    web_identity_close(&identity);
}

static void without_memory_nothing_is_half_made(void **state)
{
    (void)state;
    bool has_failed = true;
    for (uint64_t at = 0; has_failed; at++) {
        struct web_identity identity;
        struct err err;
        fail_memory_after(at, false);
        fail_memory_in();
        enum status status = open_identity(&identity, &err);
        (void)fail_memory_out();
        has_failed = fail_memory_stop();
        assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
        if (has_failed)
            assert_null(identity.key);
        web_identity_close(&identity);
        assert_true(at < CALLS_MAX);
    }
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(the_authority_is_made_once_and_the_certificate_at_each_start),
        A_TEST(the_certificate_holds_for_what_the_page_is_called),
        A_TEST(I9_without_a_clock_the_certificate_holds_for_any_day),
        A_TEST(half_an_authority_is_refused_and_left_alone),
        A_TEST(a_damaged_authority_is_refused_and_left_alone),
        A_TEST(a_key_that_others_may_read_is_refused),
        A_TEST(U1_what_is_no_file_is_refused),
        A_TEST(D2_whatever_is_refused_is_said_and_nothing_is_half_made),
        A_TEST(what_the_library_cannot_do_is_said),
        A_TEST(without_memory_nothing_is_half_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
