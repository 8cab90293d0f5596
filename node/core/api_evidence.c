/* Evidence (docs/PROTOCOL.md §10) about an escalation, a case, the site, or a period: as
 * a whole, or a part at a time. */
#include "node/core/api.h"
#include "node/core/evidence_write.h"
#include "node/core/far.h"

/* Of one answer; the rest of it is room for one value more and the cursor. */
#define PART_MAX (CONTROL_MESSAGE_MAX - 512u * 1024)

/* --- what is asked for --- */

static enum status read_period(const struct args *args, struct evidence_what *what,
                               struct err *err)
{
    what->about = EVIDENCE_PERIOD;
    what->from = args_number(args, "since", UINT64_MAX);
    what->to = args_number(args, "until", UINT64_MAX);
    if (what->from > INT64_MAX || what->to > INT64_MAX)
        return err_set(err, STATUS_INVALID, "a period has a beginning and an end");
    return what->from <= what->to
               ? STATUS_OK
               : err_set(err, STATUS_INVALID, "a period does not end before it begins");
}

static enum status read_about(const struct args *args, struct evidence_what *what,
                              struct err *err)
{
    struct bytes raw;
    bool has_case = args_raw(args, "case", &raw), is_site = args_flag(args, "site"),
         has_record = args_raw(args, "escalation", &raw),
         has_period = args_raw(args, "since", &raw) || args_raw(args, "until", &raw);
    if (has_case + is_site + has_record + has_period != 1)
        return err_set(err, STATUS_INVALID,
                       "evidence is about one thing: an escalation, a case, the site, or "
                       "a period");
    *what = (struct evidence_what){.about = has_case  ? EVIDENCE_CASE
                                            : is_site ? EVIDENCE_SITE
                                                      : EVIDENCE_ESCALATION};
    return has_period ? read_period(args, what, err) : STATUS_OK;
}

/* Whoever may read a case takes it away; all cases of the site together a steward does.
 */
static enum status find(struct core *core, const struct caller *caller,
                        const struct args *args, struct evidence_what *what,
                        struct err *err)
{
    enum status status = STATUS_OK;
    if (what->about == EVIDENCE_ESCALATION)
        return api_find_escalation(core, args, &what->scope, err);
    if (what->about == EVIDENCE_CASE) {
        status = far_may_read(core, caller, READS_CASES, err);
        return status == STATUS_OK ? api_find_case(core, args, &what->scope, err)
                                   : status;
    }
    what->has_cases = args_flag(args, "cases");
    return !what->has_cases || caller_is_steward(core, caller)
               ? STATUS_OK
               : err_set(err, STATUS_DENIED,
                         "cases go into evidence about the site by the word of a steward "
                         "alone; unlock as one, or leave them out");
}

static enum status read_what(struct core *core, const struct caller *caller,
                             const struct args *args, struct evidence_what *what,
                             struct err *err)
{
    bool has_cases = args_flag(args, "cases");
    enum status status = read_about(args, what, err);
    if (status == STATUS_OK)
        status = withheld_read(&what->withheld, args,
                               has_cases || what->about == EVIDENCE_CASE, err);
    return status == STATUS_OK ? find(core, caller, args, what, err) : status;
}

/* --- a part --- */

static enum status begin(struct core *core, const struct args *args,
                         const struct evidence_what *what, struct evidence_plan *plan,
                         struct evidence_place *place, struct err *err)
{
    struct bytes raw, cursor;
    *place = (struct evidence_place){.stage = EVIDENCE_HEAD};
    if (!args_raw(args, "after", &raw))
        return evidence_plan_make(core, what, plan, err);
    struct pack_reader reader = pack_reader_of(raw);
    enum status status = pack_read_bin(&reader, &cursor, err); /* never: args_check */
    *plan = (struct evidence_plan){.seals.log = -1};
    return status == STATUS_OK
               ? evidence_cursor_read(core, what, cursor, plan, place, err)
               : status;
}

/* Who asks for no part wants the whole file in one answer. */
static enum status write_part(struct core *core, const struct args *args,
                              const struct evidence_what *what,
                              const struct evidence_plan *plan,
                              struct evidence_place *place, struct buf *file,
                              struct err *err)
{
    uint64_t size = args_number(args, "size", 0);
    enum status status = evidence_write(
        core, what, plan, place, size == 0 || size > PART_MAX ? PART_MAX : size, file);
    if (status == STATUS_INVALID)
        return err_set(err, status,
                       "this is no place in an evidence file of this node; begin the "
                       "file anew");
    if (status == STATUS_UNVERIFIED) {
        /* What is derived may be damaged, which a look at all of it mends; or somebody
         * has changed what was sealed. */
        doubt_ledger(core);
        return err_set(err, status,
                       "the ledger of this machine is not what it sealed; an audit names "
                       "the seal. No evidence was written");
    }
    if (status == STATUS_OK && size == 0 && place->stage != EVIDENCE_DONE)
        status = STATUS_TOO_LARGE;
    if (status == STATUS_TOO_LARGE)
        return err_set(err, status, "the evidence is larger than %u bytes", PART_MAX);
    return status;
}

static enum status answer(const struct evidence_plan *plan,
                          const struct evidence_place *place, const struct buf *file,
                          struct buf *result)
{
    struct buf next = {0};
    pack_map(result, 3);
    pack_str(result, "bytes");
    pack_bin(result, file->data, file->len);
    pack_str(result, "next");
    if (place->stage == EVIDENCE_DONE)
        pack_nil(result);
    else {
        evidence_cursor_write(plan, place, &next);
        pack_bin(result, next.data, next.len);
    }
    pack_str(result, "ops");
    pack_uint(result, place->records);
    enum status status = buf_status(&next);
    buf_deinit(&next);
    return status;
}

enum status api_evidence(struct core *core, struct caller *caller,
                         const struct args *args, struct buf *result, struct err *err)
{
    struct evidence_what what;
    struct evidence_plan plan;
    struct evidence_place place;
    struct buf file = {0};
    enum status status = read_what(core, caller, args, &what, err);
    if (status != STATUS_OK)
        return status;
    status = begin(core, args, &what, &plan, &place, err);
    if (status == STATUS_OK)
        status = write_part(core, args, &what, &plan, &place, &file, err);
    if (status == STATUS_OK)
        status = answer(&plan, &place, &file, result);
    evidence_plan_free(&plan);
    buf_deinit(&file);
    return core_check(core, status);
}
