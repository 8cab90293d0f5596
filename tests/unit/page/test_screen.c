/* The tables: which screen and which deed a path is, and that each row holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/deed.h"
#include "node/page/screen.h"

static void a_path_fits_its_pattern_alone(void **state)
{
    static const struct {
        const char *pattern, *path, *first, *second; /* first NULL: it does not fit */
    } rows[] = {
        {"/", "/", "", ""},
        {"/", "", NULL, NULL},
        {"/cases", "/cases", "", ""},
        {"/cases", "/cases/", NULL, NULL},
        {"/cases", "/case", NULL, NULL},
        {"/case/+", "/case/村-7", "村-7", ""},
        {"/case/+", "/case/", NULL, NULL},
        {"/case/+", "/case//", NULL, NULL},
        {"/case/+", "/case/1/2", NULL, NULL},
        {"/case/+/file/+", "/case/1/file/2", "1", "2"},
        {"/case/+/file/+", "/case/1/file/", NULL, NULL},
        {"/+/+/+", "/1/2/3", NULL, NULL}, /* there is room for two */
        {"/case/+/triage", "/case/1/triag", NULL, NULL},
        {"/case/+/triage", "/case/1/triage/", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct bytes stars[2] = {{0}};
        bool fits = screen_path_fits(rows[i].pattern, bytes_str(rows[i].path), stars);
        assert_int_equal(fits, rows[i].first != NULL);
        if (!fits)
            continue;
        assert_true(bytes_equal_str(stars[0], rows[i].first));
        assert_true(bytes_equal_str(stars[1], rows[i].second));
    }
}

/* A path that is the pattern with an x for each plus. */
static struct bytes example(const char *pattern, char out[static 128])
{
    size_t len = strlen(pattern);
    assert_true(len < 128);
    memcpy(out, pattern, len);
    for (size_t i = 0; i < len; i++)
        if (out[i] == '+')
            out[i] = 'x';
    return bytes_of(out, len);
}

static void each_row_is_reached_by_its_path(void **state)
{
    const struct screen *screen;
    const struct deed *deed;
    struct bytes stars[2] = {{0}};
    char path[128];
    size_t screens = 0, deeds = 0;
    (void)state;
    for (; (screen = screen_at(screens)) != NULL; screens++)
        assert_ptr_equal(screen_find(example(screen->path, path), stars), screen);
    for (; (deed = deed_at(deeds)) != NULL; deeds++)
        assert_ptr_equal(deed_find(example(deed->path, path), stars), deed);
    assert_true(screens > 5 && deeds > 5);
    assert_null(screen_find(bytes_str("/no/such/screen"), stars));
    assert_null(deed_find(bytes_str("/no/such/deed"), stars));
}

/* A deed that is on no page of another comes back to one of its own when it is refused.
 */
static void a_refused_deed_has_a_page_to_come_back_to(void **state)
{
    const struct deed *deed;
    struct bytes stars[2];
    char path[128];
    (void)state;
    for (size_t i = 0; (deed = deed_at(i)) != NULL; i++)
        if (!deed->is_on_page && screen_find(example(deed->path, path), stars) == NULL)
            fail_msg("POST %s has no screen", deed->path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_fits_its_pattern_alone),
        cmocka_unit_test(each_row_is_reached_by_its_path),
        cmocka_unit_test(a_refused_deed_has_a_page_to_come_back_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
