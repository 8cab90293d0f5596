/* What a party allows to leave, refuses, or takes back. */
#include "node/cases/escalation.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/released.h"

#define WORD_MAX 120
#define FIELDS_MAX 16

static enum status read_files(struct core *core, const struct args *args,
                              const struct id *scope, struct released *files,
                              struct err *err)
{
    struct bytes texts[RELEASED_FILES_MAX];
    size_t len;
    enum status status = api_texts(args, "files", texts, RELEASED_FILES_MAX, &len, err);
    for (size_t i = 0; status == STATUS_OK && i < len; i++)
        status = released_add(core, scope, texts[i], files, err);
    return status;
}

static void pack_file_words(struct buf *fields, const struct released *files)
{
    for (uint32_t i = 0; i < files->len; i++) {
        char word[CONSENT_FILE_SIZE];
        escalation_file_word(word, &files->files[i].op);
        pack_str(fields, word);
    }
}

/* Who refuses without naming anything refuses all of it, every file too. */
static enum status read_fields(const struct args *args, bool is_refused,
                               const struct released *files, struct buf *fields,
                               struct err *err)
{
    struct bytes chosen[FIELDS_MAX];
    size_t len;
    enum status status = api_texts(args, "fields", chosen, FIELDS_MAX, &len, err);
    if (status != STATUS_OK)
        return status;
    bool is_all = len == 0 && files->len == 0;
    if (is_all && !is_refused)
        return err_set(err, STATUS_INVALID, "fields is missing: which may leave?");
    for (size_t i = 0; i < len; i++)
        if (!escalation_can_choose(chosen[i]))
            return err_set(err, STATUS_INVALID,
                           "one of the fields never leaves a case; what can be consented "
                           "to: title, narrative, context, category, parties, place, "
                           "wish, found-by");
    size_t all_len;
    const char *const *all = escalation_choices(&all_len);
    pack_array(fields, (uint32_t)(is_all ? all_len + 1 : len + files->len));
    for (size_t i = 0; i < len; i++)
        pack_str_bytes(fields, chosen[i]);
    pack_file_words(fields, files);
    for (size_t i = 0; is_all && i < all_len; i++)
        pack_str(fields, all[i]);
    if (is_all)
        pack_str(fields, CONSENT_FILES);
    return STATUS_OK;
}

/* One of these proves a yes, by its manner; the fold says which. */
static enum status add_proofs(const struct args *args, struct draft *draft,
                              struct err *err)
{
    static const char *const proofs[] = {"guardian", "paper", "witness"};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof(proofs) / sizeof(proofs[0]);
         i++) {
        struct bytes text;
        status = args_text_optional(args, proofs[i], WORD_MAX, &text, err);
        if (status == STATUS_OK)
            draft_text_optional(draft, proofs[i], text);
    }
    return status;
}

enum status api_case_consent(struct core *core, struct caller *caller,
                             const struct args *args, struct buf *result, struct err *err)
{
    struct id scope;
    struct bytes party, manner;
    struct buf fields = {0};
    struct released files = {.len = 0};
    struct draft draft;
    bool is_refused = args_flag(args, "refused");
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = args_text(args, "party", WORD_MAX, &party, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "manner", 16, &manner, err);
    if (status == STATUS_OK && manner.len == 0 && !is_refused)
        status =
            err_set(err, STATUS_INVALID, "manner is missing: oral, signed or guardian?");
    if (status == STATUS_OK)
        status = read_files(core, args, &scope, &files, err);
    if (status == STATUS_OK)
        status = read_fields(args, is_refused, &files, &fields, err);
    draft_init(&draft, "consent", &scope);
    if (status == STATUS_OK) {
        draft_raw(&draft, "fields", buf_bytes(&fields));
        draft.memory.failed = draft.memory.failed || fields.failed;
        draft_flag(&draft, "given", !is_refused);
        draft_text(&draft, "manner", manner.len > 0 ? manner : bytes_str("oral"));
        draft_text(&draft, "party", party);
        status = add_proofs(args, &draft, err);
    }
    buf_deinit(&fields);
    released_deinit(&files);
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return status;
}
