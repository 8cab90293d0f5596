/* What the core refuses with, in Chinese: each sentence that stands in a source which a
 * browser reaches has its line, each line is said by somebody, and a sentence finds its
 * own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lines.h"
#include "node/cases/effect.h"
#include "node/web/sentences.h"
#include "spoken.h"

/* Not for a browser: who starts a node reads core.c and newcomer.c, another node hears
 * guest.c. */
#define NOT_OF_CORE "core.c guest.c newcomer.c"
/* Of proto only pictures are a person's own: whatever else it reads the page itself has
 * written, or another node; a recovery key is typed where the node stands, and what a
 * witness answered the core says in its own words. */
#define NOT_OF_PROTO                                                                     \
    "channel.c checkpoint.c err.c frame.c negentropy.c note.c note_key.c op_decode.c "   \
    "pack.c recovery_text.c recovery_words.c seal.c seal_proof.c tlog_proof.c "          \
    "witness_request.c"

/* Programs read English. */
#define NOT_OF_PAGE "json_face.c"

/* False behind the last. */
static bool next_line(struct bytes *left, struct bytes *english, struct bytes *chinese)
{
    if (left->len == 0)
        return false;
    *chinese = lines_take(left, "\n");
    *english = lines_take(chinese, " | ");
    return true;
}

static void each_sentence_has_a_line_and_each_line_is_said(void **state)
{
    struct spoken spoken = {0};
    struct bytes left, english, chinese;
    uint32_t lines = 0;
    (void)state;
    spoken_read(&spoken, SOURCES "/node/core", NOT_OF_CORE);
    spoken_read(&spoken, SOURCES "/node/cases", "");
    spoken_read(&spoken, SOURCES "/proto", NOT_OF_PROTO);
    spoken_read(&spoken, SOURCES "/node/page", NOT_OF_PAGE);
    assert_true(spoken.len > 200);

    for (uint32_t i = 0; i < spoken.len; i++) {
        bool is_there = false;
        for (left = sentences_all(); next_line(&left, &english, &chinese);)
            is_there |= bytes_equal_str(english, spoken.formats[i]);
        if (!is_there)
            lines_fail("node/web/sentences.txt lacks", bytes_str(spoken.formats[i]));
    }
    for (left = sentences_all(); next_line(&left, &english, &chinese); lines++)
        if (!spoken_has(&spoken, english))
            lines_fail("nobody says", english);

    assert_int_equal(lines, spoken.len); /* none twice */
    spoken_deinit(&spoken);
}

static size_t count_conversions(struct bytes format)
{
    size_t count = 0;
    for (size_t i = 0; i < format.len; i++) {
        if (format.data[i] != '%')
            continue;
        count++;
        while (strchr("%.*lz", format.data[i]) != NULL)
            i++;
        if (strchr("sdu", format.data[i]) == NULL)
            lines_fail("another place than of texts and numbers", format);
        if (i + 1 < format.len && format.data[i + 1] == '%')
            lines_fail("two places with nothing between them", format);
    }
    return count;
}

static void check_places(struct bytes chinese, size_t count)
{
    struct bytes left = chinese, text;
    while (memchr(left.data, '{', left.len) != NULL) {
        (void)lines_take(&left, "{");
        struct bytes place = lines_take(&left, "}");
        uint8_t number = place.data[place.len - 1];
        if (place.len > 1 && (place.data[place.len - 2] != ' ' || place.len > 20))
            lines_fail("a place is {1}, {field 1} or {say 1}", chinese);
        if (number < '1' || number >= '1' + count)
            lines_fail("no such place", chinese);
        if (place.len > 1 && memcmp(place.data, "say ", 4) != 0) {
            char key[32];
            (void)snprintf(key, sizeof(key), "\n%.*s.", (int)place.len - 2,
                           (const char *)place.data);
            text = texts_all();
            if (memmem(text.data, text.len, key, strlen(key)) == NULL)
                lines_fail("no texts begin so", place);
        }
    }
}

static void each_line_is_well_formed(void **state)
{
    struct bytes left, english, chinese, line, last = {0};
    (void)state;
    for (left = sentences_all(); next_line(&left, &english, &chinese); last = line) {
        size_t places = count_conversions(english);
        if (places > 8 || english.len == 0 || chinese.len == 0)
            lines_fail("a line of nothing, or of too many places", english);
        check_places(chinese, places);
        if (memchr(chinese.data, '|', chinese.len) != NULL ||
            memmem(chinese.data, chinese.len, "fengqiao ", 9) != NULL ||
            memmem(chinese.data, chinese.len, "--", 2) != NULL)
            lines_fail("this is for the command line", chinese);
        line =
            bytes_of(english.data, (size_t)(chinese.data + chinese.len - english.data));
        if (last.len > 0 && bytes_compare(last, line) >= 0)
            lines_fail("not in the order of LC_ALL=C sort", english);
    }
}

/* ---- what is said ---- */

static void assert_says(const char *english, const char *wanted)
{
    struct buf out = {0};
    sentences_say(&out, LANGUAGE_ZH_CN, bytes_str(english));
    buf_add_u8(&out, '\0');
    assert_string_equal((const char *)out.data, wanted);
    buf_deinit(&out);
}

static void a_sentence_takes_its_places_with_it(void **state)
{
    (void)state;
    assert_says("wait 480 seconds: the PIN was wrong several times in a row",
                "密码连续输错了几次，请等 480 秒再试。");
    assert_says("3 of 12 peers have not agreed yet; what waits is kept and goes when "
                "they answer",
                "12 个结对单位里有 3 个还没有对上。要送的都留着，对方一应答就送出。");
    assert_says("there is no case 村-7 here", "这里没有这个案件：村-7。");
}

static void the_line_with_most_words_of_its_own_is_chosen(void **state)
{
    (void)state;
    assert_says("token is missing", "请先登录。");
    assert_says("title is missing", "还没有写：标题。");
    assert_says("title is missing: of which rules?", "请写标题：是哪一部村规民约？");
}

static void names_of_fields_are_said_as_the_page_calls_them(void **state)
{
    (void)state;
    assert_says("manner is one of: oral signed guardian",
                "“方式”只能是：口头、书面签字、由监护人。");
    assert_says("found_by must be a text", "“发现方式”要写文字。");
    assert_says("'poem' is empty; write it with 'case set' or leave it out",
                "“poem”还没有写。请先在案件里补上，或者不要选它。");
    assert_says("unknown argument poem; known are: form fields",
                "不认识“poem”这一项。可以写的是：表、内容。");
    assert_says("'poem' cannot be sent; choose from: title, poem",
                "“poem”不能上报。可以选择：title, poem。");
}

static void a_sentence_may_stand_in_a_sentence(void **state)
{
    (void)state;
    assert_says("not done (close): the case has no outcome yet: settle it first",
                "没有办成：案件还没有结果，请先办结。");
    assert_says("as before: not done (note): the case is closed: reopen it first",
                "和上次一样：没有办成：案件已经销号，请先重新办理。");
    assert_says("as before: as before: as before: as before: a code has six words",
                "和上次一样：和上次一样：和上次一样：as before: a code has six words");
}

static void what_is_no_sentence_of_the_core_stays_as_it_is(void **state)
{
    static const char *const rows[] = {
        "",
        "a note that 王某 wrote",
        "wait many seconds: the PIN was wrong several times in a row",
        "wait  seconds: the PIN was wrong several times in a row",
        "wait 7 seconds: the PIN was wrong several times in a row, too",
        "and title is missing!",
    };
    struct buf out = {0};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_says(rows[i], rows[i]);
    sentences_say(&out, LANGUAGE_EN, bytes_str("a code has six words"));
    assert_true(bytes_equal_str(buf_bytes(&out), "a code has six words"));
    buf_deinit(&out);
}

/* With a 7 in all its places a line is a sentence, and that finds the line again. */
static void no_line_stands_in_the_way_of_another(void **state)
{
    struct bytes left, english, chinese;
    (void)state;
    for (left = sentences_all(); next_line(&left, &english, &chinese);) {
        struct buf sentence = {0}, wanted = {0}, out = {0};
        for (size_t i = 0; i < english.len; i++) {
            buf_add_u8(&sentence, english.data[i] == '%' ? '7' : english.data[i]);
            if (english.data[i] == '%')
                while (strchr("sdu", english.data[i]) == NULL)
                    i++;
        }
        while (memchr(chinese.data, '{', chinese.len) != NULL) {
            struct bytes words = lines_take(&chinese, "{");
            (void)lines_take(&chinese, "}");
            buf_add(&wanted, words.data, words.len);
            buf_add_u8(&wanted, '7');
        }
        buf_add(&wanted, chinese.data, chinese.len);

        sentences_say(&out, LANGUAGE_ZH_CN, buf_bytes(&sentence));

        if (!bytes_equal(buf_bytes(&out), buf_bytes(&wanted)))
            lines_fail("another line was found", english);
        buf_deinit(&sentence);
        buf_deinit(&wanted);
        buf_deinit(&out);
    }
}

static void assert_is_known(const char *english)
{
    struct buf out = {0};
    sentences_say(&out, LANGUAGE_ZH_CN, bytes_str(english));
    if (bytes_equal_str(buf_bytes(&out), english))
        lines_fail("texts.txt lacks", bytes_str(english));
    buf_deinit(&out);
}

static void every_reason_of_the_fold_and_every_status_is_said(void **state)
{
    (void)state;
    for (enum effect effect = EFFECT_YES; effect <= EFFECT_WRONG_OPENING; effect++)
        assert_is_known(effect_text(effect));
    for (enum status status = STATUS_OK; status <= STATUS_NO_MEMORY; status++)
        assert_is_known(status_text(status));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sentence_has_a_line_and_each_line_is_said),
        cmocka_unit_test(each_line_is_well_formed),
        cmocka_unit_test(a_sentence_takes_its_places_with_it),
        cmocka_unit_test(the_line_with_most_words_of_its_own_is_chosen),
        cmocka_unit_test(names_of_fields_are_said_as_the_page_calls_them),
        cmocka_unit_test(a_sentence_may_stand_in_a_sentence),
        cmocka_unit_test(what_is_no_sentence_of_the_core_stays_as_it_is),
        cmocka_unit_test(no_line_stands_in_the_way_of_another),
        cmocka_unit_test(every_reason_of_the_fold_and_every_status_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
