/* What the store keeps for those who come over the network, asked for and changed. */
#include "storage/store_devices.h"
#include "storage/store_form_drafts.h"
#include "storage/store_onces.h"
#include "storage/store_pin_tries.h"
#include "tests/unit/storage/full_store.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))
#define PERSON 9

static enum status note_device(void *context, const struct store_device *device)
{
    (void)context;
    full_hear_id(&device->digest);
    full_hear_id(&device->person);
    full_hear(device->label);
    full_hear_number(device->seen);
    return STATUS_OK;
}

/* What was given a number is gone with its turn. */
static enum status devices(struct store *store)
{
    struct store_device device = {.digest = sample_id(3),
                                  .person = sample_id(PERSON),
                                  .label = bytes_str("phone"),
                                  .since = 5};
    struct id other = sample_id(4);
    int64_t number;
    enum status status = store_device_add(store, &device, &number);
    if (status == STATUS_OK)
        status = store_device_seen(store, number, 7);
    if (status == STATUS_OK)
        status = store_device_find(store, &device.digest, note_device, NULL);
    if (status == STATUS_OK)
        status = store_device_get(store, number, note_device, NULL);
    if (status == STATUS_OK)
        status = store_devices(store, note_device, NULL);
    if (status == STATUS_OK)
        status = store_device_remove(store, number);
    if (status == STATUS_OK)
        status = store_devices_remove_of(store, &other);
    return status;
}

static enum status onces(struct store *store)
{
    struct id once = sample_id(3), asked = sample_id(4), got;
    struct buf answer = {0};
    enum status status = store_once_add(store, &once, &asked, bytes_str("answer"));
    if (status == STATUS_OK)
        status = store_once_get(store, &once, &got, &answer);
    if (status == STATUS_OK) {
        full_hear_id(&got);
        full_hear(buf_bytes(&answer));
    }
    buf_deinit(&answer);
    return status;
}

static enum status note_draft(void *context, const struct store_form_draft *draft)
{
    (void)context;
    full_hear(draft->form);
    full_hear(draft->fields);
    full_hear_number(draft->wall);
    return STATUS_OK;
}

static enum status form_drafts(struct store *store)
{
    struct id person = sample_id(PERSON);
    struct store_form_draft draft = {
        .form = bytes_str("case"), .fields = bytes_str("fields"), .wall = 5};
    enum status status = store_form_draft_put(store, &person, &draft);
    if (status == STATUS_OK)
        status = store_form_draft_get(store, &person, draft.form, note_draft, NULL);
    if (status == STATUS_OK)
        status = store_form_drafts(store, &person, note_draft, NULL);
    if (status == STATUS_OK)
        status = store_form_draft_remove(store, &person, draft.form);
    return status;
}

static enum status forget_form_drafts(struct store *store)
{
    struct id person = sample_id(PERSON);
    struct store_form_draft draft = {
        .form = bytes_str("note"), .fields = bytes_str("fields"), .wall = 5};
    enum status status = store_form_draft_put(store, &person, &draft);
    return status == STATUS_OK ? store_form_drafts_remove_of(store, &person) : status;
}

static enum status pin_tries(struct store *store)
{
    struct id person = sample_id(PERSON);
    uint64_t count = 0;
    enum status status = store_pin_tries_put(store, &person, 3);
    if (status == STATUS_OK)
        status = store_pin_tries_get(store, &person, &count);
    full_hear_number(count);
    return status == STATUS_OK ? store_pin_tries_put(store, &person, 0) : status;
}

#define ASK(function)                                                                    \
    {                                                                                    \
#function, function                                                              \
    }
const struct full_request full_far[] = {
    ASK(devices), ASK(onces), ASK(form_drafts), ASK(forget_form_drafts), ASK(pin_tries),
};
const size_t full_far_len = LEN(full_far);
