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
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "node/io/beacon_udp.h"
#include "tests/support/fail_call.h"
#include "tests/unit/io/io_house.h"
#include "tests/unit/io/own_network.h"

/* ---- what the system says ---- */

static uint64_t now_ms;
static const char *own_address, *own_mask; /* the one network; NULL: the real ones */
static bool is_six;                        /* … and it is fe80::1, on the loopback */
static bool has_no_list;
static bool has_six; /* this machine */
static bool hastens; /* the next look at the networks */

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
    if (is_six) {
        assert_int_equal(uv_ip6_addr(own_address, 0, &one.address.address6), 0);
        one.address.address6.sin6_scope_id = if_nametoindex("lo");
    } else {
        assert_int_equal(uv_ip4_addr(own_address, 0, &one.address.address4), 0);
        assert_int_equal(uv_ip4_addr(own_mask, 0, &one.netmask.netmask4), 0);
    }
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

char *__real_if_indextoname(unsigned number, char *name);
char *__wrap_if_indextoname(unsigned number, char *name);
char *__wrap_if_indextoname(unsigned number, char *name)
{
    return fail_call("if_indextoname") ? NULL : __real_if_indextoname(number, name);
}

int __real_uv_ip6_name(const struct sockaddr_in6 *from, char *name, size_t size);
int __wrap_uv_ip6_name(const struct sockaddr_in6 *from, char *name, size_t size);
int __wrap_uv_ip6_name(const struct sockaddr_in6 *from, char *name, size_t size)
{
    return fail_call("uv_ip6_name") ? UV_ENOSPC : __real_uv_ip6_name(from, name, size);
}

/* Somebody comes by again soon. */
int __real_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again)
{
    return __real_uv_timer_start(timer, fn, hastens ? 2 : ms, hastens ? 2 : again);
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
    is_six = has_no_list = hastens = false;
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

/* The same by IPv6, from one address of ours to another. */
static void say_six(const char *from, const char *to)
{
    struct sockaddr_in6 at;
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(uv_ip6_addr(from, 0, &at), 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(uv_ip6_addr(to, BEACON_UDP_PORT, &at), 0);
    assert_int_equal(
        sendto(fd, f.beacon, BEACON_SIZE, 0, (const struct sockaddr *)&at, sizeof(at)),
        BEACON_SIZE);
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

static void of_IPv6_who_is_on_the_same_link_is_heard(void **state)
{
    if (!has_six)
        skip();
    open_ear(&f.first, NULL);
    say_six("::1", "::1"); /* who says so may be anywhere */
    hear(&f.first, 0);
    say_six("fe80::1%lo", "fe80::1%lo");
    hear(&f.first, 1);
    assert_string_equal(f.first.host, "fe80::1%lo");

    /* The interface, or the room for its name, is gone by then. */
    fail_call_after("if_indextoname", 0, ENXIO);
    say_six("fe80::1%lo", "fe80::1%lo");
    hear(&f.first, 1);
    assert_string_equal(fail_call_stop(), "if_indextoname");
    fail_call_after("uv_ip6_name", 0, ENOSPC);
    say_six("fe80::1%lo", "fe80::1%lo");
    hear(&f.first, 1);
    assert_string_equal(fail_call_stop(), "uv_ip6_name");
}

/* Whether the loopback takes it is no matter: the link of two machines is e2e.beacon's.
 */
static void of_IPv6_who_can_be_dialed_there_says_so_to_the_group(void **state)
{
    static const struct {
        const char *listening, *own;
    } rows[] = {
        {"[::]:4000", "fe80::1"},
        {"[fe80::1]:4000", "fe80::1"},
        {"[fe80::2]:4000", "fe80::1"},
        {"[fe80:0:0:1::1]:4000", "fe80::1"},
        {"[::]:4000", "2001:db8::1"}, /* on no link in particular */
        {"0.0.0.0:4000", "fe80::1"},
        {"[fe80:0:1::1]:4000", "fe80::1"},
        {"[fe80::1:0:0:1]:4000", "fe80::1"},
        {"[0:0:0:1::]:4000", "fe80::1"},
        {"[0:0:0:0:1::]:4000", "fe80::1"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        is_six = true;
        own_address = rows[i].own;
        open_ear(&f.first, rows[i].listening);
        beacon_udp_send(&f.first.udp, bytes_of(f.beacon, sizeof(f.beacon)));
        hear(&f.first, 0);
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
    /* Nor does it where this machine has no socket for it. */
    fail_call_for_good("uv_udp_set_multicast_ttl", 0, ENOPROTOOPT);
    open_ear(&f.first, "[::]:4000");
    assert_string_equal(fail_call_stop(), "uv_udp_set_multicast_ttl");
    is_six = true;
    own_address = "fe80::1";
    beacon_udp_send(&f.first.udp, bytes_of(f.beacon, sizeof(f.beacon)));
    hear(&f.first, 0);
}

static void with_one_of_the_two_sockets_it_goes_on(void **state)
{
    static const char *const calls[] = {"uv_udp_init", "uv_udp_bind",
                                        "uv_udp_set_broadcast", "uv_udp_set_ttl",
                                        "uv_udp_recv_start"};
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        struct err err = {0};
        fail_call_after(calls[i], 0, ENOBUFS); /* IPv4 */
        if (!has_six)
            skip();
        open_ear(&f.first, "127.0.0.1:4000");
        assert_string_equal(fail_call_stop(), calls[i]);
        say_six("fe80::1%lo", "fe80::1%lo");
        hear(&f.first, 1);
        beacon_udp_send(&f.first.udp, bytes_of(f.beacon, sizeof(f.beacon)));
        hear(&f.first, 1);
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
        if (strcmp(calls[i], "uv_udp_set_broadcast") == 0 ||
            strcmp(calls[i], "uv_udp_set_ttl") == 0)
            continue; /* IPv6 has others */

        fail_call_after(calls[i], 1, ENOBUFS); /* IPv6 */
        open_ear(&f.first, NULL);
        assert_string_equal(fail_call_stop(), calls[i]);
        say(f.beacon, BEACON_SIZE, 1);
        hear(&f.first, 1);
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);

        fail_call_for_good(calls[i], 0, ENOBUFS); /* both */
        assert_int_equal(beacon_udp_open(&f.first.udp, NULL, &err), STATUS_IO);
        assert_non_null(strstr(err.text, "beacons need UDP port 7450"));
        assert_non_null(fail_call_stop());
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
}

static void groups_are_joined_again_by_and_by(void **state)
{
    hastens = true;
    open_ear(&f.first, NULL);
    has_no_list = true; /* the machine has no memory to look, or no network yet */
    io_house_turn(&f.uv);
    has_no_list = false;
    is_six = true;
    own_address = "fe80::1";
    fail_call_after("if_indextoname", 0, ENXIO);
    for (int i = 0; i < 20; i++)
        io_house_turn(&f.uv);
    assert_string_equal(fail_call_stop(), "if_indextoname");
    own_address = "2001:db8::1";
    for (int i = 0; i < 20; i++)
        io_house_turn(&f.uv);
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
        TEST(of_IPv6_who_is_on_the_same_link_is_heard),
        TEST(of_IPv6_who_can_be_dialed_there_says_so_to_the_group),
        TEST(with_one_of_the_two_sockets_it_goes_on),
        TEST(groups_are_joined_again_by_and_by),
        TEST(what_was_closed_neither_says_nor_hears),
        TEST(a_port_that_is_not_shared_is_busy),
        TEST(a_listener_without_an_address_is_refused),
    };
    if (!own_network_make())
        return OWN_NETWORK_SKIPPED;
    has_six = own_network_add_link_local();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
