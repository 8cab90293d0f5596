/* Our seal logs, those of others that this machine watches, and proofs against some. */
#include <stdlib.h>
#include <string.h>

#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/seal_log.h"
#include "node/core/witness.h"
#include "proto/seal_proof.h"
#include "storage/store_seals.h"
#include "storage/store_witness.h"

#define SEALS_SHOWN 31      /* of a log, where no limit is given */
#define SEALS_SHOWN_MAX 400 /* … and at most */
#define LOGS_SHOWN_MAX 32   /* the newest ones: a log is a life of this machine */

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static void pack_text(struct buf *out, const char *name, const char *text)
{
    pack_str(out, name);
    pack_str(out, text);
}

static void pack_root(struct buf *out, const struct merkle_hash *root)
{
    pack_str(out, "root");
    pack_bin(out, root->bytes, MERKLE_HASH_SIZE);
}

/* --- ours --- */

struct page {
    uint64_t from, to; /* places of leaves */
    struct buf *rows;  /* one for each of them */
    struct seal_head former;
    bool has_former;
};

static const char *kind_text(enum seal_kind kind)
{
    static const char *const texts[SEAL_KINDS] = {"begin", "day", "gap"};
    return texts[kind];
}

static enum status take_seal(void *context, const struct store_seal *row)
{
    struct page *page = context;
    struct seal seal;
    bool is_shown = row->place >= page->from && row->place < page->to;
    if (row->place > 0 && !is_shown)
        return STATUS_OK;
    if (seal_read(&seal, row->leaf, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    if (row->place == 0) {
        page->has_former = seal.has_former;
        page->former = seal.former;
    }
    if (!is_shown)
        return STATUS_OK;
    struct buf *out = &page->rows[row->place - page->from];
    pack_map(out, 6);
    pack_number(out, "gap", seal.kind == SEAL_GAP ? seal.gap_s : 0);
    pack_text(out, "kind", kind_text(seal.kind));
    pack_number(out, "place", row->place);
    pack_number(out, "private", row->private_size);
    pack_number(out, "shared", row->shared_size);
    pack_number(out, "wall", seal.wall);
    return buf_status(out);
}

struct cosigned {
    struct core *core;
    struct buf rows;
    uint32_t len;
};

/* The site whose charter has that machine, by its signing key; empty: none. */
static void pack_name_of(struct core *core, const struct id *site, struct buf *out)
{
    struct charter *charter = charters_of_site(core, site);
    pack_str(out, charter == NULL ? "" : charter_name(charter));
}

struct witness_search {
    struct core *core;
    struct bytes name; /* of a witness */
    bool is_found;
    struct id site;
};

static enum status compare_peer(void *context, const struct store_peer *peer)
{
    struct witness_search *search = context;
    struct charter *charter = charters_of_site(search->core, &peer->site);
    size_t len = 0;
    const struct charter_node *nodes =
        charter == NULL ? NULL : charter_nodes(charter, &len);
    for (size_t i = 0; i < len && !search->is_found; i++) {
        char name[WITNESS_NAME_SIZE];
        witness_name(name, nodes[i].key);
        search->is_found = bytes_equal_str(search->name, name);
    }
    if (search->is_found)
        search->site = peer->site;
    return search->is_found ? STATUS_EXISTS : STATUS_OK;
}

static enum status take_cosigned(void *context, struct bytes witness, uint64_t size,
                                 struct bytes note)
{
    struct cosigned *cosigned = context;
    struct witness_search search = {.core = cosigned->core, .name = witness};
    (void)note;
    enum status status = store_peers(cosigned->core->store, compare_peer, &search);
    if (status != STATUS_OK && status != STATUS_EXISTS)
        return status;
    struct buf *out = &cosigned->rows;
    pack_map(out, 3);
    pack_str(out, "site");
    if (search.is_found)
        pack_name_of(cosigned->core, &search.site, out);
    else
        pack_str(out, "");
    pack_number(out, "size", size);
    pack_str(out, "witness");
    pack_str_bytes(out, witness);
    cosigned->len++;
    return buf_status(out);
}

static enum status pack_cosigned(struct core *core, int64_t log, struct buf *out)
{
    struct cosigned cosigned = {.core = core};
    enum status status = store_cosigned(core->store, log, take_cosigned, &cosigned);
    pack_str(out, "cosigned");
    pack_array(out, cosigned.len);
    buf_append(out, &cosigned.rows);
    buf_deinit(&cosigned.rows);
    return status;
}

static void pack_seals(const struct page *page, struct buf *out)
{
    uint64_t len = page->to - page->from;
    pack_str(out, "seals");
    pack_array(out, (uint32_t)len);
    for (uint64_t i = len; i > 0; i--) /* the newest first */
        buf_append(out, &page->rows[i - 1]);
}

static enum status pack_log(struct core *core, const struct seal_log *log,
                            struct page *page, struct buf *out)
{
    struct merkle_hash root;
    enum status status = store_seals(core->store, log->number, take_seal, page);
    if (status != STATUS_OK)
        return status;
    seal_log_root(log, log->len, &root);
    pack_map(out, 6);
    status = pack_cosigned(core, log->number, out);
    pack_str(out, "former");
    if (page->has_former)
        pack_str(out, page->former.origin);
    else
        pack_nil(out);
    pack_text(out, "origin", log->origin);
    pack_root(out, &root);
    pack_seals(page, out);
    pack_number(out, "size", log->len);
    return status;
}

/* The limit newest seals before that place. */
static enum status add_log(struct core *core, const struct seal_log *log, uint64_t limit,
                           uint64_t after, struct buf *out)
{
    struct page page = {.to = after < log->len ? after : log->len};
    page.from = page.to > limit ? page.to - limit : 0;
    page.rows = calloc(page.to - page.from + 1, sizeof(*page.rows));
    if (page.rows == NULL)
        return STATUS_NO_MEMORY;
    enum status status = pack_log(core, log, &page, out);
    for (uint64_t i = 0; i < page.to - page.from; i++)
        buf_deinit(&page.rows[i]);
    free(page.rows);
    return status;
}

enum status api_seal_list(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    uint64_t limit = args_number(args, "limit", SEALS_SHOWN);
    uint64_t after = args_number(args, "after", UINT64_MAX);
    struct buf logs = {0};
    struct seal_log log;
    uint32_t len = 0;
    char origin[SEAL_ORIGIN_SIZE];
    int64_t number = -1;
    limit = limit > SEALS_SHOWN_MAX ? SEALS_SHOWN_MAX : limit;
    enum status status = store_seal_log_last(core->store, &number, origin);
    if (status == STATUS_NOT_FOUND)
        status = STATUS_OK;
    for (; status == STATUS_OK && number >= 0 && len < LOGS_SHOWN_MAX; number--, len++) {
        status = seal_log_read_former(core, number, &log);
        if (status == STATUS_OK)
            status = add_log(core, &log, limit, after, &logs);
        seal_log_free(&log);
    }
    pack_map(result, 1);
    pack_str(result, "logs");
    pack_array(result, len);
    buf_append(result, &logs);
    buf_deinit(&logs);
    return core_check(core, status);
}

/* --- others' --- */

struct listing {
    struct core *core;
    struct buf rows;
    uint32_t len;
};

static void pack_listing(struct listing *listing, const char *name, struct buf *result)
{
    pack_map(result, 1);
    pack_str(result, name);
    pack_array(result, listing->len);
    buf_append(result, &listing->rows);
    buf_deinit(&listing->rows);
}

static enum status list_log(void *context, const struct store_witnessed *log)
{
    struct listing *listing = context;
    struct buf *out = &listing->rows;
    pack_map(out, 8);
    pack_str(out, "closed");
    pack_bool(out, log->is_closed);
    pack_str(out, "machine");
    pack_bin(out, log->machine, KEY_SIZE);
    pack_str(out, "name");
    pack_name_of(listing->core, &log->site, out);
    pack_text(out, "origin", log->head.origin);
    pack_str(out, "site");
    pack_bin(out, log->site.bytes, ID_SIZE);
    pack_number(out, "size", log->head.size);
    pack_text(out, "successor", log->successor);
    pack_number(out, "wall", log->wall);
    listing->len++;
    return buf_status(out);
}

enum status api_seal_witnessed(struct core *core, struct caller *caller,
                               const struct args *args, struct buf *result,
                               struct err *err)
{
    struct listing listing = {.core = core};
    enum status status = store_witnessed(core->store, list_log, &listing);
    pack_listing(&listing, "logs", result);
    return core_check(core, status);
}

/* --- proofs --- */

static enum status take_site(void *context, const struct store_witnessed *log)
{
    *(struct id *)context = log->site;
    return STATUS_OK;
}

/* NOT_FOUND: what was seen of that log is not here any more. */
static enum status find_site(struct core *core, struct bytes origin, struct id *site)
{
    char text[SEAL_ORIGIN_SIZE] = "";
    if (origin.len != SEAL_ORIGIN_SIZE - 1)
        return STATUS_CORRUPT;
    memcpy(text, origin.data, origin.len);
    return store_witnessed_get(core->store, text, take_site, site);
}

static enum status list_proof(void *context, int64_t number, struct bytes origin,
                              uint64_t wall, struct bytes file)
{
    struct listing *listing = context;
    struct buf *out = &listing->rows;
    struct id site;
    struct seal_proof *proof = malloc(sizeof(*proof));
    if (proof == NULL)
        return STATUS_NO_MEMORY;
    bool is_read = seal_proof_read(proof, file, NULL) == STATUS_OK;
    enum seal_proof_kind kind = proof->kind;
    free(proof);
    if (!is_read)
        return STATUS_CORRUPT;
    enum status status = find_site(listing->core, origin, &site);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    pack_map(out, 6);
    pack_text(out, "kind", seal_proof_word(kind));
    pack_str(out, "name");
    if (status == STATUS_OK)
        pack_name_of(listing->core, &site, out);
    else
        pack_str(out, "");
    pack_number(out, "number", (uint64_t)number);
    pack_str(out, "origin");
    pack_str_bytes(out, origin);
    pack_str(out, "site");
    if (status == STATUS_OK)
        pack_bin(out, site.bytes, ID_SIZE);
    else
        pack_nil(out);
    pack_number(out, "wall", wall);
    listing->len++;
    return buf_status(out);
}

enum status api_seal_proofs(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct listing listing = {.core = core};
    enum status status = store_seal_proofs(core->store, list_proof, &listing);
    pack_listing(&listing, "proofs", result);
    return core_check(core, status);
}

struct proof_search {
    uint64_t number;
    struct buf *out;
    bool is_found;
};

static enum status give_file(void *context, int64_t number, struct bytes origin,
                             uint64_t wall, struct bytes file)
{
    struct proof_search *search = context;
    (void)origin;
    (void)wall;
    if (search->is_found || (uint64_t)number != search->number)
        return STATUS_OK;
    search->is_found = true;
    pack_map(search->out, 1);
    pack_str(search->out, "file");
    pack_bin(search->out, file.data, file.len);
    return buf_status(search->out);
}

enum status api_seal_proof(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct proof_search search = {.number = args_number(args, "number", 0),
                                  .out = result};
    enum status status = store_seal_proofs(core->store, give_file, &search);
    if (status != STATUS_OK || search.is_found)
        return core_check(core, status);
    return err_set(err, STATUS_NOT_FOUND,
                   "there is no proof of the number %llu; see: fengqiao seal proofs",
                   (unsigned long long)search.number);
}
