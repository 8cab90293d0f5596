#include "tests/sim/sim_strange.h"

void strange_say(void *context, struct bytes message, struct buf *out)
{
    struct strange *strange = context;
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name;
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        !bytes_equal_str(name, strange->name))
        return;
    strange->write(strange->which, out);
    strange->times++;
}
