#include "tests/sim/life/sim_import.h"

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_people.h"

#define ROWS_MAX 4

enum import_step { WITH_A_WRONG_LINE, LOOK, TAKE, TAKE_AGAIN, END };

static uint32_t rows_of(const struct sim_host *host, uint64_t key)
{
    return 1 + (uint32_t)sim_choose(host->sim, "import-rows", key, ROWS_MAX);
}

static void pack_text(struct sim_host *host, struct buf *out, const char *field,
                      uint64_t key)
{
    char text[SIM_TEXT_SIZE];
    pack_str(out, sim_deeds_text(host, text, field, key));
}

/* Each line has an id that hangs on what it says. */
static void pack_row(struct sim_host *host, struct buf *out, uint64_t key, uint32_t row,
                     bool is_wrong)
{
    uint64_t which = key * ROWS_MAX + row;
    struct digest digest;
    struct id line;
    digest_init(&digest, "fengqiao/test/line");
    digest_add_u64(&digest, which);
    digest_final(&digest, line.bytes);
    pack_map(out, 5);
    pack_str(out, "category");
    pack_str(out, "土地");
    pack_str(out, "context");
    pack_text(host, out, "import-context", which);
    pack_str(out, "line");
    pack_bin(out, line.bytes, ID_SIZE);
    pack_str(out, "narrative");
    pack_text(host, out, "import", which);
    pack_str(out, "title");
    if (is_wrong)
        pack_str(out, "");
    else
        pack_text(host, out, "import-title", which);
}

static void take_step(struct sim_host *host, struct sim_errand *errand)
{
    struct buf map = {0};
    uint32_t len = rows_of(host, errand->key);
    bool is_check = errand->step == LOOK, is_wrong = errand->step == WITH_A_WRONG_LINE;
    pack_map(&map, 1 + (uint32_t)is_check);
    if (is_check) {
        pack_str(&map, "check");
        pack_bool(&map, true);
    }
    pack_str(&map, "rows");
    pack_array(&map, len);
    for (uint32_t i = 0; i < len; i++)
        pack_row(host, &map, errand->key, i, is_wrong && i == len - 1);
    sim_people_ask_packed(host, errand, "case.import", buf_bytes(&map));
    buf_deinit(&map);
}

/* What the answer must be, where nothing of the host was lost unsaid. */
static void hear(struct sim_host *host, const struct sim_errand *errand,
                 struct bytes result)
{
    struct sim *sim = host->sim;
    uint64_t taken = 0, known = 0, len = rows_of(host, errand->key);
    (void)view_map_uint(result, "taken", &taken); /* always there */
    (void)view_map_uint(result, "known", &known);
    uint32_t problems = view_map_count(result, "problems");
    bool is_wrong = errand->step == WITH_A_WRONG_LINE;
    if ((problems > 0) != is_wrong || (is_wrong && taken + known > 0))
        sim_fail(sim, "API", "%s takes a part of a table, or none of a good one",
                 host->address);
    else if (!is_wrong && taken + known != len)
        sim_fail(sim, "API", "%s takes %llu lines of %llu", host->address,
                 (unsigned long long)(taken + known), (unsigned long long)len);
    else if (errand->step == TAKE_AGAIN && taken > 0)
        sim_fail(sim, "API", "%s makes a case of a line that is there", host->address);
    else if (is_wrong)
        sim_ever(sim, EVER_IMPORT_WRONG);
    else if (errand->step == TAKE)
        sim_ever(sim, EVER_IMPORTED);
    else if (errand->step == TAKE_AGAIN)
        sim_ever(sim, EVER_IMPORTED_AGAIN);
}

static void on_step(struct sim_host *host, struct sim_errand *before, struct bytes status,
                    struct bytes result)
{
    struct sim_errand *errand = sim_people_errand(host);
    if (!bytes_equal_str(status, "OK"))
        return;
    if (!host->is_flawed && !host->is_set_back)
        hear(host, before, result);
    if (errand == NULL || before->step + 1 == END)
        return;
    *errand = *before;
    errand->step++;
    take_step(host, errand);
}

void sim_import(struct sim_host *host, struct sim_errand *errand)
{
    errand->done = on_step;
    errand->step = WITH_A_WRONG_LINE;
    take_step(host, errand);
}
