#include "crypto/age_armor.h"

#include "vector.h"

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----\n"
#define END "-----END AGE ENCRYPTED FILE-----\n"
#define FULL "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
#define SHORT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

/* How many bytes came out; -1: it is no armor. */
static int bytes_of(const char *text)
{
    struct age_armor armor = {.place = ARMOR_BEFORE};
    uint8_t bytes[AGE_ARMOR_BYTES_MAX];
    size_t len;
    int all = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (age_armor_put(&armor, (uint8_t)*c, bytes, &len) != AGE_MORE)
            return -1;
        all += (int)len;
    }
    return age_armor_end(&armor) == AGE_WHOLE ? all : -1;
}

static void lines_are_as_the_format_has_them(void **state)
{
    static const struct {
        const char *text;
        int bytes;
    } rows[] = {
        {BEGIN "AAAA\n" END, 3},
        {BEGIN FULL "AA==\n" END, 49},
        {BEGIN FULL FULL END, 96},
        {BEGIN SHORT END, 47},
        {" \r\n\t" BEGIN "AAAA\n" END " \n\t\r\n", 3},
        {"-----BEGIN AGE ENCRYPTED FILE-----\r\nAAAA\r\n-----END AGE ENCRYPTED "
         "FILE-----\r\n",
         3},
        {BEGIN "AAAA\n-----END AGE ENCRYPTED FILE-----", 3},
        {BEGIN END, 0}, /* an empty file; what it holds is no header */
        {"", -1},
        {BEGIN, -1},
        {BEGIN "AAAA\n", -1},
        {BEGIN "AAAA", -1},
        {"x" BEGIN "AAAA\n" END, -1},
        {BEGIN "AAAA\n" END "x", -1},
        {BEGIN "AAAA\n" END BEGIN, -1},
        {BEGIN "AAAA\nAAAA\n" END, -1},
        {BEGIN SHORT "AAAA\n" END, -1},
        {BEGIN "\nAAAA\n" END, -1},
        {BEGIN "AAAA\n\n" END, -1},
        {BEGIN "AAAA \n" END, -1},
        {BEGIN " AAAA\n" END, -1},
        {BEGIN "AAA\n" END, -1},
        {BEGIN "AB==\n" END, -1},
        {BEGIN "AA=\n=\n" END, -1},
        {BEGIN "A" FULL END, -1},
        {BEGIN "AAAA" FULL END, -1},
        {BEGIN "!AAA\n" END, -1},
        {"-----BEGIN AGE ENCRYPTED FILE----- \nAAAA\n" END, -1},
        {"-----BEGIN age ENCRYPTED FILE-----\nAAAA\n" END, -1},
        {BEGIN "AAAA\n-----END AGE ENCRYPTED FILE----- \n", -1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (bytes_of(rows[i].text) != rows[i].bytes)
            fail_msg("row %zu: %d", i, bytes_of(rows[i].text));
}

static void blanks_without_an_end_are_refused(void **state)
{
    struct age_armor armor = {.place = ARMOR_BEFORE};
    uint8_t bytes[AGE_ARMOR_BYTES_MAX];
    size_t len;
    for (int i = 0; i < 1024; i++)
        assert_int_equal(age_armor_put(&armor, '\n', bytes, &len), AGE_MORE);
    assert_int_equal(age_armor_put(&armor, '\n', bytes, &len), AGE_BAD_ARMOR);
}

static void it_is_seen_before_it_is_read(void **state)
{
    static const char *const armored[] = {BEGIN, " \n" BEGIN, "- x", "x\n-----begin x",
                                          "x\n-----BEGIN x"};
    static const char *const others[] = {
        "", " \t\r\n", "age-encryption.org/v1\n-> X25519", "i", "x -----begi"};
    for (size_t i = 0; i < 5; i++)
        assert_true(age_armor_seen((const uint8_t *)armored[i], strlen(armored[i])));
    for (size_t i = 0; i < 5; i++)
        assert_false(age_armor_seen((const uint8_t *)others[i], strlen(others[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_as_the_format_has_them),
        cmocka_unit_test(blanks_without_an_end_are_refused),
        cmocka_unit_test(it_is_seen_before_it_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
