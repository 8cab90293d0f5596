#include "node/core/device.h"

#include <string.h>

#include "crypto/digest.h"
#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/device_code.h"
#include "storage/store_form_drafts.h"
#include "storage/store_pin_tries.h"

#define SEEN_AGAIN_S 3600 /* so that coming and going does not wear the card */

static void token_digest(struct bytes token, struct id *digest)
{
    digest_of(digest->bytes, "fengqiao/1/device", token.data, token.len);
}

/* --- callers --- */

static void leave(struct caller *caller)
{
    signer_wipe(&caller->signer);
    caller->device = 0;
    caller->has_person = false;
}

/* Another device brings its own person, and is locked. */
static void speak_for(struct caller *caller, int64_t number, const struct id *person)
{
    if (caller->device != number)
        leave(caller);
    caller->device = number;
    caller->person = *person;
    caller->has_person = true;
}

static void all_leave(struct core *core, int64_t number, const struct id *person)
{
    for (int i = 0; i < CALLERS_MAX; i++) {
        struct caller *caller = core->callers[i];
        if (caller == NULL || !caller->has_person)
            continue;
        if (person == NULL ? caller->device == number : id_equal(&caller->person, person))
            leave(caller);
    }
}

/* --- signing in --- */

struct tally {
    const struct id *person;
    int64_t except;
    uint32_t len;
};

static enum status count_one(void *context, const struct store_device *device)
{
    struct tally *tally = context;
    tally->len +=
        id_equal(&device->person, tally->person) && device->number != tally->except;
    return STATUS_OK;
}

enum status device_add(struct core *core, struct caller *caller, const struct id *person,
                       struct bytes label, uint8_t token[static DEVICE_TOKEN_SIZE],
                       struct err *err)
{
    struct tally tally = {person, caller->device, 0};
    struct store_device device = {.person = *person, .label = label, .since = core->wall};
    enum status status = store_devices(core->store, count_one, &tally);
    if (status == STATUS_OK && tally.len >= DEVICES_PERSON_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "%d devices of this person are signed in; revoke one first "
                       "(device list)",
                       DEVICES_PERSON_MAX);
    if (status == STATUS_OK && caller->has_person)
        status = device_revoke(core, caller->device);
    if (status != STATUS_OK)
        return core_check(core, status);
    rng_fill(&core->rng, "device", core->site.bytes, token, DEVICE_TOKEN_SIZE);
    token_digest(bytes_of(token, DEVICE_TOKEN_SIZE), &device.digest);
    status = store_device_add(core->store, &device, &device.number);
    if (status == STATUS_OK)
        speak_for(caller, device.number, person);
    return core_check(core, status);
}

/* --- being there --- */

static enum status take_row(void *context, const struct store_device *device)
{
    struct store_device *row = context;
    *row = *device;
    row->label = (struct bytes){0};
    return STATUS_OK;
}

static enum status has_role(struct core *core, const struct id *person, bool *has)
{
    struct charter *charter;
    enum status status = charters_own(core, &charter);
    *has = status == STATUS_OK && charter_roles_now(charter, person->bytes) != 0;
    return status;
}

static enum status refuse(enum status status, struct err *err)
{
    return err_set(err, status,
                   "this device is not signed in, or not any more; ask a steward for an "
                   "invitation");
}

enum status device_enter(struct core *core, struct caller *caller, struct bytes token,
                         struct err *err)
{
    struct id digest;
    struct store_device row;
    bool has = false;
    token_digest(token, &digest);
    enum status status = store_device_find(core->store, &digest, take_row, &row);
    if (status == STATUS_NOT_FOUND)
        return refuse(status, err);
    if (status == STATUS_OK)
        status = has_role(core, &row.person, &has);
    if (status == STATUS_OK && !has)
        return refuse(STATUS_DENIED, err);
    if (status == STATUS_OK && core->wall >= row.seen + SEEN_AGAIN_S)
        status = store_device_seen(core->store, row.number, core->wall);
    if (status == STATUS_OK)
        speak_for(caller, row.number, &row.person);
    return core_check(core, status);
}

enum status device_check(struct core *core, struct caller *caller, struct err *err)
{
    bool has = false;
    if (!caller->has_person)
        return refuse(STATUS_DENIED, err);
    enum status status = has_role(core, &caller->person, &has);
    if (status != STATUS_OK || has)
        return status;
    leave(caller);
    return refuse(STATUS_DENIED, err);
}

/* --- going --- */

enum status device_revoke(struct core *core, int64_t number)
{
    enum status status = store_device_remove(core->store, number);
    if (status == STATUS_OK)
        all_leave(core, number, NULL);
    return core_check(core, status);
}

static enum status forget_person(struct core *core, const struct id *person)
{
    enum status status = store_devices_remove_of(core->store, person);
    if (status == STATUS_OK)
        status = store_form_drafts_remove_of(core->store, person);
    if (status == STATUS_OK)
        status = store_pin_tries_put(core->store, person, 0);
    device_codes_close_of(core, person);
    all_leave(core, 0, person);
    return status;
}

enum status devices_after_turn(struct core *core)
{
    bool has_changed = false;
    struct charter *charter;
    size_t len;
    for (uint32_t i = 0; i < core->changed.len; i++)
        has_changed |= id_equal(&core->changed.ids[i], &core->site);
    if (!has_changed)
        return STATUS_OK;
    enum status status = charters_own(core, &charter);
    if (status != STATUS_OK) /* never: it was folded in this turn */
        return status;
    const struct charter_person *persons = charter_persons(charter, &len);
    for (size_t i = 0; status == STATUS_OK && i < len; i++) {
        struct id person;
        memcpy(person.bytes, persons[i].key, ID_SIZE);
        if (persons[i].is_revoked)
            status = forget_person(core, &person);
    }
    return core_check(core, status);
}
