#include "node/cases/escalation.h"

#include <string.h>

#include "crypto/digest.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "proto/limits.h"
#include "proto/pack.h"

#define CHOSEN "title narrative context category parties place wish found-by"
#define CHOSEN_MAX 8
#define PREFIX "case."

static const char *const choices[CHOSEN_MAX] = {
    "category", "context", "found-by", "narrative", "parties", "place", "title", "wish"};

/* Which of choices are chosen: one bit each, so ascending and without doubles. Above them
 * stands one bit for each file. */
typedef uint32_t choice_bits;
#define FILE_BIT(i) (1u << (CHOSEN_MAX + (i)))
#define ALL_FILES ((FILE_BIT(RELEASED_FILES_MAX) - 1) & ~((1u << CHOSEN_MAX) - 1))

static int choice_of(struct bytes name)
{
    for (int i = 0; i < CHOSEN_MAX; i++)
        if (bytes_equal_str(name, choices[i]))
            return i;
    return -1;
}

bool escalation_can_choose(struct bytes name)
{
    return choice_of(name) >= 0;
}

const char *const *escalation_choices(size_t *len)
{
    *len = CHOSEN_MAX;
    return choices;
}

void escalation_file_word(char out[static CONSENT_FILE_SIZE], const struct id *op)
{
    memcpy(out, "file:", 5);
    hex_encode(out + 5, op->bytes, ID_SIZE);
}

/* For err_set: a text of at most 60 bytes, cut at a whole character. */
struct short_text {
    char text[64];
};

static struct short_text shorten(struct bytes text)
{
    struct short_text out = {""};
    size_t len = text.len < 60 ? text.len : 60;
    while (len < text.len && len > 0 && (text.data[len] & 0xc0) == 0x80)
        len--;
    if (len > 0)
        memcpy(out.text, text.data, len);
    return out;
}

/* --- conditions, in the order in which a person would meet them --- */

static enum status read_choice(const struct escalation_ask *ask, choice_bits *chosen,
                               struct err *err)
{
    *chosen = 0;
    for (size_t i = 0; i < ask->fields_len; i++) {
        int choice = choice_of(ask->fields[i]);
        if (choice < 0)
            return err_set(err, STATUS_INVALID, "'%s' cannot be sent; choose from: %s",
                           shorten(ask->fields[i]).text, CHOSEN);
        *chosen |= 1u << choice;
    }
    for (size_t i = 0; i < ask->files_len; i++)
        *chosen |= FILE_BIT(i);
    if ((*chosen & 1u << choice_of(bytes_str("context"))) == 0)
        return err_set(
            err, STATUS_INVALID,
            "the context (来龙去脉) always goes with the record; add 'context' "
            "to the chosen fields");
    return STATUS_OK;
}

static enum status check_reason(const struct escalation_ask *ask, struct err *err)
{
    if (ask->reason.len == 0 || ask->reason.len > 4096)
        return err_set(err, STATUS_INVALID,
                       "say in at most 4096 bytes why the matter is sent up (reason)");
    if (ask->onward.len > 0 && !bytes_equal_str(ask->onward, "ask") &&
        !bytes_equal_str(ask->onward, "yes") && !bytes_equal_str(ask->onward, "no"))
        return err_set(err, STATUS_INVALID, "onward is one of: ask, yes, no");
    return STATUS_OK;
}

static enum status check_triage(const struct escalation_ask *ask, struct bytes *triage,
                                struct err *err)
{
    struct bytes decision;
    if (bytes_equal_str(view_state(ask->view), "closed"))
        return err_set(err, STATUS_DENIED,
                       "the case is closed; reopen it with 'case reopen' first");
    *triage = (struct bytes){0};
    (void)view_map_get(ask->view, "triage", triage); /* nil where there is none */
    if (!view_map_text(*triage, "decision", &decision))
        return err_set(err, STATUS_DENIED,
                       "no escalation without a triage; run 'case triage' first");
    if (view_has_conflict(ask->view, "triage"))
        return err_set(
            err, STATUS_CONFLICT,
            "two triages contradict each other; see them with 'conflict show', "
            "then 'conflict settle CASE triage --choose N'");
    if (!bytes_equal_str(decision, "escalate"))
        return err_set(err, STATUS_DENIED,
                       "the triage says '%s'; where the village cannot solve it, run "
                       "'case triage' with the decision 'escalate'",
                       shorten(decision).text);
    return STATUS_OK;
}

/* The exception rests on what the triage says, and on a reason. */
static enum status check_danger(const struct escalation_ask *ask, struct bytes triage,
                                struct err *err)
{
    bool is_danger = false;
    if (ask->danger.len == 0)
        return STATUS_OK;
    if (ask->danger.len > 4096)
        return err_set(err, STATUS_INVALID,
                       "say in at most 4096 bytes what the danger is");
    if (!view_map_flag(triage, "danger", &is_danger) || !is_danger)
        return err_set(err, STATUS_DENIED,
                       "the triage does not say that anybody is in danger; where "
                       "somebody is, run 'case triage' with 'danger'");
    return STATUS_OK;
}

static enum status check_fields(const struct escalation_ask *ask, choice_bits chosen,
                                struct err *err)
{
    for (int i = 0; i < CHOSEN_MAX; i++) {
        struct bytes raw;
        if ((chosen & 1u << i) == 0)
            continue;
        if (view_has_conflict(ask->view, choices[i]))
            return err_set(
                err, STATUS_CONFLICT,
                "'%s' was written in two ways at once; see them with 'conflict "
                "show', then 'conflict settle CASE %s --choose N'",
                choices[i], choices[i]);
        if (strcmp(choices[i], "parties") == 0) {
            if (view_map_count(ask->view, "parties") == 0)
                return err_set(err, STATUS_INVALID,
                               "the case names no parties; leave 'parties' out");
        } else if (!view_value(ask->view, choices[i], &raw)) {
            return err_set(err, STATUS_INVALID,
                           "'%s' is empty; write it with 'case set' or leave it out",
                           choices[i]);
        }
    }
    return STATUS_OK;
}

/* --- consents --- */

/* The party that is looked at, and what its consents say. */
struct consent_search {
    const struct escalation_ask *ask;
    struct bytes party;
    choice_bits chosen;
    choice_bits covered, taken_back;
    bool is_asked, is_given;
    struct bytes entry; /* the latest yes */
};

/* What one statement names. */
struct coverage {
    const struct escalation_ask *ask;
    choice_bits named;
    bool has_files; /* "files": no file at all, in a no */
};

static choice_bits file_of(const struct escalation_ask *ask, struct bytes name)
{
    for (size_t i = 0; i < ask->files_len; i++) {
        char word[CONSENT_FILE_SIZE];
        escalation_file_word(word, &ask->files[i].op);
        if (bytes_equal_str(name, word))
            return FILE_BIT(i);
    }
    return 0;
}

static bool add_covered(void *context, struct bytes field)
{
    struct coverage *coverage = context;
    struct pack_reader reader = pack_reader_of(field);
    struct bytes name = {0};
    enum status status = pack_read_str(&reader, &name, NULL);
    if (status != STATUS_OK) /* never: the fold wrote a list of texts */
        return false;
    int choice = choice_of(name);
    coverage->has_files |= bytes_equal_str(name, CONSENT_FILES);
    coverage->named |= choice >= 0 ? 1u << choice : file_of(coverage->ask, name);
    return true;
}

static struct coverage coverage_of(const struct escalation_ask *ask, struct bytes consent)
{
    struct coverage coverage = {.ask = ask};
    view_map_each(consent, "fields", add_covered, &coverage);
    return coverage;
}

/* Files are consented to one by one: what is attached later was not seen by the party. */
static choice_bits covered_by(const struct escalation_ask *ask, struct bytes consent)
{
    return coverage_of(ask, consent).named;
}

/* What a no takes away: all, where the fields that it named were erased. */
static choice_bits taken_by(const struct escalation_ask *ask, struct bytes consent)
{
    if (view_map_count(consent, "fields") == 0)
        return ~0u;
    struct coverage coverage = coverage_of(ask, consent);
    return coverage.has_files ? coverage.named | ALL_FILES : coverage.named;
}

/* The fold lists what counts: each yes has to name a field, and no no may. */
static bool match_consent(void *context, struct bytes consent)
{
    struct consent_search *search = context;
    struct bytes party;
    bool is_given = false;
    if (!view_map_text(consent, "party", &party)) /* never: the fold lists no other */
        return true;
    if (!bytes_equal(party, search->party))
        return true;
    search->is_asked = true;
    if (!view_map_flag(consent, "given", &is_given))
        search->taken_back = ~0u; /* erased: it may have been a no to anything */
    else if (!is_given)
        search->taken_back |= taken_by(search->ask, consent);
    if (!is_given)
        return true;
    if (!search->is_given)
        search->entry = consent;
    choice_bits covered = covered_by(search->ask, consent);
    search->covered = search->is_given ? search->covered & covered : covered;
    search->is_given = true;
    return true;
}

/* What bit i stands for, to a person. */
static struct short_text choice_text(const struct escalation_ask *ask, int i)
{
    return shorten(i < CHOSEN_MAX ? bytes_str(choices[i])
                                  : ask->files[i - CHOSEN_MAX].name);
}

static enum status check_consent(const struct consent_search *search, struct err *err)
{
    struct short_text party = shorten(search->party);
    const int bits = CHOSEN_MAX + (int)search->ask->files_len;
    if (!search->is_asked)
        return err_set(err, STATUS_DENIED,
                       "%s has not been asked; run 'case consent' for this party",
                       party.text);
    if (!search->is_given)
        return err_set(err, STATUS_DENIED,
                       "%s did not consent; only a new 'case consent' changes that",
                       party.text);
    for (int i = 0; i < bits; i++)
        if (search->chosen & search->covered & search->taken_back & 1u << i)
            return err_set(err, STATUS_DENIED,
                           "%s took back the consent to '%s'; ask and run 'case "
                           "consent', or leave it out",
                           party.text, choice_text(search->ask, i).text);
    for (int i = 0; i < bits; i++)
        if (search->chosen & ~search->covered & 1u << i)
            return err_set(err, STATUS_DENIED,
                           "%s did not consent to '%s'; ask and run 'case consent', or "
                           "leave it out",
                           party.text, choice_text(search->ask, i).text);
    return STATUS_OK;
}

/* Writes [party, chosen fields, manner]. Which files it is about say those that go with
 * the record; their ids in the case stay there. Who witnessed it is a person of the
 * village, was asked by nobody, and stays in the case. */
static void write_consent(const struct consent_search *search, struct buf *out)
{
    struct bytes manner = {0};
    uint32_t count = 0;
    bool has_files = (search->chosen & ALL_FILES) != 0;
    for (int i = 0; i < CHOSEN_MAX; i++)
        count += (search->chosen >> i) & 1;
    pack_array(out, 3);
    pack_str_bytes(out, search->party);
    pack_array(out, count + has_files);
    for (int i = 0; i < CHOSEN_MAX; i++)
        if (search->chosen & 1u << i)
            pack_str(out, choices[i]);
    if (has_files)
        pack_str(out, CONSENT_FILES);
    (void)view_map_text(search->entry, "manner", &manner); /* checked by the schema */
    pack_str_bytes(out, manner);
}

/* The consents of all parties, as far as none is missing; in danger to life those that
 * are there. */
struct consent_list {
    const struct escalation_ask *ask;
    choice_bits chosen;
    struct buf *out; /* NULL: they are counted alone */
    uint32_t len;
    struct err *err;
    enum status status;
};

static bool write_party(void *context, struct bytes entry)
{
    struct consent_list *list = context;
    struct consent_search search = {.ask = list->ask, .chosen = list->chosen};
    struct pack_reader reader = pack_reader_of(entry);
    struct bytes role;
    if (!schema_next_party(&reader, &search.party, &role)) /* never: it fitted */
        return false;
    view_map_each(list->ask->view, "consents", match_consent, &search);
    list->status = check_consent(&search, list->err);
    if (list->status != STATUS_OK)
        return list->ask->danger.len > 0;
    list->len++;
    if (list->out != NULL)
        write_consent(&search, list->out);
    return true;
}

/* Nobody to ask is said in so many words, or it is an oversight. */
static enum status check_parties(const struct escalation_ask *ask, struct err *err)
{
    bool has_parties = view_map_count(ask->view, "parties") > 0;
    if (!has_parties && ask->no_parties.len == 0 && ask->danger.len == 0)
        return err_set(err, STATUS_DENIED,
                       "the case names no parties, so nobody has consented; where there "
                       "is nobody to ask, say why (no parties)");
    if (has_parties && ask->no_parties.len > 0)
        return err_set(err, STATUS_INVALID,
                       "the case names parties: they are asked with 'case consent', and "
                       "no reason takes their place");
    if (ask->no_parties.len > 4096)
        return err_set(err, STATUS_INVALID,
                       "say in at most 4096 bytes why there is nobody to ask");
    return STATUS_OK;
}

static enum status write_consents(const struct escalation_ask *ask, choice_bits chosen,
                                  struct buf *out, struct err *err)
{
    struct consent_list counted = {.ask = ask, .chosen = chosen, .err = err};
    struct consent_list list = {.ask = ask, .chosen = chosen, .out = out};
    view_map_each(ask->view, "parties", write_party, &counted);
    if (counted.status != STATUS_OK && ask->danger.len == 0)
        return counted.status;
    pack_array(out, counted.len);
    view_map_each(ask->view, "parties", write_party, &list);
    return STATUS_OK;
}

enum status escalation_check_consents(struct bytes view, const struct bytes *fields,
                                      size_t len, struct err *err)
{
    const struct escalation_ask ask = {.view = view};
    struct buf unused = {0};
    choice_bits chosen = 0;
    for (size_t i = 0; i < len; i++)
        if (escalation_can_choose(fields[i]))
            chosen |= 1u << choice_of(fields[i]);
    enum status status = write_consents(&ask, chosen, &unused, err);
    buf_deinit(&unused);
    return status;
}

/* --- the plan --- */

/* While the memory grows, value.len holds the end of the value and data nothing. */
static void end_field(struct escalation_plan *plan, const char *prefix, const char *name)
{
    struct escalation_field *field = &plan->fields[plan->fields_len++];
    memcpy(field->name, prefix, strlen(prefix));
    memcpy(field->name + strlen(prefix), name, strlen(name) + 1);
    field->value.len = plan->memory.len;
}

static bool write_part(struct bytes triage, const char *name, bool is_flag,
                       struct buf *out)
{
    bool flag = false;
    struct bytes text = {0};
    if (is_flag ? !view_map_flag(triage, name, &flag)
                : !view_map_text(triage, name, &text))
        return false;
    pack_str(out, name);
    if (is_flag)
        pack_bool(out, flag);
    else
        pack_str_bytes(out, text);
    return true;
}

/* False: a part was erased. */
static bool write_triage(struct bytes triage, struct buf *out)
{
    static const struct {
        const char *name;
        bool is_flag;
    } parts[] = {{"beyond", true},
                 {"danger", true},
                 {"decision", false},
                 {"reason", false},
                 {"solvable", true}};
    pack_map(out, 5);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (!write_part(triage, parts[i].name, parts[i].is_flag, out))
            return false;
    return true;
}

static void write_chosen(const struct escalation_ask *ask, choice_bits chosen,
                         struct escalation_plan *plan)
{
    for (int i = 0; i < CHOSEN_MAX; i++) {
        struct bytes raw;
        if ((chosen & 1u << i) == 0)
            continue;
        bool is_there = strcmp(choices[i], "parties") == 0
                            ? view_map_get(ask->view, "parties", &raw)
                            : view_value(ask->view, choices[i], &raw);
        if (!is_there) /* never: check_fields saw to it */
            continue;
        buf_add(&plan->memory, raw.data, raw.len);
        end_field(plan, PREFIX, choices[i]);
    }
}

static void write_sites(const struct escalation_ask *ask, struct buf *out)
{
    pack_array(out, 1);
    pack_array(out, 2);
    pack_bin(out, ask->site.bytes, ID_SIZE);
    pack_uint(out, ask->classes == 0 ? CLASS_ALL : ask->classes);
}

/* Now that the memory stays where it is. */
static void point_values(struct escalation_plan *plan)
{
    size_t start = 0;
    for (uint32_t i = 0; i < plan->fields_len; i++) {
        size_t end = plan->fields[i].value.len;
        plan->fields[i].value = bytes_of(plan->memory.data + start, end - start);
        start = end;
    }
}

/* Fields in ascending order: case.…, consents, danger, danger-reason, minor, no-parties,
 * onward, reason, sites, triage. */
static enum status write_plan(const struct escalation_ask *ask, choice_bits chosen,
                              struct bytes triage, struct escalation_plan *plan,
                              struct err *err)
{
    struct buf *out = &plan->memory;
    write_chosen(ask, chosen, plan);
    enum status status = write_consents(ask, chosen, out, err);
    if (status != STATUS_OK)
        return status;
    end_field(plan, "", "consents");
    if (ask->danger.len > 0) {
        pack_bool(out, true);
        end_field(plan, "", "danger");
        pack_str_bytes(out, ask->danger);
        end_field(plan, "", "danger-reason");
    }
    if (view_is_minor(ask->view)) {
        pack_bool(out, true);
        end_field(plan, "", "minor");
    }
    if (ask->no_parties.len > 0) {
        pack_str_bytes(out, ask->no_parties);
        end_field(plan, "", "no-parties");
    }
    if (ask->onward.len == 0)
        pack_str(out, "ask");
    else
        pack_str_bytes(out, ask->onward);
    end_field(plan, "", "onward");
    pack_str_bytes(out, ask->reason);
    end_field(plan, "", "reason");
    write_sites(ask, out);
    end_field(plan, "", "sites");
    if (!write_triage(triage, out))
        return err_set(err, STATUS_INVALID,
                       "a part of the triage was erased; run 'case triage' again");
    end_field(plan, "", "triage");
    status = buf_status(out);
    if (status == STATUS_OK)
        point_values(plan);
    return status;
}

enum status escalation_plan(const struct escalation_ask *ask, struct escalation_plan *out,
                            struct err *err)
{
    *out = (struct escalation_plan){0};
    choice_bits chosen;
    struct bytes triage;
    enum status status = read_choice(ask, &chosen, err);
    if (status == STATUS_OK)
        status = check_reason(ask, err);
    if (status == STATUS_OK)
        status = check_triage(ask, &triage, err);
    if (status == STATUS_OK)
        status = check_danger(ask, triage, err);
    if (status == STATUS_OK)
        status = check_fields(ask, chosen, err);
    if (status == STATUS_OK)
        status = check_parties(ask, err);
    if (status == STATUS_OK)
        status = write_plan(ask, chosen, triage, out, err);
    if (status != STATUS_OK)
        escalation_plan_deinit(out);
    return status;
}

void escalation_plan_deinit(struct escalation_plan *plan)
{
    buf_deinit(&plan->memory);
    *plan = (struct escalation_plan){0};
}

/* --- origin --- */

/* The least of heads above above (NULL: the least of all), or NULL. */
static const struct id *next_head(const struct id *heads, size_t len,
                                  const struct id *above)
{
    const struct id *next = NULL;
    for (size_t i = 0; i < len; i++)
        if ((above == NULL || id_compare(&heads[i], above) > 0) &&
            (next == NULL || id_compare(&heads[i], next) < 0))
            next = &heads[i];
    return next;
}

void escalation_origin(struct id *out, const uint8_t salt[static 32],
                       const struct id *scope, const struct id *heads, size_t len)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/origin");
    digest_add(&digest, salt, 32);
    digest_add(&digest, scope->bytes, ID_SIZE);
    const struct id *head = NULL;
    while ((head = next_head(heads, len, head)) != NULL)
        digest_add(&digest, head->bytes, ID_SIZE);
    digest_final(&digest, out->bytes);
}
