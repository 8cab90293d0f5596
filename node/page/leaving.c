#include "node/page/leaving.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/escalation.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/page/peek.h"
#include "node/page/render.h"
#include "node/page/timeline.h"
#include "proto/pack.h"

static const char *label_of(const struct schema_field *field, enum language language)
{
    return language == LANGUAGE_ZH_CN ? field->zh_cn : field->en;
}

/* ---- what could leave ---- */

/* As a person would write them: 张某、李某. */
static void add_parties(struct buf *out, struct bytes view, enum language language)
{
    struct pack_reader reader, inner;
    struct bytes comma = {0};
    uint32_t count = peek_list(peek_in(view, "parties"), &reader);
    (void)texts_find(bytes_str("value.comma"), language, &comma); /* a test sees to it */
    for (uint32_t i = 0; i < count; i++) {
        (void)peek_list(peek_next(&reader), &inner); /* [alias, role] */
        struct bytes alias = peek_text(peek_next(&inner));
        if (i > 0)
            buf_add(out, comma.data, comma.len);
        buf_add(out, alias.data, alias.len);
    }
}

static void add_value(struct buf *out, struct bytes view, const char *name,
                      enum language language)
{
    struct pack_reader reader;
    if (strcmp(name, "parties") == 0) {
        add_parties(out, view, language);
        return;
    }
    if (peek_list(peek_in(peek_in(view, "registers"), name), &reader) == 0)
        return;
    struct bytes value = peek_text_in(peek_next(&reader), "value");
    buf_add(out, value.data, value.len);
}

/* Who writes anew says what was there. */
static void pack_op(struct bytes view, const char *name, struct buf *out)
{
    struct id op;
    if (view_shown_op(view, name, &op))
        pack_bin(out, op.bytes, ID_SIZE);
    else
        pack_nil(out);
}

static void write_field(const struct visit *visit, struct bytes view,
                        const struct schema_field *field, struct buf *out)
{
    struct buf text = {0};
    struct err err = {0};
    struct bytes name = bytes_str(field->name);
    char why[512] = "";
    enum status status = escalation_check_consents(view, &name, 1, &err);
    if (status != STATUS_OK)
        render_sentence(visit, bytes_str(err_text(&err, status)), why, sizeof(why));
    add_value(&text, view, field->name, visit->language);
    pack_map(out, 8);
    pack_str(out, "free");
    pack_bool(out, status == STATUS_OK);
    pack_str(out, "here");
    pack_bool(out, bytes_equal(name, visit->stars[1]));
    pack_str(out, "label");
    pack_str(out, label_of(field, visit->language));
    pack_str(out, "name");
    pack_str(out, field->name);
    pack_str(out, "op");
    pack_op(view, field->name, out);
    pack_str(out, "text");
    pack_str_bytes(out, buf_bytes(&text));
    pack_str(out, "there");
    pack_bool(out, text.len > 0);
    pack_str(out, "why");
    pack_str(out, why);
    out->failed |= text.failed;
    buf_deinit(&text);
}

static void add_leaving(const struct visit *visit, struct bytes view,
                        const struct schema_kind *kind, struct pairs *values)
{
    struct buf list = {0};
    size_t len;
    (void)escalation_choices(&len);
    pack_array(&list, (uint32_t)len);
    for (uint32_t i = 0; i < kind->fields_len; i++)
        if (escalation_can_choose(bytes_str(kind->fields[i].name)))
            write_field(visit, view, &kind->fields[i], &list);
    pairs_raw(values, "leaving", buf_bytes(&list));
    values->memory.failed |= list.failed;
    buf_deinit(&list);
}

/* ---- what is about to ---- */

/* What goes beside the fields of the case, but for what the template says by itself. */
static void write_beside(struct bytes extra, struct buf *out)
{
    static const char *const said[] = {"consents", "files", "onward",
                                       "origin",   "sites", "triage"};
    struct pack_reader reader;
    struct buf map = {0};
    uint32_t count = 0;
    for (uint32_t left = peek_list(extra, &reader); left > 0; left--) {
        struct bytes name = peek_text(peek_next(&reader)), value = peek_next(&reader);
        bool is_said = false;
        for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
            is_said |= bytes_equal_str(name, said[i]);
        if (is_said)
            continue;
        pack_str_bytes(&map, name);
        buf_add(&map, value.data, value.len);
        count++;
    }
    pack_map(out, count);
    buf_append(out, &map);
    buf_deinit(&map);
}

static void add_preview(const struct visit *visit, const struct schema_kind *kind,
                        struct pairs *values)
{
    struct bytes preview = visit_answer(visit, "preview");
    struct buf goes = {0}, beside = {0}, extra = {0};
    if (preview.len == 0)
        return;
    write_beside(peek_in(preview, "extra"), &extra);
    timeline_write_rows(kind, peek_in(preview, "fields"), visit->language, &goes);
    timeline_write_rows(schema_kind(bytes_str("escalate")), buf_bytes(&extra),
                        visit->language, &beside);
    pairs_raw(values, "goes", buf_bytes(&goes));
    pairs_raw(values, "beside", buf_bytes(&beside));
    values->memory.failed |= goes.failed || beside.failed || extra.failed;
    buf_deinit(&goes);
    buf_deinit(&beside);
    buf_deinit(&extra);
}

/* ---- what was consented to ---- */

/* "file:" and the op that attached it: its name, where the screen lists the files. */
static struct bytes file_name(const struct visit *visit, struct bytes word)
{
    struct pack_reader reader;
    struct bytes files = peek_in(visit_answer(visit, "files"), "files");
    for (uint32_t count = peek_list(files, &reader); count > 0; count--) {
        struct bytes file = peek_next(&reader), op = peek_bin(peek_in(file, "op"));
        char text[CONSENT_FILE_SIZE];
        struct id id;
        if (op.len != ID_SIZE)
            continue;
        memcpy(id.bytes, op.data, ID_SIZE);
        escalation_file_word(text, &id);
        if (bytes_equal_str(word, text))
            return peek_text_in(file, "name");
    }
    return word;
}

static void write_labels(const struct visit *visit, const struct schema_kind *kind,
                         struct bytes fields, struct buf *out)
{
    struct pack_reader reader;
    uint32_t count = peek_list(fields, &reader);
    pack_array(out, count);
    for (; count > 0; count--) {
        struct bytes name = peek_text(peek_next(&reader));
        const struct schema_field *field = schema_field(kind, name);
        if (field != NULL)
            pack_str(out, label_of(field, visit->language));
        else
            pack_str_bytes(out, file_name(visit, name));
    }
}

/* Who saw it, the number of the paper, or the guardian: one of them is there. */
static struct bytes proof_of(struct bytes consent)
{
    static const char *const names[] = {"witness", "paper", "guardian"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (peek_text_in(consent, names[i]).len > 0)
            return peek_in(consent, names[i]);
    return (struct bytes){0};
}

static void add_consents(const struct visit *visit, struct bytes view,
                         const struct schema_kind *kind, struct pairs *values)
{
    struct buf list = {0};
    struct pack_reader reader;
    uint32_t count = peek_list(peek_in(view, "consents"), &reader);
    pack_array(&list, count);
    for (; count > 0; count--) {
        struct bytes consent = peek_next(&reader);
        pack_map(&list, 7);
        peek_copy(&list, "author", peek_in(consent, "author"));
        pack_str(&list, "fields");
        write_labels(visit, kind, peek_in(consent, "fields"), &list);
        peek_copy(&list, "given", peek_in(consent, "given"));
        peek_copy(&list, "manner", peek_in(consent, "manner"));
        peek_copy(&list, "party", peek_in(consent, "party"));
        peek_copy(&list, "proof", proof_of(consent));
        peek_copy(&list, "wall", peek_in(consent, "wall"));
    }
    pairs_raw(values, "consents", buf_bytes(&list));
    values->memory.failed |= list.failed;
    buf_deinit(&list);
}

enum status leaving_prepare(const struct visit *visit, struct pairs *values)
{
    struct bytes view = peek_in(visit_answer(visit, "case"), "view");
    const struct schema_kind *kind = schema_kind(bytes_str("case-new"));
    if (view.len == 0)
        return STATUS_OK;
    add_leaving(visit, view, kind, values);
    add_preview(visit, kind, values);
    add_consents(visit, view, kind, values);
    return buf_status(&values->memory);
}
