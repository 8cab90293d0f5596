/* audit.sample: a part of what is here, drawn by a seed so that nobody chooses and
 * everybody who holds the same draws the same (docs/LEDGER.md §7). */
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "node/cases/charter.h"
#include "node/cases/matter.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/state.h"

#define SAMPLE_MAX 400
#define SEED_MAX 120
#define PAGE_SCOPES 20000 /* are looked at in one call */

struct drawn {
    struct id rank, scope;
    enum scope_kind kind;
};

struct sample {
    struct core *core;
    struct bytes seed;
    struct id site; /* whose records */
    bool is_of_site, has_cases;
    uint64_t max;
    struct drawn *drawn; /* ascending by rank */
    uint64_t len;
    int64_t number; /* of the scope that was looked at last */
    bool has_more;
};

static void rank_of(const struct sample *sample, const struct id *scope, struct id *rank)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/audit-sample");
    digest_add(&digest, sample->seed.data, sample->seed.len);
    digest_add(&digest, scope->bytes, ID_SIZE);
    digest_final(&digest, rank->bytes);
}

/* --- who takes part --- */

struct candidate {
    const struct sample *sample;
    bool takes_part;
};

/* A paper of the site is no case, and is sent to nobody. */
static enum status look_at_candidate(void *context, const struct store_scope *scope)
{
    struct candidate *candidate = context;
    const struct sample *sample = candidate->sample;
    candidate->takes_part =
        scope->kind == SCOPE_CASE
            ? matter_of(scope->view) == MATTER_CASE
            : !sample->is_of_site || id_equal(&scope->site, &sample->site);
    return STATUS_OK;
}

/* --- drawing --- */

static void put(struct sample *sample, const struct drawn *one)
{
    uint64_t at = sample->len < sample->max ? sample->len++ : sample->len - 1;
    for (; at > 0 && id_compare(&sample->drawn[at - 1].rank, &one->rank) > 0; at--)
        sample->drawn[at] = sample->drawn[at - 1];
    sample->drawn[at] = *one;
}

/* Only what would be drawn is looked up: of many few are. */
static enum status consider(struct sample *sample, const struct drawn *one)
{
    struct candidate candidate = {.sample = sample};
    bool is_full = sample->len == sample->max;
    if (is_full && id_compare(&one->rank, &sample->drawn[sample->len - 1].rank) > 0)
        return STATUS_OK;
    enum status status =
        store_scope_get(sample->core->store, &one->scope, look_at_candidate, &candidate);
    if (status == STATUS_OK && candidate.takes_part)
        put(sample, one);
    return status;
}

static enum status draw(struct sample *sample)
{
    struct drawn one;
    for (int i = 0; i < PAGE_SCOPES; i++) {
        enum status status =
            store_scope_next(sample->core->store, &sample->number, &one.scope, &one.kind);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        if (one.kind != SCOPE_ESCALATION &&
            (one.kind != SCOPE_CASE || !sample->has_cases))
            continue;
        rank_of(sample, &one.scope, &one.rank);
        status = consider(sample, &one);
        if (status != STATUS_OK)
            return status;
    }
    sample->has_more = true;
    return STATUS_OK;
}

/* --- the answer --- */

struct row {
    struct core *core;
    const struct drawn *drawn;
    struct buf *out;
};

static enum status pack_row(void *context, const struct store_scope *scope)
{
    struct row *row = context;
    struct buf *out = row->out;
    struct charter *charter = charters_of_site(row->core, &scope->site);
    pack_map(out, 7);
    pack_str(out, "kind");
    pack_str(out, schema_scope_text(scope->kind));
    api_pack_number(out, scope->view);
    pack_str(out, "rank");
    pack_bin(out, row->drawn->rank.bytes, ID_SIZE);
    pack_str(out, "scope");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_str(out, "site");
    pack_bin(out, scope->site.bytes, ID_SIZE);
    pack_str(out, "site_name");
    pack_str(out, charter == NULL ? "" : charter_name(charter));
    pack_str(out, "state");
    pack_str_bytes(out, view_state(scope->view));
    return buf_status(out);
}

static enum status pack_sample(const struct sample *sample, struct buf *result)
{
    enum status status = STATUS_OK;
    pack_map(result, 2);
    pack_str(result, "next");
    if (sample->has_more)
        pack_uint(result, (uint64_t)sample->number);
    else
        pack_nil(result);
    pack_str(result, "sample");
    pack_array(result, (uint32_t)sample->len);
    for (uint64_t i = 0; status == STATUS_OK && i < sample->len; i++) {
        struct row row = {
            .core = sample->core, .drawn = &sample->drawn[i], .out = result};
        status = store_scope_get(sample->core->store, &row.drawn->scope, pack_row, &row);
    }
    return status;
}

static enum status read_asked(struct core *core, const struct args *args,
                              struct sample *sample, struct err *err)
{
    struct bytes raw;
    *sample = (struct sample){.core = core, .has_cases = args_flag(args, "cases")};
    enum status status = args_text(args, "draw_seed", SEED_MAX, &sample->seed, err);
    sample->max = args_number(args, "n", 0);
    sample->number = (int64_t)(args_number(args, "after", 0) & INT64_MAX);
    if (status == STATUS_OK && (sample->max == 0 || sample->max > SAMPLE_MAX))
        return err_set(err, STATUS_INVALID, "n is how many are drawn: 1 to %d",
                       SAMPLE_MAX);
    sample->is_of_site = args_raw(args, "site", &raw);
    if (status == STATUS_OK && sample->is_of_site)
        status = api_find_site(core, args, "site", &sample->site, err);
    return status;
}

enum status api_audit_sample(struct core *core, struct caller *caller,
                             const struct args *args, struct buf *result, struct err *err)
{
    struct sample sample;
    enum status status = read_asked(core, args, &sample, err);
    if (status != STATUS_OK)
        return status;
    sample.drawn = calloc(sample.max, sizeof(*sample.drawn));
    if (sample.drawn == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    status = draw(&sample);
    if (status == STATUS_OK)
        status = pack_sample(&sample, result);
    free(sample.drawn);
    return core_check(core, status);
}
