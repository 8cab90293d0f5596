/* Seeking who has an invitation: the first beacon that has a slot for the code leads
 * there; others lead nowhere. On a loopback of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <uv.h>

#include "node/io/seek.h"
#include "proto/beacon.h"
#include "tests/support/fail_call.h"
#include "tests/unit/io/own_network.h"

static const uint8_t ours[32] = {1}, other[32] = {2};

static const uint8_t *said[4]; /* who says something as soon as it is listened to; NULL:
                                  nobody more */

static void say(const uint8_t *psk, uint16_t port)
{
    uint8_t beacon[BEACON_SIZE] = {0}, key[BEACON_KEY_SIZE];
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(BEACON_UDP_PORT),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int i = 0; i < BEACON_SIZE; i++)
        beacon[i] = (uint8_t)(i * 7 + psk[0]);
    beacon_begin(beacon);
    beacon_key_of_code(key, psk);
    beacon_call_code(beacon, 1, key, port);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(
        sendto(fd, beacon, sizeof(beacon), 0, (const struct sockaddr *)&to, sizeof(to)),
        sizeof(beacon));
    assert_int_equal(close(fd), 0);
}

/* The deadline, which passes soon, is set once there is somebody who listens. */
int __real_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again)
{
    bool is_deadline = ms == SEEK_TIMEOUT_MS;
    for (uint16_t i = 0; is_deadline && said[i] != NULL; i++)
        say(said[i], (uint16_t)(4000 + i));
    return __real_uv_timer_start(timer, fn, is_deadline ? 200 : ms, again);
}

static void who_has_the_code_is_found(void **state)
{
    char address[SEEK_ADDRESS_SIZE] = "";
    said[0] = other;
    said[1] = said[2] = ours; /* twice: the first one counts */
    assert_int_equal(seek_code(ours, address, NULL), STATUS_OK);
    assert_string_equal(address, "127.0.0.1:4001");
}

static void where_nobody_has_it_it_is_said(void **state)
{
    char address[SEEK_ADDRESS_SIZE] = "";
    struct err err = {0};
    said[0] = other;
    said[1] = NULL;
    assert_int_equal(seek_code(ours, address, &err), STATUS_UNREACHABLE);
    assert_non_null(strstr(err.text, "no node with that code was heard"));
    assert_non_null(strstr(err.text, "for 65 seconds"));
    assert_string_equal(address, "");
    said[0] = NULL;
    assert_int_equal(seek_code(ours, address, &err), STATUS_UNREACHABLE);
}

static void what_the_system_refuses_is_said(void **state)
{
    char address[SEEK_ADDRESS_SIZE] = "";
    struct err err = {0};
    fail_call_after("uv_loop_init", 0, EMFILE);
    assert_int_equal(seek_code(ours, address, &err), STATUS_IO);
    assert_non_null(strstr(err.text, "no event loop"));
    fail_call_for_good("uv_udp_bind", 0, EADDRINUSE);
    assert_int_equal(seek_code(ours, address, &err), STATUS_BUSY);
    assert_non_null(strstr(err.text, "beacons need UDP port 7450"));
    (void)fail_call_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_the_code_is_found),
        cmocka_unit_test(where_nobody_has_it_it_is_said),
        cmocka_unit_test(what_the_system_refuses_is_said),
    };
    if (!own_network_make())
        return OWN_NETWORK_SKIPPED;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
