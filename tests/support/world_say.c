/* Calls with arguments as texts, and the PIN. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/view.h"
#include "tests/support/world_inside.h"

enum status world_call(struct world *world, struct world_node *node, const char *method,
                       struct bytes arguments, struct buf *out)
{
    struct buf request = {0};
    pack_array(&request, 3);
    pack_uint(&request, 1);
    pack_str(&request, method);
    buf_add(&request, arguments.data, arguments.len);
    node->has_reply = false;
    world_push(node, EVENT_CLIENT_REQUEST, 0, buf_bytes(&request), NULL);
    buf_deinit(&request);
    for (int i = 0; i < 200 && !node->has_reply && !node->has_stopped; i++)
        world_run(world, i < 100 ? 1 : 1000);
    if (!node->has_reply && node->has_stopped)
        return STATUS_CLOSED;
    assert(node->has_reply);
    struct pack_reader reader = pack_reader_of(buf_bytes(&node->reply));
    uint32_t elements;
    uint64_t number;
    struct bytes name, result;
    bool whole = pack_read_array(&reader, &elements, NULL) == STATUS_OK &&
                 pack_read_uint(&reader, &number, NULL) == STATUS_OK &&
                 pack_read_str(&reader, &name, NULL) == STATUS_OK &&
                 pack_value(&reader, 1, &result, NULL) == STATUS_OK;
    assert(whole);
    (void)whole;
    char text[32];
    (void)snprintf(text, sizeof(text), "%.*s", (int)name.len, (const char *)name.data);
    enum status status = status_from_name(text);
    if (status != STATUS_OK && getenv("WORLD_TRACE") != NULL)
        (void)fprintf(stderr, "%s %s: %s %.*s\n", node->address, method, text,
                      (int)result.len, (const char *)result.data);
    if (out != NULL) {
        buf_clear(out);
        buf_add(out, result.data, result.len);
    }
    return status;
}

/* With '=' in them a list of pairs. */
static void pack_texts(struct buf *out, const char *list)
{
    uint32_t count = 1;
    for (const char *c = list; *c != '\0'; c++)
        count += *c == ',';
    pack_array(out, count);
    while (count-- > 0) {
        size_t len = strcspn(list, ",]"), name_len = strcspn(list, "=,]");
        if (name_len < len)
            pack_array(out, 2);
        pack_str_bytes(out, bytes_of(list, name_len));
        if (name_len < len)
            pack_str_bytes(out, bytes_of(list + name_len + 1, len - name_len - 1));
        list += len + 1;
    }
}

/* "{title=水沟,text=…": a map of texts, names ascending. */
static void pack_fields(struct buf *out, const char *list)
{
    uint32_t count = *list != '\0';
    for (const char *c = list; *c != '\0'; c++)
        count += *c == ',';
    pack_map(out, count);
    for (; count > 0; count--) {
        size_t len = strcspn(list, ","), name_len = strcspn(list, "=");
        pack_str_bytes(out, bytes_of(list, name_len));
        pack_str_bytes(out, bytes_of(list + name_len + 1, len - name_len - 1));
        list += len + 1;
    }
}

void world_pack_texts(struct buf *map, va_list args)
{
    const char *names[12], *values[12];
    uint32_t len = 0;
    for (;;) {
        const char *name = va_arg(args, const char *);
        if (name == NULL)
            break;
        const char *value = va_arg(args, const char *);
        uint32_t at = len++;
        assert(len <= 12);
        for (; at > 0 && strcmp(names[at - 1], name) > 0; at--) {
            names[at] = names[at - 1];
            values[at] = values[at - 1];
        }
        names[at] = name;
        values[at] = value;
    }
    pack_map(map, len);
    for (uint32_t i = 0; i < len; i++) {
        pack_str(map, names[i]);
        if (values[i][0] == '[')
            pack_texts(map, values[i] + 1);
        else if (values[i][0] == '{')
            pack_fields(map, values[i] + 1);
        else if (values[i][0] == '#')
            pack_uint(map, strtoull(values[i] + 1, NULL, 10));
        else if (strcmp(values[i], "true") == 0)
            pack_bool(map, true);
        else
            pack_str(map, values[i]);
    }
}

enum status world_say(struct world *world, struct world_node *node, struct buf *out,
                      const char *method, ...)
{
    struct buf map = {0};
    va_list args;
    va_start(args, method);
    world_pack_texts(&map, args);
    va_end(args);
    enum status status = world_call(world, node, method, buf_bytes(&map), out);
    buf_deinit(&map);
    return status;
}

enum status world_unlock(struct world *world, struct world_node *node, const char *person,
                         const char *pin)
{
    if (person[0] == '\0')
        return world_say(world, node, NULL, "unlock", "pin", pin, NULL);
    return world_say(world, node, NULL, "unlock", "person", person, "pin", pin, NULL);
}

void world_pair(struct world *world, struct world_node *parent, struct world_node *child)
{
    struct buf out = {0};
    char code[128] = "";
    struct bytes text;
    enum status status = world_say(world, parent, &out, "peer.invite", NULL);
    bool is_told = status == STATUS_OK && view_map_text(buf_bytes(&out), "code", &text) &&
                   text.len < sizeof(code);
    assert(is_told);
    memcpy(code, text.data, text.len);
    status = world_say(world, child, &out, "peer.join", "code", code, "at",
                       world_address(parent), NULL);
    assert(status == STATUS_OK);
    (void)is_told;
    (void)status;
    buf_deinit(&out);
    world_run(world, 5000);
}
