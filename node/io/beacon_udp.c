/*
 * Happy path: two sockets at one port, one for IPv4, which hears what is broadcast, and
 * one for IPv6, which is in our group on each interface with a link-local address, those
 * that came up later by and by. A beacon leaves once for each network whose nodes could
 * dial us where we listen. What comes is looked at for its size and for where it is from.
 *
 * Failure modes: no IPv6, or no IPv4, on this machine (the other one serves); the port
 * belongs to a program that does not share it (BUSY); a network that takes nothing, or no
 * memory to look which there are (nothing is sent, and the next time is in half a
 * minute); a flood (what is above BEACON_UDP_HEARD_MAX a second is read and dropped).
 */
#include "node/io/beacon_udp.h"

#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "node/io/clock.h"

#define REJOIN_MS 30000

_Static_assert(EVENT_HOST_SIZE >= INET6_ADDRSTRLEN + 1 + IF_NAMESIZE, "fe80::1%eth0");

void beacon_udp_init(struct beacon_udp *udp, uv_loop_t *uv, beacon_udp_heard_fn *heard,
                     void *context)
{
    memset(udp, 0, sizeof(*udp));
    udp->uv = uv;
    udp->heard = heard;
    udp->context = context;
}

/* ---- who is on a network of ours ---- */

static bool is_in_network(const uv_interface_address_t *own, struct in_addr host)
{
    if (own->address.address4.sin_family != AF_INET)
        return false;
    in_addr_t mask = own->netmask.netmask4.sin_addr.s_addr;
    return mask != 0 &&
           ((own->address.address4.sin_addr.s_addr ^ host.s_addr) & mask) == 0;
}

/* Whoever sends from further away, or says so, leads nobody there. */
static bool is_near(const struct sockaddr *from)
{
    uv_interface_address_t *list;
    int len;
    bool is_found = false;
    if (from->sa_family == AF_INET6)
        return IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)from)->sin6_addr);
    if (uv_interface_addresses(&list, &len) != 0)
        return false;
    for (int i = 0; i < len; i++)
        is_found |= is_in_network(&list[i], ((const struct sockaddr_in *)from)->sin_addr);
    uv_free_interface_addresses(list, len);
    return is_found;
}

static bool write_host(char host[static EVENT_HOST_SIZE], const struct sockaddr *from)
{
    if (from->sa_family == AF_INET)
        return uv_ip4_name((const struct sockaddr_in *)from, host, EVENT_HOST_SIZE) == 0;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;
    char name[IF_NAMESIZE], address[INET6_ADDRSTRLEN];
    if (if_indextoname(six->sin6_scope_id, name) == NULL ||
        uv_ip6_name(six, address, sizeof(address)) != 0)
        return false;
    (void)snprintf(host, EVENT_HOST_SIZE, "%s%%%s", address, name);
    return true;
}

/* ---- hearing ---- */

static bool has_room(struct beacon_udp *udp)
{
    uint64_t second = clock_monotonic_ms() / 1000;
    if (second != udp->second)
        udp->heard_len = 0;
    udp->second = second;
    return udp->heard_len++ < BEACON_UDP_HEARD_MAX;
}

static void udp_on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room)
{
    struct beacon_udp *udp = handle->data;
    *room = uv_buf_init(udp->room, sizeof(udp->room));
}

static void udp_on_datagram(uv_udp_t *handle, ssize_t len, const uv_buf_t *room,
                            const struct sockaddr *from, unsigned flags)
{
    struct beacon_udp *udp = handle->data;
    char host[EVENT_HOST_SIZE];
    if (from == NULL || len != BEACON_SIZE || !has_room(udp) || !is_near(from) ||
        !write_host(host, from))
        return;
    udp->heard(udp->context, host, bytes_of(room->base, (size_t)len));
}

/* ---- groups ---- */

static bool is_link_local(const uv_interface_address_t *own)
{
    return own->address.address6.sin6_family == AF_INET6 &&
           IN6_IS_ADDR_LINKLOCAL(&own->address.address6.sin6_addr);
}

/* Where we are in it already, or the interface has just gone, it says so; no matter. */
static void join_groups(struct beacon_udp *udp)
{
    uv_interface_address_t *list;
    int len;
    if (!udp->has_six || uv_interface_addresses(&list, &len) != 0)
        return;
    for (int i = 0; i < len; i++) {
        char host[EVENT_HOST_SIZE];
        if (is_link_local(&list[i]) &&
            write_host(host, (const struct sockaddr *)&list[i].address.address6))
            (void)uv_udp_set_membership(&udp->six, BEACON_GROUP, host, UV_JOIN_GROUP);
    }
    uv_free_interface_addresses(list, len);
}

static void udp_on_rejoin(uv_timer_t *rejoin)
{
    join_groups(rejoin->data);
}

/* ---- opening and closing ---- */

static int open_socket(struct beacon_udp *udp, uv_udp_t *handle, bool *has,
                       const struct sockaddr *at, unsigned flags)
{
    int rc = uv_udp_init(udp->uv, handle);
    if (rc != 0)
        return rc;
    handle->data = udp;
    *has = true;
    rc = uv_udp_bind(handle, at, flags | UV_UDP_REUSEADDR);
    if (rc == 0)
        rc = at->sa_family == AF_INET ? uv_udp_set_broadcast(handle, 1)
                                      : uv_udp_set_multicast_ttl(handle, 1);
    if (rc == 0 && at->sa_family == AF_INET)
        rc = uv_udp_set_ttl(handle, 1);
    if (rc == 0)
        rc = uv_udp_recv_start(handle, udp_on_room, udp_on_datagram);
    if (rc != 0) {
        uv_close((uv_handle_t *)handle, NULL);
        *has = false;
    }
    return rc;
}

enum status beacon_udp_open(struct beacon_udp *udp, const char *listening,
                            struct err *err)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(BEACON_UDP_PORT)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6,
                               .sin6_port = htons(BEACON_UDP_PORT)};
    struct address address;
    if (listening != NULL && (!address_parse(&address, listening) ||
                              !address_numeric(&address, &udp->listening)))
        return err_set(err, STATUS_INVALID, "%s is no address", listening);
    int rc_four =
        open_socket(udp, &udp->four, &udp->has_four, (const struct sockaddr *)&four, 0);
    int rc_six = open_socket(udp, &udp->six, &udp->has_six, (const struct sockaddr *)&six,
                             UV_UDP_IPV6ONLY);
    if (rc_four != 0 && rc_six != 0)
        return err_set(err, rc_four == UV_EADDRINUSE ? STATUS_BUSY : STATUS_IO,
                       "beacons need UDP port %d: %s", BEACON_UDP_PORT,
                       uv_strerror(rc_four));
    (void)uv_timer_init(udp->uv, &udp->rejoin); /* cannot fail */
    udp->rejoin.data = udp;
    udp->is_open = true;
    join_groups(udp);
    /* Has a callback and is not closing: always 0. */
    (void)uv_timer_start(&udp->rejoin, udp_on_rejoin, REJOIN_MS, REJOIN_MS);
    return STATUS_OK;
}

void beacon_udp_close(struct beacon_udp *udp)
{
    if (udp->has_four)
        uv_close((uv_handle_t *)&udp->four, NULL);
    if (udp->has_six)
        uv_close((uv_handle_t *)&udp->six, NULL);
    if (udp->is_open)
        uv_close((uv_handle_t *)&udp->rejoin, NULL);
    udp->has_four = udp->has_six = udp->is_open = false;
}

/* ---- saying ---- */

/* Does a node that hears of us through this address reach us there? A listener at no
 * address in particular is not found through the loopback: who is there knows us. */
static bool is_dialable(const struct beacon_udp *udp, const uv_interface_address_t *own)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)&udp->listening;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&udp->listening;
    bool is_four = own->address.address4.sin_family == AF_INET;
    if (six->sin6_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr))
        return !own->is_internal; /* of both kinds */
    if (six->sin6_family == AF_INET6)
        return !is_four &&
               IN6_ARE_ADDR_EQUAL(&six->sin6_addr, &own->address.address6.sin6_addr);
    if (four->sin_family != AF_INET || !is_four)
        return false;
    if (four->sin_addr.s_addr == htonl(INADDR_ANY))
        return !own->is_internal;
    return four->sin_addr.s_addr == own->address.address4.sin_addr.s_addr;
}

static void broadcast(struct beacon_udp *udp, const uv_interface_address_t *own,
                      uv_buf_t *datagram)
{
    in_addr_t mask = own->netmask.netmask4.sin_addr.s_addr;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(BEACON_UDP_PORT)};
    to.sin_addr.s_addr = own->address.address4.sin_addr.s_addr | ~mask;
    if (udp->has_four && ~mask != 0) /* else there is nobody but us */
        (void)uv_udp_try_send(&udp->four, datagram, 1, (const struct sockaddr *)&to);
}

static void multicast(struct beacon_udp *udp, const uv_interface_address_t *own,
                      uv_buf_t *datagram)
{
    struct sockaddr_in6 to;
    (void)uv_ip6_addr(BEACON_GROUP, BEACON_UDP_PORT, &to); /* ours: always 0 */
    to.sin6_scope_id = own->address.address6.sin6_scope_id;
    if (udp->has_six)
        (void)uv_udp_try_send(&udp->six, datagram, 1, (const struct sockaddr *)&to);
}

void beacon_udp_send(struct beacon_udp *udp, struct bytes beacon)
{
    uv_interface_address_t *list;
    int len;
    uv_buf_t datagram =
        uv_buf_init((char *)(uintptr_t)beacon.data, (unsigned)beacon.len); /* only read */
    if (!udp->is_open || uv_interface_addresses(&list, &len) != 0)
        return;
    for (int i = 0; i < len; i++) {
        if (!is_dialable(udp, &list[i]))
            continue;
        if (is_link_local(&list[i]))
            multicast(udp, &list[i], &datagram);
        else if (list[i].address.address4.sin_family == AF_INET)
            broadcast(udp, &list[i], &datagram);
    }
    uv_free_interface_addresses(list, len);
}
