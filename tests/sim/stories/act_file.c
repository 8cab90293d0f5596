#include "tests/sim/stories/acts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_files.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/stories/minutes.h"

/* --- a file of a case ---------------------------------------------------------------
 */

static void add(struct said *said, const char *bytes)
{
    struct sim_errand *errand = said_errand(said, said_saved);
    if (errand != NULL)
        sim_people_ask(said->host, errand, "attach.add", "bytes", bytes, "case",
                       said->matter->number, "name", said->caught[2], NULL);
}

void act_add_file(struct said *said)
{
    size_t len = strtoul(said->caught[3], NULL, 10) * 1024;
    char *bytes = sim_files_make(said->stage->sim, said->stage->minutes.len, len);
    add(said, bytes);
    free(bytes);
}

void act_add_private_file(struct said *said)
{
    char bytes[SIM_TEXT_SIZE + 1] = "=";
    (void)sim_deeds_text(said->host, bytes + 1, "file", said->stage->minutes.len);
    add(said, bytes);
}

/* --- who has it ---------------------------------------------------------------------
 */

/* Pieces are told of what went up; a file of a case is whole from the first. */
static bool tell_file(void *context, struct bytes file)
{
    struct bytes name = {0};
    uint64_t here = 0, lacking = 0, size = 0;
    (void)view_map_text(file, "name", &name);
    (void)view_map_uint(file, "here", &here);
    (void)view_map_uint(file, "lacking", &lacking);
    (void)view_map_uint(file, "size", &size);
    if (here + lacking == 0)
        minutes_add(context, "%.*s: %" PRIu64 " bytes", (int)name.len,
                    (const char *)name.data, size);
    else
        minutes_add(context, "%.*s: %" PRIu64 " of its %" PRIu64 " pieces are here",
                    (int)name.len, (const char *)name.data, here, here + lacking);
    return true;
}

static void on_listed(struct sim_host *host, struct sim_errand *errand,
                      struct bytes status, struct bytes result)
{
    static const struct said_list list = {"files", "there is no file", tell_file};
    (void)errand;
    said_listed(host, status, result, &list);
}

/* Its village calls it by the case, everybody else by the record. */
static bool name_matter(const struct said *said, char out[static 2 * ID_SIZE + 1])
{
    if (said->host != said->matter->village)
        return said_record(said, out);
    (void)snprintf(out, 2 * ID_SIZE + 1, "%s", said->matter->number);
    return true;
}

void act_see_files(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_listed);
    char name[2 * ID_SIZE + 1];
    if (errand != NULL && name_matter(said, name))
        sim_people_ask(said->host, errand, "attach.list", "case", name, NULL);
}

/* --- reading it ---------------------------------------------------------------------
 */

static void on_read(struct sim_host *host, struct sim_errand *errand, struct bytes status,
                    struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct bytes raw, bytes;
    (void)errand;
    if (!said_is_ok(status) || !view_map_get(result, "bytes", &raw)) {
        said_refused(host, status, result);
        return;
    }
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_bin(&reader, &bytes, NULL) != STATUS_OK)
        return;
    bool is_private = memmem(bytes.data, bytes.len, "CANARY-", strlen("CANARY-")) != NULL;
    const char *what = sim_files_is_one(bytes) ? "as it was written"
                       : is_private            ? "a private text"
                                               : "another file";
    minutes_add(stage, "it has %zu bytes: %s", bytes.len, what);
}

struct file_search {
    const char *name;
    struct id op;
    bool is_found;
};

static bool match_file(void *context, struct bytes file)
{
    struct file_search *search = context;
    search->is_found = view_map_has_text(file, "name", search->name) &&
                       view_map_id(file, "op", &search->op);
    return !search->is_found;
}

/* A file is asked for by its op, which the list has. */
static void on_found(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    struct stage *stage = host->sim->ear.context;
    struct file_search search = {.name = errand->hex};
    struct said said = {
        .stage = stage, .host = host, .matter = &stage->matters[errand->which]};
    char matter[2 * ID_SIZE + 1], hex[2 * ID_SIZE + 1];
    if (!said_is_ok(status)) {
        said_refused(host, status, result);
        return;
    }
    view_map_each(result, "files", match_file, &search);
    if (!search.is_found) {
        minutes_add(stage, "%s has no such file", host->name);
        return;
    }
    hex_encode(hex, search.op.bytes, ID_SIZE);
    struct sim_errand *next = said_errand(&said, on_read);
    if (next != NULL && name_matter(&said, matter))
        sim_people_ask(host, next, "attach.get", "case", matter, "file", hex, NULL);
}

void act_read_file(struct said *said)
{
    struct sim_errand *errand = said_errand(said, on_found);
    char name[2 * ID_SIZE + 1];
    if (errand == NULL || !name_matter(said, name))
        return;
    (void)snprintf(errand->hex, sizeof(errand->hex), "%.64s", said->caught[2]);
    sim_people_ask(said->host, errand, "attach.list", "case", name, NULL);
}
