#include "node/page/json_face.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "node/page/pairs.h"
#include "node/page/peek.h"
#include "node/page/render.h"
#include "proto/json.h"
#include "proto/pack.h"

#define DEPTH_MAX 6

static const char policy[] = "default-src 'none'; frame-ancestors 'none'";

/* ---- the table ---- */

static bool find_method(struct bytes methods, struct bytes name, struct bytes *method)
{
    struct pack_reader reader;
    for (uint32_t n = peek_list(peek_in(methods, "methods"), &reader); n > 0; n--) {
        *method = peek_next(&reader);
        if (bytes_equal(peek_text_in(*method, "name"), name))
            return true;
    }
    return false;
}

/* ---- JSON to what the core reads ---- */

static bool pack_hex(const json_t *value, struct buf *out)
{
    struct bytes text = bytes_of(json_string_value(value), json_string_length(value));
    size_t len = text.len;
    uint8_t *bytes = malloc(len / 2 + 1);
    bool is_hex = bytes != NULL && hex_read(bytes, len / 2, text);
    if (is_hex)
        pack_bin(out, bytes, len / 2);
    free(bytes);
    return is_hex;
}

static bool pack_any(json_t *value, int depth, struct buf *out);

/* Canonical keys ascend; jansson keeps them as they came. */
static bool pack_object(json_t *object, int depth, struct buf *out)
{
    struct pairs map = {0};
    const char *name;
    json_t *value;
    bool is_fine = true;
    json_object_foreach(object, name, value)
    {
        struct buf raw = {0};
        /* What a line of a table is told again by. */
        is_fine = is_fine && (strcmp(name, "line") == 0 && json_is_string(value)
                                  ? pack_hex(value, &raw)
                                  : pack_any(value, depth + 1, &raw));
        if (is_fine)
            pairs_raw(&map, name, buf_bytes(&raw));
        buf_deinit(&raw);
    }
    is_fine = is_fine && pairs_pack(&map, out) == STATUS_OK;
    pairs_deinit(&map);
    return is_fine;
}

static bool pack_any(json_t *value, int depth, struct buf *out)
{
    if (depth > DEPTH_MAX)
        return false;
    switch (json_typeof(value)) {
    case JSON_STRING:
        pack_str_bytes(out,
                       bytes_of(json_string_value(value), json_string_length(value)));
        return true;
    case JSON_INTEGER:
        pack_uint(out, (uint64_t)json_integer_value(value));
        return json_integer_value(value) >= 0;
    case JSON_TRUE:
    case JSON_FALSE:
        pack_bool(out, json_is_true(value));
        return true;
    case JSON_NULL:
        pack_nil(out);
        return true;
    case JSON_ARRAY:
        pack_array(out, (uint32_t)json_array_size(value));
        for (size_t i = 0; i < json_array_size(value); i++)
            if (!pack_any(json_array_get(value, i), depth + 1, out))
                return false;
        return true;
    case JSON_OBJECT:
        return pack_object(value, depth, out);
    default:
        return false; /* no fractions anywhere */
    }
}

static bool pack_ids(const json_t *list, struct buf *out)
{
    pack_array(out, (uint32_t)json_array_size(list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *id = json_array_get(list, i);
        if (!json_is_string(id) || !pack_hex(id, out))
            return false;
    }
    return true;
}

/* Every type of args.h: what it is in JSON, and in words. */
static const struct json_type {
    const char *name;
    int json; /* of the value; JSON_TRUE: true or false */
    const char *words, *schema;
} types[] = {
    {"text", JSON_STRING, "a text", "{\"type\":\"string\"}"},
    {"flag", JSON_TRUE, "true or false", "{\"type\":\"boolean\"}"},
    {"number", JSON_INTEGER, "a number from 0 on",
     "{\"type\":\"integer\",\"minimum\":0}"},
    {"bytes", JSON_STRING, "bytes in hex",
     "{\"type\":\"string\",\"pattern\":\"^([0-9a-f]{2})*$\"}"},
    {"texts", JSON_ARRAY, "a list of texts",
     "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"},
    {"ids", JSON_ARRAY, "a list of ids in hex",
     "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\"}"
     "}"},
    {"pairs", JSON_ARRAY, "a list of pairs of texts",
     "{\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
     "\"minItems\":2,\"maxItems\":2}}"},
    {"lists", JSON_ARRAY, "a list of lists",
     "{\"type\":\"array\",\"items\":{\"type\":\"array\"}}"},
    {"map", JSON_OBJECT, "an object of texts",
     "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}"},
    {"maps", JSON_ARRAY, "a list of objects",
     "{\"type\":\"array\",\"items\":{\"type\":\"object\"}}"},
};

static const struct json_type *type_of(struct bytes argument)
{
    struct bytes name = peek_text_in(argument, "type");
    size_t i = 0;
    while (i + 1 < sizeof(types) / sizeof(types[0]) &&
           !bytes_equal_str(name, types[i].name))
        i++;
    return &types[i];
}

static bool pack_value_of(const struct json_type *type, json_t *value, struct buf *out)
{
    bool is_flag = type->json == JSON_TRUE;
    if (is_flag ? !json_is_boolean(value) : (int)json_typeof(value) != type->json)
        return false;
    if (strcmp(type->name, "bytes") == 0)
        return pack_hex(value, out);
    if (strcmp(type->name, "ids") == 0)
        return pack_ids(value, out);
    return pack_any(value, 0, out);
}

static enum status add_argument(struct pairs *arguments, struct bytes argument,
                                const json_t *object, size_t *used, struct err *err)
{
    const struct json_type *type = type_of(argument);
    struct bytes name = peek_text_in(argument, "name");
    struct buf raw = {0};
    char text[PAIR_NAME_MAX + 1] = "";
    memcpy(text, name.data, name.len < sizeof(text) ? name.len : sizeof(text) - 1);
    json_t *value = json_object_get(object, text);
    if (value == NULL)
        return peek_flag(peek_in(argument, "optional"))
                   ? STATUS_OK
                   : err_set(err, STATUS_INVALID, "%s is missing: %s", text, type->words);
    ++*used;
    if (json_is_null(value) && peek_flag(peek_in(argument, "optional")))
        return STATUS_OK;
    bool is_fine = pack_value_of(type, value, &raw);
    enum status memory = buf_status(&raw);
    if (is_fine)
        pairs_raw(arguments, text, buf_bytes(&raw));
    buf_wipe(&raw);
    return is_fine ? memory
                   : err_set(err, STATUS_INVALID, "%s has to be %s", text, type->words);
}

/* An argument that the method does not know: the first of them. */
static enum status refuse_unknown(struct bytes method, json_t *object, struct err *err)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        struct pack_reader reader;
        bool is_known = false;
        for (uint32_t n = peek_list(peek_in(method, "arguments"), &reader); n > 0; n--)
            is_known |= bytes_equal_str(peek_text_in(peek_next(&reader), "name"), name);
        if (!is_known)
            return err_set(err, STATUS_INVALID, "unknown argument %.40s", name);
    }
    return STATUS_INVALID;
}

enum status json_face_arguments(struct bytes methods, struct bytes name,
                                struct bytes body, struct buf *out, struct err *err)
{
    struct bytes method;
    struct pairs arguments = {0};
    struct pack_reader reader;
    json_error_t error;
    size_t used = 0;
    if (!find_method(methods, name, &method))
        return err_set(err, STATUS_NOT_FOUND, "this node knows no method of that name");
    json_t *object = body.len == 0 ? json_object()
                                   : json_loadb((const char *)body.data, body.len,
                                                JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(object)) {
        json_decref(object);
        return err_set(err, STATUS_INVALID, "the body has to be a JSON object");
    }
    enum status status = STATUS_OK;
    for (uint32_t n = peek_list(peek_in(method, "arguments"), &reader);
         status == STATUS_OK && n > 0; n--)
        status = add_argument(&arguments, peek_next(&reader), object, &used, err);
    if (status == STATUS_OK && used != json_object_size(object))
        status = refuse_unknown(method, object, err);
    if (status == STATUS_OK)
        status = pairs_pack(&arguments, out);
    pairs_deinit(&arguments);
    json_decref(object);
    return status;
}

/* ---- OpenAPI ---- */

static void add(struct buf *out, const char *text)
{
    buf_add(out, text, strlen(text));
}

static void add_schema(struct bytes method, struct buf *out)
{
    struct pack_reader reader;
    uint32_t required = 0;
    add(out, "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
    uint32_t count = peek_list(peek_in(method, "arguments"), &reader);
    for (uint32_t i = 0; i < count; i++) {
        struct bytes argument = peek_next(&reader);
        add(out, i > 0 ? "," : "");
        json_add_text(out, peek_text_in(argument, "name"));
        add(out, ":");
        add(out, type_of(argument)->schema);
    }
    add(out, "}");
    count = peek_list(peek_in(method, "arguments"), &reader);
    for (uint32_t i = 0; i < count; i++) {
        struct bytes argument = peek_next(&reader);
        if (peek_flag(peek_in(argument, "optional")))
            continue;
        add(out, required++ == 0 ? ",\"required\":[" : ",");
        json_add_text(out, peek_text_in(argument, "name"));
    }
    add(out, required > 0 ? "]}" : "}");
}

static void add_method(struct bytes method, struct buf *out)
{
    struct bytes name = peek_text_in(method, "name");
    add(out, "\"" JSON_PREFIX);
    buf_add(out, name.data, name.len);
    add(out, "\":{\"post\":{\"operationId\":");
    json_add_text(out, name);
    add(out, ",\"x-who\":");
    json_add_text(out, peek_text_in(method, "who"));
    add(out, ",\"x-reads\":");
    json_add_text(out, peek_text_in(method, "reads"));
    add(out, ",\"requestBody\":{\"content\":{\"application/json\":{\"schema\":");
    add_schema(method, out);
    add(out, "}}},\"responses\":{\"200\":{\"description\":\"the result\",\"content\":{"
             "\"application/json\":{}}},\"default\":{\"$ref\":\"#/components/responses/"
             "refused\"}}}}");
}

enum status json_face_openapi(struct bytes methods, struct buf *out)
{
    struct pack_reader reader;
    add(out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Fengqiao\",\"version\":\"");
    add(out, FENGQIAO_VERSION);
    add(out, "\"},\"security\":[{\"session\":[]},{\"token\":[]}],\"paths\":{");
    uint32_t count = peek_list(peek_in(methods, "methods"), &reader);
    for (uint32_t i = 0; i < count; i++) {
        add(out, i > 0 ? "," : "");
        add_method(peek_next(&reader), out);
    }
    add(out,
        "},\"components\":{\"securitySchemes\":{\"session\":{\"type\":\"apiKey\",\"in\":"
        "\"cookie\",\"name\":\"session\"},\"token\":{\"type\":\"http\",\"scheme\":"
        "\"bearer\"}},\"responses\":{\"refused\":{\"description\":\"why "
        "not\",\"content\":"
        "{\"application/json\":{\"schema\":{\"type\":\"object\",\"required\":[\"error\","
        "\"status\"],\"properties\":{\"error\":{\"type\":\"string\"},\"status\":{"
        "\"type\":"
        "\"string\"}}}}}}}}}");
    return buf_status(out);
}

void json_face_answer(enum status status, struct bytes result,
                      struct page_response *response)
{
    response->code = render_code(status);
    response->type = "application/json";
    response->policy = policy;
    if (status == STATUS_OK) {
        status = json_add(&response->body, result);
        if (status == STATUS_OK)
            return;
        buf_clear(&response->body);
        response->code = 500;
        result = (struct bytes){0};
    }
    struct bytes sentence = peek_text(result);
    if (sentence.len == 0)
        sentence = bytes_str(status_text(status));
    add(&response->body, "{\"error\":");
    json_add_text(&response->body, sentence);
    add(&response->body, ",\"status\":");
    json_add_text(&response->body, bytes_str(status_name(status)));
    add(&response->body, "}");
}
