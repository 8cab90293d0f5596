#include "tests/sim/life/ops_message.h"

#include "proto/limits.h"
#include "proto/pack.h"

bool ops_message_each(struct bytes message, ops_message_fn *fn, void *context)
{
    static struct id ids[DICTIONARY_MAX];
    static struct op op;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements, ids_len, ops_len;
    struct bytes name;
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK || !bytes_equal_str(name, "ops"))
        return true;
    if (pack_read_array(&reader, &ids_len, NULL) != STATUS_OK || ids_len > DICTIONARY_MAX)
        return false;
    for (uint32_t i = 0; i < ids_len; i++)
        if (pack_read_fixed(&reader, ids[i].bytes, ID_SIZE, NULL) != STATUS_OK)
            return false;
    if (pack_read_array(&reader, &ops_len, NULL) != STATUS_OK)
        return false;
    struct op_dictionary dictionary = {ids, ids_len};
    for (uint32_t i = 0; i < ops_len; i++) {
        if (op_decode(&op, &reader, &dictionary, NULL) != STATUS_OK ||
            op_rebuild(&op) != STATUS_OK)
            return false;
        fn(context, &op);
    }
    return true;
}
