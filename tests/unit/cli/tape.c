#include "tests/unit/cli/tape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "proto/pack.h"
#include "tests/support/fail_memory.h"

#define PLACES_MAX 40 /* rows of a long list are alike */
#define AS_IT_WAS TAPE_ANSWERS_MAX

static struct tape *recording;
static const struct tape *playing;
static size_t next_answer, spoiled_answer, spoiled_place;
static unsigned spoiled_way;
static bool asks_json;

/* ---- other values ---- */

static const struct {
    const char *bytes;
    size_t len;
} others[] = {
    {"\xc0", 1},                                             /* nothing */
    {"\x00", 1},                                             /* 0 */
    {"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 9},             /* the largest number */
    {"\xff", 1},                                             /* -1 */
    {"\xc3", 1},                                             /* true */
    {"\xa0", 1},                                             /* an empty text */
    {"\xae\x1b[2J\r\n\xe2\x80\xae\x7f\xf0\x9f\x98\x80", 15}, /* one that acts */
    {"\xc4\x00", 2},                                         /* no bytes */
    {"\xc4\x03\x00\xff\x1b", 5},                             /* bytes that are no text */
    {"\x90", 1},                                             /* an empty list */
    {"\x92\x90\x80", 3},                                     /* a list of empty ones */
    {"\x80", 1},                                             /* an empty map */
};

#define WAYS (sizeof(others) / sizeof(others[0]))

/* Copies the value that comes next; the one whose turn it is becomes another. place
 * counts the values that were begun. */
static void copy_value(struct pack_reader *reader, struct buf *out, size_t *place)
{
    struct bytes whole, key;
    struct pack_item item;
    struct pack_reader inside = *reader;
    assert(pack_value(reader, 1, &whole, NULL) == STATUS_OK);
    if ((*place)++ == spoiled_place) {
        buf_add(out, others[spoiled_way].bytes, others[spoiled_way].len);
        return;
    }
    assert(pack_next(&inside, &item, NULL) == STATUS_OK);
    if (item.type != PACK_ARRAY && item.type != PACK_MAP) {
        buf_add(out, whole.data, whole.len);
        return;
    }
    if (item.type == PACK_ARRAY)
        pack_array(out, item.count);
    else
        pack_map(out, item.count);
    for (uint32_t i = 0; i < item.count; i++) {
        if (item.type == PACK_MAP) {
            assert(pack_value(&inside, 1, &key, NULL) == STATUS_OK);
            buf_add(out, key.data, key.len);
        }
        copy_value(&inside, out, place);
    }
}

static size_t copy_answer(const struct tape_answer *from, struct buf *out)
{
    size_t place = 0;
    struct pack_reader reader = pack_reader_of(bytes_of(from->bytes, from->len));
    copy_value(&reader, out, &place);
    return place;
}

/* How many values there are in that answer, those inside others too. */
static size_t count_places(const struct tape *tape, size_t answer)
{
    struct buf out = {0};
    spoiled_place = SIZE_MAX;
    size_t places = copy_answer(&tape->answers[answer], &out);
    assert(out.len == tape->answers[answer].len);
    buf_deinit(&out);
    return places;
}

/* ---- in the place of the client ---- */

enum status __real_client_open(struct client *client, const char *dir, struct err *err);
enum status __real_client_send(struct client *client, const char *method,
                               struct bytes arguments, struct err *err);
enum status __real_client_receive(struct client *client, struct client_answer *answer,
                                  struct err *err);
enum status __wrap_client_open(struct client *client, const char *dir, struct err *err);
enum status __wrap_client_send(struct client *client, const char *method,
                               struct bytes arguments, struct err *err);
enum status __wrap_client_receive(struct client *client, struct client_answer *answer,
                                  struct err *err);

enum status __wrap_client_open(struct client *client, const char *dir, struct err *err)
{
    if (playing == NULL)
        return __real_client_open(client, dir, err);
    *client = (struct client){0};
    client->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert(client->fd >= 0);
    client->is_open = true;
    return STATUS_OK;
}

enum status __wrap_client_send(struct client *client, const char *method,
                               struct bytes arguments, struct err *err)
{
    return playing == NULL ? __real_client_send(client, method, arguments, err)
                           : STATUS_OK;
}

static enum status play_answer(struct client *client, struct client_answer *answer,
                               struct err *err)
{
    if (next_answer == playing->answers_len)
        return err_set(err, STATUS_CLOSED, "the tape is at its end");
    const struct tape_answer *from = &playing->answers[next_answer];
    buf_clear(&client->in);
    if (next_answer == spoiled_answer) {
        (void)copy_answer(from, &client->in);
        /* The gate would let it pass. */
        assert(pack_check(buf_bytes(&client->in), NULL) == STATUS_OK);
    } else
        buf_add(&client->in, from->bytes, from->len);
    if (client->in.failed)
        return STATUS_NO_MEMORY;
    next_answer++;
    answer->status = (enum status)from->status;
    answer->result = buf_bytes(&client->in);
    return STATUS_OK;
}

enum status __wrap_client_receive(struct client *client, struct client_answer *answer,
                                  struct err *err)
{
    if (playing != NULL)
        return play_answer(client, answer, err);
    enum status status = __real_client_receive(client, answer, err);
    if (status != STATUS_OK || recording == NULL)
        return status;
    assert(recording->answers_len < TAPE_ANSWERS_MAX);
    struct tape_answer *to = &recording->answers[recording->answers_len++];
    to->status = (int)answer->status;
    to->len = answer->result.len;
    to->bytes = malloc(to->len + 1);
    assert(to->bytes);
    memcpy(to->bytes, answer->result.data, to->len);
    return STATUS_OK;
}

/* ---- the two heads ---- */

struct run_cli tape_record(struct tape *tape, const char *const words[],
                           const char *input)
{
    *tape = (struct tape){.input = strdup(input)};
    for (size_t i = 0; words[i] != NULL; i++) {
        assert(i + 1 < TAPE_WORDS_MAX);
        tape->words[i] = strdup(words[i]);
    }
    recording = tape;
    struct run_cli run = run_cli_reading(words, input, strlen(input));
    recording = NULL;
    return run;
}

void tape_writes_on(struct tape *tape, const char *stick, const char *kept)
{
    tape->stick = stick;
    tape->kept = kept;
}

static void empty_folder(const char *path, const char *kept)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    assert(folder);
    while ((entry = readdir(folder)) != NULL)
        if (kept == NULL || strcmp(entry->d_name, kept) != 0)
            (void)unlinkat(dirfd(folder), entry->d_name, 0); /* "." and ".." stay */
    (void)closedir(folder);
}

/* The value at that place of that answer is another one; AS_IT_WAS: none is. */
static struct run_cli play(const struct tape *tape, size_t answer, size_t place,
                           unsigned way)
{
    if (tape->stick != NULL)
        empty_folder(tape->stick, tape->kept);
    playing = tape;
    next_answer = 0;
    spoiled_answer = answer;
    spoiled_place = place;
    spoiled_way = way;
    const char *words[TAPE_WORDS_MAX + 1] = {NULL};
    size_t len = 0;
    for (; tape->words[len] != NULL; len++)
        words[len] = tape->words[len];
    if (asks_json)
        words[len] = "--json";
    struct run_cli run = tape->input[0] == '\0'
                             ? run_cli(words)
                             : run_cli_reading(words, tape->input, strlen(tape->input));
    playing = NULL;
    return run;
}

/* ---- what must hold ---- */

static void fail_of(const struct tape *tape, const char *what)
{
    char line[512] = "";
    for (size_t i = 0; tape->words[i] != NULL; i++) {
        size_t len = strlen(line);
        (void)snprintf(line + len, sizeof(line) - len, " %s", tape->words[i]);
    }
    fail_msg("%s%s: %s", asks_json ? "as JSON," : "", line, what);
}

/* Lines of text, in which nothing acts. */
static void expect_lines(const struct tape *tape, const char *text, size_t len)
{
    if (!utf8_is_valid(bytes_of(text, len)))
        fail_of(tape, "no text");
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\n') || c == 0x7f)
            fail_of(tape, "a control character");
    }
    if (memmem(text, len, "\xe2\x80\xae", 3) != NULL)
        fail_of(tape, "a mark that turns the text around");
}

/* Files and tables for programs hold texts as they are. */
static bool is_for_people(const struct tape *tape)
{
    for (size_t i = 0; tape->words[i] != NULL; i++)
        if (strcmp(tape->words[i], "--csv") == 0 || strcmp(tape->words[i], "-") == 0)
            return asks_json;
    return true;
}

static void spoil_each(const struct tape *tape)
{
    static unsigned way;
    for (size_t answer = 0; answer < tape->answers_len; answer++) {
        size_t places = count_places(tape, answer);
        size_t step = places / PLACES_MAX + 1;
        for (size_t n = 0; n < places; n += step, way += 5) {
            struct run_cli run = play(tape, answer, n, way % WAYS);
            assert_in_range(run.code, EXIT_DONE, EXIT_DENIED);
            if (is_for_people(tape))
                expect_lines(tape, run.out, run.out_len);
            expect_lines(tape, run.err, run.err_len);
            run_cli_deinit(&run);
        }
    }
}

static void take_memory_away(const struct tape *tape)
{
    struct run_cli whole = play(tape, AS_IT_WAS, 0, 0);
    bool has_failed = true;
    while (has_failed) {
        fail_memory_at_new_place();
        fail_memory_in();
        struct run_cli run = play(tape, AS_IT_WAS, 0, 0);
        (void)fail_memory_out();
        has_failed = fail_memory_stop();
        bool is_all = run.code == whole.code && run.out_len == whole.out_len &&
                      memcmp(run.out, whole.out, run.out_len) == 0;
        if (!is_all && run.code == EXIT_DONE)
            fail_of(tape, "it says that it is done, and not all");
        if (!is_all && run.err_len == 0)
            fail_of(tape, "it fails without a word");
        run_cli_deinit(&run);
    }
    run_cli_deinit(&whole);
}

void tape_expect_harmless(const struct tape *tape)
{
    spoil_each(tape);
    asks_json = true;
    spoil_each(tape);
    asks_json = false;
}

void tape_expect_all_or_failure(const struct tape *tape)
{
    take_memory_away(tape);
    asks_json = true;
    take_memory_away(tape);
    asks_json = false;
}

void tape_deinit(struct tape *tape)
{
    for (size_t i = 0; i < TAPE_WORDS_MAX; i++)
        free(tape->words[i]);
    for (size_t i = 0; i < tape->answers_len; i++)
        free(tape->answers[i].bytes);
    free(tape->input);
    *tape = (struct tape){0};
}
