#include "tests/unit/cli/tape.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/client.h"
#include "proto/pack.h"

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

unsigned tape_ways(void)
{
    return sizeof(others) / sizeof(others[0]);
}

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

size_t tape_places(const struct tape *tape, size_t answer)
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

struct run_cli tape_play(const struct tape *tape, size_t answer, size_t place,
                         unsigned way)
{
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

void tape_ask_json(bool asks)
{
    asks_json = asks;
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
