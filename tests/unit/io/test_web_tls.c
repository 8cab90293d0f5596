/* The page under TLS, with browsers that shake hands with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "tests/unit/io/io_house.h"
#include "tests/unit/io/web_house.h"

#define TURNS_MAX 400

struct tls {
    gnutls_certificate_credentials_t credentials;
    gnutls_session_t session;
};

static char identity_dir[32];
static int identity_fd;
static struct web_identity identity;

/* The web_house once more, with an authority of its own. */
static int open_house(void **state)
{
    char where[ADDRESS_TEXT_SIZE];
    struct err err = {0};
    (void)web_house_open(state);
    web_close(&web_house.web); /* without TLS */
    io_house_turn(&web_house.uv);
    (void)snprintf(identity_dir, sizeof(identity_dir), "/tmp/fengqiao-web-XXXXXX");
    assert_non_null(mkdtemp(identity_dir));
    identity_fd = open(identity_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(
        web_identity_open(&identity, identity_fd, "127.0.0.1", "pi.local:8443", 0, &err),
        STATUS_OK);
    web_init(&web_house.web, &web_house.uv, web_house_on_request, NULL);
    assert_int_equal(web_listen(&web_house.web, "127.0.0.1:0", &identity, where, &err),
                     STATUS_OK);
    web_house.port = io_house_port(where);
    web_house.answers_at_once = true;
    web_house_answer_with(&web_house.answer, "all is well", 11);
    (void)snprintf(web_house.answer.cookie, sizeof(web_house.answer.cookie),
                   "s=1; HttpOnly");
    return 0;
}

static int close_house(void **state)
{
    (void)web_house_close(state);
    web_identity_close(&identity);
    assert_int_equal(unlinkat(identity_fd, WEB_CA_NAME, 0), 0);
    assert_int_equal(unlinkat(identity_fd, WEB_CA_KEY_NAME, 0), 0);
    (void)close(identity_fd);
    assert_int_equal(rmdir(identity_dir), 0);
    return 0;
}

/* A browser that trusts the authority and looks for that name. */
static void tls_init(struct tls *tls, const struct browser *browser, const char *name)
{
    gnutls_datum_t trusted = {(unsigned char *)identity.authority,
                              (unsigned)strlen(identity.authority)};
    assert_int_equal(gnutls_certificate_allocate_credentials(&tls->credentials), 0);
    assert_int_equal(gnutls_certificate_set_x509_trust_mem(tls->credentials, &trusted,
                                                           GNUTLS_X509_FMT_PEM),
                     1);
    assert_int_equal(gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK), 0);
    assert_int_equal(gnutls_set_default_priority(tls->session), 0);
    assert_int_equal(
        gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials),
        0);
    gnutls_session_set_verify_cert(tls->session, name, 0);
    gnutls_transport_set_int(tls->session, browser->fd);
}

static void tls_deinit(struct tls *tls)
{
    gnutls_deinit(tls->session);
    gnutls_certificate_free_credentials(tls->credentials);
}

static int tls_shake_hands(struct tls *tls)
{
    int rc = GNUTLS_E_AGAIN;
    for (int i = 0; i < TURNS_MAX && rc == GNUTLS_E_AGAIN; i++) {
        rc = gnutls_handshake(tls->session);
        io_house_turn(&web_house.uv);
    }
    return rc;
}

static void tls_ask(struct tls *tls, struct browser *browser)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: pi.local\r\n\r\n";
    char room[4096];
    ssize_t got = GNUTLS_E_AGAIN;
    assert_int_equal(gnutls_record_send(tls->session, request, sizeof(request) - 1),
                     sizeof(request) - 1);
    for (int i = 0; i < TURNS_MAX && got == GNUTLS_E_AGAIN; i++) {
        io_house_turn(&web_house.uv);
        got = gnutls_record_recv(tls->session, room, sizeof(room));
    }
    assert_true(got > 0);
    buf_add(&browser->heard, room, (size_t)got);
    buf_add_u8(&browser->heard, 0);
}

static void under_tls_cookies_are_secure_and_the_name_is_proven(void **state)
{
    struct tls tls;
    (void)state;
    tls_init(&tls, web_house_knock(0), "evil.example");
    assert_int_equal(tls_shake_hands(&tls), GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR);
    tls_deinit(&tls);
    assert_int_equal(web_house.asked, 0);

    struct browser *browser = web_house_knock(1);
    tls_init(&tls, browser, "pi.local");
    assert_int_equal(tls_shake_hands(&tls), 0);
    tls_ask(&tls, browser);
    tls_deinit(&tls);

    assert_int_equal(web_house.asked, 1);
    assert_non_null(strstr((const char *)browser->heard.data,
                           "\r\nSet-Cookie: s=1; HttpOnly; Secure\r\n"));

    browser = web_house_knock(2);
    web_house.answer.cookie[0] = '\0'; /* of who has one already */
    buf_deinit(&web_house.answer.body);
    web_house_answer_with(&web_house.answer, "all is well", 11);
    tls_init(&tls, browser, "pi.local");
    assert_int_equal(tls_shake_hands(&tls), 0);
    tls_ask(&tls, browser);
    tls_deinit(&tls);
    assert_null(strstr((const char *)browser->heard.data, "Set-Cookie"));
}

/* The library wants to run again at once for as long as that takes. */
static void H7_who_stops_in_a_handshake_holds_nobody_up(void **state)
{
    struct tls first, second;
    (void)state;
    struct browser *silent = web_house_knock(0), *other = web_house_knock(1);
    tls_init(&first, silent, "pi.local");
    assert_int_equal(gnutls_handshake(first.session), GNUTLS_E_AGAIN); /* one word */
    io_house_turn(&web_house.uv);

    tls_init(&second, other, "pi.local");
    assert_int_equal(tls_shake_hands(&second), 0);
    tls_ask(&second, other);
    tls_deinit(&second);
    web_house_now_ms += WEB_REQUEST_DEADLINE_MS;
    web_house_expect_ended(silent);
    tls_deinit(&first);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(under_tls_cookies_are_secure_and_the_name_is_proven),
        A_TEST(H7_who_stops_in_a_handshake_holds_nobody_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
