#include "cli/findings.h"

#include <inttypes.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/shortage.h"
#include "cli/table.h"
#include "node/cases/audit.h"

void findings_where(struct table *table, struct bytes finding)
{
    struct bytes number = answer_text(finding, "number"), raw;
    char text[32];
    if (number.len > 0)
        table_text(table, number);
    else if (answer_bin(finding, "scope").len > 0)
        table_id(table, answer_bin(finding, "scope"));
    else if (answer_field(finding, "seal", &raw)) {
        (void)snprintf(text, sizeof(text), "seal %" PRIu64, answer_uint(finding, "seal"));
        table_words(table, text);
    }
}

/* What it is about: a field, a day, a site or one of its machines. */
static void table_about(struct table *table, struct bytes finding)
{
    static const char *const names[] = {"due", "field", "site_name"};
    struct buf text = {0};
    struct bytes machine = answer_bin(finding, "machine");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct bytes part = answer_text(finding, names[i]);
        if (part.len == 0)
            continue;
        if (text.len > 0)
            buf_add(&text, " ", 1);
        buf_add(&text, part.data, part.len);
    }
    if (machine.len >= 4) {
        char hex[9];
        hex_encode(hex, machine.data, 4);
        buf_add(&text, " ", 1);
        buf_add(&text, hex, 8);
    }
    table_text(table, buf_bytes(&text));
    if (text.failed)
        shortage_note();
    buf_deinit(&text);
}

void findings_print(FILE *out, struct bytes answer, const char *nothing)
{
    static const char *const titles[] = {"", "finding", "where", "about", "by", "op"};
    bool has_come[AUDIT_WORDS] = {false};
    struct bytes finding;
    struct table table;
    table_init(&table, titles, 6);
    struct answer_list rows = answer_list(answer, "findings");
    while (answer_next(&rows, &finding)) {
        struct bytes word = answer_text(finding, "word");
        table_words(&table, answer_is_true(finding, "open") ? "open" : "FAILS");
        table_text(&table, word);
        findings_where(&table, finding);
        table_about(&table, finding);
        table_text(&table, answer_text(finding, "author_name"));
        table_id(&table, answer_bin(finding, "op"));
        for (int i = 0; i < AUDIT_WORDS; i++)
            if (bytes_equal_str(word, audit_word_text((enum audit_word)i)))
                has_come[i] = true;
    }
    table_print(&table, out, nothing);
    table_deinit(&table);
    for (int i = 0; i < AUDIT_WORDS; i++)
        if (has_come[i])
            fprintf(out, "%s: %s.\n", audit_word_text((enum audit_word)i),
                    audit_word_says((enum audit_word)i));
}
