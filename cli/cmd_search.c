/* search: finding a matter again by what was written about it. */
#include "cli/answer.h"
#include "cli/options.h"
#include "cli/reply.h"
#include "cli/table.h"

/* The words of the command line, as one text. */
static void add_words(const struct options *options, struct buf *words)
{
    for (uint32_t i = 0; i < options->words_len; i++) {
        struct bytes word = bytes_str(options->words[i]);
        if (i > 0)
            buf_add_u8(words, ' ');
        buf_add(words, word.data, word.len);
    }
}

static void print_hits(FILE *out, struct bytes result)
{
    static const char *const titles[] = {"where", "state", "title", "field", "words"};
    struct bytes one;
    struct table table;
    table_init(&table, titles, 5);
    struct answer_list rows = answer_list(result, "hits");
    while (answer_next(&rows, &one)) {
        struct bytes number = answer_text(one, "number");
        if (number.len > 0)
            table_text(&table, number);
        else
            table_id(&table, answer_bin(one, "scope"));
        table_text(&table, answer_text(one, "state"));
        table_text(&table, answer_text(one, "title"));
        table_text(&table, answer_text(one, "field"));
        table_text(&table, answer_text(one, "snippet"));
    }
    table_print(&table, out, "Nothing was found.");
    table_deinit(&table);
}

/* A page may be empty and yet not the last: a node looks only so far at a time. */
static enum exit_code ask_page(struct cli *cli, struct bytes words, uint64_t limit,
                               uint64_t after, struct bytes *result)
{
    enum exit_code code;
    do {
        struct request request = {0};
        if (after > 0)
            request_uint(&request, "after", after);
        if (limit > 0)
            request_uint(&request, "limit", limit);
        request_bytes_text(&request, "words", words);
        code = ask(cli, ASK_PERSON, "search", &request, result);
        if (code != EXIT_DONE)
            return code;
        after = answer_uint(*result, "next");
    } while (after > 0 && answer_list(*result, "hits").left == 0);
    return code;
}

static enum exit_code run_search(struct cli *cli)
{
    struct bytes result;
    struct buf words = {0};
    uint64_t limit, after;
    if (!options_positive(cli->options, "limit", &limit) ||
        !options_positive(cli->options, "after", &after))
        return cli_usage(cli, "--limit and --after are numbers, 1 or more");
    add_words(cli->options, &words);
    if (buf_status(&words) != STATUS_OK) {
        buf_deinit(&words);
        return cli_refuse(cli, STATUS_NO_MEMORY, NULL);
    }
    enum exit_code code = ask_page(cli, buf_bytes(&words), limit, after, &result);
    if (code == EXIT_DONE && cli->options->is_json) {
        code = ask_print_json(cli, result);
    } else if (code == EXIT_DONE) {
        print_hits(cli->out, result);
        after = answer_uint(result, "next");
        if (after > 0)
            fprintf(cli->err, "There is more: --after %llu\n", (unsigned long long)after);
    }
    buf_deinit(&words);
    return code;
}

const struct verb cmd_search_verbs[] = {
    {
        .name = "search",
        .arguments = "WORD... [--limit N] [--after N]",
        .help = "Find cases and escalations by what was written in them, newest first.\n"
                "One Chinese character is enough; characters of one word stand side by "
                "side, all words have\nto be found. What is not shown to you is not "
                "looked through.",
        .example = "search 排水沟 张某",
        .words_min = 1,
        .words_max = OPTIONS_WORDS_MAX,
        .run = run_search,
        .options = {{.name = "limit", .value = "N"}, {.name = "after", .value = "N"}},
    },
    {.name = NULL},
};
