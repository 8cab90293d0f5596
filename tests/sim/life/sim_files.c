#include "tests/sim/life/sim_files.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "proto/limits.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"

#define TAG_LEN 28 /* "chosen-file-" and 16 digits */

bool sim_files_goes_along(const struct sim *sim, uint64_t key)
{
    /* A backup may miss a piece as well as an op. */
    return sim->folder != NULL || sim_dice(sim, "file-goes-along", key, 0) % 3 == 0;
}

/* Of one piece to three; a line may be slow for a while. */
static size_t length_of(const struct sim *sim, uint64_t key)
{
    size_t tags = 1 + sim_dice(sim, "file-length", key, 0) % 40;
    if (sim_dice(sim, "file-is-long", key, 0) % 2 == 0)
        tags += (1 + sim_dice(sim, "file-pieces", key, 0) % 2) *
                (ATTACHMENT_CHUNK_SIZE / TAG_LEN + 1);
    return tags * TAG_LEN;
}

char *sim_files_make(const struct sim *sim, uint64_t key, size_t len)
{
    size_t whole = (len + TAG_LEN - 1) / TAG_LEN * TAG_LEN;
    char *text = malloc(1 + whole + 1);
    assert(text != NULL);
    text[0] = '=';
    for (size_t at = 0; at < whole; at += TAG_LEN)
        (void)snprintf(text + 1 + at, TAG_LEN + 1, "chosen-file-%016" PRIx64,
                       sim_dice(sim, "file-up", key, 0));
    return text;
}

void sim_files_attach(struct sim_host *host, struct sim_errand *errand,
                      const struct sim_case *c)
{
    const struct sim *sim = host->sim;
    char *text = sim_files_make(sim, errand->key, length_of(sim, errand->key));
    sim_people_ask(host, errand, "attach.add", "bytes", text, "case", c->number, "name",
                   "chosen.txt", NULL);
    free(text);
}

const char *sim_files_list(const struct sim_errand *errand,
                           char out[static SIM_FILES_SIZE])
{
    if (errand->hex[0] == '\0')
        return NULL;
    (void)snprintf(out, SIM_FILES_SIZE, "[%.12s]", errand->hex);
    return out;
}

bool sim_files_is_one(struct bytes file)
{
    if (file.len == 0 || file.len % TAG_LEN != 0 || memcmp(file.data, "chosen-file-", 12))
        return false;
    for (size_t at = TAG_LEN; at < file.len; at += TAG_LEN)
        if (memcmp(file.data, file.data + at, TAG_LEN) != 0)
            return false;
    return true;
}

/* --- files of a case --- */

/* The next step of an errand that was answered; NULL: everybody is busy. */
static struct sim_errand *go_on(struct sim_host *host, const struct sim_errand *errand,
                                sim_errand_done *done)
{
    struct sim_errand *next = sim_people_errand(host);
    if (next == NULL)
        return NULL;
    *next = *errand;
    next->done = done;
    return next;
}

static void on_taken_away(struct sim_host *host, struct sim_errand *errand,
                          struct bytes status, struct bytes result)
{
    if (bytes_equal_str(status, "OK"))
        sim_ever(host->sim, EVER_FILE_TAKEN_AWAY);
}

static void on_read_back(struct sim_host *host, struct sim_errand *errand,
                         struct bytes status, struct bytes result)
{
    char text[SIM_TEXT_SIZE];
    struct bytes raw, bytes;
    const char *kept = sim_deeds_text(host, text, "file", errand->key);
    if (!bytes_equal_str(status, "OK") || !view_map_get(result, "bytes", &raw))
        return;
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_bin(&reader, &bytes, NULL) != STATUS_OK ||
        !bytes_equal_str(bytes, kept)) {
        sim_fail(host->sim, "I2", "%s gives another file back", host->address);
        return;
    }
    sim_ever(host->sim, EVER_FILE_READ_BACK);
    if (sim_dice(host->sim, "take-away", errand->key, 0) % 2 == 0)
        return;
    struct sim_errand *next = go_on(host, errand, on_taken_away);
    if (next != NULL)
        sim_people_ask(host, next, "attach.remove", "case",
                       host->cases[next->which].number, "file", next->hex, "reason",
                       "拍到了旁人", NULL);
}

static void on_attached(struct sim_host *host, struct sim_errand *errand,
                        struct bytes status, struct bytes result)
{
    struct id op;
    if (!bytes_equal_str(status, "OK") || !view_map_id(result, "op", &op))
        return;
    hex_encode(errand->hex, op.bytes, ID_SIZE);
    struct sim_errand *next = go_on(host, errand, on_read_back);
    if (next != NULL)
        sim_people_ask(host, next, "attach.get", "case", host->cases[next->which].number,
                       "file", next->hex, NULL);
}

void sim_files_keep(struct sim_host *host, struct sim_errand *errand,
                    const struct sim_case *c)
{
    char text[SIM_TEXT_SIZE + 1];
    text[0] = '=';
    (void)sim_deeds_text(host, text + 1, "file", errand->key);
    errand->which = (int)(c - host->cases);
    errand->done = on_attached;
    sim_people_ask(host, errand, "attach.add", "bytes", text, "case", c->number, "name",
                   "file.txt", NULL);
}
