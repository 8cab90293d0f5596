/* device.invite, claim, enter, list, revoke, lock: who is signed in over the network. */
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/device.h"
#include "node/core/device_code.h"
#include "node/core/far.h"
#include "node/core/people.h"

static enum status need_far(const struct caller *caller, struct err *err)
{
    return caller->is_far ? STATUS_OK
                          : err_set(err, STATUS_INVALID,
                                    "devices sign in over the network; whoever reaches "
                                    "this socket needs none");
}

static void pack_key(struct buf *out, const char *name, const struct id *key)
{
    pack_str(out, name);
    pack_bin(out, key->bytes, ID_SIZE);
}

/* --- inviting --- */

/* Empty: whoever signs. */
static enum status whom(struct core *core, const struct caller *caller,
                        const struct args *args, struct id *person, struct err *err)
{
    struct bytes who;
    const struct charter_person *meant;
    memcpy(person->bytes, caller->signer.key, ID_SIZE);
    enum status status = args_text_optional(args, "person", 120, &who, err);
    if (status != STATUS_OK || who.len == 0)
        return status;
    status = people_find(core, who, &meant, err);
    if (status != STATUS_OK)
        return status;
    memcpy(person->bytes, meant->key, ID_SIZE);
    return memcmp(meant->key, caller->signer.key, ID_SIZE) == 0 ||
                   caller_is_steward(core, caller)
               ? STATUS_OK
               : err_set(err, STATUS_DENIED,
                         "a steward invites a device of another person");
}

enum status api_device_invite(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct id person;
    const struct device_code *code;
    struct charter *charter;
    enum status status = whom(core, caller, args, &person, err);
    if (status == STATUS_OK)
        status = charters_own(core, &charter);
    if (status != STATUS_OK)
        return status;
    if (charter_roles_now(charter, person.bytes) == 0)
        return err_set(err, STATUS_DENIED, "that person has no role here any more");
    status = device_code_new(core, &person, &code, err);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 3);
    pack_str(result, "code");
    pack_str(result, code->text);
    pack_str(result, "expires_in_s");
    pack_uint(result, DEVICE_CODE_LIFETIME_MS / 1000);
    pack_key(result, "person", &person);
    return STATUS_OK;
}

/* --- signing in --- */

/* Appends "name", "person" and "roles" of the caller's device. */
static void pack_person(struct core *core, const struct caller *caller,
                        struct charter *charter, struct buf *result)
{
    pack_str(result, "name");
    api_pack_name(core, &caller->person, result);
    pack_key(result, "person", &caller->person);
    pack_str(result, "roles");
    role_pack(charter_roles_now(charter, caller->person.bytes), result);
}

enum status api_device_claim(struct core *core, struct caller *caller,
                             const struct args *args, struct buf *result, struct err *err)
{
    struct bytes text, label;
    struct device_code *code;
    struct charter *charter;
    uint8_t token[DEVICE_TOKEN_SIZE];
    enum status status = args_text(args, "code", 120, &text, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "label", DEVICE_LABEL_MAX, &label, err);
    if (status == STATUS_OK)
        status = need_far(caller, err);
    if (status == STATUS_OK)
        status = device_code_find(core, text, &code, err);
    if (status == STATUS_OK)
        status = charters_own(core, &charter);
    if (status != STATUS_OK)
        return status;
    struct id person = code->person;
    status = device_add(core, caller, &person, label, token, err);
    if (status != STATUS_OK)
        return status;
    device_code_close(code);
    pack_map(result, 5);
    pack_str(result, "device");
    pack_uint(result, (uint64_t)caller->device);
    pack_person(core, caller, charter, result);
    pack_str(result, "token");
    pack_bin(result, token, sizeof(token));
    secret_wipe(token, sizeof(token));
    return STATUS_OK;
}

enum status api_device_enter(struct core *core, struct caller *caller,
                             const struct args *args, struct buf *result, struct err *err)
{
    struct bytes raw, token;
    struct charter *charter;
    if (!args_raw(args, "token", &raw))
        return err_set(err, STATUS_INVALID, "token is missing");
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_bin(&reader, &token, NULL) != STATUS_OK ||
        token.len != DEVICE_TOKEN_SIZE)
        return err_set(err, STATUS_INVALID, "token is a bin of %d bytes",
                       DEVICE_TOKEN_SIZE);
    enum status status = need_far(caller, err);
    if (status == STATUS_OK)
        status = device_enter(core, caller, token, err);
    if (status != STATUS_OK)
        return status;
    status = charters_own(core, &charter);
    if (status != STATUS_OK) /* never: device_enter has read it */
        return status;
    pack_map(result, 5);
    pack_str(result, "device");
    pack_uint(result, (uint64_t)caller->device);
    pack_person(core, caller, charter, result);
    pack_str(result, "unlocked");
    pack_bool(result, caller->signer.pair != NULL);
    return STATUS_OK;
}

/* --- which there are --- */

struct listing {
    struct core *core;
    const struct caller *caller;
    bool shows_all;
    struct buf rows;
    uint32_t len;
};

static enum status list_one(void *context, const struct store_device *device)
{
    struct listing *listing = context;
    struct buf *out = &listing->rows;
    if (!listing->shows_all && !id_equal(&device->person, &listing->caller->person))
        return STATUS_OK;
    listing->len++;
    pack_map(out, 7);
    pack_str(out, "device");
    pack_uint(out, (uint64_t)device->number);
    pack_str(out, "is_this");
    pack_bool(out, device->number == listing->caller->device);
    pack_str(out, "label");
    pack_str_bytes(out, device->label);
    pack_str(out, "name");
    api_pack_name(listing->core, &device->person, out);
    pack_key(out, "person", &device->person);
    pack_str(out, "seen");
    pack_uint(out, device->seen);
    pack_str(out, "since");
    pack_uint(out, device->since);
    return buf_status(out);
}

enum status api_device_list(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct listing listing = {.core = core, .caller = caller};
    /* From afar as what was set apart: for stewards. */
    listing.shows_all = far_may_read(core, caller, READS_APART, NULL) == STATUS_OK;
    enum status status = store_devices(core->store, list_one, &listing);
    pack_map(result, 1);
    pack_str(result, "devices");
    pack_array(result, listing.len);
    buf_append(result, &listing.rows);
    buf_deinit(&listing.rows);
    return core_check(core, status);
}

/* --- which there are not any more --- */

static enum status take_person(void *context, const struct store_device *device)
{
    *(struct id *)context = device->person;
    return STATUS_OK;
}

static bool is_own(const struct caller *caller, const struct id *person)
{
    return caller->has_person ? id_equal(&caller->person, person)
                              : memcmp(caller->signer.key, person->bytes, ID_SIZE) == 0;
}

enum status api_device_revoke(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct id person;
    uint64_t number = args_number(args, "device", 0);
    if (number == 0)
        return err_set(err, STATUS_INVALID,
                       "device is missing: its number (device list)");
    enum status status =
        number > INT64_MAX
            ? STATUS_NOT_FOUND
            : store_device_get(core->store, (int64_t)number, take_person, &person);
    bool is_steward = caller->signer.pair != NULL && caller_is_steward(core, caller);
    if (status == STATUS_OK && !is_own(caller, &person) && !is_steward)
        return err_set(err, STATUS_DENIED,
                       "a steward who unlocked with a PIN revokes devices of others");
    if (status == STATUS_OK)
        status = device_revoke(core, (int64_t)number);
    if (status == STATUS_NOT_FOUND)
        return err_set(err, status,
                       "no device of that number is signed in (device list)");
    return core_check(core, status);
}

enum status api_device_lock(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    signer_wipe(&caller->signer);
    return STATUS_OK;
}
