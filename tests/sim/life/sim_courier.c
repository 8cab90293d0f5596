#include "tests/sim/life/sim_courier.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "proto/pack_map.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_liar.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/watch_bundle.h"

#define MINUTE_MS 60000u
#define LATER_MS (5u * MINUTE_MS)    /* nobody is there: the courier waits */
#define READING_MS (10u * MINUTE_MS) /* by then it is read, or was cut off */
#define END_MS (2u * MINUTE_MS)
#define QUIET_MS (30u * MINUTE_MS)
#define DEPTH_MAX 2

enum coming { ARRIVES, LOOKS };

/* What becomes of a stick. */
enum fate { PLAIN, LOST, TWICE, DAMAGED, FORGED, KEPT };

static enum fate fate_of(const struct sim *sim, const struct sim_stick *stick)
{
    static const enum fate fates[] = {PLAIN,   PLAIN,   PLAIN,  PLAIN, LOST, TWICE,
                                      TWICE,   TWICE,   KEPT,   KEPT,  KEPT, KEPT,
                                      DAMAGED, DAMAGED, FORGED, LOST};
    return fates[sim_choose(sim, "stick-fate", stick->key,
                            sizeof(fates) / sizeof(fates[0]))];
}

static struct sim_stick *stick_of(struct sim *sim, uint64_t number)
{
    return &sim->sticks->sticks[number];
}

static uint64_t client_of(const struct sim *sim, const struct sim_stick *stick)
{
    return SIM_CLIENT_COURIER + (uint64_t)(stick - sim->sticks->sticks);
}

static bool is_ok(struct bytes status)
{
    return bytes_equal_str(status, "OK");
}

/* --- on the way --- */

/* Minutes, an hour, or so long that everything is over before. */
static uint64_t way_ms(const struct sim *sim, const struct sim_stick *stick)
{
    uint64_t dice = sim_dice(sim, "stick-way", stick->key, stick->trips);
    uint64_t most = dice % 10 < 6   ? 10u * MINUTE_MS
                    : dice % 10 < 9 ? 60u * MINUTE_MS
                                    : 2 * sim->script.lasts_ms;
    return MINUTE_MS / 4 + sim_dice(sim, "stick-ms", stick->key, stick->trips) % most;
}

static void come_in(struct sim *sim, const struct sim_stick *stick, enum coming what,
                    uint64_t after_ms)
{
    struct sim_event event = {.at_ms = sim->now_ms + after_ms,
                              .type = SIM_STICK,
                              .host = stick->to,
                              .a = (uint64_t)(stick - sim->sticks->sticks),
                              .b = what};
    sim_queue_add(&sim->queue, &event);
}

/* Whoever goes waits for no answer. */
static void close_client(struct sim_host *host, const struct sim_stick *stick)
{
    uint64_t client = client_of(host->sim, stick);
    for (int i = 0; i < SIM_ERRANDS_MAX; i++)
        if (host->errands[i].client == client)
            host->errands[i].number = 0;
    sim_host_tell(host, EVENT_CLIENT_CLOSED, client, (struct bytes){0}, NULL);
}

/* --- writing --- */

static void on_part(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result);

static void on_written(struct sim_host *host, struct sim_errand *errand,
                       struct bytes status, struct bytes result)
{
    struct sim_stick *stick = stick_of(host->sim, errand->which);
    (void)result;
    close_client(host, stick);
    if (!is_ok(status))
        return;
    stick->is_whole = true;
    sim_ever(host->sim, EVER_STICK_WRITTEN);
    watch_bundle_whole(host, stick);
}

static void ask_next(struct sim_host *host, const struct sim_stick *stick, bool is_done)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (errand == NULL) {
        close_client(host, stick); /* what is on the stick goes its way */
        return;
    }
    *errand = (struct sim_errand){.client = client_of(host->sim, stick),
                                  .which = (uint32_t)(stick - host->sim->sticks->sticks),
                                  .done = is_done ? on_written : on_part};
    sim_people_ask(host, errand, is_done ? "bundle.done" : "bundle.next", NULL);
}

static void on_part(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    struct sim_stick *stick = stick_of(host->sim, errand->which);
    struct bytes raw, file;
    bool is_last = false;
    if (!is_ok(status)) {
        close_client(host, stick);
        watch_bundle_refused(host, stick, "writes", status);
        return;
    }
    struct pack_reader reader;
    if (!pack_map_find(result, "file", 0, &raw))
        return;
    reader = pack_reader_of(raw);
    if (pack_read_bin(&reader, &file, NULL) != STATUS_OK ||
        !view_map_uint(result, "number", &stick->number) ||
        !view_map_flag(result, "last", &is_last)) {
        sim_fail(host->sim, "API", "%s gives a bundle that is none", host->address);
        return;
    }
    if (stick->files_len == SIM_STICK_FILES_MAX) {
        close_client(host, stick); /* the stick is full */
        return;
    }
    buf_add(&stick->files[stick->files_len++], file.data, file.len);
    watch_bundle_file(host, stick, file, is_last);
    ask_next(host, stick, is_last);
}

static void write_for(struct sim_host *host, struct sim_errand *errand, int to,
                      uint64_t key, uint32_t depth)
{
    struct sim *sim = host->sim;
    if (sim->sticks == NULL)
        sim->sticks = calloc(1, sizeof(*sim->sticks));
    assert(sim->sticks != NULL);
    if (sim->sticks->len == SIM_STICKS_MAX)
        return;
    struct sim_stick *stick = &sim->sticks->sticks[sim->sticks->len];
    *stick =
        (struct sim_stick){.key = key, .from = host->index, .to = to, .depth = depth};
    char hex[2 * ID_SIZE + 1];
    hex_encode(hex, sim->hosts[to]->site.bytes, ID_SIZE);
    *errand = (struct sim_errand){
        .client = client_of(sim, stick), .which = sim->sticks->len++, .done = on_part};
    watch_bundle_asked(host, stick);
    sim_host_tell(host, EVENT_CLIENT_OPENED, errand->client, (struct bytes){0}, NULL);
    sim_people_ask(host, errand, "bundle.write", "site", hex, NULL);
    come_in(sim, stick, ARRIVES, way_ms(sim, stick));
}

/* The parent or one of those below; -1: nobody. */
static int neighbour(const struct sim_host *host, uint64_t number)
{
    int fitting[SIM_HOSTS_MAX], len = 0;
    for (int i = 0; i < host->sim->hosts_len; i++)
        if (host->parent == i || host->sim->hosts[i]->parent == host->index)
            fitting[len++] = i;
    return len == 0 ? -1 : fitting[number % (uint64_t)len];
}

void sim_courier_write(struct sim_host *host, struct sim_errand *errand)
{
    uint64_t key = errand->key;
    int to = neighbour(host, sim_dice(host->sim, "stick-to", key, 0));
    int alone = host->sim->script.alone;
    if (alone > 0 && host->sim->hosts[alone]->parent == host->index)
        to = alone;
    if (to >= 0 && !sim_liar_is(host) && !sim_liar_is(host->sim->hosts[to]))
        write_for(host, errand, to, key, 0);
}

/* --- reading --- */

static void read_file(struct sim_host *host, struct sim_stick *stick, struct bytes file);

static void answer_home(struct sim_host *host, const struct sim_stick *stick)
{
    struct sim *sim = host->sim;
    struct sim_errand *errand = sim_people_errand(host);
    if (sim->is_over || errand == NULL || stick->depth == DEPTH_MAX ||
        sim_choose(sim, "stick-answer", stick->key, 2) != 0)
        return;
    write_for(host, errand, stick->from,
              stick->key + (stick->depth + 1) * 16 * (uint64_t)SIM_ENTRIES_MAX,
              stick->depth + 1);
}

static void end_trip(struct sim_host *host, struct sim_stick *stick)
{
    struct sim *sim = host->sim;
    enum fate fate = fate_of(sim, stick);
    close_client(host, stick);
    stick->is_being_read = false;
    bool was_spoiled = stick->is_spoiled || stick->is_refused;
    stick->is_spoiled = stick->is_refused = false;
    if (!was_spoiled) {
        stick->trips++;
        watch_bundle_read(host, stick);
        if (stick->trips > 1)
            sim_ever(sim, EVER_STICK_TWICE);
    }
    if (sim->is_over)
        return;
    if (was_spoiled || (fate == TWICE && stick->trips == 1))
        come_in(sim, stick, ARRIVES, way_ms(sim, stick));
    if (stick->trips == 1 && !was_spoiled)
        answer_home(host, stick);
}

static void read_next(struct sim_host *host, struct sim_stick *stick)
{
    if (++stick->at < stick->files_len)
        read_file(host, stick, buf_bytes(&stick->files[stick->at]));
    else
        end_trip(host, stick);
}

static void on_read(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    struct sim *sim = host->sim;
    struct sim_stick *stick = stick_of(sim, errand->which);
    if (stick->is_spoiled) {
        if (is_ok(status))
            sim_fail(sim, "API", "%s takes in a file that was %s", host->address,
                     fate_of(sim, stick) == FORGED ? "forged" : "damaged");
        else if (bytes_equal_str(status, "INVALID"))
            sim_ever(sim, EVER_STICK_DAMAGED);
        else if (bytes_equal_str(status, "DENIED") ||
                 bytes_equal_str(status, "UNVERIFIED"))
            sim_ever(sim, EVER_STICK_FORGED);
        end_trip(host, stick);
        return;
    }
    if (is_ok(status))
        watch_bundle_taken(host, stick, result);
    else
        watch_bundle_refused(host, stick, "reads", status);
    stick->is_refused |= bytes_equal_str(status, "NO_MEMORY");
    read_next(host, stick);
}

static void read_file(struct sim_host *host, struct sim_stick *stick, struct bytes file)
{
    struct buf map = {0};
    struct sim_errand *errand = sim_people_errand(host);
    if (errand == NULL)
        return; /* looked after later */
    *errand = (struct sim_errand){.client = client_of(host->sim, stick),
                                  .which = (uint32_t)(stick - host->sim->sticks->sticks),
                                  .done = on_read};
    pack_map(&map, 1);
    pack_str(&map, "file");
    pack_bin(&map, file.data, file.len);
    sim_people_ask_packed(host, errand, "bundle.read", buf_bytes(&map));
    buf_deinit(&map);
}

/* One bit, the end, or something more behind it. */
static void damage(const struct sim *sim, const struct sim_stick *stick, struct buf *file)
{
    uint64_t at = sim_dice(sim, "stick-damage", stick->key, 1);
    switch (sim_choose(sim, "stick-damage", stick->key, 4)) {
    case 0:
        file->len = at % file->len;
        break;
    case 1:
        buf_add_u8(file, (uint8_t)at);
        break;
    default:
        file->data[at / 8 % file->len] ^= (uint8_t)(1u << at % 8);
        break;
    }
}

static void read_spoiled(struct sim_host *host, struct sim_stick *stick)
{
    struct sim *sim = host->sim;
    struct buf file = {0};
    stick->is_spoiled = true;
    if (fate_of(sim, stick) == FORGED) {
        watch_bundle_forge(sim, stick, &file);
    } else {
        buf_append(&file, &stick->files[0]);
        damage(sim, stick, &file);
    }
    read_file(host, stick, buf_bytes(&file));
    buf_deinit(&file);
}

static bool spoils_first(const struct sim *sim, const struct sim_stick *stick)
{
    enum fate fate = fate_of(sim, stick);
    return !sim->is_over && stick->trips == 0 && (fate == DAMAGED || fate == FORGED) &&
           !stick->was_spoiled;
}

static void begin_reading(struct sim_host *host, struct sim_stick *stick)
{
    struct sim *sim = host->sim;
    sim_host_tell(host, EVENT_CLIENT_OPENED, client_of(sim, stick), (struct bytes){0},
                  NULL);
    stick->is_being_read = true;
    stick->is_spoiled = stick->is_refused = false;
    stick->boots = host->boots;
    stick->at = 0;
    stick->came = 0;
    come_in(sim, stick, LOOKS, READING_MS);
    if (spoils_first(sim, stick)) {
        stick->was_spoiled = true;
        read_spoiled(host, stick);
    } else {
        watch_bundle_begins(host, stick);
        read_file(host, stick, buf_bytes(&stick->files[0]));
    }
}

/* The power went, or nobody had a hand free. */
static void look_after(struct sim_host *host, struct sim_stick *stick)
{
    struct sim *sim = host->sim;
    if (!stick->is_being_read)
        return;
    if (host->is_on && host->boots == stick->boots)
        close_client(host, stick);
    else
        sim_ever(sim, EVER_STICK_CUT);
    stick->is_being_read = stick->is_spoiled = false;
    come_in(sim, stick, ARRIVES, MINUTE_MS);
}

void sim_courier_comes(struct sim *sim, uint64_t number, uint64_t what)
{
    struct sim_stick *stick = stick_of(sim, number);
    struct sim_host *host = sim->hosts[stick->to];
    if (sim->is_over || stick->files_len == 0 || stick->is_lost)
        return;
    if (what == LOOKS) {
        look_after(host, stick);
        return;
    }
    if (stick->is_being_read)
        return;
    if (fate_of(sim, stick) == LOST) {
        stick->is_lost = true;
        sim_trace(sim, NULL, "stick %" PRIu64 " is lost", number);
        sim_ever(sim, EVER_STICK_LOST);
        return;
    }
    if (!host->is_on) {
        come_in(sim, stick, ARRIVES, LATER_MS);
        return;
    }
    sim_trace(sim, host, "stick %" PRIu64 " of %s", number,
              sim->hosts[stick->from]->address);
    begin_reading(host, stick);
}

void sim_courier_end(struct sim *sim)
{
    bool has_news = false;
    if (sim->sticks == NULL)
        return;
    for (uint32_t i = 0; i < sim->sticks->len; i++) {
        struct sim_stick *stick = &sim->sticks->sticks[i];
        struct sim_host *host = sim->hosts[stick->to];
        if (stick->files_len == 0 || stick->is_lost || !host->is_on ||
            (stick->trips > 0 && fate_of(sim, stick) != KEPT))
            continue;
        if (stick->is_being_read && host->boots == stick->boots)
            close_client(host, stick);
        sim_trace(sim, host, "stick %" PRIu32 " of %s, late", i,
                  sim->hosts[stick->from]->address);
        sim_ever(sim, EVER_STICK_LATE);
        begin_reading(host, stick);
    }
    sim_until(sim, sim->now_ms + END_MS);
    for (uint32_t i = 0; i < sim->sticks->len; i++)
        has_news |= sim->sticks->sticks[i].came > 0;
    if (has_news)
        sim_until(sim, sim->now_ms + QUIET_MS);
}

void sim_courier_free(struct sim *sim)
{
    if (sim->sticks == NULL)
        return;
    for (uint32_t i = 0; i < sim->sticks->len; i++) {
        struct sim_stick *stick = &sim->sticks->sticks[i];
        for (uint32_t n = 0; n < stick->files_len; n++)
            buf_deinit(&stick->files[n]);
        id_list_deinit(&stick->holds);
        id_list_deinit(&stick->carried);
        id_list_deinit(&stick->said);
    }
    for (int i = 0; i < SIM_HOSTS_MAX; i++)
        for (int n = 0; n < SIM_HOSTS_MAX; n++)
            id_list_deinit(&sim->sticks->known[i][n]);
    free(sim->sticks);
    sim->sticks = NULL;
}
