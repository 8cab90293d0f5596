/* Sentences and codes of what was refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/render.h"

static void each_status_has_a_code(void **state)
{
    static const struct {
        enum status status;
        int code;
    } rows[] = {
        {STATUS_OK, 200},          {STATUS_NOT_FOUND, 404},   {STATUS_DENIED, 403},
        {STATUS_BUSY, 503},        {STATUS_EXISTS, 409},      {STATUS_CONFLICT, 409},
        {STATUS_TOO_LARGE, 413},   {STATUS_INVALID, 422},     {STATUS_UNVERIFIED, 422},
        {STATUS_UNSUPPORTED, 415}, {STATUS_UNREACHABLE, 502}, {STATUS_FULL, 507},
        {STATUS_NO_MEMORY, 500},   {STATUS_IO, 500}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(render_code(rows[i].status), rows[i].code);
}

static void a_sentence_that_has_no_room_ends_between_characters(void **state)
{
    struct visit visit = {.language = LANGUAGE_EN};
    char text[9];
    (void)state;
    render_sentence(&visit, bytes_str("水沟"), text, 9);
    assert_string_equal(text, "水沟");
    for (size_t size = 4; size < 7; size++) {
        render_sentence(&visit, bytes_str("水沟"), text, size);
        assert_string_equal(text, "水");
    }
    render_sentence(&visit, bytes_str("水沟"), text, 3);
    assert_string_equal(text, "");
    render_sentence(&visit, bytes_str("水沟"), text, 1);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_status_has_a_code),
        cmocka_unit_test(a_sentence_that_has_no_room_ends_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
