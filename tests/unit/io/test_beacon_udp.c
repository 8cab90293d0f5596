/* Beacons over a real loopback, of a network of the test's own; which networks there are
 * can be said by the test, and what time it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "node/io/beacon_udp.h"
#include "tests/unit/io/io_house.h"

#define SKIPPED 77

/* ---- what the system says ---- */

static uint64_t now_ms;
static const char *own_address, *own_mask; /* the one network; NULL: the real ones */
static bool has_no_list;

uint64_t __wrap_clock_monotonic_ms(void);
uint64_t __wrap_clock_monotonic_ms(void)
{
    return now_ms;
}

int __real_uv_interface_addresses(uv_interface_address_t **list, int *len);
int __wrap_uv_interface_addresses(uv_interface_address_t **list, int *len);
int __wrap_uv_interface_addresses(uv_interface_address_t **list, int *len)
{
    static uv_interface_address_t one;
    if (has_no_list)
        return UV_ENOMEM;
    if (own_address == NULL)
        return __real_uv_interface_addresses(list, len);
    one = (uv_interface_address_t){.is_internal = 0};
    assert_int_equal(uv_ip4_addr(own_address, 0, &one.address.address4), 0);
    assert_int_equal(uv_ip4_addr(own_mask, 0, &one.netmask.netmask4), 0);
    *list = &one;
    *len = 1;
    return 0;
}

void __real_uv_free_interface_addresses(uv_interface_address_t *list, int len);
void __wrap_uv_free_interface_addresses(uv_interface_address_t *list, int len);
void __wrap_uv_free_interface_addresses(uv_interface_address_t *list, int len)
{
    if (own_address == NULL)
        __real_uv_free_interface_addresses(list, len);
}

/* ---- two programs on one machine ---- */

struct ear {
    struct beacon_udp udp;
    struct buf heard;
    char host[EVENT_HOST_SIZE];
    size_t wanted;
};

static struct {
    uv_loop_t uv;
    struct ear first, second;
    uint8_t beacon[BEACON_SIZE];
} f;

static void on_heard(void *context, const char *host, struct bytes datagram)
{
    struct ear *ear = context;
    assert_int_equal(datagram.len, BEACON_SIZE);
    buf_add(&ear->heard, datagram.data, datagram.len);
    (void)snprintf(ear->host, sizeof(ear->host), "%s", host);
}

static int set_up(void **state)
{
    memset(&f, 0, sizeof(f));
    own_address = NULL;
    has_no_list = false;
    now_ms = 5000;
    assert_int_equal(uv_loop_init(&f.uv), 0);
    beacon_udp_init(&f.first.udp, &f.uv, on_heard, &f.first);
    beacon_udp_init(&f.second.udp, &f.uv, on_heard, &f.second);
    for (size_t i = 0; i < sizeof(f.beacon); i++)
        f.beacon[i] = (uint8_t)(i * 7);
    return 0;
}

static int tear_down(void **state)
{
    beacon_udp_close(&f.first.udp);
    beacon_udp_close(&f.second.udp);
    beacon_udp_close(&f.second.udp);
    assert_int_equal(uv_run(&f.uv, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&f.uv), 0);
    buf_deinit(&f.first.heard);
    buf_deinit(&f.second.heard);
    return 0;
}

static void open_ear(struct ear *ear, const char *listening)
{
    assert_int_equal(beacon_udp_open(&ear->udp, listening, NULL), STATUS_OK);
}

static bool has_heard(void *context)
{
    const struct ear *ear = context;
    return ear->heard.len >= ear->wanted * BEACON_SIZE;
}

/* Waits for so many, and a little longer. */
static void hear(struct ear *ear, size_t wanted)
{
    ear->wanted = wanted;
    assert_true(io_house_turn_until(&f.uv, has_heard, ear));
    io_house_turn(&f.uv);
    assert_int_equal(ear->heard.len, wanted * BEACON_SIZE);
}

/* Somebody else's datagrams. */
static void say(const void *data, size_t len, int times)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(BEACON_UDP_PORT),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_true(fd >= 0);
    for (int i = 0; i < times; i++)
        assert_int_equal(
            sendto(fd, data, len, 0, (const struct sockaddr *)&to, sizeof(to)), len);
    assert_int_equal(close(fd), 0);
}

/* ---- */

static void a_beacon_comes_to_every_node_of_the_machine(void **state)
{
    open_ear(&f.first, NULL);
    open_ear(&f.second, "127.0.0.1:4000");

    beacon_udp_send(&f.second.udp, bytes_of(f.beacon, sizeof(f.beacon)));

    hear(&f.first, 1);
    hear(&f.second, 1);
    assert_memory_equal(f.first.heard.data, f.beacon, sizeof(f.beacon));
    assert_string_equal(f.first.host, "127.0.0.1");
}

static void who_cannot_be_dialed_there_says_nothing_there(void **state)
{
    static const char *const elsewhere[] = {"0.0.0.0:4000", "[::]:4000", "[::1]:4000",
                                            "127.0.0.2:4000", NULL};
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
        open_ear(&f.first, NULL);
        open_ear(&f.second, elsewhere[i]);
        beacon_udp_send(&f.second.udp, bytes_of(f.beacon, sizeof(f.beacon)));
        hear(&f.first, 0);
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
}

static void a_datagram_of_another_size_is_dropped(void **state)
{
    static const uint8_t much[2000];
    open_ear(&f.first, NULL);

    say(much, 0, 1);
    say(much, BEACON_SIZE - 1, 1);
    say(much, BEACON_SIZE + 1, 1);
    say(much, sizeof(much), 1);
    hear(&f.first, 0);

    say(f.beacon, BEACON_SIZE, 1);
    hear(&f.first, 1);
}

static void of_a_flood_so_many_a_second_are_handed_on(void **state)
{
    open_ear(&f.first, NULL);
    say(f.beacon, BEACON_SIZE, 5 * BEACON_UDP_HEARD_MAX);
    hear(&f.first, BEACON_UDP_HEARD_MAX);

    now_ms += 999;
    say(f.beacon, BEACON_SIZE, 1);
    hear(&f.first, BEACON_UDP_HEARD_MAX);

    now_ms += 1;
    say(f.beacon, BEACON_SIZE, 5 * BEACON_UDP_HEARD_MAX);
    hear(&f.first, 2 * BEACON_UDP_HEARD_MAX);
}

static void what_comes_from_another_network_is_dropped(void **state)
{
    open_ear(&f.first, NULL);
    own_address = "192.0.2.1";
    own_mask = "255.255.255.0";
    say(f.beacon, BEACON_SIZE, 1);
    hear(&f.first, 0);
    own_mask = "0.0.0.0"; /* no network has everybody */
    say(f.beacon, BEACON_SIZE, 1);
    hear(&f.first, 0);
    has_no_list = true;
    say(f.beacon, BEACON_SIZE, 1);
    hear(&f.first, 0);

    has_no_list = false;
    own_address = "127.8.0.1";
    own_mask = "255.0.0.0";
    say(f.beacon, BEACON_SIZE, 1);
    hear(&f.first, 1);
}

static void a_machine_without_networks_says_nothing_and_goes_on(void **state)
{
    open_ear(&f.first, "127.0.0.1:4000");
    has_no_list = true;
    beacon_udp_send(&f.first.udp, bytes_of(f.beacon, sizeof(f.beacon)));
    hear(&f.first, 0);
    has_no_list = false;
    own_address = "127.0.0.1";
    own_mask = "255.255.255.255"; /* nobody else is on it */
    beacon_udp_send(&f.first.udp, bytes_of(f.beacon, sizeof(f.beacon)));
    hear(&f.first, 0);
    own_address = NULL;
    beacon_udp_send(&f.first.udp, bytes_of(f.beacon, sizeof(f.beacon)));
    hear(&f.first, 1);
}

static void what_was_closed_neither_says_nor_hears(void **state)
{
    beacon_udp_send(&f.first.udp, bytes_of(f.beacon, sizeof(f.beacon)));
    open_ear(&f.first, "127.0.0.1:4000");
    open_ear(&f.second, NULL);
    beacon_udp_close(&f.first.udp);
    beacon_udp_send(&f.first.udp, bytes_of(f.beacon, sizeof(f.beacon)));
    hear(&f.second, 0);
}

static void a_port_that_is_not_shared_is_busy(void **state)
{
    struct sockaddr_in6 all = {.sin6_family = AF_INET6,
                               .sin6_port = htons(BEACON_UDP_PORT)};
    struct err err = {0};
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&all, sizeof(all)) != 0)
        skip(); /* without IPv6 */
    assert_int_equal(beacon_udp_open(&f.first.udp, NULL, &err), STATUS_BUSY);
    assert_non_null(strstr(err.text, "7450"));
    assert_int_equal(close(fd), 0);
}

static void a_listener_without_an_address_is_refused(void **state)
{
    assert_int_equal(beacon_udp_open(&f.first.udp, "pi.local:4000", NULL),
                     STATUS_INVALID);
    assert_int_equal(beacon_udp_open(&f.first.udp, "127.0.0.1", NULL), STATUS_INVALID);
}

/* False: the system gives none. */
static bool make_own_network(void)
{
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return false;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    bool is_up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
    (void)close(fd); /* nothing was written */
    return is_up;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_beacon_comes_to_every_node_of_the_machine),
        TEST(who_cannot_be_dialed_there_says_nothing_there),
        TEST(a_datagram_of_another_size_is_dropped),
        TEST(of_a_flood_so_many_a_second_are_handed_on),
        TEST(what_comes_from_another_network_is_dropped),
        TEST(a_machine_without_networks_says_nothing_and_goes_on),
        TEST(what_was_closed_neither_says_nor_hears),
        TEST(a_port_that_is_not_shared_is_busy),
        TEST(a_listener_without_an_address_is_refused),
    };
    if (!make_own_network()) {
        (void)fprintf(stderr, "skipped: no network of one's own here\n");
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
