/*
 * Happy path: a loop of its own hears beacons until one has a slot for the code. Failure
 * modes: what beacon_udp_open says; nobody is heard for SEEK_TIMEOUT_MS (69). What others
 * say on the network is passed over.
 */
#include "node/io/seek.h"

#include <assert.h>

#include "crypto/secret.h"
#include "node/io/beacon_udp.h"

struct seek {
    uv_loop_t uv;
    uv_timer_t deadline;
    struct beacon_udp udp;
    uint8_t key[BEACON_KEY_SIZE];
    char *address;
    bool is_found;
};

static void seek_on_heard(void *context, const char *host, struct bytes datagram)
{
    struct seek *seek = context;
    uint16_t port;
    if (seek->is_found || !beacon_is_of_code(datagram, seek->key, &port))
        return;
    beacon_address(seek->address, SEEK_ADDRESS_SIZE, host, port);
    seek->is_found = true;
    uv_stop(&seek->uv);
}

static void seek_on_deadline(uv_timer_t *deadline)
{
    uv_stop(deadline->loop);
}

static enum status seek_run(struct seek *seek, struct err *err)
{
    enum status status = beacon_udp_open(&seek->udp, NULL, err);
    if (status != STATUS_OK)
        return status;
    /* Has a callback and is not closing: always 0. */
    (void)uv_timer_start(&seek->deadline, seek_on_deadline, SEEK_TIMEOUT_MS, 0);
    (void)uv_run(&seek->uv, UV_RUN_DEFAULT); /* ends by uv_stop alone */
    if (seek->is_found)
        return STATUS_OK;
    return err_set(err, STATUS_UNREACHABLE,
                   "no node with that code was heard on this network for %d seconds; it "
                   "has to run with --listen and --beacon, or say where it is with --at",
                   SEEK_TIMEOUT_MS / 1000);
}

enum status seek_code(const uint8_t psk[static 32],
                      char address[static SEEK_ADDRESS_SIZE], struct err *err)
{
    struct seek seek = {.address = address};
    int rc = uv_loop_init(&seek.uv);
    if (rc != 0)
        return err_set(err, STATUS_IO, "no event loop: %s", uv_strerror(rc));
    (void)uv_timer_init(&seek.uv, &seek.deadline); /* cannot fail */
    beacon_udp_init(&seek.udp, &seek.uv, seek_on_heard, &seek);
    beacon_key_of_code(seek.key, psk);
    enum status status = seek_run(&seek, err);
    beacon_udp_close(&seek.udp);
    uv_close((uv_handle_t *)&seek.deadline, NULL);
    rc = uv_run(&seek.uv, UV_RUN_DEFAULT);
    assert(rc == 0);
    rc = uv_loop_close(&seek.uv);
    assert(rc == 0);
    secret_wipe(&seek, sizeof(seek));
    return status;
}
