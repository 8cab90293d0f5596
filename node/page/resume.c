#include "node/page/resume.h"

#include <stdio.h>
#include <string.h>

#include "node/page/call.h"
#include "node/page/peek.h"

/* "role-2" is the second one of "role", where the draft has a first. */
static bool is_another(struct bytes draft, struct bytes name)
{
    char first[PAIR_NAME_MAX + 1];
    size_t digits = 0;
    while (digits < name.len && name.data[name.len - 1 - digits] >= '0' &&
           name.data[name.len - 1 - digits] <= '9')
        digits++;
    if (digits == 0 || name.len <= digits + 1 || name.len > PAIR_NAME_MAX ||
        name.data[name.len - 1 - digits] != '-')
        return false;
    memcpy(first, name.data, name.len - digits - 1);
    first[name.len - digits - 1] = '\0';
    return peek_in(draft, first).len > 0;
}

static void add(struct form *form, struct bytes name, struct bytes value)
{
    if (form->len < FORM_FIELDS_MAX)
        form->fields[form->len++] = (struct form_field){.name = name, .value = value};
}

/* The first of that name, and those behind it in their order. */
static void add_all(struct form *form, struct bytes draft, struct bytes name,
                    struct bytes value)
{
    char text[PAIR_NAME_MAX + 1];
    for (unsigned number = 2; value.len > 0; number++) {
        add(form, name, peek_text(value));
        (void)snprintf(text, sizeof(text), "%.*s-%u", (int)name.len,
                       (const char *)name.data, number);
        value = peek_in(draft, text);
    }
}

bool resume_form(struct form *form, struct bytes draft)
{
    struct pack_reader reader;
    uint32_t left = peek_list(draft, &reader);
    bool is_something = left > 0;
    for (; left > 0; left--) {
        struct bytes name = peek_text(peek_next(&reader)), value = peek_next(&reader);
        struct bytes there;
        if (!is_another(draft, name) && !form_find(form, name, 0, &there))
            add_all(form, draft, name, value);
    }
    return is_something;
}
