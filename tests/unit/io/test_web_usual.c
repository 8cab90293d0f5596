/* The page at the usual port, which browsers leave out of what they say: it is left out
 * of where a browser came to, too. On a loopback of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "node/io/web.h"
#include "tests/unit/io/io_house.h"
#include "tests/unit/io/own_network.h"

static char local[ADDRESS_TEXT_SIZE];

static void on_request(void *context, uint64_t visit, const struct page_request *request)
{
    (void)snprintf(local, sizeof(local), "%.*s", (int)request->local.len,
                   (const char *)request->local.data);
}

static bool has_come(void *context)
{
    return local[0] != '\0';
}

static void expect_local(const char *listening, const char *told)
{
    uv_loop_t uv;
    struct web web;
    char where[ADDRESS_TEXT_SIZE];
    local[0] = '\0';
    assert_int_equal(uv_loop_init(&uv), 0);
    web_init(&web, &uv, on_request, NULL);
    assert_int_equal(web_listen(&web, listening, NULL, where, NULL), STATUS_OK);
    assert_string_equal(where, listening);
    int fd = io_house_knock(io_house_port(where), 0);
    io_house_say(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27);
    assert_true(io_house_turn_until(&uv, has_come, NULL));
    assert_string_equal(local, told);
    web_close(&web);
    (void)close(fd);
    assert_int_equal(uv_run(&uv, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&uv), 0);
}

static void the_usual_port_is_left_out(void **state)
{
    expect_local("127.0.0.1:80", "127.0.0.1");
}

static void another_port_is_told(void **state)
{
    expect_local("127.0.0.1:8080", "127.0.0.1:8080");
    expect_local("127.0.0.1:443", "127.0.0.1:443"); /* usual for TLS alone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_usual_port_is_left_out),
        cmocka_unit_test(another_port_is_told),
    };
    if (!own_network_make())
        return OWN_NETWORK_SKIPPED;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
