/*
 * fuzz_view: whatever a node answers or a store holds, as the readers of views see it and
 * as a terminal does.
 *   input  any MessagePack
 * What passes the gate is printed; what does not is refused by the one reader that does
 * not ask for the gate before it. Nothing that acts on a terminal comes out (row M4).
 */
#include "fuzz.h"

#include "cli/answer.h"
#include "proto/json.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/view_print.h"
#include "node/cases/view.h"
#include "proto/pack.h"

static void assert_harmless(struct bytes text, bool has_breaks)
{
    uint32_t character;
    HOLDS(utf8_is_valid(text));
    while (utf8_next(&text, &character))
        HOLDS(!utf8_is_active(character) || (has_breaks && character == '\n'));
}

typedef void print_fn(FILE *out, struct bytes raw);

static void print_outline(FILE *out, struct bytes raw)
{
    outline_value(out, raw, 4);
}

static void print_field(FILE *out, struct bytes raw)
{
    outline_field(out, "state", raw);
}

static void assert_printed(print_fn *print, struct bytes raw)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    HOLDS(out != NULL);
    print(out, raw);
    HOLDS(fclose(out) == 0);
    assert_harmless(bytes_of(text, len), true);
    free(text);
}

static bool count_one(void *context, struct bytes element)
{
    uint32_t *count = context;
    HOLDS(pack_check(element, NULL) == STATUS_OK);
    (*count)++;
    return true;
}

static void read_view(struct bytes raw)
{
    static const char *const names[] = {"conflicts", "consents", "heads", "held",
                                        "holders",   "journal",  "kind",  "parties",
                                        "registers", "refused",  "site",  "state"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct bytes value, text;
        struct id id;
        uint64_t number;
        bool flag;
        uint32_t count = 0;
        bool is_there = view_map_get(raw, names[i], &value);
        HOLDS(!is_there ||
              (value.data >= raw.data && value.data + value.len <= raw.data + raw.len &&
               pack_check(value, NULL) == STATUS_OK));
        HOLDS(!view_map_text(raw, names[i], &text) || is_there);
        HOLDS(!view_map_id(raw, names[i], &id) || is_there);
        HOLDS(!view_map_uint(raw, names[i], &number) || is_there);
        HOLDS(!view_map_flag(raw, names[i], &flag) || is_there);
        view_map_each(raw, names[i], count_one, &count);
        HOLDS(count == view_map_count(raw, names[i]));
        HOLDS(answer_field(raw, names[i], &value) || answer_uint(raw, names[i]) == 0);
        (void)view_value(raw, names[i], &value);
        (void)view_text(raw, names[i], &text);
        (void)view_has_conflict(raw, names[i]);
    }
    (void)view_state(raw);
    (void)view_conflicts(raw);
}

/* Any map may come as the names, too. */
static void print_as_its_own_names(FILE *out, struct bytes raw)
{
    view_print(out, raw, raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes raw = fuzz_input_of(data, size).len > 0 ? bytes_of(data, size)
                                                         : (struct bytes){data, 0};
    struct buf json = {0};
    bool is_canonical = pack_check(raw, NULL) == STATUS_OK;
    enum status status = json_add(&json, raw);
    HOLDS((status == STATUS_OK) == is_canonical);
    if (is_canonical) {
        assert_harmless(buf_bytes(&json), false);
        assert_printed(print_outline, raw);
        assert_printed(print_field, raw);
        assert_printed(print_as_its_own_names, raw);
        read_view(raw);
    }
    buf_deinit(&json);
    return 0;
}
