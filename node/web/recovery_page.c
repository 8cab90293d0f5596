#include "node/web/recovery_page.h"

#include "node/web/template.h"

#include "recovery_list.h" /* made from print/recovery.html */

enum status recovery_page_add(struct bytes values, struct buf *out)
{
    struct bytes template = {embedded_recovery_html, sizeof(embedded_recovery_html)};
    return template_fill(template, values, LANGUAGE_ZH_CN, out);
}
