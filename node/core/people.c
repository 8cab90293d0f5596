#include "node/core/people.h"

#include <stdio.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/pin_try.h"
#include "node/core/proposal.h"
#include "proto/limits.h"

enum status people_find(struct core *core, struct bytes who,
                        const struct charter_person **person, struct err *err)
{
    struct charter *charter;
    enum status status = charters_own(core, &charter);
    if (status != STATUS_OK)
        return status;
    uint8_t key[32];
    char text[128] = "";
    (void)snprintf(text, sizeof(text), "%.*s", (int)who.len,
                   who.len > 0 ? (const char *)who.data : "");
    bool is_key = key_from_text(key, "fqk1", text);
    size_t len;
    const struct charter_person *persons = charter_persons(charter, &len);
    *person = NULL;
    for (size_t i = 0; i < len; i++) {
        bool fits = who.len == 0 ? (persons[i].roles & ROLE_STEWARD) != 0
                    : is_key     ? memcmp(persons[i].key, key, 32) == 0
                                 : bytes_equal_str(who, persons[i].name);
        if (!fits || persons[i].is_revoked)
            continue;
        if (*person != NULL && who.len > 0)
            return err_set(err, STATUS_CONFLICT,
                           "two persons have that name; say which by the key");
        if (*person == NULL)
            *person = &persons[i];
    }
    if (*person == NULL)
        return err_set(err, STATUS_NOT_FOUND,
                       "nobody of that name may sign here; see: fengqiao person list");
    return STATUS_OK;
}

/* A far caller's is for the person of its device. */
enum status people_find_own(struct core *core, const struct caller *caller,
                            struct bytes who, const struct charter_person **person,
                            struct err *err)
{
    char own[KEY_TEXT_SIZE];
    if (!caller->is_far)
        return people_find(core, who, person, err);
    key_to_text(own, "fqk1", caller->person.bytes);
    enum status status =
        people_find(core, who.len == 0 ? bytes_str(own) : who, person, err);
    if (status == STATUS_OK && memcmp((*person)->key, caller->person.bytes, 32) != 0)
        return err_set(err, STATUS_DENIED,
                       "this device is signed in for somebody else, whose PIN alone it "
                       "takes");
    return status;
}

enum status people_check_pin(struct bytes pin, struct err *err)
{
    return pin.len >= PIN_MIN ? STATUS_OK
                              : err_set(err, STATUS_INVALID,
                                        "a PIN has at least %d characters", PIN_MIN);
}

static void key_name(char name[static 72], const uint8_t *key)
{
    memcpy(name, "key:", 5);
    hex_encode(name + 4, key, 32);
}

enum status api_unlock(struct core *core, struct caller *caller, const struct args *args,
                       struct buf *result, struct err *err)
{
    struct bytes who, pin;
    const struct charter_person *person;
    enum status status = args_text_optional(args, "person", 120, &who, err);
    if (status == STATUS_OK)
        status = args_text(args, "pin", WRAP_PIN_MAX, &pin, err);
    if (status == STATUS_OK)
        status = people_find_own(core, caller, who, &person, err);
    if (status != STATUS_OK)
        return status;
    return people_unwrap(core, caller, person->key, pin, CALLER_UNLOCKING, err);
}

enum status people_unwrap(struct core *core, struct caller *caller,
                          const uint8_t key[static 32], struct bytes pin,
                          enum caller_wait wait, struct err *err)
{
    struct buf wrapped = {0};
    enum status status = people_key(core, key, &wrapped);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        buf_deinit(&wrapped); /* the key may well be there */
        return core_check(core, status);
    }
    if (wrapped.len != WRAP_SIZE) {
        buf_deinit(&wrapped);
        return err_set(err, STATUS_NOT_FOUND,
                       "the signing key of that person is not on this machine");
    }
    status = caller->is_far ? pin_try_begin(core, &caller->person, err) : STATUS_OK;
    if (status != STATUS_OK) {
        buf_deinit(&wrapped);
        return status;
    }
    struct job *job = job_new(JOB_UNWRAP);
    if (job == NULL) {
        buf_deinit(&wrapped);
        return core_check(core, STATUS_NO_MEMORY);
    }
    memcpy(job->wrapped, wrapped.data, WRAP_SIZE);
    memcpy(job->pin, pin.data, pin.len);
    job->pin_len = (uint32_t)pin.len;
    buf_deinit(&wrapped);
    caller_start_job(core, caller, job, wait);
    return STATUS_OK;
}

enum status people_wrap_status(enum wrap_result result, struct err *err)
{
    switch (result) {
    case WRAP_OK:
        return STATUS_OK;
    case WRAP_WRONG_PIN:
        return err_set(err, STATUS_DENIED, "the PIN is wrong");
    case WRAP_DAMAGED:
        return err_set(err, STATUS_CORRUPT,
                       "the stored key is damaged; restore a backup");
    default:
        return err_set(err, STATUS_NO_MEMORY,
                       "not enough memory to open the key (64 MiB are needed)");
    }
}

enum status people_unlocked(struct core *core, struct caller *caller, struct job *job,
                            struct buf *result, struct err *err)
{
    enum status status = people_wrap_status(job->result, err);
    if (status != STATUS_OK)
        return status;
    signer_wipe(&caller->signer);
    caller->signer.pair = secret_new(sizeof(*caller->signer.pair));
    if (caller->signer.pair == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    sign_pair_init(caller->signer.pair, job->seed);
    memcpy(caller->signer.key, sign_pair_key(caller->signer.pair), KEY_SIZE);
    struct charter *charter;
    status = charters_own(core, &charter);
    if (status != STATUS_OK)
        return status;
    size_t len;
    const struct charter_person *persons = charter_persons(charter, &len);
    pack_map(result, 3);
    pack_str(result, "key");
    pack_bin(result, caller->signer.key, 32);
    pack_str(result, "person");
    const char *name = "";
    for (size_t i = 0; i < len; i++)
        if (memcmp(persons[i].key, caller->signer.key, 32) == 0)
            name = persons[i].name;
    pack_str(result, name);
    pack_str(result, "roles");
    role_pack(charter_roles_now(charter, caller->signer.key), result);
    return STATUS_OK;
}

enum status api_person_add(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct bytes name, role, pin;
    enum status status = args_text(args, "name", PERSON_NAME_MAX, &name, err);
    if (status == STATUS_OK)
        status = args_text(args, "role", sizeof(caller->role) - 1, &role, err);
    if (status == STATUS_OK)
        status = args_text(args, "pin", WRAP_PIN_MAX, &pin, err);
    if (status != STATUS_OK)
        return status;
    if (role_from_text(role) == 0)
        return err_set(err, STATUS_INVALID,
                       "a role is steward, mediator, desk, observer, auditor, judge or "
                       "authority");
    status = people_check_pin(pin, err);
    if (status != STATUS_OK)
        return status;
    struct charter *charter;
    status = charters_own(core, &charter);
    if (status != STATUS_OK)
        return status;
    if (!(charter_roles_now(charter, caller->signer.key) &
          (ROLE_STEWARD | ROLE_RECOVERY)))
        return err_set(err, STATUS_DENIED, "only a steward adds persons");
    struct job *job = job_new(JOB_WRAP);
    if (job == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    rng_fill(&core->rng, "person-key", core->site.bytes, job->seed, 32);
    rng_fill(&core->rng, "wrap", core->site.bytes, job->random, sizeof(job->random));
    memcpy(job->pin, pin.data, pin.len);
    job->pin_len = (uint32_t)pin.len;
    (void)snprintf(caller->name, sizeof(caller->name), "%.*s", (int)name.len,
                   (const char *)name.data);
    (void)snprintf(caller->role, sizeof(caller->role), "%.*s", (int)role.len,
                   (const char *)role.data);
    caller_start_job(core, caller, job, CALLER_ADDING);
    return STATUS_OK;
}

enum status people_key(struct core *core, const uint8_t key[static 32],
                       struct buf *wrapped)
{
    char name[72];
    key_name(name, key);
    return store_meta_get(core->store, name, wrapped);
}

enum status people_keep_key(struct core *core, const uint8_t key[static 32],
                            const uint8_t wrapped[static WRAP_SIZE])
{
    char name[72];
    key_name(name, key);
    core->keys_changed = true;
    return core_check(core,
                      store_meta_put(core->store, name, bytes_of(wrapped, WRAP_SIZE)));
}

enum status people_wrapped(struct core *core, struct caller *caller, struct job *job,
                           struct buf *result, struct err *err)
{
    enum status status = people_wrap_status(job->result, err);
    if (status != STATUS_OK)
        return status;
    uint8_t key[32];
    key_sign_public(key, job->seed);
    struct draft draft;
    draft_init(&draft, "person", &core->site);
    draft_bin(&draft, "key", key, 32);
    draft_text(&draft, "name", bytes_str(caller->name));
    draft_text(&draft, "role", bytes_str(caller->role));
    struct id op;
    uint32_t lacks = 0;
    status = author_write(core, &draft, caller->signer.pair, &op, err);
    draft_deinit(&draft);
    if (status == STATUS_OK)
        status = people_keep_key(core, key, job->wrapped);
    if (status == STATUS_OK)
        status = proposal_lacks(core, &op, &lacks);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_str(result, "key");
    pack_bin(result, key, 32);
    pack_str(result, "lacks");
    pack_uint(result, lacks);
    return STATUS_OK;
}
