#include "node/core/new_case.h"

#include <string.h>

#include "node/cases/minor.h"
#include "node/cases/schema.h"
#include "node/core/api.h"
#include "node/core/parties.h"

static const struct {
    const char *argument, *field;
} texts[] = {
    {"category", "category"}, {"title", "title"}, {"narrative", "narrative"},
    {"context", "context"},   {"place", "place"}, {"wish", "wish"},
    {"found_by", "found-by"},
};

static enum status read_parties(const struct args *args, struct draft *draft,
                                struct err *err)
{
    struct pack_reader reader;
    uint32_t count;
    enum status status = parties_read(args, draft, &reader, &count, err);
    if (status == STATUS_OK && args_flag(args, "minor") &&
        !minor_are_parties(&reader, count))
        return err_set(err, STATUS_INVALID, "%s", effect_text(EFFECT_NAMES_MINOR));
    return status;
}

enum status new_case_read_from(const struct args *args, struct bytes narrative,
                               struct draft *draft, const char **field, struct err *err)
{
    struct bytes said;
    draft_init(draft, "case-new", NULL);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        *field = texts[i].argument;
        if (strcmp(*field, "narrative") == 0 && narrative.len > 0 &&
            !args_raw(args, *field, &said)) {
            draft_text(draft, texts[i].field, narrative);
            continue;
        }
        enum status status = api_draft_text(args, *field, draft, texts[i].field, err);
        if (status != STATUS_OK)
            return status;
    }
    *field = "parties";
    enum status status = read_parties(args, draft, err);
    if (status == STATUS_OK)
        *field = NULL;
    if (args_flag(args, "minor"))
        draft_flag(draft, "minor", true);
    return status;
}

enum status new_case_read(const struct args *args, struct draft *draft,
                          const char **field, struct err *err)
{
    return new_case_read_from(args, (struct bytes){0}, draft, field, err);
}

enum status new_case_write(struct core *core, struct caller *caller, struct draft *draft,
                           char number[static CASE_NUMBER_SIZE], struct id *scope,
                           struct err *err)
{
    enum status status = case_number_next(core, number);
    draft_text(draft, "number", bytes_str(number));
    if (status == STATUS_OK)
        status = author_write(core, draft, caller->signer.pair, scope, err);
    if (status != STATUS_OK)
        return status;
    return core_check(core, store_number_put(core->store, scope, bytes_str(number)));
}
