#include "tests/sim/far_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"

void far_open_again(struct far_client *far)
{
    world_open_far(far->node, far->number);
    world_run(far->f->world, 0);
}

void far_open(struct far_client *far, struct sim_county *f, struct world_node *node,
              uint64_t number)
{
    *far = (struct far_client){.f = f, .node = node, .number = number};
    far_open_again(far);
}

void far_close(struct far_client *far)
{
    world_event(far->node, EVENT_CLIENT_CLOSED, far->number, (struct bytes){0});
    world_run(far->f->world, 0);
    buf_deinit(&far->bytes);
}

void far_ask(struct far_client *far, const char *method, struct bytes map)
{
    struct buf request = {0};
    pack_array(&request, far->once == NULL ? 3 : 4);
    pack_uint(&request, ++far->asked);
    pack_str(&request, method);
    buf_add(&request, map.data, map.len);
    if (far->once != NULL)
        pack_bin(&request, far->once, 16);
    far->once = NULL;
    world_event(far->node, EVENT_CLIENT_REQUEST, far->number, buf_bytes(&request));
    buf_deinit(&request);
    world_run(far->f->world, 0);
}

enum status far_hear(struct far_client *far)
{
    uint64_t number;
    uint32_t elements;
    struct bytes name, reason;
    char text[32];
    far->reason[0] = '\0';
    if (!world_answered(far->node, far->number, &far->bytes))
        return STATUS_CLOSED;
    struct pack_reader reader = pack_reader_of(buf_bytes(&far->bytes));
    assert_int_equal(pack_read_array(&reader, &elements, NULL), STATUS_OK);
    assert_int_equal(pack_read_uint(&reader, &number, NULL), STATUS_OK);
    assert_int_equal(number, far->asked);
    assert_int_equal(pack_read_str(&reader, &name, NULL), STATUS_OK);
    assert_int_equal(pack_value(&reader, 1, &far->result, NULL), STATUS_OK);
    assert_true(name.len < sizeof(text));
    (void)snprintf(text, sizeof(text), "%.*s", (int)name.len, (const char *)name.data);
    reader = pack_reader_of(far->result);
    if (pack_read_str(&reader, &reason, NULL) == STATUS_OK)
        (void)snprintf(far->reason, sizeof(far->reason), "%.*s", (int)reason.len,
                       (const char *)reason.data);
    return status_from_name(text);
}

enum status far_call(struct far_client *far, const char *method, struct bytes map)
{
    far_ask(far, method, map);
    return far_hear(far);
}

enum status far_say(struct far_client *far, const char *method, ...)
{
    struct buf map = {0};
    va_list args;
    va_start(args, method);
    world_pack_texts(&map, args);
    va_end(args);
    enum status status = far_call(far, method, buf_bytes(&map));
    buf_deinit(&map);
    return status;
}

void far_invite(struct sim_county *f, struct world_node *node, const char *person,
                char code[static FAR_CODE_SIZE])
{
    struct buf out = {0};
    struct bytes text;
    SIM_SAY(f, node, &out, "device.invite", "person", person);
    assert_true(view_map_text(buf_bytes(&out), "code", &text));
    assert_int_equal(text.len, 26);
    (void)snprintf(code, FAR_CODE_SIZE, "%.*s", (int)text.len, (const char *)text.data);
    buf_deinit(&out);
}

enum status far_claim(struct far_client *far, const char *code)
{
    struct bytes raw, token;
    enum status status =
        far_say(far, "device.claim", "code", code, "label", "手机", NULL);
    if (status != STATUS_OK)
        return status;
    assert_true(view_map_uint(far->result, "device", &far->device));
    assert_true(view_map_get(far->result, "token", &raw));
    struct pack_reader reader = pack_reader_of(raw);
    assert_int_equal(pack_read_bin(&reader, &token, NULL), STATUS_OK);
    assert_int_equal(token.len, FAR_TOKEN_SIZE);
    memcpy(far->token, token.data, FAR_TOKEN_SIZE);
    return STATUS_OK;
}

void far_sign_in(struct far_client *far, const char *person)
{
    char code[FAR_CODE_SIZE];
    far_invite(far->f, far->node, person, code);
    assert_int_equal(far_claim(far, code), STATUS_OK);
}

enum status far_enter(struct far_client *far)
{
    struct buf map = {0};
    pack_map(&map, 1);
    pack_str(&map, "token");
    pack_bin(&map, far->token, FAR_TOKEN_SIZE);
    enum status status = far_call(far, "device.enter", buf_bytes(&map));
    buf_deinit(&map);
    return status;
}
