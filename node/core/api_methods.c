/* The table of methods itself, for faces that speak another language. */
#include "node/core/api.h"
#include "proto/pack.h"

static const char *who_text(enum api_who who)
{
    static const char *const texts[] = {"anybody", "known", "export", "person",
                                        "steward"};
    return texts[who];
}

static const char *reads_text(enum api_reads reads)
{
    static const char *const texts[] = {"nothing", "any",   "records",
                                        "cases",   "apart", "audit"};
    return texts[reads];
}

static uint32_t count(const char *names)
{
    struct args_known known;
    uint32_t len = 0;
    while (args_next_known(&names, &known))
        len++;
    return len;
}

enum status api_api_methods(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    pack_map(result, 1);
    pack_str(result, "methods");
    pack_array(result, (uint32_t)api_methods_len);
    for (size_t i = 0; i < api_methods_len; i++) {
        const struct api_method *method = &api_methods[i];
        const char *names = method->arguments;
        struct args_known known;
        pack_map(result, 4);
        pack_str(result, "arguments");
        pack_array(result, count(names));
        while (args_next_known(&names, &known)) {
            pack_map(result, 3);
            pack_str(result, "name");
            pack_str_bytes(result, known.name);
            pack_str(result, "optional");
            pack_bool(result, known.is_optional);
            pack_str(result, "type");
            if (known.type.len == 0)
                pack_str(result, "text");
            else
                pack_str_bytes(result, known.type);
        }
        pack_str(result, "name");
        pack_str(result, method->name);
        pack_str(result, "reads");
        pack_str(result, reads_text(method->reads));
        pack_str(result, "who");
        pack_str(result, who_text(method->who));
    }
    return STATUS_OK;
}
