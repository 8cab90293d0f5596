#include "cli/person_table.h"

#include "cli/answer.h"
#include "cli/table.h"

void person_table_print(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"name", "roles", "", "key"};
    struct bytes person;
    struct table table;
    table_init(&table, titles, 4);
    struct answer_list rows = answer_list(result, "persons");
    while (answer_next(&rows, &person)) {
        table_text(&table, answer_text(person, "name"));
        table_field(&table, person, "roles");
        table_mark(&table, answer_is_true(person, "revoked"), "revoked");
        table_key(&table, answer_bin(person, "key"));
    }
    table_print(&table, out, "No persons yet.");
    table_deinit(&table);
}
