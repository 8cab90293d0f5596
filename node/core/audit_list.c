#include "node/core/audit_list.h"

#include <string.h>

#include "node/cases/charter.h"
#include "node/cases/schema.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/state.h"

static void pack_text(struct buf *out, const char *name, struct bytes text)
{
    pack_str(out, name);
    pack_str_bytes(out, text);
}

static void pack_id(struct buf *out, const char *name, const uint8_t *bytes)
{
    pack_str(out, name);
    if (bytes == NULL)
        pack_nil(out);
    else
        pack_bin(out, bytes, ID_SIZE);
}

/* What the key is called; a machine may have no name. */
static const char *name_of(const struct charter *charter, const uint8_t *key)
{
    size_t len;
    const struct charter_person *persons = charter_persons(charter, &len);
    for (size_t i = 0; i < len; i++)
        if (memcmp(persons[i].key, key, sizeof(persons[i].key)) == 0)
            return persons[i].name;
    const struct charter_node *machine = charter_node_of(charter, key);
    return machine == NULL ? "" : machine->name;
}

static const char *site_name(struct core *core, const struct id *site)
{
    const struct charter *charter = site == NULL ? NULL : charters_of_site(core, site);
    return charter == NULL ? "" : charter_name(charter);
}

void audit_list_pack_author(struct core *core, const struct op *op, struct buf *out)
{
    const struct charter *charter = op == NULL ? NULL : charters_of_op(core, op);
    const char *name = charter == NULL ? "" : name_of(charter, op->author);
    pack_id(out, "author", op == NULL ? NULL : op->author);
    pack_text(out, "author_name", bytes_str(name));
    pack_text(out, "author_site",
              bytes_str(charter == NULL ? "" : charter_name(charter)));
}

static enum status pack_row(struct core *core, const struct audit_row *row,
                            struct buf *out)
{
    bool is_case = row->kind == SCOPE_CASE;
    pack_map(out, 17);
    audit_list_pack_author(core, row->op, out);
    pack_text(out, "due", row->due);
    pack_text(out, "field", row->field);
    pack_text(out, "kind",
              bytes_str(row->scope == NULL ? "" : schema_scope_text(row->kind)));
    pack_id(out, "machine", row->machine);
    enum status status = api_pack_number_of(core, is_case ? row->scope : NULL, out);
    pack_id(out, "op", row->op == NULL ? NULL : row->op->id.bytes);
    pack_str(out, "open");
    pack_bool(out, audit_word_is_open(row->word));
    pack_text(out, "says", bytes_str(audit_word_says(row->word)));
    pack_id(out, "scope", row->scope == NULL ? NULL : row->scope->bytes);
    pack_str(out, "seal");
    if (row->has_seal)
        pack_uint(out, row->seal);
    else
        pack_nil(out);
    pack_id(out, "site", row->site == NULL ? NULL : row->site->bytes);
    pack_text(out, "site_name", bytes_str(site_name(core, row->site)));
    pack_text(out, "word", bytes_str(audit_word_text(row->word)));
    pack_text(out, "zh_cn", bytes_str(audit_word_says_zh(row->word)));
    return status;
}

void audit_list_begin(struct audit_list *list)
{
    list->begun = list->len;
}

void audit_list_add(struct audit_list *list, const struct audit_row *row)
{
    if (list->status != STATUS_OK)
        return;
    list->failing += !audit_word_is_open(row->word);
    if (list->len - list->begun == AUDIT_ROWS_MAX) {
        list->left_out++;
        return;
    }
    list->status = pack_row(list->core, row, &list->rows);
    list->len++;
}

enum status audit_list_pack(struct audit_list *list, struct buf *out)
{
    enum status status = list->status;
    pack_str(out, "failing");
    pack_uint(out, list->failing);
    pack_str(out, "findings");
    pack_array(out, list->len);
    buf_append(out, &list->rows);
    pack_str(out, "left_out");
    pack_uint(out, list->left_out);
    buf_deinit(&list->rows);
    return status == STATUS_OK ? buf_status(out) : status;
}
