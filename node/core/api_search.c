#include "node/cases/matter.h"
#include "node/cases/query.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/shelf.h"
#include "storage/store_search.h"

#define WORDS_SIZE_MAX 1024

/* Who may read the contents of what; an observer and an auditor see that something
 * happened, and not what. */
#define CASE_READERS (ROLE_STEWARD | ROLE_MEDIATOR)
#define ESCALATION_READERS (CASE_READERS | ROLE_DESK | ROLE_JUDGE | ROLE_AUTHORITY)

struct search {
    struct core *core;
    struct query query;
    uint32_t roles;
    struct buf places[QUERY_TOKENS_MAX];
    struct snippet snippet;
    struct buf hits;
    uint64_t hits_len, hits_max;
    uint32_t steps;
    int64_t number; /* of the scope that is looked at */
};

static bool may_read(const struct search *search, enum scope_kind kind)
{
    uint32_t readers = kind == SCOPE_CASE ? CASE_READERS : ESCALATION_READERS;
    return (search->roles & readers) != 0;
}

static void pack_word(struct buf *out, const char *key, struct bytes text)
{
    pack_str(out, key);
    pack_str_bytes(out, text);
}

/* Papers of the site have no number, and are in no state. */
static struct bytes kind_of(const struct store_scope *scope)
{
    if (scope->kind == SCOPE_ESCALATION)
        return bytes_str("escalation");
    return bytes_str(matter_text(matter_of(scope->view)));
}

static enum status add_hit(void *context, const struct store_scope *scope)
{
    struct search *search = context;
    struct buf *out = &search->hits;
    struct bytes title = {0};
    if (!may_read(search, scope->kind))
        return STATUS_OK;
    enum status status = query_snippet(&search->query, scope->view, &search->snippet);
    if (status != STATUS_OK)
        return status;
    if (matter_of(scope->view) != MATTER_CASE)
        title = shelf_title(scope->view);
    else
        (void)view_text(scope->view, "title", &title); /* empty where it is not shown */
    search->hits_len++;
    pack_map(out, 8);
    pack_word(out, "field", search->snippet.field);
    pack_word(out, "in", search->snippet.kind);
    pack_word(out, "kind", kind_of(scope));
    api_pack_number(out, scope->view);
    pack_str(out, "scope");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_word(out, "snippet", buf_bytes(&search->snippet.line));
    pack_word(out, "state",
              matter_of(scope->view) == MATTER_CASE ? view_state(scope->view)
                                                    : bytes_str(""));
    pack_word(out, "title", title);
    return buf_status(out);
}

/* From number down: the newest scope in which each token stands. Whichever token is not
 * there leads on to the next scope where it is, so that the rarest one sets the pace.
 * NOT_FOUND: none; BUSY: the steps are used up. */
static enum status meet(struct search *search)
{
    uint32_t agreed = 0;
    for (uint32_t i = 0; agreed < search->query.tokens_len;
         i = (i + 1) % search->query.tokens_len) {
        const struct token *token = &search->query.tokens[i];
        int64_t number = search->number;
        if (search->steps++ == SEARCH_STEPS_MAX)
            return STATUS_BUSY;
        enum status status = store_search_seek(
            search->core->store, bytes_of(token->text, token->len), &number);
        if (status != STATUS_OK)
            return status;
        agreed = number == search->number ? agreed + 1 : 1;
        search->number = number;
    }
    return STATUS_OK;
}

/* All tokens stand in the scope; do they stand side by side? */
static enum status look(struct search *search)
{
    struct bytes places[QUERY_TOKENS_MAX];
    for (uint32_t i = 0; i < search->query.tokens_len; i++) {
        const struct token *token = &search->query.tokens[i];
        enum status status =
            store_search_places(search->core->store, search->number,
                                bytes_of(token->text, token->len), &search->places[i]);
        if (status != STATUS_OK)
            return status;
        places[i] = buf_bytes(&search->places[i]);
    }
    if (!query_stands(&search->query, places))
        return STATUS_OK;
    return store_search_scope(search->core->store, search->number, add_hit, search);
}

/* OK: number is where the next page begins; NOT_FOUND: there is none. */
static enum status run(struct search *search)
{
    while (search->hits_len < search->hits_max) {
        enum status status = meet(search);
        if (status == STATUS_OK) {
            status = look(search);
            if (status == STATUS_NOT_FOUND) /* never: the index says that it is there */
                status = STATUS_CORRUPT;
        }
        if (status != STATUS_OK)
            return status == STATUS_BUSY ? STATUS_OK : status;
        if (--search->number == 0) /* never: our own charter is in no index */
            return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

static enum status prepare(struct search *search, struct caller *caller,
                           const struct args *args, struct err *err)
{
    struct bytes words;
    struct charter *charter;
    /* What is looked through depends on who asks. */
    enum status status = charters_own(search->core, &charter);
    if (status != STATUS_OK)
        return status;
    search->roles = charter_roles_now(charter, caller->signer.key);
    if (!may_read(search, SCOPE_ESCALATION))
        return err_set(err, STATUS_DENIED,
                       "the contents of cases are not shown to this person's roles");
    status = args_text(args, "words", WORDS_SIZE_MAX, &words, err);
    if (status == STATUS_OK)
        status = query_parse(&search->query, words, err);
    search->hits_max = args_number(args, "limit", SEARCH_HITS);
    if (search->hits_max == 0 || search->hits_max > SEARCH_HITS_MAX)
        search->hits_max = SEARCH_HITS_MAX;
    uint64_t after = args_number(args, "after", 0);
    search->number = after == 0 || after > SEARCH_NEWEST ? SEARCH_NEWEST : (int64_t)after;
    return status;
}

static void pack_found(struct search *search, bool is_over, struct buf *result)
{
    pack_map(result, 2);
    pack_str(result, "hits");
    pack_array(result, (uint32_t)search->hits_len);
    buf_append(result, &search->hits);
    pack_str(result, "next");
    if (is_over)
        pack_nil(result);
    else
        pack_uint(result, (uint64_t)search->number);
}

enum status api_search(struct core *core, struct caller *caller, const struct args *args,
                       struct buf *result, struct err *err)
{
    struct search search = {.core = core};
    enum status status = prepare(&search, caller, args, err);
    if (status == STATUS_OK) {
        status = run(&search);
        bool is_over = status == STATUS_NOT_FOUND;
        if (is_over)
            status = STATUS_OK;
        if (status == STATUS_OK)
            pack_found(&search, is_over, result);
    }
    for (uint32_t i = 0; i < QUERY_TOKENS_MAX; i++)
        buf_deinit(&search.places[i]);
    buf_deinit(&search.snippet.line);
    buf_deinit(&search.hits);
    return core_check(core, status);
}
