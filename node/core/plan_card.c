#include "node/core/plan_card.h"

#include "node/cases/view.h"
#include "node/core/args.h"
#include "node/core/digits.h"

#define DIGITS_MIN 8

bool plan_card_is_version(struct bytes entry)
{
    return view_map_has_text(entry, "kind", "card") ||
           view_map_has_text(entry, "kind", "card-text");
}

struct standing {
    const struct id *version;
    bool is_found;
};

static bool match_write(void *context, struct bytes write)
{
    struct standing *standing = context;
    standing->is_found = view_map_has_id(write, "op", standing->version);
    return !standing->is_found;
}

/* Each version writes every register: one tells of all. */
bool plan_card_stands(struct bytes view, const struct id *version)
{
    struct standing standing = {version, false};
    struct bytes registers = {0};
    (void)view_map_get(view, "registers", &registers); /* each view has them */
    view_map_each(registers, "steps", match_write, &standing);
    return standing.is_found;
}

struct choice {
    struct bytes view;
    struct digits digits; /* of its op; none: whichever stands */
    struct id *version;
    struct bytes *fields;
    uint32_t found;
};

static bool match_version(void *context, struct bytes entry)
{
    struct choice *choice = context;
    struct id op = {{0}};
    if (!plan_card_is_version(entry))
        return true;
    (void)view_map_id(entry, "op", &op); /* each entry has it */
    if (!digits_match(&choice->digits, &op) ||
        (choice->digits.len == 0 && !plan_card_stands(choice->view, &op)))
        return true;
    choice->found++;
    *choice->version = op;
    (void)view_map_get(entry, "fields", choice->fields); /* each entry has them */
    return true;
}

enum status plan_card_choose(struct bytes view, const struct args *args,
                             struct id *version, struct bytes *fields, struct err *err)
{
    struct bytes text;
    struct choice choice = {.view = view, .version = version, .fields = fields};
    enum status status = args_text_optional(args, "version", 2 * ID_SIZE, &text, err);
    if (status != STATUS_OK)
        return status;
    if (text.len > 0 && !digits_read(&choice.digits, text, DIGITS_MIN))
        return err_set(err, STATUS_INVALID,
                       "a version is named by the first %d digits of its op or more",
                       DIGITS_MIN);
    view_map_each(view, "journal", match_version, &choice);
    if (choice.found == 0)
        return err_set(err, STATUS_NOT_FOUND, "this card has no such version");
    if (choice.found > 1)
        return err_set(err, STATUS_CONFLICT,
                       "two versions stand side by side; look at the card, and say by "
                       "which one to go (version)");
    return STATUS_OK;
}
