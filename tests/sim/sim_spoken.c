#include "tests/sim/sim_spoken.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/observed.h"
#include "node/cases/view.h"
#include "tests/sim/sim_files.h"

/* SIM_SAY that tells why not. */
#define SPEAK(f, node, out, ...)                                                         \
    do {                                                                                 \
        struct buf answer = {0};                                                         \
        enum status status = world_say((f)->world, node, &answer, __VA_ARGS__, NULL);    \
        if (status != STATUS_OK)                                                         \
            fail_msg("line %d: %.*s", __LINE__, (int)answer.len,                         \
                     (const char *)answer.data);                                         \
        keep_answer(&answer, out);                                                       \
    } while (0)

#define W(text) SPOKEN_WORD "-" text
#define SAID_MAX 160

/* Takes answer. */
static void keep_answer(struct buf *answer, struct buf *out)
{
    if (out == NULL) {
        buf_deinit(answer);
        return;
    }
    buf_deinit(out);
    *out = *answer;
}

static void copy_text(const struct buf *out, const char *name, char *text, size_t size)
{
    struct bytes value;
    assert_true(view_map_text(buf_bytes(out), name, &value));
    (void)snprintf(text, size, "%.*s", (int)value.len, (const char *)value.data);
}

static void copy_id(const struct buf *out, const char *name, char hex[static 65])
{
    struct id id;
    assert_true(view_map_id(buf_bytes(out), name, &id));
    hex_encode(hex, id.bytes, ID_SIZE);
}

/* --- what the village says --- */

static void speak_of_a_card(struct sim_county *f, const char *step)
{
    struct buf map = {0};
    pack_map(&map, 4);
    pack_str(&map, "roles");
    pack_array(&map, 1);
    pack_array(&map, 2);
    pack_str(&map, W("lead"));
    pack_str(&map, W("who"));
    pack_str(&map, "steps");
    pack_array(&map, 1);
    pack_array(&map, 3);
    pack_str(&map, W("lead"));
    pack_str(&map, step);
    pack_uint(&map, 1);
    pack_str(&map, "title");
    pack_str(&map, W("card"));
    pack_str(&map, "trigger");
    pack_str(&map, W("trigger"));
    assert_int_equal(world_call(f->world, f->fengyuan, "card.set", buf_bytes(&map), NULL),
                     STATUS_OK);
    buf_deinit(&map);
}

static void speak_of_the_house(struct sim_county *f)
{
    struct world_node *node = f->fengyuan;
    struct buf out = {0};
    SPEAK(f, node, NULL, "rules.add", "title", W("rules"), "version", W("v1"), "clauses",
          "[1=" W("clause") "]");
    SPEAK(f, node, NULL, "rules.add", "title", W("rules"), "version", W("v2"), "clauses",
          "[1=" W("clause2") "]");
    for (int i = 0; i < 2; i++)
        SPEAK(f, node, NULL, "checklist.set", "title", W("list"), "places",
              i == 0 ? "[" W("bridge") "]" : "[" W("bridge") "," W("school") "]",
              "topics", "[" W("drain") "]");
    SPEAK(f, node, NULL, "round.begin", "list", W("list"));
    SPEAK(f, node, NULL, "round.look", "place", W("school"), "topic", W("drain"));
    SPEAK(f, node, NULL, "round.finding", "place", W("bridge"), "topic", W("drain"),
          "text", W("finding"));
    speak_of_a_card(f, W("step"));
    speak_of_a_card(f, W("step2"));
    SPEAK(f, node, NULL, "paste.add", "text", W("paste"));
    SPEAK(f, node, NULL, "draft.put", "form", "/cases/new", "fields",
          "{title=" W("draft") "}");
    buf_deinit(&out);
}

static const char *const settable[] = {"title", "category", "narrative", "context",
                                       "place", "wish",     "found-by"};

static void set_all(struct sim_county *f, const struct spoken *spoken, const char *text)
{
    for (size_t i = 0; i < sizeof(settable) / sizeof(settable[0]); i++)
        SPEAK(f, f->fengyuan, NULL, "case.set", "case", spoken->number, "field",
              settable[i], "value", text);
}

static void speak_of_a_case(struct sim_county *f, struct spoken *spoken)
{
    struct world_node *node = f->fengyuan;
    struct buf out = {0}, file = files_text(W("file "), 2000);
    SPEAK(f, node, &out, "case.new", "category", W("category"), "title", W("title"),
          "narrative", W("narrative"), "context", W("context"), "found_by", W("found"),
          "place", W("place"), "wish", W("wish"), "parties",
          "[" W("zhang") "=甲方," W("li") "=乙方]");
    copy_text(&out, "number", spoken->number, sizeof(spoken->number));
    set_all(f, spoken, W("set"));
    SPEAK(f, node, NULL, "case.note", "case", spoken->number, "text", W("note"));
    SPEAK(f, node, NULL, "case.identity", "case", spoken->number, "party", W("zhang"),
          "phone", SPOKEN_PHONE);
    SPEAK(f, node, NULL, "case.identity_show", "case", spoken->number, "party",
          W("zhang"), "pin", "246810");
    struct id attached = files_attach(f, spoken->number, W("name.txt"), buf_bytes(&file));
    hex_encode(spoken->file, attached.bytes, ID_SIZE);
    struct id other =
        files_attach(f, spoken->number, W("gone.txt"), bytes_str(W("gone")));
    char hex[65];
    hex_encode(hex, other.bytes, ID_SIZE);
    SPEAK(f, node, NULL, "attach.remove", "case", spoken->number, "file", hex, "reason",
          W("detached"));
    SPEAK(f, node, NULL, "retention.keep", "case", spoken->number, "reason", W("keep"));
    SPEAK(f, node, NULL, "case.triage", "case", spoken->number, "beyond", "true",
          "decision", "escalate", "reason", W("triage"));
    SPEAK(f, node, NULL, "case.handle", "case", spoken->number, "owner", W("owner"));
    SPEAK(f, node, &out, "case.task", "case", spoken->number, "due", "2026-12-24",
          "owner", W("owner"), "text", W("task"));
    copy_id(&out, "op", spoken->task);
    SPEAK(f, node, &out, "case.task", "case", spoken->number, "due", "2026-12-25",
          "owner", W("owner"), "text", W("task"));
    SPEAK(f, node, NULL, "case.task_done", "case", spoken->number, "task", spoken->task,
          "remark", W("remark"));
    copy_id(&out, "op", spoken->task);
    SPEAK(f, node, NULL, "card.activate", "title", W("card"), "case", spoken->number,
          "day", "2026-12-20", "reason", W("activated"));
    buf_deinit(&file);
    buf_deinit(&out);
}

#define CONSENTED "[title,context,category,narrative,place,wish,found-by,parties]"

static void speak_of_a_record(struct sim_county *f, struct spoken *spoken)
{
    struct world_node *node = f->fengyuan;
    struct buf out = {0};
    SPEAK(f, node, NULL, "case.consent", "case", spoken->number, "party", W("zhang"),
          "fields", CONSENTED, "files", "[" W("name.txt") "]", "manner", "guardian",
          "guardian", W("guardian"));
    SPEAK(f, node, NULL, "case.consent", "case", spoken->number, "party", W("li"),
          "fields", CONSENTED, "files", "[" W("name.txt") "]", "manner", "signed",
          "paper", W("paper"));
    SPEAK(f, node, NULL, "case.consent", "case", spoken->number, "party", W("li"),
          "fields", CONSENTED, "files", "[" W("name.txt") "]", "manner", "oral",
          "witness", W("witness"));
    SPEAK(f, node, NULL, "escalate.request", "case", spoken->number, "fields", CONSENTED,
          "files", "[" W("name.txt") "]", "onward", "yes", "reason", W("reason"));
    SPEAK(f, node, &out, "escalate.release", "case", spoken->number);
    copy_id(&out, "escalation", spoken->record);
    world_run(f->world, 10000);
    buf_deinit(&out);
}

/* Nobody could wait; a record without parties, which is recalled. */
static void speak_of_danger(struct sim_county *f, struct spoken *spoken)
{
    struct world_node *node = f->fengyuan;
    struct buf out = {0};
    SPEAK(f, node, &out, "case.new", "category", W("category"), "title", W("title2"),
          "narrative", W("narrative"), "context", W("context"));
    copy_text(&out, "number", spoken->second, sizeof(spoken->second));
    SPEAK(f, node, NULL, "case.triage", "case", spoken->second, "danger", "true",
          "decision", "escalate", "reason", W("triage"));
    SPEAK(f, node, NULL, "escalate.request", "case", spoken->second, "fields",
          "[title,context]", "reason", W("reason"), "no_parties", W("nobody"));
    assert_int_equal(world_unlock(f->world, node, "李某", "135791"), STATUS_OK);
    SPEAK(f, node, &out, "escalate.release", "case", spoken->second, "fields",
          "[title,context]", "no_parties", W("nobody"), "danger", W("danger"));
    copy_id(&out, "escalation", spoken->recalled);
    assert_int_equal(world_unlock(f->world, node, "", "246810"), STATUS_OK);
    SPEAK(f, node, NULL, "escalate.confirm", "case", spoken->second, "text",
          W("confirm"));
    world_run(f->world, 10000);
    buf_deinit(&out);
}

/* --- what both say of the record --- */

static void ask_up(struct sim_county *f, const struct spoken *spoken, const char *method,
                   const char *name, const char *value, struct buf *out)
{
    SPEAK(f, f->township, out, method, "escalation", spoken->record, name, value);
}

static void speak_of_an_answer(struct sim_county *f, struct spoken *spoken)
{
    struct buf out = {0};
    char op[65];
    ask_up(f, spoken, "escalation.open", NULL, NULL, NULL);
    ask_up(f, spoken, "escalation.accept", NULL, NULL, NULL);
    SPEAK(f, f->township, NULL, "escalation.refer", "escalation", spoken->record,
          "channel", "court", "text", W("refer"));
    SPEAK(f, f->township, NULL, "escalation.grade", "escalation", spoken->record, "word",
          W("grade"), "reason", W("grading"));
    SPEAK(f, f->township, NULL, "escalation.joint", "escalation", spoken->record, "word",
          "working", "text", W("joint"));
    for (int i = 0; i < 2; i++) {
        SPEAK(f, f->township, &out, "escalation.task", "escalation", spoken->record,
              "text", W("assigned"), "owner", W("owner"), "due", "2026-12-22");
        copy_id(&out, "op", spoken->assigned);
        if (i == 0)
            SPEAK(f, f->township, NULL, "escalation.task_done", "escalation",
                  spoken->record, "op", spoken->assigned, "text", W("done"));
    }
    SPEAK(f, f->township, NULL, "escalation.invite", "escalation", spoken->record, "site",
          "溪口村", "text", W("invite"));
    ask_up(f, spoken, "escalation.onward", "reason", W("onward"), NULL);
    ask_up(f, spoken, "escalation.advise", "text", W("advise"), &out);
    copy_id(&out, "op", op);
    ask_up(f, spoken, "escalation.return", "text", W("return"), NULL);
    ask_up(f, spoken, "escalation.decide", "text", W("decide"), NULL);
    assert_int_equal(world_unlock(f->world, f->township, "判某", "135791"), STATUS_OK);
    ask_up(f, spoken, "escalation.rule", "text", W("rule"), NULL);
    assert_int_equal(world_unlock(f->world, f->township, "", "246810"), STATUS_OK);
    world_run(f->world, 10000);
    SPEAK(f, f->fengyuan, NULL, "escalation.decline", "escalation", spoken->record, "op",
          op, "text", W("decline"));
    buf_deinit(&out);
}

static void speak_of_an_audit(struct sim_county *f, const struct spoken *spoken)
{
    assert_int_equal(world_unlock(f->world, f->fengyuan, "审计", "135791"), STATUS_OK);
    SPEAK(f, f->fengyuan, NULL, "audit.note", "case", spoken->number, "verdict", "holds",
          "text", W("audited"));
    SPEAK(f, f->fengyuan, NULL, "audit.note", "escalation", spoken->record, "verdict",
          "doubts", "text", W("audited"));
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
}

static void speak_of_the_end(struct sim_county *f, const struct spoken *spoken)
{
    struct world_node *node = f->fengyuan;
    struct buf out = {0}, map = {0};
    struct bytes seen = {0};
    set_all(f, spoken, W("changed"));
    SPEAK(f, node, &out, "outbox", "case", spoken->number);
    assert_true(view_map_get(buf_bytes(&out), "seen", &seen));
    pack_map(&map, 2);
    pack_str(&map, "case");
    pack_str(&map, spoken->number);
    pack_str(&map, "seen");
    buf_add(&map, seen.data, seen.len);
    assert_int_equal(world_call(f->world, node, "outbox.send", buf_bytes(&map), NULL),
                     STATUS_OK);
    SPEAK(f, node, NULL, "agreement.new", "case", spoken->number, "facts", W("facts"),
          "dispute", W("dispute"), "terms", W("terms"), "manner", W("manner"));
    SPEAK(f, node, NULL, "case.settle", "case", spoken->number, "outcome", "withdrawn",
          "text", W("settle"), "agreement", W("agreement"));
    SPEAK(f, node, NULL, "case.follow_up", "case", spoken->number, "result", "kept",
          "text", W("followed"));
    SPEAK(f, node, NULL, "case.close", "case", spoken->number, "text", W("close"));
    SPEAK(f, node, NULL, "case.reopen", "case", spoken->number, "reason", W("reopen"));
    SPEAK(f, node, NULL, "case.close", "case", spoken->number, "oral", "true", "outcome",
          "withdrawn", "text", W("close"), "follow_up", W("close2"));
    SPEAK(f, node, NULL, "case.reopen", "case", spoken->number, "reason", W("reopen"));
    SPEAK(f, node, NULL, "meeting.begin", "day", "2026-12-18", "text", W("minutes"));
    for (int i = 0; i < 2; i++)
        SPEAK(f, node, &out, "meeting.item", "case", spoken->number, "text", W("item"),
              "owner", W("owner"), "due", "2026-12-23");
    char op[65];
    copy_id(&out, "op", op);
    SPEAK(f, node, NULL, "meeting.done", "item", op, "text", W("item-done"));
    SPEAK(f, node, NULL, "escalation.recall", "case", spoken->second, "reason",
          W("recall"));
    world_run(f->world, 10000);
    buf_deinit(&map);
    buf_deinit(&out);
}

/* --- was everything said? --- */

/* Which fields of which kinds have the word, "kind.field" each. */
struct said {
    char names[SAID_MAX][64];
    size_t len;
};

static void read_op(const struct store_op *row, struct op *op)
{
    assert_int_equal(op_decode_bytes(op, row->bytes, NULL), STATUS_OK);
    op_trust(op, &row->id);
}

static enum status note_words(void *context, const struct store_op *row)
{
    struct said *said = context;
    struct op op;
    read_op(row, &op);
    for (uint32_t i = 0; i < op.fields_len; i++) {
        const struct op_field *field = &op.fields[i];
        if (!field->is_shown || sim_count(field->value, SPOKEN_WORD) == 0)
            continue;
        char name[64];
        (void)snprintf(name, sizeof(name), "%.*s.%.*s", (int)op.kind.len,
                       (const char *)op.kind.data, (int)field->name.len,
                       (const char *)field->name.data);
        size_t at = 0;
        while (at < said->len && strcmp(said->names[at], name) != 0)
            at++;
        assert_true(at < SAID_MAX);
        (void)snprintf(said->names[at], sizeof(said->names[at]), "%s", name);
        said->len += at == said->len;
    }
    return STATUS_OK;
}

/* Can such a value say anything that somebody thought of? */
static bool holds_words(enum schema_type type)
{
    static const enum schema_type types[] = {TYPE_TEXT,   TYPE_PARTIES, TYPE_CONSENTS,
                                             TYPE_TRIAGE, TYPE_CLAUSES, TYPE_NAMES,
                                             TYPE_ROLES,  TYPE_STEPS};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (types[i] == type)
            return true;
    return false;
}

/* What no method lets a person write: a node says it by itself, or it comes with what
 * another version wrote. */
static bool is_written_by_nobody(const char *name)
{
    static const char *const names[] = {"accept.text", "permit.text", "purged.backups"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void assert_all_said(struct sim_county *f)
{
    static struct said said;
    const struct schema_kind *kind;
    uint32_t lacking = 0;
    said.len = 0;
    assert_int_equal(store_ops_all(world_store(f->fengyuan), 0, note_words, &said),
                     STATUS_OK);
    assert_int_equal(store_ops_all(world_store(f->township), 0, note_words, &said),
                     STATUS_OK);
    for (size_t k = 0; (kind = schema_kind_at(k)) != NULL; k++)
        for (uint32_t i = 0; kind->scope != SCOPE_CHARTER && i < kind->fields_len; i++) {
            const struct schema_field *field = &kind->fields[i];
            char name[64];
            size_t at = 0;
            (void)snprintf(name, sizeof(name), "%s.%s", kind->name, field->name);
            while (at < said.len && strcmp(said.names[at], name) != 0)
                at++;
            if (at < said.len || !holds_words(field->type) ||
                observed_field(kind, field) || is_written_by_nobody(name))
                continue;
            print_error("%s was not said\n", name);
            lacking++;
        }
    assert_int_equal(lacking, 0);
}

void sim_speak(struct sim_county *f, struct spoken *spoken)
{
    *spoken = (struct spoken){.number = ""};
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    sim_add_person(f, f->fengyuan, "审计", "auditor", NULL);
    sim_add_person(f, f->township, "判某", "judge", NULL);
    speak_of_the_house(f);
    speak_of_a_case(f, spoken);
    speak_of_a_record(f, spoken);
    speak_of_danger(f, spoken);
    speak_of_an_answer(f, spoken);
    speak_of_the_end(f, spoken);
    speak_of_an_audit(f, spoken);
    assert_all_said(f);
}

/* --- what opens what they hold --- */

static enum status note_keys(void *context, const struct store_op *row)
{
    struct needles *needles = context;
    struct op op;
    read_op(row, &op);
    if (op.has_secret)
        needles_add_pieces(needles, 0, "the secret of an op",
                           bytes_of(op.secret, OP_SECRET_SIZE));
    for (uint32_t i = 0; i < op.fields_len; i++) {
        const struct op_field *field = &op.fields[i];
        const struct schema_kind *kind = schema_kind(op.kind);
        const struct schema_field *known = schema_field(kind, field->name);
        if (!field->is_shown)
            continue;
        needles_add_pieces(needles, 0, "the salt of a field",
                           bytes_of(field->salt, OP_SALT_SIZE));
        bool opens = known->type == TYPE_SECRET || known->type == TYPE_SALT ||
                     known->disclosure == CLASS_SEALED ||
                     strcmp(known->name, "salt") == 0;
        if (opens && field->value.len > 2 + NEEDLE_PIECE)
            needles_add(needles, 0, "what opens something, or is sealed",
                        bytes_of(field->value.data + field->value.len - 16, 16));
    }
    return STATUS_OK;
}

struct needles *sim_spoken_needles(struct sim_county *f)
{
    struct needles *needles = needles_new();
    needles_add(needles, 0, "a content", bytes_str(SPOKEN_WORD));
    needles_add(needles, 0, "a phone number", bytes_str(SPOKEN_PHONE));
    assert_int_equal(store_ops_all(world_store(f->fengyuan), 0, note_keys, needles),
                     STATUS_OK);
    assert_int_equal(store_ops_all(world_store(f->township), 0, note_keys, needles),
                     STATUS_OK);
    return needles;
}
