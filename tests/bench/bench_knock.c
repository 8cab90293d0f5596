/*
 * bench_knock: how many garbage handshakes one core refuses in a second. The node's own
 * core takes them as events, 64 a turn: accepted, 68 bytes of a right length under a MAC
 * that does not hold, closed. Beside it stands what bounds it on this machine: the MAC
 * alone; and what a stranger would cost who got as far as a Diffie-Hellman.
 *
 * usage: bench_knock [SECONDS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "crypto/key.h"
#include "node/core/core.h"
#include "proto/hello.h"

#define BATCH 64
#define FIRST_SIZE (HELLO_SIZE + 48) /* preamble, MAC and message 1 of XK */

static double cpu_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* never fails on Linux */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void die(const char *what, enum status status)
{
    (void)fprintf(stderr, "bench_knock: %s: %s\n", what, status_name(status));
    exit(1);
}

static struct core *make_node(const char *file, struct core_config *config)
{
    const uint8_t steward_seed[32] = {1}, recovery_seed[32] = {2};
    const uint8_t steward_wrapped[WRAP_SIZE] = {0};
    uint8_t recovery_key[32];
    key_sign_public(recovery_key, recovery_seed);
    struct core_founding founding = {.tier = "village",
                                     .name = "枫源村",
                                     .steward = "陈某",
                                     .steward_seed = steward_seed,
                                     .steward_wrapped = steward_wrapped,
                                     .recovery_key = recovery_key,
                                     .wall = 1790000000};
    struct id site;
    struct core *core = NULL;
    struct err err = {0};
    *config = (struct core_config){.rng = rng_system(), .listens = true};
    randombytes_buf(config->node_seed, 32);
    randombytes_buf(config->noise_secret, 32);
    enum status status = store_open(&config->store, file, NULL, true, &err);
    if (status == STATUS_OK)
        status = core_found(config, &founding, &site, &err);
    if (status == STATUS_OK)
        status = core_open(&core, config, &err);
    if (status != STATUS_OK)
        die(err_text(&err, status), status);
    return core;
}

struct knocks {
    struct core *core;
    uint64_t now_ms, next_conn;
    uint64_t to_close[BATCH * 2]; /* what the turn before wanted closed */
    uint32_t to_close_len;
    uint64_t refused;
};

static void step(struct knocks *knocks, enum event_type type, uint64_t conn,
                 struct bytes bytes)
{
    struct event event = {.type = type,
                          .now_ms = knocks->now_ms,
                          .wall = 1790000000,
                          .conn = conn,
                          .bytes = bytes};
    core_step(knocks->core, &event);
}

static void turn(struct knocks *knocks, struct bytes first)
{
    struct action action;
    enum status status = core_begin(knocks->core);
    if (status != STATUS_OK)
        die("begin", status);
    for (uint32_t i = 0; i < knocks->to_close_len; i++)
        step(knocks, EVENT_CONN_CLOSED, knocks->to_close[i], (struct bytes){0});
    knocks->to_close_len = 0;
    for (int i = 0; i < BATCH; i++) {
        knocks->next_conn += 2;
        step(knocks, EVENT_CONN_ACCEPTED, knocks->next_conn, (struct bytes){0});
        step(knocks, EVENT_CONN_BYTES, knocks->next_conn, first);
    }
    status = core_commit(knocks->core);
    if (status != STATUS_OK)
        die("commit", status);
    while (core_next_action(knocks->core, &action)) {
        if (action.type == ACTION_CLOSE && knocks->to_close_len < BATCH * 2)
            knocks->to_close[knocks->to_close_len++] = action.conn;
        else if (action.type == ACTION_SEND)
            die("the node answered garbage", STATUS_UNVERIFIED);
        action_deinit(&action);
    }
    knocks->refused += knocks->to_close_len;
    knocks->now_ms++;
}

static double refused_a_second(struct core *core, double seconds)
{
    struct knocks knocks = {.core = core, .now_ms = 1};
    uint8_t first[FIRST_SIZE];
    randombytes_buf(first, sizeof(first));
    memcpy(first, "FQ\x01\x01", 4);
    double from = cpu_seconds(), took;
    do {
        first[FIRST_SIZE - 1]++;
        turn(&knocks, bytes_of(first, sizeof(first)));
        took = cpu_seconds() - from;
    } while (took < seconds);
    return (double)knocks.refused / took;
}

static double macs_a_second(void)
{
    uint8_t key[32] = {1}, data[FIRST_SIZE] = {0}, mac[16];
    const int count = 200000;
    double from = cpu_seconds();
    for (int i = 0; i < count; i++) {
        data[0] = (uint8_t)i;
        (void)crypto_generichash(mac, sizeof(mac), data, sizeof(data), key, sizeof(key));
    }
    return count / (cpu_seconds() - from);
}

static double exchanges_a_second(void)
{
    uint8_t secret[32] = {9}, point[32], shared[32];
    const int count = 5000;
    (void)crypto_scalarmult_base(point, secret);
    double from = cpu_seconds();
    for (int i = 0; i < count; i++) {
        secret[1] = (uint8_t)i;
        if (crypto_scalarmult(shared, secret, point) != 0)
            die("scalarmult", STATUS_INVALID);
    }
    return count / (cpu_seconds() - from);
}

int main(int argc, char *argv[])
{
    char folder[] = "/tmp/fengqiao-knock-XXXXXX", file[64], mark[80];
    struct core_config config;
    if (sodium_init() < 0 || mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(file, sizeof(file), "%s/node.db", folder);
    (void)snprintf(mark, sizeof(mark), "%s-mark", file);
    struct core *core = make_node(file, &config);
    double refused = refused_a_second(core, argc > 1 ? atof(argv[1]) : 2);
    double macs = macs_a_second(), exchanges = exchanges_a_second();
    printf("garbage handshakes refused a second, one core  %12.0f\n", refused);
    printf("MACs over as many bytes a second               %12.0f\n", macs);
    printf("Diffie-Hellman exchanges a second              %12.0f\n", exchanges);
    printf("{\"refused\":%.0f,\"macs\":%.0f,\"exchanges\":%.0f}\n", refused, macs,
           exchanges);
    core_close(core);
    store_close(config.store);
    (void)unlink(file); /* a scratch folder */
    (void)unlink(mark);
    return rmdir(folder) == 0 ? 0 : 1;
}
