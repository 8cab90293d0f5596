#include "node/core/once.h"

#include <string.h>

#include "crypto/digest.h"
#include "storage/store_onces.h"

/* The bytes themselves are not kept, and stand before the arguments: nobody who holds the
 * file finds out by trying what was asked. */
struct once_key {
    struct id once, asked;
};

static struct once_key key_of(const struct caller *caller,
                              const struct api_method *method, const struct args *args,
                              struct bytes once)
{
    struct once_key key;
    struct digest digest;
    const uint8_t *person =
        caller->signer.pair != NULL ? caller->signer.key : caller->person.bytes;
    digest_init(&digest, "fengqiao/1/once");
    digest_add(&digest, person, ID_SIZE);
    digest_add(&digest, once.data, once.len);
    digest_final(&digest, key.once.bytes);
    digest_init(&digest, "fengqiao/1/once-asked");
    digest_add(&digest, once.data, once.len);
    digest_add(&digest, method->name, strlen(method->name) + 1);
    digest_add(&digest, args->map.data, args->map.len);
    digest_final(&digest, key.asked.bytes);
    return key;
}

enum status once_call(struct core *core, struct caller *caller,
                      const struct api_method *method, const struct args *args,
                      struct bytes once, struct buf *result, struct err *err)
{
    struct once_key key = key_of(caller, method, args, once);
    struct id asked;
    enum status status = store_once_get(core->store, &key.once, &asked, result);
    if (status == STATUS_OK && !id_equal(&asked, &key.asked))
        return err_set(err, STATUS_CONFLICT,
                       "these bytes came with another request before; each has its own");
    if (status != STATUS_NOT_FOUND)
        return core_check(core, status);
    int64_t before = store_changes(core->store);
    status = method->call(core, caller, args, result, err);
    if (status != STATUS_OK || caller->wait != CALLER_READY ||
        store_changes(core->store) == before)
        return status;
    return core_check(
        core, store_once_add(core->store, &key.once, &key.asked, buf_bytes(result)));
}
