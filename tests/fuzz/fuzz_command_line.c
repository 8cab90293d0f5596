/*
 * fuzz_command_line: the command lines of both programs, and addresses.
 *   input  which(1) ‖ arguments, parted by NUL
 * What the daemon or the client accepts points into what it was given; a refusal says
 * something; an address that was read is read the same again.
 */
#include "fuzz.h"

#include "cli/options.h"
#include "node/io/address.h"
#include "node/io/daemon_args.h"

#define ARGUMENTS_MAX 80

struct line {
    char *text;
    size_t size;
    char *words[ARGUMENTS_MAX + 2];
    int count;
};

static bool is_of(const struct line *line, const char *text)
{
    uintptr_t at = (uintptr_t)text, begin = (uintptr_t)line->text;
    return text == NULL || (at >= begin && at <= begin + line->size);
}

static void split(struct line *line, struct fuzz_input *input)
{
    struct bytes rest = fuzz_take(input, input->len);
    static char program[] = "fengqiao";
    line->size = rest.len;
    line->text = malloc(rest.len + 1);
    HOLDS(line->text != NULL);
    if (rest.len > 0)
        memcpy(line->text, rest.data, rest.len);
    line->text[rest.len] = '\0';
    line->words[line->count++] = program;
    for (size_t at = 0; at < rest.len && line->count <= ARGUMENTS_MAX;
         at += strlen(line->text + at) + 1)
        line->words[line->count++] = line->text + at;
    line->words[line->count] = NULL;
}

static void run_daemon(const struct line *line)
{
    struct daemon_args args;
    struct err err = {0};
    enum status status = daemon_args_parse(&args, line->count, line->words, &err);
    HOLDS(status == STATUS_OK || status == STATUS_INVALID);
    HOLDS(status == STATUS_OK || err.text[0] != '\0');
    HOLDS(is_of(line, args.dir) && is_of(line, args.listen) && is_of(line, args.tier) &&
          is_of(line, args.name) && is_of(line, args.steward) &&
          is_of(line, args.pin_file) && is_of(line, args.network));
    if (status != STATUS_OK)
        return;
    HOLDS(args.mode != MODE_NONE && (args.mode & (args.mode - 1)) == 0);
    HOLDS(args.mode != MODE_RUN || args.dir != NULL);
    HOLDS(args.mode == MODE_INIT || args.tier == NULL);
    HOLDS(!args.is_json || (args.mode & (MODE_INIT | MODE_JOIN | MODE_RESTORE |
                                         MODE_TRY_BACKUP | MODE_NEW_SHEET)) != 0);
}

static void run_client(const struct line *line)
{
    static struct options options;
    char *said = NULL;
    size_t said_len = 0;
    FILE *err = open_memstream(&said, &said_len);
    HOLDS(err != NULL);
    bool is_good =
        options_parse(&options, line->count, (const char *const *)line->words, err);
    HOLDS(fclose(err) == 0);
    HOLDS(is_good || said_len > 0);
    /* Nobody's escapes reach the terminal by way of a refusal. */
    for (size_t i = 0; i < said_len; i++)
        HOLDS((uint8_t)said[i] >= ' ' || said[i] == '\n');
    if (is_good) {
        HOLDS(options.words_len <= OPTIONS_WORDS_MAX && options.given_len <= OPTIONS_MAX);
        HOLDS(options.verb != NULL || options.wants_help || options.wants_version);
        for (uint32_t i = 0; i < options.words_len; i++)
            HOLDS(options.words[i] != NULL && is_of(line, options.words[i]));
        for (uint32_t i = 0; i < options.given_len; i++)
            HOLDS(is_of(line, options.given[i].value));
    }
    free(said);
}

static void run_address(const struct line *line)
{
    struct address address, again;
    char text[ADDRESS_TEXT_SIZE];
    struct sockaddr_storage found;
    if (line->count < 2 || !address_parse(&address, line->words[1]))
        return;
    HOLDS(address.host[0] != '\0' && strtoul(address.port, NULL, 10) <= 65535);
    HOLDS(strspn(address.port, "0123456789") == strlen(address.port));
    if (!address_numeric(&address, &found))
        return;
    address_format(text, (const struct sockaddr *)&found);
    HOLDS(address_parse(&again, text));
    HOLDS(strtoul(again.port, NULL, 10) == strtoul(address.port, NULL, 10));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    struct line line = {0};
    uint8_t which = fuzz_u8(&input);
    split(&line, &input);
    if (which % 3 == 0)
        run_daemon(&line);
    else if (which % 3 == 1)
        run_client(&line);
    else
        run_address(&line);
    free(line.text);
    return 0;
}
