/* Where a device that is invited has to go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/invitation.h"
#include "proto/pack.h"

static void assert_home(const char *host, bool is_tls, const char *names,
                        const char *expected, bool is_local)
{
    struct visit visit = {.number = 1};
    const struct page_request request = {.host = bytes_str(host), .is_tls = is_tls};
    invitation_home(&visit, &request, names);
    assert_string_equal(visit.home, expected);
    assert_int_equal(visit.home_is_local, is_local);
}

static void it_is_called_as_the_one_who_invites_came(void **state)
{
    (void)state;
    assert_home("192.168.1.5:8080", false, "", "http://192.168.1.5:8080", false);
    assert_home("pi.local:8443", true, "other:1", "https://pi.local:8443", false);
    assert_home("127x.local:8080", false, "", "http://127x.local:8080", false);
}

static void what_this_machine_alone_knows_gives_way_to_its_other_name(void **state)
{
    static const char *const locals[] = {"127.0.0.1:8080", "localhost:8080",
                                         "[::1]:8080"};
    (void)state;
    for (size_t i = 0; i < sizeof(locals) / sizeof(locals[0]); i++) {
        char own[64];
        (void)snprintf(own, sizeof(own), "http://%s", locals[i]);
        assert_home(locals[i], false, "pi.local:8080 192.168.1.5:8080",
                    "http://pi.local:8080", false);
        assert_home(locals[i], false, "", own, true);
    }
    assert_home("127.0.0.1:8080", true, "localhost:9", "https://localhost:9", true);
}

static void a_name_without_an_end_is_none(void **state)
{
    char host[200] = "";
    (void)state;
    memset(host, 'a', sizeof(host) - 1);
    assert_home(host, false, "", "http://", false);
}

static void the_link_is_there_where_a_code_is(void **state)
{
    static const struct {
        const char *code;
        bool is_there;
    } rows[] = {{"", false},
                {"abcdefghijklmnop", true},
                {"abcdefghijklmnopqrstuvwxyz0123456", false}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct visit visit = {.number = 1, .home = "http://pi.local:8080"};
        struct pairs values = {0};
        pack_map(&visit.looked, 1);
        pack_str(&visit.looked, "code");
        pack_str(&visit.looked, rows[i].code);
        assert_int_equal(invitation_prepare(&visit, &values), STATUS_OK);
        assert_int_equal(pairs_has(&values, "link"), rows[i].is_there);
        buf_deinit(&visit.looked);
        pairs_deinit(&values);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_called_as_the_one_who_invites_came),
        cmocka_unit_test(what_this_machine_alone_knows_gives_way_to_its_other_name),
        cmocka_unit_test(a_name_without_an_end_is_none),
        cmocka_unit_test(the_link_is_there_where_a_code_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
