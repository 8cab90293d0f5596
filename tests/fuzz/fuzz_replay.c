/*
 * fuzz_replay: a main for a fuzz target without libFuzzer.
 *   fuzz_x_replay CORPUS [MUTATIONS]    every seed, then seeds changed by fixed dice
 *   fuzz_x_replay --unpack CORPUS OUT   the seeds as files of bytes, for libFuzzer
 * A seed is a file of hexadecimal digits, spaces, and lines of comment that begin with #.
 * An input that breaks a property is printed as a seed.
 */
#include "fuzz.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#define SEEDS_MAX 256
#define INPUT_MAX 4096
#define PATH_SIZE 4096
#define MUTATIONS_MAX 10000000L

struct seed {
    char name[256];
    uint8_t data[INPUT_MAX];
    size_t len;
};

static struct seed seeds[SEEDS_MAX];
static size_t seeds_len;

/* The input that is running, for the last words. */
static const uint8_t *running;
static size_t running_len;

static void print_running(void)
{
    static const char digits[] = "0123456789abcdef";
    static char text[2 * INPUT_MAX + 1];
    for (size_t i = 0; i < running_len; i++) {
        text[2 * i] = digits[running[i] >> 4];
        text[2 * i + 1] = digits[running[i] & 15];
    }
    text[2 * running_len] = '\n';
    static const char head[] = "# this input, as a seed:\n";
    /* Last words: nothing is left to do where they cannot be written. */
    if (write(STDERR_FILENO, head, sizeof(head) - 1) < 0 ||
        write(STDERR_FILENO, text, 2 * running_len + 1) < 0)
        return;
}

static void on_signal(int number)
{
    print_running();
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

/* Of the sanitizers' run time, where they are in. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void watch_for_death(void)
{
    (void)signal(SIGABRT, on_signal);
    if (__sanitizer_set_death_callback != NULL)
        __sanitizer_set_death_callback(print_running);
    else
        (void)signal(SIGSEGV, on_signal);
}

static void run(const uint8_t *data, size_t len)
{
    /* A block of the exact size, so that a byte too many is noticed. */
    uint8_t *copy = malloc(len + !len);
    HOLDS(copy != NULL);
    if (len > 0)
        memcpy(copy, data, len);
    running = copy;
    running_len = len;
    (void)LLVMFuzzerTestOneInput(copy, len);
    running_len = 0;
    free(copy);
}

/* --- seeds --- */

static int digit_value(int c)
{
    return isdigit(c) ? c - '0' : isxdigit(c) ? tolower(c) - 'a' + 10 : -1;
}

static bool read_seed(FILE *file, struct seed *seed)
{
    int c, high = -1;
    bool is_comment = false, is_line_start = true;
    while ((c = getc(file)) != EOF) {
        is_comment = c != '\n' && (is_comment || (is_line_start && c == '#'));
        is_line_start = c == '\n';
        if (is_comment || isspace(c))
            continue;
        int value = digit_value(c);
        if (value < 0)
            return false;
        if (high < 0) {
            high = value;
            continue;
        }
        if (seed->len == INPUT_MAX)
            return false;
        seed->data[seed->len++] = (uint8_t)(high << 4 | value);
        high = -1;
    }
    return high < 0;
}

static bool path_join(char path[static PATH_SIZE], const char *folder, const char *name,
                      const char *ending)
{
    int len = snprintf(path, PATH_SIZE, "%s/%s%s", folder, name, ending);
    return len > 0 && len < PATH_SIZE;
}

static bool load_seed(const char *folder, const char *name)
{
    char path[PATH_SIZE];
    struct seed *seed = &seeds[seeds_len];
    (void)snprintf(seed->name, sizeof(seed->name), "%s", name); /* for unpacking alone */
    FILE *file = path_join(path, folder, name, "") ? fopen(path, "r") : NULL;
    if (file == NULL) {
        perror(path);
        return false;
    }
    bool is_good = read_seed(file, seed);
    fclose(file);
    if (!is_good)
        fprintf(stderr, "%s: not hexadecimal, or more than %d bytes\n", path, INPUT_MAX);
    seeds_len++;
    return is_good;
}

static int is_seed(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool load_seeds(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_seed, alphasort);
    if (count < 0) {
        perror(folder);
        return false;
    }
    bool is_good = count > 0 && count <= SEEDS_MAX;
    if (!is_good)
        fprintf(stderr, "%s: %d seeds, 1 to %d are wanted\n", folder, count, SEEDS_MAX);
    for (int i = 0; i < count; i++) {
        is_good = is_good && load_seed(folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return is_good;
}

static bool unpack_seeds(const char *folder)
{
    for (size_t i = 0; i < seeds_len; i++) {
        char path[PATH_SIZE];
        FILE *file = NULL;
        if (path_join(path, folder, seeds[i].name, ".bin"))
            file = fopen(path, "wb");
        bool is_good =
            file != NULL && fwrite(seeds[i].data, 1, seeds[i].len, file) == seeds[i].len;
        if (file == NULL || fclose(file) != 0 || !is_good) {
            perror(path);
            return false;
        }
    }
    return true;
}

/* --- mutations: splitmix64, the same on every machine --- */

static uint64_t dice_state = 0x66656e67716961f5;

static uint64_t dice(void)
{
    uint64_t z = dice_state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static size_t dice_below(size_t limit)
{
    return limit == 0 ? 0 : (size_t)(dice() % limit);
}

static void cut_out(struct seed *input)
{
    size_t at = dice_below(input->len), len = 1 + dice_below(16);
    if (len > input->len - at)
        len = input->len - at;
    memmove(input->data + at, input->data + at + len, input->len - at - len);
    input->len -= len;
}

static void put_in(struct seed *input, size_t at, const uint8_t *data, size_t len)
{
    if (len > INPUT_MAX - input->len)
        len = INPUT_MAX - input->len;
    uint8_t moved[INPUT_MAX];
    memcpy(moved, data, len);
    memmove(input->data + at + len, input->data + at, input->len - at);
    memcpy(input->data + at, moved, len);
    input->len += len;
}

static void mutate(struct seed *input)
{
    static const uint8_t edges[] = {0x00, 0x01, 0x20, 0x7f, 0x80, 0x90, 0xa0,
                                    0xc0, 0xc4, 0xd9, 0xdc, 0xe0, 0xfe, 0xff};
    size_t at = dice_below(input->len);
    uint8_t random[8];
    for (size_t i = 0; i < sizeof(random); i++)
        random[i] = (uint8_t)dice();
    const struct seed *other = &seeds[dice_below(seeds_len)];
    size_t from = dice_below(other->len);
    size_t kind = input->len == 0 ? 5 : dice_below(9);
    switch (kind) {
    case 0:
        input->data[at] ^= (uint8_t)(1u << (random[0] & 7));
        break;
    case 1:
        input->data[at] = random[0];
        break;
    case 2:
        input->data[at] = edges[random[0] % sizeof(edges)];
        break;
    case 3:
        input->data[at] = (uint8_t)(input->data[at] + (random[0] & 1 ? 1 : -1));
        break;
    case 4:
        cut_out(input);
        break;
    case 5:
        put_in(input, at, random, 1 + random[7] % 8);
        break;
    case 6:
        put_in(input, at, input->data + from % input->len,
               dice_below(input->len - from % input->len));
        break;
    case 7:
        put_in(input, at, other->data + from, dice_below(other->len - from));
        break;
    default:
        input->len = random[0] & 3 ? input->len : at;
        break;
    }
}

static void run_mutations(long count)
{
    static struct seed input;
    for (long i = 0; i < count; i++) {
        input = seeds[dice_below(seeds_len)];
        for (size_t changes = 1 + dice_below(6); changes > 0; changes--)
            mutate(&input);
        run(input.data, input.len);
    }
}

int main(int argc, char **argv)
{
    bool unpacks = argc == 4 && strcmp(argv[1], "--unpack") == 0;
    if (!unpacks && argc != 2 && argc != 3) {
        fprintf(stderr, "usage: %s CORPUS [MUTATIONS] | --unpack CORPUS OUT\n", argv[0]);
        return 2;
    }
    if (!load_seeds(argv[unpacks ? 2 : 1]))
        return 1;
    if (unpacks)
        return unpack_seeds(argv[3]) ? 0 : 1;
    long mutations = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    if (mutations < 0 || mutations > MUTATIONS_MAX)
        return 2;
    watch_for_death();
    for (size_t i = 0; i < seeds_len; i++)
        run(seeds[i].data, seeds[i].len);
    run_mutations(mutations);
    printf("%zu seeds and %ld mutations hold\n", seeds_len, mutations);
    return 0;
}
