#include "cli/pages.h"

#include <stdlib.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/calendar_day.h"
#include "cli/options.h"
#include "proto/limits.h"
#include "proto/op.h"

#define ID_HEX_LEN (2 * ID_SIZE)

struct pages {
    struct cli *cli;
    uint64_t since, until, limit; /* limit 0: all */
    char after[ID_HEX_LEN + 1];   /* "": from the newest */
    struct buf rows;
    uint32_t len;
};

static enum exit_code read_day(struct pages *pages, const char *option, bool is_end,
                               uint64_t *seconds)
{
    const char *text = options_value(pages->cli->options, option);
    if (!text || calendar_day_seconds(text, is_end, seconds))
        return EXIT_DONE;
    return cli_usage(pages->cli, "--%s is a day of the calendar, as 2026-11-30", option);
}

static enum exit_code read_options(struct pages *pages)
{
    enum exit_code code = read_day(pages, "since", false, &pages->since);
    if (code == EXIT_DONE)
        code = read_day(pages, "until", true, &pages->until);
    if (code == EXIT_DONE &&
        !options_positive(pages->cli->options, "limit", &pages->limit))
        code = cli_usage(pages->cli, "--limit is a number of rows, 1 or more");
    return code;
}

static void add_filters(const struct pages *pages, struct request *request)
{
    const struct options *options = pages->cli->options;
    request_text(request, "state", options_value(options, "state"));
    request_text(request, "category", options_value(options, "category"));
    if (pages->since > 0)
        request_uint(request, "since", pages->since);
    if (pages->until > 0)
        request_uint(request, "until", pages->until);
    request_text(request, "after",
                 pages->after[0] ? pages->after : options_value(options, "after"));
    uint64_t left = pages->limit - pages->len;
    if (pages->limit > 0)
        request_uint(request, "limit", left < LIST_PAGE_MAX ? left : LIST_PAGE_MAX);
}

/* Adds the rows of an answer; what it says of the next page goes into after. */
static void take_page(struct pages *pages, struct bytes result, const char *list)
{
    struct bytes row;
    struct answer_list left = answer_list(result, list);
    while (answer_next(&left, &row)) {
        buf_add(&pages->rows, row.data, row.len);
        pages->len++;
    }
    struct bytes next = answer_bin(result, "next");
    pages->after[0] = '\0';
    if (next.len == ID_SIZE)
        hex_encode(pages->after, next.data, ID_SIZE);
}

static void pack_whole(const struct pages *pages, const char *list, struct buf *out)
{
    uint8_t next[ID_SIZE];
    pack_map(out, 2);
    pack_str(out, list);
    pack_array(out, pages->len);
    buf_append(out, &pages->rows);
    pack_str(out, "next");
    if (pages->after[0] && hex_decode(next, sizeof(next), pages->after))
        pack_bin(out, next, sizeof(next));
    else
        pack_nil(out);
}

enum exit_code pages_ask(struct cli *cli, enum ask_who who, const char *method,
                         const char *list, pages_fill *fill, struct buf *out)
{
    struct pages pages = {.cli = cli};
    struct err err = {0};
    enum exit_code code = read_options(&pages);
    while (code == EXIT_DONE) {
        struct request request = {0};
        struct bytes result;
        add_filters(&pages, &request);
        if (fill)
            fill(cli, &request);
        code = ask(cli, who, method, &request, &result);
        if (code != EXIT_DONE)
            break;
        take_page(&pages, result, list);
        if (!pages.after[0] || (pages.limit > 0 && pages.len >= pages.limit))
            break;
    }
    if (code == EXIT_DONE) {
        pack_whole(&pages, list, out);
        if (buf_status(out) != STATUS_OK)
            code = cli_refuse(cli, STATUS_NO_MEMORY, &err);
        else if (pages.after[0] && !cli->options->is_json)
            fprintf(cli->err, "There are more; go on with --after %s\n", pages.after);
    }
    buf_deinit(&pages.rows);
    return code;
}
