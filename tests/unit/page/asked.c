#include "asked.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/peek.h"
#include "proto/pack.h"

void asked_init(struct asked *asked, const char *as, const struct buf *result)
{
    memset(asked, 0, sizeof(*asked));
    asked->screen.calls[0] = (struct screen_call){as, "method", "", false};
    asked->visit.screen = &asked->screen;
    asked->visit.language = LANGUAGE_ZH_CN;
    struct buf *answer = &asked->visit.answers[1]; /* the first is device.enter's */
    pack_array(answer, 3);
    pack_uint(answer, 2);
    pack_str(answer, "OK");
    buf_append(answer, result);
    assert_int_equal(pack_check(buf_bytes(answer), NULL), STATUS_OK);
}

struct bytes asked_value(struct asked *asked, const char *name)
{
    buf_clear(&asked->map);
    assert_int_equal(pairs_pack(&asked->values, &asked->map), STATUS_OK);
    assert_int_equal(pack_check(buf_bytes(&asked->map), NULL), STATUS_OK);
    return peek_in(buf_bytes(&asked->map), name);
}

void asked_deinit(struct asked *asked)
{
    for (int i = 0; i < ANSWERS_MAX; i++)
        buf_deinit(&asked->visit.answers[i]);
    pairs_deinit(&asked->values);
    buf_deinit(&asked->map);
}

struct bytes asked_element(struct bytes list, uint32_t number)
{
    struct pack_reader reader;
    struct bytes element = {0};
    assert_true(number < peek_list(list, &reader));
    for (uint32_t i = 0; i <= number; i++)
        element = peek_next(&reader);
    return element;
}
