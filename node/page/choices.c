#include "node/page/choices.h"

#include <string.h>

#include "node/cases/lifecycle.h"
#include "node/cases/schema.h"
#include "node/page/pairs.h"
#include "proto/pack.h"

#define STATES "case-state"

static bool is_chosen(const char *name, struct bytes word, const struct form *form)
{
    struct bytes value;
    for (size_t i = 0; form_find(form, bytes_str(name), i, &value); i++)
        if (bytes_equal(value, word))
            return true;
    return false;
}

static void write_choice(struct buf *list, struct bytes word, bool chosen)
{
    pack_map(list, 2);
    pack_str(list, "chosen");
    pack_bool(list, chosen);
    pack_str(list, "value");
    pack_str_bytes(list, word);
}

static void write_words(const struct schema_field *field, const struct form *form,
                        struct buf *out)
{
    struct buf list = {0};
    uint32_t count = 0;
    for (const char *at = field->words; *at != '\0'; count++) {
        struct bytes word = bytes_of(at, strcspn(at, " "));
        write_choice(&list, word, is_chosen(field->name, word, form));
        at += word.len + (at[word.len] == ' ');
    }
    pack_array(out, count);
    buf_append(out, &list);
    buf_deinit(&list);
}

/* How far a case may have come. */
static void write_states(const struct form *form, struct buf *out)
{
    pack_array(out, LIFECYCLE_STATES);
    for (int i = 0; i < LIFECYCLE_STATES; i++) {
        struct bytes word = bytes_str(lifecycle_state_text((enum lifecycle_state)i));
        write_choice(out, word, is_chosen("state", word, form));
    }
}

enum status choices_write(const char *wanted, const struct form *form, struct buf *out)
{
    struct pairs map = {0};
    while (*wanted != '\0') {
        size_t len = strcspn(wanted, " ");
        size_t kind_len = strcspn(wanted, ".");
        const struct schema_kind *kind = schema_kind(bytes_of(wanted, kind_len));
        const struct schema_field *field =
            kind == NULL
                ? NULL
                : schema_field(kind, bytes_of(wanted + kind_len + 1, len - kind_len - 1));
        struct buf list = {0};
        if (bytes_equal_str(bytes_of(wanted, len), STATES)) {
            write_states(form, &list);
            pairs_raw(&map, STATES, buf_bytes(&list));
        } else if (field != NULL && field->words != NULL) {
            write_words(field, form, &list);
            pairs_raw(&map, field->name, buf_bytes(&list));
        }
        map.memory.failed |= list.failed;
        buf_deinit(&list);
        wanted += len + (wanted[len] == ' ');
    }
    enum status status = pairs_pack(&map, out);
    pairs_deinit(&map);
    return status;
}
