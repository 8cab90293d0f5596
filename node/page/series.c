#include "node/page/series.h"

#include "node/page/render.h"
#include "proto/pack.h"

static bool has_file(const struct visit *visit, size_t number)
{
    struct bytes value;
    return form_find(&visit->form, bytes_str(SERIES_FIELD), number, &value);
}

enum status series_check(const struct visit *visit, struct err *err)
{
    if (!has_file(visit, 0))
        return err_set(err, STATUS_INVALID, "no file was chosen");
    return has_file(visit, SERIES_MAX)
               ? err_set(err, STATUS_TOO_LARGE, "at most %d files are handed in at once",
                         SERIES_MAX)
               : STATUS_OK;
}

bool series_next(struct visit *visit, const struct call_answer *answer)
{
    struct pairs pairs = {0};
    struct bytes name = {(const uint8_t *)"", 0};
    char why[512];
    /* Behind each file stands what it is called (form.c). */
    (void)form_find(&visit->form, bytes_str("filename"), visit->series_at, &name);
    pairs_text(&pairs, "name", name);
    if (answer->status == STATUS_OK) {
        pairs_raw(&pairs, "read", answer->result);
    } else {
        render_sentence(visit, call_sentence(answer), why, sizeof(why));
        pairs_text(&pairs, "why", bytes_str(why));
    }
    if (pairs_pack(&pairs, &visit->looked) != STATUS_OK)
        visit->looked.failed = true;
    pairs_deinit(&pairs);
    visit->series_at++;
    return has_file(visit, visit->series_at);
}

enum status series_end(struct visit *visit)
{
    struct buf files = visit->looked;
    visit->looked = (struct buf){0};
    pack_map(&visit->looked, 1);
    pack_str(&visit->looked, "files");
    pack_array(&visit->looked, visit->series_at);
    buf_append(&visit->looked, &files);
    visit->looked.failed |= files.failed;
    buf_deinit(&files);
    return buf_status(&visit->looked);
}
