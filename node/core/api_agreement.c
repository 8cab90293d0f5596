#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/parties.h"
#include "node/core/rulebook.h"

#define TEXT_MAX 12000
#define CITES_MAX 16

/* Where nobody is named, those of the case. */
static enum status add_parties(struct core *core, const struct args *args,
                               const struct id *scope, struct draft *draft,
                               struct err *err)
{
    struct bytes parties = {0};
    struct pack_reader reader;
    uint32_t count;
    struct buf view = {0};
    if (args_raw(args, "parties", &parties))
        return parties_read(args, draft, &reader, &count, err);
    enum status status = api_view(core, scope, &view);
    if (status == STATUS_OK) {
        (void)view_map_get(buf_bytes(&view), "parties",
                           &parties); /* each case has them */
        draft_raw(draft, "parties", parties);
    }
    buf_deinit(&view);
    return status;
}

/* Clauses are named by their numbers; what is written down is the wording of today. */
static enum status add_clauses(struct core *core, const struct args *args,
                               struct draft *draft, struct err *err)
{
    struct bytes numbers[CITES_MAX];
    struct buf cites = {0};
    size_t len;
    enum status status = api_texts(args, "clauses", numbers, CITES_MAX, &len, err);
    if (status != STATUS_OK || len == 0)
        return status;
    pack_array(&cites, (uint32_t)len);
    for (size_t i = 0; status == STATUS_OK && i < len; i++) {
        status = rulebook_cite(core, numbers[i], &cites);
        if (status == STATUS_NOT_FOUND)
            status = err_set(err, status, "no village rules here have a clause %.*s",
                             numbers[i].len > 60 ? 60 : (int)numbers[i].len,
                             (const char *)numbers[i].data);
    }
    if (status == STATUS_OK)
        status = buf_status(&cites);
    if (status == STATUS_OK)
        draft_raw(draft, "clauses", buf_bytes(&cites));
    buf_deinit(&cites);
    return status;
}

enum status api_agreement_new(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    static const struct {
        const char *name;
        size_t max;
        bool is_required;
    } texts[] = {
        {"dispute", TEXT_MAX, false},
        {"facts", TEXT_MAX, false},
        {"manner", TEXT_MAX, false},
        {"terms", TEXT_MAX, true},
    };
    struct id scope;
    struct draft draft;
    struct bytes deadline;
    enum status status = api_find_case(core, args, &scope, err);
    draft_init(&draft, "agreement", &scope);
    if (status == STATUS_OK)
        status = add_clauses(core, args, &draft, err);
    for (size_t i = 0; status == STATUS_OK && i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct bytes text;
        status = texts[i].is_required
                     ? args_text(args, texts[i].name, texts[i].max, &text, err)
                     : args_text_optional(args, texts[i].name, texts[i].max, &text, err);
        if (status == STATUS_OK)
            draft_text_optional(&draft, texts[i].name, text);
    }
    if (status == STATUS_OK)
        status = args_day(args, "deadline", &deadline, err);
    if (status == STATUS_OK) {
        draft_text_optional(&draft, "deadline", deadline);
        status = add_parties(core, args, &scope, &draft, err);
    }
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return core_check(core, status);
}
