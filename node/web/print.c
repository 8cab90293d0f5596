#include "node/web/print.h"

#include <stdbool.h>
#include <string.h>

#include "paper_list.h" /* made from print/ */

static const struct {
    const char *name;
    struct bytes text;
} templates[] = {
#define TEMPLATE(name, bytes, len) {name, {bytes, len}},
    EMBEDDED_LIST(TEMPLATE)
#undef TEMPLATE
};

#define TEMPLATES_LEN (sizeof(templates) / sizeof(templates[0]))
/* The first is the head of the page, the last its end. */
#define PAPERS_LEN (TEMPLATES_LEN - 2)

const char *print_paper(size_t i)
{
    return i < PAPERS_LEN ? templates[i + 1].name : NULL;
}

enum status print_page(const char *paper, struct bytes values, enum language language,
                       struct buf *out)
{
    bool is_found = false;
    enum status status = template_fill(templates[0].text, values, language, out);
    for (size_t i = 1; status == STATUS_OK && i <= PAPERS_LEN; i++) {
        if (strcmp(paper, "all") != 0 && strcmp(paper, templates[i].name) != 0)
            continue;
        is_found = true;
        status = template_fill(templates[i].text, values, language, out);
    }
    if (status == STATUS_OK && !is_found)
        return STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = template_fill(templates[PAPERS_LEN + 1].text, values, language, out);
    return status;
}
